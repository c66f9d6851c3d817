"""Full-text search over cases: the words each is found by, and a query that can be neither broken nor unbounded."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, unquote

import sqlalchemy as sa

from db.connect import Session
from db.contents import Contents, chunked, load_contents
from db.standing import STANDING
from db.tables import account, account_handle, asn, candidate, case_hit, case_words, interaction, review_case, rule_hit
from db.upsert import upsert

CAP = 1000
"""Matches that are ordered and counted; a search with more says so and asks to be narrowed."""

_LONGEST_WORD = 64
_MOST_TERMS = 12
_MOST_LETTERS = 20_000
_BATCH = 200
_TELLING = frozenset({"id", "v", "story_fbid", "fbid"})
"""Parameters of addresses that name a text; all others say how somebody came there."""
_KINDS = frozenset({
    "embed", "i", "live", "p", "permalink", "photo", "photos", "post", "posts", "profile", "reel", "reels",
    "s", "share", "shorts", "status", "story", "t", "tv", "v", "video", "videos", "watch", "web",
})  # fmt: skip
"""Words of paths that say what kind of page it is: platforms show one text under several of them."""
_NTH = re.compile(r"/(?:photo|video)/\d{1,2}/?$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^/]+/(.+)|(?:[\w-]+\.)+[a-z]+(?::\d+)?/([^/]+/.+)", re.IGNORECASE)
_WITHOUT = ~sa.exists().where(case_words.c.case_id == review_case.c.id)
_PHRASES = re.compile(r'"([^"]*)"?')


def fold(text: str) -> str:
    """Return words in lower case without marks and signs, one space apart; what is written and what is typed alike."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(word[:_LONGEST_WORD] for word in kept.split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: words and phrases that must all be there; `open_end` lets the last one be a beginning."""

    terms: tuple[str, ...] = ()
    open_end: bool = False
    number: int | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.terms)


def wanted(typed: str) -> Wanted:
    """Read a search: words, "phrases", addresses, a case's number; signs mean nothing and never break it."""
    phrases = [fold(found) for found in _PHRASES.findall(typed)]
    rest = _PHRASES.sub(" ", typed).split()
    words = [fold(part) for word in rest for part in _parts(word)]
    terms = tuple(dict.fromkeys(term for term in (*phrases, *words) if term))[:_MOST_TERMS]
    bare = typed.strip().lstrip("#")
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else None
    return Wanted(terms, open_end=bool(words) and bool(words[-1]), number=number)


def _parts(word: str) -> list[str]:
    """Return a typed word; of an address, what stands in it whatever host, kind of page or name of an account it has.

    A text is kept under one address, and a browser shows another: with the handle for the account's stable id, with
    another host, as a reel or one of several pictures, with what a share button adds. So each part that may name the
    text is looked for by itself.
    """
    address = _ADDRESS.fullmatch(word)
    if address is None:
        return [word]
    path, _, query = (address[1] or address[2]).partition("#")[0].partition("?")
    telling = [value for name, value in parse_qsl(query) if name in _TELLING]
    named = [
        part for part in map(unquote, _NTH.sub("", path).split("/")) if part.lower().removesuffix(".php") not in _KINDS
    ]
    return [part for part in (*named, *telling) if fold(part)] or [word]


def matches(dialect: str, asked: Wanted) -> sa.Subquery:
    """Return the cases that fit as `case_id` and `rank`, the best lowest; the caller limits how many are read."""
    if dialect == "postgresql":
        said = "SELECT case_id, -ts_rank(tsv, query)::float8 AS rank FROM case_words, to_tsquery('simple', :q) query"
        text = f"{said} WHERE tsv @@ query"
    else:
        text = "SELECT rowid AS case_id, rank FROM case_fts WHERE case_fts MATCH :q"
    bound: dict[str, object] = {"q": _query(dialect, asked)}
    if asked.number is not None:
        text = f"SELECT :n AS case_id, -1000.0 AS rank UNION ALL SELECT * FROM ({text}) AS other WHERE case_id <> :n"  # noqa: S608 - constants
        bound["n"] = asked.number
    columns = {"case_id": sa.BigInteger, "rank": sa.Double}
    return sa.text(text).bindparams(**bound).columns(**columns).subquery("found")


def _query(dialect: str, asked: Wanted) -> str:
    """Return the terms in the database's own words; they are letters, digits and single spaces only."""
    last = len(asked.terms) - 1
    parts = []
    for at, term in enumerate(asked.terms):
        begins = asked.open_end and at == last
        if dialect == "postgresql":
            words = [f"'{word}'" for word in term.split()]
            parts.append("(" + " <-> ".join(words) + (":*" if begins else "") + ")")
        else:
            parts.append(f'"{term}"' + (" *" if begins else ""))
    return (" & " if dialect == "postgresql" else " ").join(parts)


def refresh(session: Session, now: datetime) -> int:
    """Make the words and facets of all cases that have none; return how many that were."""
    missing = without_words(session)
    for ids in chunked(missing, _BATCH):
        _make(session, ids, now)
    return len(missing)


def refresh_cases(session: Session, case_ids: Iterable[int], now: datetime) -> None:
    """Make the words and facets of those of some cases that have none."""
    for ids in chunked(sorted(case_ids), _BATCH):
        missing = sa.select(review_case.c.id).where(review_case.c.id.in_(ids), _WITHOUT).order_by(review_case.c.id)
        if numbers := list(session.execute(missing).scalars()):
            _make(session, numbers, now)


def without_words(session: Session) -> list[int]:
    """Return the cases that search cannot find; none after every night."""
    return list(session.execute(sa.select(review_case.c.id).where(_WITHOUT).order_by(review_case.c.id)).scalars())


