import dataclasses

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind
from monitor.errors import AccountGone, LayoutChanged, PrivateContent, UsageError
from scrapers.contract import Page, Request, SourceOptions, Target
from tests.scrapers import telegram_pages as t


def follow(page: Page, endpoint: str) -> Request | None:
    return next((request for request in page.follow if request.endpoint == endpoint), None)


def at_page(before: int, **state: object) -> Request:
    first = t.first()
    url = f"https://t.me/s/budi_contoh?before={before}"
    return dataclasses.replace(first, url=url, state={**first.state, **state})  # type: ignore[dict-item]


def test_the_first_page_is_the_channels_preview() -> None:
    assert t.first().url == "https://t.me/s/budi_contoh"


def test_a_channel_known_by_number_only_cannot_be_planned() -> None:
    with pytest.raises(UsageError, match="Nama publik"):
        t.ADAPTER.plan(Target("telegram", Direction.CANDIDATE, AccountRef("telegram", "1500000001")), t.OPTIONS)


def test_a_post_has_the_channels_number_as_its_authors_id() -> None:
    (item,) = t.read(t.first(), t.channel_page(t.message(1))).items
    assert (item.item_id, item.author) == ("1500000001/1", t.CANDIDATE)


def test_line_breaks_and_emoji_of_a_post_stay_in_its_text() -> None:
    text = 'Pilih <b>BUDI</b><br/>nomor 1 <i class="emoji" style="x"><b>👍</b></i><img class="emoji" alt="✌">'
    (item,) = t.read(t.first(), t.channel_page(t.message(1, text=text))).items
    assert item.text == "Pilih BUDI\nnomor 1 👍✌"


def test_hashtags_links_and_mentions_come_from_the_markup() -> None:
    text = (
        '<a href="?q=%23BusiMenang">#BusiMenang</a> <a href="https://contoh.example/program">program</a> '
        '<a href="https://t.me/siti_teladan">@siti_teladan</a>'
    )
    (item,) = t.read(t.first(), t.channel_page(t.message(1, text=text))).items
    assert item.hashtags == ("BusiMenang",)
    assert item.links == ("https://contoh.example/program",)
    assert [m.handle for m in item.mentions] == ["siti_teladan"]


def test_shortened_reaction_counts_are_summed() -> None:
    page = t.channel_page(t.message(1, after=t.reactions(("👍", "2.03K"), ("❤", "837"))))
    assert t.read(t.first(), page).items[0].like_count == 2867


def test_a_polls_question_and_answers_are_text() -> None:
    poll = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Pilih siapa?</div>'
        '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_value">'
        '<div class="tgme_widget_message_poll_option_text">BUDI CONTOH</div></div></div></div>'
    )
    (item,) = t.read(t.first(), t.channel_page(t.message(1, text="", after=poll))).items
    assert item.text == "Pilih siapa?\nBUDI CONTOH"


def test_file_names_and_link_cards_stand_beside_the_text() -> None:
    media = (
        '<div class="tgme_widget_message_document_title">program.pdf</div>'
        '<a class="tgme_widget_message_link_preview" href="https://contoh.example/a">'
        '<div class="link_preview_title">Contoh Bangkit</div></a>'
    )
    (item,) = t.read(t.first(), t.channel_page(t.message(1, after=media))).items
    assert item.alt_texts == ("program.pdf", "Contoh Bangkit")
    assert item.links == ("https://contoh.example/a",)


def test_an_album_is_one_post() -> None:
    photos = "".join(
        f'<a class="tgme_widget_message_photo_wrap" href="https://t.me/budi_contoh/{n}?single"></a>' for n in (1, 2)
    )
    assert len(t.read(t.first(), t.channel_page(t.message(1, inside=photos))).items) == 1


def test_a_service_message_is_nobodys_post() -> None:
    page = t.read(t.first(), t.channel_page(t.message(1, service=True, text="Kanal dibuat"), t.message(2)))
    assert [item.item_id for item in page.items] == ["1500000001/2"]


def test_a_reply_in_a_channel_is_a_comment_on_the_earlier_post() -> None:
    page = t.channel_page(t.message(2, inside=t.reply_to("https://t.me/budi_contoh/1", "kutipan lama")))
    (item,) = t.read(t.first(), page).items
    assert (item.kind, item.parent_id, item.text) == (ItemKind.COMMENT, "1500000001/1", "Coblos BUDI CONTOH nomor 1")


def test_a_class_that_nobody_knows_is_reported() -> None:
    page = t.channel_page(t.message(1, inside='<div class="tgme_widget_message_hologram"></div>'))
    assert t.read(t.first(), page).unknown_fields == (".tgme_widget_message_hologram",)


def test_a_post_without_time_is_an_issue_and_the_others_stand() -> None:
    broken = t.message(2).replace("datetime=", "when=")
    page = t.read(t.first(), t.channel_page(t.message(1), broken))
    assert [item.item_id for item in page.items] == ["1500000001/1"]
    assert [issue.kind for issue in page.issues] == ["item_tak_terbaca"]


