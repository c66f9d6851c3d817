"""One question to a platform and its answer: what it is charged for is booked, a spent quota closes its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from monitor.errors import QuotaSpent, RateLimited
from monitor.scan.parts import Parts
from scrapers.contract import Page, Request, Response, SourceOptions

T = TypeVar("T")


def ask(
    parts: Parts, source: str, request: Request, read: Callable[[Response], Page] | None = None
) -> tuple[Response, Page]:
    """Send a request and let its adapter, or `read`, read the answer; raises the error tree or PolicyBlocked."""
    options = parts.options.get(source, SourceOptions(source))
    adapter = parts.adapters[source]
    response, page = put(parts, source, request, read or (lambda got: adapter.read(request, got, options)))
    parts.fetcher.settle(source, request, response, page.billed)
    return response, page


def put(parts: Parts, source: str, request: Request, read: Callable[[Response], T]) -> tuple[Response, T]:
    """Send a request and read the answer.

    One that says that the quota is spent closes the source for its day, one that says that too much was asked its host;
    the most that the call can cost stays booked.
    """
    response = parts.fetcher.send(source, request)
    try:
        return response, read(response)
    except RateLimited as error:
        parts.fetcher.leave_alone(request, error.retry_at)
        raise
    except QuotaSpent:
        parts.fetcher.close_source(source)
        raise
