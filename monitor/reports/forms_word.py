"""Filling Word templates: values go in as words only, faults are named, the same values give the same bytes."""

from __future__ import annotations

import copy
import difflib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, is_undefined
from jinja2.exceptions import TemplateRuntimeError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from monitor.domain import FormKind
from monitor.errors import ConfigError
from monitor.labels import label
from monitor.reports.forms_order import BLANK
from monitor.reports.forms_template import TemplateFile

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_AFTER_SHADE = frozenset(f"{_W}{name}" for name in ("fitText", "vertAlign", "rtl", "cs", "em", "lang", "specVanish"))
_FIRST = (1980, 1, 1, 0, 0, 0)
_TOP = re.compile(r"'([^']+)' is undefined")
_BROKEN = (TemplateError, etree.LxmlError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template that is wrong in itself may raise while it is filled."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the properties of a document say of it, so that one of another case is never issued by mistake."""

    form: FormKind
    case_ids: tuple[int, ...]
    as_of: datetime
    agency: str
    template_sha256: str

    @property
    def keywords(self) -> str:
        """Form, cases and template in a form that programs read."""
        numbers = ",".join(map(str, self.case_ids[:10]))
        return f"pantau;{self.form.value};{numbers};{self.template_sha256}"


class UnknownField(TemplateRuntimeError):
    """A template asks for something that forms do not know."""


class _Strict(SandboxedEnvironment):
    """Reads values of the given words only, and says the whole path of what it does not find."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_as_xml)
        self.paths = dict(_paths(words))

    def getattr(self, obj: Any, attribute: str) -> Any:
        found = super().getattr(obj, attribute)
        if is_undefined(found):
            raise UnknownField(f"{self.paths.get(id(obj), '?')}.{attribute}")
        return found

    def getitem(self, obj: Any, argument: Any) -> Any:
        found = super().getitem(obj, argument)
        if is_undefined(found):
            raise UnknownField(f"{self.paths.get(id(obj), '?')}.{argument}")
        return found


def fill(template: TemplateFile, words: Mapping[str, Any], card: Card) -> bytes:
    """Return the template filled with the words; ConfigError names the field or the place that is wrong."""
    from docxtpl import DocxTemplate

    environment = _Strict(words)
    try:
        document = DocxTemplate(BytesIO(template.data))
        document.render(dict(words), environment, autoescape=True)
        for part in document.docx.part.package.iter_parts():
            if hasattr(part, "element"):
                _mark_blanks(part.element)
        _sign(document.docx.core_properties, card)
        filled = BytesIO()
        document.save(filled)
    except _BROKEN as error:
        raise _fault(template, words, error) from error
    data = _repacked(filled.getvalue())
    tag = str(words["dokumen"]["tanda"])
    if not any(tag in line for line in paragraphs(data)):
        raise ConfigError(
            f"Templat {template.place} tidak memuat {{{{ dokumen.tanda }}}}",
            "setiap dokumen harus menyebut statusnya; taruh isian itu di kepala halaman atau di atas judul",
        )
    return data


def paragraphs(data: bytes) -> Iterator[str]:
    """Yield the words of every paragraph of a document, headers and footers included."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("word/") and name.endswith(".xml"):
                tree = etree.fromstring(archive.read(name), _parser())
                for paragraph in tree.iter(f"{_W}p"):
                    yield "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _as_xml(value: Any) -> Any:
    """Return a value as the words of a document; braces that docxtpl would read as its own are written as numbers."""
    if isinstance(value, Markup) or is_undefined(value):
        return value
    text = escape(str(value)).replace("\a", "").replace("\f", "")
    return Markup(re.sub(r"(?<=[{}%])_|_(?=[{}%])", "&#95;", text))  # noqa: S704 - escaped just above


def _paths(words: Mapping[str, Any], above: str = "") -> Iterator[tuple[int, str]]:
    """Yield the identity of every group of words with the path under which a template reaches it."""
    for name, value in words.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            yield id(value), path
            yield from _paths(value, f"{path}.")
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, Mapping):
                    yield id(one), path
                    yield from _paths(one, f"{path}.")


