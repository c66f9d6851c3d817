"""Conditions on who wrote the target or the root of a thread."""

from __future__ import annotations

from monitor.domain import AccountKind
from rules.facts import UNREGISTERED, Facts, author_words
from rules.matchers.base import Decide, Matcher, Verdict, one_of, text_of
from rules.nodes import Node

AUTHORS = (
    "candidate_account", "registered", "personal", "party", "volunteer", "media", "neutral", "election_body", "news",
    "government", "asn", "unregistered",
)  # fmt: skip


def author_matcher(field: str) -> Matcher:
    """Return `target.author` or `root.author`."""
    return Matcher(
        f"{field}.author",
        _read,
        lambda wanted: _compile(wanted, field),
        lambda facts, wanted: _answer(facts, wanted, field),
        settled=True,
    )


def _read(node: Node) -> frozenset[str]:
    return frozenset(one_of(item, AUTHORS) for item in (node.items() if node.is_list else (node,)))


def _compile(wanted: frozenset[str], field: str) -> Decide:
    sided = frozenset(k for k in AccountKind if k.candidate_side and wanted & {"candidate_account", k.value})
    others: frozenset[AccountKind | None] = frozenset(
        k for k in AccountKind if not k.candidate_side and wanted & {k.value, "neutral" if k.neutral else k.value}
    ) | frozenset({None} if UNREGISTERED in wanted else ())
    text, captured = text_of(field), field != "target"

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        if evidence is None:
            return False if captured or facts.own is not None else None
        kind = evidence.content.author_kind
        if kind in sided:
            return facts.candidate.id in evidence.content.author_candidates
        return kind in others

    return decide


def _answer(facts: Facts, wanted: frozenset[str], field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        if field == "target":
            # Own words stand on their own; a bare like or share cannot be judged without what it is of.
            return Verdict(None if facts.own is None else False, "isi sasaran tidak tertangkap")
        return Verdict(passed=False, detail="bukan bagian dari utas lain")
    words = author_words(evidence.content, facts.candidate.id)
    return Verdict(bool(words & wanted), f"penulis: {', '.join(sorted(words)) or 'pihak calon lain'}")
