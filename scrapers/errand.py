"""One request on its way, over all its tries and redirects."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from monitor.errors import Blocked, LoginWall
from scrapers import classify, hosts
from scrapers.credentials import strip, without_tokens
from scrapers.policy import SourcePolicy
from scrapers.wire import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Errand:
    """What stays the same over all tries and redirects of one request."""

    policy: SourcePolicy
    endpoint: str
    delay: float
    limit: int
    form: Mapping[str, str] | None = None
    credential: str | None = None
    judged: bool = True
    frank: bool = False


def brings(status: int) -> bool:
    """Whether an answer brings what a platform charges for; the booking of any other is given back at once."""
    return 200 <= status < 300


def lane(url: str) -> str:
    """Return the name under which a host's turns are kept."""
    where = hosts.place(url)
    return f"{where.host}:{where.port}"


def shown(form: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return what of a form may be written down."""
    return None if form is None else without_tokens(form)


def redirect(answer: Answer, here: str, first: hosts.Place, errand: Errand) -> str:
    """Return where a redirect leads; LoginWall for a login page, Blocked for another place or after a POST."""
    source = errand.policy.source
    target = urldefrag(urljoin(here, answer.headers.get("location", ""))).url
    if errand.credential is not None:
        target = strip(target)
    if classify.is_login_path(target):
        raise LoginWall(f"{source} mengalihkan ke halaman masuk", url=here)
    where = hosts.place(target)
    if where != first:
        raise Blocked(f"{source} mengalihkan ke tempat lain: {where.origin}", url=here)
    if errand.form is not None:
        raise Blocked(f"{source} mengalihkan formulir yang dikirim", url=here)
    return target


def backoff(url: str, attempt: int) -> float:
    """Return 1, 2, 4 ... seconds with up to half of it on top, spread by the URL so that hosts do not beat together."""
    spread = hashlib.sha256(f"{url}\x1f{attempt}".encode()).digest()[0] / 255
    return min(float(2 ** (attempt - 1)), 30.0) * (1 + spread / 2)
