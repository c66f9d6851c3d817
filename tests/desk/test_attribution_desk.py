from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from db import attribution_steps, attributions, audit, backfills, cases, registers, users
from db.connect import Database
from monitor import desk
from monitor.desk import attribution as desks
from monitor.domain import (
    AccountRef,
    AttributionStatus,
    CaseFilter,
    CaseRow,
    CaseState,
    DecisionCommand,
    Grant,
    NoteKind,
    Role,
    UserRow,
)
from monitor.domain.attributions import Attribution, AttributionFilter, AttributionWish, Whose
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.vault import Vault
from tests.web import world
from tests.web.samples import NOW

PROPOSED = replace(world.ANI, status=AttributionStatus.PROPOSED)


def user_named(database: Database, name: str, role: Role, region: str, agency: str = "") -> UserRow:
    with database.write() as session:
        user = users.add_user(session, name, name.title(), "x", NOW, agency=agency)
        users.grant_role(session, user.id, Grant(role, region), NOW)
        found = users.user_by_id(session, user.id)
    assert found is not None
    return found


@pytest.fixture
def office(database: Database, vault: Vault) -> Database:
    world.found(database, vault, (PROPOSED, world.DEDI, world.SARI))
    return database


@pytest.fixture
def rina(office: Database) -> UserRow:
    return user_named(office, "rina", Role.PENGAWAS, "99.01")


@pytest.fixture
def joko(office: Database) -> UserRow:
    return user_named(office, "joko", Role.KOORDINATOR, "99.01")


def of_person(database: Database, name: str) -> Attribution:
    with database.read() as session:
        pages = [
            attributions.list_attributions(session, AttributionFilter(status=status)) for status in AttributionStatus
        ]
    return next(row for page in pages for row in page.rows if row.person.name == name)


def case_of(database: Database, name: str) -> CaseRow:
    with database.read() as session:
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    return next(row for row in rows if row.person.name == name)


def notes_of(database: Database, case_id: int) -> list[str]:
    with database.read() as session:
        return [event.note for event in cases.case_detail(session, case_id).notes]


def queued(database: Database) -> frozenset[int]:
    with database.read() as session:
        return backfills.pending(session).accounts


def emptied_queue(database: Database) -> None:
    with database.write() as session:
        backfills.finish(session, backfills.pending(session), NOW)


def wish_for(database: Database, name: str, handle: str = "@akun.lain.test") -> AttributionWish:
    person = of_person(database, name).person
    return AttributionWish(person.id, AccountRef("bluesky", handle, handle[1:]), "laman resmi", "tangkapan laman dinas")


def test_a_second_person_verifies_and_the_backfill_is_queued(office: Database, rina: UserRow) -> None:
    emptied_queue(office)
    row = of_person(office, "ANI CONTOH")
    done = desks.verify_attribution(office, row.id, rina, NOW)
    assert (done.status, done.verified_by) == (AttributionStatus.VERIFIED, "rina")
    assert queued(office) == {row.account_id}


def test_a_verified_account_lets_people_take_the_waiting_case_back_into_review(office: Database, rina: UserRow) -> None:
    case = case_of(office, "ANI CONTOH")
    assert case.state is CaseState.PERLU_ATRIBUSI
    step = DecisionCommand(case.id, CaseState.DITINJAU, "atribusi_dipastikan", rina)
    with pytest.raises(RefusedError):
        desk.decide(office, step, NOW)
    desks.verify_attribution(office, of_person(office, "ANI CONTOH").id, rina, NOW)
    assert case_of(office, "ANI CONTOH").state is CaseState.PERLU_ATRIBUSI
    assert desk.decide(office, step, NOW).state is CaseState.DITINJAU


def test_a_verified_account_says_so_on_the_waiting_case(office: Database, rina: UserRow) -> None:
    desks.verify_attribution(office, of_person(office, "ANI CONTOH").id, rina, NOW)
    (note,) = notes_of(office, case_of(office, "ANI CONTOH").id)
    assert "dipastikan dua orang" in note


