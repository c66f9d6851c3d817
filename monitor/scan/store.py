"""From one read answer to what may be stored: bystanders dropped, evidence on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain import Capture, Sighting, StoreBatch
from monitor.evidence.store import EvidenceStore
from monitor.scan.bystanders import Passed, pass_registered
from monitor.scan.watchlist import Watchlist
from scrapers.contract import Page, Response
from scrapers.credentials import SCRUBBED

HYDRATE = "hydrate"
_KEPT_HEADERS = frozenset({"content-type", "date", "etag", "last-modified", "server", SCRUBBED})


@dataclass(frozen=True, slots=True)
class Sieve:
    """What an answer is held against: the register, and whether a text names a candidate at all."""

    watch: Watchlist
    concerns: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer came from: source, endpoint, mapper version, and who captured it (empty for the program).

    `request` is the call as JSON text (`visit.request_text`), so that the answer can be read again.
    """

    source: str
    endpoint: str
    mapper: str
    collector: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Sifted:
    """An answer after the sieve, with its evidence on disk, ready to be written."""

    passed: Passed
    batch: StoreBatch

    @property
    def keys(self) -> list[str]:
        """The keys of the registered acts in it."""
        return [act.key for act, _ in self.passed.acts]

    @property
    def targets(self) -> frozenset[str]:
        """The items that the registered acts are on."""
        return frozenset(act.target_id for act, _ in self.passed.acts)


def sift(page: Page, response: Response, origin: Origin, sieve: Sieve, evidence: EvidenceStore) -> Sifted:
    """Drop bystanders, and keep the raw answer when something registered is in it.

    Texts that were fetched because a registered person liked or shared them come with the endpoint `hydrate`.
    """
    wanted = frozenset(item.item_id for item in page.items) if origin.endpoint == HYDRATE else frozenset()
    passed = pass_registered(page.items, page.acts, sieve.watch, sieve.concerns, wanted)
    capture = keep(response, origin, evidence) if passed.registered else None
    batch = StoreBatch(
        items=passed.items,
        sightings=tuple(
            Sighting(act, account.account_id, response.fetched_at, capture) for act, account in passed.acts
        ),
        item_captures=tuple((item.item_id, capture) for item in passed.items) if capture else (),
    )
    return Sifted(passed, batch)


def keep(response: Response, origin: Origin, evidence: EvidenceStore) -> Capture:
    """Put an answer on disk and return what is to be written of it."""
    return Capture(
        source=origin.source,
        endpoint=origin.endpoint,
        url=response.url,
        final_url=response.final_url,
        status=response.status,
        headers=tuple(sorted((k.lower(), v) for k, v in response.headers.items() if k.lower() in _KEPT_HEADERS)),
        sha256=evidence.put(response.body),
        size=len(response.body),
        fetched_at=response.fetched_at,
        mapper=origin.mapper,
        collector=origin.collector,
        request=origin.request,
    )
