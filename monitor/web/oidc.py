"""Signing in through the office's OpenID Connect provider, where one is set: there and back again."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from limits import RateLimitItemPerMinute

from monitor import desk
from monitor.errors import EvidenceError, PantauError, ProviderError, RefusedError
from monitor.openid import Errand, Provider
from monitor.web.answers import mended
from monitor.web.frame import Frame, FrameDep, client_address, local_path
from monitor.web.known import known_browser
from monitor.web.signin import Entry, Opening, begin, form_page

routes = APIRouter(prefix="/masuk/penyedia")

ERRAND_COOKIE = "pantau_penyedia"
ERRAND_LASTS = timedelta(minutes=10)
PER_CLIENT = RateLimitItemPerMinute(30, 15)
_LOST = "Perjalanan ke penyedia akun terputus atau terlalu lama. Mulai lagi dari halaman ini."
_DENIED = "Penyedia akun tidak mengizinkan Anda masuk."
_BUSY = "Terlalu banyak percobaan. Tunggu lima belas menit, lalu coba lagi."
Word = Annotated[str, Query(max_length=4096)]


@dataclass(frozen=True, slots=True, repr=False)
class Journey:
    """What the browser carries, sealed, from our page to the provider and back."""

    state: str
    nonce: str
    verifier: str
    onward: str
    began: float


@routes.get("")
def depart(request: Request, frame: FrameDep, lanjut: str = "/", ulang: str = "") -> Response:
    """Send the browser to the provider."""
    provider, onward = frame.deps.provider, local_path(lanjut)
    if provider is None:
        return form_page(request, frame, Entry(onward), 404)
    tries = known_browser(request, frame) or client_address(request)
    if not frame.throttle.hit(PER_CLIENT, "provider", tries):
        return form_page(request, frame, Entry(onward, problem=_BUSY), 429)
    try:
        errand = provider.begin(_back(request, frame), again=ulang == "ya")
    except ProviderError as error:
        return form_page(request, frame, Entry(onward, problem=mended(error)), 503)
    journey = Journey(errand.state, errand.nonce, errand.verifier, onward, frame.deps.clock().timestamp())
    answer = RedirectResponse(errand.url, status_code=303)
    answer.set_cookie(
        ERRAND_COOKIE,
        frame.deps.vault.seal(json.dumps(asdict(journey)).encode()).hex(),
        max_age=int(ERRAND_LASTS.total_seconds()),
        path=routes.prefix,
        secure=frame.deps.https,
        httponly=True,
        samesite="lax",
    )
    return answer


@routes.get("/kembali")
def arrive(request: Request, frame: FrameDep, code: Word = "", state: Word = "") -> Response:
    """Take the provider's word for who came back, if it fits the journey that this browser began."""
    answer = _arrived(request, frame, code, state)
    answer.delete_cookie(ERRAND_COOKIE, path=routes.prefix, secure=frame.deps.https, httponly=True, samesite="lax")
    return answer


def _arrived(request: Request, frame: Frame, code: str, state: str) -> Response:
    provider, journey = frame.deps.provider, _journey(request, frame)
    if provider is None or journey is None or not hmac.compare_digest(journey.state.encode(), state.encode()):
        return form_page(request, frame, Entry(problem=_LOST), 400)
    if not code:
        return form_page(request, frame, Entry(journey.onward, problem=_DENIED), 403)
    try:
        opening = _opening(request, frame, provider, journey, code)
    except PantauError as error:
        status = 403 if isinstance(error, RefusedError) else 503
        return form_page(request, frame, Entry(journey.onward, problem=mended(error)), status)
    return begin(request, frame, opening)


def _opening(request: Request, frame: Frame, provider: Provider, journey: Journey, code: str) -> Opening:
    now = frame.deps.clock()
    errand = Errand("", journey.state, journey.nonce, journey.verifier)
    claims = provider.finish(errand, _back(request, frame), code, now)
    user = desk.provider_user(frame.deps.database, claims, now)
    fresh = claims.proved_at is not None and now - claims.proved_at <= desk.FRESH_FOR
    second = provider.proves_second_factor(claims)
    return Opening(user, journey.onward, by="provider", second_factor=second, fresh=fresh)


def _journey(request: Request, frame: Frame) -> Journey | None:
    """Return the journey that this browser carries, None when it is not ours or took too long."""
    try:
        carried = json.loads(frame.deps.vault.unseal(bytes.fromhex(request.cookies.get(ERRAND_COOKIE, ""))))
        journey = Journey(**carried)
    except (EvidenceError, ValueError, TypeError):
        return None
    began = datetime.fromtimestamp(journey.began, UTC)
    return journey if timedelta(0) <= frame.deps.clock() - began <= ERRAND_LASTS else None


def _back(request: Request, frame: Frame) -> str:
    """Return our address for the way back; the guard has checked the host."""
    scheme = "https" if frame.deps.https else "http"
    return f"{scheme}://{request.headers['host']}{routes.prefix}/kembali"
