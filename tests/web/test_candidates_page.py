from __future__ import annotations

from datetime import timedelta

import pytest

from db import candidate_pages, contests, registers, runs
from db.connect import Database
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Contest,
    Coverage,
    Direction,
    Level,
    Office,
    Outcome,
    Regime,
    Stage,
    StageKind,
    StatusFrom,
    TargetResult,
)
from monitor.domain.rule_sheets import RegisterWarning
from tests.web.browsing import hidden_fields, parsed, submit, words
from tests.web.conftest import Browser
from tests.web.samples import CAMPAIGN, NOW

VOLUNTEER = AccountRef("bluesky", "did:plc:relawancontoh", "relawan.contoh.test")


def contest(name: str = "Bupati Contoh 2024", region: str = "99.01") -> Contest:
    pair = Candidate(
        number=1,
        people=(CandidatePerson(CandidateRole.UTAMA, "H. BUDI CONTOH, S.E.", ("Budi",)),),
        status=(StatusFrom(CandidateStatus.CALON, NOW - timedelta(days=41)),),
        aliases=("BUSI",),
        slogans=("Contoh Bangkit",),
        hashtags=("BusiMenang",),
        accounts=(
            CandidateAccount(CAMPAIGN, AccountKind.REGISTERED),
            CandidateAccount(VOLUNTEER, AccountKind.VOLUNTEER, "dideklarasikan terbuka"),
        ),
    )
    stages = (Stage(StageKind.KAMPANYE, NOW - timedelta(days=40)),)
    return Contest(name, region, Office.BUPATI, Regime.PILKADA, stages, (pair,))


def store(database: Database, *given: Contest, by: str = "admin") -> list[int]:
    with database.write() as session:
        batch = registers.open_batch(
            session, kind="kontes", file_name="kontes.yml", sha256="0" * 64, stored_as="k", user=by, now=NOW
        )
        return [contests.store_contest(session, one, batch, NOW)[0] for one in given]


def visited(database: Database) -> None:
    """Two nights; the newer one saw less."""
    for days, coverage in ((2, Coverage.OBSERVED), (1, Coverage.LOGIN_WALL)):
        at = NOW - timedelta(days=days)
        with database.write() as session:
            run = runs.open_run(session, f"{days:064d}", at, timedelta(hours=1))
            result = TargetResult(
                CAMPAIGN.platform, Direction.CANDIDATE, CAMPAIGN.user_id, Outcome.OK,
                coverage=((Act.POST, coverage),), requests=1, items=1, interactions=0, bystanders_discarded=0,
                started_at=at, finished_at=at,
            )  # fmt: skip
            runs.record_target(session, run.id, result)


class TestReading:
    """What is read, on both databases."""

    @pytest.fixture(params=["sqlite_database", "postgres_database"])
    def database(self, request: pytest.FixtureRequest) -> Database:
        opened: Database = request.getfixturevalue(request.param)
        return opened

    def test_contests_of_and_around_a_place_are_listed(self, database: Database) -> None:
        store(
            database,
            contest(),
            contest("Gubernur Contoh 2024", "99"),
            contest("Presiden 2024", ""),
            contest("Bupati Tetangga 2024", "98.02"),
        )
        with database.read() as session:
            seen = [row.name for row in candidate_pages.list_contests(session, ["99.01"]).rows]
            province = [row.name for row in candidate_pages.list_contests(session, ["99"]).rows]
            nobody = candidate_pages.list_contests(session, []).rows
        assert seen == ["Bupati Contoh 2024", "Gubernur Contoh 2024", "Presiden 2024"]
        assert province == seen
        assert nobody == ()

    def test_a_list_counts_pairs_accounts_and_those_that_wait(self, database: Database) -> None:
        store(database, contest())
        with database.read() as session:
            (row,) = candidate_pages.list_contests(session, [""]).rows
        assert (row.pairs, row.accounts, row.unconfirmed) == (1, 2, 1)

    def test_lists_are_paged_by_key(self, database: Database) -> None:
        store(database, *(contest(f"Bupati {n}", "99.01") for n in range(3)))
        with database.read() as session:
            first = candidate_pages.list_contests(session, [""], limit=2)
            second = candidate_pages.list_contests(session, [""], limit=2, after=first.after)
        assert [row.name for row in (*first.rows, *second.rows)] == ["Bupati 0", "Bupati 1", "Bupati 2"]
        assert second.after is None

    def test_an_account_shows_its_newest_visit(self, database: Database) -> None:
        (number,) = store(database, contest())
        visited(database)
        with database.read() as session:
            detail = candidate_pages.contest_detail(session, number, ["99.01"])
        assert detail is not None
        (campaign, volunteer) = next(iter(detail.accounts.values()))
        assert campaign.visit is not None
        assert campaign.visit.coverage == ((Act.POST, Coverage.LOGIN_WALL),)
        assert (volunteer.visit, volunteer.waits) == (None, True)


