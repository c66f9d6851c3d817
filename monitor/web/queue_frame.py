"""What stands around every form of the queue: tabs, filters, chips, counts by state; and what the list asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db import case_counts, groups, queue_options, search
from db.connect import Session
from db.queue_options import Options
from monitor import desk
from monitor.domain import Act, CaseFilter, CaseOrder, CaseState, DueWindow, StageKind, Stance, Tier, WhyHere
from monitor.labels import label
from monitor.web.asked import PAGE, Asked
from monitor.web.frame import Frame, Visitor
from monitor.web.menu import READERS
from monitor.web.tabs import tabs

_SAID = {
    "simpan": "Tampilan tersimpan.",
    "ubah": "Tampilan diubah.",
    "hapus": "Tampilan dihapus.",
    "utama": "Tampilan awal Anda sudah diatur.",
}
_CHOICES: dict[str, object] = {
    "states": tuple(CaseState),
    "acts": tuple(Act),
    "stages": tuple(StageKind),
    "whys": tuple(WhyHere),
    "dues": tuple(DueWindow),
    "tiers": tuple(Tier),
    "stances": tuple(Stance),
    "orders": tuple(CaseOrder),
    "group_kinds": tuple(groups.GroupKind),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, in words, and the address of the list without it."""

    words: str
    url: str


def wish(session: Session, frame: Frame, visitor: Visitor, asked: Asked) -> CaseFilter:
    """Return what a list asks the database for, within what the visitor may see."""
    scope, hidden = desk.scope_of(visitor.user), desk.kept_back(session, visitor.user)
    return asked.case_filter(scope, PAGE, me=visitor.user.id, zone=frame.deps.zone, without=hidden)


def around(
    session: Session, frame: Frame, visitor: Visitor, asked: Asked, wanted: CaseFilter, kabar: str = ""
) -> dict[str, Any]:
    """Return what stands around every form of the queue: tabs, filters, chips, counts by state.

    `wanted` is what the list asks the database for.
    """
    now = frame.deps.clock()
    choices = queue_options.options(session, desk.scope_of(visitor.user))
    counts = case_counts.state_counts(session, wanted, now)
    total, more = _total([n for state, n in counts.items() if state in (asked.states or _all_or_open(asked))], asked)
    return _CHOICES | {
        "section": "antrean",
        "asked": asked,
        "choices": choices,
        "chips": _chips(session, asked, choices),
        "counts": counts,
        "total": total,
        "more": more,
        "capped": bool(asked.text) and sum(counts.values()) >= search.CAP,
        "tabs": tabs(session, frame, visitor, asked, wanted.without),
        "said": _SAID.get(kabar, ""),
        "most": case_counts.MOST_COUNTED,
        "here": asked.fresh().url(),
        "may_save": bool(READERS & visitor.user.roles),
    }


def _all_or_open(asked: Asked) -> tuple[CaseState, ...]:
    return tuple(state for state in CaseState if asked.everything or state.open)


def _total(counts: list[int], asked: Asked) -> tuple[int, bool]:
    """Return how many cases a list has at least, in round numbers where some state has more than are counted."""
    total, most = sum(counts), case_counts.MOST_COUNTED
    if asked.text or max(counts, default=0) < most:
        return total, False
    return total // most * most, True


def _chips(session: Session, asked: Asked, choices: Options) -> list[Chip]:
    words = {name: _said(session, asked, choices, name, value) for name, value in asked.words().items()}
    return [Chip(said, asked.without(name).url()) for name, said in words.items()]


def _said(session: Session, asked: Asked, choices: Options, name: str, value: str) -> str:
    """Return a filter in words."""
    if name == "status":
        return "Semua status" if asked.everything else "Status: " + ", ".join(label(state) for state in asked.states)
    if name == "pasangan":
        pair = queue_options.pair_named(session, int(value))
        return f"Pasangan: {pair.number}. {pair.label}" if pair else f"Pasangan {value}"
    members = {
        "tindakan": asked.act, "tahapan": asked.stage, "sebab": asked.why, "tenggat": asked.due,
        "kepastian": asked.tier, "sikap": asked.stance,
    }  # fmt: skip
    heads = {
        "tindakan": "Tindakan", "tahapan": "Tahapan", "sebab": "Sebab", "kepastian": "Kepastian", "sikap": "Sikap",
        "platform": "Platform", "baris": "Baris", "aturan": "Aturan", "wilayah": "Wilayah", "dari": "Masuk sejak",
        "sampai": "Masuk sampai", "cari": "Cari", "tenggat": "Tenggat",
    }  # fmt: skip
    fixed = {"pegang": "Sedang saya tinjau", "tanpa_antrean": "Tanpa antrean"}
    if name in fixed:
        return fixed[name]
    token = members.get(name)
    plain = {"aturan": choices.rules.get(value, value), "wilayah": choices.regions.get(value, value)}.get(name, value)
    return f"{heads[name]}: {label(token) if token is not None else plain}"
