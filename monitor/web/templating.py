"""Turning values into pages: one Jinja environment with the filters that the templates use."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from monitor import issue_words, moments
from monitor.domain import Act, ActTime, CaseHit, CaseRow, CaseState, Coverage, Reason, Span, VerdictReason, WhyHere
from monitor.domain.clocks import RunningClock
from monitor.labels import label
from monitor.limit_words import LIMIT_WORDS
from monitor.web import differences, highlight, keys, told
from monitor.web.tokens import member

HERE = Path(__file__).parent
_EXCERPT = 160
_BEFORE = 24


class _Compiled(BytecodeCache):
    """Keeps templates as code for all consoles of a process: each is compiled once."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


def environment(zone: ZoneInfo, clock: Callable[[], datetime]) -> Environment:
    """Return the environment for one office: its zone and clock are bound into the filters of time."""
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled,
    )
    pages.filters |= _of_time(zone, clock)
    pages.filters |= {
        "label": label,
        "static": static_address,
        "reason": reason_label,
        "verdict_reason": verdict_reason,
        "sentence": sentence,
        "number": number,
        "percent": percent,
        "decimal": decimal,
        "limit_name": limit_name,
        "highlight": highlighted,
        "excerpt": excerpt,
        "difference": differences.marked,
        "web_address": is_web_address,
        "host_and_path": host_and_path,
        "act_counts": act_counts,
        "last_time": last_time,
        "one_per_act": one_per_act,
        "special": special,
        "issue_words": issue_words.issue_words,
        "setting_words": issue_words.setting_words,
        "per_rule": per_rule,
        "hash_groups": told.groups,
        "part_name": told.part_name,
        "part_detail": told.part_detail,
        "condition": told.condition,
        "found": told.detail,
        "iso_day": moments.iso_day,
        "commands": commands,
        "span": moments.span,
    }
    pages.globals["drawing"] = drawing
    pages.globals["observed"] = Coverage.OBSERVED
    pages.globals["shortcuts"] = json.dumps(keys.as_data(), ensure_ascii=False)
    pages.globals["zone"] = moments.zone_label(clock().astimezone(zone))
    return pages


def _of_time(zone: ZoneInfo, clock: Callable[[], datetime]) -> dict[str, Callable[..., object]]:
    """Return the filters that need the office's zone or the time it is."""
    return {
        "told": lambda text: told.explanation(text, zone),
        "short": lambda moment: moments.short(moment, zone),
        "ends": lambda due: moments.ends(due, zone),
        "full": lambda moment: moments.full(moment, zone),
        "full_seconds": lambda moment: moments.full(moment, zone, seconds=True),
        "act_day": lambda time: moments.short(time.latest, zone),
        "act_time": lambda time: moments.act_time(time, zone),
        "until": lambda due: moments.until(due, clock()),
        "overdue": lambda due: due <= clock(),
    }


@cache
def static_address(path: str) -> str:
    """Return where a file of `static/` is asked for; a changed file gets another address, so none is shown stale."""
    digest = hashlib.sha256((HERE / "static" / path).read_bytes()).hexdigest()
    return f"/static/{path}?v={digest[:8]}"


@cache
def drawing(name: str) -> Markup:
    """Return an icon of the sheet; a page holds a hundred, so each is written once."""
    symbol = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return Markup(symbol).format(static_address("icons.svg"), name)  # noqa: S704 - a constant, its values are escaped


def sentence(text: str) -> str:
    """Return the text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def commands(text: str) -> Markup:
    """Return a text as safe HTML, with what stands between backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(parts))


def reason_label(code: str) -> str:
    """Return the wording of a reason; a code that is none (an old or imported one) stays as it is."""
    reason = member(Reason, code)
    return label(reason) if reason else code


def verdict_reason(code: str) -> str:
    """Return the wording of a verdict's reason; a code that is none stays as it is."""
    known = member(VerdictReason, code)
    return label(known) if known else code


