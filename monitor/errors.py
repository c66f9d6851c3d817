"""The error tree: raised with data, caught only at the seams, never logging themselves.

PantauError
├── ConfigError            settings, workspace or keys are wrong                  exit 2
│   └── NoRoom             a folder of the workspace takes no more now            exit 1
├── UsageError             a command was asked for something that does not exist  exit 2
├── RefusedError           policy, permission or a held lock says no              exit 3
│   ├── PolicyBlocked      no recorded legal basis for a source
│   └── LockHeld           another process is doing this
├── ConflictError          somebody else changed it first                         exit 1
├── RosterError            a register file cannot be taken, row by row            exit 1
├── ImportFormatError      a capture or export cannot be read                     exit 1
│   └── ImportQuestion     it leaves open what only a person can say              exit 2
├── DeliveryError          a mail server or webhook did not take a message        exit 1
├── RuleError              a rule, law or lexicon file is wrong                   exit 2
├── EvidenceError          stored evidence is missing or altered                  exit 1
│   ├── StoreUnavailable   the evidence store itself cannot be read or written now
│   │   └── EvidenceElsewhere  its folder is not the one in which the evidence lies
│   └── TimestampError     an authority's timestamp is refused, wrong or not to be trusted
│       └── AuthorityUnreachable  it does not answer in time
├── DatabaseError          the database is locked, full or of another version     exit 1
│   └── DatabaseAway       its server does not answer, or went away; it may come back
│       └── ServerUnknown  nobody knows the server's name
├── ProviderError          the sign-in provider is silent or breaks its own rules exit 1
└── SourceError            a platform did not answer as it should                 exit 1
    ├── Blocked            robots, an off-site redirect, a refused host
    ├── LoginWall          the answer asks for a login
    ├── Challenge          the answer is a bot challenge; never solved
    ├── RateLimited        429 or spent quota, with the time to come back
    ├── QuotaSpent         the platform's grant for the day is used up
    ├── BudgetSpent        our own cap for the day
    ├── AccountGone        not found, deleted or suspended
    ├── PrivateContent     exists, is not public
    │   └── AccountLocked  the whole account is closed, and with it every text of it
    ├── UnexpectedContent  truncated, too large or of the wrong kind
    │   └── EmptyAnswer    200 without a body
    ├── LayoutChanged      the answer no longer has the shape the mapper knows
    ├── NetworkFailure     no connection, time-out
    └── ServerFailure      5xx after retries
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import datetime

from monitor.denials import mending


class PantauError(Exception):
    """The root: `message` is Indonesian and fit for an officer, `mend` says what to do about it."""

    exit_code = 1

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} — {self.mend}" if self.mend else self.message


class ConfigError(PantauError):
    """Settings, workspace or keys are wrong."""

    exit_code = 2


class NoRoom(ConfigError):
    """A folder of the workspace takes no more now: nothing was asked wrongly, but its disk needs a person."""

    exit_code = 1


class UsageError(PantauError):
    """A command was asked for something that does not exist."""

    exit_code = 2


class RefusedError(PantauError):
    """Policy, permission or a held lock says no."""

    exit_code = 3


class PolicyBlocked(RefusedError):
    """A source has no recorded legal basis, is switched off, or may not reach a host."""


class LockHeld(RefusedError):
    """Another process holds the lock for this work."""


class ConflictError(PantauError):
    """Somebody else changed the case, register or rule first."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong in a file: where, what was expected, how to mend it."""

    file: str
    row: int | None
    column: str
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        where = self.file + (f", baris {self.row}" if self.row is not None else "")
        where += f", kolom {self.column}" if self.column else ""
        return f"{where}: {self.problem}" + (f" ({self.mend})" if self.mend else "")


class RosterError(PantauError):
    """A register file cannot be taken; `problems` names every row."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


class ImportFormatError(PantauError):
    """A capture or export cannot be read; names the file, and the line where one is at fault."""


class ImportQuestion(ImportFormatError):
    """A file leaves open what only a person can say; `mend` names the option that answers it."""

    exit_code = 2


class DeliveryError(PantauError):
    """A mail server, a channel or a webhook did not take a message."""


class RuleError(PantauError):
    """A rule, law or lexicon file is wrong; `place` is file:line."""

    exit_code = 2

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        super().__init__(f"{place}: {problem}", hint)
        self.place = place
        self.problem = problem
        self.hint = hint


class EvidenceError(PantauError):
    """Stored evidence is missing or altered."""


class StoreUnavailable(EvidenceError):
    """The evidence store cannot be read or written now, which says nothing about what lies in it."""


class EvidenceElsewhere(StoreUnavailable):
    """The folder for evidence is not the one in which it lies: its disk or share is not mounted on this machine."""


class TimestampError(EvidenceError):
    """A timestamp authority's answer is refused, about something else, or signed by somebody who is not trusted."""


