"""The decision bar: which steps a case offers, in what words, and what stands in this user's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.domain import CaseFacts, CaseState, DecisionCommand, Reason, UserRow
from monitor.errors import PantauError
from monitor.review import machine
from monitor.web.answers import mended

VERBS: Final = {
    CaseState.DITINJAU: "Mulai tinjau",
    CaseState.DIKESAMPINGKAN: "Kesampingkan",
    CaseState.PERLU_BUKTI: "Minta bukti tambahan",
    CaseState.PERLU_ATRIBUSI: "Pastikan dahulu pemilik akun",
    CaseState.PERLU_PENELUSURAN: "Minta penelusuran",
    CaseState.PENELUSURAN: "Mulai penelusuran",
    CaseState.KLARIFIKASI: "Minta klarifikasi",
    CaseState.KAJIAN: "Susun kajian",
    CaseState.DIUSULKAN: "Usulkan",
    CaseState.DISETUJUI: "Setujui usulan",
    CaseState.DIKEMBALIKAN: "Kembalikan kepada pengusul",
    CaseState.TERDAFTAR: "Catat sebagai terdaftar",
    CaseState.TIDAK_DIREGISTRASI: "Catat tidak diregistrasi",
    CaseState.DITERUSKAN: "Teruskan ke instansi berwenang",
    CaseState.TINDAK_LANJUT: "Catat tindak lanjut",
    CaseState.DITUTUP: "Tutup",
    CaseState.DIARSIPKAN: "Arsipkan",
}
"""What a person does when a case goes to a state."""

_SHORT: Final = {
    CaseState.PERLU_BUKTI: "Minta bukti",
    CaseState.PERLU_ATRIBUSI: "Pastikan akun",
    CaseState.PERLU_PENELUSURAN: "Minta telusur",
    CaseState.DISETUJUI: "Setujui",
    CaseState.DIKEMBALIKAN: "Kembalikan",
    CaseState.TERDAFTAR: "Terdaftar",
    CaseState.TIDAK_DIREGISTRASI: "Tidak diregistrasi",
    CaseState.DITERUSKAN: "Teruskan",
}
"""Where a button has less room."""

_NOTES: Final = {
    CaseState.TERDAFTAR: "Catatan wajib: nomor dan tanggal hasil pleno.",
    CaseState.TIDAK_DIREGISTRASI: "Catatan wajib: nomor dan tanggal hasil pleno.",
    CaseState.DITERUSKAN: "Catatan wajib: instansi tujuan, nomor dan tanggal surat.",
    CaseState.TINDAK_LANJUT: "Catatan wajib: nomor dan tanggal jawaban instansi.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as the decision bar shows it; `blocked` says why this user cannot take it now."""

    step: machine.Transition
    blocked: str = ""

    @property
    def verb(self) -> str:
        """What taking the step is called."""
        again = self.step.to is CaseState.DITINJAU and self.step.start is not CaseState.BARU
        return "Tinjau kembali" if again else VERBS[self.step.to]

    @property
    def short(self) -> str:
        """What a button says."""
        return _SHORT.get(self.step.to, self.verb)

    @property
    def plain(self) -> bool:
        """Whether the step asks for nothing: one button takes it."""
        return not self.step.reason_required and not self.step.note

    @property
    def usual(self) -> Reason | None:
        """The only reason beside `lainnya`, chosen beforehand; None where there is a choice."""
        own = [reason for reason in self.step.reasons if reason is not Reason.LAINNYA]
        return own[0] if len(own) == 1 else None

    @property
    def note_hint(self) -> str:
        """What the note must say, empty when it may be left out."""
        return _NOTES.get(self.step.to, "Catatan wajib.") if self.step.note else ""


def offers(facts: CaseFacts, user: UserRow) -> tuple[Offer, ...]:
    """Return the steps that leave the case's state, each open to the user or with what stands in the way."""
    return tuple(Offer(step, _obstacle(facts, user, step)) for step in machine.steps_from(facts.state))


def _obstacle(facts: CaseFacts, user: UserRow, step: machine.Transition) -> str:
    trial = DecisionCommand(facts.case_id, step.to, step.reasons[0].value, user, note="coba")
    try:
        machine.check(facts, trial)
    except PantauError as error:
        return mended(error)
    return ""
