from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from db import judgements, views
from db.connect import Database, Session
from db.judgement_rows import Forms
from db.tables import attribution, interaction, judgement, law_profile, rule_hit, ruleset
from db.views import Held
from monitor.domain import (
    AccountKind,
    Act,
    AttributionStatus,
    Judgement,
    JudgementOutcome,
    NearMiss,
    RuleStatus,
    Span,
    TraceNode,
)
from monitor.vault import Vault
from tests import casebook
from tests.casebook import LAW, NOW, Book, act, hit, judge, post


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def waiting(session: Session, book: Book) -> list[int]:
    return [view.id for view in judgements.pending(session, book.ruleset_id, 100)]


def active(session: Session) -> list[tuple[str, int]]:
    query = sa.select(rule_hit.c.law_row, rule_hit.c.rule_version).where(rule_hit.c.active).order_by(rule_hit.c.id)
    return [tuple(row) for row in session.execute(query)]


def test_a_rule_set_is_stored_once_with_its_laws(session: Session, book: Book) -> None:
    again = judgements.store_ruleset(session, "a" * 64, "{}", [], [], NOW)
    assert again == book.ruleset_id
    assert session.execute(sa.select(sa.func.count()).select_from(ruleset)).scalar_one() == 1
    assert session.execute(sa.select(law_profile.c.title)).scalars().all() == [LAW.title]


def test_a_new_act_waits_with_its_texts_and_kinds(session: Session, book: Book) -> None:
    target = post(session, book, "p1")
    number = act(session, book, 1, Act.COMMENT, target, own="k1")
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert (view.id, view.act, view.jurisdiction) == (number, Act.COMMENT, "99.01")
    assert view.own is not None
    assert (view.own.text, view.own.author_kind) == ("Lanjutkan Pak Budi", AccountKind.ASN)
    assert view.target is not None
    assert (view.target.author_kind, view.target.author_candidates) == (AccountKind.REGISTERED, (book.pairs[1],))


def test_a_target_that_is_not_kept_still_tells_its_registered_author(session: Session, book: Book) -> None:
    act(session, book, 1, Act.LIKE, "at://did:plc:paslon1/app.bsky.feed.post/hilang")
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert view.target is not None
    assert (view.target.text, view.target.author_candidates) == ("", (book.pairs[1],))


def test_a_target_of_somebody_unknown_has_no_author(session: Session, book: Book) -> None:
    act(session, book, 1, Act.LIKE, "at://did:plc:tetangga/app.bsky.feed.post/x")
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert view.target is None


def test_the_first_text_of_a_thread_is_found_through_the_target(session: Session, book: Book) -> None:
    top = post(session, book, "p1")
    act(session, book, 1, Act.COMMENT, top, own="k1")
    act(session, book, 2, Act.LIKE, "at://did:plc:asn1/app.bsky.feed.post/k1")
    view = judgements.pending(session, book.ruleset_id, 10)[-1]
    assert view.root is not None
    assert (view.root.item_id, view.root.author_candidates) == (top, (book.pairs[1],))


def test_a_judged_act_no_longer_waits(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: []})
    assert waiting(session, book) == []


def test_an_act_waits_again_for_another_rule_set(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: []})
    other = judgements.store_ruleset(session, "d" * 64, "{}", [], [LAW], NOW)
    assert [view.id for view in judgements.pending(session, other, 10)] == [number]
    assert judgements.count_pending(session, other) == 1


def test_acts_that_wait_are_counted_however_many_they_are(
    session: Session, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = post(session, book, "p1")
    for who in (1, 2, 4):
        act(session, book, who, Act.LIKE, target)
    for very_many in (2, 3, 4):
        monkeypatch.setattr(judgements, "_VERY_MANY", very_many)
        assert judgements.count_pending(session, book.ruleset_id) == 3


def test_again_only_marked_acts_wait(session: Session, book: Book) -> None:
    target = post(session, book, "p1")
    new, _ = (act(session, book, who, Act.LIKE, target) for who in (1, 2))
    session.execute(sa.update(interaction).where(interaction.c.id != new).values(dirty=False))
    again = judgements.pending(session, book.ruleset_id, 10, marked=True)
    assert [view.id for view in again] == [new]


def test_a_changed_act_waits_again(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: []})
    session.execute(sa.update(interaction).values(dirty=True))
    assert waiting(session, book) == [number]


