from __future__ import annotations

import pytest

from monitor.domain import ActTime, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.instagram.pages import KEEPING, read_page
from scrapers.platforms.instagram.urls import code_of_id, time_of_id
from tests.scrapers.captured_items import POSTED_AT, SEEN, instagram_id
from tests.scrapers.captured_pages import html, page

POST = instagram_id(1)
CODE = code_of_id(POST)
URL = f"https://www.instagram.com/p/{CODE}/"
TIME = '<time datetime="2024-10-01T01:00:00.000Z" title="1 Oktober 2024">1 hari</time>'
BUTTONS = '<button><span>2 suka</span></button><div role="button"><span dir="auto">Balas</span></div>'


def name(handle: str) -> str:
    portrait = f'<a href="/{handle}/"><img alt="Foto profil {handle}"></a>'
    return f'{portrait}<h3><a href="/{handle}/">{handle}</a></h3>'


def entry(number: str = "18010", handle: str = "asn.contoh", text: str = "Hadir pak", path: str = "") -> str:
    place = path or f"/p/{CODE}/c/{number}/"
    return f'<li><div>{name(handle)}<span dir="auto">{text}</span><a href="{place}">{TIME}</a>{BUTTONS}</div></li>'


def listed(*entries: str, caption: str = "Halo #contoh<br>@ani.contoh ikut", foot: str = "") -> str:
    """A page of before 2023: caption and comments are entries of a list."""
    said = f'<li>{name("budi.contoh")}<h1 dir="auto">{caption}</h1>{TIME}</li>' if caption else ""
    foot = foot or f'<a href="/p/{CODE}/">{TIME}</a>'
    return html(
        body=f'<main><article><header><a href="/budi.contoh/">budi.contoh</a><button>Ikuti</button></header>'
        f'<div><img alt="Foto oleh Budi di lapangan"></div><ul>{said}{"".join(entries)}</ul>'
        f'<section><a href="/penyuka.contoh/">penyuka.contoh</a><span dir="auto"> dan lainnya menyukai</span></section>'
        f"{foot}</article></main>"
    )


def boxed(*boxes: str) -> str:
    """A page of today: boxes without a list or article, each with the time before the text."""
    caption = box("budi.contoh", "Halo #contoh", f"/p/{CODE}/")
    head = '<a href="https://www.instagram.com/budi.contoh/"><span dir="auto">budi.contoh</span></a>'
    return html(body=f"<main><div>{head}</div>{caption}{''.join(boxes)}</main>")


def box(handle: str, text: str, path: str) -> str:
    own = f'<a href="https://www.instagram.com/{handle}/"><span dir="auto">{handle}</span></a>'
    when = f'<a href="https://www.instagram.com{path}">{TIME}</a>'
    return (
        f'<div><a href="/{handle}/"><img alt="Foto profil {handle}"></a><div><span dir="auto">{own} {when}</span></div>'
        f'<div><span dir="auto">{text}</span></div>{BUTTONS}</div>'
    )


def results(body: str, url: str = URL) -> tuple[Mapped, ...]:
    return read_page(clean_page(page(url, body), KEEPING))


def items(body: str, url: str = URL) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in results(body, url) for item in one.items}


@pytest.mark.parametrize(
    "body",
    [
        listed(entry(), entry("18011", "ani.contoh", "Siap")),
        boxed(box("asn.contoh", "Hadir pak", f"/p/{CODE}/c/18010/"), box("ani.contoh", "Siap", f"/p/{CODE}/c/18011/")),
    ],
)
def test_both_shapes_give_the_post_and_its_comments(body: str) -> None:
    found = items(body)
    assert set(found) == {POST, "18010", "18011"}
    assert found[POST].text.startswith("Halo #contoh")
    assert [found[one].text for one in ("18010", "18011")] == ["Hadir pak", "Siap"]
    assert [one.author and one.author.user_id for one in found.values()] == [
        "@budi.contoh",
        "@asn.contoh",
        "@ani.contoh",
    ]
    assert {one.published for one in found.values()} == {ActTime(occurred_at=POSTED_AT)}
    assert (found["18010"].kind, found["18010"].parent_id) == (ItemKind.COMMENT, POST)


