"""What went wrong in a night or around it, the gravest first, each with what to do; nobody watched is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.domain import Issue, Job, JobState, Outcome
from monitor.domain.nights import JobTrouble, NightFacts, SourceSeen
from monitor.issue_words import issue_words
from monitor.labels import label
from monitor.moments import short
from monitor.redaction import redact

GIVEN_UP: Final = timedelta(hours=12)
"""So long after its last sign of life a night that has not ended is taken for broken off."""

NO_WORKER: Final = "no_worker"
EVIDENCE_ELSEWHERE: Final = "evidence_elsewhere"
_FEW: Final = 6
_GAP: Final = timedelta(hours=36)
_LATE: Final = timedelta(hours=1)
_WELL: Final = frozenset({Outcome.OK, Outcome.PARTIAL, Outcome.EMPTY_CONFIRMED})
_RUN_FAILED: Final = "run_failed"
_GRAVE: Final = frozenset({_RUN_FAILED, "unfinished", "clock", "sums", "rules_broken", "rules_refused", "lost_hit",
                           "canary", "unread", "drift", NO_WORKER,
                           EVIDENCE_ELSEWHERE})  # fmt: skip
_MENDS: Final = {
    "not_found": "periksa akunnya di register: mungkin berganti nama atau dihapus",
    "private": "periksa akunnya di register: platform tidak lagi membukanya untuk umum",
    "login_wall": "program tidak masuk sebagai orang; lihat `pantau sources check`",
    "challenge": "sumber ditutup untuk malam ini; lihat `pantau sources check`",
    "blocked": "lihat `pantau sources check`",
    "rate_limited": "program sudah berhenti bertanya dan melanjutkan lain malam; bila berulang, turunkan max_rps",
    "quota_spent": "yang tersisa didahulukan sesudah kuota terisi lagi",
    "budget_spent": "yang tersisa didahulukan malam berikutnya; naikkan daily_cap bila izinnya memungkinkan",
    "policy_blocked": "lengkapi catatan kebijakan sumber itu di pantau.toml",
    "suspicious_empty": "buka halaman akunnya dan bandingkan",
    "drift": "lihat `pantau sources health`; pengembang perlu membaca bentuk baru itu",
    "network": "periksa jaringan mesin ini; yang tidak terbaca didahulukan malam berikutnya",
    "server_error": "tunggu platformnya pulih; yang tidak terbaca didahulukan malam berikutnya",
    "canary": "buka unggahan penanda itu di platform; bila masih ada, sumber ini buta",
    "credential_expires": "perpanjang, lalu `pantau sources credential add`",
    "log_lost": "beri ruang pada cakram itu, lalu periksa `pantau doctor`",
    "schedule_unreadable": "perbaiki baris itu di pantau.toml, lalu lihat `pantau schedule list`",
    EVIDENCE_ELSEWHERE: "pasang cakram atau folder jaringan bukti di mesin itu, lalu nyalakan pekerjanya",
    "lost_hit": "jalankan `pantau verify`",
    "retention_due": "jalankan `pantau privacy purge`",
    "unresolved_account": "betulkan tulisannya di register",
    _RUN_FAILED: "atasi sebabnya, lalu jalankan `pantau scan`; yang sudah dibaca tidak dibaca ulang",
}
_SHARED_MEND: Final = "atasi sebabnya; para pekerja melanjutkannya sendiri, lihat `pantau worker --status`"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong: its token, in words, and what to do; without `needs_person` it is told only."""

    kind: str
    words: str
    needs_person: bool = True
    source: str = ""
    count: int = 1
    mend: str = ""


def faults_of(facts: NightFacts, zone: ZoneInfo, now: datetime) -> tuple[Fault, ...]:
    """Return all that went wrong: first what needs a person, and of that what makes the rest doubtful.

    Within each part stand the night itself, its sums, its sources and then what else there is.
    """
    found = [*_of_night(facts, zone, now), *_of_sums(facts)]
    for source in facts.sources:
        found += _of_source(source, [issue for issue in facts.issues if issue.source == source.name])
    told = {source.name for source in facts.sources}
    found += _of_issues([i for i in facts.issues if i.source not in told and i.kind != _RUN_FAILED], frozenset())
    found += [_of_job(trouble, zone) for trouble in facts.jobs]
    if facts.undelivered:
        words = f"{facts.undelivered} pesan belum diterima peladen surat atau webhook"
        found.append(Fault("undelivered", words, count=facts.undelivered, mend="lihat `pantau notify list`"))
    return tuple(sorted(dict.fromkeys(found), key=_gravest_first))


def _gravest_first(fault: Fault) -> tuple[bool, bool]:
    return not fault.needs_person, fault.kind not in _GRAVE


def _of_night(facts: NightFacts, zone: ZoneInfo, now: datetime) -> Iterator[Fault]:
    ended = facts.finished_at is not None
    for issue in facts.issues:
        if issue.kind == _RUN_FAILED:
            after = "; sesudah itu dilanjutkan sampai selesai" if ended else ""
            words = f"pemindaian terhenti ({redact(issue.detail)}){after}"
            mend = _SHARED_MEND if facts.shared else _MENDS[_RUN_FAILED]
            yield Fault(_RUN_FAILED, words, not ended, mend="" if ended else mend)
    if not ended:
        yield _unfinished(facts, zone, now)
    if facts.unstaffed:
        yield _unstaffed(facts.unstaffed)
    if facts.resumed_at is not None:
        words = f"pemindaian terputus dan dilanjutkan {short(facts.resumed_at, zone)}"
        yield Fault("resumed", words, needs_person=False)
    for began in facts.unfinished:
        yield Fault("abandoned", f"pemindaian yang mulai {short(began, zone)} tidak pernah selesai", needs_person=False)
    yield from _of_times(facts, zone)


