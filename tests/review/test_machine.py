from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import (
    Act,
    AttributionStatus,
    CaseFacts,
    CaseState,
    DecisionCommand,
    Grant,
    LastDecision,
    LeaseRow,
    Reason,
    Role,
    UserRow,
)
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.review.machine import STEPS, TABLE, check, check_undo, reasons_for, steps_from

S = CaseState
# Copied from the definitions by hand: the table under test must say the same.
WRITTEN = {
    S.BARU: {S.DITINJAU},
    S.DITINJAU: {S.DIKESAMPINGKAN, S.PERLU_BUKTI, S.PERLU_ATRIBUSI, S.PERLU_PENELUSURAN, S.DIUSULKAN},
    S.PERLU_BUKTI: {S.DITINJAU, S.DIKESAMPINGKAN},
    S.PERLU_ATRIBUSI: {S.DITINJAU, S.DIKESAMPINGKAN},
    S.PERLU_PENELUSURAN: {S.PENELUSURAN},
    S.PENELUSURAN: {S.KLARIFIKASI},
    S.KLARIFIKASI: {S.KAJIAN},
    S.KAJIAN: {S.DIUSULKAN, S.DIKESAMPINGKAN},
    S.DIUSULKAN: {S.DISETUJUI, S.DIKEMBALIKAN},
    S.DIKEMBALIKAN: {S.DITINJAU},
    S.DISETUJUI: {S.TERDAFTAR, S.TIDAK_DIREGISTRASI},
    S.TERDAFTAR: {S.DITERUSKAN},
    S.DITERUSKAN: {S.TINDAK_LANJUT},
    S.TINDAK_LANJUT: {S.DITUTUP},
    S.DITUTUP: {S.DIARSIPKAN},
    S.DIARSIPKAN: set(),
    S.DIKESAMPINGKAN: {S.DITINJAU},
    S.TIDAK_DIREGISTRASI: {S.DITINJAU},
}
PAIRS = [(start, to) for start in S for to in S]
RINA = UserRow(1, "rina", "Rina Contoh", (Grant(Role.PENGAWAS, "99"),))
BAYU = UserRow(2, "bayu", "Bayu Contoh", (Grant(Role.KOORDINATOR, "99.01"),))


