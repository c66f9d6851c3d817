from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db import items
from db.connect import Database, Session, open_database
from db.tables import (
    account,
    account_handle,
    capture,
    evidence_file,
    interaction,
    interaction_capture,
    item,
    item_capture,
    item_look,
    item_text,
    item_version,
)
from monitor.domain import (
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    Capture,
    EndKind,
    ItemKind,
    ItemRecord,
    Look,
    Mentioned,
    Sighting,
    StoreBatch,
    StoreCounts,
)
from tests.conftest import WORKER

T0 = datetime(2024, 10, 1, tzinfo=UTC)
POST = "at://did:plc:paslon/app.bsky.feed.post/1"
PASLON = AccountRef("bluesky", "did:plc:paslon", "busi.contoh.test")


def hours(count: float) -> datetime:
    return T0 + timedelta(hours=count)


def asn_ref(number: int) -> AccountRef:
    return AccountRef("bluesky", f"did:plc:asn{number}", f"pegawai{number}.contoh.test")


def post(**changes: object) -> ItemRecord:
    made = ItemRecord("bluesky", POST, PASLON, ItemKind.POST, "Pilih BUSI", "https://x.test/1", ActTime(T0))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def shot(body: str, at: datetime, **changes: object) -> Capture:
    digest = hashlib.sha256(body.encode()).hexdigest()
    made = Capture("bluesky", "getLikes", "https://x.test/likes", "", 200, (("date", "x"),), digest, 9, at, "bluesky/1")
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def like(number: int, seen: datetime, time: ActTime | None = None, body: str | None = None) -> Sighting:
    record = ActRecord(
        "bluesky", asn_ref(number), Act.LIKE, POST, time or ActTime(hi=seen), target_author=PASLON, pointer="/likes/0"
    )
    return Sighting(record, number, seen, shot(body, seen) if body else None)


def look(start: float, end: float, how: EndKind = EndKind.EXHAUSTED) -> Look:
    return Look("bluesky", POST, Act.LIKE, hours(start), hours(end), how, 5, 5, 0)


def add_accounts(database: Database) -> None:
    """Rows 1..3 are people, row 4 the pair."""
    refs = [asn_ref(1), asn_ref(2), asn_ref(3), PASLON]
    with database.write() as session:
        for number, ref in enumerate(refs, 1):
            row = {"id": number, "platform": ref.platform, "platform_user_id": ref.user_id}
            session.execute(account.insert().values(**row, handle=None, resolved_at=T0, created_at=T0))


def store(database: Database, *batches: StoreBatch, now: datetime = T0) -> StoreCounts:
    total = StoreCounts()
    for batch in batches:
        with database.write() as session:
            total += items.store_batch(session, batch, now)
    return total


def only(database: Database, *columns: Any) -> Any:
    with database.read() as session:
        return session.execute(sa.select(*columns)).one()


def count(database: Database, table: sa.Table) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.fixture
def stocked(database: Database) -> Database:
    add_accounts(database)
    return database


def test_the_same_batch_twice_adds_nothing(stocked: Database) -> None:
    batch = StoreBatch(items=(post(),), sightings=(like(1, hours(5), body="a"),), looks=(look(4, 5),))
    assert store(stocked, batch) == StoreCounts(items=1, versions=1, interactions=1, captures=1)
    assert store(stocked, batch) == StoreCounts()


def test_an_edited_text_keeps_both_versions(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(),)), StoreBatch(items=(post(text="Pilih SIAPA", edited_at=hours(2)),)))
    assert count(stocked, item_version) == 2
    assert count(stocked, item) == 1


def test_an_author_who_is_not_registered_is_in_no_row(sqlite_database: Database) -> None:
    add_accounts(sqlite_database)
    stranger = AccountRef("bluesky", "did:plc:tetangga", "tetangga.contoh.test")
    store(sqlite_database, StoreBatch(items=(post(author=stranger, item_id="at://x/1", parent_author=stranger),)))
    sqlite_database.dispose()
    path = Path(sqlite_database.engine.url.database or "")
    assert only(sqlite_database, item.c.author_account_id) == (None,)
    assert b"tetangga" not in path.read_bytes()


def test_registered_mentions_are_kept_by_stable_id(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(mentions=(Mentioned("did:plc:asn1"),)),)))
    assert only(stocked, item_text.c.mentioned) == (["did:plc:asn1"],)


def test_text_that_a_database_cannot_hold_keeps_its_length(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(text="a\x00b\ud800c 𝗣"),)))
    assert only(stocked, item_text.c.text) == ("a\ufffdb\ufffdc 𝗣",)