def test_acts_wait_in_the_order_in_which_they_came(session: Session, book: Book) -> None:
    numbers = [act(session, book, who, Act.LIKE, post(session, book, f"p{who}")) for who in (2, 1, 4)]
    assert [view.id for view in judgements.pending(session, book.ruleset_id, 2)] == numbers[:2]


@pytest.mark.parametrize("status", [AttributionStatus.REJECTED, AttributionStatus.REVOKED])
def test_acts_of_an_account_without_owner_do_not_wait(session: Session, book: Book, status: AttributionStatus) -> None:
    act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    session.execute(sa.update(attribution).values(status=status))
    assert waiting(session, book) == []


@pytest.mark.parametrize(
    ("first", "last", "waits"),
    [
        # In western Indonesia, whose days the register's dates are, the act lies on the 5th, at three in the morning.
        (date(2024, 10, 5), date(2024, 10, 5), True),
        (None, date(2024, 10, 4), False),
        (date(2024, 10, 6), None, False),
    ],
)
def test_acts_outside_the_owners_time_do_not_wait(
    session: Session, book: Book, first: date | None, last: date | None, waits: bool
) -> None:
    act(session, book, 1, Act.LIKE, post(session, book, "p1"), at=NOW - timedelta(days=1))
    session.execute(sa.update(attribution).values(valid_from=first, valid_to=last))
    assert bool(waiting(session, book)) is waits


def test_storing_the_same_judgement_again_changes_no_row(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [hit(book)]})
    before = session.execute(sa.select(rule_hit)).all(), session.execute(sa.select(judgement)).all()
    judge(session, book, {number: [hit(book)]}, NOW + timedelta(days=1))
    assert (session.execute(sa.select(rule_hit)).all(), session.execute(sa.select(judgement)).all()) == before


def test_a_hit_no_longer_given_becomes_inactive_and_comes_back(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    for hits, wanted in (([hit(book)], 1), ([], 0), ([hit(book)], 1)):
        judge(session, book, {number: hits})
        assert len(active(session)) == wanted
    assert session.execute(sa.select(sa.func.count()).select_from(rule_hit)).scalar_one() == 1


def test_a_new_judgement_supersedes_and_the_old_one_stays(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: []})
    judge(session, book, {number: [hit(book)]})
    rows = session.execute(sa.select(judgement.c.outcome, judgement.c.current).order_by(judgement.c.id))
    assert rows.all() == [(JudgementOutcome.MISS, False), (JudgementOutcome.HIT, True)]


def test_a_hit_that_another_rule_set_gives_again_keeps_its_row_and_moves_on(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [hit(book)]})
    columns = rule_hit.c.id, rule_hit.c.first_judged_at, rule_hit.c.changed_at
    before = session.execute(sa.select(*columns)).one()
    other = judgements.store_ruleset(session, "d" * 64, "{}", [], [LAW], NOW)
    told = Judgement(number, JudgementOutcome.HIT, (hit(book),))
    judgements.store_judgements(session, [told], other, NOW + timedelta(days=1))
    assert session.execute(sa.select(*columns).where(rule_hit.c.active)).one() == before
    standing = sa.select(judgement.c.ruleset_id).join(rule_hit, rule_hit.c.judgement_id == judgement.c.id)
    assert session.execute(standing).scalars().all() == [other]


def test_a_new_version_of_a_rule_takes_the_place_of_the_old(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [hit(book)]})
    judge(session, book, {number: [replace(hit(book), rule_version=2)]})
    assert active(session) == [("B6", 2)]


def test_counts_fall_by_outcome_and_sum_up(session: Session, book: Book) -> None:
    target = post(session, book, "p1")
    numbers = [act(session, book, who, Act.LIKE, target) for who in (1, 2, 4, 5)]
    judge(session, book, {numbers[0]: [hit(book)], numbers[1]: []})
    reason = NearMiss("suka-contoh", 1, None, "rentang melewati penetapan")
    told = [
        Judgement(numbers[2], JudgementOutcome.NOT_EVALUABLE, not_evaluable=(reason,)),
        Judgement(numbers[3], JudgementOutcome.ERROR, errors=("rusak",)),
    ]
    judgements.store_judgements(session, told, book.ruleset_id, NOW)
    counts = judgements.judged_counts(session, book.ruleset_id)
    assert (counts.hits, counts.misses, counts.not_evaluable, counts.errors) == (1, 1, 1, 1)
    assert counts.evaluated == 4


