"""Tables of comment exporters (ExportComments and the like) and of YouTube Data Tools: comments below one post.

Such tables seldom number comments; without a number a comment is known by who wrote what when below which post, so the
same export read twice gives the same record, but no other tool's record of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from scrapers.imports.form_reader import TableReader
from scrapers.imports.forms import Fields, Form, columns, plain

VERSION = "1"

_WHO = ("author_id", "author_handle", "author_url", "time", "text", "parent_id", "parent_url", "root_id", "root_url")


def key_of_comment(fields: Fields) -> None:
    """Give a row that names no id of its own one made of what it says."""
    if not fields.get("id") and "comment_id=" not in fields.get("url", "") and "lc=" not in fields.get("url", ""):
        said = "\x1f".join(" ".join(fields.get(name, "").split()) for name in _WHO)
        fields["key"] = f"tabel:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _exported(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Tell from a profile column what it holds, and from the source link which post it is."""
    profile = fields.get("author_id", "")
    if "/" in profile:
        fields["author_url"] = fields.pop("author_id")
    elif re.fullmatch(r"@?[A-Za-z_.][\w.]*", profile, re.ASCII):
        fields["author_handle"] = fields.pop("author_id")
    name = row.get("Name", "") or row.get("Author", "")
    if not {"author_id", "author_handle", "author_url"} & fields.keys() and name.startswith("@"):
        fields["author_handle"] = name
    source = fields.get("url", "")
    if source and not fields.get("root_url"):
        fields["root_url"] = re.sub(r"[?&](?:reply_)?comment_id=.*|[?&]lc=.*|/c/\d+/?$|/comment/.*", "", source)
    key_of_comment(fields)
    return None


FORMS = (
    Form(
        "youtube-data-tools/comments",
        "youtube",
        columns("id publishedAt text authorName authorChannelId"),
        plain(
            id="id", author_id="authorChannelId", author_handle="authorName", author_url="authorChannelUrl",
            text="text", time="publishedAt", edited="updatedAt", parent_id="isReplyTo parentId", root_id="videoId",
            like_count="likeCount", comment_count="replyCount",
        ),
        columns("isReply isReplyToName authorDisplayName videoTitle channelId"),
        any_of=columns("isReplyTo isReply replyCount parentId"),
        fixed={"act": "comment"},
        in_utc=True,
    ),
    Form(
        "youtube-data-tools/videos",
        "youtube",
        columns("videoId videoTitle publishedAt channelId"),
        plain(
            id="videoId", author_id="channelId", text="videoDescription videoTitle", time="publishedAt",
            like_count="likeCount", comment_count="commentCount", hashtags="tags", lang="defaultLanguage",
        ),
        columns(
            "position channelTitle publishedAtSQL videoTitle videoCategoryId videoCategoryLabel topicCategories "
            "duration durationSec dimension definition caption thumbnail_maxres licensedContent "
            "locationDescription latitude longitude viewCount dislikeCount favoriteCount defaultLAudioLanguage "
            "defaultAudioLanguage madeForKids"
        ),
        in_utc=True,
    ),
    Form(
        "export-comments",
        "",
        columns("Name Date Comment"),
        {
            "id": ("Comment ID", "Comment Id", "CommentID"),
            "author_id": ("Profile ID", "Profile Id", "Profile ID/URL", "Profile", "User ID", "Author ID"),
            "author_url": ("Profile URL", "Profile Url", "Profile Link", "Author URL"),
            "author_handle": ("Username", "User Name", "Handle"),
            "text": ("Comment",),
            "time": ("Date", "Date (UTC)"),
            "like_count": ("Likes",),
            "url": (
                "Source", "Source link", "Source Link", "(view) Source", "(view) source", "View Source", "Comment URL",
            ),
            "root_url": ("Post URL", "Post Link", "URL"),
            "comment_count": ("Replies", "Reply Count"),
        },
        columns("# No No. isHearted isPinned Verified Attachment Reactions Type")
        | {"Name", "Live video timestamp", "Live Video Timestamp", "kolom 1", "Profile Image", "Is Reply", "Reply To"},
        fixed={"act": "comment"},
        adjust=_exported,
    ),
)  # fmt: skip

reader = TableReader("comment_exporter", VERSION, FORMS, open_dates=True)
