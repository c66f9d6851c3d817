"""Pictures of public pages: what is to be photographed, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import AccountRef, ItemKind


class PictureState(StrEnum):
    """What came of taking a picture.

    `sebagian`: a part is missing, or the text could not be found on the page. `login_wall`: the page is not open to
    everybody. `hilang`: the platform says that the text is not there. `gagal`: the page was not seen at all.
    """

    LENGKAP = "lengkap"
    SEBAGIAN = "sebagian"
    LOGIN_WALL = "login_wall"
    HILANG = "hilang"
    GAGAL = "gagal"


@dataclass(frozen=True, slots=True)
class PictureWanted:
    """A text of which a picture is due. `author` is None where the register does not know who wrote it."""

    item_row: int
    platform: str
    item_id: str
    url: str
    kind: ItemKind
    text: str
    author: AccountRef | None = None


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """A picture before it is stored. `sha256` and `masked_sha256` name sealed files, None where there is none.

    `masked_sha256` is the readable copy with others masked; an officer's own picture has none. `browser` is empty for
    an officer's, `collector` for the program's.
    """

    item_row: int
    state: PictureState
    taken_at: datetime
    sha256: str | None = None
    size: int = 0
    masked_sha256: str | None = None
    masked_size: int = 0
    width: int | None = None
    height: int | None = None
    browser: str = ""
    collector: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A stored picture as pages, manifests and bundles read it; `platform`, `item_id` and `url` are of the text."""

    id: int
    platform: str
    item_id: str
    url: str
    state: PictureState
    sha256: str | None
    masked_sha256: str | None
    width: int | None
    height: int | None
    browser: str
    collector: str
    detail: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class PictureTrip:
    """Pictures of the pages of a case that somebody asked for; `said` is what came of it, once it is over."""

    case_id: int
    by: str
    started_at: datetime
    finished_at: datetime | None = None
    said: str = ""

    @property
    def running(self) -> bool:
        """Whether pictures are still being taken."""
        return self.finished_at is None
