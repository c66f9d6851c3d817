"""Watched people, their accounts, and who is known to own them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.acts import AccountKind, AccountRef


class Employment(StrEnum):
    """The kind of office a watched person holds; it decides the law profile."""

    PNS = "pns"
    PPPK = "pppk"
    PPPK_PARUH_WAKTU = "pppk_paruh_waktu"
    PPNPN = "ppnpn"
    KEPALA_DESA = "kepala_desa"
    PERANGKAT_DESA = "perangkat_desa"
    TNI = "tni"
    POLRI = "polri"
    INSTITUSI = "institusi"


class IdentifierKind(StrEnum):
    """What number identifies a watched person."""

    NIP = "nip"
    NIK = "nik"
    NRP = "nrp"
    LAINNYA = "lainnya"


class AttributionStatus(StrEnum):
    """Whether an account is known to be a person's."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """A watched person or institution as the register states it."""

    identifier_kind: IdentifierKind
    identifier: str
    name: str
    employment: Employment
    agency: str
    position: str = ""
    jurisdiction: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """A register row that says an account is a person's; `account` is a URL, handle or stable id as written."""

    identifier_kind: IdentifierKind
    identifier: str
    account: AccountRef
    status: AttributionStatus
    method: str = ""
    evidence: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class RegisteredAccount:
    """One account of the register as the night uses it.

    `person_id` is set for ASN accounts, `candidate_ids` for accounts of pairs. Dates bound the time in which the
    account is the person's; open ends are None.
    """

    account_id: int
    ref: AccountRef
    kind: AccountKind
    person_id: int | None = None
    candidate_ids: tuple[int, ...] = ()
    attribution: AttributionStatus | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    scannable: bool = True
