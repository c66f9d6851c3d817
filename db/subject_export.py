"""Everything that is stored about one person, as plain values, for that person to read.

Of others only contestants and public bodies are named: texts of others, addresses that may hold a stranger's name, who
worked on a case, and whoever reported are left out here already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from db import subject_acts, subject_cases
from db.connect import Session
from db.subjects import Section, Subject
from monitor.vault import Vault

LEFT_OUT: Final[Mapping[str, str]] = {
    "reporter": "identitas pelapor dirahasiakan",
    "recusal": "hubungan peninjau adalah data peninjau",
    "lease": "giliran kerja peninjau",
    "case_skip": "giliran kerja peninjau",
    "case_words": "salinan untuk pencarian dari data di atas",
    "item_capture": "tautan antara teks dan jawaban di atas",
    "post_watch": "daftar kunjungan ke unggahan pasangan calon",
    "candidate_account": "akun pasangan calon",
    "neutral_account": "akun lembaga",
    "run_capture": "malam mana menerima jawaban di atas",
    "item": "teks orang lain; teks sendiri ada di atas",
}
"""Tables that name the person's rows and are not told, each with the reason that the copy gives."""


def collect(session: Session, vault: Vault, of: Subject, *, notes: bool = False) -> dict[str, Section]:
    """Return the sections of a person's copy by name; `notes` tells what people wrote into the cases too."""
    return {
        "person": subject_acts.person(session, vault, of),
        "accounts": subject_acts.accounts(session, of),
        "lent_credentials": subject_acts.credentials(session, of),
        "acts": subject_acts.acts(session, of),
        "own_texts": subject_acts.texts(session, of),
        "changes_seen": subject_acts.changes(session, of),
        "judgements": subject_acts.judgements(session, of),
        "indications": subject_acts.hits(session, of),
        "patterns": subject_acts.patterns(session, of),
        "cases": subject_cases.cases(session, of),
        "steps": subject_cases.steps(session, of, notes=notes),
        "second_looks": subject_cases.second_looks(session, of),
        "suppressions": subject_cases.suppressions(session, of),
        "entered_by_hand": subject_cases.finds(session, of),
        "answers_kept": subject_acts.answers(session, of),
        "pictures": subject_acts.pictures(session, of),
        "manifests": subject_cases.manifests(session, of),
        "forms": subject_cases.forms(session, of),
        "holds": subject_cases.holds(session, of),
        "visits": subject_acts.visits(session, of),
        "register_changes": subject_acts.register_changes(session, of),
        "looked_at": subject_cases.looks(session, of),
        "removed": subject_cases.removed(session, of),
    }
