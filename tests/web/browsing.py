"""What a browser does: reading forms and sending them."""

from __future__ import annotations

from fastapi.testclient import TestClient
from httpx import Response
from selectolax.lexbor import LexborHTMLParser

PASSWORD = "sandi-contoh-yang-panjang"


def parsed(answer: Response) -> LexborHTMLParser:
    return LexborHTMLParser(answer.text)


def words(answer: Response) -> str:
    """Return the visible words of a page."""
    body = parsed(answer).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


def hidden_fields(answer: Response, action: str) -> dict[str, str]:
    """Return the fields that the form with this action carries by itself."""
    form = parsed(answer).css_first(f'form[action="{action}"]')
    assert form is not None, f"no form for {action}"
    fields = {i.attributes["name"] or "": i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
    for area in form.css("textarea"):
        fields[area.attributes["name"] or ""] = area.text()
    return fields


def submit(client: TestClient, page: Response, action: str, **fields: str) -> Response:
    """Send a form of a page, as a browser of the same origin does."""
    sent = hidden_fields(page, action) | {name.replace("__", "."): value for name, value in fields.items()}
    return client.post(action, data=sent, headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"})


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **fields: str) -> Response:
    return submit(client, client.get("/masuk"), "/masuk", nama=name, sandi=password, **fields)
