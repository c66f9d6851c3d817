"""The office's own record: who it is, on what ground each source is read, and with which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from db import credentials
from db.connect import Database
from monitor.assembly import policy_of
from monitor.doctor.checks import Check
from monitor.domain import SourceMode
from monitor.domain.credentials import CredentialRow
from monitor.domain.zones import zone_of
from monitor.errors import PolicyBlocked
from monitor.settings import AgencySettings, Settings
from scrapers import policy, registry

_SOON = timedelta(days=14)


def agency(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether the office says who it is, and keeps the time of its region."""
    told = settings.agency
    unset = AgencySettings()
    lacking = [
        key for key in ("name", "jurisdiction", "contact") if getattr(told, key).strip() in ("", getattr(unset, key))
    ]
    detail = told.name if not lacking else "kurang " + ", ".join(f"agency.{key}" for key in lacking)
    mend = "isi [agency] di pantau.toml; kontaknya ikut terkirim pada setiap permintaan"
    yield Check("kantor", not lacking, detail, mend)
    kept = zone_of(told.jurisdiction)
    now = clock()
    same = now.astimezone(kept).utcoffset() == now.astimezone(told.zone).utcoffset()
    detail = told.timezone if same else f"{told.timezone}, tetapi wilayah {told.jurisdiction} memakai {kept.key}"
    yield Check("zona waktu", same or not told.jurisdiction, detail, f'tulis agency.timezone = "{kept.key}"')
    if settings.replay.clock is not None or settings.replay.exchanges is not None:
        mend = "hapus [replay] dari pantau.toml"
        yield Check("peragaan", well=False, detail="jam atau jaringan diganti rekaman ([replay])", mend=mend)


def sources(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look at every policy record as the gate will."""
    if not settings.sources:
        yield Check("sumber", well=False, detail="belum ada sumber", mend="tambahkan [sources.…] di pantau.toml")
    manifests = registry.manifests()
    for name, source in sorted(settings.sources.items()):
        shown = f"sumber {name}"
        if name not in manifests:
            known = ", ".join(sorted(manifests))
            yield Check(shown, well=False, detail="tidak dikenal", mend=f"yang ada: {known}")
            continue
        if not source.enabled:
            yield Check(shown, well=True, detail="dimatikan")
            continue
        record = policy_of(name, source, settings.agency.timezone)
        live = manifests[name] if source.mode is not SourceMode.IMPORT else None
        try:
            policy.check(record, name, source.mode, live)
        except PolicyBlocked as error:
            yield Check(shown, well=False, detail=error.message, mend=error.mend)
            continue
        early = source.approved_at is not None and source.approved_at > clock().astimezone(settings.agency.zone).date()
        detail = f"aktif, disetujui {source.approved_by} {source.approved_at}"
        yield Check(shown, not early, detail, "approved_at ada di masa depan; periksa catatan itu atau jam mesin")


def lent(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether keys and lent tokens of active sources have run out or soon will; the newest of a slot counts."""
    now = clock()
    with database.read() as session:
        rows = credentials.credentials(session)
    newest: dict[tuple[str, str], CredentialRow] = {}
    for row in rows:
        newest.setdefault((row.source, row.slot), row)
    for row in newest.values():
        source = settings.sources.get(row.source)
        if source is None or not source.enabled or row.revoked_at is not None:
            continue
        if row.expires_at - now <= _SOON:
            # the slot of an owner's token holds an account's id, which belongs on no screen of the machine's health
            what = "token pemilik akun" if row.owner is not None else row.slot
            word = "habis" if row.expires_at <= now else "akan habis"
            mend = f"minta yang baru, lalu `pantau sources credential add {row.source} …`"
            detail = f"{what} (nomor {row.id}) {word} {row.expires_at:%d-%m-%Y}"
            yield Check(f"kredensial {row.source}", well=False, detail=detail, mend=mend)
