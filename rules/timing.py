"""Which row and stage an act falls under: by its time or bracket, the pair's status, and the law in force."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from monitor.domain import (
    Candidate,
    CandidateStatus,
    Contest,
    Employment,
    InteractionView,
    LawProfile,
    LawRow,
    StageKind,
    TraceNode,
)

_ASN = frozenset({Employment.PNS, Employment.PPPK, Employment.PPPK_PARUH_WAKTU})
_DAWN = datetime(1, 1, 1, tzinfo=UTC)
_LEGAL_DAY = timezone(timedelta(hours=7))  # laws are dated where they are made: in Jakarta


@dataclass(frozen=True, slots=True)
class Moment:
    """One possible time of the act with what held then."""

    status: CandidateStatus | None
    stage: StageKind | None
    law: LawProfile | None


@dataclass(frozen=True, slots=True)
class Row:
    """The row an act falls under, or why there is none (`reason`), or why it cannot be said (`unclear`).

    `node` is the row as the last condition of a trace.
    """

    law: LawProfile | None = None
    row: LawRow | None = None
    reason: str = ""
    unclear: bool = False
    node: TraceNode = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.row is not None and self.law is not None:
            node = TraceNode("dasar hukum", passed=True, detail=f"{self.law.id} {self.row.code}")
        else:
            node = TraceNode("dasar hukum", None if self.unclear else False, self.reason)
        object.__setattr__(self, "node", node)


Basis = Mapping[str, Mapping[CandidateStatus, str]]
"""The rows that a rule may rest on: by law profile and by the pair's status."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What holds over all possible times of an act, the last one being the latest."""

    moments: tuple[Moment, ...]
    undated: bool
    _rows: dict[int, tuple[Basis, Row]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def latest(self) -> Moment:
        """What held at the latest possible time."""
        return self.moments[-1]

    @property
    def stage_straddled(self) -> bool:
        """Whether the act may have fallen in another stage."""
        return len(self.moments) > 1 and len({m.stage for m in self.moments}) > 1

    def row(self, basis: Basis) -> Row:
        """Return the row that `row_for` finds by a rule's basis, found once."""
        known = self._rows.get(id(basis))
        if known is None:
            known = self._rows[id(basis)] = basis, row_for(self, basis)  # held, so that its id stays its own
        return known[1]


def place(view: InteractionView, contest: Contest, candidate: Candidate, laws: Sequence[LawProfile]) -> Placement:
    """Return what held for this pair at every time at which the act may have happened."""
    times = _possible_times(view, contest, candidate, laws)
    return Placement(
        tuple(
            Moment(candidate.status_at(t), contest.stage_at(t), law_at(laws, view.employment, t, contest.law))
            for t in times
        ),
        any(step.starts is None for step in candidate.status) or not candidate.status,
    )


Stretch = tuple[int, int]
"""Between which of a pair's dates the earliest and the latest possible time of an act lie."""


class Calendar:
    """What holds between the dates at which anything changes for a pair, found once; shows in speed only."""

    def __init__(self, most: int = 65_536) -> None:
        self._most = most
        self._dates: dict[int, list[datetime]] = {}
        self._placements: dict[tuple[int, Employment, Stretch], Placement] = {}

    def stretch(
        self, view: InteractionView, contest: Contest, candidate: Candidate, laws: Sequence[LawProfile]
    ) -> Stretch:
        """Return where an act lies among the dates of a numbered pair; acts of one stretch are placed alike."""
        dates = self._dates.get(candidate.id)
        if dates is None:
            edges = {_in_utc(edge) for edge in _edges(contest, candidate, laws)}
            dates = self._dates[candidate.id] = sorted(edges)  # in the zone of acts: such are compared sooner
        moment = view.time.occurred_at
        if moment is not None:
            last = bisect_right(dates, moment)
            return last, last
        latest = view.time.latest
        return bisect_right(dates, min(_lowest(view), latest)), bisect_right(dates, latest)

    def place(
        self, view: InteractionView, contest: Contest, candidate: Candidate, laws: Sequence[LawProfile]
    ) -> Placement:
        """Return what `place` does for a numbered pair."""
        key = candidate.id, view.employment, self.stretch(view, contest, candidate, laws)
        placement = self._placements.get(key)
        if placement is None:
            if len(self._placements) >= self._most:
                self._placements.clear()
            placement = self._placements[key] = place(view, contest, candidate, laws)
        return placement


def row_for(placement: Placement, basis: Basis, *, dated: bool = True) -> Row:
    """Return the one row that holds at every possible time, by a rule's basis."""
    if dated and placement.undated:
        return Row(reason="status pasangan calon belum bertanggal", unclear=True)
    rows = {_row_at(moment, basis) for moment in placement.moments}
    if len(rows) > 1:
        said = " / ".join(sorted(code or "tanpa baris" for _, code in rows))
        return Row(reason=f"waktu perbuatan melintasi batas: baris bisa {said}", unclear=True)
    law_id, code = next(iter(rows))
    latest = placement.latest
    if not code or latest.law is None:
        return Row(reason=_why_none(latest, law_id))
    return Row(latest.law, latest.law.row(code))


def law_at(
    laws: Sequence[LawProfile], employment: Employment, moment: datetime, override: str | None
) -> LawProfile | None:
    """Return the profile for a kind of person at a time; a contest's own choice holds for civil servants."""
    if override is not None and employment in _ASN:
        return next((law for law in laws if law.id == override), None)
    day = moment.astimezone(_LEGAL_DAY).date()
    fitting = [law for law in laws if employment in law.employments and law.in_force(day)]
    # Of several the one that came into force last holds.
    return max(fitting, key=lambda law: (law.valid_from or _DAWN.date(), law.id), default=None)


def _row_at(moment: Moment, basis: Basis) -> tuple[str, str]:
    if moment.law is None or moment.stage is None or moment.status is None:
        return "", ""
    code = basis.get(moment.law.id, {}).get(moment.status, "")
    return (moment.law.id, code) if code else ("", "")


def _why_none(moment: Moment, _: str) -> str:
    if moment.stage is None:
        return "perbuatan sebelum tahapan pertama"
    if moment.status is None:
        return "perbuatan sebelum pasangan menjadi bakal calon"
    if moment.status is CandidateStatus.GUGUR:
        return "pasangan calon sudah gugur"
    if moment.law is None:
        return "tidak ada profil hukum untuk jenis pegawai dan tanggal ini"
    return f"aturan ini tidak memiliki baris untuk {moment.law.id} dan status {moment.status.value}"


def _possible_times(
    view: InteractionView, contest: Contest, candidate: Candidate, laws: Sequence[LawProfile]
) -> list[datetime]:
    """Return one time for each stretch of the bracket in which nothing changes, the latest last."""
    latest = view.time.latest
    if view.time.exact:
        return [latest]
    lowest = _lowest(view)
    edges = {edge for edge in _edges(contest, candidate, laws) if lowest < edge <= latest}
    # Just after an open lower end the same holds as at it.
    return sorted({min(lowest, latest), *edges, latest})


def _lowest(view: InteractionView) -> datetime:
    """Return the lower end: the bracket's, or the target's own time where that is later."""
    published = view.target.published_at if view.target is not None else None
    known = [t for t in (view.time.earliest, published) if t is not None]
    return max(known, default=_DAWN)


def _edges(contest: Contest, candidate: Candidate, laws: Sequence[LawProfile]) -> Iterable[datetime]:
    for step in candidate.status:
        if step.starts is not None:
            yield step.starts
    for stage in contest.stages:
        yield stage.starts
    for law in laws:
        if law.valid_from is not None:
            yield _midnight(law.valid_from)
        if law.valid_to is not None:
            yield _midnight(law.valid_to + timedelta(days=1))


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar have no UTC
        return moment


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_LEGAL_DAY)
