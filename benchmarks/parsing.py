"""Saved pages and exports against BeautifulSoup and plain json on the same generated files (`make bench`)."""

from __future__ import annotations

import argparse
import base64
import cProfile
import json
import os
import platform
import pstats
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bs4
import msgspec
from selectolax.lexbor import LexborHTMLParser

from benchmarks import captures
from scrapers.imports import zeeschuimer
from scrapers.imports.contract import ReadOptions, SavedPage
from scrapers.imports.routing import Routed, capture_page
from scrapers.platforms.facebook.pages import read_page
from scrapers.platforms.telegram import pages as telegram

_SEEN = datetime(2024, 10, 2, 3, 0, tzinfo=UTC)
_TITLES = {"pages": "Pages that hold JSON", "html": "Pages of markup", "exports": "Exports"}
_OWN = ("/scrapers/", "/monitor/")
_YARDSTICK = "plain json"
_YARDSTICK_HTML = "selectolax, posts counted only"


def main() -> None:
    """Run all ways on the same files, check that they find the same posts, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parsing", description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--megabytes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = [captures.facebook_page(number).encode() for number in range(wanted.pages)]
        markup = [captures.telegram_page(number).encode() for number in range(wanted.pages)]
        export = Path(folder) / "ekspor.ndjson"
        lines = captures.write_export(export, wanted.megabytes << 20)
        document = {
            "machine": f"{os.cpu_count()} shared cores, {platform.python_implementation()} {platform.python_version()}",
            "pages": _compare(_page_ways(), pages, sum(map(len, pages)), len(pages), wanted.rounds),
            "html": _compare(_html_ways(), markup, sum(map(len, markup)), len(markup), wanted.rounds),
            "exports": _compare(_export_ways(), export, export.stat().st_size, lines, wanted.rounds),
        }
    wanted.output.mkdir(parents=True, exist_ok=True)
    (wanted.output / "parsing.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (wanted.output / "parsing.md").write_text(_table(document), encoding="utf-8")
    print(_table(document))


def _page_ways() -> dict[str, Callable[[list[bytes]], int]]:
    return {
        "pantau, records": lambda pages: sum(_posts(read_page(_page(body))) for body in pages),
        "pantau, cleaned, kept and mapped": lambda pages: sum(
            len(one.items) for body in pages for one in capture_page(1, _page(body), Routed())
        ),
        "BeautifulSoup + lxml, posts only": lambda pages: sum(_by_soup(body, "lxml") for body in pages),
        "BeautifulSoup + html.parser, posts only": lambda pages: sum(_by_soup(body, "html.parser") for body in pages),
        _YARDSTICK: lambda pages: sum(_by_split(body) for body in pages),
    }


def _html_ways() -> dict[str, Callable[[list[bytes]], int]]:
    """Pages that hold everything in their markup: both sides read text, time, author, address, links and counts."""
    return {
        "pantau, records": lambda pages: sum(_posts(telegram.read_page(_preview(body))) for body in pages),
        "BeautifulSoup + lxml, same fields": lambda pages: sum(len(_soup_posts(body, "lxml")) for body in pages),
        "BeautifulSoup + html.parser, same fields": lambda pages: sum(
            len(_soup_posts(body, "html.parser")) for body in pages
        ),
        _YARDSTICK_HTML: lambda pages: sum(
            len(LexborHTMLParser(body.decode()).css(".tgme_widget_message[data-post]")) for body in pages
        ),
    }


def _soup_posts(body: bytes, parser: str) -> list[dict[str, Any]]:
    """Read the fields of every post as a scraper written on BeautifulSoup does."""
    soup = bs4.BeautifulSoup(body, parser)
    return [_soup_post(node) for node in soup.find_all("div", class_="tgme_widget_message")]


def _soup_post(node: Any) -> dict[str, Any]:
    text = node.find("div", class_="js-message_text")
    for line in text.find_all("br"):
        line.replace_with("\n")
    links = [str(a["href"]) for a in text.find_all("a", href=True)]
    return {
        "id": node["data-post"],
        "channel": json.loads(base64.b64decode(node["data-view"]))["c"],
        "author": node.find("a", class_="tgme_widget_message_owner_name")["href"],
        "text": text.get_text(),
        "links": links,
        "hashtags": [a.get_text() for a in text.find_all("a") if a.get_text().startswith("#")],
        "time": datetime.fromisoformat(node.find("time")["datetime"]),
        "url": node.find("a", class_="tgme_widget_message_date")["href"],
        "views": node.find("span", class_="tgme_widget_message_views").get_text(),
        "photos": [a["style"] for a in node.find_all("a", class_="tgme_widget_message_photo_wrap")],
        "reactions": [r.get_text() for r in node.find_all("span", class_="tgme_reaction")],
        "forwarded": node.find(class_="tgme_widget_message_forwarded_from_name"),
        "reply": node.find("a", class_="tgme_widget_message_reply"),
        "edited": "edited" in node.find("span", class_="tgme_widget_message_meta").get_text(),
    }


def _export_ways() -> dict[str, Callable[[Path], int]]:
    return {
        "pantau, cleaned, kept and mapped": lambda path: sum(
            bool(one.items) for one in zeeschuimer.reader.read(path, ReadOptions())
        ),
        "msgspec, decoding only": lambda path: _decoded(path, msgspec.json.decode),
        _YARDSTICK: lambda path: _decoded(path, json.loads),
    }


def _decoded(path: Path, decode: Callable[[bytes], Any]) -> int:
    with path.open("rb") as file:
        return sum("data" in decode(line) for line in file)


def _page(body: bytes) -> SavedPage:
    return SavedPage("https://www.facebook.com/contoh", body, "text/html", _SEEN)


def _preview(body: bytes) -> SavedPage:
    return SavedPage("https://t.me/s/kanal_contoh", body, "text/html", _SEEN)


def _posts(mapped: Any) -> int:
    return sum(len(one.items) for one in mapped)


def _by_soup(body: bytes, parser: str) -> int:
    """Count posts and comments as a scraper written on BeautifulSoup does."""
    soup = bs4.BeautifulSoup(body, parser)
    return sum(
        _count(json.loads(script.string or "null")) for script in soup.find_all("script", type="application/json")
    )


def _by_split(body: bytes) -> int:
    blocks = body.split(b'<script type="application/json" data-sjs>')[1:]
    return sum(_count(json.loads(block.split(b"</script>", 1)[0])) for block in blocks)


def _count(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_count, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("__typename") in ("Story", "Comment") and ("post_id" in value or "legacy_fbid" in value)
    return own + sum(map(_count, value.values()))


def _compare(ways: dict[str, Callable[[Any], int]], given: Any, size: int, things: int, rounds: int) -> Any:
    """Return each way's best processor time of several rounds in which the ways take turns."""
    yardstick = _YARDSTICK if _YARDSTICK in ways else _YARDSTICK_HTML
    best: dict[str, float] = {}
    found: dict[str, int] = {}
    for _ in range(rounds):
        for name, run in ways.items():
            started = time.process_time()
            found[name] = run(given)
            best[name] = min(best.get(name, 1e9), time.process_time() - started)
    if len(set(found.values())) != 1:
        raise SystemExit(f"the ways found different numbers: {found}")
    return {
        "yardstick": yardstick,
        "things": things,
        "bytes": size,
        "found": next(iter(found.values())),
        "own_share": _own_share(next(iter(ways.values())) if len(ways) == 3 else ways["pantau, records"], given),
        "ways": [
            {
                "way": name,
                "per_second": things / spent,
                "mb_per_second": size / spent / 1e6,
                "ratio": best[yardstick] / spent,
            }
            for name, spent in best.items()
        ],
    }


