"""The report as JSON, and the hash of its numbers that every other form prints."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from monitor.reports.model import Section, WeeklyReport


def report_json(report: WeeklyReport) -> dict[str, Any]:
    """Return the numbers as JSON values; a cell that is not known is null, and so is the as-of of a public report."""
    return {
        "week": report.week,
        "first_day": report.first_day.isoformat(),
        "last_day": report.last_day.isoformat(),
        "timezone": report.timezone,
        "agency": report.agency,
        "jurisdiction": report.jurisdiction,
        "as_of": None if report.public else report.as_of,
        "public": report.public,
        "sections": {section.key: _section(section) for section in report.sections},
        "method": [{"name": name, "text": text} for name, text in report.method],
        "limits": list(report.limits),
    }


def _section(section: Section) -> dict[str, Any]:
    keys = [column.key for column in section.columns]
    return {
        "title": section.title,
        "note": section.note,
        "rows": [dict(zip(keys, row, strict=True)) for row in section.rows],
        "total": dict(zip(keys, section.total, strict=True)) if section.total else None,
    }


def json_bytes(report: WeeklyReport) -> bytes:
    """Return the file as it is written."""
    return (json.dumps(report_json(report), ensure_ascii=False, indent=2) + "\n").encode()


def content_hash(report: WeeklyReport) -> str:
    """Return the SHA-256 of the JSON file, by which every printed form names its numbers."""
    return hashlib.sha256(json_bytes(report)).hexdigest()


def write_json(report: WeeklyReport, path: Path) -> None:
    """Write the JSON file."""
    path.write_bytes(json_bytes(report))
