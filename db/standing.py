"""How the standing judgements fell, whatever rule set gave them: what the front page counts."""

from __future__ import annotations

import sqlalchemy as sa

from db.connect import Session
from db.tables import judgement
from monitor.domain import JudgementOutcome


def count_not_evaluable(session: Session) -> int:
    """Return how many acts stand as not evaluable: nobody may take them for innocent."""
    where = (judgement.c.current, judgement.c.outcome == JudgementOutcome.NOT_EVALUABLE)
    return int(session.execute(sa.select(sa.func.count()).select_from(judgement).where(*where)).scalar_one())
