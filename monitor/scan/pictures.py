"""Takes pictures of the public pages on which open cases rest: the raw one sealed, a readable copy with others masked.

A page is read under a record of its own, `<platform>_page`, or under the platform's where that already opens its public
pages. Every call of a page goes through the fetcher, so that robots, pace, caps and allowed hosts hold for it too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from db import accounts, screenshots
from monitor.domain import Issue, Outcome, PictureState, PictureTaken, PictureWanted, SourceMode
from monitor.errors import AccountGone, LoginWall, PolicyBlocked, PrivateContent, SourceError
from monitor.evidence.camera import Camera, Shot, Sought
from monitor.evidence.gate import Answered
from monitor.evidence.mosaic import masked
from monitor.labels import label
from monitor.scan.mounted import ensure_evidence
from monitor.scan.parts import Parts
from monitor.scan.watchlist import Watchlist, watchlist
from scrapers.contract import Adapter, Rechecks, Request, Response, SourceOptions
from scrapers.policy import check

ENDPOINT = "picture"
_GONE = frozenset({404, 410})
_STOPS = frozenset({Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT})

Opens = Callable[[], AbstractContextManager[Camera]]
"""Opens the camera; it is not opened while no picture is due."""


@dataclass(slots=True)
class Pictured:
    """What came of taking pictures: pictures by state, texts left out by platform, what a person should know.

    `later` counts the texts beyond the most that were to be taken, which are left out of nothing else.
    """

    states: dict[PictureState, int] = field(default_factory=dict)
    unasked: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    later: int = 0


@dataclass(frozen=True, slots=True)
class _Door:
    """Where the page of a text is, under which source it is read, and who understands what it says."""

    source: str
    request: Request
    adapter: Adapter | None = None


def take_pictures(
    parts: Parts, opens: Opens, *, everything: bool = False, most: int = 50, case_id: int | None = None
) -> Pictured:
    """Take the pictures that are due, at most so many; a platform that asks to be left alone is left alone.

    With `case_id` only those of one case. ConfigError when the camera cannot be opened, EvidenceElsewhere where the
    evidence does not lie.
    """
    ensure_evidence(parts.database, parts.evidence)
    done, stopped = Pictured(), set[str]()
    with parts.database.read() as session:
        wanted = screenshots.due(session, parts.clock(), everything=everything, case_id=case_id)
        watch = watchlist(accounts.load_register(session))
    doors = [(text, door) for text in wanted if (door := _open(parts, text, done, stopped)) is not None]
    done.later = len(doors[most:])
    if not doors[:most]:
        return done
    with opens() as camera:
        for text, door in doors[:most]:
            if text.platform in stopped:
                _leave(done, text)
                continue
            try:
                taken = _picture(parts, camera, text, door, watch)
            except (PolicyBlocked, SourceError) as error:
                stopped.add(text.platform)
                _leave(done, text)
                done.issues.append(_issue(text.platform, error))
                continue
            with parts.database.write() as session:
                screenshots.store(session, taken)
            done.states[taken.state] = done.states.get(taken.state, 0) + 1
    return done


def page_source(platform: str) -> str:
    """Return the source whose policy record lets a platform's public pages be read for pictures."""
    return f"{platform}_page"


def _open(parts: Parts, text: PictureWanted, done: Pictured, stopped: set[str]) -> _Door | None:
    """Return the door to a text's page; None where no record opens one, or it cannot be told."""
    try:
        door = None if text.platform in stopped else _door(parts, text)
    except PolicyBlocked as error:
        stopped.add(text.platform)
        done.issues.append(_issue(text.platform, error))
        door = None
    if door is None:
        _leave(done, text)
    return door


def _door(parts: Parts, text: PictureWanted) -> _Door | None:
    own = parts.policies.get(text.platform)
    source = page_source(text.platform)
    if source not in parts.policies:
        if own is None or own.mode is not SourceMode.LIVE_PUBLIC_HTML:
            return None
        source = text.platform
    manifest = parts.manifests.get(text.platform)
    policy = check(parts.policies.get(source), source, SourceMode.LIVE_PUBLIC_HTML)
    if manifest is not None and manifest.gated and not policy.permission_ref.strip():
        raise PolicyBlocked(
            f"Halaman {manifest.title} hanya boleh dipotret dengan izin tertulis dari platformnya",
            f"isi permission_ref di [sources.{source}] pada pantau.toml",
        )
    options = parts.options.get(source, SourceOptions(source))
    adapter = parts.adapters.get(text.platform)
    if manifest is not None and SourceMode.LIVE_PUBLIC_HTML in manifest.modes and isinstance(adapter, Rechecks):
        asked = adapter.recheck(text.item_id, text.url, options)
        return _Door(source, asked, adapter) if asked is not None else None
    url = _based(text.url, options.urls.get("web_url", ""))
    return _Door(source, Request(ENDPOINT, url, optional=True)) if url else None


