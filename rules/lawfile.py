"""What a law profile may say, read from positioned nodes; nothing of the law itself is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from monitor.domain import Addressee, CandidateStatus, Employment, LawProfile, LawRow, LegalClock, Regime
from rules.nodes import Node, did_you_mean

MARKS = ("V", "S", "U", "X")
KINDS = ("kode_etik", "disiplin", "pemberhentian", "pidana", "larangan", "edaran", "akun_instansi")
SANCTIONS = ("moral", "sedang", "berat", "ptdh", "bertingkat", "pidana", "internal", "belum_diperiksa")
DAY_TYPES = ("calendar", "working", "unspecified")
CLOCKS = ("temuan", "lapor", "tindak_lanjut", "keterangan_tambahan", "verifikasi_satgas", "kajian_sbt")
STARTS = ("known_at", "received_at", "registered_at", "verified_at")

_PROFILE = (
    "id", "title", "employments", "valid_from", "valid_to", "rows", "clocks", "clocks_as", "addressees", "sources",
)  # fmt: skip
_ROW = ("code", "kind", "status", "text", "purpose", "sanction", "sanction_class", "basis", "source", "mark", "note")
_ROW_REQUIRED = ("code", "kind", "text", "sanction", "sanction_class", "basis", "mark")
_CLOCK = ("days", "day_type", "from", "basis", "source", "mark", "note")
_ADDRESSEE = ("name", "from", "until", "mark", "employments", "source", "note")
_LONGEST = 2000


def read_laws(nodes: Iterable[Node]) -> tuple[LawProfile, ...]:
    """Return the law profiles that files state; RuleError with file:line for anything they may not say.

    `clocks_as` takes the limits of time of another profile: they bind those who handle a case, whomever it is about.
    """
    files = tuple(nodes)
    read = {law.id: law for law in map(_read_law, files)}
    if len(read) < len(files):
        files[-1].fail("dua profil hukum memakai id yang sama", "beri tiap profil id sendiri")
    return tuple(_with_clocks(node, law, read) for node, law in zip(files, read.values(), strict=True))


def _with_clocks(node: Node, law: LawProfile, others: Mapping[str, LawProfile]) -> LawProfile:
    fields = dict(zip((key.text() for key, _ in node.pairs()), (value for _, value in node.pairs()), strict=True))
    if "clocks_as" not in fields:
        return law
    lender = fields["clocks_as"].text()
    if "clocks" in fields or lender not in others:
        fields["clocks_as"].fail(f"jangka waktu tidak dapat diambil dari {lender}", did_you_mean(lender, others))
    return replace(law, clocks=others[lender].clocks)


def _read_law(node: Node) -> LawProfile:
    fields = node.fields(_PROFILE, ("id", "title", "employments", "rows"))
    rows = fields["rows"].items()
    employments = fields["employments"].tokens(Employment)
    profile = LawProfile(
        id=_identity(fields["id"]),
        title=_text(fields["title"]),
        employments=employments,
        rows=tuple(_row(row, rank) for rank, row in enumerate(rows, start=1)),
        valid_from=_date(fields.get("valid_from")),
        valid_to=_date(fields.get("valid_to")),
        clocks=_clocks(fields["clocks"]) if "clocks" in fields else (),
        addressees=_addressees(fields["addressees"], employments) if "addressees" in fields else (),
        sources=tuple(web_address(item) for item in fields["sources"].items()) if "sources" in fields else (),
    )
    if profile.valid_from and profile.valid_to and profile.valid_to < profile.valid_from:
        fields["valid_to"].fail("masa berlaku berakhir sebelum dimulai", "tukar valid_from dan valid_to")
    _refuse_doubles(rows, [row.code for row in profile.rows])
    return profile


def _row(node: Node, rank: int) -> LawRow:
    """Return one row; the order in the file is the order of rank, the first keys a case that meets several."""
    fields = node.fields(_ROW, _ROW_REQUIRED)
    mark = one_token(fields["mark"], MARKS)
    if mark == "V" and "source" not in fields:
        node.fail("baris bertanda V belum menyebut sumber", "tambahkan source: alamat halaman yang dibaca")
    return LawRow(
        code=fields["code"].filled(),
        text=_text(fields["text"]),
        sanction=_text(fields["sanction"]),
        basis=_text(fields["basis"]),
        status=fields["status"].token(CandidateStatus) if "status" in fields else None,
        rank=rank,
        mark=mark,
        kind=one_token(fields["kind"], KINDS),
        sanction_class=one_token(fields["sanction_class"], SANCTIONS),
        purpose=_optional(fields.get("purpose")),
        source=web_address(fields["source"]) if "source" in fields else "",
        note=_note(node, fields.get("note"), mark),
    )


def _clocks(node: Node) -> tuple[LegalClock, ...]:
    """Return the limits of time of every regime."""
    found = []
    for key, clocks in node.pairs():
        regime = key.token(Regime)
        for name, clock in clocks.pairs():
            found.append(_clock(regime, one_token(name, CLOCKS), clock))
    return tuple(found)


def _clock(regime: Regime, name: str, node: Node) -> LegalClock:
    fields = node.fields(_CLOCK, ("days", "day_type", "from", "basis", "mark"))
    days = fields["days"].whole()
    if not 1 <= days <= 366:
        fields["days"].fail(f"jangka waktu tidak masuk akal: {days}", "1 sampai 366 hari")
    mark = one_token(fields["mark"], MARKS)
    return LegalClock(
        regime=regime,
        name=name,
        days=days,
        day_type=one_token(fields["day_type"], DAY_TYPES),
        starts=one_token(fields["from"], STARTS),
        basis=_text(fields["basis"]),
        mark=mark,
        source=web_address(fields["source"]) if "source" in fields else "",
        note=_note(node, fields.get("note"), mark),
    )


def _addressees(node: Node, employments: Sequence[Employment]) -> tuple[Addressee, ...]:
    return tuple(_addressee(item, employments) for item in node.items())


def _addressee(node: Node, employments: Sequence[Employment]) -> Addressee:
    fields = node.fields(_ADDRESSEE, ("name", "mark"))
    kinds = fields["employments"].tokens(Employment) if "employments" in fields else ()
    for kind in kinds:
        if kind not in employments:
            fields["employments"].fail(f"profil ini tidak memuat {kind.value}", "samakan dengan employments profil")
    starts, ends = _date(fields.get("from")), _date(fields.get("until"))
    if starts and ends and ends <= starts:
        fields["until"].fail("masa alamat berakhir sebelum dimulai", "tukar from dan until")
    return Addressee(
        name=_text(fields["name"]),
        starts=starts,
        ends=ends,
        mark=one_token(fields["mark"], MARKS),
        employments=kinds,
        source=web_address(fields["source"]) if "source" in fields else "",
        note=_optional(fields.get("note")),
    )


def _refuse_doubles(rows: Sequence[Node], codes: Sequence[str]) -> None:
    for row, code in zip(rows, codes, strict=True):
        if codes.count(code) > 1:
            row.fail(f"baris ganda: {code}", "satu kode satu baris")


def _identity(node: Node) -> str:
    text = node.filled()
    if len(text) > 64 or not all(c.isascii() and (c.isdigit() or c.islower() or c == "-") for c in text):
        node.fail(f"id tidak sah: {text[:80]}", "huruf kecil, angka dan tanda hubung, paling panjang 64")
    return text


def _text(node: Node) -> str:
    text = node.filled()
    if len(text) > _LONGEST:
        node.fail(f"teks lebih panjang dari {_LONGEST} huruf", "ringkas")
    return text


def _optional(node: Node | None) -> str:
    return _text(node) if node is not None else ""


def _note(place: Node, node: Node | None, mark: str) -> str:
    """Return what a lawyer must know; where sources contradict each other, it must say in what."""
    if node is None and mark == "X":
        place.fail("tanda X tanpa keterangan", "tambahkan note: apa yang dipertentangkan dan menurut siapa")
    return _optional(node)


def one_token(node: Node, allowed: tuple[str, ...]) -> str:
    """Return a word out of a fixed list; RuleError with a suggestion for any other."""
    text = node.text()
    if text not in allowed:
        node.fail(f"nilai tidak dikenal: {text}", did_you_mean(text, allowed))
    return text


def web_address(node: Node) -> str:
    """Return an address of the web; RuleError for anything else."""
    text = node.filled()
    if not text.startswith(("https://", "http://")) or any(c.isspace() for c in text):
        node.fail(f"bukan alamat: {text[:80]}", "tulis https://… tanpa spasi")
    return text


def _date(node: Node | None) -> date | None:
    if node is None:
        return None
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        node.fail(f"bukan tanggal: {node.text()}", "tulis 2024-08-27")
