"""Items as browsers receive them, with invented people: one builder a shape."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

SEEN = datetime(2024, 10, 2, 3, 0, tzinfo=UTC)
SEEN_MS = 1_727_838_000_000
X_EPOCH_MS = 1_288_834_974_657
POSTED = 1_727_744_400  # 2024-10-01 01:00:00 UTC
POSTED_TEXT = "Tue Oct 01 01:00:00 +0000 2024"
POSTED_AT = datetime(2024, 10, 1, 1, 0, tzinfo=UTC)


def x_id(serial: int, seconds: int = POSTED) -> str:
    return str((seconds * 1000 - X_EPOCH_MS) << 22 | serial)


def tiktok_id(serial: int, seconds: int = POSTED) -> str:
    return str(seconds << 32 | serial)


def instagram_id(serial: int, seconds: int = POSTED) -> str:
    return str((seconds * 1000 - 1_314_220_021_721) << 23 | serial)


def x_user(number: str = "7001", handle: str = "budi_contoh", **extra: Any) -> dict[str, Any]:
    result = {
        "__typename": "User",
        "id": "VXNlcjo=",
        "rest_id": number,
        "core": {"created_at": "Mon Jan 16 17:36:32 +0000 2023", "name": "BUDI CONTOH", "screen_name": handle},
        "legacy": {"description": "", "followers_count": 3},
        "privacy": {"protected": False},
        "relationship_perspectives": {"following": True},
        **extra,
    }
    return {"user_results": {"result": result}}


def tweet(serial: int = 1, text: str = "Salam dari Kabupaten Contoh", **changes: Any) -> dict[str, Any]:
    """One tweet result; `core`, `legacy` entries and outer fields are replaced by name."""
    identity = x_id(serial)
    core = changes.pop("core", x_user())
    legacy = {
        "id_str": identity,
        "user_id_str": core.get("user_results", {}).get("result", {}).get("rest_id", "7001"),
        "created_at": POSTED_TEXT,
        "full_text": text,
        "lang": "in",
        "conversation_id_str": identity,
        "is_quote_status": False,
        "favorited": True,
        "favorite_count": 12,
        "retweet_count": 3,
        "quote_count": 1,
        "reply_count": 2,
        "entities": {"hashtags": [], "urls": [], "user_mentions": [], "symbols": []},
    }
    outer = {"__typename": "Tweet", "rest_id": identity, "views": {"count": "99"}, "source": "<a>Web</a>"}
    names = ("note_tweet", "quoted_status_result", "edit_control", "tombstone", "promotedMetadata", "type", "user")
    outer |= {name: changes.pop(name) for name in names if name in changes}
    return {**outer, "id": identity, "core": core, "legacy": {**legacy, **changes}}


def instagram_post(serial: int = 1, **changes: Any) -> dict[str, Any]:
    identity = instagram_id(serial)
    return {
        "__typename": "XDTMediaDict",
        "pk": identity,
        "id": f"{identity}_5001",
        "code": "DAbcdEFghiJ",
        "user": {
            "pk": "5001",
            "id": "5001",
            "username": "budi.contoh",
            "full_name": "BUDI CONTOH",
            "is_private": False,
        },
        "owner": {"pk": "5001", "username": "budi.contoh"},
        "caption": {"text": "Bersama warga #ContohBangkit @siti.teladan", "pk": "1"},
        "taken_at": POSTED,
        "like_count": 40,
        "comment_count": 2,
        "media_type": 1,
        "video_versions": None,
        "usertags": {"in": [{"user": {"pk": "5002", "username": "siti.teladan"}, "position": [0.1, 0.2]}]},
        "accessibility_caption": "Foto oleh BUDI CONTOH",
        "carousel_media": None,
        "product_type": "feed",
        "ad_id": None,
        "top_likers": ["teman.perekam"],
        "facepile_top_likers": [{"username": "teman.perekam", "pk": "6660"}],
        "organic_tracking_token": "RAHASIA-TOKEN",
        "_zs_partial": False,
        **changes,
    }


def instagram_graph(serial: int = 1, **changes: Any) -> dict[str, Any]:
    reply = {
        "id": "18002",
        "text": "siap",
        "created_at": POSTED + 20,
        "owner": {"id": "5004", "username": "guru.contoh"},
    }
    comment = {
        "id": "18001",
        "text": "Lanjutkan @budi.contoh",
        "created_at": POSTED + 10,
        "owner": {"id": "5003", "username": "asn.contoh"},
        "edge_threaded_comments": {"count": 1, "edges": [{"node": reply}]},
    }
    return {
        "__typename": "GraphImage",
        "id": instagram_id(serial),
        "shortcode": "DAbcdEFghiJ",
        "owner": {"id": "5001", "username": "budi.contoh"},
        "edge_media_to_caption": {"edges": [{"node": {"text": "Rapat #contoh"}}]},
        "taken_at_timestamp": POSTED,
        "edge_media_preview_like": {"count": 9},
        "edge_media_to_parent_comment": {"count": 1, "edges": [{"node": comment}]},
        "display_url": "https://cdn.contoh.test/a.jpg?oh=RAHASIA",
        **changes,
    }


def instagram_comment(**changes: Any) -> dict[str, Any]:
    return {
        "pk": "18010",
        "id": "18010",
        "comment_id": "18010",
        "text": "Hadir pak",
        "created_at": POSTED + 60,
        "user": {"id": "5003", "unique_id": "asn.contoh", "nickname": "ASN CONTOH"},
        "post_id": instagram_id(1),
        "parent_comment_id": None,
        **changes,
    }


def tiktok_post(serial: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": tiktok_id(serial),
        "desc": "Kampanye #contohbangkit @siti",
        "createTime": POSTED,
        "author": {"id": "4001", "uniqueId": "budi.contoh", "nickname": "BUDI CONTOH", "privateAccount": False},
        "stats": {"diggCount": 7, "shareCount": 2, "commentCount": 1, "playCount": 100},
        "challenges": [{"id": "1", "title": "contohbangkit"}],
        "textExtra": [
            {"hashtagName": "contohbangkit", "type": 1},
            {"userId": "4002", "userUniqueId": "siti.teladan", "type": 0},
        ],
        "stickersOnItem": [{"stickerText": ["PILIH NOMOR 1"], "stickerType": 4}],
        "textLanguage": "id",
        "isAd": False,
        "digged": True,
        "video": {"playAddr": "https://v.contoh.test/video?msToken=RAHASIA&X-Bogus=RAHASIA"},
        **changes,
    }


def tiktok_comment(serial: int = 2, **changes: Any) -> dict[str, Any]:
    identity = tiktok_id(serial, POSTED + 30)
    return {
        "id": identity,
        "cid": identity,
        "aweme_id": tiktok_id(1),
        "text": "Mantap",
        "create_time": POSTED + 30,
        "digg_count": 1,
        "reply_id": "0",
        "reply_to_reply_id": "0",
        "reply_comment_total": 0,
        "reply_comment": None,
        "user": {"uid": "4003", "unique_id": "asn.contoh", "sec_uid": "MS4", "nickname": "ASN CONTOH"},
        "text_extra": [],
        "user_digged": 1,
        **changes,
    }


def envelope(item: dict[str, Any], module: str, **changes: Any) -> dict[str, Any]:
    """A line of the extension's export, with what a signed-in browser leaves in it."""
    return {
        "nav_index": "3:12:1",
        "item_id": item.get("id"),
        "timestamp_collected": SEEN_MS,
        "source_platform": module,
        "source_platform_url": "https://www.contoh.test/@budi.contoh?msToken=RAHASIA#RAHASIA",
        "source_url": "https://www.contoh.test/api/list/?aweme_id=77&msToken=RAHASIA&X-Bogus=RAHASIA"
        "&verifyFp=RAHASIA&device_id=RAHASIA&odinId=RAHASIA",
        "user_agent": "RAHASIA-PERAMBAN",
        "data": copy.deepcopy(item),
        **changes,
    }


def line(item: dict[str, Any], module: str, **changes: Any) -> bytes:
    return json.dumps(envelope(item, module, **changes)).encode() + b"\n"
