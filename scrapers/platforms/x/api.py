"""The calls of X's API v2 that are made, as X's own machine-readable description states them.

People come as `author_id` only: expanding them into accounts would double the price, and the number is what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from scrapers.contract import SourceOptions

API = "https://api.x.com"
POSTS_PER_PAGE = 100
POSTS_PER_CALL = 100  # GET /2/tweets takes no more ids
TIMELINE_REACH = 3200  # a timeline goes no further back
LIKERS_REACH = 100  # an owner is shown no more of who liked a post
SEARCH_REACH = timedelta(days=7)  # recent search goes no further back
PATHS = (
    "/2/users/by/username/{username}",
    "/2/users/{id}",
    "/2/users/{id}/tweets",
    "/2/tweets/{id}/retweets",
    "/2/tweets/{id}/quote_tweets",
    "/2/tweets/search/recent",
    "/2/tweets/{id}/liking_users",
    "/2/tweets",
)
"""Every call that is made, as X's description writes it."""

_POST_FIELDS = (
    "attachments", "author_id", "conversation_id", "created_at", "edit_history_tweet_ids", "entities", "id",
    "in_reply_to_user_id", "lang", "note_tweet", "public_metrics", "referenced_tweets", "text",
)  # fmt: skip
_SHARE_FIELDS = ("author_id", "created_at", "id")
_USER_FIELDS = ("id", "protected", "username")

Params = list[tuple[str, str | int]]


def user_url(options: SourceOptions, user_id: str) -> str:
    """Return the call that tells who an account is, by its number or by "@" and its handle."""
    path = f"users/by/username/{quote(user_id[1:], safe='')}" if user_id.startswith("@") else f"users/{user_id}"
    return _url(options, path, [("user.fields", ",".join(_USER_FIELDS))])


def timeline_url(
    options: SourceOptions, user: str, since: datetime | None, *, own: bool, token: str | None = None
) -> str:
    """Return one page of an account's posts; all but its `own` come with the posts that they repost or quote."""
    params: Params = [("max_results", POSTS_PER_PAGE), ("tweet.fields", ",".join(_POST_FIELDS))]
    params.append(("exclude", "retweets") if own else ("expansions", "referenced_tweets.id"))
    if since is not None:
        params.append(("start_time", since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
    return _url(options, f"users/{user}/tweets", [*params, *_page(token)])


def reposts_url(options: SourceOptions, post: str, token: str | None = None) -> str:
    """Return one page of the reposts of a post."""
    params: Params = [("max_results", POSTS_PER_PAGE), ("tweet.fields", ",".join(_SHARE_FIELDS))]
    return _url(options, f"tweets/{post}/retweets", [*params, *_page(token)])


def quotes_url(options: SourceOptions, post: str, token: str | None = None) -> str:
    """Return one page of the posts that quote a post."""
    params: Params = [("max_results", POSTS_PER_PAGE), ("tweet.fields", ",".join(_POST_FIELDS))]
    return _url(options, f"tweets/{post}/quote_tweets", [*params, *_page(token)])


def conversation_url(options: SourceOptions, post: str, token: str | None = None) -> str:
    """Return one page of everything said below a post in the last seven days."""
    params: Params = [("query", f"conversation_id:{post}"), ("max_results", POSTS_PER_PAGE)]
    params += [("sort_order", "recency"), ("tweet.fields", ",".join(_POST_FIELDS))]
    return _url(options, "tweets/search/recent", [*params, *_page(token)])


def likers_url(options: SourceOptions, post: str, token: str | None = None) -> str:
    """Return one page of who liked a post; X shows it to the post's author only."""
    params: Params = [("max_results", LIKERS_REACH), ("user.fields", ",".join(_USER_FIELDS))]
    return _url(options, f"tweets/{post}/liking_users", [*params, *_page(token)])


def posts_url(options: SourceOptions, posts: Iterable[str]) -> str:
    """Return the call for posts by their numbers, at most `POSTS_PER_CALL`."""
    return _url(options, "tweets", [("ids", ",".join(posts)), ("tweet.fields", ",".join(_POST_FIELDS))])


def _url(options: SourceOptions, path: str, params: Params) -> str:
    return f"{options.urls.get('api_url', API)}/2/{path}?{urlencode(params, safe=',:')}"


def _page(token: str | None) -> Params:
    return [("pagination_token", token)] if token else []