def test_a_rejected_account_says_so_on_the_case_and_the_case_stays(office: Database, rina: UserRow) -> None:
    before = case_of(office, "ANI CONTOH")
    desks.reject_attribution(office, of_person(office, "ANI CONTOH").id, "akun orang lain", rina, NOW)
    after = case_of(office, "ANI CONTOH")
    (note,) = notes_of(office, before.id)
    assert "ditolak: akun orang lain" in note
    assert (after.state, after.version) == (before.state, before.version + 1)


def test_nobody_answers_their_own_proposal(office: Database, rina: UserRow, joko: UserRow, vault: Vault) -> None:
    made = desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH"), rina, NOW)
    for answer in (
        lambda: desks.verify_attribution(office, made.id, rina, NOW),
        lambda: desks.reject_attribution(office, made.id, "keliru", rina, NOW),
    ):
        with pytest.raises(RefusedError, match="mengusulkannya sendiri"):
            answer()
    assert desks.verify_attribution(office, made.id, joko, NOW).status is AttributionStatus.VERIFIED


def test_the_database_too_holds_proposer_and_verifier_apart(office: Database, rina: UserRow, vault: Vault) -> None:
    made = desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH"), rina, NOW)
    with pytest.raises(IntegrityError), office.write() as session:
        attribution_steps.answer(session, made, AttributionStatus.VERIFIED, "", "rina", NOW)


def test_an_answered_proposal_is_answered_once(office: Database, rina: UserRow, joko: UserRow) -> None:
    row = of_person(office, "ANI CONTOH")
    desks.verify_attribution(office, row.id, rina, NOW)
    with pytest.raises(ConflictError):
        desks.reject_attribution(office, row.id, "terlambat", joko, NOW)


def test_a_proposal_from_the_desk_queues_a_backfill(office: Database, rina: UserRow, vault: Vault) -> None:
    emptied_queue(office)
    made = desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH"), rina, NOW)
    assert (made.status, made.proposed_by) == (AttributionStatus.PROPOSED, "rina")
    assert queued(office) == {made.account_id}


def test_an_account_is_nobody_elses_at_the_same_time(office: Database, rina: UserRow, vault: Vault) -> None:
    taken = wish_for(office, "DEDI CONTOH", "@anicontoh.test")
    with pytest.raises(ConflictError, match="orang lain"):
        desks.propose_attribution(office, vault, taken, rina, NOW)


def test_an_account_is_proposed_once_for_a_person(office: Database, rina: UserRow, vault: Vault) -> None:
    with pytest.raises(ConflictError, match="orang yang sama"):
        desks.propose_attribution(office, vault, wish_for(office, "ANI CONTOH", "@anicontoh.test"), rina, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"method": " "},
        {"evidence": ""},
        {"link": "javascript:alert(1)"},
        {"capture_sha256": "9f"},
        {"capture_sha256": "0" * 64},
        {"valid_from": date(2024, 5, 2), "valid_to": date(2024, 5, 1)},
    ],
)
def test_a_proposal_that_lacks_something_is_not_kept(
    office: Database, rina: UserRow, vault: Vault, changes: dict[str, object]
) -> None:
    wish = replace(wish_for(office, "DEDI CONTOH"), **changes)  # type: ignore[arg-type]  # one field each
    with pytest.raises(UsageError):
        desks.propose_attribution(office, vault, wish, rina, NOW)


def test_a_kept_capture_may_be_named(office: Database, rina: UserRow, vault: Vault) -> None:
    wish = replace(wish_for(office, "DEDI CONTOH"), capture_sha256="9F" * 32)
    made = desks.propose_attribution(office, vault, wish, rina, NOW)
    assert desks.look_at_attribution(office, made.id, rina, NOW).capture_kept is True


