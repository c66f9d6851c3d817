from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import cases, contests, judgements, patterns
from db.connect import Database, Session
from db.tables import interaction
from monitor.domain import Act, RuleStatus
from monitor.scan.parts import Ruling
from monitor.scan.patterns import refresh_patterns
from monitor.vault import Vault
from rules.engine import compile_rules, with_statuses
from rules.loader import RuleSet, load_ruleset
from tests import casebook
from tests.casebook import NOW, Book, act, hit, judge, post, regroup

DAY = timedelta(days=1)
EVERYBODY = range(1, 10)


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return load_ruleset()


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def ruling(session: Session, ruleset: RuleSet) -> Ruling:
    made = compile_rules(ruleset, contests.load_contests(session))
    judgements.store_ruleset(session, made.hash, "{}", [], [], NOW)
    return Ruling(made, lambda _: False, (), (), "{}")


def liked(session: Session, book: Book, *days: int) -> list[int]:
    numbers = [act(session, book, 1, Act.LIKE, post(session, book, f"p{n}"), at=NOW - n * DAY) for n in days]
    judge(session, book, {number: [hit(book)] for number in numbers})
    regroup(session)
    return numbers


def withdraw(session: Session, number: int) -> None:
    session.execute(sa.update(interaction).where(interaction.c.id == number).values(withdrawn_seen_at=NOW))


def weights(session: Session) -> list[int]:
    return [found.weight for found in patterns.patterns_of(session, EVERYBODY)]


def test_a_week_of_likes_becomes_a_pattern(session: Session, book: Book, ruleset: RuleSet) -> None:
    members = liked(session, book, 6, 5, 4, 3, 2, 1)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    assert [found.members for found in patterns.patterns_of(session, EVERYBODY)] == [tuple(members)]


def test_a_second_night_changes_nothing(session: Session, book: Book, ruleset: RuleSet) -> None:
    liked(session, book, 6, 5, 4, 3, 2, 1)
    assert len(refresh_patterns(session, ruling(session, ruleset), NOW)) == 1
    assert refresh_patterns(session, ruling(session, ruleset), NOW + DAY) == set()


def test_a_withdrawn_like_lowers_it(session: Session, book: Book, ruleset: RuleSet) -> None:
    members = liked(session, book, 6, 5, 4, 3, 2, 1, 0)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    before = weights(session)
    withdraw(session, members[-1])
    refresh_patterns(session, ruling(session, ruleset), NOW + DAY)
    assert (before, weights(session)) == ([7], [6])


def test_too_few_likes_left_end_it(session: Session, book: Book, ruleset: RuleSet) -> None:
    members = liked(session, book, 6, 5, 4, 3, 2, 1)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    withdraw(session, members[0])
    assert len(refresh_patterns(session, ruling(session, ruleset), NOW + DAY)) == 1
    assert weights(session) == []


def test_likes_that_came_to_light_later_join_in_the_order_of_their_time(
    session: Session, book: Book, ruleset: RuleSet
) -> None:
    late = liked(session, book, 3, 2, 1)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    early = liked(session, book, 6, 5, 4)
    refresh_patterns(session, ruling(session, ruleset), NOW + DAY)
    assert [found.members for found in patterns.patterns_of(session, EVERYBODY)] == [(*early, *late)]


def test_a_pattern_makes_no_case_and_no_hit(session: Session, book: Book, ruleset: RuleSet) -> None:
    liked(session, book, 6, 5, 4, 3, 2, 1)
    before = judgements.rule_counts(session, book.ruleset_id), cases.tallies(session, None, NOW)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    regroup(session)
    assert (judgements.rule_counts(session, book.ruleset_id), cases.tallies(session, None, NOW)) == before


def test_a_retired_pattern_rule_takes_its_patterns_along(session: Session, book: Book, ruleset: RuleSet) -> None:
    liked(session, book, 6, 5, 4, 3, 2, 1)
    refresh_patterns(session, ruling(session, ruleset), NOW)
    retired = with_statuses(ruleset, dict.fromkeys((rule.id for rule in ruleset.patterns), RuleStatus.RETIRED))
    refresh_patterns(session, ruling(session, retired), NOW)
    assert weights(session) == []


def test_broken_rules_leave_the_patterns_as_they_are(session: Session, book: Book, ruleset: RuleSet) -> None:
    liked(session, book, 6, 5, 4, 3, 2, 1)
    whole = ruling(session, ruleset)
    refresh_patterns(session, whole, NOW)
    assert refresh_patterns(session, replace(whole, judge=None), NOW) == set()
    assert weights(session) == [6]
