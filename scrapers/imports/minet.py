"""CSV files that minet writes: tweets, Bluesky posts, Telegram messages, Instagram posts and comments, YouTube lists.

Columns as minet and twitwi name them (`TWEET_FIELDS`, minet/*/types.py), lists joined with "|". minet puts the columns
of the file it was given before its own, so a comment's post may stand in a column of any of several names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from scrapers.imports.form_reader import TableReader
from scrapers.imports.forms import Fields, Form, columns, plain
from scrapers.platforms.bluesky import urls as bluesky

VERSION = "1"

_POST_COLUMNS = "post post_url url shortcode code query"


def _twitter(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Give the time of collection the zone of the collecting machine, which only the tweet's local time shows."""
    local, stamp = row.get("local_time", ""), row.get("timestamp_utc", "")
    try:
        ahead = datetime.fromisoformat(local).replace(tzinfo=UTC) - datetime.fromtimestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    minutes = round(ahead.total_seconds() / 60)
    if fields.get("seen") and abs(minutes) <= 14 * 60 and "+" not in fields["seen"]:
        sign = "-" if minutes < 0 else "+"
        fields["seen"] += f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return None


def _bluesky(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Build the addresses of posts that older versions give as repository and key, and tell reposts from posts."""
    _twitter(fields, row)
    for prefix, user, key in (
        ("parent", "to_user_did", "to_post_did"),
        ("root", "to_root_user_did", "to_root_post_did"),
        ("quoted", "quoted_user_did", "quoted_did"),
    ):
        if not fields.get(f"{prefix}_id") and row.get(user) and row.get(key):
            fields[f"{prefix}_id"] = f"at://{row[user]}/{bluesky.POST}/{row[key]}"
    if not fields.get("id") and row.get("user_did") and row.get("did"):
        fields["id"] = f"at://{row['user_did']}/{bluesky.POST}/{row['did']}"
    if row.get("repost_by_user_did"):
        fields |= {"shared_id": fields.get("id", ""), "shared_time": fields.pop("time", "")}
        fields |= {f"shared_author_{name}": fields.pop(f"author_{name}", "") for name in ("id", "handle")}
        fields["author_id"], fields["author_handle"] = row["repost_by_user_did"], row.get("repost_by_user_handle", "")
        fields["time"] = row.get("repost_timestamp_utc", "") or row.get("repost_created_at", "")
    return None


_TWEET_IGNORED = columns(
    "local_time possibly_sensitive impression_count source_name source_url user_location lat lng user_name "
    "user_verified user_verified_type user_is_blue_verified user_description user_url user_image user_tweets "
    "user_followers user_friends user_likes user_lists user_created_at user_timestamp_utc collected_via match_query "
    "quoted_timestamp_utc place_country_code place_name place_type place_coordinates domains media_urls media_files "
    "media_types stats_quotes quote_count bookmark_count"
)
FORMS = (
    Form(
        "minet/twitter",
        "x",
        columns("id user_screen_name user_id text timestamp_utc to_tweetid"),
        plain(
            id="id", url="url", author_id="user_id", author_handle="user_screen_name", text="text",
            time="timestamp_utc", seen="collection_time", parent_id="to_tweetid", parent_author_id="to_userid",
            parent_author_handle="to_username", shared_id="retweeted_id", shared_author_id="retweeted_user_id",
            shared_author_handle="retweeted_user", shared_time="retweeted_timestamp_utc", quoted_id="quoted_id",
            quoted_author_id="quoted_user_id", quoted_author_handle="quoted_user", like_count="like_count",
            share_count="retweet_count", comment_count="reply_count", lang="lang", links="links",
            mentions="mentioned_names", mentioned_ids="mentioned_ids", hashtags="hashtags",
            alt_texts="media_alt_texts",
        ),
        _TWEET_IGNORED,
        separator="|",
        in_utc=True,
        adjust=_twitter,
    ),
    Form(
        "minet/bluesky",
        "bluesky",
        columns("uri user_did user_handle text timestamp_utc"),
        plain(
            id="uri", url="url", author_id="user_did", author_handle="user_handle", text="text", time="timestamp_utc",
            seen="collection_time", parent_id="to_post_uri", parent_author_id="to_user_did",
            parent_author_handle="to_user_handle", root_id="to_root_post_uri", root_author_id="to_root_user_did",
            quoted_id="quoted_uri", quoted_author_id="quoted_user_did", quoted_author_handle="quoted_user_handle",
            like_count="like_count", share_count="repost_count", comment_count="reply_count", links="links",
            mentions="mentioned_user_handles", mentioned_ids="mentioned_user_dids", hashtags="hashtags",
            alt_texts="media_alt_texts",
        ),
        columns(
            "cid did local_time quote_count user_name user_image user_url user_description user_created_at "
            "user_timestamp_utc user_langs user_posts user_followers user_follows user_lists bookmark_count "
            "indexed_at_utc to_post_cid to_post_did to_post_url to_root_post_cid to_root_post_did "
            "to_root_post_url repost_by_user_did repost_by_user_handle repost_created_at repost_timestamp_utc "
            "reposted_did reposted_user_did reposted_user_handle reposted_timestamp_utc quoted_cid quoted_did "
            "quoted_url quoted_created_at quoted_timestamp_utc quoted_status domains media_urls media_files "
            "media_types media_thumbnails card_link card_title card_description card_thumbnail collected_via "
            "match_query replies_rules replies_rules_created_at replies_rules_timestamp_utc hidden_replies_uris "
            "quotes_rule lang langs"
        ),
        separator="|",
        in_utc=True,
        adjust=_bluesky,
    ),
    Form(
        "minet/telegram",
        "telegram",
        columns("link_to_message user_link text datetime"),
        plain(
            url="link_to_message", author_url="user_link", text="text", time="datetime", links="links",
            hashtags="hashtags",
        ),
        columns(
            "could_be_displayed user user_img nb_hashtags is_reply_img is_reply_user is_reply_text stickers "
            "nb_photos photos nb_videos videos videos_times nb_links link_img link_site link_title "
            "link_description views edited name channel"
        ),
        separator="|",
        in_utc=True,
    ),
    Form(
        "minet/instagram-comments",
        "instagram",
        columns("id text username user_id created_at_utc parent_id child_comment_count"),
        plain(
            id="id", author_id="user_id", author_handle="username", text="text", time="created_at_utc utc_time",
            parent_id="parent_id", root_url=_POST_COLUMNS, root_id="shortcode code", like_count="comment_like_count",
            comment_count="child_comment_count", hashtags="hashtags", mentions="mentioned_names",
        ),
        columns(
            "index child_index has_translation is_liked_by_media_owner utc_time user_full_name user_is_private "
            "user_is_mentionable user_is_verified user_profile_pic_id user_profile_pic_url user_fbid_v2"
        ),
        separator="|",
        in_utc=True,
        fixed={"act": "comment"},
    ),
    Form(
        "minet/instagram-posts",
        "instagram",
        columns("id shortcode caption taken_at_timestamp comment_count"),
        plain(
            id="id shortcode", url="url", author_id="owner_id", author_handle="username", text="caption title",
            time="taken_at_timestamp utc_time", hashtags="hashtags", mentions="usertags_medias mentioned_names",
            like_count="like_count liked_by_count preview_like_count", comment_count="comment_count",
            alt_texts="accessibility_caption",
        ),
        columns(
            "full_name is_verified media_type like_and_view_counts_disabled main_thumbnail_url medias_type "
            "medias_url utc_time coauthor_usernames comments_disabled video_view_count display_url is_video "
            "view_count video_duration preview_like_count"
        ),
        separator="|",
        in_utc=True,
    ),
    Form(
        "minet/youtube-comments",
        "youtube",
        columns("video_id comment_id author_channel_id text published_at parent_comment_id"),
        plain(
            id="comment_id", author_id="author_channel_id", author_handle="author_name", text="text",
            time="published_at", edited="updated_at", parent_id="parent_comment_id", root_id="video_id",
            like_count="like_count", comment_count="reply_count",
        ),
        separator="|",
        in_utc=True,
        fixed={"act": "comment"},
    ),
    Form(
        "minet/youtube-videos",
        "youtube",
        columns("video_id title published_at channel_id description"),
        plain(
            id="video_id", author_id="channel_id", text="description title", time="published_at",
            like_count="like_count", comment_count="comment_count", hashtags="tags", lang="default_language",
        ),
        columns("channel_title position view_count duration has_captions category_id category topics title"),
        separator="|",
        in_utc=True,
    ),
)  # fmt: skip

reader = TableReader("minet", VERSION, FORMS)
