"""What of other people may stay in a kept text: nothing by which they are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.domain import AccountKind, AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, RegisteredAccount
from monitor.scan.bystanders import pass_registered, without_bystanders
from monitor.scan.masking import MASK, masked
from monitor.scan.watchlist import Watchlist, watchlist

AT = ActTime(occurred_at=datetime(2024, 10, 1, tzinfo=UTC))
ASN = AccountRef("bluesky", "did:plc:asn", "pegawai.contoh.test")
PAIR = AccountRef("bluesky", "did:plc:pair", "busi.contoh.test")
STRANGER = AccountRef("bluesky", "did:plc:tetangga", "tetangga.contoh.test")
STRANGERS_POST = "at://did:plc:tetangga/app.bsky.feed.post/1"


@pytest.fixture
def watch() -> Watchlist:
    return watchlist(
        [
            RegisteredAccount(1, PAIR, AccountKind.REGISTERED, candidate_ids=(1,)),
            RegisteredAccount(2, ASN, AccountKind.ASN, person_id=1),
            RegisteredAccount(3, AccountRef("mastodon", "https://a.test/users/busi", "busi@a.test"), AccountKind.PARTY),
        ]
    )


def item(author: AccountRef | None = ASN, **changes: object) -> ItemRecord:
    key = f"at://{author.user_id if author else 'did:plc:tetangga'}/app.bsky.feed.post/9"
    made = ItemRecord("bluesky", key, author, ItemKind.POST, "halo", "https://bsky.app/x", AT)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("halo @tetangga.contoh.test!", f"halo {MASK}!"),
        ("halo @Tetangga.Contoh.test, apa kabar", f"halo {MASK}, apa kabar"),
        ("dukung @busi.contoh.test", "dukung @busi.contoh.test"),
        ("surat ke rina@contoh.example", "surat ke rina@contoh.example"),
        ("bsky.app/profile/tetangga.contoh.test/post/3", f"bsky.app/profile/{MASK}/post/3"),
        ("https://bsky.app/profile/did:plc:pair/post/3", "https://bsky.app/profile/did:plc:pair/post/3"),
        ("at://did:plc:tetangga/app.bsky.feed.post/1", f"at://{MASK}/app.bsky.feed.post/1"),
        ("lihat https://a.test/@tetangga/1", f"lihat https://a.test/@{MASK}/1"),
        ("lihat https://a.test/@busi/1", "lihat https://a.test/@busi/1"),
        ("https://www.instagram.com/p/ABC/", "https://www.instagram.com/p/ABC/"),
        ("harga @ 10.000", "harga @ 10.000"),
    ],
)
def test_written_accounts_that_nobody_registered_are_masked(watch: Watchlist, text: str, kept: str) -> None:
    assert masked(text, "bluesky", watch) == kept


def test_names_are_masked_in_descriptions_of_images_too(watch: Watchlist) -> None:
    clean = without_bystanders(item(alt_texts=("foto bersama @tetangga.contoh.test",)), watch)
    assert clean.alt_texts == (f"foto bersama {MASK}",)


def test_links_to_other_people_are_left_out(watch: Watchlist) -> None:
    news, theirs = "https://berita.example/1", "https://bsky.app/profile/did:plc:tetangga/post/1"
    assert without_bystanders(item(links=(news, theirs)), watch).links == (news,)


def test_what_a_pair_answers_or_quotes_of_others_is_not_kept(watch: Watchlist) -> None:
    reply = item(PAIR, kind=ItemKind.COMMENT, parent_id=STRANGERS_POST, parent_author=STRANGER)
    quote = item(PAIR, kind=ItemKind.QUOTE, quoted_id=STRANGERS_POST, quoted_author=STRANGER)
    assert without_bystanders(reply, watch).parent_id is None
    assert without_bystanders(quote, watch).quoted_id is None


def test_the_object_of_a_registered_act_stays(watch: Watchlist) -> None:
    reply = item(kind=ItemKind.COMMENT, parent_id=STRANGERS_POST, parent_author=STRANGER)
    assert without_bystanders(reply, watch).parent_id == STRANGERS_POST


def test_a_liked_text_of_others_does_not_lead_to_its_author(watch: Watchlist) -> None:
    liked = ItemRecord(
        "x", "17", AccountRef("x", "5", "tetangga"), ItemKind.POST, "t", "https://x.com/tetangga/status/17", AT
    )
    assert without_bystanders(liked, watch).url == "https://x.com/i/status/17"


def test_a_post_from_before_the_account_was_the_persons_is_not_kept() -> None:
    started = RegisteredAccount(2, ASN, AccountKind.ASN, person_id=1, valid_from=datetime(2024, 10, 2, tzinfo=UTC))
    mine = ActRecord("bluesky", ASN, Act.POST, item().item_id, AT, item().item_id, ASN)
    passed = pass_registered([item(text="Pilih BUDI CONTOH")], [mine], watchlist([started]), lambda _: True)
    assert (passed.items, passed.acts, passed.bystanders) == ((), (), 1)


def test_a_liked_answer_below_a_pairs_post_is_kept_whatever_its_words(watch: Watchlist) -> None:
    root = "at://did:plc:pair/app.bsky.feed.post/1"
    answer = item(
        None, kind=ItemKind.COMMENT, text="setuju", parent_id=root, parent_author=PAIR, root_id=root, root_author=PAIR
    )
    like = ActRecord("bluesky", ASN, Act.LIKE, answer.item_id, AT, None, STRANGER)
    (kept,) = pass_registered([answer], [like], watch, lambda _: False).items
    assert (kept.author, kept.root_author) == (None, PAIR)


def test_an_account_of_two_people_after_each_other_is_matched_by_time() -> None:
    change = datetime(2024, 10, 1, tzinfo=UTC)
    first = RegisteredAccount(2, ASN, AccountKind.ASN, person_id=1, valid_to=change)
    second = RegisteredAccount(2, ASN, AccountKind.ASN, person_id=2, valid_from=change)
    watch = watchlist([first, second])
    before, after = datetime(2024, 9, 1, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC)
    found = [watch.match(ASN, time) for time in (ActTime(before), ActTime(after), ActTime(lo=before, hi=after))]
    assert [account.person_id for account in found if account] == [1, 2, 2]