def test_revoking_tells_first_what_hangs_on_it(office: Database, rina: UserRow) -> None:
    row, case = of_person(office, "DEDI CONTOH"), case_of(office, "DEDI CONTOH")
    with pytest.raises(ConflictError, match=rf"\({case.id}\)"):
        desks.revoke_attribution(office, row.id, "keliru", rina, NOW, known_cases=0)
    done = desks.revoke_attribution(office, row.id, "keliru", rina, NOW, known_cases=1)
    assert (done.status, done.ended_by, done.reason) == (AttributionStatus.REVOKED, "rina", "keliru")
    assert "dicabut: keliru" in notes_of(office, case.id)[0]


def test_what_was_revoked_cannot_be_revoked_again(office: Database, rina: UserRow) -> None:
    row = of_person(office, "DEDI CONTOH")
    desks.revoke_attribution(office, row.id, "keliru", rina, NOW)
    with pytest.raises(ConflictError):
        desks.revoke_attribution(office, row.id, "keliru", rina, NOW)


def test_other_days_are_a_new_proposal_for_a_second_person(office: Database, rina: UserRow, joko: UserRow) -> None:
    emptied_queue(office)
    old = of_person(office, "DEDI CONTOH")
    made = desks.redate_attribution(office, old.id, (date(2024, 1, 1), None), "mutasi", rina, NOW)
    assert (made.status, made.valid_from, made.proposed_by) == (AttributionStatus.PROPOSED, date(2024, 1, 1), "rina")
    assert made.method == old.method
    assert queued(office) == {old.account_id}
    with office.read() as session:
        ended = attributions.attribution_of(session, old.id)
    assert ended is not None
    assert ended.status is AttributionStatus.REVOKED
    assert desks.verify_attribution(office, made.id, joko, NOW).valid_from == date(2024, 1, 1)


def test_a_case_waits_again_while_other_days_wait(office: Database, rina: UserRow) -> None:
    row, case = of_person(office, "DEDI CONTOH"), case_of(office, "DEDI CONTOH")
    desks.redate_attribution(office, row.id, (date(2024, 1, 1), None), "mutasi", rina, NOW)
    with office.read() as session:
        facts = cases.facts_of(session, case.id, NOW)
    assert facts is not None
    assert facts.attributions == {AttributionStatus.PROPOSED}


@pytest.mark.parametrize("name", ["tetangga", "analis", "admin"])
def test_whoever_does_not_review_the_place_gets_the_words_for_a_missing_one(office: Database, name: str) -> None:
    role = {"tetangga": Role.PENGAWAS, "analis": Role.ANALIS, "admin": Role.ADMIN}[name]
    user = user_named(office, name, role, "98.02" if name == "tetangga" else "")
    row = of_person(office, "ANI CONTOH")
    for step in (
        lambda: desks.look_at_attribution(office, row.id, user, NOW),
        lambda: desks.verify_attribution(office, row.id, user, NOW),
        lambda: desks.reject_attribution(office, row.id, "x", user, NOW),
        lambda: desks.revoke_attribution(office, row.id, "x", user, NOW),
        lambda: desks.redate_attribution(office, row.id, (None, date(2024, 1, 1)), "x", user, NOW),
        lambda: desks.person_to_propose(office, row.person.id, user, NOW),
    ):
        with pytest.raises(UsageError, match="tidak ada dalam wilayah Anda"):
            step()


def test_a_colleague_of_the_person_does_not_answer(office: Database) -> None:
    colleague = user_named(office, "rekan", Role.PENGAWAS, "99.01", agency="dinas contoh kabupaten contoh")
    with pytest.raises(RefusedError, match="instansi yang sama"):
        desks.verify_attribution(office, of_person(office, "ANI CONTOH").id, colleague, NOW)


def test_lists_hold_only_the_places_of_the_user(office: Database, rina: UserRow) -> None:
    wanted = AttributionFilter(status=AttributionStatus.VERIFIED)
    assert [row.person.name for row in desks.list_attributions(office, wanted, rina, NOW).rows] == ["DEDI CONTOH"]


