from __future__ import annotations

from datetime import date

from selectolax.lexbor import LexborHTMLParser

from db.report_facts import CoverageFact
from monitor.domain import Act, Coverage, Direction
from monitor.reports.html import render_html
from monitor.reports.model import Cell, Section, WeeklyReport
from monitor.reports.sections_coverage import coverage


def page(*sections: Section) -> LexborHTMLParser:
    report = WeeklyReport(
        week="2026-W47", first_day=date(2026, 11, 16), last_day=date(2026, 11, 22), timezone="Asia/Jakarta",
        jurisdiction="99.01", as_of=7, sections=sections, method=(), limits=("Contoh batas.",),
    )  # fmt: skip
    return LexborHTMLParser(render_html(report))


def seen(kind: Coverage, visits: int = 3, act: Act = Act.LIKE) -> CoverageFact:
    return CoverageFact("bluesky", Direction.CANDIDATE, act, kind, visits)


def headings(tree: LexborHTMLParser) -> list[str]:
    return [cell.text() for cell in tree.css("#coverage ~ .wide th[scope=col]")]


def test_the_page_says_first_what_its_numbers_are() -> None:
    first = page().css_first("header strong")
    assert first is not None
    assert first.text() == "Indikasi dan informasi awal untuk ditinjau petugas"


def test_kinds_of_gaps_that_nobody_met_take_no_room() -> None:
    shown = headings(page(coverage([seen(Coverage.OBSERVED), seen(Coverage.LOGIN_WALL)])))
    assert "Terhalang permintaan masuk" in shown
    assert "Ditolak" not in shown


def test_observed_is_shown_even_where_nothing_was() -> None:
    tree = page(coverage([seen(Coverage.FAILED)]))
    assert "Teramati" in headings(tree)
    rows: list[Cell] = [cell.text() for cell in tree.css("#coverage ~ .wide tbody td")]
    assert rows[-2:] == ["0", "3"]


def test_only_lengths_become_bars() -> None:
    facts = [seen(Coverage.OBSERVED, act=Act.POST), seen(Coverage.FAILED), seen(Coverage.FAILED, 1, Act.SHARE)]
    assert len(page(coverage(facts)).css(".bars rect")) == 2
