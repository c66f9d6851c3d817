"""The invariants of the design, checked on the data as it lies there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from db import audit, cases, events, judgements, legal_clocks, purging, schema, search
from db.append_only import APPEND_ONLY, EARLIER_ONLY, trigger_names
from db.connect import Session
from db.pages import damaged_pages
from db.patterns import pattern_faults
from db.standing import STANDING
from db.tables import (
    case_hit,
    evidence_file,
    judgement,
    jurisdiction,
    retention_event,
    review_case,
    rule_hit,
    scan_run,
    suppression,
)
from db.tables.cases import OPEN

_SHOWN = 20
"""Faults of one kind that are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken invariant: its name, and where, in Indonesian."""

    invariant: str
    detail: str


def verify(session: Session) -> list[Problem]:
    """Check everything and return what does not hold; an outdated schema or a broken page ends the check at once."""
    found = schema.current(session)
    if found != schema.head():
        return [Problem("skema", f"basis data berversi {found}, program memerlukan {schema.head()}")]
    broken = [Problem("halaman", fault) for fault in damaged_pages(session)]
    if broken:  # whatever else is read from such a file proves nothing
        return broken
    problems: list[Problem] = []
    for name, check in _CHECKS.items():
        faults = list(check(session))
        problems += [Problem(name, fault) for fault in faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            problems.append(Problem(name, f"dan {len(faults) - _SHOWN} lagi"))
    return problems


def evidence_digests(session: Session) -> list[str]:
    """Return the hashes of all evidence files that must be there: those that retention did not purge."""
    gone = sa.select(retention_event.c.subject_id).where(
        retention_event.c.action == "purged", retention_event.c.subject_kind == "evidence_file"
    )
    kept = sa.select(evidence_file.c.sha256).where(evidence_file.c.sha256.not_in(gone))
    return list(session.execute(kept.order_by(evidence_file.c.sha256)).scalars())


def _lost_hits(session: Session) -> Iterator[str]:
    statement = (
        sa.select(rule_hit.c.id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .where(STANDING, rule_hit.c.suppression_id.is_(None))
        .where(case_hit.c.hit_id.is_(None))
        .order_by(rule_hit.c.id)
    )
    for hit_id in session.execute(statement).scalars():
        yield f"indikasi {hit_id} tidak ada dalam informasi awal mana pun"


def _hidden_hits(session: Session) -> Iterator[str]:
    """Yield hits that are hidden although a case holds them, or by a suppression that no second person approved."""
    held = sa.exists().where(case_hit.c.hit_id == rule_hit.c.id)
    statement = (
        sa.select(rule_hit.c.id, suppression.c.id.label("number"), suppression.c.approved_by)
        .join(suppression, suppression.c.id == rule_hit.c.suppression_id)
        .where(sa.or_(held, suppression.c.approved_by.is_(None)))
        .order_by(rule_hit.c.id)
    )
    for row in session.execute(statement):
        why = "padahal ada dalam informasi awal" if row.approved_by is not None else "yang belum disetujui orang kedua"
        yield f"indikasi {row.id} ditangguhkan oleh penangguhan {row.number} {why}"


def _lost_cases(session: Session) -> Iterator[str]:
    """Yield open cases that stand in a queue of no place; those without a queue are listed under "tanpa antrean"."""
    statement = (
        sa.select(review_case.c.id, review_case.c.queue)
        .join(jurisdiction, jurisdiction.c.code == review_case.c.queue, isouter=True)
        .where(OPEN, review_case.c.queue.is_not(None), jurisdiction.c.code.is_(None))
        .order_by(review_case.c.id)
    )
    for row in session.execute(statement):
        yield f"informasi awal {row.id} berada di antrean {row.queue} yang tidak dikenal"


def _broken_events(session: Session) -> Iterator[str]:
    for number, fault in events.broken_events(session):
        yield f"peristiwa {number}: {FAULTS[fault]}"


def _broken_audit(session: Session) -> Iterator[str]:
    for number, fault in audit.broken_rows(session):
        yield f"baris {number}: {FAULTS[fault]}"


def _projection(session: Session) -> Iterator[str]:
    for case_id, column in cases.projection_faults(session):
        yield f"informasi awal {case_id}: kolom {column} tidak sesuai dengan peristiwanya"


def _sums(session: Session) -> Iterator[str]:
    """Check the newest finished run; one that was recorded with other sums was already not ok."""
    statement = sa.select(scan_run.c.id, scan_run.c.summary).where(scan_run.c.finished_at.is_not(None))
    row = session.execute(statement.order_by(scan_run.c.id.desc()).limit(1)).one_or_none()
    judged = (row.summary or {}).get("judged") if row is not None else None
    if row is None or judged is None:
        return
    parts = sum(int(judged[name]) for name in ("hits", "misses", "not_evaluable", "errors"))
    if int(judged["evaluated"]) != parts:
        yield f"pemindaian {row.id}: dinilai {judged['evaluated']}, jumlah bagiannya {parts}"


def _current(session: Session) -> Iterator[str]:
    statement = sa.select(judgement.c.interaction_id).where(judgement.c.current)
    for number in session.execute(statement.group_by(judgement.c.interaction_id).having(sa.func.count() > 1)).scalars():
        yield f"interaksi {number} mempunyai lebih dari satu penilaian yang berlaku"


def _strays(session: Session) -> Iterator[str]:
    for number in judgements.forgotten_strays(session):
        yield (
            f"indikasi {number} berlaku atas orang yang bukan pemilik akunnya saat itu; perbarui masa berlaku atribusi"
            " akun itu, lalu jalankan `pantau scan`"
        )


def _references(session: Session) -> Iterator[str]:
    if session.dialect.name == "sqlite":
        for row in session.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"baris {row[1]} tabel {row[0]} merujuk baris {row[2]} yang tidak ada"
        return
    query = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
    for row in session.exec_driver_sql(query):
        yield f"rujukan {row[1]} pada tabel {row[0]} tidak dijaga"


def _guards(session: Session) -> Iterator[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[session.dialect.name]
    there = set(session.exec_driver_sql(query).scalars())
    for table in APPEND_ONLY + EARLIER_ONLY:
        for name in trigger_names(table):
            if name not in there:
                yield f"penjaga {name} tidak ada; tabel {table} dapat diubah"


def _unsearchable(session: Session) -> Iterator[str]:
    for number in search.without_words(session):
        yield f"informasi awal {number} belum dapat dicari; malam berikutnya atau `pantau scan` melengkapinya"


def _stale_dates(session: Session) -> Iterator[str]:
    for number in legal_clocks.stale(session):
        yield f"informasi awal {number}: tenggatnya tidak sesuai dengan peristiwa dan kalender; jalankan `pantau scan`"


def _emptied(session: Session) -> Iterator[str]:
    for table, number in purging.emptied_silently(session):
        yield f"baris {number} tabel {table} dikosongkan tanpa catatan masa simpan"


FAULTS = {
    "chain": "tidak tersambung dengan baris sebelumnya",
    "hash": "isinya tidak cocok dengan hash-nya",
    "detail": "rinciannya tidak cocok dengan hash-nya",
    "note": "catatannya tidak cocok dengan hash-nya",
}

_CHECKS: dict[str, Callable[[Session], Iterator[str]]] = {
    "indikasi": _lost_hits,
    "penangguhan": _hidden_hits,
    "antrean": _lost_cases,
    "rantai peristiwa": _broken_events,
    "rantai audit": _broken_audit,
    "proyeksi": _projection,
    "jumlah": _sums,
    "penilaian": _current,
    "pemilik": _strays,
    "rujukan": _references,
    "pola": pattern_faults,
    "penjaga": _guards,
    "pencarian": _unsearchable,
    "tenggat": _stale_dates,
    "masa simpan": _emptied,
}
