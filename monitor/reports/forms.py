"""Official forms as Word drafts: filled from a case, with visible blanks where nothing is known."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import CaseDetail, FormKind
from monitor.reports.forms_facts import facts
from monitor.reports.forms_order import Extras, FormOffice, Issued
from monitor.reports.forms_template import read_template
from monitor.reports.forms_word import Card, fill

__all__ = ["Extras", "FormOffice", "Issued", "draft", "file_name", "template_hash"]

_NOTHING = Extras()


def draft(form: FormKind, case: CaseDetail, office: FormOffice, as_of: datetime, extras: Extras = _NOTHING) -> bytes:
    """Return a form of a case as a Word document; the same arguments give the same bytes.

    `case` must have been read as of `as_of`, whose day decides the addressee. What is not known stands as
    `[belum diisi: …]`. For SBT it is the letter that goes with the rows. ConfigError names what is wrong in an office's
    own template.
    """
    template = read_template(form, office.templates)
    words = facts(form, (case,), office, as_of, extras)
    return fill(template, words, Card(form, (case.id,), as_of, office.agency, template.sha256))


def template_hash(form: FormKind, office: FormOffice) -> str:
    """Return the hash of the template that a form is filled from."""
    return read_template(form, office.templates).sha256


def file_name(form: FormKind, case_ids: tuple[int, ...], version: int | None = None) -> str:
    """Return what a form's file is called; numbers of cases, never names of people."""
    numbers = "-".join(map(str, case_ids[:5])) + ("-dst" if len(case_ids) > 5 else "")
    what = f"v{version}" if version is not None else "draf"
    return f"{form.value}-informasi-awal-{numbers}-{what}"
