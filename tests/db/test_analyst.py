from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db import analyst
from db.analyst import VIEWS, Kind
from db.connect import Database
from db.tables import asn, interaction, review_case, rule_hit
from monitor.errors import DatabaseError
from monitor.vault import Vault
from tests import casebook

BY_NAME = {view.table: view for view in VIEWS}


@pytest.fixture
def filled(database: Database, vault: Vault) -> Database:
    book = casebook.open_book(database, vault)
    casebook.comment_case(database, book)
    return database


def test_the_views_are_laid_with_the_columns_that_are_promised(database: Database) -> None:
    with database.read() as session:
        inspected = sa.inspect(session)
        laid = {name: tuple(c["name"] for c in inspected.get_columns(name)) for name in inspected.get_view_names()}
    assert laid == {view.name: tuple(name for name, _ in view.columns) for view in VIEWS}


def test_rows_are_counted_sorted_and_typed(filled: Database) -> None:
    kinds = {Kind.NUMBER: int, Kind.PERSON: int, Kind.TEXT: str, Kind.TIME: datetime, Kind.YES_NO: bool}
    for view in VIEWS:
        with filled.read() as session:
            found = list(analyst.rows(session, view))
            assert len(found) == analyst.count(session, view), view.name
        names = [name for name, _ in view.columns]
        keys = [tuple(row[names.index(key)] for key in view.key) for row in found]
        assert keys == sorted(set(keys)), view.name
        for value, (name, kind) in (pair for row in found for pair in zip(row, view.columns, strict=True)):
            assert value is None or type(value) is kinds[kind], (view.name, name)
            assert not isinstance(value, datetime) or value.tzinfo is UTC


def test_every_hit_of_a_case_is_an_indication(filled: Database) -> None:
    with filled.read() as session:
        case = session.execute(sa.select(review_case)).one()
        hit = session.execute(sa.select(rule_hit)).one()
        (row,) = analyst.rows(session, BY_NAME["indications"])
    told = dict(zip((name for name, _ in BY_NAME["indications"].columns), row, strict=True))
    assert (told["indication"], told["case_number"], told["person"]) == (hit.id, case.id, case.asn_id)
    assert (told["law_row"], told["rule"], told["standing"]) == (hit.law_row, hit.rule_id, True)


def test_acts_without_an_indication_are_there_without_their_person(filled: Database) -> None:
    with filled.read() as session:
        acts = session.execute(sa.select(sa.func.count()).select_from(interaction)).scalar_one()
        assert analyst.count(session, BY_NAME["acts"]) == acts
    assert Kind.PERSON not in {kind for _, kind in BY_NAME["acts"].columns}


def test_a_region_has_its_own_rows_only(filled: Database) -> None:
    with filled.read() as session:
        place = session.execute(sa.select(review_case.c.jurisdiction)).scalar_one()
        here = [analyst.count(session, BY_NAME[name], place) for name in ("cases", "indications", "events")]
        elsewhere = [analyst.count(session, BY_NAME[name], "00.77") for name in ("cases", "indications", "events")]
    assert all(here)
    assert elsewhere == [0, 0, 0]


def test_nobody_writes_through_a_view(filled: Database) -> None:
    for view in VIEWS:
        for change in (f"DELETE FROM {view.name}", f"UPDATE {view.name} SET {view.columns[1][0]} = NULL"):
            with pytest.raises(DatabaseError, match=r"(?i)cannot"), filled.write() as session:
                session.exec_driver_sql(change)


def test_no_view_shows_a_name_a_number_an_account_or_a_text(filled: Database) -> None:
    with filled.read() as session:
        people = session.execute(sa.select(asn.c.name, asn.c.identifier_masked, asn.c.identifier_blind)).all()
        secrets = {str(part) for row in people for part in row}
        for table, columns in (("account", ("platform_user_id", "handle")), ("item", ("url", "platform_item_id")),
                               ("item_text", ("text",)), ("app_user", ("name", "display_name"))):  # fmt: skip
            found = session.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table}")
            secrets |= {str(part) for row in found for part in row if part}
        shown = {str(cell) for view in VIEWS for row in analyst.rows(session, view) for cell in row}
    assert secrets
    assert not {one for one in secrets if any(one in cell for cell in shown)}
