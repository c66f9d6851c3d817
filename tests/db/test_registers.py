from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from db import contests, registers
from db.connect import Database, Session
from db.tables import account_handle, asn, attribution, interaction, jurisdiction, register_change
from monitor.domain import (
    AccountKind,
    AccountRef,
    AliasCondition,
    AttributionStatus,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Contest,
    Employment,
    IdentifierKind,
    Office,
    Person,
    PersonAccount,
    Regime,
    RegisteredAccount,
    Stage,
    StageKind,
    StatusFrom,
    WordKind,
)
from monitor.errors import ConflictError
from monitor.vault import Vault

NIP = IdentifierKind.NIP


def person(number: int, **changes: object) -> Person:
    made = Person(NIP, f"1978010120060410{number:02d}", f"PEGAWAI CONTOH {number}", Employment.PNS, "Dinas Contoh")
    return replace(made, **{"jurisdiction": "99.01", **changes})  # type: ignore[arg-type]  # fields by name


def owned(number: int, user_id: str, **changes: object) -> PersonAccount:
    handle = user_id[1:] if user_id.startswith("@") else None
    ref = AccountRef("bluesky", user_id, handle)
    made = PersonAccount(NIP, person(number).identifier, ref, AttributionStatus.VERIFIED)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def contest(**changes: object) -> Contest:
    start = datetime(2024, 8, 27, tzinfo=UTC)
    pair = Candidate(
        number=1,
        people=(
            CandidatePerson(CandidateRole.UTAMA, "H. BUDI CONTOH, S.E.", ("Budi",)),
            CandidatePerson(CandidateRole.WAKIL, "SITI TELADAN", ("Siti", "Bu Siti")),
        ),
        status=(
            StatusFrom(CandidateStatus.BAKAL_CALON, start),
            StatusFrom(CandidateStatus.CALON, start + timedelta(days=26)),
        ),
        aliases=("BUSI",),
        slogans=("Contoh Bangkit",),
        hashtags=("BusiMenang", "ContohMaju"),
        parties=("Partai A",),
        accounts=(
            CandidateAccount(AccountRef("bluesky", "did:plc:paslon1", "busi.contoh.test"), AccountKind.REGISTERED),
            CandidateAccount(AccountRef("bluesky", "@budi.contoh.test", "budi.contoh.test"), AccountKind.PERSONAL, "g"),
        ),
        conditions=(
            AliasCondition(WordKind.SHORT_NAME, "Siti", (), ("khadijah",)),
            AliasCondition(WordKind.ALIAS, "BUSI", ("calon", "01"), ("mesin",)),
            AliasCondition(WordKind.HASHTAG, "ContohMaju", ("pilkada",)),
        ),
    )
    made = Contest(
        name="Bupati Contoh 2024",
        region="99.01",
        office=Office.BUPATI,
        regime=Regime.PILKADA,
        stages=(Stage(StageKind.PRA_PENETAPAN, start), Stage(StageKind.KAMPANYE, start + timedelta(days=29))),
        candidates=(pair, Candidate(2, (CandidatePerson(CandidateRole.UTAMA, "ANI CONTOH"),))),
        neutral_accounts=(CandidateAccount(AccountRef("bluesky", "did:plc:kpu"), AccountKind.ELECTION_BODY),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def batch(session: Session, now: datetime, kind: str = "asn", user: str = "rina") -> int:
    return registers.open_batch(
        session, kind=kind, file_name="asn.csv", sha256="0" * 64, stored_as="roster/x", user=user, now=now
    )


def store(database: Database, vault: Vault, now: datetime, *people: Person) -> registers.RegisterCounts:
    with database.write() as session:
        return registers.store_people(session, vault, people, batch(session, now), now)


def claim(database: Database, vault: Vault, now: datetime, *accounts: PersonAccount) -> registers.RegisterCounts:
    with database.write() as session:
        return registers.store_accounts(session, vault, accounts, batch(session, now, "akun"), now)


def run(database: Database, given: Contest, now: datetime) -> str:
    with database.write() as session:
        return contests.store_contest(session, given, batch(session, now, "kontes"), now)[1]


def known(database: Database) -> tuple[RegisteredAccount, ...]:
    with database.read() as session:
        return registers.load_register(session)


def scalars(database: Database, column: sa.Column[object]) -> list[object]:
    with database.read() as session:
        return list(session.execute(sa.select(column).order_by(column)).scalars())


def test_people_are_new_once_then_the_same(database: Database, vault: Vault, now: datetime) -> None:
    people = [person(n) for n in range(5)]
    assert store(database, vault, now, *people) == registers.RegisterCounts(new=5)
    assert store(database, vault, now, *people) == registers.RegisterCounts(same=5)


def test_ten_thousand_people_are_stored_in_one_go(database: Database, vault: Vault, now: datetime) -> None:
    many = [replace(person(0), identifier=f"{n:018d}", name=f"PEGAWAI {n}") for n in range(10_000)]
    assert store(database, vault, now, *many).new == 10_000
    assert store(database, vault, now, *reversed(many)).same == 10_000


def test_only_what_differs_is_changed(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2))
    counts = store(database, vault, now, person(1, position="Camat"), person(2))
    assert counts == registers.RegisterCounts(changed=1, same=1)


def test_the_identifier_is_in_no_column_in_the_clear(sqlite_database: Database, vault: Vault, now: datetime) -> None:
    store(sqlite_database, vault, now, person(1))
    with sqlite_database.read() as session:
        dump = repr(session.execute(sa.select(asn)).all())
    assert person(1).identifier not in dump
    assert "1978**********1001" in dump


def test_people_are_found_by_their_identifier(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2))
    with database.read() as session:
        found = registers.person_ids(session, vault, [(NIP, person(2).identifier), (NIP, "0"), (NIP, "1")])
        same_digits = registers.person_ids(session, vault, [(IdentifierKind.NIK, person(2).identifier)])
    assert list(found) == [(NIP, person(2).identifier)]
    assert same_digits == {}


