"""The register in memory, against which every actor of an answer is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.domain import AccountRef, ActTime, RegisteredAccount

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Registered accounts by stable id, by handle, and all their names.

    `by_handle` holds those whose stable id is not known yet, `by_label` the others under the handle they bear now.

    One account may stand several times: in two roles, or as two people's at different times.
    """

    by_id: Mapping[Key, tuple[RegisteredAccount, ...]]
    by_handle: Mapping[Key, tuple[RegisteredAccount, ...]]
    written: frozenset[Key]
    by_label: Mapping[Key, tuple[RegisteredAccount, ...]] = field(default_factory=dict)

    def match(self, ref: AccountRef | None, time: ActTime | None = None) -> RegisteredAccount | None:
        """Return the registered account, or None for a bystander.

        The stable id decides. A handle counts only for an account that the register knows by nothing else, since
        handles are recycled, or where the handle is all that a file shows. In a network of servers the full name
        user@host stands for the stable id on the side that does not give one. With a `time` the account must have been
        the person's at some time at which the act may have happened; of two such people the one at its latest time is
        returned. Display names never match.
        """
        if ref is None:
            return None
        found = self.by_id.get((ref.platform, ref.user_id), ())
        if not found and ref.handle:
            name = (ref.platform, ref.handle.lower())
            found = self.by_handle.get(name, ())
            nameless = ref.user_id == "@" + name[1] or (_full_name(name[1]) and ref.user_id.lower() == name[1])
            if not found and nameless:
                found = self.by_label.get(name, ())
        if time is not None:
            found = tuple(sorted((a for a in found if _may_own(a, time)), key=lambda a: _owns_end(a, time)))
        return found[-1] if found else None

    def knows(self, ref: AccountRef | None) -> bool:
        """Whether the account is registered at any time."""
        return self.match(ref) is not None

    def names(self, platform: str, name: str) -> bool:
        """Whether a registered account is written like this: as stable id, as handle, or in short on its own host."""
        return (platform, name.lower()) in self.written


def watchlist(accounts: Iterable[RegisteredAccount]) -> Watchlist:
    """Index the register."""
    by_id: dict[Key, list[RegisteredAccount]] = defaultdict(list)
    by_handle: dict[Key, list[RegisteredAccount]] = defaultdict(list)
    by_label: dict[Key, list[RegisteredAccount]] = defaultdict(list)
    written: set[Key] = set()
    for account in accounts:
        ref = account.ref
        if ref.user_id.startswith("@"):
            by_handle[ref.platform, ref.user_id[1:]].append(account)
        else:
            by_id[ref.platform, ref.user_id].append(account)
            if _full_name(ref.user_id):
                by_handle[ref.platform, ref.user_id.lower()].append(account)
            if ref.handle:
                by_label[ref.platform, ref.handle.lower().lstrip("@")].append(account)
        for name in (ref.user_id, ref.handle or ""):
            whole = name.lower().lstrip("@")
            written |= {(ref.platform, whole), (ref.platform, whole.split("@")[0])} if whole else set()
    return Watchlist(_frozen(by_id), _frozen(by_handle), frozenset(written), _frozen(by_label))


def _frozen(index: Mapping[Key, list[RegisteredAccount]]) -> dict[Key, tuple[RegisteredAccount, ...]]:
    return {key: tuple(accounts) for key, accounts in index.items()}


def _full_name(name: str) -> bool:
    """Whether a name is user@host: unique in a network of servers, unlike a bare handle."""
    return "@" in name[1:] and "/" not in name


def _may_own(account: RegisteredAccount, time: ActTime) -> bool:
    early = account.valid_from is not None and time.latest < account.valid_from
    late = account.valid_to is not None and time.earliest is not None and time.earliest >= account.valid_to
    return not early and not late


def _owns_end(account: RegisteredAccount, time: ActTime) -> bool:
    return account.valid_to is None or time.latest < account.valid_to
