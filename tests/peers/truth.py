"""What a scan of a played world must find: every act of a registered civil servant, and every case it leads to.

Made from the world and from the ids that the peer gave, never from what our program reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import Act, interaction_key
from tests.peers.world import Event, Part, World

LAW = "skb-2-2022"
ROWS = {False: ("A4", "A2"), True: ("B6", "B2")}  # by whether the pair was determined; the second for campaigning posts
ACTS = {"post": Act.POST, "reply": Act.COMMENT, "quote": Act.SHARE, "repost": Act.SHARE, "like": Act.LIKE}
WRITTEN = ("post", "reply", "quote")
_HIDDEN = {("mastodon", "like"): frozenset({"subject"}), ("mastodon", "quote"): frozenset({"candidate"})}


@dataclass(frozen=True, slots=True)
class ExpectedAct:
    """One interaction that must be stored, no more and no fewer.

    `occurred_at` is None where only a bracket can be known. `sides` says from which direction the act can be seen:
    "candidate" (listing a candidate's posts), "subject" (reading the person's own account). `pairs` are those that a
    rule must flag, empty for a miss; `campaigns` marks an own post that campaigns, which has its own row.
    """

    platform: str
    actor: str
    act: Act
    target: str
    own: str | None
    occurred_at: datetime | None
    sides: frozenset[str]
    nip: str
    pairs: tuple[int, ...]
    campaigns: bool
    ref: str

    @property
    def key(self) -> str:
        """The idempotency key under which the interaction must be stored."""
        return interaction_key(self.platform, self.actor, self.act, self.target, self.own)


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """One case: a person, a pair, the row of the law and the stage."""

    nip: str
    pair: int
    law: str
    row: str
    stage: str


@dataclass(frozen=True, slots=True)
class Truth:
    """All that a peer's world must lead to. `bystanders` are ids and handles that may appear in no row at all."""

    platform: str
    acts: tuple[ExpectedAct, ...]
    bystanders: frozenset[str]
    accounts: Mapping[str, str]
    items: Mapping[str, str]
    world: World

    def seen_from(self, *sides: str) -> tuple[ExpectedAct, ...]:
        """Return the acts that can be seen from at least one of the sides."""
        return tuple(a for a in self.acts if a.sides & set(sides))

    @property
    def cases(self) -> frozenset[ExpectedCase]:
        """The cases after a scan in both directions."""
        return frozenset(self._case(act, pair) for act in self.acts for pair in act.pairs)

    def _case(self, act: ExpectedAct, pair: int) -> ExpectedCase:
        moment = act.occurred_at or self.world.now
        stage = [kind for kind, starts in self.world.stages if starts <= moment][-1]
        row = ROWS[self.world.determined_at <= moment][act.campaigns]
        return ExpectedCase(act.nip, pair, LAW, row, stage)


def truth_of(
    world: World,
    platform: str,
    accounts: Mapping[str, str],
    items: Mapping[str, str],
    times: Mapping[str, datetime] | None = None,
) -> Truth:
    """Return what must be found. `accounts` maps keys to stable ids, `items` maps refs of texts to canonical ids.

    `times` are those that the platform set, where it sets them; what is not in it is known by a bracket only. Mastodon
    shows a like only on the candidate's side and a quote only on the person's.
    """
    events = {e.ref: e for e in world.events if e.act != "delete"}
    deleted = {e.target for e in world.events if e.act == "delete"}
    acts = []
    for event in events.values():
        if world.actor(event.by).part is not Part.ASN or event.act not in ACTS or event.ref in deleted:
            continue
        sides = _sides(event, events, world, deleted) - _HIDDEN.get((platform, event.act), frozenset())
        if sides:
            occurred_at = _stated_time(event, events, world) if times is None else times.get(event.ref)
            acts.append(_expect(event, world, platform, (accounts, items), occurred_at, sides))
    strangers = world.having(Part.BYSTANDER)
    names = {name for a in strangers for name in (a.key, a.handle, a.name, accounts[a.key])}
    return Truth(platform, tuple(acts), frozenset(names), dict(accounts), dict(items), world)


def _expect(
    event: Event,
    world: World,
    platform: str,
    ids: tuple[Mapping[str, str], Mapping[str, str]],
    occurred_at: datetime | None,
    sides: frozenset[str],
) -> ExpectedAct:
    accounts, items = ids
    own = items[event.ref] if event.act in WRITTEN else None
    target = own if event.act == "post" else items[event.target or ""]
    assert target is not None
    return ExpectedAct(
        platform=platform,
        actor=accounts[event.by],
        act=ACTS[event.act],
        target=target,
        own=own,
        occurred_at=occurred_at,
        sides=sides,
        nip=world.actor(event.by).nip,
        pairs=event.pairs,
        campaigns=event.act == "post" and bool(event.pairs),
        ref=event.ref,
    )


def _stated_time(event: Event, events: Mapping[str, Event], world: World) -> datetime | None:
    """Return the time that the actor stated when it can be: not before its target and not in the future."""
    target = events[event.target] if event.target else None
    if event.at > world.now or (target is not None and event.at < target.at):
        return None
    return event.at


def _sides(event: Event, events: Mapping[str, Event], world: World, deleted: set[str | None]) -> frozenset[str]:
    """Return from where the act can be seen: the person's own account, a listing below a candidate's post."""
    above = event.root if event.act == "reply" else event.target
    if above and above not in deleted and world.actor(events[above].by).part is Part.CANDIDATE:
        return frozenset({"subject", "candidate"})
    return frozenset({"subject"})
