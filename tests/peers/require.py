"""What the tests leave out on a machine that lacks something, and how that is said."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

LEFT_OUT = "left out: "


def everything_required() -> bool:
    """Whether leaving a test out counts as a failure."""
    return os.environ.get("PANTAU_TEST_REQUIRE_ALL") == "1"


def leave_out(what: str, why: str) -> NoReturn:
    """Skip the test because this machine lacks `what`, or fail it where everything is required."""
    reason = f"{LEFT_OUT}{what}: {why}"
    if everything_required():
        pytest.fail(f"{reason} (PANTAU_TEST_REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)
