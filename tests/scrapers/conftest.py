from collections.abc import Iterator

import pytest

from tests.scrapers.loopback import Peer, peer


@pytest.fixture
def world() -> Iterator[Peer]:
    with peer() as running:
        yield running
