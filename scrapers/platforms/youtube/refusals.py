"""What YouTube's API means when it refuses: `error.errors[].reason` of developers.google.com/youtube/v3/docs/errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.domain import EndKind
from monitor.errors import (
    AccountGone,
    LayoutChanged,
    PantauError,
    PolicyBlocked,
    PrivateContent,
    QuotaSpent,
    RateLimited,
    ServerFailure,
    SourceError,
    UnexpectedContent,
)
from scrapers import pick
from scrapers.contract import Request, Response

_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg", "RATE_LIMIT_EXCEEDED_DAILY"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "servingLimitExceeded"})
_GONE = frozenset({
    "videoNotFound", "channelNotFound", "commentNotFound", "commentThreadNotFound", "parentCommentNotFound",
    "playlistNotFound", "notFound", "channelClosed", "channelSuspended",
})  # fmt: skip
_CLOSED = frozenset({
    "commentsDisabled", "forbidden", "channelForbidden", "playlistItemsNotAccessible", "playlistForbidden",
    "videoForbidden", "insufficientPermissions", "watchHistoryNotAccessible", "subscriptionForbidden",
})  # fmt: skip
_KEY = frozenset({
    "keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_HTTP_REFERRER_BLOCKED", "accessNotConfigured", "SERVICE_DISABLED", "ipRefererBlocked", "required",
    "authError", "unauthorized", "CREDENTIALS_MISSING", "CONSUMER_INVALID", "CONSUMER_SUSPENDED", "accountSuspended",
})  # fmt: skip
_LATER = frozenset({
    "processingFailure", "backendError", "internalError", "SERVICE_UNAVAILABLE", "serviceUnavailable",
    "backendNotConnected",
})  # fmt: skip


def error_of(raw: object, response: Response) -> PantauError:
    """Return the error that a refusal stands for."""
    reasons, message = set(_reasons(raw)), _message(raw).lower()
    return _about_us(reasons, message, response) or _about_content(reasons, response)


def _about_us(reasons: set[str], message: str, response: Response) -> PantauError | None:
    """Return what is wrong with our key, our quota or the service; None when it is not about these."""
    if reasons & _SPENT or "per day" in message or (response.status == 403 and "quota" in message):
        return QuotaSpent(
            "Kuota YouTube hari ini habis", url=response.url, mend="kuota berganti tengah malam waktu Pasifik"
        )
    if reasons & _TOO_FAST or response.status == 429:
        return RateLimited("YouTube membatasi permintaan", url=response.url)
    if reasons & _KEY or response.status == 401 or "api key" in message:
        return PolicyBlocked(
            f"YouTube menolak kunci API ({_shown(reasons)})",
            "periksa kunci di Google Cloud Console, lalu pasang lagi: `pantau sources credential add youtube api_key`",
        )
    if (reasons & _LATER and response.status != 403) or response.status >= 500:
        return ServerFailure("YouTube sedang tidak dapat menjawab; dicoba lagi nanti", url=response.url)
    return None


def _about_content(reasons: set[str], response: Response) -> SourceError:
    url = response.url
    if "commentsDisabled" in reasons:
        return PrivateContent("Komentar video ini dimatikan pemiliknya", url=url)
    if reasons & _CLOSED or response.status == 403:
        return PrivateContent(f"YouTube tidak membuka isi ini untuk umum ({_shown(reasons)})", url=url)
    if reasons & _GONE or response.status in (404, 410):
        return AccountGone("Kanal, video, atau komentar YouTube tidak ditemukan atau dihapus", url=url)
    if "invalidPageToken" in reasons:
        return UnexpectedContent("Penanda halaman YouTube sudah tidak berlaku", url=url)
    return LayoutChanged(f"YouTube menolak permintaan: {_shown(reasons)} (HTTP {response.status})", url=url)


def empty_for(request: Request, response: Response) -> EndKind | None:
    """Return the end of a listing that YouTube refuses because there is nothing to list: a channel without uploads."""
    if request.endpoint != "playlistItems" or response.status != 404:
        return None
    return EndKind.EXHAUSTED if "playlistNotFound" in set(_reasons(pick.json_body(response))) else None


def _reasons(raw: object) -> Iterator[str]:
    error = raw.get("error") if isinstance(raw, Mapping) else None
    for key in ("errors", "details"):
        entries = error.get(key) if isinstance(error, Mapping) else None
        for entry in entries if isinstance(entries, list) else ():
            reason = entry.get("reason") if isinstance(entry, Mapping) else None
            if isinstance(reason, str):
                yield pick.clean(reason)[:60]


def _message(raw: object) -> str:
    error = raw.get("error") if isinstance(raw, Mapping) else None
    message = error.get("message") if isinstance(error, Mapping) else None
    return message if isinstance(message, str) else ""


def _shown(reasons: set[str]) -> str:
    return ", ".join(sorted(reasons)) or "tanpa alasan"