def test_the_list_covers_a_region_and_what_lies_below(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2, jurisdiction="99.02"), person(3, jurisdiction="991"))
    with database.read() as session:
        names = [entry.person.name for entry in registers.list_people(session, vault, jurisdiction="99")]
        masked = registers.list_people(session, vault, jurisdiction="99.01")[0].person.identifier
        full = registers.list_people(session, vault, jurisdiction="99.01", unmasked=True)[0].person
    assert names == ["PEGAWAI CONTOH 1", "PEGAWAI CONTOH 2"]
    assert masked == "1978**********1001"
    assert full == person(1)


def test_places_and_the_places_around_them_get_rows(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1, jurisdiction="99.01.05"), person(2, jurisdiction=""))
    assert scalars(database, jurisdiction.c.code) == ["99", "99.01", "99.01.05"]


def test_accounts_are_stored_once_with_their_attribution(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    assert claim(database, vault, now, owned(1, "did:plc:a")) == registers.RegisterCounts(new=1)
    assert claim(database, vault, now, owned(1, "did:plc:a")) == registers.RegisterCounts(same=1)
    (entry,) = known(database)
    assert (entry.kind, entry.ref.user_id, entry.attribution) == (
        AccountKind.ASN,
        "did:plc:a",
        AttributionStatus.VERIFIED,
    )


def test_a_new_account_queues_a_backfill(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    assert scalars(database, register_change.c.reason) == ["added"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"valid_from": date(2024, 1, 1)}, "redated"), ({"status": AttributionStatus.PROPOSED}, "verified")],
)
def test_a_changed_account_says_what_changed(
    database: Database, vault: Vault, now: datetime, change: dict[str, object], reason: str
) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    assert claim(database, vault, now, owned(1, "did:plc:a", **change)).changed == 1
    assert reason in scalars(database, register_change.c.reason)


def test_register_dates_are_whole_days_in_western_indonesia(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a", valid_from=date(2024, 9, 1), valid_to=date(2024, 9, 30)))
    (entry,) = known(database)
    assert entry.valid_from == datetime(2024, 8, 31, 17, tzinfo=UTC)
    assert entry.valid_to == datetime(2024, 9, 30, 17, tzinfo=UTC)


def test_an_account_cannot_be_two_peoples_at_once(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2))
    claim(database, vault, now, owned(1, "did:plc:a"))
    with pytest.raises(ConflictError, match="orang lain"):
        claim(database, vault, now, owned(2, "did:plc:a"))


def test_an_account_can_pass_from_one_person_to_the_next(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2))
    claim(database, vault, now, owned(1, "did:plc:a", valid_to=date(2024, 5, 31)))
    claim(database, vault, now, owned(2, "did:plc:a", valid_from=date(2024, 6, 1)))
    assert len(known(database)) == 2


