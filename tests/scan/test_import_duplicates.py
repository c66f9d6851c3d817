"""The same act out of two tools is one record with two evidences, whichever file comes first, on either database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.connect import Database
from db.tables import account, capture, interaction, interaction_capture, item
from monitor.scan.import_report import ImportSummary
from monitor.scan.imports import ImportOrder, import_files
from monitor.scan.progress import Silent
from scrapers.imports.contract import ReadOptions
from tests.peers.registers import write_registers
from tests.peers.world import World, make_world
from tests.scan.offices import Office, make_office
from tests.scrapers.captured_items import line, tiktok_comment

CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
WORLD: World = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
ASKED = ReadOptions(
    supplier="PT Pemasok Contoh", basis="Kontrak 12/2026", captured_at=datetime(2024, 10, 3, tzinfo=UTC)
)


@pytest.fixture
def tiktok_office(database: Database, tmp_path: Path) -> Office:
    """An office whose register knows TikTok accounts by handle."""
    office = make_office(tmp_path / "office", database, CONFIG)
    write_registers(tmp_path / "register", WORLD, "tiktok", {a.key: f"@{a.key}_contoh" for a in WORLD.actors})
    office.register(tmp_path / "register")
    return office


def zeeschuimer(folder: Path) -> Path:
    comment = tiktok_comment(user={"uid": "7101", "unique_id": "asn01_contoh", "nickname": "PEGAWAI"})
    path = folder / "tangkapan.ndjson"
    path.write_bytes(line(comment, "tiktok-comments"))
    return path


def apify(folder: Path, **who: str) -> Path:
    comment: dict[str, Any] = {
        "videoWebUrl": f"https://www.tiktok.com/@busi_contoh/video/{tiktok_comment()['aweme_id']}",
        "cid": tiktok_comment()["cid"],
        "text": tiktok_comment()["text"],
        "createTime": tiktok_comment()["create_time"],
        "diggCount": 1,
        **who,
    }
    path = folder / "apify.json"
    path.write_text(json.dumps([comment]), encoding="utf-8")
    return path


def take(office: Office, path: Path) -> ImportSummary:
    class Nothing:
        """No import reaches the network."""

    with office.parts(Nothing()) as parts:  # type: ignore[arg-type]
        return import_files(parts, ImportOrder((path,), "rina", options=ASKED), Silent())


def held(database: Database) -> tuple[set[tuple[str, str]], int, int]:
    """Who did what, how many captures show it, and how many texts there are."""
    who = sa.select(account.c.platform_user_id, interaction.c.act, interaction.c.key).join_from(
        interaction, account, interaction.c.actor_account_id == account.c.id
    )
    with database.read() as session:
        acts = {(row.platform_user_id, row.key) for row in session.execute(who)}
        shown = session.execute(sa.select(sa.func.count()).select_from(interaction_capture)).scalar_one()
        items = session.execute(sa.select(sa.func.count()).select_from(item)).scalar_one()
    return acts, shown, items


@pytest.mark.parametrize("order", [(zeeschuimer, apify), (apify, zeeschuimer)], ids=["id-first", "handle-first"])
@pytest.mark.parametrize("who", [{"uniqueId": "asn01_contoh"}, {"uid": "7101", "uniqueId": "asn01_contoh"}], ids=str)
def test_a_comment_from_two_tools_is_one_act_with_two_evidences(
    tiktok_office: Office, database: Database, tmp_path: Path, order: tuple[Any, ...], who: dict[str, str]
) -> None:
    for make in order:
        path = make(tmp_path, **who) if make is apify else make(tmp_path)
        assert take(tiktok_office, path).files[0].interactions == 1
    acts, shown, items = held(database)
    assert [user for user, _ in acts] == ["7101"]
    assert (shown, items) == (2, 1)
    with database.read() as session:
        sources = session.execute(sa.select(capture.c.endpoint).order_by(capture.c.endpoint)).scalars().all()
    assert sources == ["vendors", "zeeschuimer"]


def test_the_act_has_the_same_key_in_either_order(tmp_path: Path, sqlite_template: Path) -> None:
    from db.connect import open_database

    keys = []
    for name, order in (("a", (zeeschuimer, apify)), ("b", (apify, zeeschuimer))):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pantau.db").write_bytes(sqlite_template.read_bytes())
        database = open_database(f"sqlite:///{folder / 'pantau.db'}")
        office = make_office(folder / "office", database, CONFIG)
        write_registers(folder / "register", WORLD, "tiktok", {a.key: f"@{a.key}_contoh" for a in WORLD.actors})
        office.register(folder / "register")
        for make in order:
            take(office, make(folder, uniqueId="asn01_contoh") if make is apify else make(folder))
        keys.append(held(database)[0])
        database.dispose()
    assert keys[0] == keys[1]
