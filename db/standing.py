"""Which hits stand: given by the current judgement, by a rule that is in force and not merely in shadow."""

from __future__ import annotations

import sqlalchemy as sa

from db.tables import rule_hit
from monitor.domain import RuleStatus

STANDING: sa.ColumnElement[bool] = sa.and_(rule_hit.c.active, rule_hit.c.mode == RuleStatus.ACTIVE)
"""A hit that a case may rest on."""
