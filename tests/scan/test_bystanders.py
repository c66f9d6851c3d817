"""Whatever an answer holds, nothing by which an unregistered person is found passes the sieve."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    ItemKind,
    ItemRecord,
    Mentioned,
    RegisteredAccount,
)
from monitor.scan.bystanders import Passed, pass_registered
from monitor.scan.watchlist import watchlist

AT = ActTime(occurred_at=datetime(2024, 10, 1, tzinfo=UTC))
PEOPLE = [AccountRef("bluesky", f"did:plc:pegawai{n}", f"pegawai{n}.contoh.test") for n in range(3)]
PAIRS = [AccountRef("bluesky", f"did:plc:pasangan{n}", f"pasangan{n}.contoh.test") for n in range(2)]
NEWS = AccountRef("bluesky", "did:plc:berita", "berita.contoh.test")
STRANGERS = [AccountRef("bluesky", f"did:plc:orangasing{n}", f"orangasing{n}.rekaan.test") for n in range(4)]
SIGN = "orangasing"
WATCH = watchlist(
    [
        *(RegisteredAccount(n, ref, AccountKind.ASN, person_id=n) for n, ref in enumerate(PEOPLE)),
        *(RegisteredAccount(10 + n, ref, AccountKind.REGISTERED, candidate_ids=(n,)) for n, ref in enumerate(PAIRS)),
        RegisteredAccount(20, NEWS, AccountKind.NEWS),
    ]
)

anybody = st.sampled_from([*PEOPLE, *PAIRS, NEWS, *STRANGERS])
seen = st.tuples(anybody, st.booleans()).map(lambda who: who[0] if who[1] else replace(who[0], handle=None))


def post_id(who: AccountRef, number: int) -> str:
    return f"at://{who.user_id}/app.bsky.feed.post/{number}"


def ways_to_write(who: AccountRef) -> list[str]:
    handle = who.handle or ""
    return [
        f"@{handle}", f"@{handle.upper()}!", f"({handle and '@' + handle})", who.user_id, post_id(who, 3),
        f"https://bsky.app/profile/{handle}/post/3", f"https://bsky.app/profile/{who.user_id}",
        f"bsky.app/profile/{handle}",
    ]  # fmt: skip


written = anybody.flatmap(lambda who: st.sampled_from(ways_to_write(who)))
words = st.sampled_from(["Halo", "dukung BUSI", "nomor 1,", "😀", "mari\n", "a@b.example", "50%"])
texts = st.lists(words | written, max_size=6).map(" ".join)
mentions = st.lists(seen.map(lambda who: Mentioned(who.user_id, who.handle)), max_size=3).map(tuple)
links = st.lists(written | st.just("https://contoh.example/berita"), max_size=3).map(tuple)
numbers = st.integers(0, 3)


@st.composite
def items(draw: st.DrawFn) -> ItemRecord:
    author, near, far = draw(seen), draw(seen), draw(seen)
    kind = draw(st.sampled_from(list(ItemKind)))
    comment, quote = kind is ItemKind.COMMENT, kind is ItemKind.QUOTE or draw(st.booleans())
    return ItemRecord(
        "bluesky",
        post_id(author, draw(numbers)),
        author,
        kind,
        draw(texts),
        f"https://bsky.app/profile/{author.user_id}/post/1",
        AT,
        parent_id=post_id(near, 7) if comment else None,
        parent_author=near if comment else None,
        root_id=post_id(far, 8) if comment else None,
        root_author=far if comment else None,
        quoted_id=post_id(far, 9) if quote else None,
        quoted_author=far if quote else None,
        links=draw(links),
        alt_texts=tuple(draw(st.lists(texts, max_size=2))),
        mentions=draw(mentions),
    )


@st.composite
def acts(draw: st.DrawFn) -> ActRecord:
    actor, author = draw(seen), draw(seen)
    verb = draw(st.sampled_from([Act.LIKE, Act.SHARE, Act.COMMENT]))
    own = post_id(actor, draw(numbers)) if verb is Act.COMMENT else None
    return ActRecord("bluesky", actor, verb, post_id(author, draw(numbers)), AT, own, author)


def passed(held: list[ItemRecord], done: list[ActRecord]) -> Passed:
    return pass_registered(held, done, WATCH, lambda text: "BUSI" in text)


def objects_of(result: Passed, held: list[ItemRecord]) -> set[str]:
    """The one exception: addresses of what a registered person's act is on."""
    on = {act.target_id for act, _ in result.acts}
    own = {i.item_id for i in result.items if i.author in PEOPLE or (i.author and i.author.user_id in BY_ID)}
    on |= {item.target_id for item in held if item.item_id in own}
    return on | {item.url for item in held if item.item_id in on}


BY_ID = {ref.user_id for ref in PEOPLE}


@given(st.lists(items(), max_size=4), st.lists(acts(), max_size=5))
def test_nothing_of_an_unregistered_account_passes(held: list[ItemRecord], done: list[ActRecord]) -> None:
    result = passed(held, done)
    said = repr((result.items, [act for act, _ in result.acts])).lower()
    for address in sorted(objects_of(result, held), key=len, reverse=True):
        said = said.replace(f"'{address.lower()}'", "''")
    assert SIGN not in said


@given(st.lists(items(), max_size=4), st.lists(acts(), max_size=5))
def test_every_act_is_passed_counted_or_of_a_pair_or_neutral_body(
    held: list[ItemRecord], done: list[ActRecord]
) -> None:
    result = passed(held, done)
    assert {a.key for a, _ in result.acts} == {a.key for a in done if a.actor.user_id in BY_ID}
    assert result.bystanders == sum(SIGN in act.actor.user_id for act in done)


@given(st.lists(items(), max_size=4), st.lists(acts(), max_size=5))
def test_what_passed_once_passes_again_unchanged(held: list[ItemRecord], done: list[ActRecord]) -> None:
    once = passed(held, done)
    authored = [item for item in once.items if item.author is not None]
    again = passed(authored, [act for act, _ in once.acts])
    assert list(again.items) == authored
    assert again.acts == once.acts


@given(texts)
def test_names_of_registered_accounts_stay_readable(text: str) -> None:
    kept = passed(
        [ItemRecord("bluesky", post_id(PEOPLE[0], 1), PEOPLE[0], ItemKind.POST, text, "https://x.test", AT)], []
    )
    for ref in (*PEOPLE, *PAIRS, NEWS):
        assert kept.items[0].text.lower().count(f"@{ref.handle}") == text.lower().count(f"@{ref.handle}")


def test_a_display_name_is_no_account() -> None:
    namesake = AccountRef("bluesky", "did:plc:orangasing9", None)
    like = ActRecord("bluesky", namesake, Act.LIKE, post_id(PAIRS[0], 1), AT)
    assert passed([], [like]).bystanders == 1


def test_an_account_of_the_same_name_on_another_platform_is_a_bystander() -> None:
    elsewhere = AccountRef("mastodon", PEOPLE[0].user_id, PEOPLE[0].handle)
    like = ActRecord("mastodon", elsewhere, Act.LIKE, "https://a.test/1", AT)
    assert (passed([], [like]).acts, passed([], [like]).bystanders) == ((), 1)
