"""A person's copy: all that is stored about them, nobody else in it, and a record that it was made."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from db import audit, holds, subject_acts, subject_cases, subject_export, users
from db.connect import Database
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    audit_log,
    capture,
    interaction,
    interaction_capture,
    manual_find,
    metadata,
    reporter,
    retention_event,
    review_case,
    review_event_note,
    rule_hit,
)
from monitor.domain import Act, AttributionStatus, Grant, IdentifierKind, Role, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.privacy.export import Copy, Request, as_json, export
from monitor.privacy.masking import Mask
from monitor.privacy.readable import as_html
from monitor.privacy.readable_words import SECTIONS, WORDS
from monitor.vault import Vault
from monitor.web.audit_words import action_words, subject_words
from tests import casebook
from tests.casebook import NOW
from tests.privacy.books import Shelf, open_shelf

LATER = NOW + timedelta(hours=1)
ZONE = ZoneInfo("Asia/Jakarta")
AUDITED = {"action": action_words, "subject": subject_words}


@pytest.fixture
def shelf(database: Database, vault: Vault, tmp_path: Path) -> Shelf:
    """Two people with a case each; somebody reported the first, and a note names others."""
    made = open_shelf(database, vault, tmp_path)
    case = made.case(1, "k1")
    made.case(2, "k2")
    made.close(case)
    with made.database.write() as session:
        kept_as = session.execute(sa.text("SELECT min(id) FROM capture")).scalar_one()
        values = {
            "key": "e" * 64, "kind": "laporan", "account_id": made.book.accounts["did:plc:asn1"],
            "asn_id": made_person(session, 1), "act": Act.COMMENT, "platform": "bluesky",
            "url": "https://contoh.test/x", "capture_id": kept_as, "seen_at": NOW, "received_at": NOW,
            "received_by": "rina", "note": "dilihat WARGA RAHASIA di pasar",
        }  # fmt: skip
        number = session.execute(sa.insert(manual_find).values(values).returning(manual_find.c.id)).scalar_one()
        who = json.dumps({"name": "WARGA RAHASIA", "contact": "0800-1234-5678", "wants_anonymity": True})
        session.execute(
            sa.insert(reporter).values(find_id=number, sealed=vault.seal(who.encode()), wants_anonymity=True)
        )
        said = "Menurut WARGA RAHASIA dan pegawai contoh 2 (@tetangga.contoh.test, 0812-3456-7890), kata Rina Contoh."
        session.execute(sa.update(review_event_note).values(note=said))
        session.execute(
            sa.update(rule_hit).values(explanation="Akun @pegawai1.contoh.test membalas @tetangga.contoh.test.")
        )
    return made


def made_person(session: sa.Connection, who: int) -> int:
    return int(session.execute(sa.select(asn.c.id).where(asn.c.name == f"PEGAWAI CONTOH {who}")).scalar_one())


def officer(shelf: Shelf, role: Role, place: str, name: str = "dipo") -> UserRow:
    with shelf.database.write() as session:
        made = users.add_user(session, name, f"{name.title()} Contoh", "-", NOW)
        users.grant_role(session, made.id, Grant(role, place), NOW)
        found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def copy_of(shelf: Shelf, user: UserRow, who: int = 1, *, notes: bool = False, ground: str = "surat 12") -> Copy:
    wanted = Request(IdentifierKind.NIP, casebook.person(who).identifier, ground, notes)
    return export(shelf.database, shelf.store.vault, wanted, user, LATER)


def test_a_copy_holds_what_is_stored_and_names_nobody_else(shelf: Shelf) -> None:
    copy = copy_of(shelf, officer(shelf, Role.DPO, "99"), notes=True)
    text = json.dumps(as_json(copy, "Bawaslu Contoh"), ensure_ascii=False)
    assert copy.sections["person"][0]["identifier"] == casebook.person(1).identifier
    assert copy.sections["own_texts"][0]["text"] == "Lanjutkan Pak Budi"
    assert [len(copy.sections[name]) for name in ("acts", "indications", "cases", "entered_by_hand")] == [1, 1, 1, 1]
    for other in ("WARGA", "0800", "0812", "CONTOH 2", "contoh 2", "tetangga", "Rina", "laporan", "did:plc:asn2"):
        assert other not in text, other
    assert "@pegawai1.contoh.test" in text


def test_notes_of_reviewers_are_left_out_unless_asked_for(shelf: Shelf) -> None:
    copy = copy_of(shelf, officer(shelf, Role.DPO, "99"))
    assert {row["note"] for row in copy.sections["steps"]} == {None}
    assert "review_event_note" in copy.left_out


def test_that_a_copy_was_made_is_recorded(shelf: Shelf) -> None:
    user = officer(shelf, Role.DPO, "99")
    copy_of(shelf, user)
    with shelf.database.read() as session:
        row = audit.tail(session, 1)[0]
        told = session.execute(sa.select(retention_event).where(retention_event.c.action == "exported")).one()
    assert (row.actor, row.action) == ("dipo", "subject_exported")
    assert (told.subject_kind, told.reason, told.actor) == ("asn", "surat 12", "dipo")
    assert copy_of(shelf, user).sections["removed"][-1]["action"] == "exported"


@pytest.mark.parametrize(("role", "place"), [(Role.KOORDINATOR, "99"), (Role.ADMIN, ""), (Role.PENGAWAS, "99.01")])
def test_only_a_dpo_makes_copies(shelf: Shelf, role: Role, place: str) -> None:
    with pytest.raises(RefusedError):
        copy_of(shelf, officer(shelf, role, place))


def test_a_dpo_of_another_place_is_told_nothing(shelf: Shelf) -> None:
    user = officer(shelf, Role.DPO, "98")
    with pytest.raises(UsageError) as elsewhere:
        copy_of(shelf, user)
    with pytest.raises(UsageError) as nobody:
        export(shelf.database, shelf.store.vault, Request(IdentifierKind.NIP, "1", "surat"), user, LATER)
    assert str(elsewhere.value) == str(nobody.value)


def test_a_copy_needs_a_ground(shelf: Shelf) -> None:
    with pytest.raises(UsageError, match="berdasar"):
        copy_of(shelf, officer(shelf, Role.DPO, "99"), ground=" ")


def test_the_readable_copy_shows_every_section_in_words(shelf: Shelf) -> None:
    copy = copy_of(shelf, officer(shelf, Role.DPO, "99"), notes=True)
    shown = as_html(copy, "Bawaslu <Contoh>", ZONE, AUDITED)
    assert set(copy.sections) == set(SECTIONS)
    assert {name for rows in copy.sections.values() for row in rows for name in row} <= set(WORDS)
    assert "Bawaslu &lt;Contoh&gt;" in shown
    assert "Lanjutkan Pak Budi" in shown
    assert "<script" not in shown


def test_every_table_that_names_a_person_is_told_or_named_as_left_out() -> None:
    subjects = {asn, account, review_case, interaction, manual_find, rule_hit}
    naming = {t.name for t in metadata.sorted_tables for key in t.foreign_keys if key.column.table in subjects}
    sources = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8")
        for module in (subject_acts, subject_cases, subject_export)
    )
    told = {name for name in naming if f"{name}.c." in sources}
    assert sorted(naming - told - set(subject_export.LEFT_OUT)) == []


def test_an_account_that_is_verified_as_anothers_is_in_no_copy_of_who_it_was_proposed_for(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        values = {
            "account_id": shelf.book.accounts["did:plc:asn2"], "asn_id": made_person(session, 1),
            "status": AttributionStatus.PROPOSED, "method": "usul", "evidence": "foto serupa", "proposed_by": "rina",
            "proposed_at": NOW,
        }  # fmt: skip
        session.execute(sa.insert(attribution).values(values))
    copy = copy_of(shelf, officer(shelf, Role.DPO, "99"))
    told = json.dumps(copy.sections, ensure_ascii=False)
    assert "did:plc:asn2" not in told
    assert "pegawai2" not in told
    assert [len(copy.sections[name]) for name in ("acts", "own_texts")] == [1, 1]
    assert [row["handle"] for row in copy.sections["accounts"] if row.get("status") == "proposed"] == [None]


def test_what_an_account_published_is_not_addressed_once_it_is_nobodys_or_anothers(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        session.execute(sa.update(attribution).values(status=AttributionStatus.REVOKED))
    copy = copy_of(shelf, officer(shelf, Role.DPO, "99"))
    assert [row["published"] for row in copy.sections["acts"]] == [None]


def test_an_answer_that_officers_brought_does_not_say_whether_somebody_reported(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        session.execute(sa.update(interaction_capture).values(capture_id=brought(session)))
    kept = copy_of(shelf, officer(shelf, Role.DPO, "99")).sections["answers_kept"]
    assert [row["endpoint"] for row in kept] == [None]


def brought(session: sa.Connection) -> int:
    """Write an answer as a report leaves one."""
    own = {"url_hash": "d" * 64, "endpoint": "laporan", "collector": "rina"}
    columns = [column for column in capture.c if column.name not in ("id", *own)]
    same = sa.select(*columns, *map(sa.literal, own.values())).order_by(capture.c.id).limit(1)
    names = [*(column.name for column in columns), *own]
    made = sa.insert(capture).from_select(names, same).returning(capture.c.id)
    return int(session.execute(made).scalar_one())


def test_masks_leave_dates_and_own_names() -> None:
    mask = Mask(accounts={"saya.test"}, names={"Budi"})
    said = "@saya.test dan @dia.test, 2024-10-05 20:00, 0812 3456 789, a@b.test, Budi, Budiman"
    assert (
        mask.text(said) == "@saya.test dan [akun lain], 2024-10-05 20:00, [nomor], [akun lain], [orang lain], Budiman"
    )


def test_looks_at_the_person_are_told_without_who_looked(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        subject = f"asn:{shelf.person(1)}"
        for action in ("person_viewed", "tie_declared", "tie_ended"):
            audit.record(session, actor="rina", action=action, subject=subject, detail={}, now=NOW)
    looked = copy_of(shelf, officer(shelf, Role.DPO, "99")).sections["looked_at"]
    assert [(row["action"], sorted(row)) for row in looked if row["subject"] == subject] == [
        ("person_viewed", ["action", "at", "subject"])
    ]
    with shelf.database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(audit_log)).scalar_one() > 1


def test_a_copy_tells_only_what_was_done_while_the_account_was_the_persons(shelf: Shelf) -> None:
    user = officer(shelf, Role.DPO, "99")
    day = NOW.date()
    with shelf.database.write() as session:
        session.execute(sa.update(rule_hit).values(asn_id=made_person(session, 2)))
        mine = sa.update(attribution).where(attribution.c.asn_id == made_person(session, 1))
        session.execute(mine.values(valid_to=day - timedelta(days=400)))
    earlier = copy_of(shelf, user).sections
    assert [len(earlier[name]) for name in ("acts", "own_texts", "judgements", "answers_kept")] == [0, 0, 0, 0]
    assert {row["handle"] for row in earlier["accounts"]} == {None}
    with shelf.database.write() as session:
        session.execute(sa.update(attribution).values(valid_from=day - timedelta(days=400), valid_to=None))
    since = copy_of(shelf, user).sections
    assert [len(since[name]) for name in ("acts", "own_texts")] == [1, 1]


def test_a_hold_whose_end_is_only_asked_for_is_told_as_one_in_force(shelf: Shelf) -> None:
    user, number = officer(shelf, Role.DPO, "99"), shelf.hold(person=shelf.person(1))
    with shelf.database.write() as session:
        holds.ask_release(session, number, "selesai", user.id, NOW)
    (told,) = copy_of(shelf, user).sections["holds"]
    assert (told["released_at"], told["release_reason"]) == (None, None)


def test_the_readable_copy_says_tokens_in_words(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        audit.record(
            session, actor="rina", action="person_viewed", subject=f"asn:{shelf.person(1)}", detail={}, now=NOW
        )
    user = officer(shelf, Role.DPO, "99")
    copy_of(shelf, user)
    shown = as_html(copy_of(shelf, user), "Bawaslu Contoh", ZONE, AUDITED)
    for token in ("comment", "verified", "dikesampingkan", "person_viewed", "hit", "exported", "active", "pns"):
        assert f"<dd>{token}</dd>" not in shown, token
    for word in ("komentar", "terverifikasi", action_words("person_viewed"), "disalin", "PNS"):
        assert f"<dd>{word}</dd>" in shown, word


def test_masks_know_addresses_of_profiles_and_names_without_a_sign() -> None:
    mask = Mask(accounts={"saya.test", "saya_sendiri"}, names=(), handles={"tetangga.contoh.test"})
    said = (
        "https://www.instagram.com/orang_lain/ dan x.com/saya_sendiri/status/1, https://berita.contoh.test/a, "
        "lihat tetangga.contoh.test, budi.bsky.social, facebook.com/profile.php?id=100"
    )
    assert mask.text(said) == (
        "[akun lain] dan x.com/saya_sendiri/status/1, https://berita.contoh.test/a, lihat [akun lain], [akun lain], "
        "[akun lain]"
    )


@pytest.mark.parametrize(("days", "named"), [(400, True), (0, True), (-1, False)])
def test_a_handle_is_told_as_long_as_its_account_is_said_to_be_the_persons(
    shelf: Shelf, days: int, named: bool
) -> None:
    user, today = officer(shelf, Role.DPO, "99"), LATER.astimezone(ZONE).date()
    with shelf.database.write() as session:
        session.execute(sa.update(attribution).values(valid_to=today + timedelta(days=days)))
        session.execute(sa.delete(account_handle))
    told = copy_of(shelf, user).sections
    handles = {row["handle"] for row in told["accounts"]}
    assert handles == {"pegawai1.contoh.test" if named else None}
    assert ("@pegawai1.contoh.test" in json.dumps(told["indications"])) == named
