"""Mention search against named peers in one run: speed with recall and false reports beside it (`make bench`)."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import report
from benchmarks.comments import KINDS, Comment, Comments, labelled
from benchmarks.register import Patterns, generated, of_contests
from benchmarks.ways import WAYS, Search, Way

PAIRS = (6, 125, 1_557, 7_500)  # about 50, 1,000, 12,000 and 60,000 strings
_SEED = 2024
_CHUNK = 6_000
_ROUNDS = 3
_SECONDS = 2.0  # a slow way is timed on as many texts as it does in so long
_LABELLED = 400
_PLAIN = 3_000
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """All texts of one size: chunks to time (the first warms up), comments by kind, comments that name nobody."""

    patterns: Patterns
    chunks: tuple[Sequence[str], ...]
    naming: dict[str, Sequence[Comment]]
    plain: Sequence[str]


def main() -> None:
    """Run all sizes and write the results."""
    wanted = _arguments()
    trials = [partial(_generated_trial, pairs, wanted.chunk) for pairs in wanted.pairs]
    if wanted.contests:
        trials.append(partial(_given_trial, wanted))
    document: dict[str, object] = {"seed": _SEED, "machine": _machine(), "chunk": wanted.chunk, "sizes": []}
    results: list[dict[str, object]] = []
    for trial in trials:
        results.append(_run(trial(), wanted))
        _write(document | {"sizes": results}, wanted.output)  # a long run that is stopped leaves the sizes it did
    print(report.table(document | {"sizes": results}))


def _write(document: dict[str, object], output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    (output / "mentions.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (output / "mentions.md").write_text(report.table(document), encoding="utf-8")
    report.chart(document, output / "mentions.svg")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mentions", description=__doc__)
    parser.add_argument("--pairs", type=int, nargs="*", default=list(PAIRS), help="sizes, in pairs of about 8 strings")
    parser.add_argument("--only", nargs="*", help="only ways whose name contains one of these")
    parser.add_argument("--chunk", type=int, default=_CHUNK, help="texts in each of the timed rounds")
    parser.add_argument("--contests", type=Path, nargs="*", default=[], help="contest files to run on as well")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="JSON lines with `text`, for --contests")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def _generated_trial(pairs: int, chunk: int) -> Trial:
    patterns = generated(pairs, _SEED)
    comments = Comments(patterns, _SEED + pairs)
    chunks = tuple(comments.mixed(chunk) for _ in range(_ROUNDS + 1))
    naming = {kind: labelled(comments, kind, _LABELLED) for kind in KINDS}
    return Trial(patterns, chunks, naming, [comments.plain().text for _ in range(_PLAIN)])


def _given_trial(wanted: argparse.Namespace) -> Trial:
    """Return a trial on files: their texts in equal chunks; what is found in them is counted, not judged."""
    from monitor.roster.contests import read_contest

    patterns = of_contests(tuple(read_contest(path, allow_undated=True) for path in wanted.contests))
    texts = [json.loads(line)["text"] for path in wanted.texts for line in path.open(encoding="utf-8") if line.strip()]
    size = max(1, len(texts) // (_ROUNDS + 1))
    chunks = tuple(texts[i * size : (i + 1) * size] for i in range(_ROUNDS + 1))
    return Trial(patterns, chunks, {}, texts[:_PLAIN])


def _run(trial: Trial, wanted: argparse.Namespace) -> dict[str, object]:
    ways = [w for w in WAYS if not wanted.only or any(part in w.name for part in wanted.only)]
    gc.collect()
    built = [_built(way, trial.patterns) for way in ways]
    gc.freeze()  # the peers' tables are not to be walked while one of them is timed
    counts = [
        _affordable(search, trial.chunks[0]) if way.timed else 0 for way, (search, _) in zip(ways, built, strict=True)
    ]
    speeds: list[list[float]] = [[] for _ in ways]
    for chunk in trial.chunks[1:]:
        for place, (search, _) in enumerate(built):
            if counts[place]:
                speeds[place].append(_speed(search, chunk[: counts[place]]))
    rows = [
        _row(way, search, seconds, speed, trial)
        for way, (search, seconds), speed in zip(ways, built, speeds, strict=True)
    ]
    gc.unfreeze()
    return {"pairs": len(trial.patterns.by_pair), "patterns": len(trial.patterns.strings), "ways": rows}


def _built(way: Way, patterns: Patterns) -> tuple[Search, float]:
    start = time.process_time()
    return way.build(patterns), time.process_time() - start


def _affordable(search: Search, warm_up: Sequence[str]) -> int:
    """Return on how many texts a way is timed; all of them pass through it once where it is quick."""
    speed = _speed(search, warm_up[:_FEWEST])
    count = int(min(len(warm_up), max(_FEWEST, speed * _SECONDS)))
    return int(min(len(warm_up), max(_FEWEST, _speed(search, warm_up[:count]) * _SECONDS)))


def _speed(search: Search, texts: Sequence[str]) -> float:
    """Return texts per second of processor time: others on the machine do not count."""
    start = time.process_time()
    for text in texts:
        search(text, None)
    return len(texts) / max(time.process_time() - start, 1e-9)


def _row(way: Way, search: Search, seconds: float, speeds: Sequence[float], trial: Trial) -> dict[str, object]:
    speed = statistics.median(speeds) if speeds else None
    enough = partial(_enough, speed)
    wrong = asked = 0
    recall: dict[str, float] = {}
    for kind, comments in trial.naming.items():
        tried = comments[: enough(len(comments))]
        found = [search(c.text, trial.patterns.regions[c.pair or 0]) for c in tried]
        recall[kind] = round(sum(c.pair in pairs for c, pairs in zip(tried, found, strict=True)) / len(tried), 4)
        wrong += sum(bool(pairs - {c.pair}) for c, pairs in zip(tried, found, strict=True))
        asked += len(tried)
    plain = trial.plain[: enough(len(trial.plain))]
    region = next(iter(trial.patterns.regions.values()), None)
    return {
        "way": way.name,
        "note": way.note,
        "build_seconds": round(seconds, 2),
        "texts_per_second": round(speed) if speed else None,
        "rounds": [round(s) for s in speeds],
        "recall": recall,
        "wrong_pair_per_1000": round(1000 * wrong / asked, 1) if asked else None,
        "false_per_1000": round(1000 * sum(bool(search(text, region)) for text in plain) / len(plain), 1),
        "tried": len(plain),
    }


def _enough(speed: float | None, most: int) -> int:
    return most if speed is None else int(min(most, max(_FEWEST, speed * _SECONDS)))


def _machine() -> str:
    return f"{os.cpu_count()} shared cores, {platform.python_implementation()} {platform.python_version()}"


if __name__ == "__main__":
    main()
