"""Generated captures of the size and shape of real ones, with invented people."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

_POSTED = 1_727_744_400
_SEEN_MS = 1_727_838_000_000
_SIGNED = (
    "stp=dst-jpg_e35_p640x640&_nc_ht=cdn&_nc_cat=107&_nc_ohc="
    + "Q" * 80
    + "&ccb=7-5&oh=00_"
    + "A" * 40
    + "&oe=66FFFFFF"
)


def facebook_page(number: int) -> str:
    """Return a page of twelve posts with three comments each, among scripts that hold none."""
    first = 900_000_000 + number * 1000
    posts = [_story(first + one) for one in range(12)]
    comments = [_comment(first + one, below) for one in range(12) for below in range(3)]
    config = [
        {"require": [["Bootloader", "handle", None, [{"rsrcMap": {f"r{n}": {"src": "x" * 300} for n in range(40)}}]]]}
    ] * 6
    blocks = [*config, {"data": {"feed": {"edges": [{"node": post} for post in posts]}}}, {"edges": comments}]
    scripts = "".join(f'<script type="application/json" data-sjs>{json.dumps(block)}</script>' for block in blocks)
    dressing = "<div class='x'></div>" * 2000
    return f"<!DOCTYPE html><html><head><title>Contoh</title></head><body>{dressing}{scripts}</body></html>"


def telegram_page(number: int) -> str:
    """Return a preview of twenty posts of a channel, with its dressing of scripts, styles and pictures."""
    first = 1000 + number * 20
    posts = "".join(_telegram_post(first + one) for one in range(20))
    icons = '<svg class="icon"><path d="M1 1h2"/></svg>' * 40
    head = '<meta property="og:title" content="Kanal Contoh">' * 10 + "<style>" + ".x{margin:0}" * 400 + "</style>"
    title = '<div class="tgme_channel_info_header_title"><span>Kanal Contoh</span></div>'
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><header>{icons}</header>"
        f'<div class="tgme_channel_info">{title}</div>'
        f'<section class="tgme_channel_history js-message_history">{posts}</section></body></html>'
    )


def write_export(path: Path, size: int) -> int:
    """Write an export of a browser extension of about so many bytes; return its number of lines."""
    lines = 0
    with path.open("wb") as file:
        while file.tell() < size:
            for item, module in _items(lines):
                file.write(json.dumps(_envelope(item, module)).encode() + b"\n")
                lines += 1
    return lines


def _telegram_post(number: int) -> str:
    said = json.dumps({"c": -1500000001, "p": number, "t": _POSTED, "h": "contoh"}).encode()
    view = base64.b64encode(said).decode()
    style = f"background-image:url('https://cdn.contoh.test/{number}.jpg')"
    photo = f'<a class="tgme_widget_message_photo_wrap" style="{style}"></a>'
    text = "Mari membangun <b>Kabupaten Contoh</b> bersama warga.<br/>" * 5
    text += '<a href="https://contoh.test/berita">berita</a> <a href="?q=%23ContohBangkit">#ContohBangkit</a>'
    reactions = '<span class="tgme_reaction"><i class="emoji"><b>👍</b></i>12</span>' * 5
    channel = "https://t.me/kanal_contoh"
    picture = f'<a href="{channel}"><i class="tgme_widget_message_user_photo"></i></a>'
    owner = f'<a class="tgme_widget_message_owner_name" href="{channel}"><span dir="auto">Kanal Contoh</span></a>'
    date = f'<a class="tgme_widget_message_date" href="{channel}/{number}">'
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message js-widget_message" data-post="kanal_contoh/{number}" data-view="{view}">'
        f'<div class="tgme_widget_message_user">{picture}</div><div class="tgme_widget_message_bubble">'
        f'<div class="tgme_widget_message_author">{owner}</div>{photo}'
        f'<div class="tgme_widget_message_text js-message_text">{text}</div>'
        f'<div class="tgme_widget_message_reactions js-message_reactions">{reactions}</div>'
        '<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">4.48K</span>'
        f'<span class="tgme_widget_message_meta">{date}<time datetime="2024-10-01T01:00:00+00:00">08:00</time>'
        "</a></span></div></div></div></div>"
    )


def _story(number: int) -> dict[str, Any]:
    identity = f"S:_I100000000000001:{number}"
    actor = {
        "__typename": "User",
        "id": "100000000000001",
        "name": "BUDI CONTOH",
        "url": "https://www.facebook.com/budi.contoh",
    }
    text = {"text": "Mari membangun Kabupaten Contoh bersama warga. " * 5, "ranges": []}
    when = {
        "story": {
            "id": identity,
            "creation_time": _POSTED,
            "url": f"https://www.facebook.com/permalink.php?id={number}",
        }
    }
    media = {
        "media": {"image": {"uri": f"https://cdn.contoh.test/{number}.jpg?{_SIGNED}"}, "accessibility_caption": "Foto"}
    }
    inner = {"context_layout": {"story": {"id": identity, "comet_sections": {"metadata": [when]}}}}
    content = {"id": identity, "message": text, "actors": [actor], "attachments": [media] * 4, "comet_sections": inner}
    counts = {"reaction_count": {"count": 12}, "share_count": {"count": 3}, "comment_count": {"total_count": 3}}
    return {
        "__typename": "Story",
        "id": identity,
        "post_id": str(number),
        "comet_sections": {"content": {"story": content}, "feedback": {"story": counts}},
    }


def _comment(post: int, below: int) -> dict[str, Any]:
    number = post * 10 + below
    author = {"__typename": "User", "id": str(100_000_000_001_000 + below), "name": "WARGA CONTOH"}
    return {
        "node": {
            "__typename": "Comment",
            "id": f"comment:{post}_{number}",
            "legacy_fbid": str(number),
            "author": author,
            "created_time": _POSTED + below,
            "body": {"text": "Siap mendukung", "ranges": []},
            "feedback": {"reactors": {"count": below}},
        }
    }


def _items(number: int) -> list[tuple[dict[str, Any], str]]:
    return [
        (_tweet(number), "twitter.com"),
        (_instagram(number), "instagram.com"),
        (_tiktok(number), "tiktok.com"),
        (_tiktok_comment(number), "tiktok-comments"),
    ]


def _tweet(number: int) -> dict[str, Any]:
    identity = str((_POSTED * 1000 - 1_288_834_974_657) << 22 | number)
    media = {"media_url_https": "https://pbs.contoh.test/a.jpg", "type": "photo", "sizes": {"large": {"h": 1, "w": 1}}}
    user = {
        "rest_id": "7001",
        "core": {"name": "BUDI CONTOH", "screen_name": "budi_contoh"},
        "legacy": {"followers_count": 3},
    }
    legacy = {
        "id_str": identity,
        "user_id_str": "7001",
        "created_at": "Tue Oct 01 01:00:00 +0000 2024",
        "full_text": "Salam dari Kabupaten Contoh #ContohBangkit " * 5,
        "entities": {"hashtags": [{"text": "ContohBangkit"}], "media": [media] * 4},
        "extended_entities": {"media": [media] * 4},
    }
    profile = {"profile_bio": {"description": "Warga " * 40}, "avatar": {"image_url": "https://pbs.contoh.test/b.jpg"}}
    return {
        "__typename": "Tweet",
        "rest_id": identity,
        "core": {"user_results": {"result": user | profile}},
        "legacy": legacy,
    }


def _instagram(number: int) -> dict[str, Any]:
    pk = str((_POSTED * 1000 - 1_314_220_021_721) << 23 | number)
    pictures = [
        {"url": f"https://cdn.contoh.test/v/{size}.jpg?{_SIGNED}", "width": size, "height": size} for size in range(14)
    ]
    return {
        "pk": pk,
        "code": "DAbcdEFghiJ",
        "user": {"pk": "5001", "username": "budi.contoh"},
        "caption": {"text": "Bersama warga #ContohBangkit @siti.teladan " * 6},
        "taken_at": _POSTED,
        "image_versions2": {"candidates": pictures},
        "carousel_media": [{"image_versions2": {"candidates": pictures}}] * 3,
    }


def _tiktok(number: int) -> dict[str, Any]:
    urls = [f"https://v16.contoh.test/video/{n}/?a=1988&bti=abc&signature={'0' * 32}&tk=tt&{_SIGNED}" for n in range(3)]
    return {
        "id": str(_POSTED << 32 | number),
        "desc": "Kampanye #contohbangkit",
        "createTime": _POSTED,
        "author": {"id": "4001", "uniqueId": "budi.contoh"},
        "stats": {"diggCount": 7},
        "video": {"bitrateInfo": [{"PlayAddr": {"UrlList": urls}} for _ in range(4)], "playAddr": urls[0]},
    }


def _tiktok_comment(number: int) -> dict[str, Any]:
    identity = str(_POSTED + 30 << 32 | number)
    avatar = {"url_list": [f"https://p16.contoh.test/a.jpg?{_SIGNED}"] * 3}
    user = {"uid": "4003", "unique_id": "asn.contoh", "avatar_thumb": avatar, "avatar_medium": avatar}
    return {
        "cid": identity,
        "aweme_id": str(_POSTED << 32),
        "text": "Mantap",
        "create_time": _POSTED + 30,
        "user": user,
    }


def _envelope(item: dict[str, Any], module: str) -> dict[str, Any]:
    return {
        "item_id": item.get("id"),
        "timestamp_collected": _SEEN_MS,
        "source_platform": module,
        "source_platform_url": "https://www.contoh.test/budi.contoh",
        "source_url": "https://www.contoh.test/api/list/?aweme_id=77&msToken=RAHASIA",
        "user_agent": "Peramban",
        "data": item,
    }
