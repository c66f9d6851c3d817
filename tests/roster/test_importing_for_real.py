from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import contests, registers
from db.connect import Database, Session
from db.tables import account, asn, attribution, roster_batch
from monitor.domain import AccountRef
from monitor.roster.accounts import KnownRegister
from monitor.roster.files import RosterKind
from monitor.roster.importer import BatchFile, Doors, ImportOptions, ImportReport, import_file
from monitor.vault import Vault

PEOPLE = [
    ["nip", "nama", "jenis", "instansi", "jabatan", "wilayah"],
    ["198001012005011001", "AGUS CONTOH", "pns", "Dinas Contoh", "Analis", "99.01"],
    ["198501012010012002", "SITI MISAL", "pppk", "Dinas Contoh", "Guru", "99.01"],
]
ACCOUNTS = [
    ["nip", "platform", "akun", "status"],
    ["198001012005011001", "bluesky", "agus.contoh.test", "terverifikasi"],
    ["198501012010012002", "mastodon", "@siti@peladen.contoh", "diusulkan"],
]
CONTEST = """\
contest: Bupati Contoh 2024
region: "99.01"
office: bupati
regime: pilkada
stages: [{kind: kampanye, from: "2024-09-25T00:00:00+07:00"}]
pairs:
  - number: 1
    status: [{from: "2024-09-22T00:00:00+07:00", is: calon}]
    people: [{role: utama, official_name: BUDI CONTOH}]
    accounts: [{platform: bluesky, account: budi.contoh.test, kind: registered}]
"""

Import = Callable[[RosterKind, Path], ImportReport]


@pytest.fixture
def take(database: Database, vault: Vault, now: datetime, tmp_path: Path) -> Import:
    def batch(session: Session, file: BatchFile) -> int:
        return registers.open_batch(
            session, kind=file.kind.value, file_name=file.file_name, sha256=file.sha256, stored_as=file.stored_as,
            user="petugas", now=now,
        )  # fmt: skip

    def storing(store) -> Callable[[BatchFile, Iterable[object]], registers.RegisterCounts]:
        def into(file: BatchFile, values: Iterable[object]) -> registers.RegisterCounts:
            with database.write() as session:
                return store(session, vault, values, batch(session, file), now)

        return into

    def contest(file: BatchFile, value) -> registers.RegisterCounts:
        with database.write() as session:
            _, what = contests.store_contest(session, value, batch(session, file), now)
        return registers.RegisterCounts(**{what: 1})

    def reading(ask):
        def answer(keys):
            with database.read() as session:
                return ask(session, keys)

        return answer

    known = KnownRegister(
        reading(lambda session, keys: registers.person_ids(session, vault, keys)), reading(registers.account_owners)
    )
    doors = Doors(
        storing(registers.store_people), storing(registers.store_accounts), contest, known, vault.seal,
        tmp_path / "roster", lambda: now,
    )  # fmt: skip
    return lambda kind, path: import_file(kind, path, doors, ImportOptions())


def rows(database: Database) -> list[int]:
    with database.read() as session:
        tables = (asn, account, attribution)
        return [session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def test_registers_reach_the_database_and_come_again_unchanged(database, take, csv_file, text_file):
    files = [
        (RosterKind.ASN, csv_file(PEOPLE)),
        (RosterKind.AKUN, csv_file(ACCOUNTS, name="akun.csv")),
        (RosterKind.KONTES, text_file("kontes.yml", CONTEST)),
    ]
    first = [take(*file) for file in files]
    assert [(report.problems, report.new) for report in first] == [((), 2), ((), 2), ((), 1)]
    before = rows(database)
    again = [take(*file) for file in files]
    assert [(report.problems, report.new, report.changed, report.same) for report in again] == [
        ((), 0, 0, 2), ((), 0, 0, 2), ((), 0, 0, 1),
    ]  # fmt: skip
    assert rows(database) == before


def test_a_handle_that_was_resolved_is_known_again(database, take, csv_file, now):
    take(RosterKind.ASN, csv_file(PEOPLE))
    accounts = csv_file(ACCOUNTS, name="akun.csv")
    take(RosterKind.AKUN, accounts)
    did = AccountRef("bluesky", "did:plc:abcdefghijklmnopqrstuvwx", "agus.contoh.test")
    with database.write() as session:
        found = sa.select(account.c.id).where(account.c.platform_user_id == "@agus.contoh.test")
        registers.resolve_account(session, session.execute(found).scalar_one(), did, now)
    before = rows(database)
    again = take(RosterKind.AKUN, accounts)
    assert (again.problems, again.new, again.changed) == ((), 0, 0)
    assert rows(database) == before


def test_a_candidates_account_cannot_become_a_persons(take, csv_file, text_file):
    take(RosterKind.ASN, csv_file(PEOPLE))
    take(RosterKind.KONTES, text_file("kontes.yml", CONTEST))
    stolen = [ACCOUNTS[0], [*ACCOUNTS[1][:2], "https://bsky.app/profile/budi.contoh.test", "diusulkan"]]
    report = take(RosterKind.AKUN, csv_file(stolen, name="akun.csv"))
    assert [(problem.row, problem.column) for problem in report.problems] == [(2, "akun")]


def test_the_sealed_copy_opens_to_the_file_as_imported(database, take, csv_file, vault, tmp_path):
    path = csv_file(PEOPLE)
    take(RosterKind.ASN, path)
    with database.read() as session:
        stored_as = session.execute(sa.select(roster_batch.c.stored_as)).scalar_one()
    assert vault.unseal((tmp_path / "roster" / stored_as).read_bytes()) == path.read_bytes()