def field_names(words: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield every field that a template may name; those of lists stand under the list."""
    for name, value in words.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from field_names(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def _fault(template: TemplateFile, words: Mapping[str, Any], error: BaseException) -> ConfigError:
    unknown = str(error) if isinstance(error, UnknownField) else ""
    if isinstance(error, UndefinedError) and (found := _TOP.search(str(error))):
        unknown = found[1]
    guide = "lihat daftar isian di docs/pengawas/formulir.md"
    if unknown:
        close = difflib.get_close_matches(unknown, list(field_names(words)), 1, 0.6)
        mend = f"mungkin maksudnya {close[0]}; {guide}" if close else guide
        return ConfigError(f"Templat {template.place}: isian {{{{ {unknown} }}}} tidak dikenal", mend)
    near = _near(error)
    if isinstance(error, TemplateSyntaxError):
        return ConfigError(
            f"Templat {template.place}: tanda {{{{ }}}} atau {{% %}} tidak lengkap atau tidak berpasangan{near}", guide
        )
    return ConfigError(f"Templat {template.place} tidak dapat diisi ({type(error).__name__}){near}", guide)


def _near(error: BaseException) -> str:
    """Return the words of the template around a fault."""
    told = [" ".join(str(line).split()) for line in getattr(error, "docx_context", ())]
    marked = [line for line in told if "{" in line or "}" in line]
    return f", dekat “{marked[len(marked) // 2][:120]}”" if marked else ""


def _mark_blanks(root: Any) -> None:
    """Give every gap a background that cannot be overlooked."""
    for run in list(root.iter(f"{_W}r")):
        texts = [text for text in run.iterchildren(f"{_W}t") if BLANK.search(text.text or "")]
        if texts:
            for made in _split(run):
                run.addprevious(made)
            run.getparent().remove(run)


def _split(run: Any) -> Iterator[Any]:
    """Yield the pieces of a run, each with its look; gaps stand alone."""
    look = run.find(f"{_W}rPr")
    for child in run:
        if child is look:
            continue
        pieces = [("", child)] if child.tag != f"{_W}t" else _pieces(child.text or "")
        for words, whole in pieces:
            made = etree.SubElement(etree.Element(f"{_W}p"), f"{_W}r")
            style = copy.deepcopy(look) if look is not None else etree.Element(f"{_W}rPr")
            if BLANK.fullmatch(words):
                _shade(style)
            if len(style):
                made.append(style)
            if whole is not None:
                made.append(copy.deepcopy(whole))
            else:
                text = etree.SubElement(made, f"{_W}t")
                text.text = words
                text.set(_SPACE, "preserve")
            yield made


def _shade(style: Any) -> None:
    shade = etree.Element(f"{_W}shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FFF2A8")):
        shade.set(f"{_W}{name}", value)
    after = next((child for child in style if child.tag in _AFTER_SHADE), None)
    if after is not None:
        after.addprevious(shade)
    else:
        style.append(shade)


def _pieces(text: str) -> list[tuple[str, Any]]:
    """Return a text cut at its gaps."""
    found: list[tuple[str, Any]] = []
    at = 0
    for gap in BLANK.finditer(text):
        found += [(text[at : gap.start()], None), (gap[0], None)]
        at = gap.end()
    return [(words, none) for words, none in (*found, (text[at:], None)) if words]


def _sign(properties: Any, card: Card) -> None:
    """Write who, what and when into the document's properties, in place of the clock's and the template's."""
    moment = card.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title = label(card.form)
    properties.subject = f"Informasi awal {', '.join(map(str, card.case_ids[:20]))}"
    properties.author = properties.last_modified_by = card.agency[:200]
    properties.keywords = card.keywords
    properties.created = properties.modified = moment
    properties.revision = 1


def _repacked(data: bytes) -> bytes:
    """Return the same package without the time at which it was packed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _FIRST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name))
    return packed.getvalue()
