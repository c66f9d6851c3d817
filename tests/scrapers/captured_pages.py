"""Pages and answers as browsers receive them, with invented people: one builder a shape."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from scrapers.imports.contract import SavedPage
from tests.scrapers.captured_items import POSTED, SEEN

FACEBOOK = "https://www.facebook.com/bangkit.contoh"
BUDI, ASN = "100000000000001", "100000000000777"


def page(url: str, body: str | bytes | dict[str, Any] | list[Any], seen: datetime = SEEN) -> SavedPage:
    if isinstance(body, dict | list):
        return SavedPage(url, json.dumps(body).encode(), "application/json", seen)
    data = body.encode() if isinstance(body, str) else body
    return SavedPage(url, data, "text/html; charset=utf-8", seen)


def html(*scripts: Any, body: str = "", kind: str = ' type="application/json" data-sjs') -> str:
    blocks = "".join(f"<script{kind}>{json.dumps(one)}</script>" for one in scripts)
    return f"<!DOCTYPE html><html><head><title>Contoh</title></head><body>{body}{blocks}</body></html>"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def fb_user(number: str = BUDI, name: str = "BUDI CONTOH", vanity: str = "budi.contoh") -> dict[str, Any]:
    url = f"https://www.facebook.com/{vanity}" if vanity else f"https://www.facebook.com/profile.php?id={number}"
    return {"__typename": "User", "id": number, "name": name, "url": url}


def fb_story(number: str = "900001", text: str = "Mari #ContohBangkit", **changes: Any) -> dict[str, Any]:
    """A post as the feed gives it: facts in nested copies of the same post."""
    actor = changes.pop("actor", fb_user())
    identity = b64(f"S:_I{actor['id']}:{number}")
    created = changes.pop("created", POSTED)
    attached = changes.pop("attached_story", None)
    privacy = changes.pop("privacy", "everyone")
    start = text.find("#")
    ranges = (
        [{"entity": {"__typename": "Hashtag", "id": "1"}, "offset": start, "length": len(text) - start}]
        if start >= 0
        else []
    )
    when = {
        "story": {
            "id": identity,
            "creation_time": created,
            "url": f"https://www.facebook.com/permalink.php?id={number}",
        }
    }
    who = {"story": {"id": identity, "privacy_scope": {"icon_image": {"name": privacy}}}}
    content = {
        "id": identity,
        "message": {"text": text, "ranges": ranges} if text else None,
        "actors": [actor],
        "wwwURL": f"https://www.facebook.com/permalink.php?story_fbid=pfbidContoh{number}&id={actor['id']}",
        "comet_sections": {"context_layout": {"story": {"id": identity, "comet_sections": {"metadata": [when, who]}}}},
        "attached_story": attached,
    }
    feedback = {
        "id": b64(f"feedback:{number}"),
        "reaction_count": {"count": 12},
        "share_count": {"count": 3},
        "comment_count": {"total_count": 2},
        "viewer_actor": fb_user("100000000009999", "PEREKAM RAHASIA"),
    }
    return {
        "__typename": "Story",
        "id": identity,
        "post_id": number,
        "feedback": {"id": b64(f"feedback:{number}")},
        "comet_sections": {"content": {"story": content}, "feedback": {"story": {"feedback_context": feedback}}},
        "attached_story": None,
        "sponsored_data": None,
        **changes,
    }


def fb_comment(number: str = "700001", post: str = "900001", text: str = "Lanjutkan", **changes: Any) -> dict[str, Any]:
    identity = f"{post}_{number}"
    return {
        "__typename": "Comment",
        "id": b64(f"comment:{identity}"),
        "legacy_fbid": number,
        "legacy_token": identity,
        "depth": 0,
        "author": fb_user(ASN, "ASN CONTOH", ""),
        "created_time": POSTED + 60,
        "preferred_body": {"text": text, "ranges": []},
        "body": {"text": text, "ranges": []},
        "comment_parent": None,
        "comment_direct_parent": None,
        "parent_feedback": {"id": b64(f"feedback:{post}")},
        "feedback": {
            "id": b64(f"feedback:{identity}"),
            "reactors": {"count": 4},
            "replies_fields": {"total_count": 1},
            "viewer_actor": fb_user("100000000009999", "PEREKAM RAHASIA"),
        },
        **changes,
    }


def fb_reactors(on: str = "900001", *people: dict[str, Any]) -> dict[str, Any]:
    edges = [{"node": person, "feedback_reaction_info": {"id": "1635855486666999"}} for person in people]
    return {"data": {"node": {"__typename": "Feedback", "id": b64(f"feedback:{on}"), "reactors": {"edges": edges}}}}


def threads_post(pk: str, user: str = "6001", handle: str = "budi.contoh", **changes: Any) -> dict[str, Any]:
    info = changes.pop("info", {})
    return {
        "pk": pk,
        "id": f"{pk}_{user}",
        "code": "DAbcdEFghiJ",
        "user": {"pk": user, "username": handle, "is_verified": False, "profile_pic_url": "https://cdn.contoh.test/a"},
        "taken_at": POSTED,
        "caption": {"text": changes.pop("text", "Halo Kabupaten Contoh #bangkit")},
        "like_count": 5,
        "media_type": 19,
        "text_post_app_info": {
            "is_reply": False,
            "reply_to_author": None,
            "direct_reply_count": 1,
            "repost_count": 2,
            "quote_count": 1,
            "share_info": {"quoted_post": None, "reposted_post": None},
            "link_preview_attachment": None,
            **info,
        },
        **changes,
    }
