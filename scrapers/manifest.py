"""What a platform says about itself in `manifest.toml`: what can be seen, how far, where that is documented."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Literal

import msgspec

from monitor.domain import Act, Coverage, Direction, SourceMode
from monitor.errors import ConfigError


class Capability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of one verb is public in one direction, and which endpoints show it.

    `reason` is Indonesian and needed unless `level` is full. `coverage` is what a visit records for the verb when
    `level` is none.
    """

    direction: Direction
    verb: Act
    level: Literal["full", "partial", "none"]
    endpoints: tuple[str, ...] = ()
    reason: str = ""
    coverage: Coverage = Coverage.NOT_PUBLIC


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit as the platform's documents state it."""

    what: str
    value: str
    source: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One platform. `version` is the mapper's; `urls` are the base addresses used where the policy sets none."""

    name: str
    title: str
    version: str
    status: Literal["unverified", "working", "broken"]
    verified: date
    modes: tuple[SourceMode, ...]
    docs: tuple[str, ...]
    terms: str = ""
    urls: Mapping[str, str] = msgspec.field(default_factory=dict)
    capability: tuple[Capability, ...] = ()
    limit: tuple[Limit, ...] = ()

    def capability_of(self, direction: Direction, verb: Act) -> Capability | None:
        """Return what is public of a verb; None where the manifest does not speak of it (not attempted)."""
        return next((c for c in self.capability if (c.direction, c.verb) == (direction, verb)), None)

    def verbs(self, direction: Direction, endpoint: str) -> tuple[Act, ...]:
        """Return the verbs that an endpoint shows, so that its failure can be laid to them."""
        return tuple(c.verb for c in self.capability if c.direction == direction and endpoint in c.endpoints)


def load_manifest(package: str) -> Manifest:
    """Read the manifest of a platform package; ConfigError names the file and what is wrong with it."""
    try:
        data = tomllib.loads(resources.files(package).joinpath("manifest.toml").read_text(encoding="utf-8"))
        manifest = msgspec.convert(data, Manifest)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ConfigError(f"manifest.toml milik {package} tidak sah: {error}") from error
    silent = [f"{c.direction}/{c.verb}" for c in manifest.capability if c.level != "full" and not c.reason]
    if silent:
        raise ConfigError(f"manifest.toml milik {package}: tanpa alasan: {', '.join(silent)}")
    return manifest


def to_json(manifest: Manifest) -> dict[str, object]:
    """Return the manifest as plain JSON values."""
    plain: dict[str, object] = msgspec.to_builtins(manifest)
    return plain