def _own_share(run: Callable[[Any], int], given: Any) -> float:
    """Return the share of time that is spent in our own functions rather than in libraries."""
    profile = cProfile.Profile()
    profile.runcall(run, given)
    rows = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]  # missing in typeshed
    total = sum(spent for _, (_, _, spent, _, _) in rows)
    own = sum(spent for (file, _, _), (_, _, spent, _, _) in rows if any(part in file for part in _OWN))
    return float(own / total)


def _table(document: dict[str, Any]) -> str:
    head = f"Machine: {document['machine']}. Generated files; processor time, the least of several rounds.\n"
    parts = (_part(document, title) for title in _TITLES)
    return "\n".join(["# Parsing of pages and exports\n", head, *parts])


def _part(document: dict[str, Any], title: str) -> str:
    part, unit = document[title], "lines" if title == "exports" else "pages"
    size = f"{part['things']:,} {unit}, {part['bytes'] / 1e6:,.0f} MB, {part['found']:,} records"
    rows = [
        f"## {_TITLES[title]}: {size}\n",
        f"| way | {unit}/s | MB/s | against {part['yardstick']} |",
        "|---|---|---|---|",
    ]
    for way in part["ways"]:
        speed = f"{way['per_second']:,.0f} | {way['mb_per_second']:,.1f} | {way['ratio']:.2f}"
        rows.append(f"| {way['way']} | {speed} |")
    share = (
        f"\nShare of time in our own functions: {part['own_share']:.0%} (profiled, which weighs on small functions).\n"
    )
    return "\n".join([*rows, share])


if __name__ == "__main__":
    main()
