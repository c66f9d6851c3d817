"""Contest files: stages, pairs, names and accounts, each mistake with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from monitor.domain import (
    AccountKind,
    AliasCondition,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Contest,
    Office,
    Regime,
    Stage,
    StageKind,
    StatusFrom,
    WordKind,
)
from monitor.errors import RosterError
from monitor.roster.account_forms import AccountFault, parse_account
from monitor.roster.documents import Mapped, read_document
from monitor.roster.entries import Entries, read_entries
from monitor.roster.files import Parsed, RosterFile, read_bytes
from monitor.roster.forms import Findings, Form
from monitor.roster.people import region_code

_CONTEST_KEYS = ("contest", "region", "office", "regime", "law", "stages", "pairs", "neutral_accounts")
_PAIR_KEYS = ("number", "status", "people", "aliases", "slogans", "hashtags", "parties", "accounts")
_PERSON_KEYS = ("role", "official_name", "short_names")
_WORDS = (("aliases", WordKind.ALIAS), ("slogans", WordKind.SLOGAN), ("hashtags", WordKind.HASHTAG))
_ACCOUNT_KEYS = ("platform", "account", "kind", "ground")
_PAIR_KINDS = (
    AccountKind.REGISTERED,
    AccountKind.PERSONAL,
    AccountKind.PARTY,
    AccountKind.VOLUNTEER,
    AccountKind.MEDIA,
)
_NEUTRAL_KINDS = (AccountKind.ELECTION_BODY, AccountKind.NEWS, AccountKind.GOVERNMENT)
_NEEDS_GROUND = (AccountKind.PERSONAL, AccountKind.VOLUNTEER)
_PILKADA = (Office.GUBERNUR, Office.BUPATI, Office.WALI_KOTA)
_STAGE_ORDER = {kind: place for place, kind in enumerate(StageKind)}


def read_contest(path: Path, *, allow_undated: bool = False) -> Contest:
    """Return the contest in a YAML or JSON file; RosterError names every mistake with its line.

    With `allow_undated` (evaluating rules) stages, regime and the dates of a status may be missing.
    """
    parsed = parse_contest(read_bytes(path), allow_undated=allow_undated)
    if parsed.problems:
        raise RosterError(parsed.problems)
    return parsed.values[0]


def parse_contest(file: RosterFile, *, allow_undated: bool = False) -> Parsed[Contest]:
    """Return the contest of a file, or its problems."""
    tree = read_document(file)
    found = Findings(file.name)
    contest: Contest | None = None
    if isinstance(tree, Mapped):
        contest = _contest(Form(found, tree, "", _CONTEST_KEYS), allow_undated)
    else:
        found.problem(None, "", "berkas tidak berisi kontes", f"kunci yang perlu: {', '.join(_CONTEST_KEYS)}")
    good = {1: contest} if contest is not None and not found.problems else {}
    problems = tuple(sorted(found.problems, key=lambda problem: problem.row or 0))
    return Parsed(file, good, 1, problems, tuple(found.warnings))


def _contest(form: Form, allow_undated: bool) -> Contest | None:
    name = form.text("contest")
    office = form.member("office", Office)
    regime = form.member("regime", Regime, required=not allow_undated)
    stages = tuple(_stages(form, allow_undated))
    region = _region(form, office)
    candidates = tuple(_pairs(form, allow_undated))
    neutral = tuple(_accounts(form, "neutral_accounts", _NEUTRAL_KINDS))
    _unique_numbers(form, candidates)
    _unique_accounts(form, candidates, neutral)
    if office is None:
        return None
    natural = Regime.PILKADA if office in _PILKADA else Regime.PEMILU
    if regime is not None and regime is not natural:
        form.problem("regime", f"jabatan {office} dipilih dalam {natural}, bukan {regime}", f"tulis regime: {natural}")
    law = form.text("law", required=False) or None
    return Contest(name, region, office, regime or natural, stages, candidates, law, neutral)


def _region(form: Form, office: Office | None) -> str:
    nationwide = office is Office.PRESIDEN
    text = form.text("region", required=not nationwide)
    if not text:
        return ""
    try:
        return region_code(text)
    except ValueError:
        form.problem("region", f"kode wilayah '{text}' tidak sah", 'bentuknya "99", "99.01" dalam tanda kutip')
        return ""


def _stages(form: Form, allow_undated: bool) -> Iterator[Stage]:
    read: list[tuple[Form, Stage]] = []
    for entry in form.forms("stages", ("kind", "from"), required=not allow_undated):
        kind, starts = entry.member("kind", StageKind), entry.moment("from")
        if kind is not None and starts is not None:
            read.append((entry, Stage(kind, starts)))
    for (_, before), (entry, stage) in pairwise(read):
        if stage.starts <= before.starts:
            entry.problem(
                "from", f"tahap {stage.kind} tidak mulai setelah tahap {before.kind}", "urutkan menurut waktu"
            )
        elif _STAGE_ORDER[stage.kind] <= _STAGE_ORDER[before.kind]:
            entry.problem(
                "kind", f"tahap {stage.kind} tidak mungkin setelah {before.kind}", f"urutannya: {', '.join(StageKind)}"
            )
    yield from (stage for _, stage in read)


def _pairs(form: Form, allow_undated: bool) -> Iterator[Candidate]:
    for entry in form.forms("pairs", _PAIR_KEYS):
        text = entry.text("number")
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
        if text and number < 1:
            entry.problem("number", f"nomor urut '{text}' bukan angka 1 sampai 999", "tulis misalnya number: 1")
        accounts = tuple(_accounts(entry, "accounts", _PAIR_KINDS))
        people, conditions = _people(entry)
        aliases, slogans, hashtags = (read_entries(entry, key, kind) for key, kind in _WORDS)
        if not allow_undated:
            _warn_unwatched(entry, accounts)
        yield Candidate(
            number=number,
            people=people,
            status=tuple(_status(entry, allow_undated)),
            aliases=aliases.texts,
            slogans=slogans.texts,
            hashtags=hashtags.texts,
            parties=entry.words("parties"),
            accounts=accounts,
            conditions=(*conditions, *aliases.conditions, *slogans.conditions, *hashtags.conditions),
        )


def _warn_unwatched(pair: Form, accounts: tuple[CandidateAccount, ...]) -> None:
    """Say which accounts a scan will leave out, so that a silent pair is never a surprise."""
    if not accounts:
        pair.found.warning(
            pair.line, pair.at("accounts"), "pasangan ini belum mempunyai akun", "lengkapi dari daftar KPU"
        )
    waiting = [entry.account.handle or entry.account.user_id for entry in accounts if entry.kind in _NEEDS_GROUND]
    if waiting:
        said = f"belum dipindai sampai orang kedua memastikan: {', '.join(waiting)}"
        pair.found.warning(pair.line_of("accounts"), pair.at("accounts"), said)


def _people(pair: Form) -> tuple[tuple[CandidatePerson, ...], tuple[AliasCondition, ...]]:
    """Return the people of a pair, the first of them first, and when their short names count."""
    read: list[tuple[CandidatePerson, Entries]] = []
    for entry in pair.forms("people", _PERSON_KEYS):
        role = entry.member("role", CandidateRole)
        name = entry.text("official_name")
        if role is None or not name:
            continue
        if any(person.role is role for person, _ in read):
            entry.problem("role", f"peran '{role}' ditulis dua kali dalam satu pasangan", "pilih: utama, wakil")
        short = read_entries(entry, "short_names", WordKind.SHORT_NAME)
        read.append((CandidatePerson(role, name, short.texts), short))
    if read and all(person.role is not CandidateRole.UTAMA for person, _ in read):
        pair.problem("people", "tidak ada orang dengan peran 'utama'", "calon tunggal pun berperan utama")
    read.sort(key=lambda entry: list(CandidateRole).index(entry[0].role))
    conditions: dict[str, AliasCondition] = {}
    for condition in (c for _, short in read for c in short.conditions):
        if conditions.setdefault(condition.text, condition) != condition:
            said = f"nama pendek '{condition.text}' dipakai kedua orang dengan syarat yang berbeda"
            pair.problem("people", said, "samakan syaratnya")
    return tuple(person for person, _ in read), tuple(conditions.values())


def _status(pair: Form, allow_undated: bool) -> Iterator[StatusFrom]:
    word = pair.written_word("status")
    if word is not None:
        status = pair.as_member("status", word, list(CandidateStatus))
        if not allow_undated:
            pair.problem("status", "status tanpa tanggal", 'tulis: status: [{from: "...", is: calon}]')
        elif status is not None:
            yield StatusFrom(status)
        return
    before: StatusFrom | None = None
    for entry in pair.forms("status", ("from", "is"), required=not allow_undated):
        status = entry.member("is", CandidateStatus)
        starts = entry.moment("from") if entry.has("from") or not allow_undated else None
        if status is None or (starts is None and not allow_undated):
            continue
        if before is not None and (before.starts is None or starts is None or starts <= before.starts):
            entry.problem(
                "from", f"status {status} tidak mulai setelah status {before.status}", "urutkan menurut waktu"
            )
        before = StatusFrom(status, starts)
        yield before


def _accounts(form: Form, key: str, kinds: tuple[AccountKind, ...]) -> Iterator[CandidateAccount]:
    for entry in form.forms(key, _ACCOUNT_KEYS, required=False):
        platform, text = entry.text("platform"), entry.text("account")
        word, ground = entry.text("kind"), entry.text("ground", required=False)
        kind = entry.as_member("kind", word, kinds) if word else None
        if not platform or not text or kind is None:
            continue
        if kind in _NEEDS_GROUND and not ground:
            entry.problem("ground", f"akun {kind} perlu 'ground' (dasar pencatatan)", "tulis dasar dan sumbernya")
        try:
            yield CandidateAccount(parse_account(platform, text), kind, ground)
        except AccountFault as error:
            entry.problem("platform" if error.problem.startswith("platform") else "account", error.problem, error.mend)


def _unique_numbers(form: Form, candidates: tuple[Candidate, ...]) -> None:
    numbers = [candidate.number for candidate in candidates if candidate.number]
    for number in dict.fromkeys(number for number in numbers if numbers.count(number) > 1):
        form.problem("pairs", f"nomor urut {number} dipakai {numbers.count(number)} kali", "setiap pasangan satu nomor")


def _unique_accounts(form: Form, candidates: tuple[Candidate, ...], neutral: tuple[CandidateAccount, ...]) -> None:
    """Hold each account to one owner; a party's account may stand with every pair that the party carries."""
    seen: dict[tuple[str, str], list[tuple[str, AccountKind]]] = {}
    groups = [(f"pasangan nomor {pair.number}", pair.accounts) for pair in candidates] + [("akun netral", neutral)]
    for owner, accounts in groups:
        for entry in accounts:
            uses = seen.setdefault((entry.account.platform, entry.account.user_id), [])
            uses.append((owner, entry.kind))
    for (platform, user_id), uses in seen.items():
        owners = dict.fromkeys(owner for owner, _ in uses)
        shared = len(owners) == len(uses) and all(kind is AccountKind.PARTY for _, kind in uses)
        if len(uses) > 1 and not shared:
            said = f"akun {platform} {user_id} dicatat {len(uses)} kali: {' dan '.join(owners)}"
            form.problem("pairs", said, "sisakan satu")
