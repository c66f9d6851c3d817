"""Drawing and issuing forms over a workspace, for the command line and, by `console_forms`, for the console."""

from __future__ import annotations

from datetime import datetime

from monitor.desk import forms as desk
from monitor.desk.forms import FormFile, FormVersion, FormWish, IssueOrder, IssueWish, MadeDocument
from monitor.domain import CaseDetail, FormIssue, FormKind, UserRow
from monitor.errors import RefusedError
from monitor.reports.forms import Extras, FormOffice, Issued, draft, file_name, template_hash
from monitor.reports.forms_check import blanks_of, check_document
from monitor.reports.forms_sbt import check_sbt, sbt_csv, sbt_letter, sbt_rows, sbt_xlsx
from monitor.scan.mounted import ensure_evidence
from monitor.workspace import Workspace


def office_of(space: Workspace) -> FormOffice:
    """Return whose forms a workspace writes, with the office's own templates."""
    agency = space.settings.agency
    return FormOffice(agency.name, agency.zone, space.settings.home / "templates")


def drawn(space: Workspace, wish: FormWish) -> FormFile:
    """Return a form of a case as a draft; for SBT the letter about all cases. Drawing is audited."""
    office, now = office_of(space), space.clock()
    cases = desk.cases_for_draft(space.database, wish.case_ids, wish.form, wish.user, now)
    name = file_name(wish.form, tuple(case.id for case in cases))
    if wish.form is FormKind.SBT:
        for case in cases:
            check_sbt(case)
        data = sbt_letter(cases, office, now)
        return FormFile(f"{name}-pengantar.docx", data, blanks_of(data))
    number = _numbers(space, wish, now).get(cases[0].id, "")
    officer = wish.user.full_name if wish.user is not None else ""
    data = draft(wish.form, cases[0], office, now, Extras(officer, number))
    return FormFile(f"{name}.docx", data, blanks_of(data))


def sheet(space: Workspace, wish: FormWish, ending: str = "xlsx") -> FormFile:
    """Return the rows for SBT with the full numbers; who unlocked them is audited."""
    office, now = office_of(space), space.clock()
    cases = desk.cases_for_draft(space.database, wish.case_ids, FormKind.SBT, wish.user, now)
    for case in cases:
        check_sbt(case)
    rows = sbt_rows(cases, _numbers(space, wish, now), office, now)
    data = sbt_csv(rows) if ending == "csv" else sbt_xlsx(rows, now)
    return FormFile(f"{file_name(FormKind.SBT, tuple(case.id for case in cases))}.{ending}", data)


def issued(space: Workspace, wish: IssueWish) -> FormIssue:
    """Lock a form as its next version: the program's, or the document that the officer edited.

    EvidenceElsewhere where the evidence does not lie, to which the form is added.
    """
    office, now = office_of(space), space.clock()
    desk.must_be_issuable(space.database, wish.case_id, wish.form, wish.user, now)
    ensure_evidence(space.database, space.evidence)
    numbers = _numbers(space, FormWish(wish.form, (wish.case_id,), wish.user, wish.with_number), now)

    def make(case: CaseDetail, version: int) -> MadeDocument:
        if wish.document is not None:
            checked = check_document(wish.document, wish.form, case.id, blanks_allowed=wish.blanks_allowed)
            return MadeDocument(wish.document, checked.template_sha256, by_officer=True, blanks=len(checked.blanks))
        if wish.form is FormKind.SBT:
            check_sbt(case)
            rows = sbt_rows((case,), numbers, office, now)
            return MadeDocument(sbt_xlsx(rows, now), template_hash(wish.form, office))
        stamp = Issued(version, wish.user.full_name or wish.user.name, now)
        extras = Extras(wish.user.full_name, numbers.get(case.id, ""), stamp)
        data = draft(wish.form, case, office, now, extras)
        checked = check_document(data, wish.form, case.id, blanks_allowed=wish.blanks_allowed)
        return MadeDocument(data, checked.template_sha256, blanks=len(checked.blanks))

    order = IssueOrder(wish.case_id, wish.form, wish.reason, make)
    return desk.issue(space.database, space.evidence, order, wish.user, now)


def opened_version(space: Workspace, which: FormVersion, user: UserRow) -> FormFile:
    """Return an issued document as it was locked; opening is audited."""
    found, data = desk.open_issue(space.database, space.evidence, which, user, space.clock())
    return FormFile(f"{file_name(which.form, (which.case_id,), found.version)}.{which.form.ending}", data)


def _numbers(space: Workspace, wish: FormWish, now: datetime) -> dict[int, str]:
    if not (wish.with_number or wish.form.holds_number):
        return {}
    if wish.user is None:
        raise RefusedError("Nomor induk hanya dibuka bagi petugas yang membuktikan dirinya", "sebut nama dengan --as")
    return desk.numbers_for_form(space.database, space.vault, wish.case_ids, wish.form, wish.user, now)
