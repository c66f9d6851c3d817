"""The console's parts, wired from a workspace."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from monitor.assembly import bars_of, purge_parts
from monitor.cli.console_bundle import bundling
from monitor.cli.console_cases import rechecking
from monitor.cli.console_contests import contest_warnings
from monitor.cli.console_forms import form_room
from monitor.cli.console_health import NIGHT_QUERY, around, health, metrics_token
from monitor.cli.console_pictures import camera_room
from monitor.cli.console_provider import provider_of
from monitor.cli.console_rules import rule_room
from monitor.cli.console_sources import standings
from monitor.cli.console_uploads import bringing
from monitor.desk.case_pictures import PictureRoom
from monitor.privacy.purge import due_now
from monitor.scan.mounted import ensure_evidence
from monitor.web.deps import LOCAL_HOSTS, PrivacyRoom, ReportDesk, WebDeps
from monitor.workspace import Workspace


def console_parts(space: Workspace) -> WebDeps:
    """Return what the console of this workspace is made of."""
    settings = space.settings
    return WebDeps(
        database=space.database,
        vault=space.vault,
        agency=settings.agency.name,
        zone=settings.agency.zone,
        clock=space.clock,
        health=lambda: health(space),
        around=lambda: around(space),
        metrics_token=metrics_token(space),
        night_query=NIGHT_QUERY,
        https=settings.web.https,
        hosts=(*LOCAL_HOSTS, *settings.web.hosts),
        session_length=timedelta(hours=settings.web.session_hours),
        idle=timedelta(minutes=settings.web.idle_minutes),
        second_factor=settings.web.second_factor == "wajib",
        provider=provider_of(settings.web.oidc, settings.home),
        bars=bars_of(settings),
        reports=ReportDesk(settings.reports_dir, settings.agency.jurisdiction),
        standings=standings(space),
        blind_share=settings.review.blind_share,
        recheck=rechecking(space),
        camera=camera_room(space),
        pictures=PictureRoom(partial(_kept, space), space.evidence.get),
        forms=form_room(space),
        bundle=bundling(space),
        evidence=space.evidence,
        bringing=bringing(space, settings.web.upload_mb),
        rules=rule_room(space),
        contest_warnings=contest_warnings(space),
        privacy=PrivacyRoom(lambda: due_now(purge_parts(space), space.clock()), settings.agency.jurisdiction),
    )


def _kept(space: Workspace, picture: bytes) -> str:
    """Keep a picture among the evidence and return its hash; EvidenceElsewhere where that does not lie."""
    ensure_evidence(space.database, space.evidence)
    return space.evidence.put(picture)