def test_lists_are_paged_by_key(office: Database, rina: UserRow, vault: Vault) -> None:
    for number in range(3):
        desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH", f"@akun{number}.test"), rina, NOW)
    seen, after = [], None
    while True:
        page = desks.list_attributions(office, AttributionFilter(after=after, limit=2), rina, NOW)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (AttributionFilter(whose=Whose.MINE), ["akun.lain.test"]),
        (AttributionFilter(whose=Whose.OTHERS), ["anicontoh.test"]),
        (AttributionFilter(text="ANI dinas"), ["anicontoh.test"]),
        (AttributionFilter(text="akun.lain"), ["akun.lain.test"]),
        (AttributionFilter(platform="x"), []),
        (AttributionFilter(region="99"), ["anicontoh.test", "akun.lain.test"]),
        (AttributionFilter(region="98"), []),
    ],
)
def test_lists_are_filtered(
    office: Database, rina: UserRow, vault: Vault, wanted: AttributionFilter, names: list[str]
) -> None:
    desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH"), rina, NOW)
    assert [row.name for row in desks.list_attributions(office, wanted, rina, NOW).rows] == names


def test_counts_tell_mine_from_others(office: Database, rina: UserRow, vault: Vault) -> None:
    desks.propose_attribution(office, vault, wish_for(office, "DEDI CONTOH"), rina, NOW)
    with office.read() as session:
        told = attributions.tallies(session, ("99.01",), "rina")
    assert (told.proposed, told.mine, told.others, told.oldest) == (2, 1, 1, NOW)


def test_a_look_shows_what_to_compare_and_is_audited(office: Database, rina: UserRow, vault: Vault) -> None:
    near = replace(world.ANI, name="ANI CONTO", nip="197803152005011004")
    with office.write() as session:
        batch = registers.open_batch(
            session, kind="asn", file_name="b.csv", sha256="1" * 64, stored_as="b", user="admin", now=NOW
        )
        registers.store_people(session, vault, [world._person(near)], batch, NOW)
    row = of_person(office, "ANI CONTOH")
    other = desks.propose_attribution(office, vault, wish_for(office, "ANI CONTOH"), rina, NOW)
    detail = desks.look_at_attribution(office, row.id, rina, NOW)
    assert [case.id for case in detail.cases] == [case_of(office, "ANI CONTOH").id]
    assert [one.id for one in detail.same_person] == [other.id]
    assert [one.person.name for one in detail.near] == ["ANI CONTO"]
    assert [seen.handle for seen in detail.handles] == ["anicontoh.test"]
    with office.read() as session:
        (told,) = audit.tail(session, 1, action="attribution_viewed")
    assert told.subject == f"attribution:{row.id}"
    assert str(row.person.id) in (told.detail or "")


def test_people_of_other_places_who_had_the_account_are_counted_not_named(
    office: Database, rina: UserRow, vault: Vault
) -> None:
    sari = user_named(office, "sari", Role.PENGAWAS, "")
    row = of_person(office, "DEDI CONTOH")
    desks.revoke_attribution(office, row.id, "keliru", sari, NOW)
    wish = replace(wish_for(office, "SARI TETANGGA", "@dedicontoh.test"), valid_to=date(2020, 1, 1))
    desks.propose_attribution(office, vault, wish, sari, NOW)
    detail = desks.look_at_attribution(office, row.id, rina, NOW)
    assert (detail.same_account, detail.elsewhere) == ((), 1)


def test_notes_on_cases_are_plain_ones(office: Database, rina: UserRow) -> None:
    desks.verify_attribution(office, of_person(office, "ANI CONTOH").id, rina, NOW)
    with office.read() as session:
        (note,) = cases.case_detail(session, case_of(office, "ANI CONTOH").id).notes
    assert (note.note_kind, note.user_name) == (NoteKind.CATATAN, "Rina")


def test_people_are_found_within_the_places(office: Database, rina: UserRow) -> None:
    assert [one.name for one in desks.find_people(office, "contoh", rina, NOW)] == ["ANI CONTOH", "DEDI CONTOH"]
    assert desks.find_people(office, "tetangga", rina, NOW) == []
    assert desks.find_people(office, "  ", rina, NOW) == []
