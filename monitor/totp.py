"""Codes of a second factor: six digits of an authenticator app (RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT = 1
"""How many steps a phone's clock may be early or late."""
CODES = 10
"""How many recovery codes are given out at once."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another on paper


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def address(secret: str, user_name: str, issuer: str) -> str:
    """Return what an authenticator app reads from the drawn code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def code_at(secret: str, now: datetime) -> str:
    """Return the code that an app shows at a time."""
    return pyotp.TOTP(secret).generate_otp(step_at(now))


def step_at(now: datetime) -> int:
    """Return the number of the time step."""
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the newest step near now whose code this is, None when it is none's; every step is compared."""
    here, maker = step_at(now), pyotp.TOTP(secret)
    steps = range(here - DRIFT, here + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(maker.generate_otp(step).encode(), code.encode())]
    return max(fits, default=None)


def is_app_code(text: str) -> bool:
    """Whether a typed text has the shape of an app's code; anything else is taken for a recovery code."""
    return len(text) == 6 and text.isascii() and text.isdigit()


def plain(typed: str) -> str:
    """Return a typed code without what people put in to read it better."""
    return "".join(letter for letter in typed.casefold() if letter.isalnum())[:64]


def new_recovery_codes() -> tuple[str, ...]:
    """Return fresh recovery codes, 49 random bits each, written as two groups of five."""
    return tuple(f"{_group()}-{_group()}" for _ in range(CODES))


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
