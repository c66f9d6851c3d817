"""Builders of what Telegram's web preview and discussion widget show: invented channels, the real markup."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from monitor.domain import AccountRef, Act, Direction
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.platforms.telegram.adapter import TelegramAdapter

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
CANDIDATE = AccountRef("telegram", "1500000001", "budi_contoh")
OFFICIAL = AccountRef("telegram", "1500000002", "asn_contoh")
OPTIONS = SourceOptions("telegram")
ADAPTER = TelegramAdapter()
API = "https://t.me/api/method?api_hash=0contoh0"
PEER = "c1600000001_-250000000000000001"


def at(hours: float) -> str:
    """A time so many hours before the look."""
    return (NOW - timedelta(hours=hours)).isoformat()


def view(channel: AccountRef, number: int) -> str:
    raw = json.dumps({"c": -int(channel.user_id), "p": number, "t": 1700000000, "h": "contoh"}, separators=(",", ":"))
    return base64.b64encode(raw.encode()).decode().rstrip("=")


def message(number: int = 12, channel: AccountRef = CANDIDATE, hours: float = 5, **more: Any) -> str:
    """One post; `text` is markup, `inside` goes before the text, `after` behind it, `head` before everything."""
    text = more.get("text", "Coblos BUDI CONTOH nomor 1")
    kind = " service_message" if more.get("service") else ""
    data = f' data-view="{view(channel, number)}"' if more.get("view", True) else ""
    edited = "edited &nbsp;" if more.get("edited") else ""
    body = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message{kind}"'
        f' data-post="{channel.handle}/{number}"{data}>'
        f'<div class="tgme_widget_message_user"><a href="https://t.me/{channel.handle}"><i></i></a></div>'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<a class="tgme_widget_message_owner_name" href="https://t.me/{channel.handle}">'
        f'<span dir="auto">Kanal Contoh</span></a></div>{more.get("head", "")}{more.get("inside", "")}{body}'
        f'{more.get("after", "")}<div class="tgme_widget_message_footer compact js-message_footer">'
        '<div class="tgme_widget_message_info short js-message_info">'
        '<span class="tgme_widget_message_views">4.48K</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta">{edited}'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel.handle}/{number}">'
        f'<time datetime="{at(hours)}" class="time">18:00</time></a></span></div></div></div></div></div>'
    )


def forwarded(href: str = "https://t.me/budi_contoh/12", name: str = "Kanal Contoh") -> str:
    inner = f'<span dir="auto">{escape(name)}</span>'
    tag = f'a class="tgme_widget_message_forwarded_from_name" href="{href}"' if href else ""
    shown = f"<{tag}>{inner}</a>" if tag else f'<span class="tgme_widget_message_forwarded_from_name">{inner}</span>'
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{shown}</div>'


def reply_to(href: str, text: str = "Unggahan lama") -> str:
    return (
        f'<a class="tgme_widget_message_reply user-color-default" href="{href}">'
        '<div class="tgme_widget_message_author accent_color">'
        '<span class="tgme_widget_message_author_name" dir="auto">Kanal Contoh</span></div>'
        f'<div class="tgme_widget_message_text js-message_reply_text" dir="auto">{text}</div></a>'
    )


def reactions(*pairs: tuple[str, str]) -> str:
    inner = "".join(f'<span class="tgme_reaction"><i class="emoji"><b>{e}</b></i>{n}</span>' for e, n in pairs)
    return f'<div class="tgme_widget_message_reactions js-message_reactions">{inner}</div>'


def channel_page(*messages: str, before: int | None = None, channel: AccountRef = CANDIDATE, found: bool = True) -> str:
    href = f"/s/{channel.handle}?before={before}"
    more = f'<a href="{href}" class="tme_messages_more js-messages_more" data-before="{before}"></a>'
    link = f'<div class="tgme_widget_message_centered js-messages_more_wrap">{more}</div>' if before else ""
    none = "" if found else '<div class="tme_no_messages_found">No posts found</div>'
    return (
        "<!DOCTYPE html><html><head><title>Kanal Contoh – Telegram</title></head><body>"
        '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title"><span>Kanal Contoh</span></div>'
        f'<div class="tgme_channel_info_header_username"><a href="https://t.me/{channel.handle}">@{channel.handle}</a>'
        '</div></div><section class="tgme_channel_history js-message_history">'
        f"{link}{''.join(messages)}{none}</section></body></html>"
    )


def contact_page(title: str = "", extra: str = "") -> str:
    """What `t.me/name` shows for a name that has no preview; without a title the name is nobody's."""
    shown = f'<div class="tgme_page_title" dir="auto"><span>{title}</span></div>' if title else ""
    shown += f'<div class="tgme_page_extra">{extra}</div>' if extra else ""
    return f'<html><body><div class="tgme_page"><div class="tgme_page_icon"></div>{shown}</div></body></html>'