def test_an_act_seen_before_its_text_finds_it_later(stocked: Database) -> None:
    own = "at://did:plc:asn1/app.bsky.feed.post/7"
    act = ActRecord("bluesky", asn_ref(1), Act.COMMENT, POST, ActTime(hours(3)), own_item_id=own)
    comment = post(item_id=own, author=asn_ref(1), kind=ItemKind.COMMENT, parent_id=POST)
    store(stocked, StoreBatch(sightings=(Sighting(act, 1, hours(4)),)), StoreBatch(items=(comment,)))
    assert only(stocked, interaction.c.own_item_id) == only(stocked, item.c.id)


def test_a_purged_text_is_not_filled_again(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(),)))
    with stocked.write() as session:
        session.execute(sa.update(item_text).values(text=None, purged_at=hours(9)))
    store(stocked, StoreBatch(items=(post(),)))
    assert only(stocked, item_text.c.text) == (None,)


def test_a_like_without_time_lies_between_the_post_and_the_look(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(),), sightings=(like(1, hours(5)),)))
    assert only(stocked, interaction.c.bracket_lo, interaction.c.bracket_hi) == (T0, hours(5))


def test_an_exhausted_look_without_the_like_narrows_its_bracket(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(),), looks=(look(1, 2),)), StoreBatch(sightings=(like(1, hours(5)),)))
    assert only(stocked, interaction.c.bracket_lo, interaction.c.bracket_hi) == (hours(1), hours(5))


@pytest.mark.parametrize("how", [kind for kind in EndKind if kind is not EndKind.EXHAUSTED])
def test_a_look_that_was_not_exhausted_proves_nothing(stocked: Database, how: EndKind) -> None:
    store(stocked, StoreBatch(items=(post(),), sightings=(like(1, hours(5)),), looks=(look(1, 2, how),)))
    assert only(stocked, interaction.c.bracket_lo) == (T0,)


def test_a_look_that_showed_the_like_does_not_bound_it(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(),), sightings=(like(1, hours(5)),), looks=(look(4, 6), look(7, 8))))
    assert only(stocked, interaction.c.bracket_lo) == (T0,)


def test_an_exact_time_beats_a_bracket_whichever_came_first(stocked: Database) -> None:
    store(stocked, StoreBatch(sightings=(like(1, hours(5)), like(2, hours(6), ActTime(hours(2))))))
    store(stocked, StoreBatch(sightings=(like(1, hours(6), ActTime(hours(2))), like(2, hours(5)))))
    with stocked.read() as session:
        rows = session.execute(sa.select(interaction.c.occurred_at, interaction.c.bracket_hi)).all()
    assert rows == [(hours(2), None), (hours(2), None)]


def test_two_brackets_intersect(stocked: Database) -> None:
    first = like(1, hours(9), ActTime(lo=hours(1), hi=hours(6)))
    second = like(1, hours(8), ActTime(lo=hours(3), hi=hours(8)))
    store(stocked, StoreBatch(sightings=(first, second)))
    assert only(stocked, interaction.c.bracket_lo, interaction.c.bracket_hi) == (hours(3), hours(6))


def test_a_start_after_the_end_is_left_open(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(published=ActTime(hours(99))),), sightings=(like(1, hours(5)),)))
    assert only(stocked, interaction.c.bracket_lo, interaction.c.bracket_hi) == (None, hours(5))


def test_equal_answers_are_one_capture_with_the_earliest_time(stocked: Database) -> None:
    store(stocked, StoreBatch(sightings=(like(1, hours(5), body="a"),)))
    store(stocked, StoreBatch(sightings=(like(1, hours(3), body="a"), like(1, hours(9), body="a"))))
    assert only(stocked, capture.c.fetched_at) == (hours(3),)
    assert count(stocked, interaction_capture) == 1


def test_texts_point_to_the_answers_that_hold_them(stocked: Database) -> None:
    store(stocked, StoreBatch(items=(post(pointer="/feed/0"),), item_captures=((POST, shot("a", hours(2))),)))
    assert only(stocked, item_capture.c.pointer) == ("/feed/0",)
    assert only(stocked, item_text.c.seen_first_at) == (hours(2),)


def judged(session: Session) -> None:
    session.execute(sa.update(interaction).values(dirty=False))


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (StoreBatch(items=(post(),)), False),
        (StoreBatch(items=(post(like_count=9),)), False),
        (StoreBatch(items=(post(text="lain", edited_at=hours(1)),)), True),
        (StoreBatch(looks=(look(2, 3),)), True),
        (StoreBatch(looks=(look(6, 7),)), False),
        (StoreBatch(sightings=(like(1, hours(9), body="b"),)), False),
        (StoreBatch(sightings=(like(1, hours(9), ActTime(hours(4))),)), True),
    ],
)
def test_acts_are_judged_again_only_when_what_judging_rests_on_changed(
    stocked: Database, later: StoreBatch, again: bool
) -> None:
    store(stocked, StoreBatch(items=(post(),), sightings=(like(1, hours(5)),)))
    with stocked.write() as session:
        judged(session)
    store(stocked, later)
    assert only(stocked, interaction.c.dirty) == (again,)


