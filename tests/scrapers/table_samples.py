"""Files as tools write them, with invented people: one small sample for each form, and what it says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.scrapers.captured_items import POSTED, instagram_id, tiktok_id, x_id

VIDEO = tiktok_id(1)
COMMENT = tiktok_id(2)
TWEET, REPLY, ORIGINAL = x_id(5), x_id(6), x_id(4)
PHOTO = instagram_id(1)
AT = "at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3kaaaaaaaaaa2"
AT_ROOT = "at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/app.bsky.feed.post/3kbbbbbbbbbb2"
ISO = "2024-10-01T01:00:00.000Z"


def as_csv(columns: str | Sequence[str], *rows: Mapping[str, Any], separator: str = ",") -> str:
    """A CSV with these columns; cells that a row does not name are empty."""
    names = columns.split() if isinstance(columns, str) else list(columns)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=separator, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


FOURCAT_TIKTOK_COMMENTS = as_csv(
    "collected_from_url id thread_id author author_full author_avatar_url body timestamp unix_timestamp likes replies "
    "post_id post_url post_body comment_url is_liked_by_post_author is_sticky is_comment_on_comment language_guess",
    {
        "id": COMMENT, "thread_id": VIDEO, "author": "asn01_contoh", "body": "Hebat,\nsekali", "likes": 3,
        "unix_timestamp": POSTED, "timestamp": "2024-10-01 03:00:00", "post_id": VIDEO, "is_comment_on_comment": "no",
        "replies": 0, "language_guess": "id",
    },
)  # fmt: skip
FOURCAT_TIKTOK = as_csv(
    "collected_from_url id thread_id author author_full body timestamp unix_timestamp is_duet is_ad tiktok_url likes "
    "comments shares plays hashtags challenges",
    {
        "id": VIDEO, "author": "busi_contoh", "body": "Contoh Bangkit", "unix_timestamp": POSTED, "is_ad": "False",
        "tiktok_url": f"https://tiktok.com/@busi_contoh/video/{VIDEO}", "likes": 7, "hashtags": "contohbangkit",
    },
)  # fmt: skip
FOURCAT_TWITTER = as_csv(
    "collected_from_url id thread_id timestamp unix_timestamp link body author author_fullname author_id verified "
    "source language_guess retweet_count reply_count like_count quote_count is_retweet retweeted_user is_quote_tweet "
    "quote_tweet_id quote_author is_reply replied_author hashtags urls mentions",
    {
        "id": REPLY, "thread_id": TWEET, "unix_timestamp": POSTED, "body": "Semoga sukses", "author": "asn01_contoh",
        "author_id": "7101", "is_retweet": "no", "is_reply": "yes", "replied_author": "busi_contoh", "like_count": 2,
    },
    {
        "id": x_id(9), "thread_id": x_id(9), "unix_timestamp": POSTED, "body": "RT @busi_contoh: Contoh Bangkit",
        "author": "asn01_contoh", "author_id": "7101", "is_retweet": "yes", "retweeted_user": "busi_contoh",
        "is_reply": "no",
    },
)  # fmt: skip
FOURCAT_INSTAGRAM = as_csv(
    "collected_from_url id timestamp thread_id parent_id url body author_id author author_fullname verified media_type "
    "num_media hashtags usertags num_likes num_comments unix_timestamp",
    {
        "id": "C4xSample_1", "parent_id": "C4xSample_1", "url": "https://www.instagram.com/p/C4xSample_1",
        "body": "Contoh", "author_id": "5001", "author": "busi.contoh", "media_type": "photo", "num_likes": 4,
        "num_comments": 1, "unix_timestamp": POSTED,
    },
)  # fmt: skip
FOURCAT_THREADS = as_csv(
    "collected_from_url id thread_id url body timestamp author author_is_verified author_avatar image_url likes "
    "reposts replies quotes hashtags unix_timestamp",
    {
        "id": "C4xSample_2", "url": "https://www.threads.com/@busi.contoh/post/C4xSample_2", "body": "Contoh",
        "author": "busi.contoh", "author_is_verified": "no", "unix_timestamp": POSTED, "likes": 1,
    },
)  # fmt: skip
FOURCAT_FACEBOOK = as_csv(
    "id url body timestamp author author_name image_url video_url is_in_group group_name unix_timestamp",
    {
        "id": "122100000000000001", "url": "https://www.facebook.com/busi.contoh/posts/122100000000000001",
        "body": "Contoh", "author": "busi.contoh", "author_name": "BUSI", "is_in_group": "no", "unix_timestamp": POSTED,
    },
)  # fmt: skip
FOURCAT_TELEGRAM = as_csv(
    "id thread_id chat author author_username author_name body reply_to views timestamp unix_timestamp "
    "unix_timestamp_edited author_forwarded_from_name attachment_type",
    {
        "id": 12, "thread_id": "grup_contoh", "chat": "grup_contoh", "author": "700100", "body": "Siap",
        "author_username": "asn01_contoh", "reply_to": 11, "unix_timestamp": POSTED,
    },
)  # fmt: skip
FOURCAT_BSKY = as_csv(
    "collected_at query rank id thread_id created_at author author_id body link tags like_count quote_count "
    "reply_count repost_count quoted_post quoted_user replied_to_post replied_to_user mentions links timestamp",
    {
        "id": AT, "thread_id": AT_ROOT, "created_at": "2024-10-01T01:00:00+00:00", "author": "asn01.contoh.example",
        "author_id": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "body": "Mantap", "collected_at": "2024-10-02T01:00:00+00:00",
        "replied_to_post": "https://bsky.app/profile/busi.contoh.example/post/3kbbbbbbbbbb2",
        "replied_to_user": "busi.contoh.example",
    },
)  # fmt: skip
MINET_TWITTER = as_csv(
    "id timestamp_utc local_time user_screen_name text retweet_count like_count reply_count lang to_username to_userid "
    "to_tweetid user_id user_name retweeted_id retweeted_user retweeted_user_id retweeted_timestamp_utc quoted_id "
    "quoted_user quoted_user_id collection_time url links mentioned_names mentioned_ids hashtags",
    {
        "id": x_id(7), "timestamp_utc": f"{POSTED}.0", "local_time": "2024-10-01T08:00:00", "user_id": "7101",
        "user_screen_name": "asn01_contoh", "text": "Contoh Bangkit", "retweeted_id": ORIGINAL,
        "retweeted_user": "busi_contoh", "retweeted_user_id": "7001", "retweeted_timestamp_utc": f"{POSTED - 60}.0",
        "collection_time": "2024-10-02T08:00:00.000001", "mentioned_names": "siti|budi", "mentioned_ids": "7002|7001",
    },
)  # fmt: skip
MINET_YOUTUBE = as_csv(
    "video_id comment_id author_name author_channel_id text like_count published_at updated_at reply_count "
    "parent_comment_id",
    {
        "video_id": "AbCdEfGhIj1", "comment_id": "UgxContohContohContoh4AaABAg", "author_name": "@asn01",
        "author_channel_id": "UCaaaaaaaaaaaaaaaaaaaaaa", "text": "Hebat", "published_at": "2024-10-01T01:00:00Z",
        "updated_at": "2024-10-01T02:00:00Z", "like_count": 1,
    },
)  # fmt: skip
MINET_TELEGRAM = as_csv(
    "link_to_message could_be_displayed user user_link text nb_hashtags hashtags views datetime edited links",
    {
        "link_to_message": "https://t.me/kanal_contoh/7", "user": "Kanal", "user_link": "https://t.me/kanal_contoh",
        "text": "Halo", "datetime": "2024-10-01T01:00:00+00:00", "edited": "False",
    },
)  # fmt: skip
MINET_INSTAGRAM_COMMENTS = as_csv(
    "post_url id index parent_id text comment_like_count child_comment_count created_at_utc username user_id",
    {
        "post_url": "https://www.instagram.com/p/C4xSample_1/", "id": "17900000000000001", "text": "Mantap",
        "created_at_utc": POSTED, "username": "asn01.contoh", "user_id": "5101",
    },
)  # fmt: skip
MINET_BLUESKY = as_csv(
    "cid did uri url timestamp_utc local_time user_did user_handle text to_post_uri to_user_did to_root_post_uri "
    "quoted_uri quoted_user_did repost_by_user_did repost_by_user_handle repost_timestamp_utc mentioned_user_dids",
    {
        "uri": AT_ROOT, "user_did": "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb", "user_handle": "busi.contoh.example",
        "text": "Contoh Bangkit", "timestamp_utc": POSTED - 60, "local_time": "2024-10-01T07:59:00",
        "repost_by_user_did": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "repost_by_user_handle": "asn01.contoh.example",
        "repost_timestamp_utc": POSTED,
    },
)  # fmt: skip
CONTENT_LIBRARY = as_csv(
    "id creation_time modified_time text lang mcl_url content_type hashtags shared_post_id post_owner.type "
    "post_owner.id post_owner.name post_owner.username surface.type statistics.reaction_count views",
    {
        "id": "99", "creation_time": ISO, "text": "Contoh Bangkit", "mcl_url": "https://www.facebook.com/cl/?id=99",
        "post_owner.type": "page", "post_owner.id": "1", "post_owner.username": "busi.contoh", "surface.type": "page",
        "statistics.reaction_count": 5,
    },
)  # fmt: skip
FACEPAGER = as_csv(
    "id parent_id level object_id object_type object_key query_status query_time query_type message created_time "
    "from.id from.name",
    {"id": 1, "level": 0, "object_id": "122100000000000001", "object_type": "seed"},
    {
        "id": 2, "parent_id": 1, "level": 1, "object_id": "122100000000000001_555000111", "object_type": "data",
        "query_status": "fetched (200)", "query_type": "Facebook:/<post-id>/comments", "message": "Siap",
        "created_time": "2024-10-01T01:00:00+0000", "from.id": "100071010000001",
    },
    separator=";",
)  # fmt: skip
YOUTUBE_DATA_TOOLS = as_csv(
    "id replyCount likeCount publishedAt authorName text authorChannelId authorChannelUrl isReply isReplyTo videoId",
    {
        "id": "UgxContohContohContoh4AaABAg", "publishedAt": "2024-10-01 01:00:00", "authorName": "@asn01",
        "text": "Hebat", "authorChannelId": "UCaaaaaaaaaaaaaaaaaaaaaa", "isReply": 0, "videoId": "AbCdEfGhIj1",
    },
)  # fmt: skip
EXPORT_COMMENTS = (
    "URL,https://www.facebook.com/busi.contoh/posts/122100000000000001\r\nDiekspor,2024-10-02\r\n\r\n"
    + as_csv(
        ["No", "Name", "Profile ID", "Date", "Likes", "Comment", "Source"],
        {
            "No": "1", "Name": "Pegawai", "Profile ID": "100071010000001", "Date": "25/09/2024 08:00:00", "Likes": "1",
            "Comment": "Siap menang",
            "Source": "https://www.facebook.com/busi.contoh/posts/122100000000000001?comment_id=555000111",
        },
    )
)  # fmt: skip
OWN_TABLE = as_csv(
    ["Nama Akun", "Komentar", "Tanggal", "Link Postingan"],
    {
        "Nama Akun": "@asn01.contoh", "Komentar": "Siap", "Tanggal": "25/09/2024 08.00",
        "Link Postingan": "https://www.instagram.com/p/C4xSample_1/",
    },
    separator=";",
)  # fmt: skip
APIFY_FACEBOOK = json.dumps([
    {
        "facebookUrl": "https://www.facebook.com/busi.contoh/posts/122100000000000001",
        "commentUrl": "https://www.facebook.com/busi.contoh/posts/122100000000000001?comment_id=555000111",
        "id": "Y29tbWVudDoxMjIxMDAwMDAwMDAwMDAwMDFfNTU1MDAwMTEx", "feedbackId": "ZmVlZGJhY2s=", "date": ISO,
        "text": "Siap menang", "profileUrl": "https://www.facebook.com/asn01.contoh", "profileId": "100071010000001",
        "profileName": "Pegawai", "likesCount": "2", "facebookId": "122100000000000001", "inputUrl": "x",
        "comments": [
            {
                "id": "Y29tbWVudDoxMjIxMDAwMDAwMDAwMDAwMDFfNTU1MDAwMTEy", "date": ISO, "text": "Betul",
                "commentUrl": "https://www.facebook.com/busi.contoh/posts/122100000000000001?comment_id=555000111"
                "&reply_comment_id=555000112", "profileUrl": "https://www.facebook.com/profile.php?id=100071010000002",
            }
        ],
    }
])  # fmt: skip
APIFY_TIKTOK = json.dumps(
    {
        "videoWebUrl": f"https://www.tiktok.com/@busi_contoh/video/{VIDEO}", "cid": COMMENT, "createTimeISO": ISO,
        "text": "Hebat", "diggCount": 3, "repliesToId": None, "replyCommentTotal": 0, "uid": "7101",
        "uniqueId": "asn01_contoh", "mentions": [],
    }
)  # fmt: skip
APIFY_INSTAGRAM = json.dumps([
    {
        "id": PHOTO, "type": "Image", "shortCode": "C4xSample_1", "caption": "Contoh #bangkit", "hashtags": ["bangkit"],
        "mentions": [], "url": "https://www.instagram.com/p/C4xSample_1/", "commentsCount": 1, "likesCount": 3,
        "timestamp": ISO, "ownerUsername": "busi.contoh", "ownerId": "5001",
        "latestComments": [
            {"id": "17900000000000001", "text": "Mantap", "ownerUsername": "asn01.contoh", "timestamp": ISO,
             "owner": {"id": "5101", "username": "asn01.contoh"}, "likesCount": 0, "replies": []},
        ],
    }
])  # fmt: skip
APIFY_X = json.dumps([
    {
        "type": "tweet", "id": REPLY, "url": f"https://x.com/asn01_contoh/status/{REPLY}", "text": "Semoga sukses",
        "createdAt": "Tue Oct 01 01:00:00 +0000 2024", "lang": "in", "isReply": True, "inReplyToId": TWEET,
        "inReplyToUserId": "7001", "inReplyToUsername": "busi_contoh", "conversationId": TWEET, "likeCount": 2,
        "author": {"type": "user", "userName": "asn01_contoh", "id": "7101", "name": "Pegawai"},
        "entities": {"hashtags": [{"text": "bangkit"}], "user_mentions": [], "urls": []},
    }
])  # fmt: skip
BRIGHT_DATA_TIKTOK = json.dumps([
    {
        "post_url": f"https://www.tiktok.com/@busi_contoh/video/{VIDEO}", "post_id": VIDEO, "date_created": ISO,
        "comment_text": "Hebat", "num_likes": 3, "num_replies": 0, "comment_id": COMMENT, "comment_url": "x",
        "commenter_user_name": "asn01_contoh", "commenter_id": "7101", "commenter_url": "x",
    }
])  # fmt: skip
TWSCRAPE = json.dumps(
    {
        "id": int(x_id(7)), "id_str": x_id(7), "url": f"https://x.com/asn01_contoh/status/{x_id(7)}",
        "date": "2024-10-01 01:00:00+00:00", "user": {"id": 7101, "id_str": "7101", "username": "asn01_contoh"},
        "lang": "in", "rawContent": "RT @busi_contoh: Contoh B…", "likeCount": 0, "conversationId": int(x_id(7)),
        "mentionedUsers": [{"id": 7001, "username": "busi_contoh"}], "hashtags": [], "links": [], "media": {},
        "retweetedTweet": {
            "id": int(ORIGINAL), "url": f"https://x.com/busi_contoh/status/{ORIGINAL}", "rawContent": "Contoh Bangkit!",
            "date": "2024-09-30 01:00:00+00:00", "user": {"id": 7001, "username": "busi_contoh"}, "quotedTweet": None,
        },
        "quotedTweet": None, "_type": "snscrape.modules.twitter.Tweet",
    }
)  # fmt: skip
WHATSAPP = (
    "25/09/24 08.00 - Pesan dan panggilan dienkripsi secara end-to-end. Ketuk untuk info selengkapnya.\n"
    "25/09/24 08.01 - +62 812-3456-7890: Siap menang,\nlanjutkan!\n"
    "25/09/24 08.02 - Pak Camat: <Media tidak disertakan>\n"
)

SAMPLES: Mapping[str, tuple[str, str]] = {
    "4cat-tiktok-comments.csv": ("fourcat_csv", FOURCAT_TIKTOK_COMMENTS),
    "4cat-tiktok.csv": ("fourcat_csv", FOURCAT_TIKTOK),
    "4cat-twitter.csv": ("fourcat_csv", FOURCAT_TWITTER),
    "4cat-instagram.csv": ("fourcat_csv", FOURCAT_INSTAGRAM),
    "4cat-threads.csv": ("fourcat_csv", FOURCAT_THREADS),
    "4cat-facebook.csv": ("fourcat_csv", FOURCAT_FACEBOOK),
    "4cat-telegram.csv": ("fourcat_csv", FOURCAT_TELEGRAM),
    "4cat-bsky.csv": ("fourcat_csv", FOURCAT_BSKY),
    "minet-twitter.csv": ("minet", MINET_TWITTER),
    "minet-youtube.csv": ("minet", MINET_YOUTUBE),
    "minet-telegram.csv": ("minet", MINET_TELEGRAM),
    "minet-instagram-comments.csv": ("minet", MINET_INSTAGRAM_COMMENTS),
    "minet-bluesky.csv": ("minet", MINET_BLUESKY),
    "mcl.csv": ("content_library", CONTENT_LIBRARY),
    "facepager.csv": ("facepager", FACEPAGER),
    "ytdt.csv": ("comment_exporter", YOUTUBE_DATA_TOOLS),
    "export-comments.csv": ("comment_exporter", EXPORT_COMMENTS),
    "tabel.csv": ("table", OWN_TABLE),
    "apify-facebook.json": ("vendors", APIFY_FACEBOOK),
    "apify-tiktok.jsonl": ("vendors", APIFY_TIKTOK),
    "apify-instagram.json": ("vendors", APIFY_INSTAGRAM),
    "apify-x.json": ("vendors", APIFY_X),
    "bright-data-tiktok.json": ("vendors", BRIGHT_DATA_TIKTOK),
    "twscrape.jsonl": ("twscrape", TWSCRAPE),
    "Chat WhatsApp dengan Grup Contoh.txt": ("whatsapp", WHATSAPP),
}
"""Every written sample by file name: the reader that must know it, and its text."""


def written(folder: Path, name: str, text: str | None = None) -> Path:
    """A sample as a file."""
    path = folder / name
    path.write_bytes((SAMPLES[name][1] if text is None else text).encode())
    return path
