"""The OpenAPI document of /api, and the same as a page that needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, RedirectResponse

from monitor.web.frame import Visitor, page, see, visitor_or_none

routes = APIRouter()

DESCRIPTION: Final = """Read-only JSON of what the console shows: the same rows, within the same places.

Sign in with `Authorization: Bearer <token>`; a token acts for one user, with all roles or with one of them.
Everything answered is an indikasi or an informasi awal, never a finding. Every view of a person is audited.

Lists come in pages: pass `next` of an answer as `after` (for the audit log `before`) to go on; null is the last page.
Things outside your places answer 404 in the same words as things that do not exist."""
TAGS: Final = (
    ("cases", "Informasi awal: the queue with its filters, one case, saved filters."),
    ("people", "Watched people; NIPs are masked."),
    ("attributions", "Whose account is it."),
    ("rules", "Rules, their precision, and suppressions."),
    ("candidates", "Contests, pairs and their accounts."),
    ("sources", "What could be seen, and what could not."),
    ("reports", "Weekly reports that were made."),
    ("audit", "Who did or saw what."),
    ("users", "Users and their grants."),
)
_OPEN_TO: Final = {
    "cases": "pengawas, koordinator, dpo",
    "people": "pengawas, koordinator, dpo",
    "attributions": "pengawas, koordinator",
    "rules": "pengawas, koordinator, admin, analis, auditor",
    "candidates": "pengawas, koordinator, admin",
    "sources": "all roles",
    "audit": "auditor, dpo, koordinator",
    "reports": "pengawas, koordinator, analis",
    "users": "admin",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation as the page shows it."""

    name: str
    where: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it; `fields` are name and type of what the answer holds."""

    path: str
    title: str
    words: str
    parameters: tuple[Parameter, ...]
    answer: str
    fields: tuple[tuple[str, str], ...]


@routes.get("/api", include_in_schema=False)
def to_page() -> RedirectResponse:
    """Go to the page."""
    return see("/api/")


@routes.get("/api/", include_in_schema=False)
def show(request: Request, visitor: Annotated[Visitor | None, Depends(visitor_or_none)]) -> HTMLResponse:
    """Show the operations of /api."""
    request.state.visitor = visitor
    document = request.app.openapi()
    by_tag = {name: [op for op in _operations(document) if op[0] == name] for name, _ in TAGS}
    return page(
        request,
        "api.html",
        tags=[(name, words, _OPEN_TO[name], [op for _, op in by_tag[name]]) for name, words in TAGS],
        description=DESCRIPTION.replace("`", "").split("\n\n"),
    )


def install(app: FastAPI) -> None:
    """Give the application its document: tags, the ways to sign in, and errors as they really are answered."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to change the document


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version="1",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS],
    )
    schemes = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of `pantau users token`."},
        "session": {"type": "apiKey", "in": "cookie", "name": "pantau", "description": "A signed-in browser."},
    }
    made.setdefault("components", {})["securitySchemes"] = schemes
    made["security"] = [{"token": []}, {"session": []}]
    for operations in made.get("paths", {}).values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # answered as 400 or 404, see `answers`
    for unused in ("HTTPValidationError", "ValidationError"):
        made["components"].get("schemas", {}).pop(unused, None)
    return made


def _operations(document: Mapping[str, Any]) -> list[tuple[str, Operation]]:
    schemas = document["components"]["schemas"]
    found = []
    for path, methods in document["paths"].items():
        for method in methods.values():
            answer = method["responses"]["200"]["content"]["application/json"]["schema"]
            name = _kind(answer)
            told = Operation(
                path=path,
                title=method.get("summary", ""),
                words=method.get("description", ""),
                parameters=tuple(_parameter(one) for one in method.get("parameters", ())),
                answer=name,
                fields=tuple((key, _kind(value)) for key, value in schemas.get(name, {}).get("properties", {}).items()),
            )
            found.append((method["tags"][0], told))
    return found


def _parameter(one: Mapping[str, Any]) -> Parameter:
    return Parameter(
        one["name"], one["in"], _kind(one["schema"]), bool(one.get("required")), one.get("description", "")
    )


def _kind(schema: Mapping[str, Any]) -> str:
    """Return a schema in few words: its name, its type, or its tokens."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(token) for token in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")
