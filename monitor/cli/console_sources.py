"""What the console shows of sources beyond what the database knows: settings of today, caps and what is spent."""

from __future__ import annotations

from collections.abc import Callable

from monitor.cli.budget import books_of, lines_of
from monitor.domain import SourceStanding
from monitor.workspace import Workspace
from scrapers import registry


def standings(space: Workspace) -> Callable[[], tuple[SourceStanding, ...]]:
    """Return how the console asks for the sources of this workspace, in the order of the alphabet."""
    manifests = registry.manifests()

    def told() -> tuple[SourceStanding, ...]:
        spending = {account.source: lines_of(account) for account in books_of(space)}
        return tuple(
            SourceStanding(
                source=name,
                title=manifests[name].title if name in manifests else name,
                enabled=source.enabled,
                mode=source.mode,
                legal_basis=source.legal_basis,
                spending=spending.get(name, ()),
            )
            for name, source in sorted(space.settings.sources.items())
        )

    return told
