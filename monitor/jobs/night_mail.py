"""Telling the office of a night when it ended or broke off, whichever way it was run."""

from __future__ import annotations

import structlog

from monitor.desk.night_mail import announce, messages
from monitor.desk.night_summary import last_night
from monitor.errors import PantauError
from monitor.post_office import carriers_of, office_of
from monitor.scan.plan import ScanOrder
from monitor.workspace import Workspace


def tell_night(space: Workspace) -> None:
    """Mail the summary of the newest whole night to whom the settings name.

    A mail that is not taken waits for the next digest; no failure of telling becomes one of the night.
    """
    settings, told_of = space.settings, space.settings.health
    if not told_of.mail_to:
        return
    log = structlog.get_logger()
    try:
        office = office_of(settings)
        with space.database.read() as session:
            told = last_night(session, settings.agency.zone, space.clock(), query=ScanOrder().query)
        if told is None:
            return
        mail = messages(office, told, told_of.mail_to, always=told_of.mail_when == "selalu")
        sent = announce(space.database, office, carriers_of(settings, space.clock), mail, space.clock)
    except PantauError as error:
        log.error("night not told", error=type(error).__name__)  # noqa: TRY400 - a trace may quote an address
        return
    log.info("night told", made=sent.made, sent=sent.sent, failed=sent.failed)
