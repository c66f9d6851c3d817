"""The life of an informasi awal: one table of steps, and one function that says whether a step may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitor.domain import (
    Act,
    AttributionStatus,
    CaseFacts,
    CaseState,
    DecisionCommand,
    LastDecision,
    Reason,
    Role,
    UserRow,
)
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.labels import label

S = CaseState
R = Reason

REVIEWERS = frozenset({Role.PENGAWAS, Role.KOORDINATOR})
APPROVERS = frozenset({Role.KOORDINATOR})
# A thumb slips easily, and officials disagree on what a like or a follow means.
SLIPS = frozenset({Act.LIKE, Act.FOLLOW})


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a case: who may take it, for which reasons, and what must stand before.

    `second_person`: never by whoever proposed. `note`: the step needs a written note (a pleno number and date, an
    addressee). `known_owner`: every account must be verified. `confirmed_batch`: accounts that a file called verified
    must have been confirmed by a second person. `more_than_slips`: likes and follows alone need context and
    klarifikasi.
    """

    start: CaseState
    to: CaseState
    reasons: tuple[Reason, ...]
    roles: frozenset[Role] = REVIEWERS
    second_person: bool = False
    reason_required: bool = True
    note: bool = False
    known_owner: bool = False
    confirmed_batch: bool = False
    more_than_slips: bool = False


_DISMISSALS = (
    R.BUKAN_KONTEN_CALON, R.BUKAN_AKUN_ASN, R.KONTEKS_KEDINASAN, R.BERITA_ATAU_PENYELENGGARA, R.TIDAK_DISENGAJA,
    R.DI_LUAR_WAKTU, R.STATUS_CLTN, R.GANDA, R.TIDAK_CUKUP_BUKTI, R.LAINNYA,
)  # fmt: skip
_PROPOSALS = (R.INDIKASI_KUAT, R.POLA_BERULANG, R.LAINNYA)
_REOPENINGS = (R.INFORMASI_BARU, R.KELIRU_DIKESAMPINGKAN, R.LAINNYA)


def _propose(start: CaseState) -> Transition:
    return Transition(start, S.DIUSULKAN, _PROPOSALS, known_owner=True, more_than_slips=True)


TABLE: tuple[Transition, ...] = (
    Transition(S.BARU, S.DITINJAU, (R.MULAI_TINJAU, R.LAINNYA), reason_required=False),
    Transition(S.DITINJAU, S.DIKESAMPINGKAN, _DISMISSALS),
    Transition(S.DITINJAU, S.PERLU_BUKTI, (R.BUKTI_KURANG, R.LAINNYA)),
    Transition(S.DITINJAU, S.PERLU_ATRIBUSI, (R.AKUN_BELUM_PASTI, R.LAINNYA)),
    Transition(S.DITINJAU, S.PERLU_PENELUSURAN, (R.PERLU_KETERANGAN, R.LAINNYA)),
    _propose(S.DITINJAU),
    Transition(S.PERLU_BUKTI, S.DITINJAU, (R.BUKTI_DILENGKAPI, R.LAINNYA)),
    Transition(S.PERLU_BUKTI, S.DIKESAMPINGKAN, _DISMISSALS),
    Transition(S.PERLU_ATRIBUSI, S.DITINJAU, (R.ATRIBUSI_DIPASTIKAN, R.LAINNYA), known_owner=True),
    Transition(S.PERLU_ATRIBUSI, S.DIKESAMPINGKAN, _DISMISSALS),
    Transition(S.PERLU_PENELUSURAN, S.PENELUSURAN, (R.PENELUSURAN_DIMULAI, R.LAINNYA)),
    Transition(S.PENELUSURAN, S.KLARIFIKASI, (R.KLARIFIKASI_DIMINTA, R.LAINNYA)),
    Transition(S.KLARIFIKASI, S.KAJIAN, (R.KAJIAN_DISUSUN, R.LAINNYA)),
    _propose(S.KAJIAN),
    Transition(S.KAJIAN, S.DIKESAMPINGKAN, _DISMISSALS),
    Transition(
        S.DIUSULKAN, S.DISETUJUI, (R.SESUAI_USULAN, R.LAINNYA), APPROVERS,
        second_person=True, known_owner=True, more_than_slips=True,
    ),
    Transition(S.DIUSULKAN, S.DIKEMBALIKAN, (R.USULAN_BELUM_LENGKAP, R.LAINNYA), APPROVERS, second_person=True),
    Transition(S.DIKEMBALIKAN, S.DITINJAU, (R.DITINJAU_ULANG, R.LAINNYA)),
    Transition(S.DISETUJUI, S.TERDAFTAR, (R.HASIL_PLENO,), note=True, known_owner=True),
    Transition(S.DISETUJUI, S.TIDAK_DIREGISTRASI, (R.HASIL_PLENO,), note=True),
    Transition(
        S.TERDAFTAR, S.DITERUSKAN, (R.DITERUSKAN_KE_INSTANSI,), APPROVERS,
        note=True, known_owner=True, confirmed_batch=True,
    ),
    Transition(S.DITERUSKAN, S.TINDAK_LANJUT, (R.TINDAK_LANJUT_DITERIMA,), note=True),
    Transition(S.TINDAK_LANJUT, S.DITUTUP, (R.SELESAI, R.LAINNYA)),
    Transition(S.DITUTUP, S.DIARSIPKAN, (R.MASA_SIMPAN, R.LAINNYA)),
    Transition(S.DIKESAMPINGKAN, S.DITINJAU, _REOPENINGS),
    Transition(S.TIDAK_DIREGISTRASI, S.DITINJAU, _REOPENINGS),
)  # fmt: skip

