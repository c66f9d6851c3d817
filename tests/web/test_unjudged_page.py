from __future__ import annotations

import sqlalchemy as sa

from db import judgements
from db.connect import Database
from db.tables import interaction, judgement
from monitor.domain import Judgement, JudgementOutcome, NearMiss
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import words
from tests.web.conftest import Browser
from tests.web.samples import NOW

REASON = "waktu perbuatan melintasi batas: baris bisa A4 / B6"


def undecided(database: Database, vault: Vault) -> None:
    """Let every stored act stand as not evaluable."""
    world.found(database, vault)
    with database.write() as session:
        ids = session.execute(sa.select(interaction.c.id)).scalars().all()
        ruleset = session.execute(sa.select(judgement.c.ruleset_id).limit(1)).scalar_one()
        told = [
            Judgement(number, JudgementOutcome.NOT_EVALUABLE, not_evaluable=(NearMiss("suka", 1, 1, REASON),))
            for number in ids
        ]
        judgements.store_judgements(session, told, ruleset, NOW)


def test_acts_that_could_not_be_judged_are_listed_with_their_reason(
    browser: Browser, database: Database, vault: Vault
) -> None:
    undecided(database, vault)
    said = words(browser("rina").get("/tidak-dapat-dinilai"))
    assert world.ANI.name in said
    assert "Waktu perbuatan melintasi batas" in said


def test_acts_of_people_of_other_places_are_not_listed(browser: Browser, database: Database, vault: Vault) -> None:
    undecided(database, vault)
    said = words(browser("rina").get("/tidak-dapat-dinilai"))
    assert world.SARI.name not in said


def test_the_front_page_counts_them_for_the_own_place_and_leads_there(
    browser: Browser, database: Database, vault: Vault
) -> None:
    undecided(database, vault)
    page = browser("rina").get("/")
    assert "2 tindakan tidak dapat dinilai" in words(page)
    assert 'href="/tidak-dapat-dinilai"' in page.text


def test_without_such_acts_the_page_says_so(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    assert "Semua tindakan di wilayah Anda dapat dinilai." in words(browser("rina").get("/tidak-dapat-dinilai"))
