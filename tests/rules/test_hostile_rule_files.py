from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import RuleError
from rules.loader import MAX_FILES, RuleSet, load_ruleset
from rules.nodes import MAX_BYTES, parse, shown
from rules.schema import read_rule

GOOD = """\
id: aturan-kantor
version: 1
title: Menyukai unggahan akun relawan
status: shadow
level: rendah
basis:
  skb-2-2022: {bakal_calon: A4, calon: B6}
subjects: [pns, pppk]
acts: [like]
when:
  all:
    - target.author: volunteer
    - text.pattern: {field: target, pattern: "ayo +ikut"}
explain: "Akun {actor.handle} menyukai unggahan {target.handle}."
false_positives:
  - "Tersentuh tidak sengaja."
examples:
  match:
    - {act: like, target: {author: volunteer, pair: 1, text: "ayo ikut"}, at: "2024-10-01T10:00:00+07:00"}
  no_match:
    - {act: like, target: {author: news, text: "Berita"}, at: "2024-10-01T10:00:00+07:00"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "aturan"
    made.mkdir()
    return made


@pytest.fixture
def refusal(folder: Path) -> Callable[[str | bytes], RuleError]:
    """Return the error that a file with this content gets."""

    def read(content: str | bytes) -> RuleError:
        (folder / "kantor.yml").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return refused(folder)

    return read


def refused(folder: Path) -> RuleError:
    with pytest.raises(RuleError) as caught:
        load_ruleset([folder])
    return caught.value


def with_pattern(pattern: str) -> str:
    return GOOD.replace('"ayo +ikut"', f"'{pattern}'")


def test_the_file_that_the_others_are_made_of_is_good(folder: Path, ruleset: RuleSet) -> None:
    (folder / "kantor.yml").write_text(GOOD, encoding="utf-8")
    assert len(load_ruleset([folder]).rules) == len(ruleset.rules) + 1


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))

TRICKS: dict[str, tuple[str, int, str]] = {
    "bomb": (BOMB, 1, "jangkar"),
    "anchor": (GOOD.replace("[pns, pppk]", "&siapa [pns, pppk]"), 8, "jangkar"),
    "alias": (GOOD.replace("acts: [like]", "acts: *siapa"), 9, "jangkar"),
    "merge": (GOOD.replace("level: rendah", "<<: {level: rendah}"), 5, "gabung"),
    "python-tag": (GOOD.replace("version: 1", "version: !!python/object/apply:os.system [ls]"), 2, "tanda YAML"),
    "custom-tag": (GOOD.replace("version: 1", "version: !custom 1"), 2, "tanda YAML"),
    "plain-tag": (GOOD.replace("version: 1", "version: !!int 1"), 2, "tanda YAML"),
    "lone-tag": (GOOD.replace("version: 1", "version: ! 1"), 2, "tanda YAML"),
    "directive": ("%TAG ! tag:contoh.example,2024:\n---\n" + GOOD, 1, "%"),
    "double-key": (GOOD + "level: tinggi\n", 22, "ganda"),
    "double-inner-key": (GOOD.replace("{bakal_calon: A4, calon: B6}", "{calon: B6, calon: B6}"), 7, "ganda"),
    "double-group": (GOOD.replace("explain:", "  all:\n    - own.text: absent\nexplain:"), 14, "ganda"),
    "unknown-field": (GOOD.replace("level:", "run: ls\nlevel:"), 5, "kolom tidak dikenal: run"),
    "unknown-condition": (GOOD.replace("target.author", "python.eval"), 12, "syarat tidak dikenal"),
    "unknown-argument": (GOOD.replace("{field: target,", "{feild: target,"), 13, "kolom tidak dikenal"),
    "list-for-text": (GOOD.replace("title: Menyukai unggahan akun relawan", "title: [a, b]"), 3, "satu nilai"),
    "map-for-text": (GOOD.replace("level: rendah", "level: {a: b}"), 5, "satu nilai"),
    "text-for-list": (GOOD.replace("acts: [like]", "acts: like"), 9, "daftar"),
    "text-for-map": (GOOD.replace("{bakal_calon: A4, calon: B6}", "B6"), 7, "pasangan"),
    "list-for-map": (GOOD.replace("{field: target, pattern: \"ayo +ikut\"}", "[target]"), 13, "pasangan"),
    "negative-version": (GOOD.replace("version: 1", "version: -1"), 2, "bilangan"),
    "real-version": (GOOD.replace("version: 1", "version: 1.5"), 2, "bilangan"),
    "huge-version": (GOOD.replace("version: 1", "version: " + "9" * 400), 2, "bilangan"),
    "arabic-version": (GOOD.replace("version: 1", "version: ١"), 2, "bilangan"),
    "zero-version": (GOOD.replace("version: 1", "version: 0"), 2, "versi"),
    "null-title": (GOOD.replace("title: Menyukai unggahan akun relawan", "title:"), 3, "kosong"),
    "no-conditions": (GOOD.replace(GOOD[GOOD.index("  all:") : GOOD.index("explain")], "  {}\n"), 11, "syarat kosong"),
    "format-trick": (GOOD.replace("{actor.handle}", "{actor.handle.__class__}"), 14, "isian tidak dikenal"),
    "format-index": (GOOD.replace("{actor.handle}", "{actor.handle[0]}"), 14, "isian tidak dikenal"),
    "format-width": (GOOD.replace("{actor.handle}", "{actor.handle:>999999999}"), 14, "tidak boleh memakai"),
    "format-number": (GOOD.replace("{actor.handle}", "{0}"), 14, "isian tidak dikenal"),
    "tab-indent": (GOOD.replace("    - target.author", "\t- target.author"), 12, "YAML tidak terbaca"),
    "deep-list": (GOOD.replace("acts: [like]", "acts: " + "[" * 30_000), 9, "terlalu dalam"),
    "deep-map": (GOOD.replace("acts: [like]", "acts: " + "{a: " * 9_000), 9, "terlalu dalam"),
    "two-documents": (GOOD + "---\n" + GOOD, 22, "lebih dari satu dokumen"),
    "many-nodes": (GOOD.replace("acts: [like]", "acts: [" + "a," * 25_000 + "]"), 9, "terlalu panjang"),
    "escape-code": (GOOD.replace("title: Menyukai unggahan akun relawan", 'title: "\\e[2J"'), 3, "tak tampak"),
    "nul": (GOOD.replace("level: rendah", "level: rendah\x00"), 5, "U+0000"),
    "bell": (GOOD.replace("level: rendah", "# \x07"), 5, "U+0007"),
    "hidden-line": (GOOD.replace("level: rendah", "# catatan\u2028level: tinggi"), 5, "U+2028"),
    "lone-return": (GOOD.replace("level: rendah", "# catatan\rlevel: tinggi"), 5, "U+000D"),
    "turned-order": (GOOD.replace("level: rendah", "level: \u202erendah"), 5, "U+202E"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TRICKS))
def test_a_trick_is_refused_with_line_reason_and_hint(name: str, refusal: Callable[[str | bytes], RuleError]) -> None:
    content, line, reason = TRICKS[name]
    error = refusal(content)
    assert (error.place, reason in error.problem, bool(error.hint)) == (f"aturan/kantor.yml:{line}", True, True), error


PATTERNS = {
    "long": "a" * 301,
    "backreference": r"(a)\1",
    "lookahead": "(?=a)b",
    "open": "(ayo",
    "repeat-of-repeat": "((((a{1000}){1000}){1000}){1000})",
    "huge-automaton": r"(\pL{500}){2}",
    "empty": "",
    "matches-all": "(ayo)*",
    "python-comment": "(?#komentar)a",
}


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_beyond_the_caps_is_refused(name: str, refusal: Callable[[str | bytes], RuleError]) -> None:
    error = refusal(with_pattern(PATTERNS[name]))
    assert (error.place, bool(error.hint)) == ("aturan/kantor.yml:13", True)


def test_a_pattern_that_would_hang_backtracking_is_harmless(folder: Path) -> None:
    (folder / "kantor.yml").write_text(with_pattern("(a+)+b"), encoding="utf-8")
    load_ruleset([folder])


def test_more_conditions_than_a_person_reads_are_refused(refusal: Callable[[str | bytes], RuleError]) -> None:
    line = '    - text.pattern: {field: target, pattern: "ayo +ikut"}\n'
    assert refusal(GOOD.replace(line, line * 101)).place == "aturan/kantor.yml:11"


ENCODINGS: dict[str, tuple[bytes, int]] = {
    "utf-8-mark": (b"\xef\xbb\xbf" + GOOD.encode(), 1),
    "utf-16": (GOOD.encode("utf-16"), 1),
    "utf-16-le": (GOOD.encode("utf-16-le"), 1),
    "utf-32": (GOOD.encode("utf-32"), 1),
    "latin-1": (GOOD.replace("Menyukai", "Menyukai é").encode("latin-1"), 3),
    "overlong": (GOOD.encode().replace(b"rendah", b"\xc0\xae"), 5),
    "half-character": (GOOD.encode().replace(b"rendah", b"\xed\xa0\x80"), 5),
    "cut-character": (GOOD.encode() + "é".encode()[:1], 22),
    "binary": (bytes(range(256)), 2),
    "gzip": (b"\x1f\x8b\x08\x00" + b"\x00" * 100, 1),
    "empty": (b"", 1),
    "blank": (b"\n\n  \n", 1),
    "comments": (b"# hanya catatan\n", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_bytes_that_are_no_text_of_a_rule_are_refused(name: str, refusal: Callable[[str | bytes], RuleError]) -> None:
    content, line = ENCODINGS[name]
    error = refusal(content)
    assert (error.place, bool(error.hint)) == (f"aturan/kantor.yml:{line}", True)


def test_a_huge_file_is_refused_without_being_read_whole(folder: Path) -> None:
    with (folder / "kantor.yml").open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert f"{MAX_BYTES // 1024} KB" in refused(folder).problem


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "rahasia.yml").write_text(GOOD, encoding="utf-8")
    (folder / "kantor.yml").symlink_to(tmp_path / "rahasia.yml")
    assert "tautan ke luar" in refused(folder).problem


def test_a_link_within_the_folder_is_read(folder: Path, ruleset: RuleSet) -> None:
    (folder / ".asli").write_text(GOOD, encoding="utf-8")
    (folder / "kantor.yml").symlink_to(folder / ".asli")
    assert len(load_ruleset([folder]).rules) == len(ruleset.rules) + 1


@pytest.mark.parametrize("target", ["/dev/zero", "/proc/self/environ", "tidak-ada.yml", "kantor.yml"])
def test_a_link_to_what_is_no_rule_is_refused(target: str, folder: Path) -> None:
    (folder / "kantor.yml").symlink_to(target)
    assert refused(folder).place == "aturan/kantor.yml:1"


def test_a_folder_with_the_name_of_a_file_is_refused(folder: Path) -> None:
    (folder / "kantor.yml").mkdir()
    assert "bukan berkas biasa" in refused(folder).problem


def test_a_pipe_is_refused_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "kantor.yml")
    assert "bukan berkas biasa" in refused(folder).problem


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "aturan").write_text(GOOD, encoding="utf-8")
    assert "harus folder" in refused(tmp_path / "aturan").problem


def test_a_name_that_an_editor_lengthened_is_refused(folder: Path) -> None:
    (folder / "kantor.yml.txt").write_text(GOOD, encoding="utf-8")
    assert ".yml" in refused(folder).hint


def test_an_upper_case_ending_is_read(folder: Path, ruleset: RuleSet) -> None:
    (folder / "KANTOR.YML").write_text(GOOD, encoding="utf-8")
    assert len(load_ruleset([folder]).rules) == len(ruleset.rules) + 1


@pytest.mark.parametrize("name", [".kantor.yml.swp", ".#kantor.yml", "README.md", "kantor.yml~"])
def test_what_editors_leave_behind_is_passed_over(name: str, folder: Path, ruleset: RuleSet) -> None:
    (folder / name).write_text("bukan aturan", encoding="utf-8")
    assert load_ruleset([folder]).hash == ruleset.hash


def test_more_files_than_an_office_has_are_refused(folder: Path) -> None:
    for number in range(MAX_FILES + 1):
        (folder / f"{number}.yml").touch()
    assert str(MAX_FILES) in refused(folder).problem


def test_a_file_name_cannot_write_to_the_terminal(folder: Path) -> None:
    (folder / "a\x1b[2J\n.yml").write_text("x", encoding="utf-8")
    assert refused(folder).place.isprintable()


@pytest.mark.parametrize("cut", range(1, GOOD.count("\n") - 2))
def test_a_file_that_is_half_written_is_refused(cut: int, refusal: Callable[[str | bytes], RuleError]) -> None:
    lines = GOOD.splitlines(keepends=True)
    assert refusal("".join(lines[:cut])).place.startswith("aturan/kantor.yml:")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(GOOD)), st.text(st.characters(), max_size=4), st.integers(0, 6))
def test_no_damage_to_a_good_file_escapes_as_another_error(place: int, letters: str, lost: int) -> None:
    try:
        read_rule(parse(GOOD[:place] + letters + GOOD[place + lost :], "x.yml"), "")
    except RuleError as error:
        assert error.place.startswith("x.yml:")  # noqa: PT017 - most damage raises, some leaves a good file


def test_a_message_stays_short_and_printable(refusal: Callable[[str | bytes], RuleError]) -> None:
    error = refusal(GOOD.replace("level: rendah", "k" * 900 + ": rendah"))
    assert (len(str(error)) < 1000, str(error).isprintable()) == (True, True)


@given(st.text(st.characters()), st.integers(2, 50))
def test_shown_text_is_printable_and_short(text: str, length: int) -> None:
    assert (shown(text, length).isprintable(), len(shown(text, length)) <= length) == (True, True)


def test_hostile_files_take_little_memory(tmp_path: Path) -> None:
    """Refuse the worst files in a process that may use 300 MB of address space beyond what importing takes."""
    for name in ("bomb", "deep-list", "deep-map", "many-nodes", "huge-version"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kantor.yml").write_text(TRICKS[name][0], encoding="utf-8")
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom monitor.errors import RuleError\n"
        "from rules.loader import load_ruleset\nload_ruleset()\n"
        "held = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (held + 300_000_000,) * 2)\n"
        "for folder in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try:\n        load_ruleset([folder])\n        print('loaded', folder.name)\n"
        "    except RuleError:\n        pass\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_time_at_the_edge_of_the_calendar_is_refused_with_its_line() -> None:
    at = parse('at: "0001-01-01T00:00:00+07:00"\n', "aturan/a.yml").pairs()[0][1]
    with pytest.raises(RuleError, match=r"aturan/a\.yml:1"):
        at.moment()