def comment(number: int = 301, name: str = "Warga Contoh", handle: str | None = None, **more: Any) -> str:
    post, channel = more.get("post", 12), more.get("channel", CANDIDATE)
    tag, href = ("a", f' href="https://t.me/{handle}"') if handle else ("span", "")
    answered = more.get("reply")
    reply = (
        f'<div class="tgme_widget_message_reply js-reply_to" data-reply-to="{answered}">'
        '<span class="tgme_widget_message_author_name" dir="auto">Orang Lain</span>'
        '<div class="tgme_widget_message_text js-message_reply_text">kutipan</div></div>'
        if answered
        else ""
    )
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message js-widget_message" data-post-id="{number}">'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<{tag} class="tgme_widget_message_author_name"{href} dir="auto"><span dir="auto">{name}</span></{tag}></div>'
        f'{reply}<div class="tgme_widget_message_text js-message_text">{more.get("text", "Siap menang")}</div>'
        '<div class="tgme_widget_message_footer"><span class="tgme_widget_message_meta">'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel.handle}/{post}?comment={number}">'
        f'<time datetime="{at(more.get("hours", 2))}">20 Nov</time></a></span></div></div></div></div>'
    )


def widget(*comments: str, header: str = "1 comment", before: int | None = None, form: bool = True) -> str:
    more = f'<div class="tme_messages_more js-messages_more" data-before="{before}">Show more</div>' if before else ""
    fields = {"peer": PEER, "top_msg_id": "200", "discussion_hash": "83contoh"}
    inputs = "".join(f'<input type="hidden" name="{key}" value="{value}" />' for key, value in fields.items())
    asked = f'<form class="tgme_post_discussion_new_message_form js-new_message_form">{inputs}</form>' if form else ""
    api = json.dumps({"api_url": API, "unauth": True}).replace("/", "\\/")
    return (
        '<html><body><div class="tgme_post_discussion_header_wrap"><h3 class="tgme_post_discussion_header">'
        f'<span class="js-header">{header}</span> on <a href="https://t.me/budi_contoh/12">this post</a></h3></div>'
        f'<div class="tgme_post_discussion js-message_history">{more}{"".join(comments)}</div>{asked}'
        f"<script>TWidgetAuth.init({api});TWidgetDiscussion.init();</script></body></html>"
    )


def closed_widget(words: str = "Discussion is not available at the moment.") -> str:
    return (
        '<html><body><div class="tgme_post_discussion js-message_history"><div class="tgme_widget_message_wrap '
        f'js-no_messages_wrap"><div class="tme_no_messages_found">{words}</div></div></div></body></html>'
    )


def more_comments(*comments: str, before: int | None = None, total: int = 3) -> bytes:
    link = f'<div class="tme_messages_more js-messages_more" data-before="{before}"></div>' if before else ""
    return json.dumps({"ok": True, "comments_html": link + "".join(comments), "comments_cnt": total}).encode()


def response(body: str | bytes, url: str = "https://t.me/s/budi_contoh", final_url: str = "") -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response(url, final_url or url, 200, {"content-type": "text/html; charset=utf-8"}, raw, NOW, "0" * 64)


def first(
    direction: Direction = Direction.CANDIDATE, who: AccountRef = CANDIDATE, since: datetime | None = None
) -> Request:
    return ADAPTER.plan(Target("telegram", direction, who, since), OPTIONS)[0]


def read(request: Request, body: str | bytes, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, response(body, request.url), options)


def discussion_of(post: int = 12, **state: Any) -> Request:
    known = {"user_id": CANDIDATE.user_id, "handle": CANDIDATE.handle, "post": str(post)}
    url = f"https://t.me/{CANDIDATE.handle}/{post}?embed=1&discussion=1&comments_limit=50"
    item = f"{CANDIDATE.user_id}/{post}"
    return Request("discussion", url, verb=Act.COMMENT, item_id=item, optional=True, state=known | state)
