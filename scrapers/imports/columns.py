"""Any table, by a mapping that a person has checked: which column holds which field.

Without a mapping one is proposed from the headers and handed back as a question, ready to be saved; nothing is read by
a guess. A mapping names fields by the Indonesian words below; a value that begins with "=" holds for every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from monitor.errors import ImportQuestion
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.exporters import key_of_comment
from scrapers.imports.form_reader import Told, address_in, rows_of
from scrapers.imports.forms import Fields, Form, context_of, date_order
from scrapers.imports.kept import kept_row
from scrapers.imports.sites import SITES, site_of
from scrapers.imports.tables import Cells, Row, Table, head_rows, header_of, open_table
from scrapers.imports.times import DateOrder

VERSION = "1"

# The word for a field in a mapping, and how tools and people head such a column.
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    word: (field, tuple(headings.split("|")))
    for word, field, headings in (
        ("platform", "platform", "platform|sumber|media sosial|network"),
        ("tindakan", "act", "tindakan|jenis|aksi|act|action|type|jenis tindakan|kind"),
        ("id", "id", "id|id komentar|comment id|id unggahan|post id|tweet id|cid|nomor komentar"),
        ("alamat", "url", "alamat|url|link|tautan|permalink|comment url|url komentar|link komentar"),
        ("akun_id", "author_id", "id akun|user id|userid|profile id|author id|uid|id pengguna"),
        (
            "akun", "author_handle",
            "akun|username|user name|handle|nama akun|nama pengguna|author username|pengguna|screen name",
        ),
        (
            "akun_alamat", "author_url",
            "alamat akun|profile url|profil|link profil|url profil|user url|author url|url akun",
        ),
        ("teks", "text", "teks|isi|komentar|comment|text|message|pesan|caption|content|isi komentar"),
        ("waktu", "time", "waktu|tanggal|date|time|timestamp|created at|jam|tanggal komentar|datetime"),
        ("diambil", "seen", "diambil|waktu tangkap|captured at|collected at|scraped at|waktu pengambilan"),
        ("induk_id", "parent_id", "id induk|parent id|reply to|balasan untuk|in reply to|parent comment id"),
        ("induk_alamat", "parent_url", "alamat induk|parent url|target|target url|alamat tujuan"),
        (
            "induk_akun", "parent_author_handle",
            "akun tujuan|target account|akun induk|pemilik unggahan|reply to user",
        ),
        ("unggahan_id", "root_id", "id unggahan induk|id posting|video id|media id|id kiriman"),
        (
            "unggahan_alamat", "root_url",
            "alamat unggahan|post url|url unggahan|link unggahan|link postingan|video url|url posting",
        ),
        ("kutipan_alamat", "quoted_url", "alamat kutipan|quoted url"),
        ("dibagikan_alamat", "shared_url", "alamat yang dibagikan|shared url|retweeted url|reposted url"),
        ("suka", "like_count", "suka|likes|like count|jumlah suka|reactions"),
        ("balasan", "comment_count", "balasan|replies|reply count|jumlah balasan|comments"),
        ("bagikan", "share_count", "bagikan|shares|share count|jumlah bagikan|retweets|reposts"),
    )
}  # fmt: skip
_CLOSE = 88  # of 100; letters off in a word of eight
_ASKED = ("akun", "akun_id", "akun_alamat")


class ColumnReader:
    """Reads any CSV or XLSX with a mapping; holds no state."""

    name = "table"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file is a table in which somebody and something that they did can be guessed at."""
        found = proposal(header_of(head_rows(head, path), known_headers))
        return any(word in found for word in _ASKED) and len(found) >= 2

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a table by its mapping; ImportQuestion without one, or when it names columns that are not there."""
        again = kept_row(path, options)
        if again is not None:
            row, options = again
            table = Table(tuple(row), (), (), iter([Row(1, row)]))
        else:
            table = open_table(path, known_headers)
        mapping = _mapping(path, table, options)
        fixed = {WORDS[word][0]: text[1:].strip() for word, text in mapping.items() if text.startswith("=")}
        fields = {WORDS[word][0]: (text,) for word, text in mapping.items() if not text.startswith("=")}
        platform = _platform(path, fixed, fields, options, table)
        form = Form("table", platform, frozenset(), fields, fixed=fixed, adjust=_row)
        order = options.date_order if again is not None else _order(path, form, options)
        url = options.url or address_in(table.above)
        told, context = Told(self.name, VERSION, list(table.remarks)), context_of(path, options, order=order)
        yield from rows_of(table.rows, form, context, told, {"root_url": url} if url else {}, options)


def known_headers(header: Cells) -> int:
    """Return how many cells of a row are known headers, so that titles above are told from it."""
    known = {heading for _, headings in WORDS.values() for heading in headings}
    return sum(_plain(cell) in known for cell in header)


def proposal(header: Sequence[str]) -> dict[str, str]:
    """Return a mapping guessed from headers: field word to column, each column once, the surest guesses first."""
    choices = {heading: word for word, (_, headings) in WORDS.items() for heading in headings}
    guesses: list[tuple[float, int, str, str]] = []
    for at, column in enumerate(header):
        for heading, score, _ in process.extract(_plain(column), list(choices), scorer=fuzz.ratio, limit=3):
            if score >= _CLOSE:
                guesses.append((-score, at, choices[heading], column))
    found: dict[str, str] = {}
    for _, _, word, column in sorted(guesses):
        if word not in found and column not in found.values():
            found[word] = column
    return found


def as_toml(mapping: Mapping[str, str], platform: str) -> str:
    """Return a mapping as it is saved in the workspace's `pemetaan/`."""
    lines = [f'platform = "{platform}"' if platform else '# platform = "facebook"', "", "[kolom]"]
    lines += [f"{word} = {_quoted(mapping[word])}" for word in WORDS if word in mapping]
    lines += [f"# {word} = " for word in ("akun", "akun_id", "teks", "waktu", "unggahan_alamat") if word not in mapping]
    return "\n".join(lines) + "\n"


