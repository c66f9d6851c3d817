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
    `level` is none. `mode` is the door behind which it is so, None where it is so behind every door.
    """

    direction: Direction
    verb: Act
    level: Literal["full", "partial", "none"]
    endpoints: tuple[str, ...] = ()
    reason: str = ""
    coverage: Coverage = Coverage.NOT_PUBLIC
    mode: SourceMode | None = None


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit as the platform's documents state it."""

    what: str
    value: str
    source: str


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A credential that calls of a platform need: its name, and where the fetcher puts the secret.

    `place` is "query:NAME" or "header:NAME" or "bearer". An owner's token has the slot `owner`; requests name it
    `owner:<stable id of the account>`.
    """

    name: str
    place: str
    what: str
    mode: SourceMode | None = None


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a platform grants a day, in its own units, and in which time zone its day turns."""

    units: int
    zone: str = "UTC"


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one call of an endpoint costs in units of the quota; `bucket` where it has a quota of its own."""

    endpoint: str
    units: int = 1
    bucket: str = ""


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the platform charges for one thing read; `micros` are millionths of the currency.

    `most` says by endpoint how many of them one call may bring, so that a call can be weighed before it is made.
    """

    what: str
    micros: int
    currency: str
    source: str
    most: Mapping[str, int] = msgspec.field(default_factory=dict)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One platform. `version` is the mapper's; `urls` are the base addresses used where the policy sets none.

    A `gated` platform is read live only with a `permission_ref` in its policy. `imports` are the capture formats that
    bring its content. `retention_days` is the longest time that its terms let an unrefreshed answer be kept. `oembed`
    is the address that says whether a post is still online. `by_handle` is true where the platform's own API names
    accounts by nothing but their handles, so that an account is read as soon as its handle is known.
    """

    name: str
    title: str
    version: str
    status: Literal["unverified", "working", "broken"]
    verified: date
    modes: tuple[SourceMode, ...]
    docs: tuple[str, ...]
    terms: str = ""
    gated: bool = False
    imports: tuple[str, ...] = ()
    retention_days: int | None = None
    oembed: str = ""
    by_handle: bool = False
    urls: Mapping[str, str] = msgspec.field(default_factory=dict)
    capability: tuple[Capability, ...] = ()
    limit: tuple[Limit, ...] = ()
    slot: tuple[Slot, ...] = ()
    quota: Quota | None = None
    bucket: Mapping[str, int] = msgspec.field(default_factory=dict)
    cost: tuple[Cost, ...] = ()
    price: tuple[Price, ...] = ()

    def capability_of(self, direction: Direction, verb: Act, mode: SourceMode | None = None) -> Capability | None:
        """Return what is seen of a verb, behind one door where `mode` names it; None where nothing is said of it."""
        said = [c for c in self.capability if (c.direction, c.verb) == (direction, verb)]
        return next((c for c in said if c.mode is not None and c.mode is mode), None) or next(
            (c for c in said if c.mode is None), None
        )

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
