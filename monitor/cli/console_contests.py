"""The candidates page's part: what in a contest's register may be taken for somebody or something else."""

from __future__ import annotations

from collections.abc import Callable

from db.contests import load_contests
from monitor.domain.rule_sheets import RegisterWarning
from monitor.workspace import Workspace
from rules.collisions import check_register
from rules.loader import shipped_lexicon


def contest_warnings(space: Workspace) -> Callable[[int], tuple[RegisterWarning, ...]]:
    """Return what checks one stored contest beside all others, as `roster check` does."""

    def warnings(contest_id: int) -> tuple[RegisterWarning, ...]:
        with space.database.read() as session:
            stored = load_contests(session)
        mine = next((contest for contest in stored if contest.id == contest_id), None)
        if mine is None:
            return ()
        numbers = {pair.number for pair in mine.candidates}
        return tuple(
            RegisterWarning(c.contest, c.region, c.number, c.level, c.key, c.why, tuple(c.proposal))
            for c in check_register(stored, shipped_lexicon())
            if (c.contest, c.region) == (mine.name, mine.region) and c.number in numbers
        )

    return warnings
