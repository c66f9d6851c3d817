"""Figures of recognition: counts that grow with what is asked, never with the number of texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain import Mention, MentionKind, Tier
from monitor.domain.shares import wilson
from rules.labelled import LabelledText

Pair = tuple[str, int]  # contest name and number
_MOST_CONFUSIONS = 500
_BY_NAME = frozenset(MentionKind) - {MentionKind.NUMBER, MentionKind.EMOJI, MentionKind.INHERITED}


def acted_on(mentions: Iterable[Mention]) -> frozenset[int]:
    """Return the pairs that the text itself names surely enough to act on."""
    return frozenset(
        m.candidate_id for m in mentions if m.kind is not MentionKind.INHERITED and m.tier.rank >= Tier.SEDANG.rank
    )


@dataclass(frozen=True, slots=True)
class Truth:
    """What one text's labels say of the loaded pairs: the pairs it names, and labels that no loaded pair answers to."""

    pairs: frozenset[Pair]
    missing: int
    home: frozenset[str]  # the contests that the text is about; empty where nobody said


class Labels:
    """Reads labels against the loaded contests; a bare number means the line's own contest, if it says one."""

    def __init__(self, contests: Sequence[tuple[str, Sequence[int]]]) -> None:
        self._numbers = {name: frozenset(numbers) for name, numbers in contests}
        self._only = contests[0][0] if len(contests) == 1 else ""

    def truth(self, labelled: LabelledText, found: frozenset[Pair]) -> Truth:
        """Return what is true of a labelled text; `found` settles a bare number where several contests are loaded."""
        pairs: set[Pair] = set()
        missing = 0
        own = labelled.contest if labelled.contest in self._numbers else self._only
        for contest, number in sorted(labelled.pairs or ()):
            name = contest or own
            if name:
                known = number in self._numbers.get(name, ())
                pairs.update({(name, number)} if known else ())
                missing += not known
            else:
                # Nobody said which contest: whichever pair of this number was found counts, one of them at most.
                held = min((pair for pair in found if pair[1] == number), default=None)
                pairs.update({held} if held else ())
                missing += held is None
        home = {name for name, _ in pairs if name} | ({own} if own else set())
        return Truth(frozenset(pairs), missing, frozenset(home))


