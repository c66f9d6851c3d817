from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import RuleError
from rules.examples import run_examples
from rules.lint import lint
from rules.loader import RuleSet, load_ruleset
from rules.nodes import parse
from rules.schema import read_rule

CATALOG = Path("rules/catalog")
GOOD = (
    (CATALOG / "suka-unggahan-akun-kampanye.yml")
    .read_text(encoding="utf-8")
    .replace("id: suka-unggahan-akun-kampanye", "id: aturan-kantor")
)


@pytest.fixture
def office(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "kantor.yml") -> Path:
        folder = tmp_path / "aturan"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


def refused(folder: Path) -> RuleError:
    with pytest.raises(RuleError) as caught:
        load_ruleset([folder])
    return caught.value


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_an_offices_rule_joins_the_shipped_ones(office: Callable[[str], Path], ruleset: RuleSet) -> None:
    joined = load_ruleset([office(GOOD)])
    assert {r.id for r in joined.rules} == {r.id for r in ruleset.rules} | {"aturan-kantor"}


def test_a_missing_folder_holds_no_rules(tmp_path: Path, ruleset: RuleSet) -> None:
    assert load_ruleset([tmp_path / "tidak-ada"]).hash == ruleset.hash


def test_the_hash_follows_the_content(office: Callable[[str], Path]) -> None:
    first = load_ruleset([office(GOOD)]).hash
    assert load_ruleset([office(GOOD.replace("rendah", "tinggi"))]).hash != first


def test_an_id_twice_is_refused(office: Callable[[str], Path]) -> None:
    assert "sudah dipakai" in refused(office(GOOD.replace("aturan-kantor", "unggahan-kampanye-sendiri"))).problem


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        ("level: rendah", "levle: rendah", "level"),
        ("acts: [like]", "acts: [lik]", "like"),
        ("target.author: candidate_account", "target.autor: candidate_account", "target.author"),
        ("target.author: candidate_account", "target.author: candidate_acount", "candidate_account"),
        ("calon: B6", "calon: B66", "B6"),
        ("skb-2-2022", "skb-2-2023", "skb-2-2022"),
        ("{candidate.label}", "{candidate.name}", "candidate."),
    ],
)
def test_a_wrong_word_is_refused_with_its_line_and_a_suggestion(
    before: str, after: str, hint: str, office: Callable[[str], Path]
) -> None:
    text = GOOD.replace(before, after, 1)
    error = refused(office(text))
    assert hint in error.hint
    assert error.place.startswith("aturan/kantor.yml:")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 2", "version: satu"),
        ("version: 2", "version: 0"),
        ("version: 2", "version: 2\nversion: 3"),
        ("acts: [like]", "acts: like"),
        ("acts: [like]", "acts: &a [like]"),
        ("title: ", "title: !!python/object/apply:os.system "),
        ("title: ", "title: !lain "),
        ("basis:\n", "basis:\n  <<: {skb-2-2022: {calon: B6}}\n"),
        ("level: rendah", "level: [rendah]"),
        ("  skb-2-2022: {bakal_calon: A4, calon: B6}", "  skb-2-2022: {bakal_calon: B6, calon: A4}"),
        ("  skb-2-2022: {bakal_calon: A4, calon: B6}", "  skb-2-2022: {}"),
    ],
)
def test_what_a_rule_may_not_say_is_refused_with_file_and_line(
    before: str, after: str, office: Callable[[str], Path]
) -> None:
    error = refused(office(GOOD.replace(before, after, 1)))
    file, line = error.place.rsplit(":", 1)
    assert (file, int(line) > 0) == ("aturan/kantor.yml", True)


def test_the_line_of_an_unknown_field_is_its_own(office: Callable[[str], Path]) -> None:
    text = GOOD.replace("level: rendah", "levle: rendah")
    assert refused(office(text)).place == f"aturan/kantor.yml:{line_of(text, 'levle')}"


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$" * 60, "(?P<x>a)(?P=x)", "a{1000}{1000}", "(", "((((((((((a{100}){100}){100})))))))))"],
    ids=["long", "backreference", "huge", "open", "nested"],
)
def test_patterns_beyond_re2_or_the_caps_are_refused(pattern: str, office: Callable[[str], Path]) -> None:
    text = GOOD.replace(
        "    - root.author: candidate_account", f'    - text.pattern: {{field: own, pattern: "{pattern}"}}', 1
    )
    assert refused(office(text)).place.startswith("aturan/kantor.yml:")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        "[" * 50_000,
        "{a: " * 200,
        "- a\n" * 30_000,
        "a: 1\n---\nb: 2\n",
        "x: '" + "y" * 70_000 + "'",
        "",
        "\x00",
        "a: [1, 2",
        "a: b: c",
        "%YAML 9.9\n---\na: 1",
        "? {a: 1}\n: 2",
        "- 1",
        "teks saja",
    ],
    ids=["bomb", "deep-list", "deep-map", "long", "two-documents", "big", "empty", "nul", "open", "colons", "directive",
         "map-key", "list", "scalar"],
)  # fmt: skip
def test_malicious_and_broken_files_are_refused_quickly(text: str, office: Callable[[str], Path]) -> None:
    assert refused(office(text)).place.startswith("aturan/kantor.yml:")


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "kantor.yml").write_bytes(b"id: a\ntitle: \xff\n")
    assert refused(tmp_path).place.endswith("kantor.yml:2")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=300))
def test_no_text_escapes_as_another_error(text: str) -> None:
    try:
        read_rule(parse(text, "x.yml"), "")
    except RuleError as error:
        assert error.place.startswith("x.yml:")  # noqa: PT017 - most texts raise, a few may not


def test_every_example_of_every_rule_holds(ruleset: RuleSet) -> None:
    assert [str(failure) for failure in run_examples(ruleset)] == []


def test_a_wrong_example_is_named_with_its_line(office: Callable[[str], Path]) -> None:
    text = GOOD.replace(
        "{act: like, target: {author: election_body", "{act: like, target: {author: registered, pair: 1", 1
    )
    failures = [f for f in run_examples(load_ruleset([office(text)])) if f.rule_id == "aturan-kantor"]
    assert [(f.place, f.expected, f.got) for f in failures] == [
        (f"aturan/kantor.yml:{line_of(text, '  no_match') + 1}", "tidak kena", "kena")
    ]


def test_the_shipped_rules_need_no_advice(ruleset: RuleSet) -> None:
    assert [str(note) for note in lint(ruleset)] == []


def test_a_rule_without_samples_gets_advice(office: Callable[[str], Path]) -> None:
    text = GOOD[: GOOD.index("examples:")] + "examples: {match: [], no_match: []}\n"
    notes = [note.problem for note in lint(load_ruleset([office(text)]))]
    assert len(notes) == 4


def test_follow_is_shipped_as_a_draft(ruleset: RuleSet) -> None:
    assert ruleset.rule("ikuti-akun-kampanye").status.value == "draft"


def test_the_law_of_the_civil_service_has_all_rows(ruleset: RuleSet) -> None:
    law = next(law for law in ruleset.laws if law.id == "skb-2-2022")
    wanted = {f"A{n}" for n in range(1, 8)} | {f"B{n}" for n in range(1, 13)}
    assert {row.code for row in law.rows} == wanted


def test_villages_have_no_row_of_the_civil_service(ruleset: RuleSet) -> None:
    law = next(law for law in ruleset.laws if law.id == "desa")
    assert not [row.code for row in law.rows if row.code[0] in "AB"]