def _unfinished(facts: NightFacts, zone: ZoneInfo, now: datetime) -> Fault:
    alive = max(at for at in (facts.started_at, facts.resumed_at, facts.moved_at) if at is not None)
    over = now - alive >= GIVEN_UP
    words = "pemindaian tidak selesai" if over else "pemindaian belum selesai"
    mend = "jalankan `pantau scan`: yang sudah dibaca tidak dibaca ulang"
    if facts.shared:
        mend = "periksa apakah setiap provinsi ada pekerjanya: `pantau worker --status`"
    return Fault("unfinished", f"{words} (mulai {short(facts.started_at, zone)})", over, mend=mend if over else "")


def _unstaffed(shards: Sequence[tuple[str, int]]) -> Fault:
    """Tell whose visits no living worker takes: the night waits for them as long as it may be taken up."""
    count, named = sum(number for _, number in shards), [name for name, _ in shards if name]
    options = "".join(f" --shard {name}" for name in named[:_FEW])
    mend = f"jalankan `pantau worker{options if len(named) <= _FEW else ''}`; lihat `pantau worker --status`"
    return Fault(NO_WORKER, unstaffed_words(shards), count=count, mend=mend)


def unstaffed_words(shards: Sequence[tuple[str, int]]) -> str:
    """Return in words how many visits of which provinces no living worker takes."""
    named = ", ".join(name for name, _ in shards if name)
    where = f" (provinsi {named})" if named else ""
    return f"{sum(number for _, number in shards)} kunjungan{where} tidak diambil pekerja mana pun"


def _of_times(facts: NightFacts, zone: ZoneInfo) -> Iterator[Fault]:
    """Tell of nights that were left out, of a late begin, and of a clock that went back."""
    if facts.before is not None and facts.started_at - facts.before >= _GAP:
        days = round((facts.started_at - facts.before) / timedelta(days=1)) - 1
        words = f"{max(days, 1)} malam sebelum ini tanpa pemindaian; yang terakhir mulai {short(facts.before, zone)}"
        yield Fault("nights_missed", words, count=max(days, 1), mend="lihat `pantau schedule list`")
    if facts.late >= _LATE:
        words = f"pemindaian disusulkan, terlambat {_hours(facts.late)} dari jadwalnya"
        yield Fault("late", words, needs_person=False)
    back = facts.until is not None and facts.started_at < facts.until
    if back or (facts.finished_at is not None and facts.finished_at < facts.started_at):
        yield Fault("clock", "jam mesin mundur di antara dua catatan", mend="periksa penyelarasan waktu mesin ini")


def _of_sums(facts: NightFacts) -> Iterator[Fault]:
    if not facts.sums_agree:
        yield Fault("sums", "jumlah penilaian tidak cocok", mend="jalankan `pantau verify`")
    if facts.judged is not None and facts.judged.errors:
        count = facts.judged.errors
        yield Fault("judging", f"{count} tindakan gagal dinilai", count=count, mend="jalankan `pantau rules lint`")


def _of_source(source: SourceSeen, issues: list[Issue]) -> Iterator[Fault]:
    """Tell first how many visits failed in which way, then what else the night remarked of the source."""
    failed = {outcome: count for outcome, count in source.outcomes if outcome not in _WELL}
    if source.targets and not source.read:
        words = f"tidak satu pun dari {source.targets} sasaran terbaca"
        yield Fault("unread", words, source=source.name, count=source.targets)
    for outcome, count in failed.items():
        words = f"{label(outcome)}: {count} dari {source.targets} sasaran"
        yield Fault(outcome.value, words, source=source.name, count=count, mend=_MENDS.get(outcome.value, ""))
    yield from _of_issues(issues, frozenset(outcome.value for outcome in failed))


def _of_issues(issues: list[Issue], told: frozenset[str]) -> Iterator[Fault]:
    """Tell remarks about whole sources in their own words; those about single accounts are only counted."""
    for issue in issues:
        if not issue.target and issue.kind != _RUN_FAILED:
            words = f"{issue_words(issue.kind)}: {redact(issue.detail)}"
            yield Fault(issue.kind, words, issue.needs_person, issue.source, mend=_MENDS.get(issue.kind, ""))
    single = Counter((i.source, i.kind, i.needs_person) for i in issues if i.target and i.kind not in told)
    for (source, kind, needs), count in sorted(single.items()):
        mend = _MENDS.get(kind, "") if needs else ""
        yield Fault(kind, f"{issue_words(kind)}: {count} kali", needs, source, count, mend)


def _of_job(trouble: JobTrouble, zone: ZoneInfo) -> Fault:
    state, times = JobState(trouble.state), f" {trouble.count} kali" if trouble.count > 1 else ""
    detail = f": {redact(trouble.detail)}" if trouble.detail else ""
    after = "; sesudah itu berhasil" if trouble.mended else ""
    words = f"{label(Job(trouble.job))} {label(state)}{times}, terakhir {short(trouble.last_at, zone)}{detail}{after}"
    needs = not trouble.mended and state is not JobState.REFUSED
    mend = "lihat `pantau schedule list`" if needs else ""
    return Fault(f"job_{trouble.state}", words, needs, count=trouble.count, mend=mend)


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} jam" if hours < 48 else f"{hours / 24:.0f} hari"
