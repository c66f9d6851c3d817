"""How well mentions are recognised on labelled texts, and the mentions themselves as JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from monitor.domain import Contest, Mention, MentionKind, Tier
from monitor.errors import ConfigError
from rules.lexicon import Lexicon
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder

_LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One line of a texts file; `pairs` is None where nobody labelled it, else (contest name or "", number)."""

    id: object
    text: str
    pairs: frozenset[tuple[str, int]] | None
    parent: str | None
    parent_author: str | None = None


def read_texts(path: Path) -> Iterator[LabelledText]:
    """Return the texts of a JSON-lines file one by one; ConfigError with the line for a line that is none."""
    with path.open(encoding="utf-8", errors="surrogatepass") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), ""), start=1):
            if line.strip():
                yield _text(line, f"{path.name}, baris {number}")


def evaluate(contests: Sequence[Contest], texts: Iterable[LabelledText], lexicon: Lexicon) -> dict[str, object]:
    """Return recognition, precision and recall over all labelled texts, with counts, by tier and by kind."""
    finder = MentionFinder(contests, lexicon)
    names = _names(finder)
    tally = _Tally()
    for labelled in texts:
        mentions = _mentions(finder, labelled)
        tally.add(labelled, mentions, names)
    return tally.figures()


def evaluate_file(contests: Sequence[Contest], path: Path) -> dict[str, object]:
    """Return the figures of `evaluate` for a texts file, with the shipped lexicon."""
    return evaluate(contests, read_texts(path), shipped_lexicon())