class Tally:
    """Counts texts and pairs while the texts stream by."""

    def __init__(self, names: Mapping[int, Pair], way_of: Callable[[str, Pair], str]) -> None:
        self._names = names
        self._way_of = way_of
        self._labels = Labels(_by_contest(names))
        self._counts: Counter[str] = Counter()
        self._tables: dict[str, dict[str, Counter[str]]] = {"tiers": {}, "kinds": {}, "subsets": {}}
        self._confusions: list[dict[str, object]] = []

    def add(self, labelled: LabelledText, mentions: Sequence[Mention]) -> None:
        """Count one text."""
        counts = self._counts
        counts["texts"] += 1
        own = [m for m in mentions if m.kind is not MentionKind.INHERITED]
        sure = acted_on(own)
        if labelled.pairs is None:
            by_name = any(m.kind in _BY_NAME for m in own if m.tier.rank >= Tier.SEDANG.rank)
            counts.update(unlabelled=1, unlabelled_flagged=bool(sure), unlabelled_by_name=by_name)
            return
        found = frozenset(self._names[c] for c in sure)
        truth = self._labels.truth(labelled, found)
        self._count(labelled, truth, found, own)
        self._split(own, truth)
        self._ways(labelled.text, truth, found)
        if found != truth.pairs or truth.missing:
            self._confuse(labelled, truth, found, own)

    def _count(self, labelled: LabelledText, truth: Truth, found: frozenset[Pair], own: Sequence[Mention]) -> None:
        counts = self._counts
        right = found & truth.pairs
        counts.update(
            labelled=1, true=len(right), false=len(found - truth.pairs), missed=len(truth.pairs - found) + truth.missing
        )
        counts["recognised"] += bool(right)
        if not labelled.pairs:
            by_name = any(m.kind in _BY_NAME for m in own if m.tier.rank >= Tier.SEDANG.rank)
            counts.update(empty=1, empty_flagged=bool(found), empty_by_name=by_name)
        if truth.home:
            counts.update(at_home=1, elsewhere=any(name not in truth.home for name, _ in found))

    def _split(self, own: Sequence[Mention], truth: Truth) -> None:
        """Count each pair once for each tier and kind by which the text itself names it."""
        for title, key in (("tiers", "tier"), ("kinds", "kind")):
            table = self._tables[title]
            for value, candidate in sorted({(getattr(m, key).value, m.candidate_id) for m in own}):
                verdict = "true" if self._names[candidate] in truth.pairs else "false"
                table.setdefault(value, Counter())[verdict] += 1

    def _ways(self, text: str, truth: Truth, found: frozenset[Pair]) -> None:
        for pair in truth.pairs:
            row = self._tables["subsets"].setdefault(self._way_of(text, pair), Counter())
            row["true" if pair in found else "missed"] += 1

    def _confuse(self, labelled: LabelledText, truth: Truth, found: frozenset[Pair], own: Sequence[Mention]) -> None:
        self._counts["confused"] += 1
        if len(self._confusions) >= _MOST_CONFUSIONS:
            return
        reasons = [self._why_false(pair, own) for pair in sorted(found - truth.pairs)]
        reasons += [self._why_missed(pair, own) for pair in sorted(truth.pairs - found)]
        if truth.missing:
            reasons.append("berlabel pasangan yang tidak dikenali atau tidak dimuat")
        expected = sorted(truth.pairs) or sorted(labelled.pairs or ())
        self._confusions.append(
            {
                "id": labelled.id,
                "expected": [_pair(p) for p in expected],
                "got": [_pair(p) for p in sorted(found)],
                "why": reasons,
            }
        )

    def _why_false(self, pair: Pair, own: Sequence[Mention]) -> str:
        signs = [m for m in own if self._names[m.candidate_id] == pair and m.tier.rank >= Tier.SEDANG.rank]
        best = max(signs, key=lambda m: m.tier.rank)
        return f"{pair[1]}: tidak berlabel, terbaca {_sign(best)}"

    def _why_missed(self, pair: Pair, own: Sequence[Mention]) -> str:
        signs = [m for m in own if self._names[m.candidate_id] == pair]
        if not signs:
            return f"{pair[1]}: tidak ada tanda"
        return f"{pair[1]}: hanya {_sign(max(signs, key=lambda m: m.tier.rank))}"

    def _subsets(self) -> dict[str, Counter[str]]:
        """Return the ways of writing, with all but `written` together as `unwritten`: what a plain search misses."""
        ways = self._tables["subsets"]
        rest = sum((row for way, row in ways.items() if way != "written"), Counter[str]())
        return {**ways, "unwritten": rest} if rest else ways

    def figures(self) -> dict[str, object]:
        """Return the figures; ratios are None where nothing was counted."""
        c = self._counts
        with_pairs = c["labelled"] - c["empty"]
        right, wrong, missed = c["true"], c["false"], c["missed"]
        return {
            "texts": c["texts"],
            "labelled": c["labelled"],
            "recognition": {
                "texts_with_pairs": with_pairs,
                "recognised": c["recognised"],
                "ratio": ratio(c["recognised"], with_pairs),
            },
            "pairs": {
                "true_positive": right,
                "false_positive": wrong,
                "false_negative": missed,
                "precision": ratio(right, right + wrong),
                "recall": ratio(right, right + missed),
            },
            "no_pair": _flagged(c, "empty"),
            "unlabelled": _flagged(c, "unlabelled"),
            "wrong_contest": {
                "texts": c["at_home"],
                "attributed": c["elsewhere"],
                "ratio": ratio(c["elsewhere"], c["at_home"]),
            },
            "tiers": _precisions(self._tables["tiers"], right + missed),
            "kinds": _precisions(self._tables["kinds"], right + missed),
            "subsets": _recalls(self._subsets()),
            "intervals": {
                "recognition": interval(c["recognised"], with_pairs),
                "precision": interval(right, right + wrong),
                "recall": interval(right, right + missed),
                "no_pair": interval(c["empty_flagged"], c["empty"]),
                "no_pair_by_name": interval(c["empty_by_name"], c["empty"]),
            },
            "confusions": {"texts": c["confused"], "listed": len(self._confusions), "list": self._confusions},
        }


def ratio(part: int, whole: int) -> float | None:
    """Return a share with four places, None of nothing."""
    return round(part / whole, 4) if whole else None


def interval(part: int, whole: int) -> list[float] | None:
    """Return the 95 % score interval (Wilson) of a share, None of nothing."""
    if not whole:
        return None
    low, high = wilson(part, whole)
    return [round(low, 4), round(high, 4)]


def _flagged(counts: Mapping[str, int], key: str) -> dict[str, object]:
    whole, flagged, by_name = counts[key], counts[f"{key}_flagged"], counts[f"{key}_by_name"]
    return {
        "texts": whole,
        "flagged": flagged,
        "ratio": ratio(flagged, whole),
        "flagged_by_name": by_name,
        "ratio_by_name": ratio(by_name, whole),
    }


def _precisions(counts: Mapping[str, Counter[str]], truths: int) -> dict[str, dict[str, object]]:
    return {
        key: {
            "true_positive": c["true"],
            "false_positive": c["false"],
            "precision": ratio(c["true"], c["true"] + c["false"]),
            "recall": ratio(c["true"], truths),
            "interval": interval(c["true"], c["true"] + c["false"]),
        }
        for key, c in sorted(counts.items())
    }


def _recalls(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, object]]:
    return {
        key: {
            "true_positive": c["true"],
            "false_negative": c["missed"],
            "recall": ratio(c["true"], c["true"] + c["missed"]),
            "interval": interval(c["true"], c["true"] + c["missed"]),
        }
        for key, c in sorted(counts.items())
    }


def _by_contest(names: Mapping[int, Pair]) -> list[tuple[str, list[int]]]:
    numbers: dict[str, list[int]] = {}
    for name, number in names.values():
        numbers.setdefault(name, []).append(number)
    return list(numbers.items())


def _pair(pair: Pair) -> object:
    return {"contest": pair[0], "number": pair[1]} if pair[0] else pair[1]


def _sign(mention: Mention) -> str:
    return f"{mention.kind.value} {mention.tier.value} '{mention.text}' ({mention.alias})"