def test_the_text_of_a_thread_root_marks_the_comments_below(stocked: Database) -> None:
    own = "at://did:plc:asn1/app.bsky.feed.post/7"
    act = ActRecord("bluesky", asn_ref(1), Act.COMMENT, "at://x/2", ActTime(hours(3)), own_item_id=own)
    comment = post(item_id=own, author=asn_ref(1), kind=ItemKind.COMMENT, parent_id="at://x/2", root_id=POST)
    store(stocked, StoreBatch(items=(comment,), sightings=(Sighting(act, 1, hours(4)),)))
    with stocked.write() as session:
        judged(session)
    store(stocked, StoreBatch(items=(post(),)))
    assert only(stocked, interaction.c.dirty) == (True,)


def test_the_text_of_a_thread_root_marks_the_likes_of_answers_below(stocked: Database) -> None:
    answer = post(item_id="at://x/7", author=asn_ref(2), kind=ItemKind.COMMENT, parent_id=POST, root_id=POST)
    act = ActRecord("bluesky", asn_ref(1), Act.LIKE, "at://x/7", ActTime(hours(3)))
    store(stocked, StoreBatch(items=(answer,), sightings=(Sighting(act, 1, hours(4)),)))
    with stocked.write() as session:
        judged(session)
    store(stocked, StoreBatch(items=(post(),)))
    assert only(stocked, interaction.c.dirty) == (True,)


def test_texts_are_missing_of_what_was_liked_lately_on_one_platform(stocked: Database) -> None:
    def liked(post_id: str, seen: datetime) -> Sighting:
        return Sighting(ActRecord("bluesky", asn_ref(1), Act.LIKE, post_id, ActTime(T0)), 1, seen)

    acts = (liked("at://b", hours(5)), liked("at://a", hours(5)), liked("at://lama", hours(1)), liked(POST, hours(5)))
    store(stocked, StoreBatch(items=(post(),), sightings=acts))
    with stocked.read() as session:
        assert items.missing_texts(session, "bluesky", hours(2)) == ["at://a", "at://b"]
        assert items.missing_texts(session, "mastodon", hours(2)) == []


def test_five_thousand_acts_go_in_as_a_few_statements(sqlite_database: Database) -> None:
    add_accounts(sqlite_database)
    acts = tuple(
        Sighting(ActRecord("bluesky", asn_ref(1), Act.LIKE, f"at://x/{n}", ActTime(T0)), 1, T0) for n in range(5_000)
    )
    made: list[str] = []
    sa.event.listen(sqlite_database.engine, "before_cursor_execute", lambda *given: made.append(given[2]))
    store(sqlite_database, StoreBatch(sightings=acts))
    assert len(made) < 60


PLAIN = {
    item: ("platform_item_id", "author_account_id", "kind", "url", "published_at", "root_id", "like_count"),
    item_version: ("content_hash", "edited_at"),
    item_text: ("text", "hashtags", "seen_first_at", "seen_last_at"),
    interaction: (
        "key", "actor_account_id", "own_item_key", "occurred_at", "bracket_lo", "bracket_hi", "given_lo", "given_hi",
        "seen_first_at", "seen_last_at", "target_author_account_id", "dirty",
    ),
    capture: ("url", "sha256", "fetched_at", "endpoint"),
    evidence_file: ("sha256", "size"),
    account_handle: ("account_id", "handle", "first_seen_at", "last_seen_at"),
    account: ("id", "handle"),
    item_look: ("verb", "started_at", "finished_at", "end_kind"),
}  # fmt: skip


def everything(database: Database) -> dict[str, list[str]]:
    """All stored rows without their numbers, links by what they link."""
    with database.read() as session:
        found = {
            table.name: sorted(repr(tuple(row)) for row in session.execute(sa.select(*(table.c[n] for n in names))))
            for table, names in PLAIN.items()
        }
        links = {
            "acts": sa.select(interaction.c.key, capture.c.sha256, interaction_capture.c.pointer)
            .join(interaction_capture, interaction_capture.c.interaction_id == interaction.c.id)
            .join(capture, capture.c.id == interaction_capture.c.capture_id),
            "texts": sa.select(item.c.platform_item_id, capture.c.sha256)
            .join(item_capture, item_capture.c.item_id == item.c.id)
            .join(capture, capture.c.id == item_capture.c.capture_id),
            "own": sa.select(interaction.c.key, item.c.platform_item_id).join(
                item, item.c.id == interaction.c.own_item_id
            ),
        }
        for name, statement in links.items():
            found[name] = sorted(repr(tuple(row)) for row in session.execute(statement))
    return found


