from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import cases, patterns, suppressions, verify
from db.connect import Database, Session
from db.tables import interaction, pattern, rule_hit
from monitor.domain import Act, CaseFilter, Level, Pattern, RuleStatus, Stance, SuppressionScope
from monitor.review.grouping import group
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, act, hit, judge, post, regroup

DAY = timedelta(days=1)
EVERYBODY = range(1, 10)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def liked(session: Session, book: Book, *days: int, who: int = 1, pair: int = 1, **changes: object) -> list[int]:
    """Write likes of so many days ago, hit and grouped; return their numbers."""
    numbers = [
        act(session, book, who, Act.LIKE, post(session, book, f"p{who}{pair}{n}"), at=NOW - n * DAY) for n in days
    ]
    judge(session, book, {number: [hit(book, pair, **changes)] for number in numbers})
    regroup(session)
    return numbers


def actor(session: Session) -> int:
    """The row of the one person who acted."""
    return int(session.execute(sa.select(rule_hit.c.asn_id).order_by(rule_hit.c.id)).scalars().first() or 0)


def found(session: Session, book: Book, members: list[int], *, weight: int = 3, active: bool = True) -> Pattern:
    times = (NOW - 3 * DAY, NOW - DAY, 7 * DAY)
    person = actor(session)
    return Pattern("pola-contoh", 1, Level.TINGGI, person, book.pairs[1], *times, weight, tuple(members), active)


def stored(session: Session) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(sa.select(pattern).order_by(pattern.c.id))]


def test_acts_are_counted_once_with_the_rules_that_hit_them(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p"), at=NOW - DAY)
    judge(session, book, {number: [hit(book), hit(book, rule_id="aturan-lain")]})
    (counted,) = patterns.counted_acts(session, EVERYBODY)
    assert (counted.interaction_id, counted.at, counted.rules) == (
        number,
        NOW - DAY,
        frozenset({"suka-contoh", "aturan-lain"}),
    )


def test_an_act_in_a_bracket_counts_at_its_latest_time(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p"), at=None, hi=NOW)
    judge(session, book, {number: [hit(book)]})
    assert [counted.at for counted in patterns.counted_acts(session, EVERYBODY)] == [NOW]


def test_hits_of_tried_rules_do_not_count(session: Session, book: Book) -> None:
    liked(session, book, 1, mode=RuleStatus.SHADOW)
    assert patterns.counted_acts(session, EVERYBODY) == []


def test_withdrawn_acts_do_not_count(session: Session, book: Book) -> None:
    (number,) = liked(session, book, 1)
    session.execute(sa.update(interaction).where(interaction.c.id == number).values(withdrawn_seen_at=NOW))
    assert patterns.counted_acts(session, EVERYBODY) == []


def test_hidden_acts_do_not_count(session: Session, book: Book) -> None:
    made = act(session, book, 1, Act.LIKE, post(session, book, "p"), at=NOW - DAY)
    judge(session, book, {made: [hit(book)]})
    scope = SuppressionScope(rule_id="suka-contoh", person_id=actor(session))
    number = suppressions.propose(session, scope, "contoh", NOW + DAY, book.rina.id, NOW)
    suppressions.approve(session, number, book.bayu.id, NOW)
    suppressions.bring_up_to_date(session, NOW)
    assert patterns.counted_acts(session, EVERYBODY) == []


def test_storing_the_same_patterns_again_changes_nothing(session: Session, book: Book) -> None:
    one = found(session, book, liked(session, book, 1, 2, 3))
    assert patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW) == {actor(session)}
    before = stored(session)
    assert patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW + DAY) == set()
    assert stored(session) == before


def test_what_was_stored_comes_back(session: Session, book: Book) -> None:
    one = found(session, book, liked(session, book, 1, 2, 3), active=False)
    patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW)
    assert patterns.patterns_of(session, EVERYBODY) == [one]


def test_a_lost_member_lowers_the_stored_pattern(session: Session, book: Book) -> None:
    members = liked(session, book, 1, 2, 3)
    patterns.store_patterns(session, [found(session, book, members)], EVERYBODY, book.ruleset_id, NOW)
    less = found(session, book, members[:2], weight=2)
    assert patterns.store_patterns(session, [less], EVERYBODY, book.ruleset_id, NOW + DAY) == {actor(session)}
    assert patterns.patterns_of(session, EVERYBODY) == [less]


