"""What kind of answer an answer is: content, a wall, a challenge, or nothing at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.domain import SourceMode
from monitor.errors import (
    Blocked,
    Challenge,
    EmptyAnswer,
    LoginWall,
    ServerFailure,
    SourceError,
    UnexpectedContent,
)
from scrapers.wire import Answer, Truncated

PASSED_ON = frozenset({400, 404, 410, 422})  # the adapter knows its platform's error bodies
_RETRIED = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
_HEAD = 64 * 1024

_CHALLENGE = re.compile(
    rb"cf-chl|cf_chl|challenge-platform|just a moment\.\.\.|attention required! \| cloudflare|ddos-guard|"
    rb"px-captcha|g-recaptcha|h-captcha|hcaptcha\.com|checking your browser|verify you are (a )?human|anubis_challenge",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|sign_in|signin|auth|checkpoint|oauth)(/|\.|$)", re.IGNORECASE)
_LOGIN_PAGE = re.compile(rb"type=[\"']?password|name=[\"']?(password|passwd|pass)\b", re.IGNORECASE)
_SPENT_WORDS = re.compile(
    rb"usage-?capped|usagecapexceeded|quotaexceeded|dailylimitexceeded|limit '[\w ]{1,40} per day'", re.IGNORECASE
)
_AUTH_WORDS = re.compile(
    rb"unauth|authent|authoriz|\bauth\b|\blog ?in\b|\bsign ?in\b|token|credential|permission|not allowed",
    re.IGNORECASE,
)


def check_answer(answer: Answer, mode: SourceMode, source: str) -> None:
    """Raise what the answer is when it is not content; 429 and redirects are not judged here.

    Answers of `PASSED_ON` go through: their bodies are the platform's own words. Raises Challenge, LoginWall, Blocked,
    EmptyAnswer, ServerFailure or UnexpectedContent.
    """
    url = answer.final_url
    _check_challenge(answer, source)
    if answer.status == 401 or (answer.status == 403 and _AUTH_WORDS.search(answer.body[:_HEAD])):
        raise LoginWall(f"{source} meminta masuk (HTTP {answer.status})", url=url)
    if answer.status in (403, 451):
        raise Blocked(f"{source} menolak permintaan (HTTP {answer.status})", url=url)
    if answer.status >= 500:
        raise ServerFailure(f"{source} sedang bermasalah (HTTP {answer.status})", url=url)
    if answer.status in PASSED_ON:
        return
    if answer.status not in (200, 204):
        raise UnexpectedContent(f"{source} menjawab HTTP {answer.status}", url=url)
    if not answer.body.strip():
        raise EmptyAnswer(f"{source} menjawab kosong (HTTP {answer.status})", url=url)
    if mode is not SourceMode.LIVE_PUBLIC_HTML:
        _check_json_like(answer, source)


def says_spent(answer: Answer) -> bool:
    """Whether a refusal says that a grant for a day or month is used up, which no short wait mends."""
    return bool(_SPENT_WORDS.search(answer.body[:_HEAD]))


def _check_challenge(answer: Answer, source: str) -> None:
    marked = "challenge" in answer.headers.get("cf-mitigated", "")
    if marked or (_is_html(answer) and _CHALLENGE.search(answer.body[:_HEAD])):
        raise Challenge(
            f"{source} menampilkan pemeriksaan anti-robot",
            url=answer.final_url,
            mend="sumber ini perlu dilihat orang; pemeriksaan tidak pernah dilewati oleh program",
        )


def _check_json_like(answer: Answer, source: str) -> None:
    """Raise for an HTML page or a JSON text that stops short; only its two ends are looked at."""
    body = answer.body.strip()
    if _is_html(answer) or body[:1] == b"<":
        if _LOGIN_PAGE.search(body[:_HEAD]):
            raise LoginWall(f"{source} menampilkan halaman masuk", url=answer.final_url)
        raise UnexpectedContent(f"{source} menjawab halaman HTML, bukan data", url=answer.final_url)
    closing = {b"{": b"}", b"[": b"]"}.get(body[:1])
    if closing is not None and body[-1:] != closing:
        raise Truncated(f"Jawaban {source} terpotong", url=answer.final_url)


def _is_html(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "").lower()


def may_retry(error: SourceError, status: int | None = None) -> bool:
    """Whether the same request may go well a little later; `status` is of the answer, None when there was none."""
    return status is None or (isinstance(error, ServerFailure) and status in _RETRIED)


def is_login_path(url: str) -> bool:
    """Whether a redirect leads to a login page."""
    return bool(_LOGIN_PATH.search(urlsplit(url).path))