def test_without_the_hidden_number_the_registered_id_stands() -> None:
    (item,) = t.read(t.first(), t.channel_page(t.message(1, view=False))).items
    assert item.item_id == "1500000001/1"


def test_a_name_that_another_channel_has_by_now_is_gone() -> None:
    other = dataclasses.replace(t.CANDIDATE, user_id="1999999999")
    with pytest.raises(AccountGone, match="kanal lain"):
        t.read(t.first(), t.channel_page(t.message(1, other)))


def test_older_posts_are_asked_for_by_the_link() -> None:
    older = follow(t.read(t.first(), t.channel_page(t.message(40), before=39)), "channel")
    assert older is not None
    assert older.url == "https://t.me/s/budi_contoh?before=39"


def test_a_missing_link_is_no_end() -> None:
    older = follow(t.read(t.first(), t.channel_page(t.message(40))), "channel")
    assert older is not None
    assert older.url == "https://t.me/s/budi_contoh?before=40"


def test_post_number_one_is_the_end() -> None:
    assert t.read(t.first(), t.channel_page(t.message(1))).end is EndKind.EXHAUSTED


def test_no_messages_found_is_asked_again_twenty_numbers_below() -> None:
    page = t.read(at_page(60), t.channel_page(found=False))
    assert [request.url for request in page.follow] == ["https://t.me/s/budi_contoh?before=40"]


def test_no_messages_found_below_the_first_number_is_the_end() -> None:
    assert t.read(at_page(1), t.channel_page(found=False)).end is EndKind.EXHAUSTED


def test_no_messages_found_again_and_again_is_suspicious() -> None:
    assert t.read(at_page(900, guesses=6), t.channel_page(found=False)).end is EndKind.SUSPICIOUS_EMPTY


def test_an_empty_first_page_proves_nothing() -> None:
    assert t.read(t.first(), t.channel_page(found=False)).end is EndKind.SUSPICIOUS_EMPTY


def test_a_page_that_goes_back_up_stops_the_listing() -> None:
    assert t.read(at_page(20), t.channel_page(t.message(40))).end is EndKind.SUSPICIOUS_EMPTY


def test_the_page_limit_caps_a_channel() -> None:
    page = t.read(t.first(), t.channel_page(t.message(40), before=40), SourceOptions("telegram", page_limit=1))
    assert page.end is EndKind.CAP_REACHED


def test_posts_before_the_window_end_the_listing() -> None:
    since = t.NOW - t.timedelta(hours=3)
    page = t.read(t.first(since=since), t.channel_page(t.message(40, hours=9), t.message(41, hours=1)))
    assert page.end is EndKind.WINDOW_REACHED
    assert [item.item_id for item in page.items] == ["1500000001/41"]


def test_a_name_of_nobody_is_gone_although_the_answer_is_200() -> None:
    with pytest.raises(AccountGone):
        t.read(t.first(), t.contact_page())


def test_a_channel_without_preview_is_not_public() -> None:
    with pytest.raises(PrivateContent):
        t.read(t.first(), t.contact_page("Kanal Contoh", "1 204 subscribers"))


def test_any_other_page_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged):
        t.read(t.first(), "<html><body><h1>Contoh</h1></body></html>")


def test_a_candidates_forward_is_a_quote_of_its_original() -> None:
    page = t.channel_page(t.message(1, head=t.forwarded("https://t.me/kanal_lain/7")))
    (item,) = t.read(t.first(), page).items
    assert (item.kind, item.quoted_id) == (ItemKind.QUOTE, "@kanal_lain/7")


def test_a_forward_of_a_hidden_sender_is_a_share_of_its_own_text() -> None:
    first = t.first(Direction.SUBJECT, t.OFFICIAL)
    page = t.read(first, t.channel_page(t.message(1, t.OFFICIAL, head=t.forwarded("")), channel=t.OFFICIAL))
    assert [(act.act, act.target_id) for act in page.acts] == [(Act.SHARE, "1500000002/1")]


def test_a_subjects_forward_waits_for_its_original() -> None:
    page = subject_page()
    origin = follow(page, "origin")
    assert page.items == ()
    assert origin is not None
    assert (origin.url, origin.verb, origin.optional) == (
        "https://t.me/budi_contoh/12?embed=1&mode=tme", Act.SHARE, True,
    )  # fmt: skip


def test_the_original_gives_its_text_and_its_channels_number() -> None:
    origin = follow(subject_page(), "origin")
    assert origin is not None
    page = t.read(origin, t.channel_page(t.message(12)))
    assert [item.item_id for item in page.items] == ["1500000001/12"]
    assert page.acts == ()


def test_a_subjects_forward_is_a_share_of_the_original_by_number() -> None:
    origin = follow(subject_page(), "origin")
    assert origin is not None
    again = follow(t.read(origin, t.channel_page(t.message(12))), "forwards")
    assert again is not None
    page = t.read(again, forwarding_page())
    assert [(act.act, act.target_id, act.target_author) for act in page.acts] == [
        (Act.SHARE, "1500000001/12", t.CANDIDATE)
    ]