def test_a_pattern_that_is_no_longer_given_goes(session: Session, book: Book) -> None:
    patterns.store_patterns(
        session, [found(session, book, liked(session, book, 1, 2, 3))], EVERYBODY, book.ruleset_id, NOW
    )
    assert patterns.store_patterns(session, [], EVERYBODY, book.ruleset_id, NOW) == {actor(session)}
    assert stored(session) == []


def test_patterns_of_other_people_stay(session: Session, book: Book) -> None:
    one = found(session, book, liked(session, book, 1, 2, 3))
    patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW)
    assert patterns.store_patterns(session, [], [one.person_id + 1], book.ruleset_id, NOW) == set()
    assert patterns.patterns_of(session, EVERYBODY) == [one]


def regroup_with_patterns(session: Session) -> None:
    """Do what the end of a night does when only patterns changed."""
    plan = group([], cases.cases_of(session, EVERYBODY), (), patterns.patterns_of(session, EVERYBODY))
    cases.apply_grouping(session, plan, NOW, "program")


def priorities(session: Session, book: Book, one: Pattern) -> tuple[float, float]:
    before = cases.case_detail(session, 1).row.priority
    patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW)
    regroup_with_patterns(session)
    return before, cases.case_detail(session, 1).row.priority


def test_a_pattern_raises_the_priority_of_the_case_that_holds_its_acts(session: Session, book: Book) -> None:
    before, after = priorities(session, book, found(session, book, liked(session, book, 1, 2, 3)))
    assert after > before


def test_a_tried_pattern_raises_nothing(session: Session, book: Book) -> None:
    before, after = priorities(session, book, found(session, book, liked(session, book, 1, 2, 3), active=False))
    assert after == before


def test_a_pattern_opens_no_case(session: Session, book: Book) -> None:
    one = found(session, book, liked(session, book, 1, 2, 3))
    patterns.store_patterns(session, [one], EVERYBODY, book.ruleset_id, NOW)
    assert group([], [], (), [one]).new == ()


def test_the_case_shows_the_pattern_with_all_its_acts_and_where_they_are_held(session: Session, book: Book) -> None:
    members = liked(session, book, 3, 2)
    members += liked(session, book, 1, law_row="B2")
    patterns.store_patterns(session, [found(session, book, members)], EVERYBODY, book.ruleset_id, NOW)
    (shown,) = cases.case_detail(session, 1).patterns
    assert [(one.interaction_id, one.case_id) for one in shown.acts] == [
        (members[0], 1),
        (members[1], 1),
        (members[2], 2),
    ]


def test_a_case_without_acts_of_the_pattern_does_not_show_it(session: Session, book: Book) -> None:
    members = liked(session, book, 3, 2, 1)
    liked(session, book, 9, law_row="B2")
    patterns.store_patterns(session, [found(session, book, members)], EVERYBODY, book.ruleset_id, NOW)
    assert cases.case_detail(session, 2).patterns == ()


def test_verify_names_a_pattern_with_a_member_that_no_longer_stands(session: Session, book: Book) -> None:
    members = liked(session, book, 1, 2, 3)
    patterns.store_patterns(session, [found(session, book, members)], EVERYBODY, book.ruleset_id, NOW)
    assert "pola" not in {problem.invariant for problem in verify.verify(session)}
    session.execute(sa.update(interaction).where(interaction.c.id == members[0]).values(withdrawn_seen_at=NOW))
    assert "pola" in {problem.invariant for problem in verify.verify(session)}


def test_the_stance_of_a_hit_and_its_words_come_back(session: Session, book: Book) -> None:
    span = replace(hit(book).spans[0], field="target.text", alias="dukungan")
    liked(session, book, 1, stance=Stance.DUKUNGAN, stance_spans=(span,))
    (shown,) = cases.case_detail(session, 1).hits
    assert (shown.brief.stance, shown.stance_spans) == (Stance.DUKUNGAN, (span,))


@pytest.mark.parametrize("stance", [None, *Stance])
def test_a_stance_moves_no_hit_to_another_case(session: Session, book: Book, stance: Stance | None) -> None:
    liked(session, book, 1, 2, stance=stance)
    liked(session, book, 3, who=2, stance=Stance.NETRAL)
    rows = cases.list_cases(session, CaseFilter()).rows
    assert sorted((row.person.name[-1], row.law_row, row.act_count) for row in rows) == [("1", "B6", 2), ("2", "B6", 1)]
