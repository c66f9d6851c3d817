from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from db import liveness
from db.connect import Database
from monitor.domain import LiveCheck, LiveState
from tests.casebook import NOW

KEYS = [("x", f"x:status/{number}") for number in range(3)]


def test_answers_about_all_texts_of_a_case_take_one_statement(database: Database) -> None:
    with database.write() as session:
        for platform, item_id in [*KEYS, ("bluesky", KEYS[0][1])]:
            for state in (LiveState.ONLINE, LiveState.DELETED):
                at = NOW + timedelta(hours=state is LiveState.DELETED)
                liveness.record(
                    session,
                    LiveCheck(
                        platform=platform, item_id=item_id, url="https://contoh.test/x", checked_at=at, state=state,
                        status=200, sha256=None, detail="", next_at=None,
                    ),
                )  # fmt: skip
    seen: list[str] = []
    with database.read() as session:
        sa.event.listen(session, "before_cursor_execute", lambda *given: seen.append(given[2]))
        told = liveness.checks_of(session, KEYS)
    both = (LiveState.ONLINE, LiveState.DELETED)
    assert {key: tuple(check.state for check in checks) for key, checks in told.items()} == dict.fromkeys(KEYS, both)
    assert len([said for said in seen if said.startswith("SELECT")]) == 1
