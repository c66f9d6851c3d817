"""The analysts' views, as the migration lays them: what they hold, and their rows as a stream.

No view holds a name, a number, an account, an address or a text; people are numbers of rows, which only who may read
the register can resolve. Names and columns stay: a later version adds, and never renames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from db.base import Utc
from db.connect import Session
from db.places import in_region

_BATCH = 5_000


class Kind(StrEnum):
    """What a column holds; a PERSON is a row number that leaves the office only as a keyed pseudonym."""

    NUMBER = "number"
    PERSON = "person"
    TEXT = "text"
    TIME = "time"
    YES_NO = "yes_no"


_TYPES: Final[Mapping[Kind, Any]] = {
    Kind.NUMBER: sa.BigInteger(),
    Kind.PERSON: sa.BigInteger(),
    Kind.TEXT: sa.Text(),
    Kind.TIME: Utc(),
    Kind.YES_NO: sa.Boolean(),
}


@dataclass(frozen=True, slots=True)
class View:
    """One view: `columns` in their order, `key` the columns by which rows are told apart and sorted."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]

    @property
    def table(self) -> str:
        """Its name without what all of them begin with."""
        return self.name.removeprefix("analyst_")


def _view(name: str, key: str, columns: str) -> View:
    """Read a view from a line of `column` (text), `column#` (number), `column@` (time), `column?` and `column!`."""
    marks = {"#": Kind.NUMBER, "@": Kind.TIME, "?": Kind.YES_NO, "!": Kind.PERSON}
    told = tuple((word.rstrip("#@?!"), marks.get(word[-1], Kind.TEXT)) for word in columns.split())
    return View(f"analyst_{name}", told, tuple(key.split()))


VIEWS: Final = (
    _view(
        "indications", "indication",
        "indication# act_number# case_number# person! noted_at@ platform act occurred_at@ after_at@ until_at@ "
        "first_seen_at@ withdrawn_at@ rule rule_version# level tier law law_row stage candidate# contest# "
        "jurisdiction employment standing?",
    ),
    _view(
        "cases", "case_number",
        "case_number# person! employment jurisdiction contest# candidate# law law_row stage state indications# "
        "opened_at@ first_seen_at@ last_indication_at@ first_read_at@ known_at@ due_at@ changed_at@ continues_case#",
    ),
    _view(
        "events", "event",
        "event# case_number# case_version# kind from_state to_state reason undoes# at@ jurisdiction",
    ),
    _view(
        "verdicts", "verdict_number",
        "verdict_number# indication# rule rule_version# verdict reason at@ jurisdiction",
    ),
    _view(
        "acts", "act_number",
        "act_number# platform act occurred_at@ after_at@ until_at@ first_seen_at@ withdrawn_at@ outcome",
    ),
    _view(
        "candidates", "candidate",
        "candidate# contest# contest_name region office regime election_year# number# label accounts# removed_at@",
    ),
    _view("stages", "contest starts_at", "contest# stage starts_at@"),
    _view("regions", "code", "code parent name timezone parent_name"),
    _view(
        "visits", "visit",
        "visit# night# night_at@ source direction outcome requests# texts# acts# others_dropped# started_at@ "
        "finished_at@",
    ),
    _view("coverage", "visit act", "visit# night# night_at@ source direction act coverage"),
)  # fmt: skip


def count(session: Session, view: View, region: str = "") -> int:
    """Return how many rows a view has for a region (empty: all); views without a place are whole."""
    table = _clause(view)
    return int(session.execute(sa.select(sa.func.count()).select_from(table).where(_in(table, region))).scalar_one())


def rows(session: Session, view: View, region: str = "") -> Iterator[tuple[Any, ...]]:
    """Give the rows in the order of their key, as they come from the database: memory does not grow with them."""
    table = _clause(view)
    query = sa.select(table).where(_in(table, region)).order_by(*(table.c[name] for name in view.key))
    found = session.execution_options(yield_per=_BATCH).execute(query)
    return (tuple(row) for row in found)


def _clause(view: View) -> sa.TableClause:
    return sa.table(view.name, *(sa.column(name, _TYPES[kind]) for name, kind in view.columns))


def _in(table: sa.TableClause, region: str) -> sa.ColumnElement[bool]:
    return in_region(table.c.jurisdiction, region) if "jurisdiction" in table.c else sa.true()