def _order(path: Path, form: Form, options: ReadOptions) -> DateOrder | None:
    times = (form.read(row.cells).get("time", "") for row in open_table(path, known_headers).rows)
    return date_order(path.name, times, options)


def _mapping(path: Path, table: Table, options: ReadOptions) -> Mapping[str, str]:
    if options.mapping is None:
        shown = as_toml(proposal(table.columns), options.platform or "")
        raise ImportQuestion(
            f"{path.name}: kolom mana berisi apa? ({', '.join(table.columns[:20])})",
            "periksa usulan ini, simpan sebagai pemetaan/NAMA.toml di ruang kerja, lalu impor dengan --mapping NAMA:\n"
            + shown,
        )
    unknown = [word for word in options.mapping if word not in WORDS]
    missing = [c for c in options.mapping.values() if not c.startswith("=") and c not in table.columns]
    if unknown or missing or not any(word in options.mapping for word in _ASKED):
        wrong = [f"isian tak dikenal: {', '.join(unknown)}"] if unknown else []
        wrong += [f"kolom tidak ada dalam berkas: {', '.join(missing)}"] if missing else []
        raise ImportQuestion(
            f"{path.name}: pemetaan tidak cocok ({'; '.join(wrong) or 'tidak ada kolom akun'})",
            f"isian yang dikenal: {', '.join(WORDS)}; kolom berkas: {', '.join(table.columns[:40])}",
        )
    return options.mapping


def _platform(
    path: Path, fixed: Mapping[str, str], fields: Mapping[str, object], options: ReadOptions, table: Table
) -> str:
    """Return of which platform a table is, empty where its rows say so themselves."""
    name = (options.platform or fixed.get("platform", "")).strip().lower()
    if name and name not in SITES:
        raise ImportQuestion(f"{path.name}: platform {name} tidak dikenal", f"pilih: {', '.join(sorted(SITES))}")
    url = options.url or address_in(table.above)
    placed = site_of(url) if url else None
    rows_say = {"platform", "url", "root_url", "parent_url", "author_url", "shared_url"} & fields.keys()
    if not name and placed is None and not rows_say:
        raise ImportQuestion(
            f"{path.name}: tabel ini dari platform mana?", f"sebutkan dengan --platform: {', '.join(sorted(SITES))}"
        )
    return name or (placed.name if placed is not None else "")


def _row(fields: Fields, row: Mapping[str, str]) -> str | None:
    del row
    fields["platform"] = _platform_word(fields.get("platform", ""))
    if fields.get("text") and not fields.get("url"):
        key_of_comment(fields)
    return None


def _platform_word(text: str) -> str:
    word = re.sub(r"[^a-z]", "", text.lower())
    return {"twitter": "x", "xtwitter": "x", "fb": "facebook", "ig": "instagram", "yt": "youtube"}.get(word, word)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[_\-./()*:]+", " ", text.casefold()).split())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


reader = ColumnReader()
