from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import cases, contests, dirty, groups, registers, search
from db.connect import Database, Session
from db.tables import case_words, interaction, item, item_text, item_version, review_case
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


ADDRESSES = {
    "https://contoh.test/k1": 1,
    "HTTPS://www.contoh.test/@pegawai1.contoh/k1?ref_src=embed&s=20#x": 1,
    "lain.test/pegawai1.contoh/k1": 1,
    "S.Kom/pegawai1": 0,
    "https://lain.test/berkas?v=k1&t=5": 0,
    "https://lain.test/?v=k1&t=5": 1,
    "https://lain.test/watch?v=k1&t=5": 1,
    "https://www.lain.test/reel/k1/?igsh=abc": 1,
    "https://lain.test/shorts/k1": 1,
    "https://lain.test/pegawai1.contoh/status/k1/photo/2": 1,
    "https://lain.test/pegawai1.contoh/video/k9": 0,
    "https://lain.test/permalink.php?story_fbid=k1&id=pegawai1.contoh": 1,
    "https://lain.test/watch": 0,
    "https://contoh.test/pegawai1.contoh/k9": 0,
    "https://contoh.test/pegawai2.contoh/k1": 0,
}


def test_the_address_that_a_browser_shows_finds_what_is_kept_under_another(session: Session) -> None:
    assert {typed: len(people(session, typed)) for typed in ADDRESSES} == ADDRESSES


@given(st.text(alphabet="htps:/.?=&#%[]@ abv1", max_size=40))
def test_an_address_is_read_into_parts_of_its_own_words(typed: str) -> None:
    assert all(search.fold(term) == term for term in search.wanted(typed).terms)


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


def test_a_purged_text_is_found_no_more_by_what_was_said_below_it(session: Session, book: Book) -> None:
    opening = casebook.post(session, book, "awal", 2)
    answer = sa.select(item.c.id).where(item.c.platform_item_id.like("%asn1/%/k1")).scalar_subquery()
    session.execute(sa.update(item).where(item.c.id == answer).values(root_id=opening, parent_id=opening))
    session.execute(sa.update(interaction).where(interaction.c.own_item_id == answer).values(target_id="tak-disimpan"))
    session.execute(sa.delete(case_words))
    search.refresh(session, NOW)
    assert people(session, '"coblos nomor 2"') == ["PEGAWAI CONTOH 1"]
    version = sa.select(item_version.c.id).join(item).where(item.c.platform_item_id == opening).scalar_subquery()
    session.execute(sa.update(item_text).where(item_text.c.version_id == version).values(text=None))
    search.refresh(session, NOW)
    assert people(session, '"coblos nomor 2"') == []


def test_words_of_a_thread_are_made_anew_when_its_first_text_changes(session: Session) -> None:
    opening = session.execute(sa.select(item.c.root_id).where(item.c.platform_item_id.like("%asn1/%/k1"))).scalar_one()
    session.execute(sa.update(interaction).values(target_id="tak-disimpan"))
    dirty.mark_texts(session, [opening])
    assert len(search.without_words(session)) == 1


def test_a_pair_is_found_by_its_new_name_at_once(session: Session, book: Book) -> None:
    given = casebook.contest()
    person = replace(given.candidates[0].people[0], short_names=("Candra",))
    pair = replace(given.candidates[0], people=(person,))
    contests.store_contest(session, replace(given, candidates=(pair, given.candidates[1])), book.batch, NOW)
    assert len(people(session, "candra")) == 3
    assert people(session, "candra", ("99.02",)) == ["PEGAWAI CONTOH 4"]


def test_making_words_that_somebody_else_made_meanwhile_is_no_fault(session: Session) -> None:
    numbers = list(session.execute(sa.select(review_case.c.id)).scalars())
    search._make(session, numbers, NOW)  # as the slower of two does, whose look found none
    assert len(people(session, "pegawai")) == 3


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


def test_a_place_among_groups_that_no_group_can_have_is_the_start(session: Session) -> None:
    page = groups.list_groups(session, groups.GroupKind.PERSON, CaseFilter(), NOW, (1.0, "9" * 40))
    assert len(page.groups) == 3