def test_shadow_hits_are_kept_and_counted_for_their_rule(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [replace(hit(book), mode=RuleStatus.SHADOW)]})
    assert judgements.rule_counts(session, book.ruleset_id) == {"suka-contoh": 1}


def test_many_acts_are_loaded_with_a_fixed_number_of_statements(database: Database, book: Book) -> None:
    with database.write() as session:
        target = post(session, book, "p1")
        for number in range(40):
            act(session, book, 1, Act.COMMENT, target, own=f"k{number}")
    seen: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with database.read() as session:
        assert len(judgements.pending(session, book.ruleset_id, 100)) == 40
    assert len(seen) < 15


def test_what_is_known_of_texts_that_are_not_kept_is_forgotten_when_it_is_much(
    session: Session, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        act(session, book, 1, Act.LIKE, f"at://did:plc:tetangga/app.bsky.feed.post/{name}")
    session.execute(sa.update(interaction).values(dirty=False))
    held = Held()
    judgements.pending(session, book.ruleset_id, 10, held=held)
    assert (len(held.parts), len(held.owners)) == (3, 1)
    monkeypatch.setattr(judgements, "_HELD", 2)
    judgements.pending(session, book.ruleset_id, 1, held=held)
    assert (len(held.parts), len(held.owners)) == (1, 1)


def test_people_are_forgotten_when_they_are_many(session: Session, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    target = post(session, book, "p1")
    for who in (1, 2, 4):
        act(session, book, who, Act.LIKE, target)
    held = Held()
    judgements.pending(session, book.ruleset_id, 10, held=held)
    assert len(held.owners) == 3
    monkeypatch.setattr(judgements, "_HELD", 1)
    monkeypatch.setattr(views, "_PEOPLE", 2)
    judgements.pending(session, book.ruleset_id, 1, held=held)
    assert (len(held.parts), len(held.owners)) == (1, 1)


def test_posts_are_held_from_batch_to_batch_and_comments_are_not(session: Session, book: Book) -> None:
    target = post(session, book, "p1")
    act(session, book, 1, Act.COMMENT, target, own="k1")
    held = Held()
    (view,) = judgements.pending(session, book.ruleset_id, 10, held=held)
    assert view.own is not None
    assert [key for _, key in held.contents.texts] == [target]
    assert judgements.pending(session, book.ruleset_id, 10, held=held) == [view]


def test_near_misses_are_written_as_plain_json(book: Book) -> None:
    trace = TraceNode("aturan v1", passed=False, detail='kata "x"', children=(TraceNode("act", None, "é"),))
    misses = (NearMiss("suka", 2, None, "baris\n", trace), NearMiss("", 0, book.pairs[1], "\udc80"))
    *_, near, unclear, errors, _ = Forms().said(Judgement(1, JudgementOutcome.MISS, (), misses)).row(1, NOW)
    assert near == json.dumps([asdict(miss) for miss in misses])
    assert (unclear, errors) == (None, None)


def test_hits_are_written_as_plain_json(book: Book) -> None:
    trace = TraceNode("aturan v1", passed=True, detail='kata "x"', children=(TraceNode("act", None, "é"),))
    spans = (Span("own.text", 0, 3, 'a"b', "é"), Span("target.text", 5, 11, "coblos"))
    made = replace(hit(book), trace=trace, spans=spans, counter_signals=('dapat "dibatalkan"', "\udc80"))
    said = Forms().said(Judgement(1, JudgementOutcome.HIT, (made,)))
    written = dict(zip(("spans", "counter_signals", "trace"), said.form.hits[0].tail, strict=False))
    parts = [asdict(span) for span in spans], list(made.counter_signals), asdict(trace)
    assert written == dict(zip(written, map(json.dumps, parts), strict=True))


def test_what_is_said_of_acts_alike_is_written_as_it_is_of_each_alone(book: Book) -> None:
    alike, forms = object(), Forms()
    near = (NearMiss("suka", 2, None, "waktu"),)
    for number, name in enumerate(("Ani", "Budi")):
        hits = (replace(hit(book), explanation=f"Akun {name}"), hit(book, rule_id="lain"))
        one = Judgement(number, JudgementOutcome.HIT, hits, near, errors=("rusak",), like=alike)
        assert forms.said(one)[2:] == Forms().said(replace(one, like=None))[2:]
        assert forms.said(one).row(1, NOW) == Forms().said(replace(one, like=None)).row(1, NOW)
