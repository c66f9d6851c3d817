"""CSV files that 4CAT exports: its own columns for each platform, a row an item.

Columns as 4CAT writes them (datasources/*/search_*.py of 4CAT); sniffed by a few that only that platform has, since
the sets differ between versions and branches. 4CAT's `timestamp` is in its server's zone, so `unix_timestamp` is read.
Files whose authors 4CAT has hidden hold digests for names: their rows are skipped and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scrapers.imports.form_reader import TableReader
from scrapers.imports.forms import Fields, Form, columns, plain
from scrapers.platforms.bluesky import urls as bluesky

VERSION = "1"

_POLITE_DASH = frozenset({"", "none", "deleted", "removed by author", "viewer blocked by author"})


def _tweet(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Name what a row is on.

    A reply names only its thread, a repost only whose post it repeats: X shows that one at the repost's number.
    """
    if row.get("is_retweet") == "yes":
        fields["shared_id"] = fields.get("id", "")
        fields["shared_author_handle"] = row.get("retweeted_user", "")
        return None
    if row.get("is_reply") == "yes":
        fields["act"] = "comment"
        fields["parent_id"] = fields["root_id"] = row.get("thread_id", "")
        fields["parent_author_handle"] = row.get("replied_author", "") or row.get("replied_user", "")
    if row.get("is_quote_tweet") == "yes":
        fields["quoted_author_handle"] = row.get("quote_author", "") or row.get("quoted_user", "")
    return None


def _instagram(fields: Fields, row: Mapping[str, str]) -> str | None:
    if row.get("media_type", row.get("type", "")) == "comment":
        fields["act"] = "comment"
        fields["root_id"] = row.get("thread_id", "")
    else:
        fields.pop("parent_id", None)
    return None


def _tiktok(_: Fields, row: Mapping[str, str]) -> str | None:
    return "iklan" if row.get("is_ad") in ("True", "true", "yes") else None


