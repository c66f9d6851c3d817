"""An invented election as data: who takes part, and every act in the order in which it is played on a peer.

Everything follows from a seed number, the sizes and `now`; nothing here reaches a network. What the acts should lead to
is in `truth.py`, the register files in `registers.py`. Bystanders act on everyone, but no civil servant ever acts on a
bystander's content, so no stored row has a reason to name one.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from tests.peers import texts

REGION = "99.01"
CONTEST_NAME = "Bupati Contoh 2026"
JAKARTA = timezone(timedelta(hours=7))


class Part(StrEnum):
    """What an account is in the world."""

    CANDIDATE = "candidate"
    ASN = "asn"
    BYSTANDER = "bystander"
    ELECTION_BODY = "election_body"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Actor:
    """One account. `pair` and `kind` are set for candidates, the personal fields for civil servants."""

    key: str
    part: Part
    handle: str
    name: str
    bio: str = ""
    pair: int | None = None
    kind: str = ""
    nip: str = ""
    employment: str = ""
    agency: str = ""
    position: str = ""
    attribution: str = "terverifikasi"


@dataclass(frozen=True, slots=True)
class Event:
    """One act: post, reply, quote, repost, like, follow, delete, or edit, whose `text` replaces that of its target.

    `ref` names the record for later events; `target` is the ref acted on (the key of an account for follow), `root`
    the start of a reply's thread, `quotes` a post that a reply also quotes. `pairs` are the pairs that a reader would
    say the act concerns, empty when it should lead to nothing.
    """

    ref: str
    act: str
    by: str
    at: datetime
    target: str | None = None
    root: str | None = None
    quotes: str | None = None
    text: str = ""
    pairs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each: at least six civil servants and six bystanders. Posts are per candidate account."""

    asn: int = 12
    bystanders: int = 16
    posts: int = 4
    likes: int = 3
    bystander_likes: int = 6


