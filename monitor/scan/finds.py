"""A find entered by hand goes through the same sieve, store and judgement as what the night reads itself.

What was typed is kept as evidence word for word, a screenshot or web archive beside it; who reported it is in neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from db import accounts, audit, contests, finds, items
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    CaseCounts,
    Find,
    ItemKind,
    ItemRecord,
    RegisteredAccount,
    Sighting,
    StoreBatch,
    UserRow,
    published_act,
)
from monitor.errors import RefusedError, UsageError
from monitor.evidence.archives import ARCHIVE, is_web_archive
from monitor.scan.judging import judge_pending
from monitor.scan.mounted import ensure_evidence
from monitor.scan.night import LOCK
from monitor.scan.parts import Parts
from monitor.scan.plan import permit_import
from monitor.scan.progress import Silent
from monitor.scan.reconcile import reconcile
from monitor.scan.store import Origin, Sieve, Sifted, sift
from monitor.scan.watchlist import watchlist
from monitor.vault import Vault
from scrapers import registry
from scrapers.contract import Page, Response
from scrapers.places import Place

_KINDS = {Act.POST: ItemKind.POST, Act.COMMENT: ItemKind.COMMENT}
_MAPPER = "manual/1"
_SCREENSHOT = "tangkapan-layar"
_LARGEST = 20 * 1024 * 1024
_LONGEST = 100_000  # letters of one text; no platform shows more


@dataclass(frozen=True, slots=True)
class Doors:
    """What entering a find needs beside the parts of a night: the key, and who may enter it for which place."""

    vault: Vault
    user: UserRow
    permit: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FindDone:
    """What became of a find: its number, whether it was new, and what it did to cases."""

    id: int
    new: bool
    certain: bool
    cases: CaseCounts = field(default_factory=CaseCounts)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a find says: the text it is about, whose account acted, and both as records."""

    place: Place
    actor: RegisteredAccount
    page: Page


def enter_find(parts: Parts, doors: Doors, find: Find) -> FindDone:
    """Keep a find, store its act and judge it; the same find entered again changes nothing.

    Raises UsageError for an address that no platform knows, RefusedError for an account that is not a registered
    person's, and what `doors.permit` raises for a place that is not the user's.
    """
    _check(parts, find)
    with parts.lock(LOCK):
        ensure_evidence(parts.database, parts.evidence)
        registered, sieve = _register(parts)
        place = _place(registered, find.url)
        actor = _actor(registered, find, place)
        with parts.database.read() as session:
            doors.permit(finds.place_of_person(session, actor.person_id or 0))
        permit_import(parts, place.platform)
        read = _Read(place, actor, _page(parts, registered, find, place, actor))
        done = _store(parts, doors, find, read, sieve)
        if not done.new:
            return done
        with parts.database.read() as session:
            ruling = parts.rule(contests.load_contests(session))
        judge_pending(parts, ruling, Silent())
        cases, _ = reconcile(parts, None, ruling)
    return replace(done, cases=cases)


def _check(parts: Parts, find: Find) -> None:
    now = parts.clock()
    if find.act not in (Act.POST, Act.COMMENT, Act.LIKE, Act.SHARE):
        raise UsageError(
            f"Tindakan {find.act.value} tidak dapat dicatat dengan tangan", "pilih post, comment, like, share"
        )
    if find.act in _KINDS and not find.text.strip():
        raise UsageError("Teks unggahan atau komentar itu belum diisi", "salin teksnya apa adanya")
    if len(find.text) > _LONGEST:
        raise UsageError(f"Teks lebih dari {_LONGEST} huruf", "salin hanya teks unggahan atau komentar itu")
    if find.seen_at > now or (find.acted_at is not None and find.acted_at > find.seen_at):
        raise UsageError("Urutan waktu tidak mungkin", "waktu tindakan <= waktu dilihat <= sekarang")
    shot = find.screenshot
    if shot is not None and (len(shot) > _LARGEST or not (_is_picture(shot) or is_web_archive(shot))):
        raise UsageError(
            "Lampirannya bukan PNG, JPEG, WebP, PDF atau WACZ yang utuh, atau lebih dari 20 MB",
            "simpan ulang berkasnya; arsip yang lebih besar dibawa dengan `pantau import`",
        )


