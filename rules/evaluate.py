"""How well mentions are recognised on labelled texts, and the mentions themselves as JSON lines."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TypeVar

import msgspec

from monitor.domain import Contest, Mention, MentionKind, Tier
from rules.labelled import Batch, LabelledText, read_batches, read_texts, texts_of
from rules.lexicon import Lexicon
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder
from rules.spellings import Spellings
from rules.tally import Pair, Tally, acted_on
from rules.whole_files import whole_file

__all__ = ["LabelledText", "Progress", "evaluate", "evaluate_file", "read_texts", "write_mentions"]

Progress = Callable[[int, int], None]
"""Told how many lines and bytes were worked off since it was last told."""

_Result = TypeVar("_Result")
_AHEAD = 3  # so many batches wait for each process, so that none idles and memory stays flat
_ENCODER = msgspec.json.Encoder()


def evaluate(contests: Sequence[Contest], texts: Iterable[LabelledText], lexicon: Lexicon) -> dict[str, object]:
    """Return recognition, precision and recall over all labelled texts, with counts, by tier, kind and spelling."""
    reader = _Reader(contests, lexicon)
    tally = reader.tally()
    for labelled in texts:
        tally.add(labelled, reader.mentions(labelled))
    return tally.figures()


def evaluate_file(
    contests: Sequence[Contest], path: Path, *, jobs: int = 1, progress: Progress | None = None
) -> dict[str, object]:
    """Return the figures of `evaluate` for a texts file, with the shipped lexicon."""
    reader = _Reader(contests, shipped_lexicon())
    tally = reader.tally()
    for batch, read in _worked_off(reader, _read_batch, read_batches(path), jobs):
        for labelled, mentions in read:
            tally.add(labelled, mentions)
        _tell(progress, batch)
    return tally.figures()


def write_mentions(
    contests: Sequence[Contest], path: Path, out: Path, *, jobs: int = 1, progress: Progress | None = None
) -> int:
    """Write one line of mentions a text, in order, and return how many; memory does not grow with the file.

    The file appears whole or not at all. With `jobs` several processes share the work.
    """
    reader = _Reader(contests, shipped_lexicon())
    written = 0
    with whole_file(out) as stream:
        for batch, (count, lines) in _worked_off(reader, _write_batch, read_batches(path), jobs):
            stream.write(lines)
            written += count
            _tell(progress, batch)
    return written


class _Reader:
    """A finder with the names of its pairs."""

    def __init__(self, contests: Sequence[Contest], lexicon: Lexicon) -> None:
        self.contests = contests
        self.finder = MentionFinder(contests, lexicon)
        self.names: dict[int, Pair] = {
            c.id: (contest.name, c.number) for contest in self.finder.contests for c in contest.candidates
        }
        self.several = len(self.finder.contests) > 1

    def __reduce__(self) -> tuple[object, ...]:
        # Automata cannot be sent to another process; they are built again there.
        return _Reader, (self.contests, shipped_lexicon())

    def tally(self) -> Tally:
        """Return an empty tally for these contests."""
        return Tally(self.names, Spellings(self.finder.contests).way)

    def mentions(self, labelled: LabelledText) -> tuple[Mention, ...]:
        """Return what a text names, with what it inherits from its parent's text and author."""
        mentions = self.finder.find(labelled.text, parent=labelled.parent)
        author = labelled.parent_author
        if author is None:
            return mentions
        by_account = self.finder.find("", links=(author, author.lstrip("@")))
        inherited = tuple(
            Mention(m.candidate_id, MentionKind.INHERITED, Tier.KUAT, 0, 0, "", m.alias, "parent") for m in by_account
        )
        owned = {m.candidate_id for m in inherited}
        return (
            *(m for m in mentions if m.kind is not MentionKind.INHERITED or m.candidate_id not in owned),
            *inherited,
        )

    def line(self, labelled: LabelledText) -> bytes:
        """Return a text's line of mentions."""
        mentions = self.mentions(labelled)
        line = {
            "id": labelled.id,
            "pairs": [self._pair(c) for c in sorted(acted_on(mentions))],
            "mentions": [self._mention(m) for m in mentions],
        }
        try:
            return _ENCODER.encode(line) + b"\n"
        except (ValueError, OverflowError):  # lone surrogates and endless numbers in an id
            return json.dumps(line, ensure_ascii=True).encode() + b"\n"

    def _pair(self, candidate: int) -> object:
        contest, number = self.names[candidate]
        return {"contest": contest, "number": number} if self.several else number

    def _mention(self, mention: Mention) -> dict[str, object]:
        contest, number = self.names[mention.candidate_id]
        line: dict[str, object] = {
            "pair": number,
            "kind": mention.kind.value,
            "tier": mention.tier.value,
            "start": mention.start,
            "end": mention.end,
            "alias": mention.alias,
        }
        return line | {"contest": contest} if self.several else line


def _read_batch(reader: _Reader, batch: Batch) -> list[tuple[LabelledText, tuple[Mention, ...]]]:
    return [(labelled, reader.mentions(labelled)) for labelled in texts_of(batch)]


def _write_batch(reader: _Reader, batch: Batch) -> tuple[int, bytes]:
    lines = [reader.line(labelled) for labelled in texts_of(batch)]
    return len(lines), b"".join(lines)


def _worked_off(
    reader: _Reader, work: Callable[[_Reader, Batch], _Result], batches: Iterable[Batch], jobs: int
) -> Iterator[tuple[Batch, _Result]]:
    """Yield each batch with its result, in order; with several jobs only a few batches are under way at a time."""
    if jobs <= 1:
        yield from ((batch, work(reader, batch)) for batch in batches)
        return
    way = "fork" if "fork" in get_all_start_methods() else "spawn"  # a forked process has the finder already
    with ProcessPoolExecutor(jobs, get_context(way), initializer=_start, initargs=(reader,)) as pool:
        waiting: deque[tuple[Batch, Future[_Result]]] = deque()
        try:
            for batch in batches:
                waiting.append((batch, pool.submit(_in_process, work, batch)))
                if len(waiting) >= jobs * _AHEAD:
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_process: list[_Reader] = []  # the reader of a worker process, set once when the process starts


def _start(reader: _Reader) -> None:
    _process[:] = [reader]


def _in_process(work: Callable[[_Reader, Batch], _Result], batch: Batch) -> _Result:
    return work(_process[0], batch)


def _tell(progress: Progress | None, batch: Batch) -> None:
    if progress is not None:
        progress(len(batch.lines), batch.size)
