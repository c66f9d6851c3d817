"""Every request to X is held against a cut from X's own machine-readable description (scripts/extract_x_openapi.py)."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from monitor.domain import AccountRef, Direction, SourceMode
from scrapers.contract import Request, SourceOptions, Target
from scrapers.platforms.x import api
from scrapers.platforms.x.adapter import XAdapter
from tests.scrapers.x_answers import OWNED, OWNER, PAIR, a_post, read, timeline

DESCRIPTION: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "x_openapi_extract.json").read_text(encoding="utf-8")
)
SINCE = datetime(2026, 9, 25, tzinfo=UTC)
ADAPTER = XAdapter()
PLAIN = SourceOptions("x")


def every_request() -> list[Request]:
    """Return every kind of request, first and next pages, behind both doors."""
    found: list[Request] = []
    for options in (PLAIN, OWNED):
        for direction in (Direction.CANDIDATE, Direction.SUBJECT):
            for since in (None, SINCE):
                found += ADAPTER.plan(Target("x", direction, AccountRef("x", PAIR), since), options)
        found += [ADAPTER.resolve("@paslon_contoh", options), ADAPTER.resolve(PAIR, options)]
        found += ADAPTER.hydrate(("1860000000000000001", "1860000000000000002"), options)
        for reposts in (3, 0):
            counts = {"retweet_count": reposts, "quote_count": 1, "reply_count": 2, "like_count": 4}
            found += read(timeline(options=options), {"data": [a_post(public_metrics=counts)]}, options).follow
    next_pages = [
        following
        for request in found
        if request.endpoint not in ("user", "posts")
        for following in read(request, {"data": [], "meta": {"next_token": "b26v89c19zqg8o3fo7z"}}).follow
    ]
    assert len({request.endpoint for request in next_pages}) == 5
    return found + next_pages


REQUESTS = every_request()


def template_of(path: str) -> str:
    """Return the described path that a path is an instance of."""
    for template in api.PATHS:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            return template
    raise AssertionError(f"no such call: {path}")


def described(request: Request) -> dict[str, Any]:
    parts = urlsplit(request.url)
    assert f"{parts.scheme}://{parts.netloc}" == DESCRIPTION["server"]
    operation: dict[str, Any] = DESCRIPTION["paths"][template_of(parts.path)]
    return operation


def check_value(value: str, schema: dict[str, Any]) -> None:
    """Hold one value against its schema, as far as the cut states it."""
    kind = schema.get("type")
    if kind == "array":
        entries = value.split(",")
        assert schema.get("minItems", 0) <= len(entries) <= schema.get("maxItems", 10_000)
        assert len(set(entries)) == len(entries)
        for entry in entries:
            check_value(entry, schema["items"])
    elif kind == "integer":
        assert schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 2**31)
    else:
        assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10_000)
        assert re.fullmatch(schema.get("pattern", r".*"), value)
        assert value in schema.get("enum", [value])
        if schema.get("format") == "date-time":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)


def test_every_described_call_is_made() -> None:
    assert {template_of(urlsplit(request.url).path) for request in REQUESTS} == set(DESCRIPTION["paths"])


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r.endpoint}-{r.credential}-{len(r.url)}")
def test_a_call_has_only_described_parameters_with_permitted_values(request_: Request) -> None:
    known, given = described(request_)["parameters"], parse_qsl(urlsplit(request_.url).query, keep_blank_values=True)
    assert len(dict(given)) == len(given)
    for name, value in given:
        assert known[name]["in"] == "query"
        assert not (known[name]["schema"].get("type") == "array" and known[name]["explode"])
        check_value(value, known[name]["schema"])
    wanted = {name for name, stated in known.items() if stated["in"] == "query" and stated["required"]}
    assert wanted <= dict(given).keys()


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r.endpoint}-{r.credential}-{len(r.url)}")
def test_the_numbers_and_names_in_a_path_are_as_described(request_: Request) -> None:
    path = urlsplit(request_.url).path
    template = template_of(path)
    names = re.findall(r"\{(\w+)\}", template)
    pattern = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    assert found is not None
    for name, value in zip(names, found.groups(), strict=True):
        check_value(value, described(request_)["parameters"][name]["schema"])


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r.endpoint}-{r.credential}-{len(r.url)}")
def test_a_call_goes_through_a_door_that_x_opens_for_it(request_: Request) -> None:
    needed = "BearerToken" if request_.credential == "app" else "OAuth2UserToken"
    assert needed in described(request_)["security"]


def test_who_liked_is_asked_with_the_owners_token_only() -> None:
    assert {r.credential for r in REQUESTS if r.endpoint == "likers"} == {f"owner:{PAIR}"}
    assert OWNED.mode is SourceMode.OWNER_TOKEN
    assert f"owner:{PAIR}" == OWNER


def test_reposts_come_without_accounts_which_would_double_the_price() -> None:
    reposts = [dict(parse_qsl(urlsplit(r.url).query)) for r in REQUESTS if r.endpoint == "reposts"]
    assert reposts
    assert all("expansions" not in given and "author_id" in given["tweet.fields"] for given in reposts)
