"""Passwords and tokens: only their hashes are stored."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    return _hasher().hash(password)


def verify_password(password: str, hashed: str) -> bool:
    """Whether the password belongs to the hash."""
    return _hasher().verify(password, hashed)


@cache
def decoy_hash() -> str:
    """Return a hash that no password fits, so that an unknown name costs as much time as a known one."""
    return hash_password(secrets.token_urlsafe(32))


def new_token() -> str:
    """Return a fresh API token of 256 bits; shown once, stored hashed."""
    return "pantau_" + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token; enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
