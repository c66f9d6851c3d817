from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db import users, verdicts
from db.tables import rule_hit
from monitor.domain import Verdict
from tests.reports.test_weekly import MONDAY, asked, table


def judged(office: Any, name: str, verdict: Verdict, days: float, hit: int = 0) -> None:
    """Let somebody judge a hit so many days after the week began."""
    with office.database.write() as session:
        hits = list(session.execute(sa.select(rule_hit.c.id).order_by(rule_hit.c.id)).scalars())
        user = users.user_named(session, name) or users.add_user(session, name, name, "-", MONDAY)
        verdicts.add_verdict(session, hits[hit], user.id, verdict, "", MONDAY + timedelta(days=days))


def test_rules_are_told_with_how_often_they_were_right(busy: Any, tmp_path: Path) -> None:
    judged(busy, "rina", Verdict.TEPAT, 1)
    judged(busy, "rina", Verdict.KELIRU, 2, hit=1)
    whole, *places = table(asked(busy, tmp_path), "rule_precision")
    assert (whole["jurisdiction"], whole["right"], whole["wrong"], whole["precision"]) == ("semua", 1, 1, 0.5)
    assert whole["advice"] == "belum cukup data"
    assert sum(place["right"] + place["wrong"] for place in places) == 2


def test_what_was_said_after_the_week_is_not_in_its_report(busy: Any, tmp_path: Path) -> None:
    judged(busy, "rina", Verdict.TEPAT, 7)
    assert table(asked(busy, tmp_path), "rule_precision") == []


def test_a_later_verdict_leaves_the_bytes_of_an_earlier_report(busy: Any, tmp_path: Path) -> None:
    judged(busy, "rina", Verdict.TEPAT, 1)
    first = asked(busy, tmp_path)
    judged(busy, "bayu", Verdict.KELIRU, 2)
    again = asked(busy, tmp_path, as_of=first.report.as_of, output=tmp_path / "lagi")
    assert [file.sha256 for file in first.files] == [file.sha256 for file in again.files]
    now = asked(busy, tmp_path, output=tmp_path / "baru")
    assert table(now, "rule_precision")[0]["unsure"] == 1
