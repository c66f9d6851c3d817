"""The queue in groups, and one of them unfolded: each case with its evidence, and one decision for those ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import Request
from fastapi.responses import HTMLResponse

from db import audit, case_evidence, groups
from db.case_evidence import Shown
from db.groups import Group, GroupKind
from monitor.domain import CaseFilter, CasePage, CaseState, Reason
from monitor.review import machine
from monitor.web.asked import PAGE, Asked
from monitor.web.frame import Frame, Visitor, page
from monitor.web.queue_frame import around, wish

MOST = 50
_ACTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Form:
    """What a group's form came back with: the news or the problem, what was ticked and typed."""

    kabar: str = ""
    problem: str = ""
    ticked: frozenset[int] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A state that the ticked cases may go to, and the reasons for it from where they are."""

    to: CaseState
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An unfolded group: its cases with their evidence, and the steps that can be taken with several at once."""

    group: Group
    page: CasePage
    shown: Mapping[int, tuple[Shown, ...]]
    steps: tuple[Choice, ...]


def grouped(request: Request, frame: Frame, visitor: Visitor, asked: Asked, form: Form) -> HTMLResponse:
    """Show one page of groups, with the one that is asked for unfolded."""
    assert asked.group is not None  # whoever calls has looked
    now = frame.deps.clock()
    with frame.deps.database.read() as session:
        wanted = wish(session, frame, visitor, asked.fresh())
        found = groups.list_groups(session, asked.group, wanted, now, asked.group_after, PAGE)
        values = around(session, frame, visitor, asked, wanted, form.kabar)
    return page(
        request,
        "groups.html",
        status=422 if form.problem else 200,
        found=found,
        first=asked.group_after is None,
        titles=values["choices"].rules,
        opened=open_group(frame, visitor, asked, wanted) if asked.opened else None,
        form=form,
        next_url=asked.group_url(found.after) if found.after else "",
        **values,
    )


def open_group(frame: Frame, visitor: Visitor, asked: Asked, wanted: CaseFilter) -> Opened | None:
    """Return a group with its cases and their evidence; that they were looked at is recorded."""
    assert asked.group is not None  # an unfolded group is one of a grouping
    narrowed = groups.narrow(replace(wanted, after=asked.after, limit=MOST), asked.group, asked.opened)
    now = frame.deps.clock()
    if narrowed is None:
        return None
    with frame.deps.database.read() as session:
        group = groups.one_group(session, asked.group, asked.opened, replace(wanted, after=None), now)
        if group is None:
            return None
        found, shown = case_evidence.listed(session, narrowed, now, _ACTS_SHOWN)
    subject = f"{_SUBJECTS[asked.group]}:{asked.opened}"
    seen = {"cases": [row.id for row in found.rows], "people": sorted({row.person.id for row in found.rows})}
    with frame.deps.database.write() as session:
        audit.record(session, actor=visitor.user.name, action="group_viewed", subject=subject, detail=seen, now=now)
    return Opened(group, found, shown, steps_for({row.state for row in found.rows}))


def steps_for(states: set[CaseState]) -> tuple[Choice, ...]:
    """Return the steps that several cases may take at once."""
    starts = states | ({CaseState.DITINJAU} if CaseState.BARU in states else set())
    reasons: dict[CaseState, dict[Reason, None]] = {}
    for step in machine.TABLE:
        if step.start in starts and machine.taken_together(step):
            reasons.setdefault(step.to, {}).update(dict.fromkeys(step.reasons))
    return tuple(Choice(to, tuple(sorted(offered, key=Reason.LAINNYA.__eq__))) for to, offered in reasons.items())


_SUBJECTS = {GroupKind.PERSON: "asn", GroupKind.PAIR: "candidate", GroupKind.RULE: "rule"}
