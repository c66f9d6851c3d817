"""The rows of the large invented office, one at a time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from db.events import EventDraft
from monitor.domain import (
    Act,
    CandidateStatus,
    CaseState,
    Employment,
    EventKind,
    IdentifierKind,
    Level,
    Reason,
    RuleStatus,
    StageKind,
    Stance,
    Tier,
)

Row = dict[str, Any]

NOW = datetime(2024, 11, 3, 0, 5, tzinfo=UTC)
RULES = tuple(f"contoh-{n}" for n in range(1, 25))
_ROWS = ("B2", "B4", "B6", "B8")
_STAGES = (StageKind.PENETAPAN, StageKind.KAMPANYE, StageKind.MASA_TENANG)
_FIRST = [
    "ADI",
    "BAYU",
    "CITRA",
    "DEWI",
    "EKA",
    "FAJAR",
    "GITA",
    "HADI",
    "INTAN",
    "JOYO",
    "KARTIKA",
    "LUKMAN",
    "MAYA",
    "NANDA",
    "OKTA",
    "PUTRA",
    "QORI",
    "RATNA",
    "SEKAR",
    "TIRTA",
]
_LAST = [
    "AGUNG",
    "BUDIARTO",
    "CAHYO",
    "DARMA",
    "ENDAH",
    "FITRI",
    "GUNAWAN",
    "HASAN",
    "IRAWAN",
    "JAYA",
    "KUSUMA",
    "LESTARI",
    "MULYA",
    "NUGRAHA",
    "PERTIWI",
    "RAHAYU",
]
WORDS = [
    "siap",
    "hadir",
    "bersama",
    "untuk",
    "perubahan",
    "kabupaten",
    "kita",
    "semua",
    "warga",
    "mari",
    "dukung",
    "coblos",
    "nomor",
    "pilihan",
    "hati",
    "maju",
    "sejahtera",
    "kampanye",
    "lapangan",
    "malam",
    "pagi",
    "hari",
    "ini",
    "ramai",
    "sekali",
    "pasar",
    "desa",
    "sekolah",
    "guru",
    "puskesmas",
    "jalan",
    "rusak",
    "janji",
    "program",
    "kerja",
    "terima",
    "kasih",
    "doa",
    "semoga",
    "sukses",
    "selalu",
    "lanjutkan",
    "pemimpin",
    "muda",
    "amanah",
    "jujur",
    "bersih",
    "tegas",
    "ramah",
    "dekat",
    "rakyat",
]
_WAYS = (
    (CaseState.BARU, 60), (CaseState.DITINJAU, 18), (CaseState.DIKESAMPINGKAN, 14), (CaseState.PERLU_BUKTI, 3),
    (CaseState.PERLU_ATRIBUSI, 2), (CaseState.PERLU_PENELUSURAN, 3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """A place with its contest; `campaign` is the first of its three pairs' accounts."""

    number: int
    code: str
    campaign: int = 0


