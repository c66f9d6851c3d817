"""A large invented office: a million acts, fifty thousand cases, nobody real; the same for the same seed.

`python -m benchmarks.big sqlite:////tmp/big.db` fills an empty database (it is migrated first).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from benchmarks.big_rows import NOW, RULES, Row, Town, act_row, case_row, events_of, hit_row, person_row, text_of
from db import events, schema, search
from db.connect import Database, Session, open_database
from db.tables import (
    account,
    app_user,
    asn,
    attribution,
    candidate,
    candidate_account,
    case_hit,
    contest,
    election,
    interaction,
    item,
    item_text,
    item_version,
    judgement,
    jurisdiction,
    review_case,
    role_grant,
    roster_batch,
    rule_hit,
    ruleset,
)
from db.upkeep import refresh_statistics
from db.upsert import insert_all
from monitor.domain import AccountKind, AttributionStatus, ItemKind, JudgementOutcome, Office, Regime, Role

STATES = 12
POSTS_A_PAIR = 8


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; cases hold two acts on the average."""

    people: int = 25_000
    cases: int = 50_000
    acts: int = 1_000_000
    towns: int = 514
    reviewers: int = 20


def fill(database: Database, size: Size = Size(), seed: int = 7, tell: Callable[[str], None] = print) -> None:
    """Fill a migrated, empty database; each step is a transaction of its own."""
    chance = random.Random(seed)
    began = time.monotonic()

    def said(what: str) -> None:
        tell(f"{what}: {time.monotonic() - began:.0f} s")

    with database.write() as session:
        towns = _register(session, size)
        posts = _posts(session, towns, chance)
    said("register and posts")
    with database.write() as session:
        numbers = _cases(session, size, towns, posts, chance)
    said("cases with their hits")
    with database.write() as session:
        insert_all(session, interaction, _other_acts(size, towns, posts, numbers, chance))
    said("acts without hits")
    with database.write() as session:
        search.refresh(session, NOW)
    said("words")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.exec_driver_sql("ANALYZE" if database.dialect == "sqlite" else "VACUUM ANALYZE")
    said("statistics")


def settle(database: Database) -> None:
    """Leave the planner's figures as every night does; connections that are opened from now on go by them."""
    with database.write() as session:
        refresh_statistics(session)
    database.dispose()


def _register(session: Session, size: Size) -> list[Town]:
    towns = [Town(n, f"{11 + n % 38}.{1 + n // 38:02d}") for n in range(size.towns)]
    codes = sorted({town.code for town in towns} | {town.code[:2] for town in towns})
    places = [{"code": c, "parent_code": c[:2] if "." in c else None, "name": f"Wilayah Contoh {c}"} for c in codes]
    insert_all(session, jurisdiction, [row | {"timezone": None} for row in places])
    batch = {
        "kind": "asn",
        "file_name": "contoh.csv",
        "sha256": "0" * 64,
        "stored_as": "contoh",
        "imported_by": "contoh",
    }
    insert_all(session, roster_batch, [batch | {"imported_at": NOW, "confirmed_by": "lain", "confirmed_at": NOW}])
    insert_all(session, election, [{"regime": Regime.PILKADA, "year": 2024}])
    insert_all(session, contest, [_contest(town) for town in towns])
    insert_all(session, candidate, [_pair(town, pair) for town in towns for pair in range(3)])
    insert_all(session, asn, (person_row(n, towns[n % len(towns)]) for n in range(size.people)))
    insert_all(session, account, (_account(n, "asn") for n in range(size.people)))
    insert_all(session, account, (_account(n, "pair") for n in range(3 * len(towns))))
    insert_all(session, attribution, (_owner(n) for n in range(1, size.people + 1)))
    insert_all(session, candidate_account, (_campaign(n, size.people) for n in range(1, 3 * len(towns) + 1)))
    titles = {"rules": {rule: {"title": f"Aturan contoh {rule}", "false_positives": []} for rule in RULES}}
    insert_all(session, ruleset, [{"hash": "a" * 64, "detail": titles, "created_at": NOW}])
    _users(session, size)
    return [Town(t.number, t.code, size.people + 3 * t.number + 1) for t in towns]


def _users(session: Session, size: Size) -> None:
    names = ["pusat", "provinsi", *(f"petugas{n}" for n in range(size.reviewers))]
    shared = {"display_name": "Petugas Contoh", "agency": "", "password_hash": "-", "created_at": NOW}
    insert_all(session, app_user, [shared | {"name": name, "display_name": name.title() + " Contoh"} for name in names])
    places = ["", "11", *[""] * size.reviewers]
    grants = [{"user_id": n, "role": Role.PENGAWAS, "jurisdiction": place} for n, place in enumerate(places, 1)]
    insert_all(session, role_grant, [grant | {"granted_by": None, "granted_at": NOW} for grant in grants])


