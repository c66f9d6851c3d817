"""What each written sample says: who did what on what, in what words, and when."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain import ActRecord, ItemKind
from monitor.errors import ImportFormatError, ImportQuestion
from scrapers import registry
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured, ReadOptions
from scrapers.platforms.instagram import urls as instagram
from scrapers.platforms.threads import urls as threads
from tests.scrapers import table_samples as samples
from tests.scrapers.captured_items import POSTED_AT, x_id
from tests.scrapers.imports.form_options import OPTIONS, SEEN
from tests.scrapers.table_samples import AT_ROOT, COMMENT, ORIGINAL, PHOTO, SAMPLES, TWEET, VIDEO, written

POST_ON_FACEBOOK = "122100000000000001"


def read(folder: Path, name: str, text: str | None = None, options: ReadOptions = OPTIONS) -> list[Captured]:
    reader = registry.readers()[SAMPLES[name][0]]
    return list(reader.read(written(folder, name, text), options))


def acts(found: list[Captured]) -> list[ActRecord]:
    return [act for captured in found for act in captured.acts]


def said(found: list[Captured]) -> set[tuple[str, str, str, str]]:
    return {(act.platform, act.actor.user_id, act.act.value, act.target_id) for act in acts(found)}


CODE_NUMBER = instagram.id_of_code("C4xSample_1")
THREAD_NUMBER = threads.id_of_code("C4xSample_2")

SAID = {
    "4cat-tiktok-comments.csv": {("tiktok", "@asn01_contoh", "comment", VIDEO)},
    "4cat-tiktok.csv": {("tiktok", "@busi_contoh", "post", VIDEO)},
    "4cat-twitter.csv": {
        ("x", "7101", "comment", TWEET), ("x", "7101", "share", x_id(9)), ("x", "@busi_contoh", "post", x_id(9)),
    },
    "4cat-instagram.csv": {("instagram", "5001", "post", CODE_NUMBER)},
    "4cat-threads.csv": {("threads", "@busi.contoh", "post", THREAD_NUMBER)},
    "4cat-facebook.csv": {("facebook", "@busi.contoh", "post", POST_ON_FACEBOOK)},
    "4cat-telegram.csv": {("telegram", "700100", "comment", "@grup_contoh/11")},
    "4cat-bsky.csv": {("bluesky", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "comment", AT_ROOT)},
    "minet-twitter.csv": {("x", "7101", "share", ORIGINAL), ("x", "7001", "post", ORIGINAL)},
    "minet-youtube.csv": {("youtube", "UCaaaaaaaaaaaaaaaaaaaaaa", "comment", "AbCdEfGhIj1")},
    "minet-telegram.csv": {("telegram", "@kanal_contoh", "post", "@kanal_contoh/7")},
    "minet-instagram-comments.csv": {("instagram", "5101", "comment", CODE_NUMBER)},
    "minet-bluesky.csv": {
        ("bluesky", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "share", AT_ROOT),
        ("bluesky", "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb", "post", AT_ROOT),
    },
    "mcl.csv": {("facebook", "@busi.contoh", "post", "mcl:99")},
    "facepager.csv": {("facebook", "100071010000001", "comment", POST_ON_FACEBOOK)},
    "ytdt.csv": {("youtube", "UCaaaaaaaaaaaaaaaaaaaaaa", "comment", "AbCdEfGhIj1")},
    "export-comments.csv": {("facebook", "100071010000001", "comment", POST_ON_FACEBOOK)},
    "tabel.csv": {("instagram", "@asn01.contoh", "comment", CODE_NUMBER)},
    "apify-facebook.json": {
        ("facebook", "100071010000001", "comment", POST_ON_FACEBOOK),
        ("facebook", "100071010000002", "comment", "555000111"),
    },
    "apify-tiktok.jsonl": {("tiktok", "7101", "comment", VIDEO)},
    "apify-instagram.json": {("instagram", "5001", "post", PHOTO), ("instagram", "5101", "comment", PHOTO)},
    "apify-x.json": {("x", "7101", "comment", TWEET)},
    "bright-data-tiktok.json": {("tiktok", "7101", "comment", VIDEO)},
    "twscrape.jsonl": {("x", "7101", "share", ORIGINAL), ("x", "7001", "post", ORIGINAL)},
    "Chat WhatsApp dengan Grup Contoh.txt": None,
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, wanted in SAID.items() if wanted is not None])
def test_every_act_of_a_written_sample_is_found(name: str, tmp_path: Path) -> None:
    assert said(read(tmp_path, name)) == SAID[name]


def test_every_sample_is_looked_at() -> None:
    assert SAID.keys() == SAMPLES.keys()


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.startswith("Chat")])
def test_a_sample_of_the_known_shape_has_no_unknown_field_and_no_issue(name: str, tmp_path: Path) -> None:
    assert [issue for captured in read(tmp_path, name) for issue in captured.issues] == []


@pytest.mark.parametrize(
    "name",
    [n for n in SAMPLES if not n.startswith(("Chat", "export", "tabel", "minet-twitter", "minet-bluesky", "twscrape"))],
)
def test_times_are_exact_and_in_utc(name: str, tmp_path: Path) -> None:
    assert {act.time.occurred_at for act in acts(read(tmp_path, name)) if act.target_id != x_id(9)} == {POSTED_AT}


@pytest.mark.parametrize("name", ["export-comments.csv", "tabel.csv"])
def test_a_day_above_twelve_settles_the_order_and_the_offices_zone_the_time(name: str, tmp_path: Path) -> None:
    (act,) = acts(read(tmp_path, name))
    assert act.time.occurred_at == datetime(2024, 9, 25, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["export-comments.csv", "tabel.csv"])
def test_a_date_that_reads_two_ways_is_asked_about_before_anything_is_read(name: str, tmp_path: Path) -> None:
    open_date = SAMPLES[name][1].replace("25/09/2024", "05/09/2024")
    with pytest.raises(ImportQuestion, match="--date-order dmy"):
        read(tmp_path, name, open_date)


@pytest.mark.parametrize(("order", "month"), [("dmy", 9), ("mdy", 5)])
def test_the_answer_settles_the_order(order: str, month: int, tmp_path: Path) -> None:
    open_date = SAMPLES["tabel.csv"][1].replace("25/09/2024", "05/09/2024")
    options = ReadOptions(**{**{n: getattr(OPTIONS, n) for n in ReadOptions.__slots__}, "date_order": order})
    (act,) = acts(read(tmp_path, "tabel.csv", open_date, options))
    assert act.time.latest.month == month


@pytest.mark.parametrize(("answers", "option"), [({}, "--supplier"), ({"supplier": "PT Contoh"}, "--basis")])
def test_who_sold_a_data_set_and_on_what_ground_is_asked(answers: dict[str, str], option: str, tmp_path: Path) -> None:
    with pytest.raises(ImportQuestion, match=option):
        read(tmp_path, "apify-tiktok.jsonl", options=ReadOptions(**answers))


def test_a_list_of_comments_that_names_no_post_is_asked_about(tmp_path: Path) -> None:
    bare = samples.MINET_INSTAGRAM_COMMENTS.replace("post_url", "berkas_asal")
    with pytest.raises(ImportQuestion, match="--url"):
        read(tmp_path, "minet-instagram-comments.csv", bare)
    options = ReadOptions(captured_at=SEEN, url="https://www.instagram.com/p/C4xSample_1/")
    assert said(read(tmp_path, "minet-instagram-comments.csv", bare, options)) == SAID["minet-instagram-comments.csv"]


def test_a_reply_names_the_comment_above_and_the_post(tmp_path: Path) -> None:
    _, reply = (item for captured in read(tmp_path, "apify-facebook.json") for item in captured.items)
    assert (reply.parent_id, reply.root_id) == ("555000111", POST_ON_FACEBOOK)


def test_a_forward_is_a_share_of_whoever_it_names(tmp_path: Path) -> None:
    lines = samples.FOURCAT_TELEGRAM.splitlines()
    forwarded = (lines[0] + ",author_forwarded_from_username", lines[1].replace(",11,", ",,") + ",kanal_calon")
    (item,) = (item for one in read(tmp_path, "4cat-telegram.csv", "\n".join(forwarded)) for item in one.items)
    assert (item.kind, item.quoted_author and item.quoted_author.user_id) == (ItemKind.QUOTE, "@kanal_calon")


def test_a_repost_brings_the_text_of_the_original_with_its_author(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, "twscrape.jsonl")
    (item,) = captured.items
    assert (item.item_id, item.text, item.author.user_id if item.author else "") == (
        ORIGINAL,
        "Contoh Bangkit!",
        "7001",
    )


def test_counts_hashtags_and_mentions_are_read(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, "minet-twitter.csv")
    assert [(m.user_id, m.handle) for m in captured.items[0].mentions] == [("7002", "siti"), ("7001", "budi")]
    (posted,) = read(tmp_path, "4cat-tiktok.csv")
    assert (posted.items[0].like_count, posted.items[0].hashtags) == (7, ("contohbangkit",))


def test_an_edited_comment_says_when_it_was_edited(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, "minet-youtube.csv")
    assert captured.items[0].edited_at == datetime(2024, 10, 1, 2, tzinfo=UTC)


def test_the_time_of_collection_has_the_zone_that_local_times_show(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, "minet-twitter.csv")
    assert captured.collected_at.replace(microsecond=0) == datetime(2024, 10, 2, 1, tzinfo=UTC)


def test_hidden_authors_are_told_of_once_and_skipped(tmp_path: Path) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"
    row = {"id": COMMENT, "thread_id": VIDEO, "author": digest, "body": "x", "unix_timestamp": 1, "post_id": VIDEO}
    header = samples.FOURCAT_TIKTOK_COMMENTS.splitlines()[0].split(",")
    found = read(tmp_path, "4cat-tiktok-comments.csv", samples.as_csv(header, row, row, row))
    assert [bool(captured.skipped and "disamarkan" in captured.skipped) for captured in found] == [True] * 3
    assert [issue.kind for captured in found for issue in captured.issues] == ["pseudonym"]


def test_a_column_that_no_form_knows_is_named_once(tmp_path: Path) -> None:
    text = samples.FOURCAT_TIKTOK_COMMENTS.replace("language_guess", "bidang_baru")
    (captured,) = read(tmp_path, "4cat-tiktok-comments.csv", text)
    assert [i.detail for i in captured.issues if i.kind == UNKNOWN_FIELDS] == ["bidang_baru"]


def test_a_key_that_no_form_knows_is_named_with_its_path(tmp_path: Path) -> None:
    text = samples.APIFY_TIKTOK.replace('"mentions": []', '"baru": {"dalam": 1}')
    (captured,) = read(tmp_path, "apify-tiktok.jsonl", text)
    assert [i.detail for i in captured.issues if i.kind == UNKNOWN_FIELDS] == ["baru.dalam"]


@pytest.mark.parametrize("name", SAMPLES)
def test_half_a_file_gives_what_is_whole_and_raises_nothing_else(name: str, tmp_path: Path) -> None:
    text = SAMPLES[name][1]
    for size in range(0, len(text), max(1, len(text) // 25)):
        with suppress(ImportFormatError, ImportQuestion):
            found = read(tmp_path, name, text[:size])
            # a cell that was cut off behind its last comma cannot be told from a short one
            assert {act[:3] for act in said(found[:-1])} <= {act[:3] for act in SAID[name] or said(found)}


def test_raw_rows_hold_no_session_parameter(tmp_path: Path) -> None:
    text = samples.FOURCAT_TIKTOK_COMMENTS.replace(
        "\r\n,", "\r\nhttps://www.tiktok.com/api?msToken=RAHASIA&aweme_id=7,", 1
    )
    (captured,) = read(tmp_path, "4cat-tiktok-comments.csv", text)
    assert b"RAHASIA" not in captured.raw


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.startswith(("Chat", "facepager"))])
def test_a_kept_row_read_again_by_itself_gives_the_same(name: str, tmp_path: Path) -> None:
    reader = registry.readers()[SAMPLES[name][0]]
    for captured in read(tmp_path, name):
        path = tmp_path / "rekaman"
        path.write_bytes(captured.raw)
        (again,) = reader.read(path, ReadOptions(captured_at=captured.collected_at, platform=captured.source))
        assert (again.items, again.acts) == (captured.items, captured.acts)
