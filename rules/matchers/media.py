"""Conditions on what a text carries besides its words: pictures, tagged accounts, and whether it was seen before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from monitor.domain import Tier
from rules.facts import TAGS, Evidence, Facts, mention_spans
from rules.matchers.base import FIELDS, Decide, Matcher, Verdict, missing, one_of, text_of, unread

Ask = Callable[[Facts, Evidence], Verdict]


def seen_before(facts: Facts, evidence: Evidence, edge: str) -> datetime | None:
    """Return when the same words stood elsewhere before the stages (or the present stage) began, None when not."""
    seen = evidence.content.seen_before
    starts = [stage.starts for stage in facts.contest.stages if edge == "stages" or stage.kind is facts.stage]
    return seen if seen is not None and starts and seen < starts[0] else None


def _photo(_: Facts, evidence: Evidence) -> Verdict:
    count = len(evidence.content.alt_texts)
    return Verdict(count > 0, f"{count} keterangan gambar")


def _bio(_: Facts, evidence: Evidence) -> Verdict:
    return Verdict(evidence.content.bio, "teks profil" if evidence.content.bio else "bukan teks profil")


def _image_names(facts: Facts, evidence: Evidence) -> Verdict:
    field = f"{evidence.name}.alt"
    mentions = tuple(m for m in evidence.of(facts.candidate.id, Tier.SEDANG) if m.field == field)
    return Verdict(
        bool(mentions), f"{len(mentions)} penyebutan dalam keterangan gambar", mention_spans(mentions, field[:-4])
    )


def _tags(facts: Facts, evidence: Evidence) -> Verdict:
    tagged = set(evidence.content.mentioned)
    found = [a.account for a in facts.candidate.accounts if a.kind.candidate_side and a.account.user_id in tagged]
    return Verdict(bool(found), ", ".join(a.handle or a.user_id for a in found) or "tidak menandai akun pihak calon")


def _recirculated(edge: str) -> Ask:
    def ask(facts: Facts, evidence: Evidence) -> Verdict:
        seen = seen_before(facts, evidence, edge)
        return Verdict(
            seen is not None, f"pernah terlihat {seen:%Y-%m-%d %H:%M} UTC" if seen else "belum pernah terlihat"
        )

    return ask


def _of_own(name: str, word: str, ask: Ask, needs: Collection[str] | None = None) -> Matcher:
    """Return a condition on the own text with a single possible argument."""
    return Matcher(
        name,
        lambda node: one_of(node, (word,)),
        lambda _: _decide("own", ask),
        lambda facts, _: _answer(facts, "own", ask),
        needs=lambda _: needs,
    )


def _decide(field: str, ask: Ask) -> Decide:
    text, absent = text_of(field), unread(field)

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        return absent if evidence is None else ask(facts, evidence).passed

    return decide


def _answer(facts: Facts, field: str, ask: Ask) -> Verdict:
    evidence = facts.evidence(field)
    return missing(field) if evidence is None else ask(facts, evidence)


MEDIA_MATCHERS = (
    _of_own("own.media", "photo", _photo),
    _of_own("own.kind", "bio", _bio),
    _of_own("own.tags", "candidate_account", _tags, needs=(TAGS,)),
    Matcher(
        "image.mentions",
        lambda node: one_of(node, FIELDS),
        lambda field: _decide(field, _image_names),
        lambda facts, field: _answer(facts, field, _image_names),
    ),
    Matcher(
        "own.recirculated",
        lambda node: one_of(node, ("stages", "stage")),
        lambda edge: _decide("own", _recirculated(edge)),
        lambda facts, edge: _answer(facts, "own", _recirculated(edge)),
    ),
)