STEPS: Mapping[tuple[CaseState, CaseState], Transition] = MappingProxyType({(t.start, t.to): t for t in TABLE})


def taken_together(step: Transition) -> bool:
    """Whether several cases may take a step by one decision; proposals and what follows them go one by one."""
    return not (step.second_person or step.note or step.more_than_slips or step.roles != REVIEWERS)


TOGETHER = frozenset(step.to for step in TABLE if taken_together(step))
"""The states to which one decision may take several cases."""


def steps_from(state: CaseState) -> tuple[Transition, ...]:
    """Return the steps that leave a state, in the order of the table; what a decision bar offers."""
    return tuple(step for step in TABLE if step.start is state)


def reasons_for(to: CaseState) -> tuple[Reason, ...]:
    """Return every reason that may lead to a state, once each, in the order of the table."""
    return tuple(dict.fromkeys(reason for step in TABLE if step.to is to for reason in step.reasons))


def check(facts: CaseFacts, command: DecisionCommand) -> Transition:
    """Return the step that the command takes.

    Raises UsageError for a step or reason that does not exist, RefusedError when the person or the case may not,
    ConflictError when somebody else was faster.
    """
    check_fresh(facts, command)
    step = _find_step(facts, command)
    _check_person(facts, command.user, step)
    _check_reason(command, step)
    _check_case(facts, step)
    return step


def check_undo(facts: CaseFacts, user: UserRow) -> LastDecision:
    """Return the decision that the user may take back: their own, and the newest event of the case."""
    check_free(facts, user)
    last = facts.last
    if last is None:
        raise RefusedError(
            f"Tidak ada keputusan yang dapat dibatalkan pada informasi awal {facts.case_id}",
            "hanya keputusan terakhir yang dapat dibatalkan, selama belum ada catatan atau perubahan sesudahnya",
        )
    if last.user_id != user.id:
        raise RefusedError("Keputusan terakhir dibuat oleh orang lain", "mintalah pembuat keputusan membatalkannya")
    return last


def check_free(facts: CaseFacts, user: UserRow) -> None:
    """Raise RefusedError when the user is tied to the person: by their own agency, or by a tie that was declared."""
    if _same_agency(facts, user):
        raise RefusedError(
            "Anda berasal dari instansi yang sama dengan orang ini", "serahkan kepada petugas dari instansi lain"
        )
    if user.id in facts.recused:
        raise RefusedError(
            "Anda tercatat mempunyai hubungan dengan orang ini",
            "serahkan kepada petugas lain; koordinator dapat mengakhiri catatan itu",
        )


def is_tied(facts: CaseFacts, user: UserRow) -> bool:
    """Whether the user is tied to the person, as `check_free` says with why."""
    return _same_agency(facts, user) or user.id in facts.recused


def _same_agency(facts: CaseFacts, user: UserRow) -> bool:
    own = user.agency.strip().casefold()
    return bool(own) and own == facts.agency.strip().casefold()


