"""Whether the evidence lies where a process is about to write more of it: a disk or share may not be mounted.

A night leaves its mark in the folder when it begins. Whoever finds no mark there has another folder before them, and
what they wrote would be hidden from everybody else as soon as the right one is mounted.
"""

from __future__ import annotations

from db import evidence_files
from db.connect import Database
from monitor.errors import EvidenceElsewhere
from monitor.evidence.store import EvidenceStore

_EMPTY = (
    "periksa apakah cakramnya terpasang; bila isinya hilang, pulihkan dari cadangan, atau buat folder `00` di dalamnya"
    " untuk melanjutkan tanpa bukti lama"
)


def ensure_evidence(database: Database, store: EvidenceStore) -> None:
    """Raise EvidenceElsewhere for an empty folder where evidence should lie: what is written there would hide that."""
    if not store.emptied():
        return
    with database.read() as session:
        kept = evidence_files.count(session)
    if kept:
        raise EvidenceElsewhere(f"Folder bukti {store.place.label} kosong, padahal {kept} bukti tercatat", _EMPTY)


def ensure_marked(store: EvidenceStore, run_id: int) -> None:
    """Raise EvidenceElsewhere where a night that left its mark in the folder of evidence does not find it any more."""
    if not store.marked(run_id):
        raise EvidenceElsewhere(
            f"Folder bukti {store.place.label} bukan folder tempat pemindaian {run_id} dimulai",
            "periksa apakah cakram atau folder jaringannya terpasang di mesin ini, dan evidence.folder sama di semua"
            f" mesin; bila folder ini benar, buat berkas kosong `{store.mark_name(run_id)}` di dalamnya",
        )
