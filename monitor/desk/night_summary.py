"""The summary of a night: faults first, then what was not seen, then what was; one value, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from db import night_facts
from db.connect import Session
from monitor.desk.night_faults import NO_WORKER, Fault, faults_of
from monitor.domain import Act, Coverage
from monitor.domain.nights import NightFacts, SourceSeen
from monitor.labels import label
from monitor.moments import full, short

_SHOWN: Final = 15


@dataclass(frozen=True, slots=True)
class NightTold:
    """A night with what went wrong in it; `at` is when it is told, `zone` whose clock officers read."""

    facts: NightFacts
    faults: tuple[Fault, ...]
    zone: ZoneInfo
    at: datetime

    @property
    def urgent(self) -> tuple[Fault, ...]:
        """What needs a person."""
        return tuple(fault for fault in self.faults if fault.needs_person)

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """What is told only."""
        return tuple(fault for fault in self.faults if not fault.needs_person)

    @property
    def running(self) -> bool:
        """Whether the night may still come to its end."""
        broken_off = any(fault.kind in ("unfinished", "run_failed") for fault in self.urgent)
        return self.facts.finished_at is None and not broken_off

    @property
    def stuck(self) -> bool:
        """Whether the night waits for a worker that is not there."""
        return any(fault.kind == NO_WORKER for fault in self.urgent)

    @property
    def exit_code(self) -> int:
        """0 when the night went well, 1 when a person must look: what `pantau scan` and `pantau night` end with."""
        return 0 if self.facts.ok else 1

    @property
    def headline(self) -> str:
        """The night in one sentence."""
        if self.running:
            said = f" Perlu diperiksa: {len(self.urgent)} hal." if self.stuck else ""
            return f"Pemindaian sedang berjalan.{said}"
        return f"Perlu diperiksa: {len(self.urgent)} hal." if self.urgent else "Selesai tanpa masalah."


def last_night(
    session: Session, zone: ZoneInfo, now: datetime, run_id: int | None = None, query: str | None = None
) -> NightTold | None:
    """Return the newest night, the newest of one question, or a named one, ready to be told; None for none."""
    facts = night_facts.night_facts(session, now, run_id, query)
    return NightTold(facts, faults_of(facts, zone, now), zone, now) if facts is not None else None


def blind_pairs(facts: NightFacts) -> tuple[str, ...]:
    """Return the pairs of which no account at all was read."""
    return tuple(
        f"{pair.contest}, nomor {pair.number} ({pair.label})" for pair in facts.pairs if pair.accounts and not pair.read
    )


def blind_regions(facts: NightFacts) -> tuple[str, ...]:
    """Return the regions of whose people no account at all was read; nothing when that is so of all of them."""
    blind = [region.region or "tanpa wilayah" for region in facts.regions if not region.read]
    return tuple(blind) if len(blind) < len(facts.regions) else ()


def gaps_of(source: SourceSeen) -> tuple[tuple[Act, tuple[tuple[Coverage, int], ...]], ...]:
    """Return for each verb what was not or not fully observed, and at how many targets."""
    gaps = ((act, tuple((c, n) for c, n in seen if c is not Coverage.OBSERVED)) for act, seen in source.coverage)
    return tuple((act, missed) for act, missed in gaps if missed)


def as_text(told: NightTold, agency: str) -> str:
    """Return the summary in Indonesian, for a terminal or a mail."""
    facts = told.facts
    lines = [f"Ringkasan pemindaian {facts.run} — {agency}", f"Mulai {full(facts.started_at, told.zone)}"]
    if facts.finished_at is not None:
        lines[-1] += f", selesai {short(facts.finished_at, told.zone)}"
    lines += [told.headline]
    lines += _part("Perlu diperiksa", _numbered(told.urgent))
    lines += _part("Yang tidak terlihat (bukan berarti tidak ada)", _unseen(facts, told.zone))
    lines += _part("Yang terlihat", [_seen(source) for source in facts.sources])
    lines += _part("Penilaian dan informasi awal", _judged(facts))
    lines += _part("Catatan", [_fault(fault) for fault in told.remarks])
    return "\n".join(lines) + "\n"


def as_json(told: NightTold) -> dict[str, Any]:
    """Return the same for programs; counts and tokens, no account of anybody."""
    facts = told.facts
    return {
        "run": facts.run,
        "started": facts.started_at.isoformat(),
        "finished": facts.finished_at.isoformat() if facts.finished_at else None,
        "resumed": facts.resumed_at.isoformat() if facts.resumed_at else None,
        "ok": facts.ok,
        "headline": told.headline,
        "faults": [_fault_json(fault) for fault in told.faults],
        "sources": [_source_json(source) for source in facts.sources],
        "unread_pairs": list(blind_pairs(facts)),
        "unread_regions": list(blind_regions(facts)),
        "judged": _counts(facts.judged),
        "cases": _counts(facts.cases),
    }


def _part(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", title, *(f"  {line}" for line in found)] if found else []


def _numbered(faults: Iterable[Fault]) -> Iterator[str]:
    for number, fault in enumerate(faults, start=1):
        yield f"{number}. {_fault(fault)}"
        if fault.mend:
            yield f"   Langkah: {fault.mend}."


def _fault(fault: Fault) -> str:
    return f"{fault.source}: {fault.words}" if fault.source else fault.words[:1].upper() + fault.words[1:]


def _unseen(facts: NightFacts, zone: ZoneInfo) -> Iterator[str]:
    for source in facts.sources:
        for act, missed in gaps_of(source):
            told = ", ".join(f"{label(coverage)} ({count})" for coverage, count in missed)
            yield f"{source.name}: {label(act)} — {told} dari {source.targets} sasaran"
        if source.waiting:
            yield f"{source.name}: {source.waiting} sasaran menunggu jatah malam berikutnya"
        if source.never:
            yield f"{source.name}: {source.never} sasaran belum pernah terbaca"
        if source.longest_unseen is not None:
            yield f"{source.name}: yang terlama menunggu terakhir terbaca {short(source.longest_unseen, zone)}"
    yield from _listed("Pasangan calon yang tidak terbaca satu akun pun", blind_pairs(facts))
    yield from _listed("Wilayah yang pegawainya tidak terbaca satu akun pun", blind_regions(facts))


def _listed(title: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"{title}: {len(names)}"
        yield from (f"  {name}" for name in names[:_SHOWN])
        if len(names) > _SHOWN:
            yield f"  dan {len(names) - _SHOWN} lagi; lihat konsol"


def _seen(source: SourceSeen) -> str:
    time = f", {source.seconds / 60:.0f} menit" if source.seconds is not None else ""
    return (
        f"{source.name}: {source.read} dari {source.targets} sasaran terbaca, {source.items} kiriman, {source.acts} "
        f"tindakan terdaftar, {source.bystanders} tindakan orang lain dihitung dan tidak disimpan; "
        f"{source.requests} permintaan{time}"
    )


def _judged(facts: NightFacts) -> Iterator[str]:
    if facts.judged is not None:
        j = facts.judged
        yield (
            f"{j.evaluated} tindakan dinilai = {j.hits} indikasi + {j.misses} bukan indikasi + {j.not_evaluable} tidak "
            f"dapat dinilai + {j.errors} galat"
        )
    if facts.cases is not None:
        c = facts.cases
        yield (
            f"Informasi awal: {c.new} baru, {c.joined} bergabung, {c.reopened} muncul lagi, {c.unqueued} tanpa antrean"
        )


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in ("kind", "source", "count", "needs_person", "words", "mend")}


def _source_json(source: SourceSeen) -> dict[str, Any]:
    counts = ("targets", "read", "requests", "items", "acts", "bystanders", "seconds", "waiting", "never")
    unseen = source.longest_unseen
    return {
        "source": source.name,
        **{name: getattr(source, name) for name in counts},
        "longest_unseen": unseen.isoformat() if unseen else None,
        "outcomes": {outcome.value: count for outcome, count in source.outcomes},
        "coverage": {act.value: {c.value: n for c, n in seen} for act, seen in source.coverage},
    }


def _counts(value: Any) -> dict[str, int] | None:
    return {name: getattr(value, name) for name in value.__slots__} if value is not None else None
