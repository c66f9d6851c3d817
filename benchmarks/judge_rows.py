"""The acts of the large invented office as people act: most are likes, a few posts draw the most, comments repeat.

They are stored as visits bring them: night by night, and of a night post by post, for a visit lists what one post drew
since the last. Most of what a post draws comes within two days.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

import sqlalchemy as sa

from benchmarks.big import POSTS_A_PAIR, Size
from benchmarks.big_rows import NOW, WORDS, Row
from db.connect import Database, Session
from db.tables import asn, candidate, interaction, item, item_text, item_version
from db.upsert import chunks, insert_all
from monitor.domain import Act, Employment, ItemKind

PEOPLE_A_TOWN = 200
PEOPLE = PEOPLE_A_TOWN * Size().towns
ACTS_A_TOWN = 2_000
VERBS = {Act.LIKE: 75, Act.COMMENT: 15, Act.SHARE: 10}
PAIRS = (55, 30, 15)  # how often people act on the first, second and third pair of their town
AT_HOME = 0.95
NIGHTS = 40
DAY = 24 * 60
STOCK = 0.5  # of comments: one of the stock phrases
NAMING = 0.2  # of the others: one that gives a ballot number
STOCK_WORDS = (
    "mantap", "mantap pak", "gaskeun", "siap", "siap pak", "amin", "aamiin", "semoga sukses", "sukses selalu",
    "lanjutkan", "hadir", "hadir pak", "👍", "👍👍👍", "❤️", "🔥🔥", "🙏", "🙏🙏", "semangat", "semangat pak", "keren",
    "top", "luar biasa", "sehat selalu pak", "barakallah", "masya allah", "selamat pagi", "mantul", "ok", "setuju",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who acts on what: towns with people, three pairs and their posts, numbered as `big.fill` numbers them."""

    towns: int
    busy: int

    def act(self, chance: random.Random) -> tuple[int, int, int]:
        """Return one person's number, a pair's number and a post's, the first pairs and posts drawing the most."""
        town = chance.randrange(self.busy)
        person = town + self.towns * chance.randrange(PEOPLE_A_TOWN)
        there = town if chance.random() < AT_HOME else chance.randrange(self.busy)
        pair = 3 * there + chance.choices((0, 1, 2), PAIRS)[0]
        turn = chance.choices(range(POSTS_A_PAIR), cum_weights=_DRAWS)[0]
        return person + 1, pair + 1, pair + 3 * self.towns * turn


_DRAWS = tuple(accumulate(1 / (turn + 1) for turn in range(POSTS_A_PAIR)))


def add_acts(database: Database, acts: int, seed: int = 7) -> None:
    """Add acts to an office of `big.fill`; fewer acts are of fewer towns, so that every post draws as many."""
    chance = random.Random(seed)
    with database.write() as session:
        towns = int(session.execute(sa.select(sa.func.count()).select_from(candidate)).scalar_one()) // 3
        session.execute(sa.update(asn).where(asn.c.id % 4 == 0).values(employment=Employment.PPPK))
        crowd = Crowd(towns, max(1, min(towns, acts // ACTS_A_TOWN)))
        first, before = (_last(session, table) for table in (item, interaction))
        for rows in chunks(_acts(crowd, before, acts, chance), 50_000):
            first = _store(session, rows, first)


def _last(session: Session, table: sa.Table) -> int:
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one())


def _acts(crowd: Crowd, before: int, acts: int, chance: random.Random) -> Iterator[tuple[Row, str]]:
    """Yield acts as nights of visits store them, and what the comments among them say."""
    drawn = (crowd.act(chance) for _ in range(acts))
    told = sorted(((_minute(post, chance), post, person, pair) for person, pair, post in drawn), key=_visit)
    for number, (minute, post, person, pair) in enumerate(told, before + 1):
        verb = chance.choices(tuple(VERBS), tuple(VERBS.values()))[0]
        text = _comment(chance, pair) if verb is Act.COMMENT else ""
        at = NOW - timedelta(minutes=NIGHTS * DAY - minute)
        yield {
            "key": f"{number:064x}", "platform": "bluesky", "actor_account_id": person, "act": verb,
            "target_id": f"at://contoh/post:{post}", "target_author_account_id": None,
            "own_item_key": f"at://contoh/comment:{number}" if text else None, "own_item_id": None, "occurred_at": at,
            "bracket_lo": None, "bracket_hi": None, "seen_first_at": at, "seen_last_at": at, "dirty": False,
        }, text  # fmt: skip


def _minute(post: int, chance: random.Random) -> int:
    """Return when somebody acts on a post, in minutes since the first night: soon after it was published."""
    published = post * 7919 % ((NIGHTS - 2) * DAY)
    return min(published + int(chance.expovariate(1 / DAY)), NIGHTS * DAY - 1)


def _visit(act: tuple[int, ...]) -> tuple[int, int]:
    minute, post, *_ = act
    return minute // DAY, post


def _comment(chance: random.Random, pair: int) -> str:
    if chance.random() < STOCK:
        return chance.choice(STOCK_WORDS)
    said = " ".join(chance.choices(WORDS, k=3 + chance.randrange(12)))
    return f"{said} nomor {1 + (pair - 1) % 3}" if chance.random() < NAMING else said


def _store(session: Session, rows: list[tuple[Row, str]], last: int) -> int:
    """Write acts with their comments; return the number of the last text."""
    own = [(row, text) for row, text in rows if text]
    for at, (row, _) in enumerate(own, last + 1):
        row["own_item_id"] = at
    insert_all(session, item, (_item(row) for row, _ in own))
    versions = ({"item_id": row["own_item_id"], "content_hash": f"{row['own_item_id']:064x}"} for row, _ in own)
    insert_all(session, item_version, versions)
    said = ({"version_id": row["own_item_id"], "text": text, "hashtags": []} for row, text in own)
    insert_all(session, item_text, said)
    insert_all(session, interaction, (row for row, _ in rows))
    return last + len(own)


def _item(row: Row) -> Row:
    key = row["own_item_key"]
    return {
        "platform": "bluesky", "platform_item_id": key, "author_account_id": row["actor_account_id"],
        "kind": ItemKind.COMMENT, "url": f"https://contoh.test/{key[12:].replace(':', '/')}",
        "published_at": row["occurred_at"], "root_id": row["target_id"], "parent_id": row["target_id"],
    }  # fmt: skip
