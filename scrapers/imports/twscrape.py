"""JSON lines of twscrape, and of snscrape, whose shape twscrape keeps: one tweet an object, others nested in it."""

from __future__ import annotations

from collections.abc import Mapping

from scrapers.imports.form_reader import JsonReader
from scrapers.imports.forms import LIST, Fields, Form, columns, plain

VERSION = "1"


def _tweet(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Leave out a repost's own text: it is the cut text of the other tweet, which comes nested and whole."""
    if fields.get("shared_id"):
        fields["text"] = ""
    if row.get("user.protected") == "true":
        return "akun penulis terkunci: bukan unggahan publik"
    return None


FORMS = (
    Form(
        "twscrape/tweet",
        "x",
        columns("url date user.username"),
        plain(
            id="id_str id", url="url", author_id="user.id_str user.id", author_handle="user.username",
            text="rawContent content renderedContent", time="date", parent_id="inReplyToTweetIdStr inReplyToTweetId",
            parent_author_id="inReplyToUser.id_str inReplyToUser.id", parent_author_handle="inReplyToUser.username",
            root_id="conversationIdStr conversationId", shared_id="retweetedTweet.id_str retweetedTweet.id",
            shared_author_id="retweetedTweet.user.id_str retweetedTweet.user.id",
            shared_author_handle="retweetedTweet.user.username",
            quoted_id="quotedTweet.id_str quotedTweet.id", quoted_author_handle="quotedTweet.user.username",
            quoted_author_id="quotedTweet.user.id_str quotedTweet.user.id", like_count="likeCount",
            share_count="retweetCount", comment_count="replyCount", lang="lang", hashtags="hashtags",
            mentions="mentionedUsers[].username", mentioned_ids="mentionedUsers[].id_str mentionedUsers[].id",
            links="links[].url outlinks", alt_texts="media.photos[].altText media[].altText",
        ),
        columns(
            "id id_str user mentionedUsers inReplyToUser quoteCount bookmarkedCount viewCount coordinates place "
            "cashtags links media retweetedTweet quotedTweet source sourceUrl sourceLabel card possibly_sensitive "
            "possiblySensitive _type renderedContent conversationIdStr inReplyToTweetIdStr tcooutlinks vibe "
            "edit_state summary community textLinks bookmarkCount pinned"
        ),
        any_of=columns("rawContent content"),
        separator=LIST,
        adjust=_tweet,
        nested={"retweetedTweet": {}, "quotedTweet": {}},
    ),
)  # fmt: skip

reader = JsonReader("twscrape", VERSION, FORMS)
