from __future__ import annotations

import pytest

from db import judgements, unjudged
from db.connect import Database
from monitor.domain import Act, Judgement, JudgementOutcome, NearMiss
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, act, post


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    """Two acts that could not be judged, of people of two places."""
    book = casebook.open_book(database, vault)
    with database.write() as session:
        numbers = [act(session, book, who, Act.LIKE, post(session, book, f"p{who}")) for who in (1, 4)]
        why = NearMiss("suka-contoh", 1, book.pairs[1], "waktu melintasi batas")
        told = [Judgement(n, JudgementOutcome.NOT_EVALUABLE, not_evaluable=(why, why)) for n in numbers]
        judgements.store_judgements(session, told, book.ruleset_id, NOW)
    return book


def test_an_act_is_listed_once_with_its_pair_and_reason(database: Database, book: Book) -> None:
    with database.read() as session:
        rows = unjudged.list_not_evaluable(session, None, None)
    assert len(rows) == 2
    assert rows[0].reasons == ("waktu melintasi batas",)
    assert rows[0].pairs[0].startswith("1. ")


@pytest.mark.parametrize(
    ("scope", "count"), [(None, 2), ((), 0), (("99.01",), 1), (("99",), 2), (("98",), 0), (("99.0",), 0)]
)
def test_only_acts_within_the_regions_are_listed(
    database: Database, book: Book, scope: tuple[str, ...] | None, count: int
) -> None:
    with database.read() as session:
        assert unjudged.count_not_evaluable(session, scope) == count
        assert len(unjudged.list_not_evaluable(session, scope, 10)) == count
