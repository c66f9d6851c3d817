import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import AccountRef, Act, ActTime
from monitor.errors import ImportFormatError
from scrapers import registry
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.ytdlp import reader
from tests.scrapers.youtube_answers import BYSTANDER, CANDIDATE, OFFICIAL, VIDEO, comment_id

FETCHED = datetime(2026, 11, 20, 12, tzinfo=UTC)


def comment(name: str = "satu", parent: str = "root", **more: Any) -> dict[str, Any]:
    return {
        "id": comment_id(name), "parent": parent, "text": "Siap menang", "author": "@asn.contoh",
        "author_id": OFFICIAL, "author_url": "https://www.youtube.com/@asn.contoh", "timestamp": 1794000000,
        "_time_text": "2 weeks ago", "like_count": 3, "is_favorited": False, "author_is_uploader": False,
        "author_thumbnail": "https://yt3.example/a.jpg",
    } | more  # fmt: skip


def video(*comments: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": VIDEO, "title": "Kampanye BUDI CONTOH", "formats": [{"url": "https://v.example/x?ip=10.0.0.1"}],
        "description": "Coblos nomor 1 #BusiMenang", "channel_id": CANDIDATE, "uploader_id": "@budi.contoh",
        "channel_url": f"https://www.youtube.com/channel/{CANDIDATE}", "uploader": "Budi", "timestamp": 1793500000,
        "upload_date": "20261101", "webpage_url": f"https://www.youtube.com/watch?v={VIDEO}", "extractor": "youtube",
        "extractor_key": "Youtube", "like_count": 7, "comment_count": len(comments), "comments": list(comments),
        "epoch": int(FETCHED.timestamp()), "_type": "video",
    } | more  # fmt: skip


def read(folder: Path, body: Any) -> list[Captured]:
    path = folder / "video.info.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return list(reader.read(path, ReadOptions()))


def test_an_information_file_is_recognised_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "apa saja.txt"
    path.write_text(json.dumps(video(comment())), encoding="utf-8")
    assert registry.sniff(path) is reader


def test_a_video_is_its_channels_post(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, video())
    (item,) = captured.items
    assert (item.item_id, item.author) == (VIDEO, AccountRef("youtube", CANDIDATE, "budi.contoh"))
    assert item.text == "Kampanye BUDI CONTOH\nCoblos nomor 1 #BusiMenang"
    assert captured.collected_at == FETCHED


def test_a_comment_is_its_writers_act_on_the_video(tmp_path: Path) -> None:
    (act,) = read(tmp_path, video(comment()))[0].acts
    assert (act.actor, act.act, act.target_id) == (
        AccountRef("youtube", OFFICIAL, "asn.contoh"), Act.COMMENT, VIDEO,
    )  # fmt: skip
    assert act.target_author == AccountRef("youtube", CANDIDATE, "budi.contoh")


def test_a_reply_is_an_act_on_the_comment(tmp_path: Path) -> None:
    (item,) = read(tmp_path, video(comment("dua", comment_id("satu"))))[0].items
    assert (item.parent_id, item.root_id) == (comment_id("satu"), VIDEO)


def test_the_time_of_a_comment_is_the_bracket_of_its_rounding(tmp_path: Path) -> None:
    (item,) = read(tmp_path, video(comment()))[0].items
    assert item.published == ActTime(lo=FETCHED - timedelta(days=21), hi=FETCHED - timedelta(days=14))


def test_a_computed_time_alone_is_a_bracket_too(tmp_path: Path) -> None:
    ago = int((FETCHED - timedelta(days=400)).timestamp())
    (item,) = read(tmp_path, video(comment(_time_text=None, timestamp=ago)))[0].items
    assert item.published.occurred_at is None
    assert item.published.hi == FETCHED - timedelta(days=399)


def test_missing_comments_are_told_with_the_video(tmp_path: Path) -> None:
    lines = read(tmp_path, video(comment(), comment_count=412))
    assert [issue.detail for issue in lines[-1].issues] == [
        "1 dari 412 komentar ada dalam berkas: yt-dlp tidak mengambil semuanya"
    ]


def test_a_writer_whose_channel_is_gone_has_no_act(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, video(comment(author_id=None, author_url=None, author="")))[:1]
    assert (len(captured.items), captured.acts) == (1, ())


def test_a_file_of_many_objects_is_read_line_by_line(tmp_path: Path) -> None:
    lines = [json.dumps(video(comment("satu"))), json.dumps(video(comment("dua"), id="videoConto2"))]
    found = [item.item_id for line in read(tmp_path, "\n".join(lines)) for item in line.items]
    assert found == [comment_id("satu"), VIDEO, comment_id("dua"), "videoConto2"]


def test_a_broken_line_costs_no_other(tmp_path: Path) -> None:
    lines = ['{"id": "x", "title": ', json.dumps(video(comment()))]
    found = read(tmp_path, "\n".join(lines))
    assert [line.skipped is None for line in found] == [False, True, True]


def test_a_playlist_written_whole_gives_its_videos(tmp_path: Path) -> None:
    body = {"_type": "playlist", "id": "PL", "title": "Kampanye", "extractor_key": "YoutubeTab",
            "entries": [video(comment())]}  # fmt: skip
    assert [item.item_id for line in read(tmp_path, body) for item in line.items] == [comment_id("satu"), VIDEO]


def test_other_sites_are_skipped_with_the_reason(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, video(extractor_key="TikTok", extractor="TikTok"))
    assert captured.skipped == "bukan YouTube (tiktok)"


def test_addresses_of_formats_with_the_collectors_ip_are_not_kept(tmp_path: Path) -> None:
    assert all(b"10.0.0.1" not in line.raw for line in read(tmp_path, video(comment())))


def test_unknown_fields_are_named_once(tmp_path: Path) -> None:
    lines = read(tmp_path, video(comment("satu", hologram=1), comment("dua", author_id=BYSTANDER, hologram=1)))
    assert [issue.detail for line in lines for issue in line.issues] == ["comments[].hologram"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError):
        read(tmp_path, "[]")


@given(st.data())
def test_any_mutilated_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = json.dumps(video(comment("satu"), comment("dua"))).encode()
    at, cut = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 40))
    path = tmp_path_factory.mktemp("unduhan") / "video.info.json"
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + cut :])
    try:
        lines = list(reader.read(path, ReadOptions()))
    except ImportFormatError:
        return
    assert all(isinstance(line, Captured) for line in lines)
