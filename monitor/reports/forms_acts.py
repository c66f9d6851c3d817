"""The acts of a case as forms tell them: what, who, when, where, why it was marked, how it came to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.domain import Act, CaptureBrief, CaseDetail, CaseHit, ContentDetail
from monitor.labels import label
from monitor.reports.forms_dates import act_words, moment_words
from monitor.reports.forms_order import blank, plain

_VERBS: Final = {
    Act.POST: "menulis unggahan",
    Act.SHARE: "membagikan unggahan",
    Act.LIKE: "menyukai unggahan",
    Act.COMMENT: "menulis komentar pada unggahan",
    Act.FOLLOW: "mengikuti akun",
    Act.TAG: "menandai akun",
}
_NAMES: Final = {"tiktok": "TikTok", "youtube": "YouTube", "whatsapp": "WhatsApp"}
_QUOTE = 1500


def place(platform: str) -> str:
    """Return what a platform is called."""
    return _NAMES.get(platform, platform.capitalize())


def acts_of(case: CaseDetail, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return one entry an act that a standing hit rests on, in the order of time."""
    return [_act(number, hit, case, zone) for number, hit in enumerate(standing(case), 1)]


def kept_of(case: CaseDetail, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the kept answers and files that show the acts, each once."""
    kept: dict[str, CaptureBrief] = {}
    for hit in standing(case):
        for capture in hit.captures:
            kept.setdefault(capture.sha256, capture)
    return [
        {
            "no": str(number),
            "jenis": "berkas yang dibawa petugas" if capture.collector else "jawaban platform sebagaimana diterima",
            "tautan": plain(capture.url, 500),
            "sumber": place(plain(capture.source)),
            "waktu": moment_words(capture.fetched_at, zone),
            "sha256": capture.sha256,
            "ukuran": f"{capture.size} bita",
            "pengambil": plain(capture.collector) or "program pemantau",
        }
        for number, capture in enumerate(kept.values(), 1)
    ]


def standing(case: CaseDetail) -> tuple[CaseHit, ...]:
    """Return one hit for every act that still stands, the earliest act first."""
    found: dict[int, CaseHit] = {}
    for hit in case.hits:
        if hit.brief.active:
            found.setdefault(hit.interaction_id, hit)
    return tuple(sorted(found.values(), key=lambda hit: (hit.brief.time.latest, hit.interaction_id)))


def story_of(case: CaseDetail, zone: ZoneInfo) -> dict[str, str]:
    """Return the answers to what, who, when, where, why and how, in one or two sentences each."""
    hits = standing(case)
    return {
        "apa": _what(hits),
        "siapa": _who(case),
        "kapan": _when(hits, zone),
        "di_mana": _where(hits),
        "mengapa": _why(hits),
        "bagaimana": _how(hits, zone),
        "ringkas": _short(case, hits, zone),
    }


def _act(number: int, hit: CaseHit, case: CaseDetail, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "no": str(number),
        "apa": f"{_VERBS[hit.brief.act]} {_whose(hit, case)}".strip(),
        "waktu": act_words(hit.brief.time, zone),
        "platform": place(hit.brief.platform),
        "akun": plain(hit.brief.handle or hit.brief.account),
        "tautan": plain(hit.brief.url, 500) or blank("tautan"),
        "tulisan": _quoted(hit.own) or "tidak ada tulisan sendiri pada tindakan ini",
        "unggahan_dituju": _quoted(hit.target) or "tidak ada",
        "ditandai_oleh": f"{plain(hit.rule_title)} (aturan {hit.brief.rule} versi {hit.rule_version})",
        "tidak_terlihat_lagi": moment_words(hit.withdrawn_seen_at, zone) if hit.withdrawn_seen_at else "",
        "perubahan": "; ".join(f"{label(c.kind)}, terlihat {moment_words(c.seen_at, zone)}" for c in hit.changes),
    }


def _whose(hit: CaseHit, case: CaseDetail) -> str:
    """Return whose text was acted on; accounts that the register does not know have no name here."""
    target = hit.target
    if hit.brief.act is Act.POST:
        return ""
    if target is None or target.author is None:
        return "akun lain"
    name = plain(target.author.handle or target.author.user_id)
    numbers = {pair.id for pair in target.author_candidates}
    return f"akun {name} (akun pasangan calon)" if case.row.candidate.id in numbers else f"akun {name}"


def _quoted(content: ContentDetail | None) -> str:
    if content is None:
        return ""
    if not content.kept:
        return "tulisannya tidak lagi disimpan"
    return f"“{plain(content.text, _QUOTE)}”" if content.text.strip() else ""


def _what(hits: tuple[CaseHit, ...]) -> str:
    if not hits:
        return blank("tindakan; tidak ada indikasi yang masih berlaku")
    counted = Counter(hit.brief.act for hit in hits)
    return f"{len(hits)} tindakan di media sosial: " + ", ".join(f"{n} {label(act)}" for act, n in counted.items())


def _who(case: CaseDetail) -> str:
    person, pair = case.row.person, case.row.candidate
    parts = [plain(person.name), label(person.employment), plain(person.position), plain(person.agency)]
    return f"{', '.join(p for p in parts if p)}; terhadap pasangan calon {pair.number}. {plain(pair.label)}"


def _when(hits: tuple[CaseHit, ...], zone: ZoneInfo) -> str:
    if not hits:
        return blank("waktu kejadian")
    first, last = act_words(hits[0].brief.time, zone), act_words(hits[-1].brief.time, zone)
    return first if first == last else f"yang pertama {first}; yang terakhir {last}"


def _where(hits: tuple[CaseHit, ...]) -> str:
    if not hits:
        return blank("tempat kejadian")
    places = dict.fromkeys(
        f"{place(hit.brief.platform)}, akun {plain(hit.brief.handle or hit.brief.account)}" for hit in hits
    )
    return f"media sosial {'; '.join(places)}"


def _why(hits: tuple[CaseHit, ...]) -> str:
    if not hits:
        return blank("sebab ditandai")
    return "ditandai program karena " + "; ".join(dict.fromkeys(_sign(hit) for hit in hits))


def _sign(hit: CaseHit) -> str:
    title = plain(hit.rule_title)
    words = dict.fromkeys(plain(span.text, 80) for span in hit.spans if span.text.strip())
    told = f" (kata: {', '.join(f'“{word}”' for word in list(words)[:8])})" if words else ""
    return f"{title[:1].lower()}{title[1:]}{told}"


def _how(hits: tuple[CaseHit, ...], zone: ZoneInfo) -> str:
    looks = [capture for hit in hits for capture in hit.captures]
    if not looks:
        return blank("bagaimana diketahui; tidak ada jawaban platform yang tersimpan")
    brought = sorted({plain(capture.collector) for capture in looks if capture.collector})
    first = moment_words(min(capture.fetched_at for capture in looks), zone)
    by = (
        f"dibawa {', '.join(brought)}"
        if brought
        else "dibaca program pemantau dari halaman atau layanan publik platform"
    )
    return f"{by}, pertama kali {first}; yang diterima disimpan tersegel dengan sidik jari SHA-256"


def _short(case: CaseDetail, hits: tuple[CaseHit, ...], zone: ZoneInfo) -> str:
    return " ".join(_sentences(case, hits, zone))


def _sentences(case: CaseDetail, hits: tuple[CaseHit, ...], zone: ZoneInfo) -> Iterator[str]:
    name = plain(case.row.person.name)
    for hit in hits[:10]:
        what = f"{_VERBS[hit.brief.act]} {_whose(hit, case)}".strip()
        account = f"Akun {plain(hit.brief.handle or hit.brief.account)} di {place(hit.brief.platform)}"
        yield f"{account}, yang dikaitkan dengan {name}, {what}, {act_words(hit.brief.time, zone)}."
    if len(hits) > 10:
        yield f"Selain itu tercatat {len(hits) - 10} tindakan lagi; semuanya ada dalam daftar tindakan."
    if not hits:
        yield blank("uraian; tidak ada indikasi yang masih berlaku")