def _is_picture(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"))


def _register(parts: Parts) -> tuple[tuple[RegisteredAccount, ...], Sieve]:
    with parts.database.read() as session:
        registered = tuple(accounts.load_register(session))
        known = contests.load_contests(session)
    return registered, Sieve(watchlist(registered), parts.rule(known).concerns)


def _place(registered: tuple[RegisteredAccount, ...], url: str) -> Place:
    found = registry.place(url, lambda platform, handle: _stable_id(registered, platform, handle))
    if found is None:
        raise UsageError(
            f"Alamat {url[:200]} bukan alamat unggahan atau komentar yang dikenali",
            "salin alamat unggahan itu sendiri dari peramban, bukan alamat profil atau tautan pendek",
        )
    return found


def _stable_id(registered: tuple[RegisteredAccount, ...], platform: str, handle: str) -> str | None:
    ids = {a.ref.user_id for a in registered if a.ref.platform == platform and _written(a.ref, handle)}
    return ids.pop() if len(ids) == 1 else None


def _written(ref: AccountRef, name: str) -> bool:
    name = name.strip().lower().removeprefix("@")
    return name in (ref.user_id.lower().removeprefix("@"), (ref.handle or "").lower().removeprefix("@"))


def _actor(registered: tuple[RegisteredAccount, ...], find: Find, place: Place) -> RegisteredAccount:
    """Return the registered person's account that acted; RefusedError when there is none or more than one."""
    name = find.account
    if not name and find.act in _KINDS and place.author is not None:
        name = place.author.handle or place.author.user_id
    if not name:
        raise UsageError("Akun pelakunya belum disebut", "isi akun pelakunya (--account): nama akun atau id-nya")
    latest = find.acted_at or find.seen_at
    fitting = [
        a
        for a in registered
        if a.kind is AccountKind.ASN and a.ref.platform == place.platform and _written(a.ref, name)
        and (a.valid_from is None or a.valid_from <= latest)
        and (a.valid_to is None or find.acted_at is None or find.acted_at < a.valid_to)
    ]  # fmt: skip
    if len({(a.account_id, a.person_id) for a in fitting}) != 1:
        why = "lebih dari satu akun terdaftar bernama" if fitting else "tidak ada akun terdaftar bernama"
        raise RefusedError(
            f"Di {place.platform} {why} {name}; hanya tindakan akun terdaftar yang boleh dicatat",
            "periksa register akun, atau usulkan akun itu lebih dahulu",
        )
    return fitting[0]


def _page(
    parts: Parts, registered: tuple[RegisteredAccount, ...], find: Find, place: Place, actor: RegisteredAccount
) -> Page:
    """Return the find as records, in the form in which adapters give what they read."""
    acted = find.acted_at or (place.published if find.act in _KINDS else None)
    since = place.published or place.not_before
    if since is not None and since > find.seen_at:
        raise UsageError(
            "Unggahan itu lebih baru daripada waktu dilihatnya", "periksa waktu dilihat (--seen-at) dan alamatnya"
        )
    time = ActTime(occurred_at=acted) if acted else ActTime(lo=since, hi=find.seen_at)
    if find.act in _KINDS:
        above = _place(registered, find.on_url) if find.on_url else None
        parent = above.item_id if above is not None else place.parent_id
        if find.act is Act.COMMENT and parent is None:
            raise UsageError(
                "Unggahan tempat komentar itu berada belum disebut", "isi alamat unggahan itu juga (--on-url)"
            )
        own = _item(place, find, actor.ref, _KINDS[find.act], time)
        if find.act is Act.COMMENT:
            author = above.author if above is not None else None
            own = replace(own, parent_id=parent, parent_author=_known(registered, author), root_id=parent)
            own = replace(own, root_author=own.parent_author)
        act = published_act(own)
        assert act is not None  # its author is the registered account
        return Page(items=(own,), acts=(act,))
    target_author = _known(registered, place.author)
    act = ActRecord(place.platform, actor.ref, find.act, place.item_id, time, target_author=target_author)
    published = (
        ActTime(occurred_at=place.published) if place.published else ActTime(lo=place.not_before, hi=find.seen_at)
    )
    target = _item(place, find, target_author, ItemKind.POST, published)
    with parts.database.read() as session:
        known = not find.text.strip() or finds.is_stored(session, place.platform, place.item_id)
    return Page(items=() if known else (target,), acts=(act,))


def _known(registered: tuple[RegisteredAccount, ...], ref: AccountRef | None) -> AccountRef | None:
    """Return the account as the register knows it; the address alone gives a handle."""
    if ref is None:
        return None
    stable = _stable_id(registered, ref.platform, ref.handle or ref.user_id)
    return AccountRef(ref.platform, stable, ref.handle) if stable is not None else ref


def _item(place: Place, find: Find, author: AccountRef | None, kind: ItemKind, time: ActTime) -> ItemRecord:
    text = find.text.replace("\0", "\ufffd")
    return ItemRecord(place.platform, place.item_id, author, kind, text, place.url, time)


def _store(parts: Parts, doors: Doors, find: Find, read: _Read, sieve: Sieve) -> FindDone:
    place, actor = read.place, read.actor
    response = _typed(find, place)
    screenshot = parts.evidence.put(find.screenshot) if find.screenshot is not None else None
    entered = finds.Entered(
        actor.account_id, actor.person_id or 0, place.platform, place.url, response.sha256, screenshot
    )
    with parts.database.read() as session:
        known = finds.find_id(session, find, entered)
    if known is not None:
        return FindDone(known, new=False, certain=place.certain)
    origin = Origin(place.platform, find.kind.value, _MAPPER, doors.user.name)
    sifted = sift(read.page, response, origin, sieve, parts.evidence)
    now = parts.clock()
    with parts.database.write() as session:
        items.store_batch(session, _with_screenshot(sifted, find, screenshot), now)
        number = finds.store_find(session, doors.vault, find, entered, doors.user.name, now)
        detail = {"kind": find.kind.value, "act": find.act.value, "platform": place.platform}
        audit.record(
            session, actor=doors.user.name, action="find_entered", subject=f"find:{number}", detail=detail, now=now
        )
    return FindDone(number, new=True, certain=place.certain)


def _typed(find: Find, place: Place) -> Response:
    """Return what was entered as one answer: canonical JSON without a word about the reporter."""
    said = {
        "account": find.account,
        "act": find.act.value,
        "acted_at": _iso(find.acted_at),
        "kind": find.kind.value,
        "note": find.note,
        "on_url": find.on_url,
        "seen_at": _iso(find.seen_at),
        "text": find.text,
        "url": find.url,
    }
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    digest = hashlib.sha256(body).hexdigest()
    return Response(place.url, place.url, 200, {}, body, find.seen_at, digest)


def _with_screenshot(sifted: Sifted, find: Find, screenshot: str | None) -> StoreBatch:
    """Return the batch with the screenshot or archive as a second evidence of the same act."""
    batch = sifted.batch
    first = next((s for s in batch.sightings if s.capture is not None), None)
    if screenshot is None or find.screenshot is None or first is None or first.capture is None:
        return batch
    size, kind = len(find.screenshot), ARCHIVE if is_web_archive(find.screenshot) else _SCREENSHOT
    shot = replace(first.capture, endpoint=kind, sha256=screenshot, size=size)
    more = tuple(Sighting(s.record, s.account_id, s.seen_at, shot) for s in batch.sightings)
    return replace(batch, sightings=(*batch.sightings, *more))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