def facts(state: CaseState = S.DITINJAU, **changes: object) -> CaseFacts:
    made = CaseFacts(
        case_id=7,
        state=state,
        version=3,
        jurisdiction="99.01",
        agency="Dinas Contoh",
        acts=frozenset({Act.COMMENT}),
        attributions=frozenset({AttributionStatus.VERIFIED}),
        proposer_id=RINA.id,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def command(to: CaseState, user: UserRow = BAYU, **changes: object) -> DecisionCommand:
    reasons = reasons_for(to)
    made = DecisionCommand(7, to, reasons[0].value if reasons else "lainnya", user, note="Pleno 3, 1 Oktober 2024")
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def fitting(start: CaseState, to: CaseState, **changes: object) -> DecisionCommand:
    return command(to, reason=STEPS[start, to].reasons[0].value, **changes)


@pytest.mark.parametrize(("start", "to"), PAIRS)
def test_exactly_the_written_steps_exist(start: CaseState, to: CaseState) -> None:
    if to in WRITTEN[start]:
        assert check(facts(start), fitting(start, to)).to is to
    else:
        with pytest.raises(UsageError):
            check(facts(start), command(to))


def test_the_table_names_every_step_once() -> None:
    assert len(TABLE) == len(STEPS) == sum(len(ends) for ends in WRITTEN.values())


@pytest.mark.parametrize("step", TABLE, ids=lambda step: f"{step.start}-{step.to}")
@pytest.mark.parametrize("role", list(Role))
def test_only_the_roles_of_a_step_may_take_it(step: object, role: Role) -> None:
    user = UserRow(9, "budi", "Budi Contoh", (Grant(role, "99.01"),))
    if role in step.roles:  # type: ignore[attr-defined]  # parametrized by object
        check(facts(step.start), fitting(step.start, step.to, user=user))  # type: ignore[attr-defined]  # as above
    else:
        with pytest.raises(RefusedError):
            check(facts(step.start), fitting(step.start, step.to, user=user))  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(("region", "may"), [("", True), ("99", True), ("99.01", True), ("99.02", False), ("9", False)])
def test_a_grant_covers_its_region_and_what_lies_in_it(region: str, may: bool) -> None:
    user = UserRow(9, "budi", "", (Grant(Role.PENGAWAS, region),))
    if may:
        check(facts(), command(S.PERLU_BUKTI, user))
    else:
        with pytest.raises(RefusedError):
            check(facts(), command(S.PERLU_BUKTI, user))


@pytest.mark.parametrize("to", [S.DISETUJUI, S.DIKEMBALIKAN])
def test_the_proposer_never_answers_the_proposal(to: CaseState) -> None:
    with pytest.raises(RefusedError, match="Pengusul"):
        check(facts(S.DIUSULKAN, proposer_id=BAYU.id), command(to, BAYU))


def test_a_proposal_without_a_known_proposer_is_not_answered() -> None:
    with pytest.raises(RefusedError):
        check(facts(S.DIUSULKAN, proposer_id=None), command(S.DISETUJUI, BAYU))


def test_a_switched_off_user_does_nothing() -> None:
    with pytest.raises(RefusedError, match="tidak aktif"):
        check(facts(), command(S.PERLU_BUKTI, replace(RINA, active=False)))


def test_nobody_decides_about_their_own_agency() -> None:
    with pytest.raises(RefusedError, match="instansi"):
        check(facts(), command(S.PERLU_BUKTI, replace(RINA, agency="dinas contoh")))


@pytest.mark.parametrize("acts", [{Act.LIKE}, {Act.FOLLOW}, {Act.LIKE, Act.FOLLOW}])
@pytest.mark.parametrize(("context", "clarified"), [(False, False), (True, False), (False, True), (True, True)])
def test_likes_and_follows_alone_need_context_and_klarifikasi(acts: set[Act], context: bool, clarified: bool) -> None:
    slips = facts(acts=frozenset(acts), has_context_note=context, has_klarifikasi=clarified)
    if context and clarified:
        check(slips, command(S.DIUSULKAN))
    else:
        with pytest.raises(RefusedError, match="hanya berisi suka"):
            check(slips, command(S.DIUSULKAN))


def test_a_like_beside_a_comment_needs_no_klarifikasi() -> None:
    check(facts(acts=frozenset({Act.LIKE, Act.COMMENT})), command(S.DIUSULKAN))


def test_nothing_is_proposed_when_no_hit_stands() -> None:
    with pytest.raises(RefusedError, match="Tidak ada lagi indikasi"):
        check(facts(acts=frozenset()), command(S.DIUSULKAN))


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (S.DITINJAU, S.DIUSULKAN),
        (S.KAJIAN, S.DIUSULKAN),
        (S.DIUSULKAN, S.DISETUJUI),
        (S.DISETUJUI, S.TERDAFTAR),
        (S.TERDAFTAR, S.DITERUSKAN),
        (S.PERLU_ATRIBUSI, S.DITINJAU),
    ],
)
@pytest.mark.parametrize("status", [s for s in AttributionStatus if s is not AttributionStatus.VERIFIED])
def test_an_account_of_no_known_owner_blocks_the_way_to_hand_over(
    start: CaseState, to: CaseState, status: AttributionStatus
) -> None:
    mixed = frozenset({AttributionStatus.VERIFIED, status})
    with pytest.raises(RefusedError, match="belum terverifikasi"):
        check(facts(start, attributions=mixed), fitting(start, to))


def test_a_case_of_a_proposed_account_can_still_be_set_aside() -> None:
    proposed = facts(S.PERLU_ATRIBUSI, attributions=frozenset({AttributionStatus.PROPOSED}))
    assert check(proposed, command(S.DIKESAMPINGKAN)).to is S.DIKESAMPINGKAN