def person_row(number: int, town: Town) -> Row:
    name = f"{_FIRST[number % 20]} {_LAST[number // 20 % 16]} CONTOH {number}"
    return {
        "identifier_kind": IdentifierKind.NIP, "identifier_sealed": b"-", "identifier_blind": f"{number:064x}",
        "identifier_masked": "1980**********1001", "name": name, "employment": Employment.PNS,
        "agency": f"Dinas Contoh {number % 40} {town.code}", "position": "Staf", "jurisdiction": town.code, "note": "",
        "batch_id": 1, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip


def text_of(chance: random.Random, number: int) -> str:
    words = chance.choices(WORDS, k=12 + chance.randrange(20))
    return f"{' '.join(words)} Contoh Maju kata{number % 5000}"


def case_row(number: int, people: int, towns: list[Town], chance: random.Random) -> Row:
    """Return what a case is beside its events; every person has the same number of cases, each of another key."""
    person, turn = number % people, number // people
    town = towns[person % len(towns)]
    place = town.code if number % 200 else ""
    opened = NOW - timedelta(minutes=chance.randrange(60 * 24 * 30))
    row = {
        "asn_id": person + 1, "candidate_id": 3 * town.number + 1 + turn % 3, "contest_id": town.number + 1,
        "law": "skb-2-2022", "law_row": _ROWS[chance.randrange(4)], "stage": _STAGES[turn // 3 % 3],
        "stage_straddled": False, "priority": round(chance.random(), 3), "priority_parts": [],
        "due_at": NOW + timedelta(hours=chance.randrange(-48, 240)) if number % 3 == 0 else None,
        "jurisdiction": place, "queue": place or None, "first_seen_at": opened, "opened": opened,
        "way": chance.choices([s for s, _ in _WAYS], [w for _, w in _WAYS])[0],
    }  # fmt: skip
    return row if row["way"].open else row | {"due_at": None}  # closed cases have no deadline


def events_of(case_id: int, plan: Row) -> list[EventDraft]:
    """Take from a plan what its events say, and return them."""
    opened, state = plan.pop("opened"), plan.pop("way")
    drafts = [EventDraft(case_id, 1, EventKind.OPENED, CaseState.BARU, opened, "program", detail={"hits": [case_id]})]
    steps = [(CaseState.DITINJAU, Reason.MULAI_TINJAU)] if state is not CaseState.BARU else []
    steps += [(state, _REASONS[state])] if state not in (CaseState.BARU, CaseState.DITINJAU) else []
    before = CaseState.BARU
    for to, reason in steps:
        at = opened + timedelta(hours=len(drafts))
        drafts.append(
            EventDraft(case_id, len(drafts) + 1, EventKind.DECIDED, to, at, "petugas0", before, reason.value, 3)
        )
        before = to
    return drafts


def act_row(number: int, plan: Mapping[str, Any], posts: int, chance: random.Random, *, own: bool = True) -> Row:
    verb = chance.choices((Act.LIKE, Act.COMMENT, Act.SHARE), (55, 35, 10))[0]
    pairs = posts // 8
    post = (plan["candidate_id"] - 1) + pairs * chance.randrange(8)
    key = f"at://contoh/comment:{number}" if verb is Act.COMMENT and own else None
    at = NOW - timedelta(minutes=chance.randrange(60 * 24 * 40))
    return {
        "key": f"{number:064x}", "platform": "bluesky", "actor_account_id": plan["asn_id"], "act": verb,
        "target_id": f"at://contoh/post:{post}", "target_author_account_id": None, "own_item_key": key,
        "own_item_id": None, "occurred_at": at, "bracket_lo": None, "bracket_hi": None, "seen_first_at": at,
        "seen_last_at": at, "dirty": False,
    }  # fmt: skip


def hit_row(number: int, plan: Mapping[str, Any], act: Mapping[str, Any], chance: random.Random) -> Row:
    field = "own.text" if act["own_item_key"] else "target.text"
    return {
        "interaction_id": number, "judgement_id": number, "asn_id": plan["asn_id"], "rule_id": chance.choice(RULES),
        "rule_version": 1, "mode": RuleStatus.ACTIVE, "level": chance.choice(tuple(Level)),
        "candidate_id": plan["candidate_id"], "contest_id": plan["contest_id"], "law": plan["law"],
        "law_row": plan["law_row"], "law_rank": 2, "stage": plan["stage"], "stage_straddled": False,
        "candidate_status": CandidateStatus.CALON, "tier": chance.choice((Tier.KUAT, Tier.KUAT, Tier.SEDANG)),
        "explanation": "Akun contoh mengomentari unggahan contoh.",
        "spans": [{"field": field, "start": 0, "end": 4, "text": "", "alias": ""}], "counter_signals": [],
        "trace": None, "raised": [], "stance": chance.choice((None, None, *Stance)), "stance_spans": [],
        "active": True, "first_judged_at": NOW, "changed_at": NOW,
    }  # fmt: skip


_REASONS = {
    CaseState.DIKESAMPINGKAN: Reason.KONTEKS_KEDINASAN,
    CaseState.PERLU_BUKTI: Reason.BUKTI_KURANG,
    CaseState.PERLU_ATRIBUSI: Reason.AKUN_BELUM_PASTI,
    CaseState.PERLU_PENELUSURAN: Reason.PERLU_KETERANGAN,
}
