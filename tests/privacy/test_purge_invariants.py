"""Whatever is purged, in any order and however often: the checks stay clean, and what must stay is there."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connect import open_database
from monitor.vault import Vault
from tests import beginnings
from tests.casebook import NOW
from tests.privacy.books import open_shelf
from tests.privacy.keeping import resting_on, texts_of

FATES = st.sampled_from(["open", "closed", "held case", "held person", "form", "late"])
SPANS = st.lists(st.integers(1, 900), min_size=1, max_size=3)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(fates=st.lists(FATES, min_size=1, max_size=3), spans=SPANS, comment=st.booleans())
def test_purges_keep_what_must_stay_and_remove_what_must_go(
    sqlite_template: Path, tmp_path: Path, vault: Vault, fates: list[str], spans: list[int], comment: bool
) -> None:
    path = tmp_path / "pantau.db"  # of every example, so that statements are written out once
    path.unlink(missing_ok=True)
    beginnings.lay(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    with TemporaryDirectory() as folder, ExitStack() as at_the_end:
        at_the_end.callback(database.dispose)
        shelf = open_shelf(database, vault, Path(folder))
        made = [shelf.case(n + 1, f"k{n}", comment=comment) for n in range(len(fates))]
        last = NOW + timedelta(days=sum(spans))
        closed = {}
        for number, (case, fate) in enumerate(zip(made, fates, strict=True)):
            closed[case] = last - timedelta(days=10) if fate == "late" else NOW
            if fate == "form":
                shelf.issue(case)
            if fate == "held case":
                shelf.hold(case=case)
            if fate == "held person":
                shelf.hold(person=shelf.person(number + 1))
            if fate != "open":
                shelf.close(case, at=closed[case])
        for day in (sum(spans[: n + 1]) for n in range(len(spans))):
            shelf.purge(NOW + timedelta(days=day))
            assert shelf.faults() == ([], [])
        for case, fate in zip(made, fates, strict=True):
            there = {shelf.store.exists(digest) for digest in resting_on(database, case)}
            there |= {text is not None for text in texts_of(database, case)}
            goes = fate == "closed" and (last - NOW).days > 366
            stays = fate != "closed" or (last - NOW).days < 364
            assert not goes or there == {False}, (fate, spans)
            assert not stays or there == {True}, (fate, spans)
