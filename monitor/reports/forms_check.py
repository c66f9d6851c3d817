"""What a document must be before it is issued: whole, of this case, no draft any more, and without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from monitor.domain import FormKind
from monitor.errors import UsageError
from monitor.labels import label
from monitor.reports.forms_order import BLANK, DRAFT_MARK
from monitor.reports.forms_template import check_size, word_problem
from monitor.reports.forms_word import paragraphs

UNKNOWN_TEMPLATE = "0" * 64
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be issued: which gaps it still shows, and which template it came from (zeros: not known)."""

    blanks: tuple[str, ...]
    template_sha256: str


def check_document(data: bytes, form: FormKind, case_id: int, *, blanks_allowed: bool = False) -> Checked:
    """Look at a document that an officer edited; UsageError names what stands in the way of issuing it."""
    check_size(len(data))
    problem = word_problem(data)
    if problem:
        raise UsageError(f"Dokumen ini {problem}", "simpan sebagai .docx tanpa makro, lalu kirim lagi")
    properties, lines = _read(data)
    template = _origin(properties, form, case_id)
    if any(line.lstrip().startswith(DRAFT_MARK) for line in lines):
        raise UsageError(
            "Dokumen ini masih bertanda DRAF", "periksa isinya, hapus baris DRAF di kepala halaman, lalu kirim lagi"
        )
    gaps = blanks_in(lines)
    if gaps and not blanks_allowed:
        shown = ", ".join(gaps[:_SHOWN]) + (f", dan {len(gaps) - _SHOWN} lagi" if len(gaps) > _SHOWN else "")
        raise UsageError(
            f"Dokumen ini masih memuat {len(gaps)} isian kosong: {shown}",
            "isi atau hapus isian itu, atau nyatakan bahwa isian kosong dilengkapi dengan tangan",
        )
    return Checked(gaps, template)


def blanks_in(lines: list[str]) -> tuple[str, ...]:
    """Return what the visible gaps of a document ask for, each once."""
    return tuple(dict.fromkeys(gap[1] for line in lines for gap in BLANK.finditer(line)))


def blanks_of(data: bytes) -> tuple[str, ...]:
    """Return what the visible gaps of a Word document ask for, each once."""
    return blanks_in(list(paragraphs(data)))


def _read(data: bytes) -> tuple[Any, list[str]]:
    from docx import Document

    try:
        return Document(BytesIO(data)).core_properties, list(paragraphs(data))
    except (etree.LxmlError, LookupError, ValueError, TypeError, AttributeError, OSError) as error:
        raise UsageError("Dokumen Word ini tidak dapat dibaca", "buka dan simpan ulang sebagai .docx") from error


def _origin(properties: Any, form: FormKind, case_id: int) -> str:
    """Return the template's hash from the marks that the draft was given; UsageError for a draft of something else."""
    mark, *rest = (properties.keywords or "").split(";")
    if mark != "pantau" or len(rest) != 3:
        return UNKNOWN_TEMPLATE
    of_form, cases, template = rest
    if of_form != form.value or str(case_id) not in cases.split(","):
        other = label(FormKind(of_form)) if of_form in tuple(FormKind) else "formulir lain"
        raise UsageError(
            f"Dokumen ini dibuat sebagai {other} dari informasi awal {cases[:60]}",
            "pilih dokumen yang dibuat untuk informasi awal dan formulir ini",
        )
    return template if len(template) == 64 else UNKNOWN_TEMPLATE
