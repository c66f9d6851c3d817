"""An upgrade that is killed at any moment is finished by the next one, with every row and nothing twice."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable

import pytest

from db import schema
from db.tables import metadata
from db.verify import verify
from tests.conftest import PostgresServer
from tests.safety.trials import LONG, Offices, Trial

pytestmark = pytest.mark.slow

MOMENTS = 3
SEED = 20261122
OLD = "20261122_rules_life"
LATER = frozenset({"audit_log", "audit_detail", "free_day", "clock_reading", "case_words"})
"""What `pantau init` itself fills, and the calendar."""


def old_office(after_a_night: Offices, postgres: PostgresServer | None) -> tuple[Trial, Callable[[Trial], Trial]]:
    """An office of an earlier version after a night, and how to copy it."""
    first = after_a_night.trial()
    if postgres is None:
        schema.downgrade(first.url, OLD)

        def copied(source: Trial) -> Trial:
            after_a_night.trials += 1
            home = after_a_night.folder / f"kantor{after_a_night.trials}"
            shutil.copytree(source.home, home)
            return Trial(home, f"sqlite:///{home / 'data' / 'pantau.db'}")

        return first, copied
    backup = first.home.with_name(f"{first.home.name}-cadangan")
    assert first.run("backup", str(backup)).code == 0
    template = postgres.create()
    home = first.home.with_name(f"{first.home.name}-pg")
    moved = Trial(home, postgres.url(template))
    done = moved.run("restore", str(backup), "--identity", str(first.home / "data/keys/cadangan.key"))
    assert done.code == 0, done.told
    schema.downgrade(moved.url, OLD)

    def again(source: Trial) -> Trial:
        return Trial(source.home, postgres.url(postgres.create(template)))

    return moved, again


def sizes(trial: Trial) -> dict[str, int]:
    found = {name: rows.total() for name, rows in trial.rows().items() if name not in LATER}
    return {name: found[name] for name in sorted(found) if name in metadata.tables}


@pytest.mark.parametrize("server", ["sqlite", "postgresql"])
def test_an_upgrade_killed_at_any_moment_is_finished_by_the_next(
    after_a_night: Offices, server: str, request: pytest.FixtureRequest
) -> None:
    postgres = request.getfixturevalue("postgres_server") if server == "postgresql" else None
    old, copied = old_office(after_a_night, postgres)
    whole = copied(old)
    began = time.monotonic()
    done = whole.run("init", str(whole.home))
    assert done.code == 0, done.told
    took, expected, known = time.monotonic() - began, sizes(whole), set(schema._steps("head"))
    shares = random.Random(SEED)
    for moment in range(MOMENTS):
        trial = copied(old)
        process = trial.start("init", str(trial.home))
        time.sleep((moment + shares.random()) / MOMENTS * took)
        process.kill()
        process.communicate(timeout=LONG)
        assert schema.revision(trial.url) in known
        again = trial.run("init", str(trial.home))
        assert again.code == 0, again.told
        assert sizes(trial) == expected
        with trial.database() as database, database.inspect() as session:
            assert [str(problem) for problem in verify(session)] == []