def test_no_hand_over_rests_on_an_import_that_one_person_stands_for() -> None:
    with pytest.raises(RefusedError, match="Impor"):
        check(facts(S.TERDAFTAR, batches_confirmed=False), command(S.DITERUSKAN))


@pytest.mark.parametrize("step", [step for step in TABLE if step.reason_required], ids=lambda s: f"{s.start}-{s.to}")
def test_a_step_without_its_reason_is_wrong_use(step: object) -> None:
    with pytest.raises(UsageError, match="perlu alasan"):
        check(facts(step.start), command(step.to, reason=""))  # type: ignore[attr-defined]  # parametrized by object


def test_starting_to_review_needs_no_reason() -> None:
    assert check(facts(S.BARU), command(S.DITINJAU, reason="", note="")).to is S.DITINJAU


def test_an_unknown_reason_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="tidak_cukup_bukti"):
        check(facts(), command(S.DIKESAMPINGKAN, reason="entah"))


def test_a_reason_of_another_step_does_not_fit() -> None:
    with pytest.raises(UsageError):
        check(facts(), command(S.DIKESAMPINGKAN, reason=Reason.INDIKASI_KUAT.value))


@pytest.mark.parametrize("step", [step for step in TABLE if step.note], ids=lambda s: f"{s.start}-{s.to}")
def test_steps_that_record_a_document_need_a_note(step: object) -> None:
    with pytest.raises(UsageError, match="perlu catatan"):
        check(facts(step.start), fitting(step.start, step.to, note=" "))  # type: ignore[attr-defined]  # as above


def test_the_reason_lainnya_needs_a_note() -> None:
    with pytest.raises(UsageError, match="perlu catatan"):
        check(facts(), command(S.DIKESAMPINGKAN, reason="lainnya", note=""))


def test_a_stale_version_is_a_conflict() -> None:
    with pytest.raises(ConflictError, match="sudah berubah"):
        check(facts(), command(S.PERLU_BUKTI, version=2))


def test_a_stale_fence_is_a_conflict() -> None:
    with pytest.raises(ConflictError, match="Giliran"):
        check(facts(fence=5), command(S.PERLU_BUKTI, fence=4))


def test_a_case_that_somebody_else_holds_is_a_conflict() -> None:
    lease = LeaseRow(7, RINA.id, "Rina Contoh", 1, datetime(2024, 10, 5, tzinfo=UTC))
    with pytest.raises(ConflictError, match="Rina Contoh sedang meninjau"):
        check(facts(lease=lease, fence=1), command(S.PERLU_BUKTI, BAYU))


def test_a_conflict_is_said_before_anything_else() -> None:
    with pytest.raises(ConflictError):
        check(facts(S.DIARSIPKAN), command(S.BARU, version=1))


def test_only_the_author_undoes_the_last_decision() -> None:
    last = LastDecision(11, RINA.id, S.BARU, S.DITINJAU)
    assert check_undo(facts(last=last), RINA) == last
    with pytest.raises(RefusedError, match="orang lain"):
        check_undo(facts(last=last), BAYU)


def test_nothing_is_undone_once_something_came_after() -> None:
    with pytest.raises(RefusedError, match="Tidak ada keputusan"):
        check_undo(facts(last=None), RINA)


def test_every_reason_is_used_by_some_step() -> None:
    assert {reason for step in TABLE for reason in step.reasons} == set(Reason)


def test_every_open_state_has_a_way_out() -> None:
    assert all(steps_from(state) for state in S if state.open)


@given(st.lists(st.sampled_from(list(S)), max_size=30))
def test_no_walk_reaches_registration_without_a_second_person(wishes: list[CaseState]) -> None:
    state, answered = S.BARU, False
    for wish in wishes:
        try:
            step = check(facts(state), command(wish, RINA))
        except (UsageError, RefusedError):
            continue
        state, answered = step.to, answered or step.to is S.DISETUJUI
    assert not answered
    assert state.before_registration
