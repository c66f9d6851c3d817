"""Reads rules, law profiles and word lists from files; the only place of `rules` that opens one."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from monitor.denials import mending
from monitor.domain import CandidateStatus, LawProfile, RuleStatus
from monitor.errors import RuleError
from rules.lawfile import read_laws
from rules.lexicon import Lexicon, build_lexicon
from rules.nodes import MAX_BYTES, Node, did_you_mean, parse, shown
from rules.patternfile import is_pattern, read_pattern
from rules.raiserfile import Raiser, read_raiser
from rules.schema import Group, Rule, Test, known_lists, read_lexicon, read_rule
from rules.versions import Version, version_of
from rules.windows import PatternRule

ENGINE_VERSION = "2"
_HERE = Path(__file__).parent
_ENDINGS = (".yml", ".yaml")
MAX_FILES = 500


@dataclass(frozen=True)
class RuleSet:
    """Rules, law and words as loaded together; `hash` changes when any of them or the engine does."""

    rules: tuple[Rule, ...]
    laws: tuple[LawProfile, ...]
    lexicon: Lexicon
    hash: str
    raisers: tuple[Raiser, ...] = ()
    patterns: tuple[PatternRule, ...] = ()

    @property
    def statuses(self) -> Mapping[str, RuleStatus]:
        """Return the status of every rule and pattern rule by id."""
        return {r.id: r.status for r in self.rules} | {r.id: r.status for r in self.patterns}

    def rule(self, identity: str) -> Rule:
        """Return the rule with this id; KeyError when there is none."""
        for rule in self.rules:
            if rule.id == identity:
                return rule
        raise KeyError(identity)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    digest: str
    root: Node


def load_ruleset(dirs: Sequence[Path] | None = None) -> RuleSet:
    """Return the shipped rules, law and words, with the rules of an office's own folders added.

    Raises RuleError with file:line for the first file that is wrong; a folder that does not exist holds no rules.
    """
    shipped = _shipped()
    own = [(file, _stated(file)) for folder in dirs or () for file in _files(folder, folder.name)]
    rule_files = [file for file, _ in (*shipped.stated, *own)]
    stated = [rule for _, rule in (*shipped.stated, *own)]
    rules = [rule for rule in stated if isinstance(rule, Rule)]
    patterns = [rule for rule in stated if isinstance(rule, PatternRule)]
    lexicon = shipped_lexicon()
    _refuse_doubles(stated, rule_files)
    for rule in rules:
        _check(rule, {law.id: law for law in shipped.laws}, lexicon)
    for pattern in patterns:
        _check_window(pattern, {rule.id for rule in rules})
    for raiser in shipped.raisers:
        _check_lists(raiser.when, lexicon)
    return RuleSet(
        rules=tuple(sorted(rules, key=lambda r: r.id)),
        laws=shipped.laws,
        lexicon=lexicon,
        hash=_hash([*rule_files, *shipped.other_files]),
        raisers=shipped.raisers,
        patterns=tuple(sorted(patterns, key=lambda r: r.id)),
    )


@dataclass(frozen=True, slots=True)
class _Shipped:
    """What the program brings itself, word lists apart."""

    stated: tuple[tuple[_File, Rule | PatternRule], ...]
    raisers: tuple[Raiser, ...]
    laws: tuple[LawProfile, ...]
    other_files: tuple[_File, ...]


@lru_cache(maxsize=1)  # an upgrade is a new process; a long-lived one goes on with what it began with
def _shipped() -> _Shipped:
    raiser_files, law_files = tuple(_files(_HERE / "raisers", "raisers")), tuple(_files(_HERE / "law", "law"))
    raisers = (read_raiser(file.root) for file in raiser_files)
    return _Shipped(
        stated=tuple((file, _stated(file)) for file in _files(_HERE / "catalog", "catalog")),
        raisers=tuple(sorted(raisers, key=lambda r: r.id)),
        laws=tuple(sorted(read_laws(file.root for file in law_files), key=lambda law: law.id)),
        other_files=(*raiser_files, *law_files, *_word_files()),
    )


def shipped_folder() -> Path:
    """Return where the shipped rules, law and word lists lie."""
    return _HERE


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the shipped word lists alone."""
    return build_lexicon(read_lexicon(file.root) for file in _word_files())


@lru_cache(maxsize=1)
def _word_files() -> tuple[_File, ...]:
    return tuple(_files(_HERE / "lexicon", "lexicon"))


def shipped_versions() -> tuple[Version, ...]:
    """Return what each shipped rule, pattern rule and raiser means under its version."""
    files = (*_files(_HERE / "catalog", "catalog"), *_files(_HERE / "raisers", "raisers"))
    return tuple(version_of(file.root) for file in files)


