from __future__ import annotations

import pytest

from monitor.domain import Act, ActTime, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.facebook.pages import KEEPING, read_page
from tests.scrapers.captured_items import SEEN
from tests.scrapers.captured_pages import b64, html, page

POST = "900001"
URL = f"https://www.facebook.com/budi.contoh/posts/{POST}"
PROFILE = "https://www.facebook.com/budi.contoh?__cft__[0]=rahasia&__tn__=-UC%2CP-R"


def shown(*parts: str) -> str:
    return html(body="".join(parts))


def heading(address: str = PROFILE, name: str = "BUDI CONTOH", tag: str = "h2") -> str:
    return f'<{tag}><span><a role="link" href="{address}"><strong><span>{name}</span></strong></a></span></{tag}>'


def message(*lines: str, mark: str = 'data-ad-preview="message"') -> str:
    inside = "".join(f'<div dir="auto" style="text-align: start;">{line}</div>' for line in lines)
    return f'<div {mark}><div><div><span dir="auto">{inside}</span></div></div></div>'


def post(*below: str, address: str = URL, head: str = "", words: str = "", extra: str = "") -> str:
    when = f'<span><a role="link" href="{address}"><span>12 Oktober pukul 10.15</span></a></span>'
    text = words or message("Mari #ContohBangkit", "Bersama kita bisa")
    return f'<div role="article"><div>{head or heading()}{when}{extra}</div>{text}<div>{"".join(below)}</div></div>'


def comment(
    number: str = "700001",
    *below: str,
    label: str = "Komentar oleh ASN CONTOH 3 hari yang lalu",
    who: str = "/profile.php?id=100000000000777",
    thread: str = "",
    text: str = "Lanjutkan pak",
    post_number: str = POST,
) -> str:
    own = b64(f"comment:{post_number}_{number}").replace("=", "%3D")
    sign = "&" if "?" in who else "?"
    ids = f"comment_id={thread}&reply_comment_id={number}" if thread else f"comment_id={number}"
    return (
        f'<div role="article" aria-label="{label}"><div><a href="{who}{sign}comment_id={own}" aria-hidden="true"></a>'
        f'<span><a href="{who}{sign}comment_id={own}"><span dir="auto">ASN CONTOH</span></a></span>'
        f'<div><span dir="auto" lang="id"><div dir="auto" style="text-align:start">{text}</div></span></div></div>'
        f'<ul><li><div role="button">Suka</div></li><li><a href="{URL}?{ids}">3 hari</a></li></ul>'
        f"{''.join(below)}</div>"
    )


def items(body: str, url: str = URL) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in results(body, url) for item in one.items}


def results(body: str, url: str = URL) -> tuple[Mapped, ...]:
    return read_page(clean_page(page(url, body), KEEPING))


def test_a_post_is_read_with_its_lines() -> None:
    item = items(shown(post()))[POST]
    assert (item.author and item.author.user_id, item.text) == (
        "@budi.contoh",
        "Mari #ContohBangkit\nBersama kita bisa",
    )


def test_a_rough_time_is_a_bracket_that_ends_when_the_page_was_saved() -> None:
    assert {item.published for item in items(shown(post(comment()))).values()} == {ActTime(hi=SEEN)}


@pytest.mark.parametrize(
    "mark",
    ['data-ad-preview="message"', 'data-ad-comet-preview="message"', 'data-ad-rendering-role="story_message"'],
)
def test_a_text_is_known_by_each_of_its_marks(mark: str) -> None:
    assert items(shown(post(words=message("Halo", mark=mark))))[POST].text == "Halo"


@pytest.mark.parametrize(
    "address",
    [
        "/budi.contoh/posts/judul-contoh/900001/?__cft__[0]=x",
        "/permalink.php?story_fbid=900001&id=100000000000001",
        "https://www.facebook.com/story.php?story_fbid=900001&id=1",
        "/groups/123456/permalink/900001/",
        "/budi.contoh/videos/900001/",
        "/reel/900001/?s=single_unit",
        "/photo/?fbid=900001&set=a.123456789",
        "/photo/?fbid=555555&set=pcb.900001",
    ],
)
def test_a_posts_number_is_found_in_each_form_of_address(address: str) -> None:
    assert set(items(shown(post(address=address)), "https://www.facebook.com/budi.contoh")) == {POST}


def test_a_post_of_an_opaque_address_gets_its_number_from_its_comments() -> None:
    body = shown(post(comment(), address="/budi.contoh/posts/pfbid0Contoh"), post(address="/x.contoh/posts/900009"))
    assert set(items(body, "https://www.facebook.com/budi.contoh")) == {POST, "900009", "700001"}


