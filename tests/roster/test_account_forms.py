from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.roster.account_forms import PLATFORMS, AccountFault, parse_account

DID = "did:plc:abcdefghijklmnopqrstuvwx"
CHANNEL = "UC" + "a" * 22


@pytest.mark.parametrize(
    ("platform", "text", "user_id"),
    [
        ("bluesky", DID, DID),
        ("bluesky", "did:web:budi.contoh.test", "did:web:budi.contoh.test"),
        ("bluesky", "Budi.Contoh.test", "@budi.contoh.test"),
        ("bsky", "@budi.contoh.test", "@budi.contoh.test"),
        ("bluesky", "https://bsky.app/profile/budi.contoh.test", "@budi.contoh.test"),
        ("", f"https://bsky.app/profile/{DID}", DID),
        ("mastodon", "budi@peladen.contoh", "@budi@peladen.contoh"),
        ("Mastodon", "@Budi@Peladen.Contoh", "@budi@peladen.contoh"),
        ("mastodon", "https://peladen.contoh/@budi", "@budi@peladen.contoh"),
        ("mastodon", "https://peladen.contoh/users/budi/", "@budi@peladen.contoh"),
        ("mastodon", "http://127.0.0.1:3000/@budi", "@budi@127.0.0.1:3000"),
        ("x", "@BudiContoh", "@budicontoh"),
        ("Twitter", "https://twitter.com/BudiContoh?lang=id", "@budicontoh"),
        ("x", "https://x.com/i/user/12345678", "12345678"),
        ("x", "12345678", "12345678"),
        ("x", "@12345678", "@12345678"),
        ("ig", "www.instagram.com/budi.contoh/", "@budi.contoh"),
        ("instagram", "budi_contoh", "@budi_contoh"),
        ("tiktok", "https://www.tiktok.com/@budi.contoh", "@budi.contoh"),
        ("facebook", "https://www.facebook.com/budi.contoh", "@budi.contoh"),
        ("fb", "https://m.facebook.com/profile.php?id=100001234567890", "100001234567890"),
        ("facebook", "https://www.facebook.com/people/Budi-Contoh/100001234567890/", "100001234567890"),
        ("youtube", "https://www.youtube.com/@BudiContoh", "@budicontoh"),
        ("youtube", f"https://youtube.com/channel/{CHANNEL}", CHANNEL),
        ("yt", CHANNEL, CHANNEL),
        ("telegram", "1500000001", "1500000001"),
        ("telegram", "https://t.me/s/budicontoh", "@budicontoh"),
        ("telegram", "-1001234567890", "1234567890"),
        ("threads", "https://www.threads.net/@budi.contoh", "@budi.contoh"),
    ],
)
def test_every_way_to_write_an_account_gives_its_id(platform, text, user_id):
    assert parse_account(platform, text).user_id == user_id


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("bluesky", "budi"),
        ("bluesky", "did:plc:pendek"),
        ("bluesky", "https://bsky.app/profile/budi.contoh.test/post/3k"),
        ("mastodon", "budi"),
        ("mastodon", "https://peladen.contoh/@budi/1234"),
        ("x", "https://x.com/budi/status/123"),
        ("x", "https://x.com/search"),
        ("x", "https://x.com.palsu.test/budi"),
        ("instagram", "https://www.instagram.com/p/ABC/"),
        ("tiktok", "https://vm.tiktok.com/ABC"),
        ("facebook", "https://www.facebook.com/groups/123"),
        ("facebook", "https://www.facebook.com/profile.php?id="),
        ("youtube", "https://www.youtube.com/c/BudiContoh"),
        ("telegram", "https://t.me/joinchat/abc"),
        ("telegram", "https://t.me/+abc"),
        ("threads", "https://[rusak"),
        ("", "https://[rusak"),
        ("x", ""),
        ("", "@budi"),
        ("friendster", "@budi"),
    ],
)
def test_what_is_no_account_is_refused_with_advice(platform, text):
    with pytest.raises(AccountFault) as caught:
        parse_account(platform, text)
    assert caught.value.mend


def test_the_handle_is_kept_as_written():
    assert parse_account("x", "@BudiContoh").handle == "BudiContoh"


def test_a_stable_id_brings_no_handle():
    assert parse_account("bluesky", DID).handle is None


@given(platform=st.sampled_from(PLATFORMS), text=st.text(max_size=80))
def test_any_text_is_an_account_or_a_named_fault(platform, text):
    try:
        account = parse_account(platform, text)
    except AccountFault as fault:
        account = None
        problem = fault.problem
    assert account.user_id if account else problem