def check_fresh(facts: CaseFacts, command: DecisionCommand) -> None:
    """Raise ConflictError when somebody else holds the case, or it changed or was taken since the command was shown."""
    check_holder(facts, command.user)
    if command.version is not None and command.version != facts.version:
        raise ConflictError(
            f"Informasi awal {facts.case_id} sudah berubah sejak Anda membukanya",
            "muat ulang, lalu putuskan lagi; catatan Anda tidak hilang",
        )
    if command.fence is not None and command.fence != facts.fence:
        raise taken_since(facts.case_id)


def check_holder(facts: CaseFacts, user: UserRow) -> None:
    """Raise ConflictError while somebody else reviews the case."""
    if facts.lease is not None and facts.lease.user_id != user.id:
        raise ConflictError(
            f"{facts.lease.user_name} sedang meninjau informasi awal {facts.case_id}", "tunggu atau ambil yang lain"
        )


def taken_since(case_id: int) -> ConflictError:
    """Return the error for a case that was taken anew since it was shown."""
    return ConflictError(
        f"Giliran Anda untuk informasi awal {case_id} sudah berakhir, lalu informasi awal ini diambil lagi",
        "muat ulang, lalu putuskan lagi; catatan Anda tidak hilang",
    )


def _find_step(facts: CaseFacts, command: DecisionCommand) -> Transition:
    step = STEPS.get((facts.state, command.to))
    if step is None:
        offered = ", ".join(s.to.value for s in steps_from(facts.state)) or "tidak ada"
        raise UsageError(
            f"Informasi awal {facts.case_id} berstatus {facts.state.value}, tidak dapat langsung menjadi "
            f"{command.to.value}",
            f"langkah yang tersedia: {offered}",
        )
    return step


def _check_person(facts: CaseFacts, user: UserRow, step: Transition) -> None:
    if not user.active:
        raise RefusedError(f"Pengguna {user.name} tidak aktif", "hubungi admin")
    if not any(user.has(role, facts.jurisdiction) for role in step.roles):
        wanted = " atau ".join(sorted(label(role) for role in step.roles))
        raise RefusedError(
            f"{user.full_name or user.name} tidak berwenang mengambil langkah “{label(step.to)}” di wilayah ini",
            f"perlu peran {wanted}",
        )
    check_free(facts, user)
    if step.second_person and facts.proposer_id in (None, user.id):
        raise RefusedError("Pengusul tidak boleh memutus usulannya sendiri", "mintalah koordinator lain memeriksa")


def _check_reason(command: DecisionCommand, step: Transition) -> None:
    offered = ", ".join(reason.value for reason in step.reasons)
    if not command.reason:
        if step.reason_required:
            raise UsageError(f"Keputusan {step.to.value} perlu alasan", f"pilih salah satu: {offered}")
        return
    if command.reason not in {reason.value for reason in step.reasons}:
        raise UsageError(
            f"Alasan {command.reason!r} tidak dikenal untuk {step.to.value}", f"pilih salah satu: {offered}"
        )
    if (step.note or command.reason == Reason.LAINNYA) and not command.note.strip():
        what = "nomor dan tanggal" if step.note else "penjelasan"
        raise UsageError(f"Keputusan {step.to.value} perlu catatan", f"tulis {what} dalam catatan")


def _check_case(facts: CaseFacts, step: Transition) -> None:
    if step.known_owner and facts.attributions - {AttributionStatus.VERIFIED}:
        raise RefusedError(
            f"Pemilik akun pada informasi awal {facts.case_id} belum terverifikasi",
            "verifikasi kepemilikan akun lebih dahulu (dua orang)",
        )
    if step.confirmed_batch and not facts.batches_confirmed:
        raise RefusedError(
            "Impor akun terverifikasi belum dikonfirmasi orang kedua", "mintalah pengguna lain mengonfirmasi impor itu"
        )
    if not step.more_than_slips:
        return
    if not facts.acts:
        raise RefusedError(
            f"Tidak ada lagi indikasi yang berlaku pada informasi awal {facts.case_id}",
            "kesampingkan atau tinjau ulang",
        )
    if facts.acts <= SLIPS and not (facts.has_context_note and facts.has_klarifikasi):
        missing = " dan ".join(
            word
            for word, there in (
                ("catatan konteks", facts.has_context_note),
                ("catatan klarifikasi", facts.has_klarifikasi),
            )
            if not there
        )
        raise RefusedError(
            "Informasi awal ini hanya berisi suka atau mengikuti", f"tambahkan {missing} sebelum mengusulkan"
        )