class AuthorityUnreachable(TimestampError):
    """A timestamp authority does not answer in time; later it may."""


class DatabaseError(PantauError):
    """The database is locked, full, unreachable or of another version."""


class DatabaseAway(DatabaseError):
    """The database's server does not answer, or went away in the middle; it may come back by itself."""


class ServerUnknown(DatabaseAway):
    """Nobody knows the name of the database's server: its machine is not there yet, or the name is wrong."""


class ProviderError(PantauError):
    """The sign-in provider does not answer, or says something else than it should."""


class SourceError(PantauError):
    """A platform did not answer as it should; `outcome` is the token of `domain.Outcome` to record."""

    outcome = "network"

    def __init__(self, message: str, *, url: str = "", mend: str = "") -> None:
        super().__init__(message, mend)
        self.url = url


class Blocked(SourceError):
    """Robots, an off-site redirect or a refused host."""

    outcome = "blocked"


class LoginWall(SourceError):
    """The answer asks for a login."""

    outcome = "login_wall"


class Challenge(SourceError):
    """The answer is a bot challenge; it stops the source and is never solved."""

    outcome = "challenge"


class RateLimited(SourceError):
    """The platform asks to come back later, at `retry_at` when it says so."""

    outcome = "rate_limited"

    def __init__(self, message: str, *, url: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(message, url=url)
        self.retry_at = retry_at


class QuotaSpent(SourceError):
    """The platform's own grant for the day is used up, by our count or by its answer."""

    outcome = "quota_spent"


class BudgetSpent(SourceError):
    """Our own cap for the day is reached."""

    outcome = "budget_spent"


class AccountGone(SourceError):
    """The account or item was not found, deleted or suspended."""

    outcome = "not_found"


class PrivateContent(SourceError):
    """The account or item exists and is not public."""

    outcome = "private"


class AccountLocked(PrivateContent):
    """The whole account is closed to the public, and with it every text of it."""


class UnexpectedContent(SourceError):
    """The answer is empty, truncated, too large or of the wrong kind."""

    outcome = "drift"


class EmptyAnswer(UnexpectedContent):
    """The platform answered with success and nothing in it: never read as "no posts"."""

    outcome = "suspicious_empty"


class LayoutChanged(SourceError):
    """The answer no longer has the shape that the mapper knows."""

    outcome = "drift"


class NetworkFailure(SourceError):
    """No connection, or the answer took too long."""

    outcome = "network"


class ServerFailure(SourceError):
    """The platform answered 5xx after retries."""

    outcome = "server_error"


_SYSTEM = {
    errno.ENOSPC: "cakram penuh",
    errno.EDQUOT: "jatah cakram habis",
    errno.EFBIG: "berkas melebihi batas ukuran",
    errno.EROFS: "cakram hanya dapat dibaca",
    errno.EACCES: "tidak ada izin",
    errno.EPERM: "tidak ada izin",
    errno.ENOENT: "berkas atau folder tidak ada",
    errno.ENOTDIR: "bukan folder",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.EEXIST: "sudah ada",
    errno.ENOTEMPTY: "folder tidak kosong",
    errno.EIO: "cakram gagal membaca atau menulis",
    errno.EMFILE: "terlalu banyak berkas terbuka",
    errno.ENFILE: "terlalu banyak berkas terbuka",
    errno.ENOMEM: "memori habis",
    errno.ENAMETOOLONG: "nama berkas terlalu panjang",
    errno.EXDEV: "di cakram lain",
    errno.ECONNREFUSED: "sambungan ditolak",
    errno.ECONNRESET: "sambungan diputus",
    errno.ETIMEDOUT: "tidak menjawab",
    errno.EADDRINUSE: "alamat atau porta sudah dipakai program lain",
}


def plainly(error: OSError) -> str:
    """Return what the system says in an officer's words; what has none stays as the system says it."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def unwritten(error: OSError, message: str, mend: str) -> ConfigError:
    """Return what to raise for a file that could not be written: a folder set wrongly, or a disk that is full."""
    return (NoRoom if error.errno in _NO_ROOM else ConfigError)(message, mending(error, mend))
