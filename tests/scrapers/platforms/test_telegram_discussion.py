import dataclasses
import json

import pytest

from monitor.domain import Act, EndKind
from monitor.errors import LayoutChanged, PrivateContent
from scrapers.contract import Request
from tests.scrapers import telegram_pages as t


def probe(*numbers: int) -> Request:
    page = t.read(t.first(), t.channel_page(*(t.message(number) for number in numbers)))
    return next(request for request in page.follow if request.endpoint == "discussion_probe")


def older() -> Request:
    page = t.read(t.discussion_of(), t.widget(t.comment(302), header="3 comments", before=302))
    return page.follow[0]


def test_the_newest_post_tells_whether_a_channel_has_discussions() -> None:
    assert probe(11, 12).url == "https://t.me/budi_contoh/12?embed=1&discussion=1&comments_limit=50"


def test_an_open_discussion_leads_to_those_of_all_posts_of_the_page() -> None:
    page = t.read(probe(11, 12), t.widget())
    assert [request.item_id for request in page.follow] == ["1500000001/12", "1500000001/11"]
    assert all(request.verb is Act.COMMENT and request.optional for request in page.follow)


def test_a_closed_discussion_is_tried_once_more_with_the_oldest_post() -> None:
    (again,) = t.read(probe(10, 11, 12), t.closed_widget()).follow
    assert again.url == "https://t.me/budi_contoh/10?embed=1&discussion=1&comments_limit=50"


def test_two_closed_discussions_mean_that_comments_are_not_public() -> None:
    (again,) = t.read(probe(11, 12), t.closed_widget()).follow
    with pytest.raises(PrivateContent):
        t.read(again, t.closed_widget("Please open Telegram to view this discussion from Kanal Contoh"))


def test_a_comment_is_its_writers_act_on_the_post() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(301, handle="Asn_Contoh")))
    (act,) = page.acts
    assert (act.actor.user_id, act.act, act.target_id) == ("@asn_contoh", Act.COMMENT, "1500000001/12")
    assert act.target_author == t.CANDIDATE
    assert act.time.occurred_at == t.NOW - t.timedelta(hours=2)


def test_a_writer_without_public_name_matches_nobody_and_is_counted() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(301, name="asn_contoh")))
    (item,) = page.items
    assert item.author is not None
    assert (item.author.user_id, item.author.handle) == ("?1500000001/12?comment=301", None)
    assert [issue.kind for issue in page.issues] == ["komentator_tanpa_nama_publik"]


def test_an_answer_to_a_comment_names_that_comment_and_its_writer() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(301, handle="warga_a"), t.comment(302, reply=301)))
    answer = page.items[1]
    assert answer.parent_id == "1500000001/12?comment=301"
    assert answer.parent_author is not None
    assert answer.parent_author.user_id == "@warga_a"
    assert answer.root_id == "1500000001/12"


def test_an_answer_to_the_post_itself_is_a_comment_on_the_post() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(301, reply=200)))
    assert page.items[0].parent_id == "1500000001/12"


def test_the_name_in_a_quoted_reply_is_not_the_writers() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(302, name="Tanpa Nama", reply=301)))
    author = page.items[0].author
    assert author is not None
    assert author.user_id.startswith("?")


def test_the_header_says_how_many_comments_there_are() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(), header="1,204 comments"))
    assert page.reported == 1204


def test_a_post_without_comments_is_exhausted() -> None:
    page = t.read(t.discussion_of(), t.widget(header="No comments"))
    assert (page.end, page.items) == (EndKind.EXHAUSTED, ())


def test_a_closed_discussion_of_one_post_is_blocked_not_empty() -> None:
    assert t.read(t.discussion_of(), t.closed_widget()).end is EndKind.BLOCKED


def test_older_comments_are_posted_for_as_the_widget_does() -> None:
    request = older()
    assert (request.endpoint, request.url) == ("loadComments", t.API)
    assert request.form == {
        "method": "loadComments", "peer": t.PEER, "top_msg_id": "200", "discussion_hash": "83contoh",
        "before_id": "302",
    }  # fmt: skip


def test_older_comments_are_read_out_of_json() -> None:
    page = t.read(older(), t.more_comments(t.comment(301)))
    assert [item.item_id for item in page.items] == ["1500000001/12?comment=301"]
    assert (page.end, page.reported) == (EndKind.EXHAUSTED, 3)


def test_still_older_comments_are_asked_for_with_the_next_number() -> None:
    (request,) = t.read(older(), t.more_comments(t.comment(301), before=300)).follow
    assert request.form is not None
    assert request.form["before_id"] == "300"


def test_the_same_place_again_stops_the_listing() -> None:
    (request,) = t.read(older(), t.more_comments(t.comment(301), before=300)).follow
    page = t.read(dataclasses.replace(request), t.more_comments(t.comment(301), before=300))
    assert page.end is EndKind.SUSPICIOUS_EMPTY


def test_an_api_elsewhere_is_never_asked() -> None:
    page = t.widget(t.comment(302), before=302).replace("https:\\/\\/t.me\\/api", "https:\\/\\/jahat.example\\/api")
    read = t.read(t.discussion_of(), page)
    assert (read.end, read.follow) == (EndKind.CAP_REACHED, ())


def test_without_a_form_the_listing_is_capped() -> None:
    page = t.read(t.discussion_of(), t.widget(t.comment(302), before=302, form=False))
    assert page.end is EndKind.CAP_REACHED


def test_an_error_of_the_api_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged):
        t.read(older(), json.dumps({"error": "Access denied"}))
