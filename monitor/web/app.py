"""The review console as an application: handlers, static files, error pages and the guard before them."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute

from monitor.web import (
    answers,
    api,
    api_docs,
    attribution,
    audit_page,
    balance,
    blind_page,
    bulk,
    candidates,
    case,
    case_asks,
    case_bundle,
    case_forms,
    case_limits,
    case_pictures,
    case_turns,
    finds_page,
    health_page,
    help_page,
    home,
    identifier,
    imports,
    looks,
    metrics,
    my_account,
    oidc,
    people_page,
    privacy_page,
    queue,
    register_page,
    reports_page,
    rules_desk,
    second_factor,
    shortcuts,
    signin,
    suppression_page,
    uploads,
    users_page,
    views,
)
from monitor.web.deps import WebDeps
from monitor.web.drafts import Drafts
from monitor.web.frame import FrameDep, build_frame
from monitor.web.fresh import Renewal
from monitor.web.guard import Guard
from monitor.web.line import InLine
from monitor.web.templating import HERE

__all__ = ["WebDeps", "create_app"]

_PAGES = (
    signin,
    second_factor,
    oidc,
    my_account,
    users_page,
    identifier,
    looks,
    home,
    health_page,
    metrics,
    help_page,
    imports,
    queue,
    views,
    bulk,
    people_page,
    case_turns,
    case,
    case_asks,
    case_pictures,
    case_bundle,
    case_forms,
    case_limits,
    blind_page,
    shortcuts,
    attribution,
    suppression_page,
    rules_desk,
    candidates,
    api_docs,
    reports_page,
    balance,
    audit_page,
    privacy_page,
    finds_page,
    uploads,
    register_page,
)


def create_app(deps: WebDeps) -> FastAPI:
    """Return the console over the given parts; nothing is opened or started by this."""
    app = FastAPI(
        title="Pantau Netralitas",
        description="Informasi awal untuk ditinjau; keluaran program bukan temuan.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=uploads.lifespan,
    )
    app.state.frame = build_frame(deps)
    app.state.background = uploads.background(deps)
    app.router.routes.extend(_routes())
    api_docs.install(app)
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    answers.install(app)
    large = {**uploads.large_forms(deps), **case_pictures.large_forms(deps)}
    app.add_middleware(Renewal)
    app.add_middleware(Drafts, https=deps.https)
    app.add_middleware(InLine, busy=answers.busy(app))
    app.add_middleware(Guard, hosts=deps.hosts, https=deps.https, refuse=answers.refusal(app), large=large)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """Return the routes of all pages and of /api; they belong to no application and take long to make."""
    every = APIRouter()
    for pages in _PAGES:
        every.include_router(pages.routes, include_in_schema=False)
    every.include_router(api.routes, prefix="/api")
    return every.routes


def healthz(frame: FrameDep, ketat: bool = False) -> JSONResponse:
    """Say how the program is, for a watchdog: 200 while it and its database answer, `ok` says how the nights went.

    With `?ketat=1` a program that is not well answers 503, for watchdogs that read no JSON.
    """
    told = dict(frame.deps.health())
    return JSONResponse(told, status_code=503 if ketat and not told["ok"] else 200)