def test_an_account_of_an_unknown_person_is_refused(database: Database, vault: Vault, now: datetime) -> None:
    with pytest.raises(ConflictError, match="tidak ada dalam daftar"):
        claim(database, vault, now, owned(1, "did:plc:a"))


def test_a_handle_waits_until_its_stable_id_is_known(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "@pegawai1.contoh.test"))
    with database.write() as session:
        (waiting,) = registers.unresolved_accounts(session, "bluesky")
        assert registers.unresolved_accounts(session, "mastodon") == ()
        ref = AccountRef("bluesky", "did:plc:a", "pegawai1.contoh.test")
        assert registers.resolve_account(session, waiting.account_id, ref, now) == waiting.account_id
        assert registers.unresolved_accounts(session, "bluesky") == ()
    assert known(database)[0].ref == ref


def test_importing_the_handle_again_after_resolving_changes_nothing(
    database: Database, vault: Vault, now: datetime
) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "@pegawai1.contoh.test"))
    with database.write() as session:
        (waiting,) = registers.unresolved_accounts(session, "bluesky")
        ref = AccountRef("bluesky", "did:plc:a", "Pegawai1.contoh.test")
        registers.resolve_account(session, waiting.account_id, ref, now)
    assert claim(database, vault, now, owned(1, "@pegawai1.contoh.test")) == registers.RegisterCounts(same=1)


def test_a_handle_whose_stable_id_has_a_row_already_is_merged_into_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"), owned(1, "@pegawai1.contoh.test"))
    run(database, contest(), now)
    with database.write() as session:
        (waiting,) = (a for a in registers.unresolved_accounts(session, "bluesky") if a.kind is AccountKind.ASN)
        kept = registers.resolve_account(session, waiting.account_id, AccountRef("bluesky", "did:plc:a", "x"), now)
    (entry,) = (a for a in known(database) if a.kind is AccountKind.ASN)
    assert entry.account_id == kept != waiting.account_id
    assert scalars(database, attribution.c.status) == [AttributionStatus.REVOKED, AttributionStatus.VERIFIED]