def read_folder(folder: Path, label: str) -> dict[str, bytes]:
    """Return the rule files of a folder by name, in order; a folder that does not exist has none.

    RuleError for anything there that looks like a rule file and is none.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise RuleError(f"{label}:1", "ini harus folder", "taruh berkas aturan di dalam sebuah folder")
    try:
        paths = sorted(path for path in folder.iterdir() if _is_ours(path, label))
    except OSError as error:
        raise RuleError(f"{label}:1", "folder tidak dapat dibaca", mending(error, "periksa izin folder")) from error
    if len(paths) > MAX_FILES:
        raise RuleError(f"{label}:1", f"lebih dari {MAX_FILES} berkas", "hapus berkas yang tidak dipakai")
    return {path.name: _bytes(path, f"{label}/{shown(path.name)}") for path in paths}


def _files(folder: Path, label: str) -> Iterator[_File]:
    """Read the files of a folder in the order of their names."""
    for name, data in read_folder(folder, label).items():
        yield _file(data, f"{label}/{shown(name)}")


def _is_ours(path: Path, label: str) -> bool:
    """Whether a name is that of a rule file; one that looks like it by mistake is refused rather than passed over."""
    name = path.name.lower()
    if name.startswith("."):
        return False
    if name.endswith((".yml.txt", ".yaml.txt")):
        raise RuleError(f"{label}/{shown(path.name)}:1", "nama berkas berakhiran .txt", "ganti akhirannya menjadi .yml")
    return name.endswith(_ENDINGS)


def _file(data: bytes, name: str) -> _File:
    if len(data) > MAX_BYTES:
        raise RuleError(f"{name}:1", f"berkas lebih besar dari {MAX_BYTES // 1024} KB", "pecah menjadi beberapa berkas")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise RuleError(f"{name}:1", "berkas diawali tanda urutan bita (BOM)", "simpan ulang sebagai UTF-8 tanpa BOM")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RuleError(f"{name}:{line}", "berkas bukan teks UTF-8", "simpan ulang sebagai UTF-8") from error
    return _File(name, hashlib.sha256(data).hexdigest(), parse(text, name))


def _bytes(path: Path, name: str) -> bytes:
    """Return a file's content, one byte over the limit at most; a link out of its folder is refused."""
    try:
        if path.is_symlink() and path.resolve(strict=True).parent != path.parent.resolve():
            raise RuleError(f"{name}:1", "tautan ke luar folder aturan tidak diterima", "salin berkasnya ke sini")
        if not stat.S_ISREG(path.stat().st_mode):
            raise RuleError(f"{name}:1", "ini bukan berkas biasa", "ganti dengan berkas teks atau beri nama lain")
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        mend = "periksa izin berkas atau tautannya"
        if isinstance(error, OSError):
            mend = mending(error, mend)
        raise RuleError(f"{name}:1", "berkas tidak dapat dibaca", mend) from error


def _stated(file: _File) -> Rule | PatternRule:
    """Return the rule, or the pattern rule, that a file states."""
    read = read_pattern if is_pattern(file.root) else read_rule
    return read(file.root, file.digest)


def _refuse_doubles(rules: Sequence[Rule | PatternRule], files: Sequence[_File]) -> None:
    seen: dict[str, str] = {}
    for rule, file in zip(rules, files, strict=True):
        if rule.id in seen:
            raise RuleError(rule.place, f"id aturan sudah dipakai: {rule.id}", f"id di {seen[rule.id]}; pilih id lain")
        seen[rule.id] = file.name


def _check(rule: Rule, laws: Mapping[str, LawProfile], lexicon: Lexicon) -> None:
    """Refuse rows that no law profile has and lists that no word file has."""
    for profile in (*rule.basis, *rule.no_row):
        if profile not in laws:
            raise RuleError(rule.place, f"profil hukum tidak dikenal: {profile}", did_you_mean(profile, laws))
    for profile, rows in rule.basis.items():
        for status, code in rows.items():
            _check_row(rule, laws[profile], status, code)
    _check_lists(rule.when, lexicon)


def _check_lists(group: Group, lexicon: Lexicon) -> None:
    for test in leaves(group):
        missing = known_lists(lexicon.lists.keys(), test)
        if missing:
            raise RuleError(
                test.place, f"daftar kata tidak dikenal: {missing}", did_you_mean(missing, lexicon.lists.keys())
            )


def _check_window(pattern: PatternRule, known: Collection[str]) -> None:
    """Refuse a pattern rule that counts the hits of a rule that there is not."""
    for name in sorted(pattern.window.rules - set(known)):
        raise RuleError(pattern.place, f"aturan yang dihitung tidak ada: {name}", did_you_mean(name, known))


def _check_row(rule: Rule, law: LawProfile, status: CandidateStatus, code: str) -> None:
    codes = {row.code: row for row in law.rows}
    if code not in codes:
        raise RuleError(rule.place, f"{law.id} tidak memiliki baris {code}", did_you_mean(code, codes))
    bound = codes[code].status
    if bound is not None and bound is not status:
        raise RuleError(rule.place, f"baris {code} berlaku untuk {bound.value}, bukan {status.value}", "tukar barisnya")


def leaves(group: Group) -> Iterable[Test]:
    """Return every condition of a rule."""
    for part in group.parts:
        if isinstance(part, Test):
            yield part
        else:
            yield from leaves(part)


def _hash(files: Sequence[_File]) -> str:
    digest = hashlib.sha256(f"engine {ENGINE_VERSION}\n".encode())
    for file in sorted(files, key=lambda f: (f.name, f.digest)):
        digest.update(f"{file.name} {file.digest}\n".encode())
    return digest.hexdigest()