def forget_cases(session: Session, case_ids: Iterable[int]) -> None:
    """Take out what these cases are found by; `refresh` makes it anew from what is stored then."""
    for ids in chunked(case_ids):
        session.execute(sa.delete(case_words).where(case_words.c.case_id.in_(ids)))


def forget_hits(session: Session, hit_ids: Iterable[int]) -> None:
    """Take out the words of the cases that hold these hits."""
    for ids in chunked(hit_ids):
        held = sa.select(case_hit.c.case_id).where(case_hit.c.hit_id.in_(ids))
        session.execute(sa.delete(case_words).where(case_words.c.case_id.in_(held)))


def forget_people(session: Session, asn_ids: Iterable[int]) -> None:
    """Take out the words of these people's cases."""
    for ids in chunked(asn_ids):
        theirs = sa.select(review_case.c.id).where(review_case.c.asn_id.in_(ids))
        session.execute(sa.delete(case_words).where(case_words.c.case_id.in_(theirs)))


def forget_pairs(session: Session, candidate_ids: Iterable[int]) -> None:
    """Take out the words of the cases that concern these pairs."""
    for ids in chunked(candidate_ids):
        theirs = sa.select(review_case.c.id).where(review_case.c.candidate_id.in_(ids))
        session.execute(sa.delete(case_words).where(case_words.c.case_id.in_(theirs)))


def forget_acts(session: Session, *where: sa.ColumnElement[Any]) -> None:
    """Take out the words of the cases that hold hits on the acts of a condition."""
    held = (
        sa.select(case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(*where)
    )
    session.execute(sa.delete(case_words).where(case_words.c.case_id.in_(held)))


def _make(session: Session, ids: list[int], now: datetime) -> None:
    hits: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_hits().where(case_hit.c.case_id.in_(ids))):
        hits[row.case_id].append(row)
    contents = load_contents(session, {row.interaction_id for rows in hits.values() for row in rows})
    handles = _handles(session, {row.actor_account_id for rows in hits.values() for row in rows})
    made, faceted = [], []
    for case in session.execute(_subjects().where(review_case.c.id.in_(ids))):
        rows = hits[case.id]
        said = chain(_about(case), _said(rows, contents, handles))
        words = fold(" \n ".join(dict.fromkeys(part for part in said if part)))
        made.append({"case_id": case.id, "words": words[:_MOST_LETTERS], "made_at": now})
        faceted.append({"case_number": case.id, "facets": facets(rows)})
    # Somebody else may be making the same words at this moment.
    upsert(session, case_words, made, ["case_id"], ["words", "made_at"])
    named = sa.update(review_case).where(review_case.c.id == sa.bindparam("case_number"))
    session.execute(named.values(facets=sa.bindparam("facets")), faceted)


def facets(rows: Collection[Any]) -> str:
    """Return what standing hits are, as tokens between bars, so that a filter can look for one of them."""
    tokens = {
        token
        for row in rows
        if row.stands
        for token in (
            f"a:{row.act.value}",
            f"p:{row.platform}",
            f"r:{row.rule_id}",
            f"t:{row.tier.value}",
            f"s:{row.stance.value}" if row.stance is not None else "",
        )
        if token
    }
    return "|" + "".join(f"{token}|" for token in sorted(tokens))


def _subjects() -> sa.Select[Any]:
    return (
        sa.select(review_case.c.id, asn.c.name, asn.c.agency, asn.c.position, candidate.c.label)
        .join(asn, asn.c.id == review_case.c.asn_id)
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
    )


def _hits() -> sa.Select[Any]:
    return (
        sa.select(
            case_hit.c.case_id, rule_hit.c.interaction_id, rule_hit.c.rule_id, rule_hit.c.tier, rule_hit.c.stance,
            STANDING.label("stands"), interaction.c.act, interaction.c.platform, interaction.c.actor_account_id,
            interaction.c.target_id,
        )
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .order_by(  # newest first by what was done, not by when it was stored: replay must leave the same words
            sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi).desc(),
            interaction.c.key,
            rule_hit.c.rule_id,
        )
    )  # fmt: skip


def _handles(session: Session, account_ids: Collection[int]) -> dict[int, list[str]]:
    """Return every handle that an account bore."""
    found: dict[int, list[str]] = defaultdict(list)
    for ids in chunked(sorted(account_ids)):
        now = sa.select(account.c.id, account.c.handle).where(account.c.id.in_(ids), account.c.handle.is_not(None))
        then = (
            sa.select(account_handle.c.account_id, account_handle.c.handle)
            .where(account_handle.c.account_id.in_(ids))
            .order_by(account_handle.c.handle)
        )
        for number, handle in chain(session.execute(now), session.execute(then)):
            found[number].append(handle)
    return found


def _about(case: Any) -> Iterable[str]:
    yield from (case.name, case.agency, case.position, case.label)


def _said(rows: Collection[Any], contents: Contents, handles: dict[int, list[str]]) -> Iterable[str]:
    for row in rows:
        yield from handles[row.actor_account_id]
    for row in rows:
        trio = contents.trios[row.interaction_id]
        for part in (trio.own, trio.target, trio.root):
            text = contents.texts.get((row.platform, part[0])) if part else None
            if text is None:
                continue
            yield from (text.text or "", *text.hashtags, *text.links, *text.alt_texts)
            if text.author_id is not None:  # the address of another's text may name somebody who is in no register
                yield text.url
            author = contents.authors.get(text.author_id) if text.author_id is not None else None
            yield (author.ref.handle or "") if author else ""
