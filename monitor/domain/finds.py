"""What people find themselves: an act of a registered account that a citizen reports or an officer comes upon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import Act


class FindKind(StrEnum):
    """Where a find comes from, in the words of the forms: a citizen's report, or an officer's supervision."""

    LAPORAN = "laporan"
    PENGAWASAN = "pengawasan"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported; kept sealed and apart from what was reported, and in no case, export or message."""

    name: str
    contact: str = ""
    wants_anonymity: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """One act as somebody found it.

    `account` is how its account is written: handle, address or stable id. `url` is the address of the person's own
    post or comment, or of the post that was liked or shared; `on_url` is the post below which a comment stands, where
    its own address does not say so. `text` is what stands at `url`. `acted_at` is None when the finder does not know
    it; `seen_at` is when they saw it. `screenshot` is the file beside it: picture, PDF or WACZ. Times are aware.
    """

    kind: FindKind
    act: Act
    account: str
    url: str
    text: str
    seen_at: datetime
    on_url: str = ""
    acted_at: datetime | None = None
    screenshot: bytes | None = None
    note: str = ""
    reporter: Reporter | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FindRow:
    """A find as lists show it; who reported it is not part of it."""

    id: int
    kind: FindKind
    act: Act
    platform: str
    account: str
    person_id: int
    jurisdiction: str
    url: str
    seen_at: datetime
    received_at: datetime
    received_by: str
    note: str
    has_screenshot: bool
    has_reporter: bool
    case_ids: tuple[int, ...] = ()
