"""Judging stored acts while something happens to them, or to the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.fetching_night import bare_parts
from db import contests, dirty, judgements, registers
from db.connect import Database, Session
from db.tables import interaction, item_text, judgement, purged_act
from monitor.domain import Act, InteractionView, Judgement
from monitor.scan.judging import judge_pending
from monitor.scan.parts import Ruling
from monitor.scan.progress import Silent
from monitor.vault import Vault
from rules.engine import Judge, compile_rules
from rules.loader import load_ruleset
from tests import casebook
from tests.casebook import NOW


@dataclass
class Interrupted:
    """A judge to whom something happens before the first act: the texts of the acts it judged, and their places."""

    judge_alone: Judge
    happens: Callable[[], None]
    read: list[str] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        return self.judge_alone.hash

    def judge(self, view: InteractionView) -> Judgement:
        if not self.read:
            self.happens()
        self.read.append(view.target.text if view.target else "")
        self.places[view.id] = view.jurisdiction
        return self.judge_alone.judge(view)


@dataclass
class Office:
    """An office in which a post was liked, and what judges it."""

    database: Database
    folder: Path
    book: casebook.Book
    target: str

    def judged_while(self, happens: Callable[[], None]) -> list[str]:
        """Judge all that waits while something happens; return the texts that were judged."""
        return self.interrupted(happens).read

    def interrupted(self, happens: Callable[[], None], batch: int = 1000) -> Interrupted:
        """Judge all that waits, some acts at a time, while something happens; return the judge."""
        with self.database.read() as session:
            judge = Interrupted(compile_rules(load_ruleset(), contests.load_contests(session)), happens)
        ruling = Ruling(judge, lambda _: False, (), (), "{}")  # type: ignore[arg-type]  # judges as the one it wraps
        parts = replace(bare_parts(self.folder, self.database), judge_batch=batch)
        judge_pending(parts, ruling, Silent())
        return judge

    def mark(self) -> None:
        with self.database.write() as session:
            dirty.mark_texts(session, [self.target])

    def edit(self) -> None:
        with self.database.write() as session:
            session.execute(sa.update(item_text).values(text="Batal mendukung"))
            dirty.mark_texts(session, [self.target])

    def asked(self, column: sa.Column[bool]) -> list[bool]:
        with self.database.read() as session:
            return list(session.execute(sa.select(column)).scalars())


@pytest.fixture
def office(database: Database, vault: Vault, tmp_path: Path) -> Office:
    book = casebook.open_book(database, vault)
    with database.write() as session:
        target = casebook.post(session, book, "p1")
        casebook.act(session, book, 1, Act.LIKE, target)
    return Office(database, tmp_path, book, target)


def nothing() -> None:
    """Let a judge judge."""


def stop() -> None:
    raise KeyboardInterrupt


def test_an_act_that_changes_while_it_is_judged_is_judged_again_as_it_stands(office: Office) -> None:
    assert office.judged_while(office.edit) == ["Mari coblos nomor 1", "Batal mendukung"]
    assert office.asked(interaction.c.dirty) == [False]


def test_acts_of_a_person_who_moves_while_others_of_theirs_are_judged_are_judged_where_they_are_now(
    office: Office, vault: Vault
) -> None:
    def move() -> None:
        with office.database.write() as session:
            registers.store_people(session, vault, [casebook.person(1, jurisdiction="99.02")], office.book.batch, NOW)

    with office.database.write() as session:
        casebook.act(session, office.book, 1, Act.SHARE, office.target)
    assert list(office.interrupted(move, batch=1).places.values()) == ["99.02", "99.02"]
    assert office.asked(interaction.c.dirty) == [False, False]


def test_an_act_that_is_marked_without_a_change_while_it_is_judged_is_judged_once(office: Office) -> None:
    assert len(office.judged_while(office.mark)) == 1
    assert office.asked(interaction.c.dirty) == [False]


def test_what_was_said_stands_while_a_pass_that_died_is_not_made_up_for(office: Office) -> None:
    office.judged_while(nothing)
    office.mark()
    with pytest.raises(KeyboardInterrupt):
        office.judged_while(stop)
    assert office.asked(judgement.c.current) == [True]
    assert len(office.judged_while(nothing)) == 1


def test_what_was_said_of_an_act_whose_words_are_purged_while_it_is_judged_stands(office: Office) -> None:
    office.judged_while(nothing)
    office.mark()

    def purge() -> None:
        with office.database.write() as session:
            number = session.execute(sa.select(interaction.c.id)).scalar_one()
            session.execute(sa.insert(purged_act).values(interaction_id=number, purged_at=NOW))

    office.judged_while(purge)
    assert office.asked(judgement.c.current) == [True]


def test_a_run_ends_although_what_it_judges_changes_all_the_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = judgements.store_judgements

    def store_and_change(session: Session, *told: Any) -> None:
        stored(session, *told)
        words = sa.func.coalesce(item_text.c.text, "") + "!"
        session.execute(sa.update(item_text).values(text=words))

    monkeypatch.setattr(judgements, "store_judgements", store_and_change)
    office.judged_while(nothing)
    assert office.asked(interaction.c.dirty) == [True]