def write_mentions(contests: Sequence[Contest], path: Path, out: Path) -> int:
    """Write one line of mentions a text, in order, and return how many; memory does not grow with the file."""
    finder = MentionFinder(contests, shipped_lexicon())
    temporary = out.with_name(out.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            written = _write(finder, path, stream)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
    return written


def _write(finder: MentionFinder, path: Path, stream: IO[str]) -> int:
    names = _names(finder)
    several = len(finder.contests) > 1
    written = 0
    for labelled in read_texts(path):
        mentions = _mentions(finder, labelled)
        line = {
            "id": labelled.id,
            "pairs": [_pair_json(names[c], several=several) for c in sorted(_named(mentions))],
            "mentions": [_mention_json(m, names[m.candidate_id], several=several) for m in mentions],
        }
        stream.write(json.dumps(line, ensure_ascii=True) + "\n")
        written += 1
    return written


def _mention_json(mention: Mention, name: tuple[str, int], *, several: bool) -> dict[str, object]:
    line: dict[str, object] = {
        "pair": name[1],
        "kind": mention.kind.value,
        "tier": mention.tier.value,
        "start": mention.start,
        "end": mention.end,
        "alias": mention.alias,
    }
    return line | {"contest": name[0]} if several else line


def _pair_json(name: tuple[str, int], *, several: bool) -> object:
    return {"contest": name[0], "number": name[1]} if several else name[1]


def _mentions(finder: MentionFinder, labelled: LabelledText) -> tuple[Mention, ...]:
    mentions = finder.find(labelled.text, parent=labelled.parent)
    author = labelled.parent_author
    if author is None:
        return mentions
    by_account = finder.find("", links=(author, author.lstrip("@")))
    inherited = tuple(
        Mention(m.candidate_id, MentionKind.INHERITED, Tier.KUAT, 0, 0, "", m.alias, "parent") for m in by_account
    )
    owned = {m.candidate_id for m in inherited}
    return (*(m for m in mentions if m.kind is not MentionKind.INHERITED or m.candidate_id not in owned), *inherited)


def _named(mentions: Iterable[Mention]) -> frozenset[int]:
    """Return the pairs that the text itself names surely enough to act on."""
    return frozenset(
        m.candidate_id for m in mentions if m.kind is not MentionKind.INHERITED and m.tier.rank >= Tier.SEDANG.rank
    )


def _names(finder: MentionFinder) -> dict[int, tuple[str, int]]:
    return {c.id: (contest.name, c.number) for contest in finder.contests for c in contest.candidates}


class _Tally:
    """Counts texts and pairs while the texts stream by."""

    def __init__(self) -> None:
        self.texts = self.labelled = self.recognised = self.false_texts = self.empty = 0
        self.counts: Counter[str] = Counter()
        self.by_tier: dict[str, Counter[str]] = {}
        self.by_kind: dict[str, Counter[str]] = {}

    def add(self, labelled: LabelledText, mentions: tuple[Mention, ...], names: Mapping[int, tuple[str, int]]) -> None:
        self.texts += 1
        if labelled.pairs is None:
            return
        self.labelled += 1
        found = {names[c] for c in _named(mentions)}
        truth = {pair for pair in names.values() if pair in labelled.pairs or ("", pair[1]) in labelled.pairs}
        missing = len(labelled.pairs - {("", n) for _, n in truth} - truth)
        self.counts.update(true=len(found & truth), false=len(found - truth), missed=len(truth - found) + missing)
        self.recognised += bool(truth) and bool(found & truth)
        if not labelled.pairs:
            self.empty += 1
            self.false_texts += bool(found)
        self._split(mentions, truth, names)

    def _split(
        self, mentions: tuple[Mention, ...], truth: set[tuple[str, int]], names: Mapping[int, tuple[str, int]]
    ) -> None:
        """Count each pair once for each tier and kind by which the text itself names it."""
        mentions = tuple(m for m in mentions if m.kind is not MentionKind.INHERITED)
        for table, key in ((self.by_tier, "tier"), (self.by_kind, "kind")):
            for value, candidate in sorted({(getattr(m, key).value, m.candidate_id) for m in mentions}):
                verdict = "true" if names[candidate] in truth else "false"
                table.setdefault(value, Counter())[verdict] += 1

    def figures(self) -> dict[str, object]:
        """Return the figures; ratios are None where nothing was counted."""
        true, false, missed = (self.counts[k] for k in ("true", "false", "missed"))
        with_pairs = self.labelled - self.empty
        return {
            "texts": self.texts,
            "labelled": self.labelled,
            "recognition": {
                "texts_with_pairs": with_pairs,
                "recognised": self.recognised,
                "ratio": _ratio(self.recognised, with_pairs),
            },
            "pairs": {
                "true_positive": true,
                "false_positive": false,
                "false_negative": missed,
                "precision": _ratio(true, true + false),
                "recall": _ratio(true, true + missed),
            },
            "no_pair": {
                "texts": self.empty,
                "flagged": self.false_texts,
                "ratio": _ratio(self.false_texts, self.empty),
            },
            "tiers": _table(self.by_tier),
            "kinds": _table(self.by_kind),
        }


def _table(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, object]]:
    return {
        key: {
            "true_positive": c["true"],
            "false_positive": c["false"],
            "precision": _ratio(c["true"], c["true"] + c["false"]),
        }
        for key, c in sorted(counts.items())
    }


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _text(line: str, place: str) -> LabelledText:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ConfigError(f"{place}: bukan JSON", "satu objek JSON per baris") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise ConfigError(f"{place}: kolom `id` dan `text` wajib ada", "lihat docs/aturan")
    parent: object = row.get("parent")
    pairs = row.get("pairs")
    return LabelledText(
        id=row["id"],
        text=row["text"],
        pairs=frozenset(_label(p, place) for p in pairs) if isinstance(pairs, list) else None,
        parent=_optional(parent, "text"),
        parent_author=_optional(parent, "author"),
    )


def _optional(row: object, key: str) -> str | None:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, str) and value else None


def _label(value: object, place: str) -> tuple[str, int]:
    if isinstance(value, int):
        return "", value
    if isinstance(value, dict) and isinstance(value.get("number"), int):
        return str(value.get("contest", "")), value["number"]
    raise ConfigError(f"{place}: `pairs` berisi nomor, atau {{contest, number}}")
