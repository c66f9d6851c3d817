"""A night that is told to stop says so, whatever its workers were about to begin in that moment."""

from __future__ import annotations

import threading

import pytest

from monitor.scan.collect import Collector
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


def test_a_worker_that_was_begun_as_the_night_was_stopped_asks_for_nothing(
    office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[Collector, threading.Thread]] = []
    start = Collector._started

    def stopped_before_it_is_listed(self: Collector, host: str) -> threading.Thread:
        begun.append((self, start(self, host)))
        raise KeyboardInterrupt

    monkeypatch.setattr(Collector, "_started", stopped_before_it_is_listed)
    with pytest.raises(KeyboardInterrupt):
        office.scan(network)
    collector, worker = begun[0]
    worker.join(10)
    assert isinstance(collector.failure, KeyboardInterrupt)
    assert collector.results == []