def test_a_caption_is_read_with_its_lines_hashtags_and_mentions() -> None:
    item = items(listed())[POST]
    assert (item.text, item.hashtags) == ("Halo #contoh\n@ani.contoh ikut", ("contoh",))
    assert [one.user_id for one in item.mentions] == ["@ani.contoh"]
    assert item.alt_texts == ("Foto oleh Budi di lapangan",)


@pytest.mark.parametrize("build", [listed, boxed])
def test_a_reply_stands_below_its_comment(build: object) -> None:
    path = f"/p/{CODE}/c/18010/r/18012/"
    body = (
        listed(entry(), f"<li><ul>{entry('', 'ani.contoh', '@asn.contoh betul', path)}</ul></li>")
        if build is listed
        else boxed(box("asn.contoh", "Hadir", f"/p/{CODE}/c/18010/"), box("ani.contoh", "@asn.contoh betul", path))
    )
    item = items(body)["18012"]
    assert (item.parent_id, item.root_id, item.text) == ("18010", POST, "@asn.contoh betul")
    assert item.parent_author is not None
    assert item.parent_author.user_id == "@asn.contoh"


def test_a_name_in_a_text_is_not_its_author() -> None:
    linked = '<a href="/ani.contoh/">@ani.contoh</a> lihat'
    for body in (listed(entry(text=linked)), boxed(box("asn.contoh", linked, f"/p/{CODE}/c/18010/"))):
        item = items(body)["18010"]
        assert (item.text, item.author and item.author.user_id) == ("@ani.contoh lihat", "@asn.contoh")


def test_a_listed_comment_without_an_address_gets_the_same_key_each_time() -> None:
    bare = f"<li>{name('asn.contoh')}<span>Hadir</span>{TIME}</li>"
    (key,) = items(listed(bare)).keys() - {POST}
    assert key.startswith(f"{POST}#")
    assert key in items(listed(entry(), bare))


def test_a_comment_without_id_and_time_is_counted() -> None:
    found = results(listed(f'<li>{name("asn.contoh")}<span dir="auto">Hadir</span></li>'))
    assert [issue.kind for one in found for issue in one.issues] == ["unread_block"]


def test_a_comment_without_a_name_is_left_out_with_the_reason() -> None:
    bare = f'<li><span dir="auto">Hadir</span><a href="/p/{CODE}/c/18010/">{TIME}</a></li>'
    assert [one.skipped for one in results(listed(bare)) if one.skipped] == [
        "nama akun penulis komentar tidak tampak pada halaman"
    ]


def test_who_likes_a_post_is_not_taken_for_a_commenter() -> None:
    assert set(items(listed())) == {POST}


def test_a_post_without_a_time_lies_between_its_id_and_the_saving() -> None:
    item = items(listed(caption="", foot="<i></i>"))[POST]
    assert item.published == ActTime(lo=time_of_id(POST), hi=SEEN)


def test_posts_of_a_feed_are_known_by_the_address_of_their_time() -> None:
    assert set(items(listed(), "https://www.instagram.com/")) == {POST}


def test_an_advertisement_in_a_feed_is_left_out() -> None:
    body = listed().replace("<button>Ikuti</button>", '<span dir="auto">Bersponsor</span>')
    assert [one.skipped for one in results(body)] == ["iklan"]


def test_a_wall_stays_a_wall() -> None:
    body = html(body='<main><form id="loginForm"><input name="username"></form></main>')
    (one,) = read_page(page("https://www.instagram.com/accounts/login/", body))
    assert one.skipped is not None
    assert "masuk" in one.skipped


def test_the_menu_of_who_was_signed_in_is_not_kept() -> None:
    body = listed().replace("<main>", '<nav><a href="/perekam.rahasia/">perekam.rahasia</a></nav><main>')
    assert b"perekam" not in clean_page(page(URL, body), KEEPING).body


def test_a_page_of_many_articles_in_articles_is_read() -> None:
    assert len(items(html(body=f'<article><a href="/a.contoh/">a</a><a href="/p/{CODE}/">{TIME}</a>' * 2000))) == 1


@pytest.mark.parametrize("junk", ["http://[", "//", "/p/x/c/0/", f"/p/{CODE}/c/{'9' * 40}/", "/%00/", "/p/"])
def test_broken_addresses_never_fail(junk: str) -> None:
    assert isinstance(results(listed(entry(path=junk), foot=f'<a href="{junk}">{TIME}</a>')), tuple)
