"""Sets of columns or keys that tools write, each said once as data, and the one way in which all of them are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.errors import ImportQuestion
from scrapers.contract import ItemIssue
from scrapers.imports.contract import Mapped, ReadOptions
from scrapers.imports.records import Context, Said, record
from scrapers.imports.sites import SITES, Site, site_of
from scrapers.imports.tables import Score
from scrapers.imports.times import DateOrder, DayOrMonth, read_time

LIST = "\x1f"  # joins lists out of JSON, since any printable letter may stand in them
_MOST_UNKNOWN = 300
_BAD_ROW = "bad_row"

Fields = dict[str, str]
Adjust = Callable[[Fields, Mapping[str, str]], str | None]
"""Mends the fields read from a row, given the whole row; returns the reason why the row is skipped, None to go on."""


@dataclass(frozen=True, slots=True)
class Form:
    """One set of columns (or dotted JSON keys).

    `needs` must all be there, of `any_of` one; `lacks` must not. `fields` name for a field of ours the columns that
    may hold it, the first filled one wins. `platform` is empty where each row's addresses say it. An ignored key
    ignores all below it. `in_utc` tells that times without a zone are in UTC. `nested` are keys that hold rows of
    their own, each with the fields that such a row takes from this one where it says nothing itself.
    """

    name: str
    platform: str
    needs: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","
    in_utc: bool = False
    adjust: Adjust | None = None
    nested: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def fits(self, columns: Iterable[str]) -> bool:
        """Whether a file with these columns is of this form."""
        given = frozenset(columns)
        return self.needs <= given and not self.lacks & given and (not self.any_of or bool(self.any_of & given))

    def knows(self, column: str) -> bool:
        """Whether a column is read or ignored by name."""
        named = {name for names in self.fields.values() for name in names} | self.ignored | self.needs | self.any_of
        parts = column.replace("[]", "").split(".")
        return any(".".join(parts[: n + 1]) in named for n in range(len(parts)))

    def read(self, row: Mapping[str, str]) -> Fields:
        """Return the fields that a row fills."""
        found = dict(self.fixed)
        for name, columns in self.fields.items():
            value = next((row[column] for column in columns if row.get(column, "").strip()), "")
            if value:
                found[name] = value
        return found


def columns(text: str) -> frozenset[str]:
    """Return names written with blanks between them."""
    return frozenset(text.split())


def plain(**fields: str) -> dict[str, tuple[str, ...]]:
    """Return fields with their columns, written with blanks between them."""
    return {name: tuple(text.split()) for name, text in fields.items()}


def score_of(forms: Iterable[Form]) -> Score:
    """Return how a header row is told from titles above it: by the columns that some form needs or reads."""
    known = frozenset(name for form in forms for names in (*form.fields.values(), form.needs) for name in names)
    return lambda header: sum(name in known for name in header)


def context_of(path: Path, options: ReadOptions, separator: str = ",", order: DateOrder | None = None) -> Context:
    """Return what holds for a whole file.

    A file that does not say when it was made was made before it was last changed.
    """
    seen = options.captured_at or datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return Context(seen, zone_of(options), order or options.date_order, separator)


def zone_of(options: ReadOptions) -> tzinfo:
    """Return the time zone that a person named, UTC without; ImportQuestion when there is none of that name."""
    if options.timezone is None:
        return UTC
    try:
        return ZoneInfo(options.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportQuestion(
            f"Zona waktu {options.timezone} tidak dikenal",
            "pakai --timezone Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura",
        ) from error


def map_row(
    form: Form, row: Mapping[str, str], context: Context, above: Fields | None = None
) -> tuple[Mapped, datetime]:
    """Turn one row of a form into records, and say when it was captured; never raises.

    `above` are fields that hold where the row says nothing itself.
    """
    fields = {**(above or {}), **form.read(row)}
    if context.separator != form.separator or (form.in_utc and context.zone is not UTC):
        context = replace(context, separator=form.separator, zone=UTC if form.in_utc else context.zone)
    try:
        reason = form.adjust(fields, row) if form.adjust is not None else None
        if reason is not None:
            return Mapped(skipped=reason), context.seen
        site = SITES.get(form.platform or fields.get("platform", "")) or _site_of(fields)
        if site is None:
            return Mapped(skipped="platform tidak dikenal dari alamat dalam baris"), context.seen
        said = Said(site, {name: text for name, value in fields.items() if (text := value.strip())}, context)
        return record(said), said.when("seen") or context.seen
    except DayOrMonth:
        return Mapped(skipped="urutan hari dan bulan pada tanggal tidak jelas"), context.seen
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"baris tidak dapat dibaca ({type(error).__name__})"
        return Mapped(issues=(ItemIssue("mapper_failed", reason),), skipped=reason), context.seen


def date_order(name: str, times: Iterable[str], options: ReadOptions) -> DateOrder | None:
    """Return the order of day and month that a whole column shows; ImportQuestion when none of its dates shows it."""
    if options.date_order is not None:
        return options.date_order
    unclear = ""
    for text in times:
        try:
            read_time(text, UTC)
        except DayOrMonth:
            unclear = unclear or text
            continue
        order = _shown_order(text)
        if order is not None:
            return order
    if unclear:
        raise ImportQuestion(
            f"{name}: tanggal {unclear[:40]} dapat dibaca hari-bulan atau bulan-hari",
            "sebutkan urutannya: --date-order dmy (hari dahulu) atau --date-order mdy (bulan dahulu)",
        )
    return None


def _shown_order(text: str) -> DateOrder | None:
    numbers = "".join(c if c.isdigit() else " " for c in text).split()[:2]
    if len(numbers) < 2 or len(numbers[0]) > 2 or len(numbers[1]) > 2:
        return None
    first, second = int(numbers[0]), int(numbers[1])
    return "dmy" if first > 12 >= second else "mdy" if second > 12 >= first else None


def _site_of(fields: Mapping[str, str]) -> Site | None:
    addresses = (fields.get(name, "") for name in ("url", "root_url", "parent_url", "author_url"))
    return next((site for url in addresses if url and (site := site_of(url)) is not None), None)
