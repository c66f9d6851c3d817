from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import cases, registers, search
from db.connect import Database, Session
from db.tables import case_words, item_text, review_case
from db.verify import verify
from monitor.domain import CaseFilter, CaseOrder, Tier
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    made = casebook.open_book(database, vault)
    casebook.comment_case(database, made, 1, "k1")
    casebook.like_case(database, made, 2, "s2")
    casebook.comment_case(database, made, 4, "k4")
    return made


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as session:
        yield session


def people(session: Session, text: str, scope: tuple[str, ...] | None = None) -> list[str]:
    wanted = CaseFilter(text=text, scope=scope, order=CaseOrder.MATCH)
    return sorted(row.person.name for row in cases.list_cases(session, wanted, NOW).rows)


FOUND = {
    "pegawai": 3,
    "PEGAWAI contoh": 3,
    "péga": 3,
    "gawai": 0,
    "pegawa contoh": 0,
    "contoh pegawa": 3,
    '"lanjutkan pak"': 2,
    '"pak lanjutkan"': 0,
    "pegawai1.contoh": 1,
    "lanjutkan pegawai1": 1,
    "#Contoh": 3,
    "tidakada": 0,
    "---": 0,
}


def test_words_beginnings_and_phrases_find_cases(session: Session) -> None:
    assert {typed: len(people(session, typed)) for typed in FOUND} == FOUND


def test_a_number_finds_its_case(session: Session) -> None:
    number = cases.list_cases(session, CaseFilter(), NOW).rows[0].id
    assert number in {row.id for row in cases.list_cases(session, CaseFilter(text=f"#{number}"), NOW).rows}


def test_search_shows_nothing_beyond_the_scope(session: Session) -> None:
    assert people(session, "pegawai", ("99.02",)) == ["PEGAWAI CONTOH 4"]
    assert people(session, "pegawai", ()) == []


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40) | st.text(alphabet="\"'*:()&|!<->^ab0\\", max_size=20))
def test_nothing_that_is_typed_breaks_the_search(session: Session, typed: str) -> None:
    people(session, typed)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(session: Session, vault: Vault, book: Book) -> None:
    changed = casebook.person(1, name="NAMA BARU CONTOH")
    registers.store_people(session, vault, [changed], book.batch, NOW)
    assert people(session, "nama baru") == ["NAMA BARU CONTOH"]
    assert people(session, '"pegawai contoh 1"') == []


def test_a_purged_text_is_found_no_more(session: Session) -> None:
    assert people(session, "lanjutkan")
    session.execute(sa.update(item_text).values(text=None))
    assert search.without_words(session)
    search.refresh(session, NOW)
    assert people(session, "lanjutkan") == []
    assert people(session, "pegawai")


def test_words_can_be_made_again_from_what_is_stored(session: Session) -> None:
    before = dict(session.execute(sa.select(case_words.c.case_id, case_words.c.words)).all())
    session.execute(sa.delete(case_words))
    session.execute(sa.update(review_case).values(facets="|"))
    assert search.refresh(session, NOW) == len(before)
    assert dict(session.execute(sa.select(case_words.c.case_id, case_words.c.words)).all()) == before
    assert len(cases.list_cases(session, CaseFilter(tier=Tier.KUAT), NOW).rows) == 3


def test_verify_names_cases_that_cannot_be_found(session: Session) -> None:
    assert "pencarian" not in {problem.invariant for problem in verify(session)}
    session.execute(sa.delete(case_words))
    assert "pencarian" in {problem.invariant for problem in verify(session)}
