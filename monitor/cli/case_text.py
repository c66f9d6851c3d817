"""One informasi awal as lines for a terminal, in the order of its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from monitor import moments
from monitor.domain import CaseDetail, CaseHit, CasePattern, EventRow
from monitor.labels import label
from monitor.web import told
from monitor.web.templating import reason_label


def case_lines(detail: CaseDetail, zone: tzinfo) -> Iterator[str]:
    """Yield the paragraphs of a case; those below another are indented."""
    row = detail.row
    yield f"Informasi awal {row.id} — belum merupakan temuan"
    yield f"Status: {label(row.state)} · urutan perhatian {row.priority:.0%}"
    person = row.person
    yield f"Siapa: {person.name} ({person.identifier_masked}), {label(person.employment)}, {person.agency}"
    yield f"Terhadap: pasangan {row.candidate.number}. {row.candidate.label}, {row.candidate.contest}"
    yield f"Dasar: {detail.law_title or row.law}, baris {row.law_row}, {label(row.stage)}"
    if detail.law_row is not None and detail.law_row.doubtful:
        yield f"Baris {row.law_row} bertanda [{detail.law_row.mark}]: periksa dengan divisi hukum"
    for caveat in detail.caveats:
        yield f"Belum pasti: {label(caveat)}"
    for hit in detail.hits:
        yield from _hit(hit, zone)
    for pattern in detail.patterns:
        yield from _pattern(pattern, zone)
    yield ""
    yield "Riwayat"
    for event in detail.events:
        yield _event(event, zone)


def _hit(hit: CaseHit, zone: tzinfo) -> Iterator[str]:
    yield ""
    yield f"Indikasi {hit.brief.id}: {hit.rule_title} ({hit.brief.rule} versi {hit.rule_version})"
    yield f"  {told.explanation(hit.explanation, zone)}"
    for content, name in ((hit.own, "Tulisan orang ini"), (hit.target, "Unggahan yang dituju")):
        if content is not None and content.text:
            yield f"  {name}: “{' '.join(content.text.split())}”"
    if hit.brief.url:
        yield f"  Tautan: {hit.brief.url}"
    if hit.brief.stance is not None:
        words = ", ".join(f"“{span.text}”" for span in hit.stance_spans)
        yield f"  Petunjuk sikap (bukan putusan): {label(hit.brief.stance)}{f', dari {words}' if words else ''}"
    for reason in hit.raised:
        yield f"  Menaikkan perhatian: {reason}"
    for signal in hit.counter_signals:
        yield f"  Yang meringankan: {signal}"
    for change in hit.changes:
        why = f" ({change.detail})" if change.detail else ""
        yield f"  {label(change.kind).capitalize()}, terlihat {moments.short(change.seen_at, zone)}{why}"
    for capture in hit.captures:
        yield f"  Bukti {capture.sha256}, diambil {moments.short(capture.fetched_at, zone)}"


def _pattern(pattern: CasePattern, zone: tzinfo) -> Iterator[str]:
    yield ""
    yield f"Pola berulang: {len(pattern.acts)} tindakan dalam {moments.span(pattern.within)} ({pattern.rule})"
    for act in pattern.acts:
        held = f", informasi awal {act.case_id}" if act.case_id is not None else ""
        yield f"  {label(act.act)}, {moments.act_time(act.time, zone)}{held}"


def _event(event: EventRow, zone: tzinfo) -> str:
    words = [label(event.kind)]
    if event.to_state and event.to_state != event.from_state:
        words.append(f"menjadi {label(event.to_state)}")
    reason = f" (alasan: {reason_label(event.reason)})" if event.reason else ""
    note = f": {' '.join(event.note.split())}" if event.note else ""
    return f"  {moments.short(event.at, zone)} · {event.user_name or 'Sistem'} · {' '.join(words)}{reason}{note}"
