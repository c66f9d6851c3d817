"""Readers of tables and JSON files whose shapes are said as forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import ImportFormatError, ImportQuestion, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep, clean
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured, Mapped, ReadOptions
from scrapers.imports.forms import LIST, Fields, Form, context_of, date_order, map_row, score_of
from scrapers.imports.json_rows import flat, head_objects, json_rows
from scrapers.imports.kept import kept, kept_row
from scrapers.imports.records import PSEUDONYMS, Context
from scrapers.imports.tables import Row, file_rows, head_of, head_rows, header_of, open_table
from scrapers.imports.times import DateOrder

_MOST_UNKNOWN = 300
_MOST_NESTED = 4
Ask = Callable[[Path, ReadOptions], None]
"""Raises ImportQuestion for what must be answered before a file of the format is read."""


@dataclass(slots=True)
class Told:
    """What a file has been told of already, so that it is told once and not with every row."""

    format: str
    version: str
    remarks: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], bool] = field(default_factory=dict)
    pseudonyms: bool = False

    def first_unknown(self, form: Form, columns: Iterable[str]) -> tuple[ItemIssue, ...]:
        """Return an issue that lists what the form neither reads nor ignores and this file has not named before."""
        fresh: list[str] = []
        for column in columns:
            if (form.name, column) not in self.known and len(self.known) < 20_000:
                self.known[form.name, column] = form.knows(column)
                if not self.known[form.name, column] and len(self.unknown) < _MOST_UNKNOWN:
                    name = "".join(c if c.isprintable() and c != "," else "?" for c in column)[:80]
                    fresh += [name] if name not in self.unknown else []
                    self.unknown.add(name)
        return (ItemIssue(UNKNOWN_FIELDS, ", ".join(fresh)),) if fresh else ()

    def once(self, mapped: Mapped) -> tuple[ItemIssue, ...]:
        """Return the issues of a row, and before those of the first one what is to be said of the whole file."""
        found = tuple(ItemIssue("file", remark) for remark in self.remarks)
        self.remarks = []
        hidden = any(issue.kind == PSEUDONYMS for issue in mapped.issues)
        repeated, self.pseudonyms = hidden and self.pseudonyms, hidden or self.pseudonyms
        return found + tuple(issue for issue in mapped.issues if not repeated or issue.kind != PSEUDONYMS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands, and how it was read."""

    line: int
    seen: datetime
    source: str = ""
    mapper: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """What holds for an object wherever it stands: above it, how deep, and the unknown that is gathered."""

    context: Context
    told: Told
    above: Fields = field(default_factory=dict)
    depth: int = 0
    unknown: list[ItemIssue] = field(default_factory=list)


def captured(place: Place, mapped: Mapped, raw: bytes, issues: tuple[ItemIssue, ...]) -> Captured:
    """Return one row as the import takes it."""
    return Captured(
        place.line, mapped.items, mapped.acts, raw, place.seen, place.source, place.mapper, issues, mapped.skipped
    )


class TableReader:
    """Reads CSV and XLSX files of some forms; holds nothing but them."""

    def __init__(self, name: str, version: str, forms: tuple[Form, ...], *, open_dates: bool = False) -> None:
        self.name, self.version, self.forms, self.open_dates = name, version, forms, open_dates
        self.score = score_of(forms)
        self.platforms = frozenset(form.platform for form in forms if form.platform)

    def tool_of(self, path: Path) -> str:
        """Return the form that a file has: the tool, and what of it."""
        form = self.form_of(header_of(file_rows(path), self.score))
        return form.name if form is not None else ""

    def form_of(self, columns: Iterable[str]) -> Form | None:
        """Return the form that a file with these columns has, None for none."""
        given = frozenset(columns)
        return next((form for form in self.forms if form.fits(given)), None)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file has one of the forms, by its header."""
        return self.form_of(header_of(head_rows(head, path), self.score)) is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a table as a stream, or one kept row of it; ImportFormatError when it has none of the forms."""
        again = kept_row(path, options)
        if again is not None:
            yield from self._again(path, *again)
            return
        table = open_table(path, self.score)
        form = self.form_of(table.columns)
        if form is None:
            shown = ", ".join(table.columns[:12])
            raise ImportFormatError(
                f"{path.name}: kolomnya bukan kolom {self.name} ({shown})", "lihat pantau import --formats"
            )
        form = self.prepared(form)
        above = {"root_url": url} if (url := options.url or address_in(table.above)) else {}
        if not above:
            ask_post(path, form, table.columns)
        order = self._order(path, form, options)
        context = context_of(path, options, form.separator, order)
        told = Told(self.name, self.version, list(table.remarks))
        yield from rows_of(table.rows, form, context, told, above, options)

    def _again(self, path: Path, row: Mapping[str, str], options: ReadOptions) -> Iterator[Captured]:
        form = self.form_of(row)
        if form is None:
            raise ImportFormatError(f"{path.name}: baris tersimpan bukan bentuk {self.name} yang dikenal")
        above = {"root_url": options.url} if options.url else {}
        context = context_of(path, options, form.separator)
        yield from rows_of([Row(1, row)], self.prepared(form), context, Told(self.name, self.version), above, options)

    def prepared(self, form: Form) -> Form:
        """Return the form with which one file is read; formats whose rows refer to each other keep them there."""
        return form

    def _order(self, path: Path, form: Form, options: ReadOptions) -> DateOrder | None:
        if not self.open_dates:
            return options.date_order
        times = (form.read(row.cells).get("time", "") for row in open_table(path, self.score).rows)
        return date_order(path.name, times, options)


