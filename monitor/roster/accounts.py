"""The account register: rows to attributions of accounts to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from monitor.domain import AccountKind, AccountRef, AttributionStatus, IdentifierKind, PersonAccount
from monitor.errors import RowProblem
from monitor.roster import identifiers
from monitor.roster.account_forms import AccountFault, parse_account
from monitor.roster.dates import DATE_HINT, read_date
from monitor.roster.files import Parsed, RosterFile, did_you_mean
from monitor.roster.tables import Column, Row, header_key, read_table

COLUMNS = (
    *identifiers.COLUMNS,
    Column("platform", ("media sosial", "medsos", "jenis akun", "media")),
    Column(
        "akun", ("url", "handle", "nama akun", "username", "tautan", "link", "alamat akun", "url akun"), required=True
    ),
    Column("status", ("status akun", "status verifikasi"), required=True),
    Column("cara", ("metode", "cara verifikasi", "cara pembuktian")),
    Column("bukti", ("dasar", "bukti kepemilikan")),
    Column("berlaku_mulai", ("mulai berlaku", "berlaku dari", "tanggal mulai")),
    Column("berlaku_sampai", ("sampai dengan", "berlaku hingga", "tanggal selesai")),
)
_STATUS_WORDS = {
    AttributionStatus.VERIFIED: ("terverifikasi", "verifikasi", "verified"),
    AttributionStatus.PROPOSED: ("diusulkan", "usulan", "usul", "proposed"),
}
_STATUS = {word: status for status, words in _STATUS_WORDS.items() for word in words}
_PersonKey = tuple[IdentifierKind, str]
_AccountKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """What is stored already; both callables answer for many keys at once and leave out the unknown ones.

    `person_ids`: the people's row ids; `account_owners`: kind of the account and, for a person's, the person's row id.
    """

    person_ids: Callable[[Iterable[_PersonKey]], Mapping[_PersonKey, int]]
    account_owners: Callable[[Iterable[AccountRef]], Mapping[_AccountKey, tuple[AccountKind, int | None]]]


def parse_accounts(file: RosterFile, known: KnownRegister | None = None) -> Parsed[PersonAccount]:
    """Return the attributions of an account register, checked against what is stored when `known` is given."""
    table = read_table(file, COLUMNS)
    problems, warnings = list(table.problems), list(table.warnings)
    if not table.columns & {"nip", "pengenal"}:
        said = ("kolom 'nip' tidak ada", "tambahkan nip, atau pengenal_jenis dan pengenal")
        problems.append(RowProblem(file.name, None, "nip", *said))
    read: dict[int, PersonAccount] = {}
    broken = {problem.row for problem in problems if problem.row is not None}
    for row in table.rows if not any(problem.row is None for problem in problems) else ():
        if row.number in broken:
            continue
        account, faults = _read_row(row)
        problems.extend(RowProblem(file.name, row.number, *fault) for fault in faults)
        if account is not None:
            read[row.number] = account
            warnings.extend(_row_warnings(file.name, row.number, account))
    problems.extend(_twice(file.name, read))
    if known is not None:
        problems.extend(_against(file.name, read, known))
    problems.sort(key=lambda problem: -1 if problem.row is None else problem.row)
    bad = {problem.row for problem in problems}
    good = {number: account for number, account in read.items() if number not in bad}
    return Parsed(file, good, len(table.rows), tuple(problems), tuple(warnings))


def _read_row(row: Row) -> tuple[PersonAccount | None, list[identifiers.Fault]]:
    faults: list[identifiers.Fault] = []
    who: _PersonKey | None = None
    ref: AccountRef | None = None
    try:
        who = identifiers.row_identifier(row)
    except identifiers.IdentifierFault as error:
        faults.append(error.fault)
    try:
        ref = parse_account(row.get("platform"), row.get("akun"))
    except AccountFault as error:
        faults.append(("platform" if error.problem.startswith("platform") else "akun", error.problem, error.mend))
    status = _STATUS.get(header_key(row.get("status")))
    if status is None:
        faults.append(_status_fault(row.get("status")))
    begins, ends = _date(row, "berlaku_mulai", faults), _date(row, "berlaku_sampai", faults)
    if begins and ends and ends < begins:
        faults.append(("berlaku_sampai", f"{ends} lebih awal daripada berlaku_mulai {begins}", "periksa kedua tanggal"))
    if faults or who is None or ref is None or status is None:
        return None, faults
    return PersonAccount(*who, ref, status, row.get("cara"), row.get("bukti"), begins, ends), []


def _status_fault(text: str) -> identifiers.Fault:
    said = f"status '{text}' tidak dikenal" if text else "status kosong"
    return "status", said, did_you_mean(text, ("terverifikasi", "diusulkan")) or "pilih: terverifikasi, diusulkan"


def _date(row: Row, column: str, faults: list[identifiers.Fault]) -> date | None:
    text = row.get(column)
    if not text:
        return None
    try:
        return read_date(text)
    except ValueError:
        faults.append((column, f"'{text}' bukan tanggal", DATE_HINT))
        return None


def _row_warnings(file: str, number: int, account: PersonAccount) -> Iterator[RowProblem]:
    if account.status is AttributionStatus.VERIFIED and not (account.method and account.evidence):
        yield RowProblem(
            file, number, "bukti", "akun terverifikasi tanpa cara dan bukti", "isi cara dan bukti verifikasi"
        )


def _twice(file: str, read: dict[int, PersonAccount]) -> Iterator[RowProblem]:
    first: dict[_AccountKey, int] = {}
    for number, row in read.items():
        before = first.setdefault((row.account.platform, row.account.user_id), number)
        if before == number:
            continue
        earlier, mend = read[before], f"sisakan satu: baris {before} atau {number}"
        if _after(earlier, row) or _after(row, earlier):
            continue  # the account was handed on
        if (earlier.identifier_kind, earlier.identifier) == (row.identifier_kind, row.identifier):
            yield RowProblem(file, number, "akun", f"akun sama dengan baris {before}", mend)
        else:
            yield RowProblem(file, before, "akun", f"akun ini juga dicatat milik orang lain pada baris {number}", mend)
            yield RowProblem(file, number, "akun", f"akun ini juga dicatat milik orang lain pada baris {before}", mend)


def _after(one: PersonAccount, other: PersonAccount) -> bool:
    return one.valid_to is not None and other.valid_from is not None and one.valid_to < other.valid_from


def _against(file: str, read: dict[int, PersonAccount], known: KnownRegister) -> Iterator[RowProblem]:
    people = known.person_ids(dict.fromkeys((row.identifier_kind, row.identifier) for row in read.values()))
    owners = known.account_owners([row.account for row in read.values()])
    for number, row in read.items():
        person = people.get((row.identifier_kind, row.identifier))
        if person is None:
            column = "nip" if row.identifier_kind is IdentifierKind.NIP else "pengenal"
            yield RowProblem(
                file, number, column, "orang ini tidak ada dalam daftar ASN", "impor daftar ASN lebih dahulu"
            )
        kind, owner = owners.get((row.account.platform, row.account.user_id), (None, None))
        if kind is not None and kind is not AccountKind.ASN:
            whose = "peserta pemilihan" if not kind.neutral else "lembaga netral"
            yield RowProblem(
                file, number, "akun", f"akun ini sudah tercatat sebagai akun {whose}", "periksa daftar kontes"
            )
        elif owner is not None and person is not None and owner != person and not (row.valid_from or row.valid_to):
            # Dated rows may hand an account on; whether the dates meet is seen when they are stored.
            yield RowProblem(
                file, number, "akun", "akun ini sudah tercatat milik orang lain", "tinjau atribusi akun itu dahulu"
            )
