"""Tries one source: may it be read, does it answer, is the answer understood, how much may still be asked.

One honest request through the same fetcher, with the same caps, as a night's; nothing of its answer is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from db import accounts, health
from monitor.domain import AccountKind, AccountRef, Direction, Outcome, RegisteredAccount
from monitor.errors import LayoutChanged, PolicyBlocked, RefusedError, SourceError, UnexpectedContent, UsageError
from monitor.labels import label
from monitor.scan.asking import ask
from monitor.scan.parts import Parts
from monitor.scan.plan import permit, permit_import
from scrapers import limits
from scrapers.contract import Page, Response, SourceOptions, Target
from scrapers.manifest import Manifest

_SHAPE = (LayoutChanged, UnexpectedContent)
_NAMED = 8


class State(StrEnum):
    """How one thing that was tried stands."""

    WELL = "baik"
    LOOK = "perhatikan"
    BAD = "gagal"
    UNTRIED = "tidak dicoba"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; `mend` says what to do when it is not well."""

    aspect: str
    state: State
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a trial of a source came to."""

    source: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing that was tried failed."""
        return all(finding.state is not State.BAD for finding in self.findings)


def probe(parts: Parts, source: str, target: str | None = None) -> Probe:
    """Try a source, on one registered account when `target` names it.

    Raises UsageError for a source that does not exist, PolicyBlocked where the policy refuses it, RefusedError for a
    target that is not registered.
    """
    manifest = parts.manifests.get(source)
    if manifest is None:
        known = ", ".join(sorted(parts.manifests))
        raise UsageError(f"Sumber {source} tidak dikenal", f"yang ada: {known}")
    if source not in parts.adapters or not _opens_live(parts, source):
        permit_import(parts, source)
        return Probe(source, tuple(_captures(manifest)))
    permit(parts, source)
    policy = parts.policies[source]
    by = f"{label(policy.mode)}; disetujui {policy.approved_by}, {policy.approved_at}"
    return Probe(source, (Finding("kebijakan", State.WELL, by), *_tried(parts, manifest, target)))


def _opens_live(parts: Parts, source: str) -> bool:
    """Whether the source is to be read live: without a record too, since the gate then says what is missing."""
    policy = parts.policies.get(source)
    return policy is None or policy.mode.value != "import"


def _captures(manifest: Manifest) -> Iterator[Finding]:
    yield Finding("pintu langsung", State.UNTRIED, "sumber ini dibaca dari berkas tangkapan")
    formats = ", ".join(manifest.imports)
    if formats:
        yield Finding("impor", State.WELL, f"format: {formats}")
    else:
        yield Finding("impor", State.LOOK, "belum ada format yang disebut", "lihat `pantau sources list`")


def _tried(parts: Parts, manifest: Manifest, target: str | None) -> Iterator[Finding]:
    source = manifest.name
    account = _account(parts, source, target)
    yield _budget(parts, source)
    if account is None:
        mend = "impor register akun lebih dulu, atau pasang canary di pantau.toml"
        yield Finding("jawaban", State.UNTRIED, "tidak ada akun terdaftar pada sumber ini untuk dicoba", mend)
        return
    yield from _asked(parts, source, account)
    yield from _remembered(parts, source)


def _account(parts: Parts, source: str, target: str | None) -> RegisteredAccount | None:
    """Return whom to try: the one named, else a pair's account, else anybody's, else the canary's."""
    with parts.database.read() as session:
        known = [a for a in accounts.load_register(session) if a.ref.platform == source and a.scannable]
    if target is not None:
        wanted = target.lower().lstrip("@")
        named = [a for a in known if wanted in (a.ref.user_id.lower().lstrip("@"), (a.ref.handle or "").lower())]
        if not named:
            raise RefusedError(f"{target} tidak ada dalam daftar pantauan", "hanya akun terdaftar yang boleh dibaca")
        return named[0]
    known.sort(key=lambda a: (a.ref.user_id.startswith("@"), not a.kind.candidate_side, a.ref.user_id))
    if known:
        return known[0]
    canary = next((c for c in parts.canaries if c.source == source), None)
    return RegisteredAccount(0, AccountRef(source, canary.account), AccountKind.GOVERNMENT) if canary else None


def _budget(parts: Parts, source: str) -> Finding:
    left = parts.left(source)
    if left is None:
        return Finding("jatah hari ini", State.WELL, "tidak dibatasi")
    if left <= 0:
        return Finding(
            "jatah hari ini", State.BAD, "habis", "tunggu hari berganti, atau naikkan daily_cap atau kuotanya"
        )
    return Finding("jatah hari ini", State.WELL, f"sisa kira-kira {left} permintaan")


