"""What every operation of /api shares: documented errors, cleaned texts, numbers of pages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from monitor.web.api_models import Error

MOST = 2**31 - 1

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": Error, "description": "A parameter cannot be read."},
    401: {"model": Error, "description": "No living session and no valid token."},
    403: {"model": Error, "description": "Your role, or the token's, does not open this."},
    404: {"model": Error, "description": "There is no such thing, or it lies outside your places."},
    503: {"model": Error, "description": "The database cannot be used now, or too many lists are asked for."},
}
"""The errors that every operation may answer with."""

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
AfterNumber = Annotated[int | None, Query(ge=1, le=MOST, description="`next` of the page before.")]
Text = Annotated[str, Query(max_length=100, description="Words to look for.")]
Region = Annotated[str, Query(max_length=32, description="Dotted region code; covers all below it.")]


def clean(text: str) -> str:
    """Return a text as databases take it: one line, without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
