"""Data sets that Apify's actors and Bright Data sell: JSON arrays, JSON lines or CSV, known by their keys.

Every vendor names things its own way and changes that, so each shape asks only for the few keys without which nothing
can be read. Such data are scraped by others: who supplied them and on what ground they may be used is asked first.
"""

from __future__ import annotations

from collections.abc import Mapping

from scrapers.imports.form_reader import JsonReader, TableOrJson, TableReader, ask_supplier
from scrapers.imports.forms import LIST, Fields, Form, columns, plain
from scrapers.imports.vendor_posts import POSTS

VERSION = "1"

_REPLIES = {"parent_id": "id", "root_id": "root_id", "root_url": "root_url"}


def _facebook(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Take the post from the comment's address where nothing else names it."""
    if not fields.get("root_url") and not fields.get("root_id"):
        fields["root_url"] = (row.get("commentUrl", "") or row.get("comment_url", "")).partition("?")[0]
    return None


COMMENTS = (
    Form(
        "bright-data/tiktok-comments",
        "tiktok",
        columns("comment_id comment_text commenter_user_name"),
        plain(
            id="comment_id", author_id="commenter_id", author_handle="commenter_user_name",
            author_url="commenter_url", text="comment_text", time="date_created", root_id="post_id",
            root_url="post_url url", like_count="num_likes", comment_count="num_replies", seen="timestamp",
            parent_id="parent_comment_id reply_to_comment_id",
        ),
        columns("comment_url post_date_created input discovery_input error error_code warning warning_code"),
        any_of=columns("post_id post_url url"),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
    Form(
        "bright-data/instagram-comments",
        "instagram",
        columns("comment_user comment_date comment"),
        plain(
            id="comment_id", author_id="comment_user_id user_id", author_handle="comment_user",
            author_url="comment_user_url", text="comment", time="comment_date", root_id="post_id",
            root_url="post_url url", like_count="likes_number", comment_count="replies_number",
            hashtags="hashtag_comment", seen="timestamp",
        ),
        columns("post_user input discovery_input tagged_users_in_comment error error_code warning warning_code"),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
    Form(
        "bright-data/facebook-comments",
        "facebook",
        columns("comment_id user_name comment_text"),
        plain(
            id="comment_id", author_id="user_id", author_url="user_url", text="comment_text", time="date_created",
            root_id="post_id", root_url="post_url url", url="comment_link", parent_id="parent_comment_id",
            like_count="num_likes", comment_count="num_replies", seen="timestamp",
        ),
        columns(
            "user_name attached_files video_length source_type subtype type input discovery_input error "
            "error_code warning warning_code"
        ),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
    Form(
        "vendor/facebook-comments",
        "facebook",
        columns("comment_id user_id user_name create_time"),
        plain(
            id="comment_id", author_id="user_id", author_url="user_url", text="text comment content message",
            time="create_time", root_id="post_id", root_url="post_url url facebook_url", url="comment_url",
            parent_id="parent_comment_id reply_to", like_count="like_count likes", comment_count="reply_count replies",
        ),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
    Form(
        "apify/facebook-comments",
        "facebook",
        columns("text"),
        plain(
            id="id commentId legacyCommentId", author_id="profileId authorId", author_url="profileUrl authorUrl",
            text="text", time="date timestamp relativeDate", root_id="facebookId postId",
            root_url="postUrl facebookUrl inputUrl", url="commentUrl commentPermalink",
            parent_id="replyToCommentId parentCommentId parentId", like_count="likesCount",
            comment_count="commentsCount repliesCount",
        ),
        columns(
            "profileName authorName profilePicture feedbackId threadingDepth postTitle pageAdLibrary inputUrl "
            "attachments groupTitle error errorDescription facebookUrl"
        ),
        any_of=columns("commentUrl commentPermalink feedbackId"),
        lacks=columns("cid ownerUsername postId.text"),
        fixed={"act": "comment"},
        separator=LIST,
        adjust=_facebook,
        nested={"comments": _REPLIES, "replies": _REPLIES},
    ),
    Form(
        "apify/tiktok-comments",
        "tiktok",
        columns("text"),
        plain(
            id="cid commentId id", author_id="uid authorUid user.uid",
            author_handle="uniqueId authorUniqueId user.uniqueId", text="text",
            time="createTimeISO createTime", root_url="videoWebUrl submittedVideoUrl",
            root_id="awemeId videoId", parent_id="repliesToId parentCommentId", like_count="diggCount",
            comment_count="replyCommentTotal", mentions="mentions",
        ),
        columns(
            "input avatarThumbnail likedByAuthor pinnedByAuthor detailedMentions authorNickname nickName "
            "submittedVideoUrl createTime authorAvatar language user"
        ),
        any_of=columns("videoWebUrl submittedVideoUrl replyCommentTotal repliesToId authorUniqueId"),
        lacks=columns("authorMeta.name webVideoUrl"),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
    Form(
        "apify/instagram-comments",
        "instagram",
        columns("id text ownerUsername timestamp"),
        plain(
            id="id", author_id="owner.id ownerId", author_handle="ownerUsername owner.username", text="text",
            time="timestamp", root_url="postUrl", root_id="postId", url="commentUrl", like_count="likesCount",
            comment_count="repliesCount",
        ),
        columns("ownerProfilePicUrl owner position inputUrl"),
        lacks=columns("shortCode caption"),
        fixed={"act": "comment"},
        separator=LIST,
        nested={"replies": _REPLIES},
    ),
)  # fmt: skip

FORMS = (*COMMENTS, *POSTS)
reader = TableOrJson(TableReader("vendors", VERSION, FORMS), JsonReader("vendors", VERSION, FORMS, ask_supplier))