def test_the_call_that_is_kept_with_a_forward_names_no_channel_of_others() -> None:
    origin = follow(subject_page(), "origin")
    assert origin is not None
    again = follow(t.read(origin, t.channel_page(t.message(12))), "forwards")
    assert again is not None
    name = str(origin.state["origin"])
    assert name
    assert name not in str(again).lower()


def test_a_forward_whose_original_is_gone_keeps_the_public_name() -> None:
    origin = follow(subject_page(), "origin")
    assert origin is not None
    again = follow(t.read(origin, '<div class="tgme_widget_message_error">Post not found</div>'), "forwards")
    assert again is not None
    assert [act.target_id for act in t.read(again, forwarding_page()).acts] == ["@budi_contoh/12"]


def test_a_handle_is_resolved_to_the_channels_number() -> None:
    request = t.ADAPTER.resolve("https://t.me/s/Budi_Contoh", t.OPTIONS)
    assert request.url == "https://t.me/s/Budi_Contoh"
    assert t.ADAPTER.read_identity(t.response(t.channel_page(t.message(5)))) == t.CANDIDATE


def test_a_person_is_resolved_to_the_public_name() -> None:
    page = t.contact_page("Asn Contoh", "@asn_contoh")
    assert t.ADAPTER.read_identity(t.response(page)) == AccountRef("telegram", "@asn_contoh", "asn_contoh")


def test_a_name_of_nobody_is_not_resolved() -> None:
    with pytest.raises(AccountGone):
        t.ADAPTER.read_identity(t.response(t.contact_page()))


def test_a_post_known_by_name_is_fetched_for_its_text() -> None:
    (request,) = t.ADAPTER.hydrate(("@budi_contoh/12", "1500000001/13"), t.OPTIONS)
    assert request.url == "https://t.me/budi_contoh/12?embed=1&mode=tme"
    page = t.read(request, t.channel_page(t.message(12)))
    assert [item.item_id for item in page.items] == ["@budi_contoh/12"]


def test_a_post_that_is_asked_after_and_deleted_is_gone() -> None:
    request = t.ADAPTER.recheck("1500000001/12", "https://t.me/budi_contoh/12", t.OPTIONS)
    assert request is not None
    assert [item.item_id for item in t.read(request, t.channel_page(t.message(12))).items] == ["1500000001/12"]
    with pytest.raises(AccountGone):
        t.read(request, '<div class="tgme_widget_message_error">Post not found</div>')


def forwarding_page() -> str:
    return t.channel_page(t.message(13, t.OFFICIAL, head=t.forwarded()), channel=t.OFFICIAL)


def subject_page() -> Page:
    return t.read(t.first(Direction.SUBJECT, t.OFFICIAL), forwarding_page())


def group_message(number: int = 40, handle: str | None = "asn_contoh", shown: str = "Pegawai Contoh") -> str:
    """A message of a public group as its own page shows it: "person in group", with both marks of a number."""
    tag, href = ("a", f' href="https://t.me/{handle}"') if handle else ("span", "")
    return (
        f'<div class="tgme_widget_message js-widget_message" data-post="grup_contoh/{number}" data-post-id="{number}">'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<{tag} class="tgme_widget_message_author_name"{href}><span dir="auto">{shown}</span></{tag}>&nbsp;in&nbsp;'
        '<a class="tgme_widget_message_owner_name" href="https://t.me/grup_contoh"><span>Grup Contoh</span></a></div>'
        '<div class="tgme_widget_message_text js-message_text" dir="auto">Dukung BUDI CONTOH</div>'
        '<div class="tgme_widget_message_footer"><span class="tgme_widget_message_meta"><a'
        f' class="tgme_widget_message_date" href="https://t.me/grup_contoh/{number}"><time datetime="{t.at(3)}"></time>'
        "</a></span></div></div></div>"
    )


def test_a_message_of_a_group_is_its_writers_and_not_the_groups() -> None:
    request = t.ADAPTER.hydrate(("@grup_contoh/40",), t.OPTIONS)[0]
    (item,) = t.read(request, group_message()).items
    assert item.author == AccountRef("telegram", "@asn_contoh", "asn_contoh")


def test_a_writer_without_a_public_name_is_not_taken_for_the_group() -> None:
    request = t.ADAPTER.hydrate(("@grup_contoh/40",), t.OPTIONS)[0]
    (item,) = t.read(request, group_message(handle=None)).items
    assert item.author is not None
    assert item.author.user_id.startswith("?")


def test_texts_of_pages_before_2020_are_read_and_not_the_text_that_is_answered() -> None:
    old = t.message(1, head=t.reply_to("https://t.me/budi_contoh/9", "Lama")).replace(" js-message_text", "")
    assert t.read(t.first(), t.channel_page(old)).items[0].text == "Coblos BUDI CONTOH nomor 1"


def test_the_channels_number_is_found_on_whichever_post_shows_it() -> None:
    page = t.channel_page(t.message(4, view=False), t.message(5))
    assert t.ADAPTER.read_identity(t.response(page)) == t.CANDIDATE