def _comment(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Name the comment that a comment on a comment has as its thread."""
    fields["root_id"] = row.get("post_id", "")
    fields["parent_id"] = row.get("thread_id", "") or row.get("post_id", "")
    return None


def _telegram(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Messages are numbered within a chat; without the chat's public name they are known to nobody."""
    chat = row.get("chat", "") or row.get("thread_id", "")
    if not re.fullmatch(r"@?[A-Za-z]\w{2,31}", chat, re.ASCII):
        return "nama publik kanal atau grup tidak ada dalam baris"
    chat = "@" + chat.lstrip("@").lower()
    fields["id"] = f"{chat}/{row.get('id', '')}"
    fields["url"] = f"https://t.me/{chat[1:]}/{row.get('id', '')}"
    answered = row.get("reply_to", "").strip()
    if answered.isdigit() and answered != "0":
        fields["parent_id"] = fields["root_id"] = f"{chat}/{answered}"
    if not fields.get("author_handle") and not re.fullmatch(r"-?\d{5,}", fields.get("author_id", "")):
        fields["author_handle"] = chat[1:]
    return None


def _bluesky(fields: Fields, row: Mapping[str, str]) -> str | None:
    """4CAT names the post above by a page's address under a handle; by its key it is known where it is the root."""
    root, above = row.get("thread_id", ""), row.get("replied_to_post", "")
    if above:
        key = above.rstrip("/").rpartition("/")[2]
        name = bluesky.account_name(above) or ""
        same = root.endswith(f"/{key}") or not bluesky.is_did(name)
        fields["parent_id"] = root if same else f"at://{name}/{bluesky.POST}/{key}"
        fields["root_id"] = root
        if not bluesky.is_did(row.get("replied_to_user", "")):
            fields["parent_author_handle"] = row.get("replied_to_user", "")
        else:
            fields["parent_author_id"] = row["replied_to_user"]
    quoted = row.get("quoted_post", "")
    if quoted.lower() in _POLITE_DASH:
        fields.pop("quoted_url", None)
    return None


def _facebook(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Take the account from what 4CAT leaves of its address: a name, a number, or `profile.php?id=`."""
    author = row.get("author", "")
    number = re.search(r"(?:^|[?&]id=)(\d{5,25})$", author)
    if number is not None:
        fields["author_id"] = number[1]
        fields.pop("author_handle", None)
    return None


FORMS = (
    Form(
        "4cat/tiktok-comments",
        "tiktok",
        columns("id thread_id author body unix_timestamp post_id is_comment_on_comment"),
        plain(
            id="id", author_handle="author", text="body", time="unix_timestamp timestamp", like_count="likes",
            comment_count="replies", lang="language_guess", parent_id="thread_id", root_id="post_id",
        ),
        columns(
            "collected_from_url author_full author_avatar_url post_url post_body comment_url "
            "is_liked_by_post_author is_sticky missing_media"
        ),
        fixed={"act": "comment"},
        adjust=_comment,
    ),
    Form(
        "4cat/tiktok",
        "tiktok",
        columns("id author body unix_timestamp tiktok_url"),
        plain(
            id="id", author_handle="author", text="body", time="unix_timestamp timestamp", url="tiktok_url",
            like_count="likes", comment_count="comments", share_count="shares", hashtags="hashtags",
            alt_texts="stickers",
        ),
        columns(
            "collected_from_url thread_id author_full author_followers author_likes author_videos author_avatar "
            "is_duet is_ad is_paid_partnership is_sensitive is_photosensitive music_name music_id music_url "
            "music_thumbnail music_author video_url thumbnail_url plays challenges diversification_labels "
            "location_created effects warning missing_media reposts"
        ),
        adjust=_tiktok,
    ),
    Form(
        "4cat/bsky",
        "bluesky",
        columns("id author author_id body created_at link replied_to_post"),
        plain(
            id="id", author_id="author_id", author_handle="author", text="body", time="created_at", seen="collected_at",
            url="link", hashtags="tags", mentions="mentions", links="links", quoted_url="quoted_post",
            quoted_author_handle="quoted_user", like_count="like_count", share_count="repost_count",
            comment_count="reply_count", lang="languages",
        ),
        columns(
            "query rank thread_id quote_count replied_to_user replies_allowed images labels has_poll "
            "author_display_name author_profile author_avatar author_created_at timestamp unix_timestamp "
            "missing_media"
        ),
        adjust=_bluesky,
    ),
    Form(
        "4cat/telegram",
        "telegram",
        columns("id chat author body unix_timestamp"),
        plain(
            author_id="author", author_handle="author_username", text="body", time="unix_timestamp timestamp",
            edited="unix_timestamp_edited timestamp_edited", links="entities_linked link_attached",
            mentions="entities_mentioned", quoted_author_id="author_forwarded_from_id",
            quoted_author_handle="author_forwarded_from_username",
        ),
        columns(
            "id thread_id chat author_name author_is_bot body_markdown is_reply reply_to views reactions "
            "restriction_reason chat_restriction_reason message_noforwards chat_noforwards "
            "author_forwarded_from_name all_connections "
            "timestamp_forwarded_from unix_timestamp_forwarded_from link_title link_description attachment_type "
            "attachment_data attachment_filename subject"
        ),
        adjust=_telegram,
    ),
    Form(
        "4cat/twitter",
        "x",
        columns("id thread_id body author author_id is_retweet is_reply"),
        plain(
            id="id", author_id="author_id", author_handle="author", text="body", time="unix_timestamp timestamp",
            quoted_id="quote_tweet_id", like_count="like_count", share_count="retweet_count",
            comment_count="reply_count", hashtags="hashtags", mentions="mentions", links="urls", lang="language_guess",
        ),
        columns(
            "collected_from_url thread_id link author_fullname author_avatar_url author_banner_url verified "
            "source possibly_sensitive quote_count impression_count is_retweet retweeted_user is_quote_tweet "
            "quote_author quoted_user quote_body quote_images quote_videos is_quote_withheld is_reply "
            "replied_author replied_user is_withheld images videos long_lat place_name missing_media subject"
        ),
        adjust=_tweet,
    ),
    Form(
        "4cat/threads",
        "threads",
        columns("id author body unix_timestamp reposts quotes author_is_verified"),
        plain(
            id="id", url="url", author_handle="author", text="body", time="unix_timestamp timestamp", links="link_url",
            like_count="likes", share_count="reposts", comment_count="replies", hashtags="hashtags",
        ),
        columns(
            "collected_from_url thread_id author_avatar image_url video_url audio_url link_thumbnail_url "
            "is_paid_partnership missing_media"
        ),
    ),
    Form(
        "4cat/facebook",
        "facebook",
        columns("id url body author author_name is_in_group"),
        plain(id="id", url="url", author_handle="author", text="body", time="unix_timestamp timestamp"),
        columns("image_url video_url group_name thread_id missing_media collected_from_url"),
        adjust=_facebook,
    ),
    Form(
        "4cat/instagram",
        "instagram",
        columns("id author body unix_timestamp num_likes num_comments"),
        plain(
            id="id", url="url", author_id="author_id", author_handle="author", text="body", parent_id="parent_id",
            time="unix_timestamp timestamp", hashtags="hashtags", mentions="usertags mentioned", like_count="num_likes",
            comment_count="num_comments",
        ),
        columns(
            "collected_from_url collected_from_view partial_item thread_id author_fullname verified is_verified "
            "author_avatar_url coauthors coauthor_fullnames coauthor_ids media_type type num_media image_urls "
            "media_urls image_url media_url post_source_domain play_count likes_hidden location_name location_id "
            "location_latlong location_city missing_media subject"
        ),
        adjust=_instagram,
    ),
)  # fmt: skip

reader = TableReader("fourcat_csv", VERSION, FORMS)
