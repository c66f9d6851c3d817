"""Rule evaluation against closures by hand and named engines in one run (`make bench`)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.rules_events import RULES, event_of, facts_of, files, views
from benchmarks.rules_ways import WAYS
from rules.engine import Judge, compile_rules
from rules.examples import example_contest
from rules.facts import Facts
from rules.loader import load_ruleset

_SEED = 2024
_EVENTS = 4_000
_ROUNDS = 7
_SECONDS = 0.5  # a slow way is timed on as many events as it does in so long
_PREFIX = "ukur-"
_YARDSTICK = "closures by hand"
_OURS = "pantau, no traces"


@dataclass(frozen=True, slots=True)
class Runner:
    """One way made ready: its name, what it does, and the events on which it is timed."""

    name: str
    run: Callable[[Any], object]
    events: Sequence[Any]


def main() -> None:
    """Run all ways on the same events, check that they find the same, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules_run", description=__doc__)
    parser.add_argument("--events", type=int, default=_EVENTS)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results")
    wanted = parser.parse_args()
    judge = _judge()
    facts = [facts_of(judge, view) for view in views(wanted.events, _SEED)]
    runners, left_out = _runners(judge, facts)
    times = _times(runners, wanted.rounds)
    document = {
        "machine": f"{os.cpu_count()} shared cores, {platform.python_implementation()} {platform.python_version()}",
        "rules": len(RULES),
        "conditions": sum(1 + len(rule.conditions) for rule in RULES),
        "events": len(facts),
        "seed": _SEED,
        "ways": [_figures(runner.name, times) for runner in runners],
        "left_out": left_out,
    }
    wanted.output.mkdir(parents=True, exist_ok=True)
    (wanted.output / "rules.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    page = _table(document)
    (wanted.output / "rules.md").write_text(page, encoding="utf-8")
    print(page)


def _judge() -> Judge:
    """Return a judge with the ten rules of the comparison alone, read from rule files."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "aturan"
        folder.mkdir()
        for name, text in files().items():
            (folder / name).write_text(text, encoding="utf-8")
        ruleset = load_ruleset([folder])
    ours = replace(ruleset, rules=tuple(rule for rule in ruleset.rules if rule.id.startswith(_PREFIX)))
    return compile_rules(ours, (example_contest(),))


def _runners(judge: Judge, facts: Sequence[Facts]) -> tuple[list[Runner], dict[str, str]]:
    """Return all ways that can run here, and why the others cannot; a way that finds something else is an error."""
    events = [event_of(one) for one in facts]
    wanted = [sorted(rule.id.removeprefix(_PREFIX) for rule in judge.firing(one)) for one in facts]
    runners = [Runner(_OURS, judge.firing, facts)]
    left_out = {}
    for way in WAYS:
        try:
            evaluate = way.ready()
        except ImportError as error:
            left_out[way.name] = f"not installed: {error}"
            continue
        if [sorted(evaluate(event)) for event in events] != wanted:
            raise SystemExit(f"{way.name} finds other rules than pantau")
        runners.append(Runner(way.name, evaluate, events[: _affordable(evaluate, events)]))
    whole = [one.view for one in facts[: len(facts) // 8]]
    runners.append(Runner("pantau, whole judgement: texts read, rows, traces", judge.judge, whole))
    return runners, left_out


def _affordable(evaluate: Callable[[dict[str, object]], object], events: Sequence[dict[str, object]]) -> int:
    start = time.process_time()
    for event in events[:100]:
        evaluate(event)
    return max(200, min(len(events), int(_SECONDS * 100 / max(time.process_time() - start, 1e-9))))


def _times(runners: Sequence[Runner], rounds: int) -> dict[str, float]:
    """Return the least processor time an event of each way, in microseconds; the ways take turns."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for runner in runners:
            events, run = runner.events, runner.run
            start = time.process_time()
            for event in events:
                run(event)
            spent = (time.process_time() - start) / len(events) * 1e6
            least[runner.name] = min(spent, least.get(runner.name, spent))
    return least


def _figures(name: str, times: dict[str, float]) -> dict[str, object]:
    return {
        "name": name,
        "microseconds": round(times[name], 3),
        "to_closures": round(times[name] / times[_YARDSTICK], 3),
        "to_pantau": round(times[name] / times[_OURS], 3),
    }


def _table(document: dict[str, object]) -> str:
    """Return the results as a Markdown page."""
    ways = document["ways"]
    assert isinstance(ways, list)
    lines = [
        "# Rule evaluation",
        "",
        f"{document['rules']} rules, {document['conditions']} conditions, {document['events']} events, one run;",
        f"{document['machine']}. Processor time an event; only ratios mean anything.",
        "",
        "| way | µs an event | against closures by hand | against pantau |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {w['name']} | {w['microseconds']:.2f} | {w['to_closures']:.2f} × | {w['to_pantau']:.2f} × |" for w in ways
    ]
    left_out = document["left_out"]
    assert isinstance(left_out, dict)
    lines += ["", *(f"Left out: {name}, {why}." for name, why in left_out.items())] if left_out else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
