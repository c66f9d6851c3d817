"""A campaign night by night: what can be seen on each, who is registered by then, and what officers decide on it.

Everything follows from the seed and the number of nights. What is shown stays long enough to be seen by a program that
misses one night: nothing is taken back within four nights, nothing new happens on the last two, and who a decision is
about is quiet on the two nights before it. Acts whose time can only be bracketed, be it for a night, keep away from the
dates at which the law's row or the stage changes, since a wider bracket would rightly be told differently there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.peers import texts
from tests.peers.world import Actor, Event, Part, Size, World, make_world
from tests.scan.written_bluesky import WrittenBluesky

START = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)  # half past one in Jakarta, when the schedule begins a night
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MIDNIGHT = START - timedelta(minutes=90)
LATE_SERVANT, LATE_ACCOUNT = "asn04", "partaia"
DECIDED = ("asn01", "asn02")
_SIZE = Size(asn=10, bystanders=8, posts=2, likes=2, bystander_likes=4)
_ROUND = 12  # nights after which officers decide again
_STAYS = 5  # days before something is taken back
_BACK = 8  # days before something that was taken back is done again
_EDITED = 3  # days before a text is put into other words


@dataclass(frozen=True, slots=True)
class Story:
    """The whole campaign; `shown` says from when an event can be seen where that is not its own time."""

    nights: int
    world: World
    shown: dict[str, datetime]

    def moment(self, night: int) -> datetime:
        """Return when a night begins."""
        return START + night * DAY

    def network(self, night: int) -> WrittenBluesky:
        """Return the network as it answers on a night."""
        now = self.moment(night)
        seen = tuple(e for e in self.world.events if self.shown.get(e.ref, e.at) <= now)
        return WrittenBluesky(replace(self.world, now=now, events=seen))

    def register(self, night: int) -> World:
        """Return the world with those actors only whom the office's files name by a night."""
        late = {LATE_SERVANT: self.nights // 3, LATE_ACCOUNT: self.nights // 2}
        return replace(self.world, actors=tuple(a for a in self.world.actors if late.get(a.key, 0) <= night))

    def registers_anew(self, night: int) -> bool:
        """Whether the office's files changed since the night before."""
        return night in (self.nights // 3, self.nights // 2)

    def decides(self, night: int) -> bool:
        """Whether officers decide on the morning after a night."""
        return night % _ROUND == 2


@cache
def tell(nights: int, seed: int = 7) -> Story:
    """Return the campaign of a seed over so many nights, twelve at least."""
    before = make_world(seed, START, _SIZE)
    days = {"pra_penetapan": -70, "penetapan": nights // 4, "kampanye": nights // 4 + max(1, nights // 8),
            "masa_tenang": nights - 2, "pemungutan": nights + 3, "pasca": nights + 4}  # fmt: skip
    stages = tuple((kind, MIDNIGHT + DAY * day) for kind, day in days.items())
    shown: dict[str, datetime] = {}
    events = list(before.events)
    turns = {day - early for day in days.values() for early in (0, 1)}
    for day in range(1, nights - 2):
        today = list(_day(before, day, events))
        # Who shared a post tells no time: until the sharer's own records can be read, it lies between two looks.
        events += [e for e in today if e.act != "repost" or day not in turns]
    for day in range(days["kampanye"] + 3, days["masa_tenang"] - 2, 3):
        lasting = (n for n in range(day - 2, 0, -1) if n % 4 and _poster(before, n).key != LATE_ACCOUNT)
        target = f"post{next(lasting)}"
        liked = {e.by for e in events if e.act == "like" and e.target == target}
        likers = [by for turn in range(5) if (by := _turn(before, day + turn)) not in liked]
        for word, at, by in zip(("early", "late"), (START - 8 * DAY, START + nights * 2 * DAY), likers, strict=False):
            ref = f"{word}{day}"
            events.append(Event(ref, "like", by, at, target=target))
            shown[ref] = START + DAY * (day - 1) + 6 * HOUR
    return Story(nights, replace(before, events=tuple(events), stages=stages, determined_at=stages[1][1]), shown)


def _day(world: World, day: int, so_far: list[Event]) -> Iterator[Event]:
    """Yield what happens between two nights."""
    dawn = START + DAY * (day - 1)
    candidate = _poster(world, day)
    pair = candidate.pair or 0
    post = Event(f"post{day}", "post", candidate.key, dawn + 2 * HOUR, text=texts.of_candidate(pair, day))
    yield post
    yield from _engaged(world, day, post, pair)
    yield from _own(world, day, dawn)
    yield from _taken_back(day, dawn, {e.ref: e for e in so_far})
    yield from _edited(day, dawn, {e.ref: e for e in so_far})
    if day % _ROUND == 3:
        liked = {e.target for e in so_far if e.act == "like" and e.by == DECIDED[0]}
        lasting = (e for e in so_far if e.act == "post" and e.by == "busi" and _stays(e.ref))
        first = next(e for e in lasting if e.ref not in liked)
        yield Event(f"again{day}", "like", DECIDED[0], dawn + 8 * HOUR, target=first.ref, pairs=(1,))
        yield Event(f"more{day}", "quote", DECIDED[0], dawn + 9 * HOUR, target=first.ref, text="Menarik.", pairs=(1,))


def _engaged(world: World, day: int, post: Event, pair: int) -> Iterator[Event]:
    """Yield what is done with a candidate's post."""
    pairs, at = (pair,), post.at
    below = replace(post, act="reply", target=post.ref, root=post.ref, pairs=())
    yield Event(f"like{day}", "like", _turn(world, day), at + HOUR, target=post.ref, pairs=pairs)
    yield Event(f"suka{day}", "like", _turn(world, day + 1), at + HOUR, target=post.ref, pairs=pairs)
    yield Event(f"repost{day}", "repost", _turn(world, day + 2), at + 2 * HOUR, target=post.ref, pairs=pairs)
    yield replace(below, ref=f"reply{day}", by=_turn(world, day + 3), at=at + 3 * HOUR, text="Semangat!", pairs=pairs)
    yield Event(
        f"quote{day}", "quote", _turn(world, day + 4), at + 4 * HOUR, text="Simak", target=post.ref, pairs=pairs
    )
    stranger = f"warga{1 + day % 8:02d}"
    yield Event(f"wlike{day}", "like", stranger, at + HOUR, target=post.ref)
    yield replace(below, ref=f"wreply{day}", by=stranger, at=at + HOUR, text="Kapan ke desa kami?")
    yield Event(f"latelike{day}", "like", LATE_SERVANT, at + 5 * HOUR, target=post.ref, pairs=pairs)


def _own(world: World, day: int, dawn: datetime) -> Iterator[Event]:
    """Yield what civil servants post themselves."""
    text, pairs = texts.CAMPAIGN[day % len(texts.CAMPAIGN)]
    if day % 2:
        yield Event(f"own{day}", "post", _turn(world, day), dawn + 10 * HOUR, text=text, pairs=pairs)
    plain = texts.ORDINARY[day % len(texts.ORDINARY)]
    yield Event(f"plain{day}", "post", _turn(world, day + 1), dawn + 11 * HOUR, text=plain)


def _taken_back(day: int, dawn: datetime, so_far: dict[str, Event]) -> Iterator[Event]:
    """Yield what is deleted, and what was deleted and is done again."""
    old, older = day - _STAYS, day - _BACK
    gone = [ref for ref in (f"like{old}", *([f"reply{old}"] if old % 2 else [f"repost{old}"])) if ref in so_far]
    gone += [f"post{old}"] if old > 0 and old % 4 == 0 and so_far[f"post{old}"].by != LATE_ACCOUNT else []
    for ref in gone:
        yield Event(f"delete-{ref}", "delete", so_far[ref].by, dawn + 12 * HOUR, target=ref)
    if f"like{older}" in so_far and older % 4:
        like = so_far[f"like{older}"]
        yield replace(like, ref=f"relike{older}", at=dawn + 13 * HOUR)


def _edited(day: int, dawn: datetime, so_far: dict[str, Event]) -> Iterator[Event]:
    """Yield texts in other words: candidates' posts, comments that turn into campaigning, own posts that turn away."""
    old = day - _EDITED
    words = {
        f"post{old}": (2, "Mohon maaf, jadwal berubah. Sampai jumpa hari Minggu."),
        f"reply{old}": (2, texts.NAMED_COMMENT[0]),
        f"own{old}": (1, texts.ORDINARY[old % len(texts.ORDINARY)]),
    }
    for ref, (when, text) in words.items():
        if old % 4 == when and ref in so_far:
            yield Event(f"edit-{ref}", "edit", so_far[ref].by, dawn + 14 * HOUR, target=ref, text=text)


def _stays(ref: str) -> bool:
    """Whether a post is never taken back."""
    number = ref.removeprefix("post")
    return ref != "gone-post" and not (number.isdigit() and int(number) % 4 == 0)


def _poster(world: World, day: int) -> Actor:
    return world.having(Part.CANDIDATE)[day % 3]


def _turn(world: World, number: int) -> str:
    """Return whose turn it is among the civil servants who are registered from the start and not decided about."""
    takers = [a.key for a in world.having(Part.ASN)[:-2] if a.key not in (*DECIDED, LATE_SERVANT)]
    return takers[number % len(takers)]