def _asked(parts: Parts, source: str, account: RegisteredAccount) -> Iterator[Finding]:
    """Make one request and say what came of it."""
    options = parts.options.get(source, SourceOptions(source))
    direction = Direction.SUBJECT if account.kind is AccountKind.ASN else Direction.CANDIDATE
    try:
        ref = _named(parts, source, account.ref, options)
        request = parts.adapters[source].plan(Target(source, direction, ref), options)[0]
        response, page = ask(parts, source, request)
    except _SHAPE as error:
        yield Finding("jawaban", State.WELL, "sumber menjawab")
        mend = "bentuk jawabannya berubah: catat pesan ini, tangkapan peramban tetap dapat diimpor"
        yield Finding("bentuk", State.BAD, str(error), mend)
    except SourceError as error:
        yield Finding("jawaban", State.BAD, f"{label(Outcome(error.outcome))}: {error.message}", _mend(error))
    except PolicyBlocked as error:
        yield Finding("kunci", State.BAD, error.message, error.mend)
    except UsageError as error:
        yield Finding("jawaban", State.UNTRIED, error.message, error.mend)
    else:
        what = f"HTTP {response.status}, {len(response.body)} bita, {len(page.items)} butir"
        if request.credential is not None:
            yield Finding("kunci", State.WELL, f"{request.credential} diterima")
        yield Finding("jawaban", State.WELL, what)
        yield _shape(page)
        yield _limit(parts, response)


def _named(parts: Parts, source: str, ref: AccountRef, options: SourceOptions) -> AccountRef:
    """Return the account under its stable id, asked for where only its handle is known."""
    if not ref.user_id.startswith("@") or parts.manifests[source].by_handle:
        return ref
    adapter = parts.adapters[source]
    answer = parts.fetcher.send(source, adapter.resolve(ref.user_id[1:], options))
    return replace(adapter.read_identity(answer), handle=ref.handle)


def _mend(error: SourceError) -> str:
    return error.mend or {
        "network": "periksa jaringan dan nama host di pantau.toml",
        "rate_limited": "tunggu; kecilkan max_rps bila sering terjadi",
        "login_wall": "sumber meminta masuk: program tidak masuk sebagai orang; gunakan `pantau import`",
        "challenge": "sumber memasang tantangan bot: program tidak menyelesaikannya; gunakan `pantau import`",
        "blocked": "alamat ini ditutup untuk program; periksa robots.txt dan allow_hosts",
        "not_found": "periksa akun ini di register: mungkin berganti nama atau dihapus",
        "private": "akun ini tidak terbuka untuk umum",
        "server_error": "gangguan di sisi sumber; coba lagi nanti",
    }.get(error.outcome, "")


def _shape(page: Page) -> Finding:
    broken = [f"{issue.pointer or issue.kind}: {issue.detail}" for issue in page.issues]
    if broken:
        return Finding("bentuk", State.LOOK, "; ".join(broken[:_NAMED]), "sebagian butir tidak terbaca")
    if page.unknown_fields:
        detail = f"isian tak dikenal: {', '.join(page.unknown_fields[:_NAMED])}"
        return Finding("bentuk", State.LOOK, detail, "tidak mendesak; laporkan kepada pengembang")
    return Finding("bentuk", State.WELL, "dikenal")


def _limit(parts: Parts, response: Response) -> Finding:
    left = limits.allowance(response.headers, parts.clock())
    if left is None:
        return Finding("batas laju", State.WELL, "tidak disebut oleh sumber")
    of = f" dari {left.of}" if left.of is not None else ""
    state = State.LOOK if left.few else State.WELL
    return Finding("batas laju", state, f"sisa {left.left}{of} sampai {left.until:%H:%M:%S} UTC")


def _remembered(parts: Parts, source: str) -> Iterator[Finding]:
    """Say what the nights know of the source."""
    with parts.database.read() as session:
        found = health.source_health(session, source)
    if not found:
        yield Finding("malam", State.UNTRIED, "belum pernah dipindai")
        return
    one = found[0]
    at = f"{one.last_worked_at:%Y-%m-%d %H:%M} UTC" if one.last_worked_at is not None else "belum pernah"
    yield Finding("malam", State.WELL if one.last_worked_at else State.LOOK, f"terakhir berhasil: {at}")
    for detail in one.drift:
        yield Finding("bentuk malam lalu", State.LOOK, detail, "lihat `pantau sources health`")
    for canary in one.canaries:
        state = State.WELL if canary.found else State.BAD
        yield Finding(f"canary {canary.canary}", state, canary.detail or "terlihat")
