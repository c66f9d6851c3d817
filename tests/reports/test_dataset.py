"""Data for analysts: the same bytes, whole or not at all, nobody named; and the guide's examples, run as they stand."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from db import analyst, audit
from db.analyst import VIEWS
from db.connect import Database
from db.tables import asn, interaction, review_case, rule_hit
from monitor.domain import Act
from monitor.errors import UsageError
from monitor.reports.dataset import FORMATS, SUMS, Source, write_dataset
from monitor.reports.files import WrittenFile, write_whole
from monitor.vault import Vault
from tests.reports.conftest import MONDAY, SmallOffice

GUIDE = Path(__file__).parents[2] / "docs" / "analis" / "data.md"
ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def busy(office: SmallOffice) -> SmallOffice:
    office.act(1, 1, MONDAY + timedelta(hours=2))
    office.act(1, 2, MONDAY + timedelta(hours=3), Act.SHARE)
    office.act(2, 1, MONDAY + timedelta(days=8))
    office.night(MONDAY + timedelta(hours=1))
    return office


def written(
    office: SmallOffice, vault: Vault, folder: Path, formats: tuple[str, ...] = FORMATS, region: str = ""
) -> tuple[WrittenFile, ...]:
    return write_dataset(Source(office.database, vault, ZONE, region), formats, folder, MONDAY)


def counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {view.table: analyst.count(session, view) for view in VIEWS}


def test_every_form_holds_every_row_of_every_view(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    folder = written(busy, vault, tmp_path)[0].path.parent
    book = load_workbook(folder / "data-analis.xlsx", read_only=True)
    assert {sheet.title for sheet in book} == set(counts(busy.database))
    for table, total in counts(busy.database).items():
        frame = pl.read_parquet(folder / f"{table}.parquet")
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
        assert (len(frame), len(lines) - 1) == (total, total), table
        assert frame.columns == lines[0]
        assert sum(1 for _ in book[table].iter_rows(min_row=4)) == max(total, 0), table
        numbers = [name for name, kind in frame.schema.items() if kind == pl.Int64]
        texts = [[line[frame.columns.index(name)] for name in numbers] for line in lines[1:]]
        assert not numbers or texts == [
            ["" if n is None else str(n) for n in row] for row in frame.select(numbers).rows()
        ]


def test_the_same_data_gives_the_same_bytes(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    once, again = (written(busy, vault, tmp_path / name) for name in ("satu", "dua"))
    assert [file.sha256 for file in once] == [file.sha256 for file in again]
    assert once[-1].path.name == SUMS


def test_people_are_pseudonyms_that_stay_and_need_the_key(
    busy: SmallOffice, vault: Vault, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    written(busy, vault, tmp_path / "satu", ("parquet",))
    other = Vault.create(tmp_path_factory.mktemp("kunci-lain"))
    written(busy, other, tmp_path / "dua", ("parquet",))
    ours, theirs = (pl.read_parquet(next(p.rglob("cases.parquet"))) for p in (tmp_path / "satu", tmp_path / "dua"))
    indications = pl.read_parquet(next((tmp_path / "satu").rglob("indications.parquet")))
    assert ours["person"].n_unique() == 2
    assert set(indications["person"]) == set(ours["person"])
    assert not set(ours["person"]) & set(theirs["person"])
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ours["person"])


def test_nobody_is_named_in_any_file(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    written(busy, vault, tmp_path, ("csv",))
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.csv"))
    with busy.database.read() as session:
        people = session.execute(sa.select(asn.c.name, asn.c.identifier_masked)).all()
    assert people
    assert not [one for row in people for one in row if one in text]
    for trace in ("did:plc:asn", "at://", "http", "1978010120060410"):
        assert trace not in text


def test_a_place_gets_its_own_cases_only(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    written(busy, vault, tmp_path, ("parquet",), region="99.01.02")
    cases = pl.read_parquet(next(tmp_path.rglob("cases.parquet")))
    assert set(cases["jurisdiction"]) == {"99.01.02"}


def test_an_export_is_audited_with_its_hashes(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    files = written(busy, vault, tmp_path, ("parquet",))
    with busy.database.read() as session:
        (line,) = audit.tail(session, action="report.data")
    assert all(file.sha256 in line.detail for file in files[:-1])


@pytest.mark.parametrize("formats", [(), ("parquet", "ods")])
def test_a_form_that_is_not_known_is_wrong_use(
    sqlite_database: Database, vault: Vault, tmp_path: Path, formats: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError):
        write_dataset(Source(sqlite_database, vault, ZONE), formats, tmp_path / "data", MONDAY)
    assert not (tmp_path / "data").exists()


def test_a_writer_killed_in_the_middle_leaves_the_old_file_and_the_next_one_sweeps(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("lama")
    slow = (
        "import sys, time; from pathlib import Path; from monitor.reports.files import write_whole\n"
        "def write(partial):\n"
        "    partial.write_text('separuh'); print('mulai', flush=True); time.sleep(60)\n"
        "write_whole(Path(sys.argv[1]), write)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", slow, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "mulai\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert path.read_text() == "lama"
    assert len(list(tmp_path.iterdir())) == 2
    write_whole(path, lambda partial: partial.write_text("baru") and None)
    assert [one.name for one in tmp_path.iterdir()] == ["cases.csv"]
    assert path.read_text() == "baru"


def test_two_writers_of_one_file_at_once_leave_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "laporan.json"
    together = Barrier(4)

    def write(partial: Path) -> None:
        together.wait(30)
        partial.write_text("utuh" * 1000)

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(write_whole, path, write) for _ in range(4)]
    assert len({one.result().sha256 for one in made}) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["laporan.json"]


def test_sums_are_missing_while_files_are_written(busy: SmallOffice, vault: Vault, tmp_path: Path) -> None:
    files = written(busy, vault, tmp_path, ("csv",))

    class Broken:
        def phase(self, name: str, total: int) -> None:
            if name.startswith("visits"):
                raise KeyboardInterrupt

        def step(self, done: int, note: str = "") -> None: ...

    with pytest.raises(KeyboardInterrupt):
        write_dataset(Source(busy.database, vault, ZONE), ("csv",), tmp_path, MONDAY, Broken())
    assert not files[-1].path.exists()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_guide_names_every_table_and_column() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for view in VIEWS:
        assert f"### `{view.table}`" in text
        part = text.split(f"### `{view.table}`")[1].split("\n##")[0]
        assert [name for name, _ in view.columns if f"`{name}`" not in part] == []


def test_the_examples_of_the_guide_run_and_count_right(
    busy: SmallOffice, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(busy, vault, tmp_path, ("parquet",))[0].path.parent
    monkeypatch.chdir(folder)
    told: dict[str, Any] = {}
    *examples, on_sqlite = blocks("python")
    for code in examples:
        exec(compile(code, str(GUIDE), "exec"), told)
    with busy.database.read() as session:
        acts = session.execute(sa.select(sa.func.count(sa.distinct(rule_hit.c.interaction_id)))).scalar_one()
        cases = session.execute(sa.select(sa.func.count()).select_from(review_case)).scalar_one()
        seen = session.execute(sa.select(sa.func.count()).select_from(interaction)).scalar_one()
    assert told["per_week"]["acts"].sum() == told["per_pair"]["acts"].sum() == acts == seen == 3
    assert sum(row[1] for row in told["hours_to_first_look"].fetchall()) == cases
    assert told["gaps"].fetchall() == [("bluesky", "like", 1, 1), ("bluesky", "post", 1, 0)]
    if busy.database.dialect == "sqlite":
        (folder / "data").mkdir()
        (folder / "data" / "pantau.db").symlink_to(sa.make_url(busy.database.url).database or "")
        exec(compile(on_sqlite, str(GUIDE), "exec"), told)
        assert told["states"].rows() == [("baru", cases)]


def test_the_role_of_the_guide_reads_views_and_no_table(postgres_database: Database) -> None:
    (grants,) = blocks("sql")
    role = f"analis_{sa.make_url(postgres_database.url).database}"
    with postgres_database.write() as session:
        session.exec_driver_sql(re.sub(r"\banalis\b", role, grants))
    with postgres_database.write() as session:
        session.exec_driver_sql(f"SET LOCAL ROLE {role}")
        for view in VIEWS:
            session.exec_driver_sql(f"SELECT count(*) FROM {view.name}")
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            session.exec_driver_sql("SELECT count(*) FROM asn")
    with postgres_database.write() as session:
        session.exec_driver_sql(f"DROP OWNED BY {role}; DROP ROLE {role}")
