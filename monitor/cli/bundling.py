"""Evidence bundles, wired from a workspace: for the command line and for the console."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from monitor.cli.form_work import office_of
from monitor.desk.bundling import BundleOffice
from monitor.domain import FormKind
from monitor.evidence.bundle_facts import BundleFacts, Papers
from monitor.reports.forms import Extras, draft
from monitor.reports.readable import readable_page
from monitor.workspace import Workspace


def bundle_office(space: Workspace) -> BundleOffice:
    """Return whose bundles these are, with the writers of their papers."""
    agency = space.settings.agency.name
    software = f"pantau-netralitas {version('pantau-netralitas')}"
    return BundleOffice(space.database, space.evidence, agency, software, papers_of(space))


def papers_of(space: Workspace) -> Papers:
    """Return the writer of a bundle's readable copy and of its draft."""
    agency = space.settings.agency
    office = office_of(space)

    def write(facts: BundleFacts) -> Mapping[str, bytes]:
        return {
            "salinan.html": readable_page(facts, agency.name, agency.zone),
            "formulir-a.docx": draft(FormKind.A, facts.detail, office, facts.as_of.at, Extras(notes=False)),
        }

    return write


def file_name(case_id: int, manifest: int, *, raw: bool) -> str:
    """Return what a bundle is called: the case's number, never anybody's name."""
    return f"bukti-informasi-awal-{case_id}-m{manifest}{'-mentah' if raw else ''}.zip"
