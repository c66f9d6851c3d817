"""An office that reads one gated platform: one pair's account, one official's, and a server of that platform's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
import yaml

from db import credentials
from db.connect import Database
from db.tables import account, interaction
from monitor.assembly import ledger_of, night
from monitor.domain import CredentialEntry
from monitor.scan.keys import StoredKeys
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.summary import ScanSummary
from scrapers import registry
from scrapers.fetch import Fetcher, HttpxWire, Identity
from scrapers.terms import Terms
from tests.peers.registers import ACCOUNT_COLUMNS, ASN_COLUMNS, PAIRS, settings
from tests.peers.world import REGION, stages_around
from tests.scan.offices import NOW, HeldClock, Office, make_office
from tests.scrapers.loopback import Handler, Peer, answer

APP_TOKEN = "token-aplikasi-rekaan-0123456789abcdef"
OWNER_TOKEN = "token-pemilik-rekaan/+=&0123456789abcdef"
NIP = "197801012003121003"


@dataclass(frozen=True)
class Play:
    """What is played: the platform, who stands for the pair and who is watched, and the policy's own words."""

    platform: str
    pair: str
    official: str
    urls: dict[str, str]
    mode: str = "live_api"
    permission: str = "ND-012/2026"
    more: str = ""


@dataclass
class Served:
    """What a served API was asked, beside what it answers."""

    peer: Peer
    tokens: set[str] = field(default_factory=set)

    def route(self, path: str, *pages: Any, status: int = 200, **headers: str) -> None:
        """Answer a path with one page after the other, by whether the request names a cursor; a callable decides."""

        def write(handler: Handler) -> None:
            asked = parse_qs(urlsplit(handler.path).query)
            self.tokens.add(handler.headers.get("authorization", "") or asked.get("access_token", [""])[0])
            cursor = next((asked[name][0] for name in ("pagination_token", "after") if name in asked), "")
            number = int(cursor.removeprefix("c")) if cursor.startswith("c") else 0
            page = pages[min(number, len(pages) - 1)]
            if callable(page):
                page(handler)
                return
            answer(status, json.dumps(page).encode(), **headers)(handler)

        self.peer.routes[path] = write


def make(home: Path, database: Database, play: Play) -> Office:
    """Return an office whose register knows the two accounts, with both tokens in its safe."""
    text = settings(play.platform, play.urls, more=play.more)
    text = text.replace('mode = "live_api"', f'mode = "{play.mode}"', 1)
    text = text.replace('permission_ref = "ND-012/2026"', f'permission_ref = "{play.permission}"', 1)
    longest = registry.manifests()[play.platform].retention_days
    text = text.replace("retention_days = 365", f"retention_days = {longest or 365}", 1)
    places = sorted({urlsplit(url).netloc for url in play.urls.values()})
    robots = "respect" if play.mode == "live_public_html" else "not_applicable"
    text = text.replace("allow_hosts = []", f'allow_hosts = {json.dumps(places)}\nrobots = "{robots}"', 1)
    office = make_office(home, database, text, HeldClock(NOW))
    folder = home.parent / f"{home.name}-register"
    folder.mkdir()
    person = [NIP, "PEGAWAI CONTOH", "pns", "Dinas Contoh", "Staf", REGION, ""]
    known = [NIP, play.platform, play.official, "terverifikasi", "pernyataan pemilik", "BA-001/2026", "", ""]
    (folder / "asn.csv").write_text(",".join(ASN_COLUMNS) + "\n" + ",".join(person) + "\n", encoding="utf-8")
    (folder / "akun.csv").write_text(",".join(ACCOUNT_COLUMNS) + "\n" + ",".join(known) + "\n", encoding="utf-8")
    (folder / "kontes.yml").write_text(yaml.safe_dump(json.loads(json.dumps(_contest(play)))), encoding="utf-8")
    office.register(folder)
    return office


def _contest(play: Play) -> dict[str, Any]:
    stages = stages_around(NOW)
    status = [
        {"from": stages[0][1].isoformat(), "is": "bakal_calon"},
        {"from": stages[1][1].isoformat(), "is": "calon"},
    ]
    accounts = [{"platform": play.platform, "account": play.pair, "kind": "registered"}]
    first, second = (dict(pair) for pair in PAIRS)
    return {
        "contest": "Bupati Contoh 2026",
        "region": REGION,
        "office": "bupati",
        "regime": "pilkada",
        "stages": [{"kind": kind, "from": starts.isoformat()} for kind, starts in stages],
        "pairs": [first | {"status": status, "accounts": accounts}, second | {"status": status, "accounts": []}],
    }


def lend(office: Office, source: str, slot: str, secret: str) -> None:
    """Put a secret into the office's safe."""
    entry = CredentialEntry(source, slot, "pengawasan kampanye", NOW + timedelta(days=30))
    with office.space() as space, space.database.write() as session:
        owner = slot.partition(":")[2]
        found = sa.select(account.c.id).where(account.c.platform == source, account.c.platform_user_id == owner)
        lent_by = session.execute(found).scalar() if owner else None
        sealed = credentials.seal(space.vault, entry, secret)
        credentials.add(session, sealed, entry, account_id=lent_by, by="rina", now=NOW)


@contextmanager
def parts_of(office: Office) -> Iterator[Parts]:
    """Return the parts of a night over the real network code, whose clock moves when it sleeps."""
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    with office.space() as space, night(space) as parts:
        keys = StoredKeys(space.database, space.vault, office.clock)
        terms = Terms(parts.manifests, keys, ledger_of(space))
        wire = HttpxWire()
        fetcher = Fetcher(parts.policies, identity, office.clock, office.clock.sleep, wire, terms)
        yield replace(parts, fetcher=fetcher)
        fetcher.close()


def scan(office: Office, order: ScanOrder | None = None) -> ScanSummary:
    """Play one night."""
    with parts_of(office) as parts:
        return run_night(parts, order or ScanOrder(), Silent())


def acts(database: Database) -> list[tuple[str, str]]:
    """Return the stored acts as (verb, target)."""
    query = sa.select(interaction.c.act, interaction.c.target_id).order_by(interaction.c.act, interaction.c.target_id)
    with database.read() as session:
        return [(str(row.act), row.target_id) for row in session.execute(query)]


def account_ids(database: Database) -> list[str]:
    """Return the stable ids of all stored accounts."""
    with database.read() as session:
        return sorted(session.execute(sa.select(account.c.platform_user_id)).scalars())


def files_that_hold(home: Path, secret: str) -> list[str]:
    """Return the files of a workspace in which a secret can be read."""
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and secret.encode() in path.read_bytes()
    ]


Write = Callable[[Handler], None]
