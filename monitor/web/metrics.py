"""`/metrics` for Prometheus: counts and times of the program itself, for this machine or for who knows the token."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from db.health_metrics import HealthFigures, SourceFigures, figures
from monitor.desk.night_faults import Fault, faults_of
from monitor.desk.night_summary import blind_pairs
from monitor.domain import JobState
from monitor.domain.nights import NightFacts, SourceSeen
from monitor.web.deps import LOCAL_HOSTS, Around
from monitor.web.frame import FrameDep, frame_of

routes = APIRouter()

_HANDED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
Rows = Iterable[tuple[tuple[str, ...], float | None]]


def may_read(request: Request) -> bool:
    """Whether who asks sits on this machine, or brought the token of the settings.

    Behind a TLS proxy every request comes from this machine, so there only the token counts.
    """
    deps = frame_of(request).deps
    expected = deps.metrics_token()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if expected and scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), expected.encode()):
        return True
    return not deps.https and _sits_here(request)


def _sits_here(request: Request) -> bool:
    """Whether a request came from this machine to it by one of its own names, and nobody handed it on."""
    handed_on = any(name in request.headers for name in _HANDED_ON)
    client = request.client.host if request.client else ""
    return client in LOCAL_HOSTS and request.url.hostname in LOCAL_HOSTS and not handed_on


@routes.get("/metrics")
def metrics(frame: FrameDep, allowed: Annotated[bool, Depends(may_read)]) -> Response:
    """Show the figures of now in Prometheus' text form."""
    if not allowed:
        return PlainTextResponse("Hanya untuk mesin ini, atau dengan token dari [health].\n", status_code=403)
    deps = frame.deps
    now = deps.clock()
    with deps.database.read() as session:
        found = figures(session, now, deps.night_query or None)
    faults = faults_of(found.night, deps.zone, now) if found.night is not None else ()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(lambda: families(found, deps.around(), faults)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def families(found: HealthFigures, around: Around, faults: tuple[Fault, ...]) -> Iterator[Metric]:
    """Yield every metric with its samples; a time that is not known is left out rather than shown as zero."""
    yield _gauge("info", "The program; always 1.", ("version",), [((around.version,), 1)])
    awaited = [((), _at(around.never_since))]
    yield _gauge("night_never_since_timestamp_seconds", "Since when the first night is awaited.", (), awaited)
    yield from _of_nights(found, faults)
    if found.night is not None:
        yield from _of_sources(found.night.sources)
    yield from _of_history(found.sources)
    yield from _of_jobs(found, around)
    cases = [((state.value,), count) for state, count in found.cases.by_state.items()]
    yield _gauge("cases", "Cases by state.", ("state",), cases)
    yield _gauge("cases_overdue", "Open cases whose legal limit is over.", (), [((), found.cases.overdue)])
    yield _gauge("messages_undelivered", "Messages of a week that nobody took.", (), [((), found.undelivered)])
    yield _gauge("hosts_closed", "Hosts that asked to be left alone for now.", (), [((), found.hosts_closed)])
    yield _gauge("visits_waiting", "Planned visits of open nights not made yet.", (), [((), found.visits_waiting)])
    unstaffed = [((shard,), count) for shard, count in found.unstaffed]
    yield _gauge("visits_without_worker", "Waiting visits that no living worker takes.", ("shard",), unstaffed)
    yield _gauge("disk_free_bytes", "Free space by what lies there.", ("place",), _places(around.free))
    yield _gauge("disk_free_least_bytes", "Below this the disk is called short.", (), [((), around.least_free)])
    yield _gauge("database_bytes", "Size of the database.", (), [((), around.database_bytes)])


def _of_nights(found: HealthFigures, faults: tuple[Fault, ...]) -> Iterator[Metric]:
    night = found.night
    times = [(("begun",), _at(night.started_at if night else None)), (("ended",), _at(found.ended_at)),
             (("well",), _at(found.well_at))]  # fmt: skip
    yield _gauge("night_timestamp_seconds", "When the newest night began, ended, ended well.", ("what",), times)
    if night is None:
        return
    ended = night.finished_at
    seconds = (ended - night.started_at).total_seconds() if ended else None
    yield _gauge("night_ok", "Whether the newest night needs nobody; absent while it runs.", (),
                 [((), float(night.ok) if ended else None)])  # fmt: skip
    resumed = night.resumed_at is not None
    yield _gauge("night_running", "Whether the newest night has not ended.", (), [((), ended is None)])
    yield _gauge("night_resumed", "Whether it was broken off and taken up again.", (), [((), resumed)])
    yield _gauge("night_duration_seconds", "How long it took.", (), [((), seconds)])
    kinds = Counter((fault.kind, _yes(fault.needs_person)) for fault in faults)
    yield _gauge("night_faults", "What went wrong, by kind.", ("kind", "needs_person"), sorted(kinds.items()))
    yield from _of_what_it_read(night)


def _of_what_it_read(night: NightFacts) -> Iterator[Metric]:
    yield _gauge("night_pairs", "Pairs whose accounts were visited.", (), [((), len(night.pairs))])
    yield _gauge("night_pairs_unread", "Pairs of which nothing was read.", (), [((), len(blind_pairs(night)))])
    unread = sum(not region.read for region in night.regions)
    yield _gauge("night_regions_unread", "Regions of whose people nothing was read.", (), [((), unread)])
    if night.judged is not None:
        j = night.judged
        sums = {"hits": j.hits, "misses": j.misses, "not_evaluable": j.not_evaluable, "errors": j.errors}
        yield _gauge("night_judged", "Acts judged, by outcome.", ("outcome",), [((k,), n) for k, n in sums.items()])
        yield _gauge("night_sums_agree", "Whether the outcomes add up.", (), [((), night.sums_agree)])


_SOURCE_FIGURES: tuple[tuple[str, str, Callable[[SourceSeen], float | None]], ...] = (
    ("targets", "Targets of the newest night.", lambda s: s.targets),
    ("targets_read", "Targets that it read.", lambda s: s.read),
    ("targets_waiting", "Targets that caps left for another night.", lambda s: s.waiting),
    ("targets_never_read", "Unread targets that were never read.", lambda s: s.never),
    ("requests", "Requests of the newest night.", lambda s: s.requests),
    ("items", "Texts read in it.", lambda s: s.items),
    ("acts", "Registered acts seen in it.", lambda s: s.acts),
    ("bystanders", "Acts of others, counted and not stored.", lambda s: s.bystanders),
    ("duration_seconds", "How long it took, from first to last request.", lambda s: s.seconds),
    ("longest_unread_timestamp_seconds", "When the longest waiting unread target was read.",
     lambda s: _at(s.longest_unseen)),
)  # fmt: skip


def _of_sources(sources: tuple[SourceSeen, ...]) -> Iterator[Metric]:
    for name, words, value in _SOURCE_FIGURES:
        yield _gauge(f"source_{name}", words, ("source",), [((one.name,), value(one)) for one in sources])
    outcomes = [((one.name, outcome.value), n) for one in sources for outcome, n in one.outcomes]
    yield _gauge("source_outcomes", "Targets by how their visit ended.", ("source", "outcome"), outcomes)
    seen = [((one.name, act.value, c.value), n) for one in sources for act, cs in one.coverage for c, n in cs]
    yield _gauge("source_coverage", "Targets by what could be seen of each verb.", ("source", "verb", "coverage"), seen)


def _of_history(sources: tuple[SourceFigures, ...]) -> Iterator[Metric]:
    worked = [((one.name,), _at(one.last_worked_at)) for one in sources]
    yield _gauge("source_last_worked_timestamp_seconds", "When a visit last ended well.", ("source",), worked)
    blind = [((one.name,), one.blind) for one in sources]
    yield _gauge("source_blind", "Whether it hides a canary.", ("source",), blind)
    drifted = [((one.name,), one.drifted) for one in sources]
    yield _gauge("source_drifted", "Whether its answers changed shape in the newest night.", ("source",), drifted)
    shares = [((one.name, part.verb.value), part.share) for one in sources for part in one.completeness]
    yield _gauge("source_completeness_ratio", "Collected of what was reported.", ("source", "verb"), shares)


def _of_jobs(found: HealthFigures, around: Around) -> Iterator[Metric]:
    states = [((job.value, state.value), run.state is state) for job, run in found.jobs.items() for state in JobState]
    yield _gauge("job_state", "How the newest run of a job stands.", ("job", "state"), states)
    done = [((job.value,), _at(run.finished_at)) for job, run in found.jobs_done.items()]
    yield _gauge("job_done_timestamp_seconds", "When a job was last done to its end.", ("job",), done)
    took = [((job.value,), _seconds(run.started_at, run.finished_at)) for job, run in found.jobs_done.items()]
    yield _gauge("job_duration_seconds", "How long that took.", ("job",), took)
    late = [((job.value,), _at(since)) for job, since in around.late]
    yield _gauge("job_late_since_timestamp_seconds", "Since when a job is due and not done.", ("job",), late)
    lines = [((setting,), 1) for setting, _ in around.unreadable]
    yield _gauge("schedule_unreadable", "A setting that tells no time: its job does not run.", ("setting",), lines)


@dataclass(frozen=True, slots=True)
class _Told:
    """A collector over what was read already."""

    told: Callable[[], Iterable[Metric]]

    def collect(self) -> Iterable[Metric]:
        """Return the metrics, as the registry asks for them."""
        return self.told()


def _gauge(name: str, words: str, labels: tuple[str, ...], rows: Rows) -> Metric:
    family = GaugeMetricFamily(f"pantau_{name}", words, labels=labels)
    for values, value in rows:
        if value is not None:
            family.add_metric(values, float(value))
    return family


def _places(sizes: tuple[tuple[str, int], ...]) -> Rows:
    return [((place,), size) for place, size in sizes]


def _at(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start is not None and end is not None else None


def _yes(value: bool) -> str:
    return "true" if value else "false"