def _based(url: str, base: str) -> str:
    """Return a web address below another base where the settings name one; empty for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http"):
        return ""
    if not base:
        return url
    there = urlsplit(base)
    return urlunsplit((there.scheme, there.netloc, there.path.rstrip("/") + parts.path, parts.query, ""))


def _picture(parts: Parts, camera: Camera, text: PictureWanted, door: _Door, watch: Watchlist) -> PictureTaken:
    """Take one picture and keep its files; raises what closes the platform for this time."""
    at = parts.clock()
    try:
        response = parts.fetcher.send(door.source, door.request)
        at = response.fetched_at
        shot = _shot(parts, camera, text, (door, response), watch)
    except SourceError as error:
        if Outcome(error.outcome) in _STOPS:
            raise
        wall = isinstance(error, LoginWall)
        shot = Shot(PictureState.LOGIN_WALL if wall else PictureState.GAGAL, error.message)
    return _kept(parts, text, shot, at, camera.version)


def _shot(parts: Parts, camera: Camera, text: PictureWanted, read: tuple[_Door, Response], watch: Watchlist) -> Shot:
    door, response = read
    if response.status not in (200, *_GONE):
        return Shot(PictureState.GAGAL, f"halaman dijawab HTTP {response.status}")
    if "html" not in response.headers.get("content-type", "").lower():
        return Shot(PictureState.GAGAL, "jawabannya bukan halaman web")

    def fetch(url: str) -> Answered:
        return _answered(parts.fetcher.send(door.source, Request(ENDPOINT, url, optional=True)))

    said = _said(parts, door, response)
    names = (text.author.user_id, text.author.handle or "") if watch.knows(text.author) and text.author else ()
    sought = Sought(text.url, text.text, frozenset(name for name in names if name))
    # The page is the one that answered: what it names relatively is named from there.
    shot = camera.take(response.final_url, _answered(response), sought, fetch)
    if said is None or shot.state is PictureState.GAGAL:
        return shot
    return Shot(said[0], said[1], shot.png, (), shot.width, shot.height)


def _said(parts: Parts, door: _Door, response: Response) -> tuple[PictureState, str] | None:
    """Return what the platform itself says of the text instead of showing it, None where it shows something."""
    if door.adapter is not None:
        try:
            door.adapter.read(door.request, response, parts.options.get(door.source, SourceOptions(door.source)))
        except AccountGone as error:
            return PictureState.HILANG, error.message
        except (PrivateContent, LoginWall) as error:
            return PictureState.LOGIN_WALL, error.message
        except SourceError:  # a layout that the reader does not know is still a page to be seen
            return None
    if response.status in _GONE:
        return PictureState.HILANG, f"halaman tidak ada lagi (HTTP {response.status})"
    return None


def _kept(parts: Parts, text: PictureWanted, shot: Shot, at: datetime, browser: str) -> PictureTaken:
    """Put the picture and its readable copy into the evidence store."""
    taken = PictureTaken(text.item_row, shot.state, at, browser=browser, detail=shot.detail)
    if shot.png is None:
        return taken
    copy = masked(shot.png, shot.boxes)
    return PictureTaken(
        item_row=text.item_row,
        state=shot.state,
        taken_at=at,
        sha256=parts.evidence.put(shot.png),
        size=len(shot.png),
        masked_sha256=parts.evidence.put(copy),
        masked_size=len(copy),
        width=shot.width,
        height=shot.height,
        browser=browser,
        detail=shot.detail,
    )


def _answered(response: Response) -> Answered:
    return Answered(response.status, {k.lower(): v for k, v in response.headers.items()}, response.body)


def _leave(done: Pictured, text: PictureWanted) -> None:
    done.unasked[text.platform] = done.unasked.get(text.platform, 0) + 1


def _issue(platform: str, error: PolicyBlocked | SourceError) -> Issue:
    kind = error.outcome if isinstance(error, SourceError) else Outcome.POLICY_BLOCKED.value
    return Issue(platform, kind, f"gambar halaman ({label(Outcome(kind))}): {error}", needs_person=False)