moments = st.integers(min_value=0, max_value=12).map(hours)
bodies = st.sampled_from(["a", "b", None])


@st.composite
def records(draw: st.DrawFn) -> StoreBatch:
    """One answer: a few texts and acts of a small world, so that they collide often."""
    seen = draw(moments)
    kept = draw(bodies)
    texts = draw(st.lists(st.sampled_from(world_texts()), max_size=3))
    acts = tuple(draw_act(draw, seen, kept) for _ in range(draw(st.integers(0, 3))))
    shown = tuple((text.item_id, shot(kept, seen)) for text in texts) if kept else ()
    begun = draw(moments)
    # one listing, told by when it began and ended, ends in one way
    end = EndKind.CAP_REACHED if (begun.hour * 5 + seen.hour) % 3 == 0 else EndKind.EXHAUSTED
    looks = (Look("bluesky", POST, Act.LIKE, min(begun, seen), max(begun, seen), end, 5, 5, 1),)
    return StoreBatch(tuple(texts), acts, looks if draw(st.booleans()) else (), shown)


def world_texts() -> list[ItemRecord]:
    own = "at://did:plc:asn1/app.bsky.feed.post/7"
    comment = post(item_id=own, author=asn_ref(1), kind=ItemKind.COMMENT, parent_id=POST, published=ActTime(hours(2)))
    return [
        post(),
        post(like_count=7),
        post(author=None, published=ActTime(hi=hours(8))),
        post(text="Pilih BUSI!", edited_at=hours(3)),
        comment,
        replace(comment, kind=ItemKind.POST, parent_id=None, root_id=POST),
    ]


def draw_act(draw: st.DrawFn, seen: datetime, kept: str | None) -> Sighting:
    number = draw(st.integers(1, 3))
    lo, hi = sorted((draw(moments), draw(moments)))
    time = draw(st.sampled_from([ActTime(T0 + timedelta(hours=number)), ActTime(lo=lo, hi=hi), ActTime(hi=seen)]))
    own = draw(st.sampled_from([None, "at://did:plc:asn1/app.bsky.feed.post/7"]))
    author = draw(st.sampled_from([None, PASLON]))
    act = Act.COMMENT if own else Act.LIKE
    record = ActRecord("bluesky", asn_ref(number), act, POST, time, own, author, "/likes/0")
    return Sighting(record, number, seen, shot(kept, seen) if kept else None)


def halves(batch: StoreBatch) -> Iterator[StoreBatch]:
    """The same facts, text by text and act by act."""
    captures = dict(batch.item_captures)
    for text in batch.items:
        shown = ((text.item_id, captures[text.item_id]),) if text.item_id in captures else ()
        yield StoreBatch(items=(text,), item_captures=shown)
    for act in batch.sightings:
        yield StoreBatch(sightings=(act,))
    yield StoreBatch(looks=batch.looks)


def shuffled(batches: Iterable[StoreBatch], seed: int) -> list[StoreBatch]:
    mixed = [*batches, *batches]
    random.Random(seed).shuffle(mixed)
    return mixed


@contextmanager
def fresh(request: pytest.FixtureRequest, dialect: str, folder: Path) -> Iterator[Database]:
    """An empty database, each at the same place, so that statements are written out once."""
    if dialect == "sqlite":
        path = folder / "fresh.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        database = open_database(f"sqlite:///{path}")
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create(name=f"fresh_{WORKER}")
        database = open_database(server.url(name))
    try:
        add_accounts(database)
        yield database
    finally:
        database.dispose()
        if dialect == "postgresql":
            server.drop(name)


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "examples"), [("sqlite", 30), ("postgresql", 5)])
def test_any_order_any_parts_and_any_number_of_times_leave_the_same_rows(
    request: pytest.FixtureRequest, tmp_path: Path, dialect: str, examples: int
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    @given(st.lists(records(), min_size=1, max_size=4), st.integers(0, 9))
    def holds(batches: list[StoreBatch], seed: int) -> None:
        ways = {
            "twice": [*batches, *batches],
            "backwards": list(reversed(batches)),
            "in parts": [part for batch in batches for part in halves(batch)],
            "shuffled": shuffled([part for batch in batches for part in halves(batch)], seed),
        }
        with fresh(request, dialect, tmp_path) as database:
            store(database, *batches)
            expected = everything(database)
        for way, order in ways.items():
            with fresh(request, dialect, tmp_path) as database:
                store(database, *order, now=hours(99))
                assert everything(database) == expected, way

    holds()