def number(value: int) -> str:
    """Return a whole number as Indonesians write it: 1.234."""
    return f"{value:,}".replace(",", ".")


def limit_name(clock: RunningClock) -> str:
    """Return what a legal limit is for, in the words of officers."""
    return LIMIT_WORDS.get(clock.name, clock.name.replace("_", " "))


def decimal(value: float, places: int = 1) -> str:
    """Return a measure with a decimal comma: 2,5."""
    return f"{value:.{places}f}".replace(".", ",")


def percent(value: float) -> str:
    """Return a share as a whole percentage: 62%."""
    return f"{round(value * 100)}%"


def highlighted(text: str, spans: Iterable[Span], field: str, hints: Iterable[Span] = ()) -> Markup:
    """Return a text as safe HTML, with those spans and hints marked that belong to its field."""
    here = [[span for span in given if span.field == field] for given in (spans, hints)]
    return highlight.highlight(text, *here)


def excerpt(text: str, spans: Iterable[Span], field: str, hints: Iterable[Span] = ()) -> Markup:
    """Return the stretch of a text around its first mark, short enough for a list, as safe HTML."""
    here = [[span for span in given if span.field == field] for given in (spans, hints)]
    first = min((span.start for given in here for span in given), default=0)
    start = max(0, first - _BEFORE)
    start = text.find(" ", start, first) + 1 if start else 0
    cut = text[start : start + _EXCERPT]
    moved = [
        [replace(s, start=s.start - start, end=s.end - start) for s in given if start <= s.start] for given in here
    ]
    ends = ("…" if start else "", "…" if start + _EXCERPT < len(text) else "")
    return escape(ends[0]) + highlight.highlight(cut, *moved) + escape(ends[1])


def is_web_address(url: str) -> bool:
    """Whether an address from a platform may become a link: http or https with a host, nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def host_and_path(url: str) -> str:
    """Return a web address as one reads it, without its scheme."""
    return url.partition("://")[2] or url


def act_counts(row: CaseRow) -> list[tuple[Act, int]]:
    """Return the acts that the standing hits of a case rest on, each act counted once."""
    acts = {(hit.act, hit.platform, hit.account, hit.url, hit.time) for hit in row.hits if hit.active}
    counts = Counter(act for act, *_ in acts)
    return [(act, counts[act]) for act in Act if counts[act]]


def last_time(row: CaseRow) -> ActTime | None:
    """Return the time of the latest act of a case."""
    return max((hit.time for hit in row.hits), key=lambda time: time.latest, default=None)


def special(row: CaseRow) -> bool:
    """Whether why a case is here says more than its state does."""
    if row.why_here is WhyHere.ESKALASI and row.state is not CaseState.DIUSULKAN:
        return False  # the second person has answered
    return row.state.open and row.why_here is not WhyHere.BARU and row.why_here.value != row.state.value


def one_per_act(hits: Sequence[CaseHit]) -> list[CaseHit]:
    """Return one hit for each act, standing ones first, with the spans of all hits on it."""
    by_act: dict[int, list[CaseHit]] = {}
    for hit in sorted(hits, key=lambda hit: not hit.brief.active):
        by_act.setdefault(hit.interaction_id, []).append(hit)
    return [_with_all_spans(same) for same in by_act.values()]


def _with_all_spans(same: list[CaseHit]) -> CaseHit:
    spans = tuple(dict.fromkeys(span for hit in same for span in hit.spans))
    hints = tuple(dict.fromkeys(span for hit in same for span in hit.stance_spans))
    return replace(same[0], spans=spans, stance_spans=hints)


def per_rule(hits: Sequence[CaseHit]) -> list[list[CaseHit]]:
    """Return the hits by rule and whether they stand, so that what a rule says of itself is read once."""
    by_rule: dict[tuple[str, int, bool], list[CaseHit]] = {}
    for hit in sorted(hits, key=lambda hit: not hit.brief.active):
        by_rule.setdefault((hit.brief.rule, hit.rule_version, hit.brief.active), []).append(hit)
    return list(by_rule.values())