def _contest(town: Town) -> Row:
    return {
        "election_id": 1, "name": f"Bupati Contoh {town.code}", "region": town.code, "office": Office.BUPATI,
        "regime": Regime.PILKADA, "law": None, "batch_id": 1, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip


def _pair(town: Town, pair: int) -> Row:
    label = f"Pasangan Contoh {town.code} {pair + 1}"
    return {"contest_id": town.number + 1, "number": pair + 1, "label": label}


def _account(number: int, kind: str) -> Row:
    handle = f"{kind}{number}.contoh.test"
    return {
        "platform": "bluesky" if number % 3 else "mastodon", "platform_user_id": f"did:plc:{kind}{number}",
        "handle": handle, "handle_key": handle, "resolved_at": NOW, "created_at": NOW,
    }  # fmt: skip


def _owner(number: int) -> Row:
    return {
        "account_id": number, "asn_id": number, "status": AttributionStatus.VERIFIED, "method": "profil",
        "evidence": "contoh", "proposed_by": "contoh", "proposed_at": NOW, "verified_by": "lain", "verified_at": NOW,
    }  # fmt: skip


def _campaign(number: int, people: int) -> Row:
    return {
        "candidate_id": number, "account_id": people + number, "kind": AccountKind.REGISTERED, "ground": "",
        "position": 0, "batch_id": 1, "proposed_by": "contoh", "confirmed_by": "lain", "confirmed_at": NOW,
    }  # fmt: skip


def _posts(session: Session, towns: list[Town], chance: random.Random) -> int:
    """Write the posts of campaigns and return how many there are."""
    pairs = 3 * len(towns)
    rows = (
        _item(f"post:{number}", ItemKind.POST, towns[number % pairs // 3].campaign + number % pairs % 3)
        for number in range(pairs * POSTS_A_PAIR)
    )
    count = insert_all(session, item, rows)
    _texts(session, 1, (text_of(chance, number % pairs) for number in range(count)))
    return count


def _texts(session: Session, first: int, texts: Iterable[str]) -> None:
    said = list(texts)
    insert_all(
        session, item_version, ({"item_id": first + n, "content_hash": f"{first + n:064x}"} for n in range(len(said)))
    )
    rows = ({"version_id": first + n, "text": text, "hashtags": ["ContohMaju"]} for n, text in enumerate(said))
    insert_all(session, item_text, rows)


def _item(key: str, kind: ItemKind, author: int) -> Row:
    return {
        "platform": "bluesky", "platform_item_id": f"at://contoh/{key}", "author_account_id": author, "kind": kind,
        "url": f"https://contoh.test/{key.replace(':', '/')}", "published_at": NOW - timedelta(days=9),
    }  # fmt: skip


def _cases(session: Session, size: Size, towns: list[Town], posts: int, chance: random.Random) -> int:
    """Write the cases with hits and events; return how many acts they rest on."""
    plans = [case_row(n, size.people, towns, chance) for n in range(size.cases)]
    acts: list[Row] = []
    hits: list[Row] = []
    held: list[Row] = []
    for number, plan in enumerate(plans, 1):
        for _ in range(1 + chance.randrange(3)):
            acts.append(act_row(len(acts) + 1, plan, posts, chance))
            hits.append(hit_row(len(acts), plan, acts[-1], chance))
            held.append({"hit_id": len(hits), "case_id": number, "joined_at": NOW})
    own = [row for row in acts if row["own_item_key"]]
    insert_all(
        session, item, (_item(row["own_item_key"][12:], ItemKind.COMMENT, row["actor_account_id"]) for row in own)
    )
    _texts(session, posts + 1, (text_of(chance, row["own_item_id"] or 0) for row in own))
    for at, row in enumerate(own):
        row["own_item_id"] = posts + 1 + at
    insert_all(session, interaction, acts)
    said = {"ruleset_id": 1, "outcome": JudgementOutcome.HIT, "current": True, "judged_at": NOW}
    judged = (said | {"interaction_id": n, "result_hash": f"{n:064x}"} for n in range(1, len(acts) + 1))
    insert_all(session, judgement, judged)
    insert_all(session, rule_hit, hits)
    drafts = [events_of(number, plan) for number, plan in enumerate(plans, 1)]
    rows = []
    for plan, of_case in zip(plans, drafts, strict=True):
        stands = None
        for draft in of_case:
            stands = events.fold(stands, draft)
        assert stands is not None
        rows.append(plan | asdict(stands) | {"hit_count": 1})
    insert_all(session, review_case, rows)
    insert_all(session, case_hit, held)
    for start in range(0, len(drafts), 2000):
        events.append(session, [draft for of_case in drafts[start : start + 2000] for draft in of_case])
    return len(acts)


def _other_acts(size: Size, towns: list[Town], posts: int, before: int, chance: random.Random) -> Iterator[Row]:
    for number in range(before + 1, size.acts + 1):
        whom = {"asn_id": 1 + chance.randrange(size.people), "candidate_id": 1 + chance.randrange(3 * len(towns))}
        yield act_row(number, whom, posts, chance, own=False)


def main() -> int:
    """Migrate and fill the database at an address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--cases", type=int, default=Size().cases)
    parser.add_argument("--acts", type=int, default=Size().acts)
    parser.add_argument("--people", type=int, default=Size().people)
    asked = parser.parse_args()
    schema.upgrade(asked.url)
    database = open_database(asked.url)
    fill(database, Size(people=asked.people, cases=asked.cases, acts=asked.acts))
    database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