def test_a_picture_without_words_is_a_post() -> None:
    body = shown(post(address='/photo/?fbid=900001&set=a.1"><img alt="Mungkin gambar 2 orang', words="<i></i>"))
    item = items(body)[POST]
    assert (item.text, item.alt_texts) == ("", ("Mungkin gambar 2 orang",))


def test_a_post_without_a_number_is_left_out_with_its_reason() -> None:
    (one,) = results(shown(post(address="/budi.contoh/posts/pfbid0Contoh")), "https://www.facebook.com/budi.contoh")
    assert one.skipped is not None
    assert "nomor" in one.skipped


@pytest.mark.parametrize(
    "label",
    ["Komentar oleh ASN CONTOH 3 hari yang lalu", "Comment by ASN CONTOH 2 days ago", "Reactie van ASN CONTOH"],
)
def test_a_comment_is_read_in_each_language(label: str) -> None:
    item = items(shown(post(comment(label=label))))["700001"]
    assert (item.kind, item.text, item.parent_id) == (ItemKind.COMMENT, "Lanjutkan pak", POST)
    assert item.parent_author is not None
    assert item.parent_author.user_id == "@budi.contoh"


@pytest.mark.parametrize(
    ("who", "user"),
    [
        ("/profile.php?id=100000000000777", "100000000000777"),
        ("https://www.facebook.com/groups/123456/user/100000000000777/", "100000000000777"),
        ("https://web.facebook.com/people/Asn-Contoh/100000000000777/", "100000000000777"),
        ("https://www.facebook.com/Asn.Contoh", "@asn.contoh"),
    ],
)
def test_a_commenter_is_known_by_address(who: str, user: str) -> None:
    author = items(shown(post(comment(who=who))))["700001"].author
    assert author is not None
    assert author.user_id == user


def test_a_commenter_with_an_opaque_address_is_left_out_with_the_reason() -> None:
    found = results(shown(post(comment(who="/people/Asn-Contoh/pfbid0Contoh/"))))
    assert [one.skipped for one in found if one.skipped] == ["id akun penulis komentar tidak ada dalam halaman"]


@pytest.mark.parametrize("opaque", ["/people/Budi-Contoh/pfbid0Contoh/", "/profile.php?id=pfbid0Contoh"])
def test_who_is_named_beside_an_opaque_author_is_not_the_author(opaque: str) -> None:
    together = f'<h2><a href="{opaque}">BUDI CONTOH</a> bersama <a href="/ani.contoh">ANI CONTOH</a></h2>'
    (one,) = results(shown(post(head=together)))
    assert one.skipped == "id akun penulis tidak ada dalam halaman"


def test_an_opened_post_above_a_feed_is_known_by_the_pages_address() -> None:
    opened = f'<div data-ad-rendering-role="profile_name">{heading()}</div>{message("Dibuka")}'
    found = items(shown(post(address="/budi.contoh/posts/900009"), f'<div role="dialog">{opened}</div>'))
    assert (set(found), found[POST].text) == ({POST, "900009"}, "Dibuka")


@pytest.mark.parametrize("label", ["Balasan oleh ANI CONTOH 2 j", "Reply by ANI CONTOH to ASN CONTOH's comment"])
def test_a_reply_stands_below_its_comment(label: str) -> None:
    reply = comment("700002", thread="700001", label=label, who="/ani.contoh")
    for body in (shown(post(comment("700001", reply))), shown(post(comment(), reply))):
        item = items(body)["700002"]
        assert (item.parent_id, item.root_id) == ("700001", POST)
        assert item.parent_author is not None
        assert item.parent_author.user_id == "100000000000777"


def test_a_reply_that_names_no_thread_belongs_to_the_comment_before_it() -> None:
    reply = comment("700002", label="Balasan oleh ANI CONTOH", who="/ani.contoh")
    assert items(shown(post(comment(), reply)))["700002"].parent_id == "700001"


def test_emoji_are_read_and_names_in_a_text_are_mentions() -> None:
    text = '<a href="/ani.contoh?__tn__=R"><span>ANI CONTOH</span></a> hebat <img alt="👍" src="x">'
    item = items(shown(post(comment(text=text))))["700001"]
    assert (item.text, [one.user_id for one in item.mentions]) == ("ANI CONTOH hebat 👍", ["@ani.contoh"])
    assert item.author is not None
    assert item.author.user_id == "100000000000777"


