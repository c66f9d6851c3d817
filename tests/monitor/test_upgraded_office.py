from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from db import cases, schema, search
from db.connect import open_database
from db.events import EventDraft
from db.tables import review_case
from db.verify import verify
from monitor import installation
from monitor.domain import CaseFilter, CaseState, EventKind, Tier
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW

BEFORE_THE_CONSOLE = "20261122_sources"


def test_cases_of_an_earlier_program_are_found_by_words_and_filters_at_once(tmp_path: Path) -> None:
    settings = installation.create(tmp_path)
    database = open_database(settings.url)
    book = casebook.open_book(database, Vault.load(settings.keys_dir))
    case_id = casebook.comment_case(database, book)
    with database.write() as session:
        opened = EventDraft(
            case_id, 2, EventKind.FIRST_OPENED, CaseState.BARU, NOW + timedelta(hours=1), "rina", CaseState.BARU
        )
        cases.record(session, [opened])
    database.dispose()
    schema.downgrade(settings.url, BEFORE_THE_CONSOLE)
    installation.create(tmp_path)
    upgraded = open_database(settings.url)
    with upgraded.write() as session:
        assert search.without_words(session) == []
        assert verify(session) == []
        for wanted in (CaseFilter(text="lanjutkan"), CaseFilter(tier=Tier.KUAT)):
            assert [row.id for row in cases.list_cases(session, wanted, NOW).rows] == [case_id]
        assert session.execute(sa.select(review_case.c.facets)).scalar_one() != "|"
    upgraded.dispose()