def test_handles_then_and_now_are_kept_in_any_order(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    account_id = known(database)[0].account_id
    with database.write() as session:
        registers.note_handle(session, account_id, "baru.contoh.test", now + timedelta(days=3))
        registers.note_handle(session, account_id, "lama.contoh.test", now)
        registers.note_handle(session, account_id, "lama.contoh.test", now - timedelta(days=9))
    assert known(database)[0].ref.handle == "baru.contoh.test"
    assert scalars(database, account_handle.c.first_seen_at)[0] == now - timedelta(days=9)


def test_owners_are_told_by_the_id_that_was_asked_for(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    run(database, contest(), now)
    asked = ["did:plc:a", "did:plc:paslon1", "did:plc:kpu", "did:plc:orang-lain", "@budi.contoh.test"]
    with database.read() as session:
        owners = registers.account_owners(session, [AccountRef("bluesky", user_id) for user_id in asked])
        people = registers.person_ids(session, vault, [(NIP, person(1).identifier)])
    assert {key[1]: value for key, value in owners.items()} == {
        "did:plc:a": (AccountKind.ASN, next(iter(people.values()))),
        "did:plc:paslon1": (AccountKind.REGISTERED, None),
        "did:plc:kpu": (AccountKind.ELECTION_BODY, None),
        "@budi.contoh.test": (AccountKind.PERSONAL, None),
    }


def test_people_stand_last_in_the_register(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    run(database, contest(), now)
    kinds = [entry.kind for entry in known(database)]
    assert (len(kinds), kinds[0], kinds[-1]) == (4, AccountKind.ELECTION_BODY, AccountKind.ASN)


def test_the_list_names_the_people_of_accounts(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1))
    claim(database, vault, now, owned(1, "did:plc:a"))
    run(database, contest(), now)
    with database.read() as session:
        names = [entry.person for entry in registers.list_accounts(session)]
    assert names == ["", "", "", "PEGAWAI CONTOH 1"]


def test_a_contest_comes_back_as_it_went_in(database: Database, now: datetime) -> None:
    assert run(database, contest(), now) == "new"
    with database.read() as session:
        (stored,) = contests.load_contests(session)
    pairs = tuple(replace(pair, id=0) for pair in stored.candidates)
    expected = contest()
    kpu = replace(expected.neutral_accounts[0], account=AccountRef("bluesky", "did:plc:kpu"))
    assert replace(stored, id=0, candidates=pairs, neutral_accounts=(kpu,)) == expected
    assert stored.id
    assert all(pair.id for pair in stored.candidates)


def test_the_same_contest_again_is_the_same(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    assert run(database, contest(), now) == "same"
    assert scalars(database, register_change.c.reason) == ["added", "added", "added"]


def test_the_same_contest_is_the_same_after_its_handles_are_resolved(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    with database.write() as session:
        (waiting,) = registers.unresolved_accounts(session, "bluesky")
        ref = AccountRef("bluesky", "did:plc:budi", "budi.contoh.test")
        registers.resolve_account(session, waiting.account_id, ref, now)
    assert run(database, contest(), now) == "same"


@pytest.mark.parametrize(
    "change",
    [
        {"law": "skb-2-2022"},
        {"neutral_accounts": ()},
        {"candidates": contest().candidates[:1]},
        {"candidates": (replace(contest().candidates[0], conditions=()), contest().candidates[1])},
    ],
)
def test_a_changed_contest_is_changed(database: Database, now: datetime, change: dict[str, object]) -> None:
    run(database, contest(), now)
    assert run(database, contest(**change), now) == "changed"
    assert run(database, contest(**change), now) == "same"


def test_a_pair_keeps_its_id_through_changes_and_removal(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    with database.read() as session:
        before = contests.load_contests(session)[0].candidates[1].id
    run(database, contest(candidates=contest().candidates[:1]), now)
    with database.read() as session:
        assert len(contests.load_contests(session)[0].candidates) == 1
    run(database, contest(), now)
    with database.read() as session:
        assert contests.load_contests(session)[0].candidates[1].id == before


def test_contests_come_in_an_order_that_no_import_changes(database: Database, now: datetime) -> None:
    for region in ("99.02", "99", "99.01"):
        run(database, contest(region=region), now)
    with database.read() as session:
        assert [c.region for c in contests.load_contests(session)] == ["99", "99.01", "99.02"]


def test_a_personal_account_is_scanned_only_after_a_second_person(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    assert [a.scannable for a in known(database) if a.kind is AccountKind.PERSONAL] == [False]
    with database.write() as session, pytest.raises(ConflictError, match="orang lain"):
        registers.confirm_batch(session, 1, user="rina", now=now)
    with database.write() as session:
        registers.confirm_batch(session, 1, user="dewi", now=now)
    assert [a.scannable for a in known(database) if a.kind is AccountKind.PERSONAL] == [True]


def test_a_confirmation_falls_when_the_ground_changes(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    with database.write() as session:
        registers.confirm_batch(session, 1, user="dewi", now=now)
    pair = contest().candidates[0]
    accounts = (pair.accounts[0], replace(pair.accounts[1], ground="lain"))
    run(database, contest(candidates=(replace(pair, accounts=accounts), contest().candidates[1])), now)
    assert [a.scannable for a in known(database) if a.kind is AccountKind.PERSONAL] == [False]


def test_an_import_is_confirmed_once(database: Database, now: datetime) -> None:
    run(database, contest(), now)
    with database.write() as session:
        registers.confirm_batch(session, 1, user="dewi", now=now)
    with database.write() as session, pytest.raises(ConflictError, match="tidak menunggu"):
        registers.confirm_batch(session, 1, user="dewi", now=now)


def test_moving_a_person_marks_their_acts_for_judging(database: Database, vault: Vault, now: datetime) -> None:
    store(database, vault, now, person(1), person(2))
    claim(database, vault, now, owned(1, "did:plc:a"), owned(2, "did:plc:b"))
    with database.write() as session:
        for entry in known(database):
            session.execute(
                interaction.insert().values(
                    key=f"{entry.account_id:064d}",
                    platform="bluesky",
                    actor_account_id=entry.account_id,
                    act="like",
                    target_id="at://x",
                    occurred_at=now,
                    seen_first_at=now,
                    seen_last_at=now,
                    dirty=False,
                )
            )
    store(database, vault, now, person(1, position="Camat"), person(2, jurisdiction="99.02"))
    assert scalars(database, interaction.c.dirty) == [False, True]
    assert "changed" in scalars(database, register_change.c.reason)