def test_hashtags_and_outward_links_are_read() -> None:
    words = message(
        '<a href="/hashtag/contohbangkit?__eep__=6">#ContohBangkit</a>'
        '<a href="https://l.facebook.com/l.php?u=https%3A%2F%2Fcontoh.test%2Fa&h=x">contoh.test</a>'
    )
    item = items(shown(post(words=words)))[POST]
    assert (item.hashtags, item.links) == (("contohbangkit",), ("https://contoh.test/a",))


def test_what_is_shared_is_read_apart_from_what_the_sharer_wrote() -> None:
    original = heading("/ani.contoh", "ANI CONTOH", "h4") + '<a href="/ani.contoh/posts/800001">1 hari</a>'
    found = items(shown(post(words=f"{original}{message('Asli')}")))
    assert (found[POST].text, found[POST].kind, found[POST].quoted_id) == ("", ItemKind.QUOTE, "800001")
    assert (found["800001"].text, found["800001"].author and found["800001"].author.user_id) == ("Asli", "@ani.contoh")


def test_an_opened_post_outside_of_any_block_is_read_from_its_marked_parts() -> None:
    name = f'<div data-ad-rendering-role="profile_name">{heading()}</div>'
    body = shown(
        f'<div role="dialog">{name}{message("Halo", mark="data-ad-rendering-role=story_message")}</div>', comment()
    )
    found = items(body, "https://www.facebook.com/budi.contoh/posts/pfbid0Contoh")
    assert (set(found), found[POST].text) == ({POST, "700001"}, "Halo")


def test_a_text_that_is_cut_off_is_said_so() -> None:
    words = message('Panjang sekali… <div role="button">Lihat selengkapnya</div>')
    (one,) = results(shown(post(words=words)))
    assert (one.items[0].text, one.issues[0].kind) == ("Panjang sekali…", "partial")


@pytest.mark.parametrize(
    "shared_with", ["Dibagikan dengan Teman Anda", "Dibagikan dengan: Teman", "Shared with Your friends"]
)
def test_a_post_that_is_not_public_is_left_out_with_its_comments(shared_with: str) -> None:
    one, below = results(shown(post(comment(), extra=f"<svg><title>{shared_with}</title><path d='x'></path></svg>")))
    assert one.skipped == below.skipped == "unggahan tidak dibuka untuk umum"


@pytest.mark.parametrize("shared_with", ["Dibagikan dengan Publik", "Dibagikan dengan:  Publik", "Shared with Public"])
def test_a_public_post_is_taken(shared_with: str) -> None:
    assert POST in items(shown(post(extra=f"<svg><title>{shared_with}</title></svg>")))


def test_an_advertisement_is_left_out() -> None:
    (one,) = results(shown(post(extra='<a href="/ads/about/?x=1">Bersponsor</a>')))
    assert one.skipped == "iklan"


def test_blocks_that_are_not_recognised_are_counted() -> None:
    found = results(shown(post(), '<div role="article"><a href="/orang.contoh">X</a></div>'))
    assert [issue.kind for one in found for issue in one.issues] == ["unread_block"]


def test_the_same_comment_shown_twice_is_taken_once() -> None:
    found = results(shown(post(comment(), comment())))
    assert [act.act for one in found for act in one.acts] == [Act.POST, Act.COMMENT]


def test_who_was_signed_in_is_not_kept() -> None:
    body = shown(
        '<div role="banner"><a href="/perekam.rahasia">PEREKAM RAHASIA</a></div>',
        '<div role="main"><span>Apa yang Anda pikirkan, PEREKAM RAHASIA?</span>',
        post(comment(), '<div aria-label="Komentari sebagai PEREKAM RAHASIA"><div role="textbox"></div></div>'),
        "</div>",
    )
    kept = clean_page(page(URL, body), KEEPING).body
    assert b"RAHASIA" not in kept
    assert b"rahasia" not in kept


def test_a_page_of_many_blocks_in_blocks_is_read() -> None:
    opening = '<div role="article"><a href="/a.contoh?comment_id=12345">x</a>'
    assert len(items(shown(opening * 2000))) == 1


@pytest.mark.parametrize("junk", ["http://[", "/posts/%00", "//", "?comment_id=%ff", "/profile.php?id=" + "9" * 99])
def test_broken_addresses_never_fail(junk: str) -> None:
    body = shown(
        post(comment(who=junk), address=junk, head=heading(junk), extra=f'<a href="{junk}&comment_id=x">y</a>')
    )
    assert isinstance(results(body), tuple)
