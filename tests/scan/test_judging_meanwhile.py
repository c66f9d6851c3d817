from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from benchmarks.fetching_night import bare_parts
from db import contests, dirty
from db.connect import Database
from db.tables import interaction, item, item_text
from monitor.domain import Act, InteractionView, Judgement
from monitor.scan.judging import judge_pending
from monitor.scan.parts import Ruling
from monitor.scan.progress import Silent
from monitor.vault import Vault
from rules.engine import Judge, compile_rules
from rules.loader import load_ruleset
from tests import casebook


@dataclass
class Interrupted:
    """A judge to whom something happens before the first act, and the texts that the judged acts were of."""

    judge_alone: Judge
    happens: Callable[[], None]
    read: list[str] = field(default_factory=list)

    @property
    def hash(self) -> str:
        return self.judge_alone.hash

    def judge(self, view: InteractionView) -> Judgement:
        if not self.read:
            self.happens()
        self.read.append(view.target.text if view.target else "")
        return self.judge_alone.judge(view)


def test_an_act_that_changes_while_it_is_judged_is_judged_again_as_it_stands(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    book = casebook.open_book(database, vault)
    with database.write() as session:
        target = casebook.post(session, book, "p1")
        casebook.act(session, book, 1, Act.LIKE, target)
        known = contests.load_contests(session)

    def edit() -> None:
        with database.write() as session:
            session.execute(sa.update(item_text).values(text="Batal mendukung"))
            dirty.mark_texts(session, session.execute(sa.select(item.c.platform_item_id)).scalars().all())

    judge = Interrupted(compile_rules(load_ruleset(), known), edit)
    ruling = Ruling(judge, lambda _: False, (), (), "{}")  # type: ignore[arg-type]  # judges as the one it wraps
    judge_pending(bare_parts(tmp_path, database), ruling, Silent())
    assert judge.read == ["Mari coblos nomor 1", "Batal mendukung"]
    with database.read() as session:
        assert session.execute(sa.select(interaction.c.dirty)).scalars().all() == [False]
