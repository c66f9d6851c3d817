"""The settings of workers on several machines."""

from __future__ import annotations

from pydantic import Field

from monitor.settings_web import Section


class WorkerSettings(Section):
    """How workers share a night.

    `lanes` is how many visits to one source may be under way at once in one province, `lanes_of` the same for sources
    by name. A visit that fails is tried again after `retry_seconds`, each time twice as long, `tries` times in all. A
    worker that was silent for `lost_seconds` counts as dead.
    """

    concurrency: int = Field(default=4, ge=1, le=64)
    lanes: int = Field(default=4, ge=1, le=1000)
    lanes_of: dict[str, int] = Field(default_factory=dict)
    tries: int = Field(default=5, ge=1, le=100)
    retry_seconds: float = Field(default=30, gt=0, le=3600)
    lost_seconds: float = Field(default=60, ge=3, le=3600)

    @property
    def rest_seconds(self) -> float:
        """For how long visits to a host wait that failed to answer several in a row."""
        return self.retry_seconds * 5

    def lanes_for(self, source: str) -> int:
        """Return how many visits to a source may be under way at once in one province."""
        return max(self.lanes_of.get(source, self.lanes), 1)
