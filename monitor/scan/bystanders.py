"""The gate before storage: what registered accounts did passes, everybody else is counted and dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from monitor.domain import AccountKind, AccountRef, Act, ActRecord, ItemRecord, RegisteredAccount
from monitor.scan.masking import MASK, masked, names_stranger, without_name
from monitor.scan.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Passed:
    """What one answer leaves: items and acts of registered accounts, and how many acts of others were dropped."""

    items: tuple[ItemRecord, ...]
    acts: tuple[tuple[ActRecord, RegisteredAccount], ...]
    bystanders: int

    @property
    def registered(self) -> bool:
        """Whether anything registered is in the answer, so that its raw form may be kept."""
        return bool(self.items or self.acts)


def pass_registered(
    items: Iterable[ItemRecord],
    acts: Iterable[ActRecord],
    watch: Watchlist,
    concerns: Callable[[str], bool],
    wanted: frozenset[str] = frozenset(),
) -> Passed:
    """Keep registered accounts' items, registered people's acts, and the texts that these liked or shared.

    `wanted` are ids of such texts fetched on purpose. A text of an unregistered author is kept without its author, and
    only when it stands below a campaign account's post or `concerns` says that it names a candidate at all.
    """
    passed: dict[str, tuple[ActRecord, RegisteredAccount]] = {}
    dropped = 0
    for act in acts:
        actor = watch.match(act.actor, act.time)
        if actor is None:
            dropped += 1
        elif actor.kind is AccountKind.ASN:
            target_author = act.target_author if watch.knows(act.target_author) else None
            kept = replace(act, actor=author_ref(act.actor, actor), target_author=target_author)
            passed.setdefault(kept.key, (kept, actor))
    judged_by_target = wanted | {act.target_id for act, _ in passed.values() if act.act in (Act.LIKE, Act.SHARE)}
    own: list[ItemRecord] = []
    for item in items:
        clean = without_bystanders(item, watch)
        if clean.author is not None or (
            item.item_id in judged_by_target and (_below_campaign(clean, watch) or concerns(_words(clean)))
        ):
            own.append(clean)
    return Passed(tuple(own), tuple(passed.values()), dropped)


def author_ref(seen: AccountRef, account: RegisteredAccount) -> AccountRef:
    """Return the account under its registered stable id, with the handle as seen now."""
    if account.ref.user_id.startswith("@"):
        return seen
    return replace(seen, user_id=account.ref.user_id)


def without_bystanders(item: ItemRecord, watch: Watchlist) -> ItemRecord:
    """Return the item with unregistered people's names masked in all its texts and their ids left out.

    The URI of the item that its author's act is on stays even where it holds an id: without it the act names no object.
    """
    strangers = [m for m in item.mentions if not watch.knows(AccountRef(item.platform, m.user_id, m.handle))]

    def without(text: str) -> str:
        for stranger in strangers:
            text = _mask(text, stranger.handle)
        return masked(text, item.platform, watch)

    author = watch.match(item.author, item.published)
    kept = {item.target_id} if author is not None and author.kind is AccountKind.ASN else set()
    parent, quoted = watch.knows(item.parent_author), watch.knows(item.quoted_author)
    root_known = (item.root_author is None and item.root_id == item.parent_id) or watch.knows(item.root_author)
    parent_id = item.parent_id if parent or item.parent_id in kept else None
    return replace(
        item,
        text=without(item.text),
        url=item.url if author is not None else without_name(item),
        author=item.author if author is not None else None,
        parent_id=parent_id,
        parent_author=item.parent_author if parent else None,
        quoted_id=item.quoted_id if quoted or item.quoted_id in kept else None,
        quoted_author=item.quoted_author if quoted else None,
        root_author=item.root_author if root_known else None,
        root_id=item.root_id if root_known and (item.root_author is not None or parent_id is not None) else None,
        mentions=tuple(m for m in item.mentions if m not in strangers),
        alt_texts=tuple(without(text) for text in item.alt_texts),
        links=tuple(
            link
            for link in item.links
            if not names_stranger(link, item.platform, watch)
            and not any(_names(link, m.user_id, m.handle) for m in strangers)
        ),
    )


def _below_campaign(item: ItemRecord, watch: Watchlist) -> bool:
    above = (watch.match(ref) for ref in (item.parent_author, item.root_author))
    return any(account is not None and account.kind.candidate_side for account in above)


def _words(item: ItemRecord) -> str:
    return "\n".join((item.text, *item.alt_texts, *item.hashtags))


def _mask(text: str, handle: str | None) -> str:
    if not handle:
        return text
    names = {handle.lstrip("@"), handle.lstrip("@").split("@")[0]}
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"@{re.escape(name)}(?![\w.-])(?:@[\w.:-]+)?", MASK, text, flags=re.IGNORECASE)
    return text


def _names(link: str, user_id: str, handle: str | None) -> bool:
    return user_id in link or bool(handle and handle.lstrip("@").split("@")[0].lower() in link.lower())