def test_a_contest_is_shown_with_stages_pairs_words_and_accounts(browser: Browser, database: Database) -> None:
    (number,) = store(database, contest())
    visited(database)
    client = browser("rina")
    assert "Bupati Contoh 2024" in words(client.get("/kandidat"))
    told = words(client.get(f"/kandidat/{number}"))
    for part in (
        "sekarang",
        "H. BUDI CONTOH, S.E.",
        "BUSI",
        "Contoh Bangkit",
        "BusiMenang",
        "terhalang permintaan masuk",
    ):
        assert part in told
    assert "menunggu orang kedua; belum dibaca" in told


def test_a_second_person_confirms_the_accounts_of_private_people(browser: Browser, database: Database) -> None:
    (number,) = store(database, contest())
    joko = browser("joko")
    answer = submit(joko, joko.get(f"/kandidat/{number}"), f"/kandidat/{number}/konfirmasi")
    assert answer.headers["location"] == f"/kandidat/{number}?kabar=konfirmasi"
    assert "Disahkan joko" in words(joko.get(f"/kandidat/{number}"))


@pytest.mark.parametrize(("name", "status"), [("rina", 403), ("joko", 409)])
def test_neither_the_importer_nor_a_reviewer_confirms(
    browser: Browser, database: Database, name: str, status: int
) -> None:
    (number,) = store(database, contest(), by="joko")
    client = browser(name)
    page = client.get(f"/kandidat/{number}")
    assert not parsed(page).css(f'form[action="/kandidat/{number}/konfirmasi"]')
    token = hidden_fields(page, "/keluar")["tanda"]
    with database.read() as session:
        batch = registers.list_batches(session)[0].id
    answer = client.post(f"/kandidat/{number}/konfirmasi", data={"tanda": token, "impor": str(batch)})
    assert answer.status_code == status


def test_an_import_of_another_contest_is_not_confirmed_here(browser: Browser, database: Database) -> None:
    (number,) = store(database, contest())
    (other,) = store(database, contest("Bupati Tetangga 2024", "98.02"))
    joko = browser("joko")
    token = hidden_fields(joko.get(f"/kandidat/{number}"), "/keluar")["tanda"]
    with database.read() as session:
        batch = max(entry.id for entry in registers.list_batches(session))
    for path, wanted in ((number, batch), (other, batch)):
        answer = joko.post(f"/kandidat/{path}/konfirmasi", data={"tanda": token, "impor": str(wanted)})
        assert answer.status_code == 404


def test_a_contest_that_does_not_concern_the_place_is_not_there(browser: Browser, database: Database) -> None:
    (number,) = store(database, contest())
    client = browser("tetangga")
    assert client.get(f"/kandidat/{number}").status_code == 404
    assert client.get("/kandidat/987654").status_code == 404
    assert "Bupati Contoh 2024" not in client.get("/kandidat?cari=bupati").text


def test_words_that_may_be_mistaken_are_checked_when_asked(browser: Browser, database: Database) -> None:
    (number,) = store(database, contest())
    warning = RegisterWarning(
        "Bupati Contoh 2024", "99.01", 1, Level.TINGGI, "aliases[0]", "sama dengan kata umum", ("x",)
    )
    client = browser("rina", contest_warnings=lambda _number: (warning,))
    assert "sama dengan kata umum" not in words(client.get(f"/kandidat/{number}"))
    assert "Sama dengan kata umum." in words(client.get(f"/kandidat/{number}?periksa=ya"))


@pytest.mark.parametrize("query", ["?cari=%25", "?cari=tidak%20ada", "?sesudah=x&cari=", "?cari=busi"])
def test_searching_never_fails(browser: Browser, database: Database, query: str) -> None:
    store(database, contest())
    assert browser("rina").get(f"/kandidat{query}").status_code == 200


def test_an_empty_register_says_what_to_do(browser: Browser) -> None:
    assert "Belum ada kontes" in words(browser("rina").get("/kandidat"))