def rows_of(
    rows: Iterable[Row], form: Form, context: Context, told: Told, above: Fields, options: ReadOptions
) -> Iterator[Captured]:
    """Yield the rows of a table as one form reads them; `above` are fields that hold for all of them."""
    for row in rows:
        if row.problem is not None:
            yield _unread(row.number, row.problem, context, told)
            continue
        cells: Mapping[str, str] = clean(dict(row.cells))
        mapped, seen = map_row(form, cells, context, above)
        issues = told.first_unknown(form, row.cells) + told.once(mapped)
        issues += tuple(ItemIssue("cell", fault) for fault in row.faults)
        place = _place(row.number, seen, form, mapped, told)
        yield captured(place, mapped, kept(cells, context, above, options), issues)


class JsonReader:
    """Reads JSON arrays and lines of some forms; holds nothing but them."""

    def __init__(self, name: str, version: str, forms: tuple[Form, ...], ask: Ask | None = None) -> None:
        self.name, self.version, self.forms, self.ask = name, version, forms, ask
        self.platforms = frozenset(form.platform for form in forms if form.platform)

    def tool_of(self, path: Path) -> str:
        """Return the form that the first object of a file has: the tool, and what of it."""
        found = (self.form_of(flat(one, LIST)) for one in head_objects(head_of(path)))
        return next((form.name for form in found if form is not None), "")

    def form_of(self, keys: Iterable[str]) -> Form | None:
        """Return the form that an object with these keys has, None for none."""
        given = frozenset(keys)
        return next((form for form in self.forms if form.fits(given)), None)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether the first objects of a file have one of the forms."""
        del path
        return any(self.form_of(flat(one, LIST)) is not None for one in head_objects(head))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read objects as a stream; one of an unknown form is skipped with a reason."""
        told, again = Told(self.name, self.version), kept_row(path, options)
        if again is not None:
            row, options = again
            yield self._one(1, row, Within(context_of(path, options, LIST), told), options)
            return
        if self.ask is not None:
            self.ask(path, options)
        context = context_of(path, options, LIST)
        for found in json_rows(path):
            if found.problem is not None:
                yield _unread(found.number, found.problem, context, told)
            else:
                yield self._one(found.number, found.data, Within(context, told), options)

    def _one(self, number: int, data: Mapping[str, Any], within: Within, options: ReadOptions) -> Captured:
        """Return what one object says."""
        context, told = within.context, within.told
        try:
            cleaned = clean(data)
        except (TooDeep, RecursionError):
            return _unread(number, "JSON bersarang terlalu dalam", context, told)
        raw = kept(cleaned, context, {}, options)
        form = self.form_of(flat(cleaned, LIST))
        if form is None:
            mapped = Mapped(skipped=f"butir bukan bentuk {self.name} yang dikenal")
            return captured(Place(number, context.seen), mapped, raw, told.once(mapped))
        mapped, seen = self._mapped(form, cleaned, within)
        place = _place(number, seen, form, mapped, told)
        return captured(place, mapped, raw, (*within.unknown, *told.once(mapped)))

    def _mapped(self, form: Form, data: Mapping[str, Any], within: Within) -> tuple[Mapped, datetime]:
        """Return what an object says, and after it what the objects nested in it say."""
        keys = flat(data, LIST)
        own = [key for key in keys if key.partition(".")[0].removesuffix("[]") not in form.nested]
        within.unknown.extend(within.told.first_unknown(form, own))
        mapped, seen = map_row(form, keys, within.context, within.above)
        said, depth = {**within.above, **form.read(keys)}, within.depth
        parts = [mapped]
        for key, handed in form.nested.items():
            entries = data.get(key)
            taken = {mine: said[theirs] for mine, theirs in handed.items() if said.get(theirs)}
            for one in entries if isinstance(entries, list) else [entries]:
                if not isinstance(one, dict) or not one:
                    continue
                inner = self.form_of(flat(one, LIST))
                if inner is not None and depth < _MOST_NESTED:
                    parts.append(self._mapped(inner, one, replace(within, above=taken, depth=depth + 1))[0])
                else:
                    within.unknown.append(ItemIssue("nested_unknown", f"isi bidang {key} tidak dikenali"))
        return _joined(parts), seen