@dataclass(frozen=True, slots=True)
class World:
    """A whole election; `now` lies in its campaign stage, `determined_at` is when the pairs became candidates."""

    now: datetime
    actors: tuple[Actor, ...]
    events: tuple[Event, ...]
    stages: tuple[tuple[str, datetime], ...]
    determined_at: datetime

    def having(self, part: Part) -> tuple[Actor, ...]:
        """Return the actors with one part, in order."""
        return tuple(a for a in self.actors if a.part is part)

    def actor(self, key: str) -> Actor:
        """Return one actor; KeyError when the world has none of that key."""
        return {a.key: a for a in self.actors}[key]

    def seed(self) -> dict[str, Any]:
        """Return the world as JSON values, the shape that `bluesky/seed.mjs` reads."""
        events = [asdict(e) | {"at": e.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")} for e in self.events]
        accounts = [{"key": a.key, "handle": a.handle, "name": a.name, "bio": a.bio} for a in self.actors]
        return {"accounts": accounts, "events": events}


def stages_around(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return the stages of a contest whose campaign began 40 days before `now`, each from midnight in Jakarta."""
    days = {"pra_penetapan": -70, "penetapan": -45, "kampanye": -40, "masa_tenang": 5, "pemungutan": 8, "pasca": 9}
    midnight = now.astimezone(JAKARTA).replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple((kind, midnight + timedelta(days=day)) for kind, day in days.items())


def make_world(seed: int, now: datetime, size: Size | None = None) -> World:
    """Return the world of a seed number; `now` must not lie after the peer's own clock."""
    size = size or Size()
    actors = (*_candidates(), *_neutral(), *_civil_servants(size.asn), *_bystanders(size.bystanders))
    stages = stages_around(now)
    script = _Script(random.Random(seed), now, size, actors)
    for candidate in script.cast(Part.CANDIDATE):
        _play_candidate(script, candidate)
    _play_neutral(script)
    _play_own_posts(script)
    _play_between_civil_servants(script)
    _play_deletions(script)
    _play_false_times(script)
    _play_bystanders(script)
    return World(now, actors, tuple(script.events), stages, dict(stages)["penetapan"])


def live_world(world: World) -> World:
    """Return the same world as if every act happened now: for peers that set the time themselves."""
    plausible = [e for e in world.events if not e.ref.startswith("falsetime")]
    return replace(world, events=tuple(replace(e, at=world.now) for e in plausible))


def _candidates() -> tuple[Actor, ...]:
    def account(key: str, handle: str, name: str, pair: int, kind: str) -> Actor:
        return Actor(key, Part.CANDIDATE, handle, name, "Akun kampanye rekaan", pair=pair, kind=kind)

    return (
        account("busi", "busi-contoh.test", "BUSI untuk Kabupaten Contoh", 1, "registered"),
        account("partaia", "partai-a-contoh.test", "Partai A Kabupaten Contoh", 1, "party"),
        account("rade", "rade-contoh.test", "RADE untuk Kabupaten Contoh", 2, "registered"),
    )


def _neutral() -> tuple[Actor, ...]:
    return (
        Actor("kpu", Part.ELECTION_BODY, "kpu-contoh.test", "KPU Kabupaten Contoh", kind="election_body"),
        Actor("berita", Part.NEWS, "berita-contoh.test", "Berita Contoh", kind="news"),
    )


def _civil_servants(count: int) -> tuple[Actor, ...]:
    agencies = ("Dinas Pendidikan", "Dinas Kesehatan", "Kecamatan Contoh Utara", "Sekretariat Daerah", "Dinas Sosial")
    return tuple(
        Actor(
            key=f"asn{n:02d}",
            part=Part.ASN,
            handle=f"asn{n:02d}-contoh.test",
            name=f"PEGAWAI CONTOH {texts.number_word(n)}",
            nip=f"{1970 + n % 25}0101{1995 + n % 25}01{1 + n % 2}{900 + n:03d}",
            employment="pppk" if n % 5 == 4 else "pns",
            agency=f"{agencies[n % len(agencies)]} Kabupaten Contoh",
            position="Kepala Subbagian" if n % 6 == 0 else "Pelaksana",
            attribution="diusulkan" if n % 7 == 6 else "terverifikasi",
        )
        for n in range(1, count + 1)
    )


def _bystanders(count: int) -> tuple[Actor, ...]:
    return tuple(
        Actor(f"warga{n:02d}", Part.BYSTANDER, f"warga{n:02d}-rekaan.test", f"WARGA REKAAN {n}")
        for n in range(1, count + 1)
    )


@dataclass(slots=True)
class _Script:
    """The events so far, and whose turn it is: civil servants take turns so that every kind of act has several doers.

    The last two civil servants stay out of the campaign: one is only official, one never posts at all.
    """

    rng: random.Random
    now: datetime
    size: Size
    actors: tuple[Actor, ...]
    events: list[Event] = field(default_factory=list)
    turn: int = 0

    def cast(self, part: Part) -> list[Actor]:
        return [a for a in self.actors if a.part is part]

    @property
    def partial(self) -> list[Actor]:
        return self.cast(Part.ASN)[:-2]

    def next_asn(self) -> str:
        self.turn += 1
        return self.partial[self.turn % len(self.partial)].key

    def some_bystanders(self, count: int) -> list[str]:
        everybody = [a.key for a in self.cast(Part.BYSTANDER)]
        return self.rng.sample(everybody, min(count, len(everybody)))

    def play(self, act: str, by: str, at: datetime, **more: Any) -> Event:
        """Add one event; its ref is the act and a running number unless given."""
        ref = more.pop("ref", None) or f"{act}{len(self.events):04d}"
        event = Event(ref, act, by, min(at, self.now), **more)
        self.events.append(event)
        return event


def _play_candidate(script: _Script, candidate: Actor) -> None:
    """Posts of one candidate account before and after the determination, and what everybody does with them."""
    assert candidate.pair is not None
    for n in range(script.size.posts):
        days = 60 - n * 4 if n < script.size.posts // 2 else 30 - n * 2
        at = script.now - timedelta(days=days, hours=script.rng.randrange(6))
        text = texts.of_candidate(candidate.pair, n)
        post = script.play("post", candidate.key, at, text=text)
        _play_engagement(script, post, candidate.pair, rich=n % 2 == 0)
        if n == script.size.posts - 1:
            more = {"text": "Simak juga jadwal kegiatan kami.", "target": post.ref, "root": post.ref}
            thread = script.play("reply", candidate.key, at + timedelta(hours=1), **more)
            script.play("like", script.next_asn(), at + timedelta(hours=2), target=thread.ref, pairs=(candidate.pair,))
            quote = script.play("quote", candidate.key, at + timedelta(hours=3), text="Sekali lagi.", target=post.ref)
            script.play("repost", script.next_asn(), at + timedelta(hours=4), target=quote.ref, pairs=(candidate.pair,))


def _play_engagement(script: _Script, post: Event, pair: int, *, rich: bool) -> None:
    """Likes on every post; on rich ones also reposts, quotes and a thread with replies below replies."""
    pairs, hour = (pair,), timedelta(hours=1)
    for n in range(script.size.likes):
        script.play("like", script.next_asn(), post.at + hour * (n + 1), target=post.ref, pairs=pairs)
    for key in script.some_bystanders(script.size.bystander_likes):
        script.play("like", key, post.at + hour, target=post.ref)
    if not rich:
        return
    thread = {"root": post.ref}
    script.play("repost", script.next_asn(), post.at + hour * 2, target=post.ref, pairs=pairs)
    script.play("quote", script.next_asn(), post.at + hour * 3, text="Menarik.", target=post.ref, pairs=pairs)
    comment = script.play("reply", script.next_asn(), post.at + hour * 2, text=script.rng.choice(texts.BLAND_REPLIES),
                          target=post.ref, pairs=pairs, **thread)  # fmt: skip
    script.play(
        "reply", script.next_asn(), post.at + hour * 3, text="Betul sekali.", target=comment.ref, pairs=pairs, **thread
    )
    script.play("reply", script.next_asn(), post.at + hour * 4, text="Sambil mengingat ini.", target=post.ref,
                quotes=post.ref, pairs=pairs, **thread)  # fmt: skip
    first, second, third = script.some_bystanders(3)
    script.play("repost", first, post.at + hour, target=post.ref)
    script.play("quote", second, post.at + hour, text="Kata warga: setuju.", target=post.ref)
    below = script.play("reply", third, post.at + hour, text="Kapan ke desa kami?", target=post.ref, **thread)
    script.play("reply", first, post.at + hour * 2, text="Ditunggu juga di sini.", target=below.ref, **thread)
    script.play("reply", second, post.at + hour * 5, text="Setuju, Pak.", target=comment.ref, **thread)
    script.play("like", third, post.at + hour * 5, target=comment.ref)


def _play_neutral(script: _Script) -> None:
    """Posts of the election body and a newspaper: liking, sharing or thanking for them means nothing by itself."""
    hour = timedelta(hours=1)
    for n, body in enumerate(["kpu", "kpu", "berita"]):
        post = script.play("post", body, script.now - timedelta(days=20 - n), text=texts.NEUTRAL[n])
        for step in range(2):
            script.play("like", script.next_asn(), post.at + hour * (step + 1), target=post.ref)
        script.play("like", script.cast(Part.ASN)[-2].key, post.at + hour, target=post.ref)
        script.play("repost", script.next_asn(), post.at + hour * 2, target=post.ref)
        script.play("reply", script.next_asn(), post.at + hour * 3, text="Terima kasih informasinya.", target=post.ref,
                    root=post.ref)  # fmt: skip
        for key in script.some_bystanders(3):
            script.play("like", key, post.at + hour, target=post.ref)
        if n == 0:
            text, pairs = texts.NAMED_COMMENT
            script.play(
                "reply", script.next_asn(), post.at + hour * 4, text=text, target=post.ref, root=post.ref, pairs=pairs
            )


def _play_own_posts(script: _Script) -> None:
    """Every civil servant but the silent last one posts something ordinary; some post campaign content as well."""
    for n, person in enumerate(script.cast(Part.ASN)[:-1]):
        at = script.now - timedelta(days=25, hours=n)
        post = script.play("post", person.key, at, text=texts.ORDINARY[n % len(texts.ORDINARY)])
        for key in script.some_bystanders(2):
            script.play("like", key, at + timedelta(hours=1), target=post.ref)
    for n, (text, pairs) in enumerate(texts.CAMPAIGN):
        at = script.now - timedelta(days=58 if n % 3 == 2 else 18, hours=n)
        post = script.play("post", script.next_asn(), at, text=text, pairs=pairs)
        first, second = script.some_bystanders(2)
        thread = {"root": post.ref}
        reply = script.play("reply", first, at + timedelta(hours=1), text="Wah.", target=post.ref, **thread)
        script.play("reply", second, at + timedelta(hours=2), text="Iya.", target=reply.ref, **thread)
    own = script.play(
        "post", script.partial[0].key, script.now - timedelta(days=12), text="Catatan harian bagian satu."
    )
    script.play("reply", script.partial[0].key, own.at + timedelta(hours=1), text="Catatan harian bagian dua.",
                target=own.ref, root=own.ref)  # fmt: skip


def _play_between_civil_servants(script: _Script) -> None:
    """Acts of civil servants on each other's posts: campaign posts carry over to who likes or shares them."""
    by_asn = {a.key for a in script.cast(Part.ASN)}
    posts = [e for e in script.events if e.act == "post" and e.by in by_asn]
    campaign = next(p for p in posts if p.pairs and p.text == texts.CAMPAIGN[0][0])
    ordinary = next(p for p in posts if not p.pairs)
    for post in (campaign, ordinary):
        others = [a.key for a in script.partial if a.key != post.by]
        script.play("like", others[1], post.at + timedelta(hours=5), target=post.ref, pairs=post.pairs)
        script.play("repost", others[2], post.at + timedelta(hours=6), target=post.ref, pairs=post.pairs)


def _play_deletions(script: _Script) -> None:
    """Withdrawn acts leave nothing; a like of a post that its candidate deleted stays in the liker's own list."""
    hour, at = timedelta(hours=1), script.now - timedelta(days=8)
    post = script.play("post", "busi", at, text=texts.of_candidate(1, 1))
    kept = script.play("like", script.next_asn(), at + hour, target=post.ref, pairs=(1,))
    gone_like = script.play("like", script.next_asn(), at + hour, target=post.ref, ref="gone-like", pairs=(1,))
    gone_reply = script.play("reply", script.next_asn(), at + hour, text="Maaf, salah ketik.", target=post.ref,
                             root=post.ref, ref="gone-reply", pairs=(1,))  # fmt: skip
    for event in (gone_like, gone_reply):
        script.play("delete", event.by, at + hour * 2, target=event.ref)
    deleted = script.play("post", "busi", at + hour, text="Unggahan yang kemudian dihapus.", ref="gone-post")
    script.play("like", kept.by, at + hour * 2, target=deleted.ref, pairs=(1,))
    script.play("like", script.some_bystanders(1)[0], at + hour * 2, target=deleted.ref)
    script.play("delete", "busi", at + hour * 3, target=deleted.ref)


def _play_false_times(script: _Script) -> None:
    """Likes whose stated time cannot be: before the post was there, and in the future."""
    post = script.play(
        "post", "rade", script.now - timedelta(days=6), text=texts.of_candidate(2, 2), ref="falsetime-post"
    )
    for ref, at in (
        ("falsetime-early", post.at - timedelta(days=1)),
        ("falsetime-late", script.now + timedelta(days=3)),
    ):
        script.events.append(Event(ref, "like", script.next_asn(), at, target=post.ref, pairs=(2,)))


def _play_bystanders(script: _Script) -> None:
    """Bystanders' own posts, which a candidate may repost but no civil servant touches; and follows of all kinds."""
    for n, key in enumerate(script.some_bystanders(4)):
        at = script.now - timedelta(days=15, hours=n)
        post = script.play("post", key, at, text=f"Warga bicara, bagian {n + 1}: ayo pilih BUSI, nomor 1!")
        script.play("like", script.some_bystanders(1)[0], at + timedelta(hours=1), target=post.ref)
        if n == 0:
            script.play("repost", "busi", at + timedelta(hours=2), target=post.ref)
    for by, target in (
        ("asn01", "busi"),
        ("asn02", "kpu"),
        ("warga01", "busi"),
        ("warga02", "asn01"),
        ("asn03", "rade"),
    ):
        script.play("follow", by, script.now - timedelta(days=50), target=target)
