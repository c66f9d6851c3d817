from __future__ import annotations

import pytest

from monitor.domain import CaseFacts, CaseState, Grant, Reason, Role, UserRow
from monitor.review import machine
from monitor.web.steps import VERBS, Offer, offers

REVIEWER = UserRow(id=1, name="rina", full_name="Rina Contoh", grants=(Grant(Role.PENGAWAS, "99.01"),))


@pytest.mark.parametrize("step", machine.TABLE, ids=lambda step: f"{step.start}-{step.to}")
def test_every_step_has_a_verb(step: machine.Transition) -> None:
    assert VERBS[step.to]


@pytest.mark.parametrize("step", [step for step in machine.TABLE if step.note], ids=lambda step: str(step.to))
def test_a_step_that_needs_a_note_says_what_it_must_hold(step: machine.Transition) -> None:
    assert Offer(step).note_hint.startswith("Catatan wajib: ")


def test_a_lone_reason_is_chosen_beforehand_and_a_choice_is_not() -> None:
    approve, dismiss = (
        machine.STEPS[CaseState.DIUSULKAN, CaseState.DISETUJUI],
        machine.STEPS[CaseState.DITINJAU, CaseState.DIKESAMPINGKAN],
    )
    assert (Offer(approve).usual, Offer(dismiss).usual) == (Reason.SESUAI_USULAN, None)


def test_what_stands_in_the_way_names_the_step_in_words() -> None:
    waiting = CaseFacts(case_id=7, state=CaseState.DIUSULKAN, version=3, jurisdiction="99.01", proposer_id=9)
    refused = next(o for o in offers(waiting, REVIEWER) if o.step.to is CaseState.DISETUJUI)
    assert "“Disetujui”" in refused.blocked