def _joined(parts: list[Mapped]) -> Mapped:
    """Return what an object and those in it say as one; a nested one that is skipped is an issue."""
    first, *inner = parts
    skipped = tuple(ItemIssue("comment_skipped", one.skipped) for one in inner if one.skipped is not None)
    return Mapped(
        tuple(item for one in parts for item in one.items),
        tuple(act for one in parts for act in one.acts),
        tuple(issue for one in parts for issue in one.issues) + skipped,
        skipped=first.skipped if not any(one.items or one.acts for one in parts) else None,
    )


class TableOrJson:
    """Reads a format that comes as a table and as JSON, each by its own reader."""

    def __init__(self, table: TableReader, json: JsonReader) -> None:
        self.name, self.table, self.json = table.name, table, json
        self.platforms = table.platforms

    def tool_of(self, path: Path) -> str:
        """Return the form that a file has: the tool, and what of it."""
        return self.json.tool_of(path) if self._is_json(head_of(path)) else self.table.tool_of(path)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file has one of the forms, as a table or as JSON."""
        return self.json.sniff(head, path) if self._is_json(head) else self.table.sniff(head, path)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a file as what it is."""
        try:
            with path.open("rb") as file:
                head = file.read(64)
        except OSError as error:
            raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
        again = kept_row(path, options)
        if self._is_json(head) and (again is None or self.json.form_of(flat(again[0], LIST)) is not None):
            return self.json.read(path, options)
        if self.json.ask is not None and again is None:
            self.json.ask(path, options)
        return self.table.read(path, options)

    def _is_json(self, head: bytes) -> bool:
        return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] in (b"{", b"[")


def address_in(rows: Iterable[Iterable[str]]) -> str:
    """Return the first address in the rows above a header, where exporters say what they exported."""
    return next((cell.strip() for row in rows for cell in row if re.match(r"\s*https?://\S+\s*$", cell)), "")


def ask_post(path: Path, form: Form, given: Iterable[str]) -> None:
    """Ask which post was commented on, where no column of a list of comments says so."""
    above = [form.fields.get(name, ()) for name in ("root_id", "root_url", "url")]
    if form.fixed.get("act") == "comment" and not {name for names in above for name in names} & {*given}:
        raise ImportQuestion(
            f"{path.name}: berkas komentar ini tidak menyebut unggahan yang dikomentari",
            "sebutkan alamat unggahannya dengan --url https://…",
        )


def ask_supplier(path: Path, options: ReadOptions) -> None:
    """Ask who sold or gave a data set and on what ground it may be used: that, no file says."""
    if not options.supplier.strip():
        raise ImportQuestion(
            f"{path.name}: data ini dibuat pemasok. Siapa pemasoknya?", 'sebutkan dengan --supplier "NAMA PEMASOK"'
        )
    if not options.basis.strip():
        raise ImportQuestion(
            f"{path.name}: atas dasar apa data dari {options.supplier} boleh dipakai?",
            'sebutkan dengan --basis "DASAR HUKUM ATAU KONTRAK"',
        )


def _unread(number: int, reason: str, context: Context, told: Told) -> Captured:
    mapped = Mapped(issues=(ItemIssue("broken_line", reason),), skipped=reason)
    return captured(Place(number, context.seen), mapped, b"", told.once(mapped))


def _place(number: int, seen: datetime, form: Form, mapped: Mapped, told: Told) -> Place:
    platforms = (*(item.platform for item in mapped.items), *(act.platform for act in mapped.acts), form.platform)
    source = next((name for name in platforms if name), "")
    return Place(number, seen, source, f"{source or 'tabel'}/{told.format}-{told.version}")
