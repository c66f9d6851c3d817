from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind
from monitor.errors import (
    AccountGone,
    LayoutChanged,
    PantauError,
    PolicyBlocked,
    PrivateContent,
    QuotaSpent,
    RateLimited,
    ServerFailure,
    UnexpectedContent,
    UsageError,
)
from scrapers.contract import EmptyListing, Request, SourceOptions, Target
from tests.scrapers import youtube_answers as y


def asked(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def test_a_target_begins_with_its_channel() -> None:
    assert asked(y.first()) == {"part": "id,snippet,contentDetails", "id": y.CANDIDATE}


def test_an_account_known_by_handle_only_cannot_be_planned() -> None:
    with pytest.raises(UsageError):
        y.ADAPTER.plan(Target("youtube", Direction.CANDIDATE, AccountRef("youtube", "@budi.contoh")), y.OPTIONS)


def test_every_call_names_the_slot_of_the_key_and_holds_no_key() -> None:
    for request in (y.first(), y.to_uploads(), y.to_videos(), y.to_threads(), y.to_replies()):
        assert request.credential == "api_key"
        assert "key" not in asked(request)


def test_a_channel_leads_to_the_playlist_of_its_uploads() -> None:
    assert asked(y.to_uploads())["playlistId"] == "UU" + y.CANDIDATE[2:]


def test_a_channel_that_is_not_there_is_gone() -> None:
    with pytest.raises(AccountGone):
        y.read(y.first(), {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}})


def test_a_channel_without_uploads_is_exhausted_not_broken() -> None:
    page = y.read(y.to_uploads(), y.refusal("playlistNotFound", 404), 404)
    assert page.end is EndKind.EXHAUSTED


def test_fifty_uploads_are_asked_for_in_one_call() -> None:
    page = y.read(y.to_uploads(), y.many("playlistItem", y.listed("videoContoh"), y.listed("videoConto2")))
    assert asked(page.follow[0])["id"] == "videoContoh,videoConto2"


def test_the_next_page_of_uploads_is_asked_for_by_its_token() -> None:
    page = y.read(y.to_uploads(), y.many("playlistItem", y.listed(), nextPageToken="CDIQAA"))
    assert asked(page.follow[1])["pageToken"] == "CDIQAA"


def test_uploads_before_the_window_end_the_listing() -> None:
    uploads = y.to_uploads(since=y.NOW - timedelta(hours=3))
    page = y.read(uploads, y.many("playlistItem", y.listed(hours=9), nextPageToken="CDIQAA"))
    assert (page.end, page.follow) == (EndKind.WINDOW_REACHED, ())


def test_a_video_is_a_post_of_title_and_description() -> None:
    (item,) = y.read(y.to_videos(), y.many("video", y.video())).items
    assert item.text == "Kampanye BUDI CONTOH\nCoblos nomor 1 #BusiMenang https://contoh.example/program"
    assert (item.hashtags, item.links) == (("BusiMenang",), ("https://contoh.example/program",))
    assert (item.like_count, item.comment_count) == (7, 2)


def test_a_video_of_another_channel_in_the_uploads_is_not_the_targets() -> None:
    other = y.video(snippet={"channelId": y.BYSTANDER})
    assert y.read(y.to_videos(), y.many("video", other)).items == ()


def test_a_video_without_comments_needs_no_call() -> None:
    page = y.read(y.to_videos(), y.many("video", y.video(statistics={"commentCount": "0"})))
    assert page.empty == (EmptyListing(Act.COMMENT, y.VIDEO),)
    assert page.follow == ()


def test_a_video_whose_comments_are_not_counted_is_asked_about_all_the_same() -> None:
    page = y.read(y.to_videos(), y.many("video", y.video(statistics={"commentCount": None})))
    assert [request.endpoint for request in page.follow] == ["commentThreads"]


def test_a_subjects_video_leads_nowhere() -> None:
    page = y.read(y.to_videos(Direction.SUBJECT), y.many("video", y.video()))
    assert (len(page.items), page.follow) == (1, ())


def test_threads_are_asked_for_by_time_as_plain_text() -> None:
    assert asked(y.to_threads()) == {
        "part": "snippet,replies", "videoId": y.VIDEO, "maxResults": "100", "order": "time", "textFormat": "plainText",
    }  # fmt: skip


def test_a_comment_is_its_writers_act_on_the_video() -> None:
    (act,) = y.read(y.to_threads(), y.many("commentThread", y.thread())).acts
    assert (act.actor.user_id, act.actor.handle, act.act, act.target_id) == (
        y.OFFICIAL, "asn.contoh", Act.COMMENT, y.VIDEO,
    )  # fmt: skip
    assert act.target_author == AccountRef("youtube", y.CANDIDATE)


def test_a_reply_is_an_act_on_the_comment() -> None:
    page = y.read(y.to_threads(), y.many("commentThread", y.thread("satu", y.comment("satu", reply="a"))))
    reply = page.items[1]
    assert (reply.parent_id, reply.root_id) == (y.comment_id("satu"), y.VIDEO)
    assert reply.parent_author is not None
    assert reply.parent_author.user_id == y.OFFICIAL


def test_replies_that_do_not_come_along_are_asked_for() -> None:
    replies = y.to_replies()
    assert asked(replies)["parentId"] == y.comment_id("satu")
    assert (replies.verb, replies.item_id, replies.optional) == (Act.COMMENT, y.VIDEO, True)


def test_replies_that_came_along_are_taken_once_although_the_rest_is_asked_for() -> None:
    thread = y.thread("satu", y.comment("satu", reply="a"))
    thread["snippet"]["totalReplyCount"] = 2
    page = y.read(y.to_threads(), y.many("commentThread", thread))
    assert [item.item_id for item in page.items][1:] == [y.comment("satu", reply="a")["id"]]
    both = y.many("comment", y.comment("satu", reply="a"), y.comment("satu", reply="b"))
    assert [i.item_id for i in y.read(page.follow[0], both).items] == [y.comment("satu", reply="b")["id"]]


def test_listed_replies_know_what_they_answer_and_whose_video_it_is() -> None:
    reply = y.comment("satu", reply="b", videoId=None, channelId=None)
    (item,) = y.read(y.to_replies(), y.many("comment", reply)).items
    assert (item.parent_id, item.root_id) == (y.comment_id("satu"), y.VIDEO)
    assert item.parent_author == AccountRef("youtube", y.OFFICIAL)
    assert item.root_author == AccountRef("youtube", y.CANDIDATE)


def test_a_comment_of_a_deleted_channel_stands_without_writer() -> None:
    page = y.read(y.to_threads(), y.many("commentThread", y.thread(who=None)))
    assert page.items[0].author is None
    assert page.acts == ()


def test_a_later_update_is_an_edit() -> None:
    page = y.read(y.to_threads(), y.many("commentThread", y.thread(updatedAt=y.at(1))))
    assert page.items[0].edited_at == y.NOW - timedelta(hours=1)


def test_text_as_shown_is_read_out_of_html() -> None:
    shown = "Siap<br>menang &amp; jaya &lt;3"
    page = y.read(y.to_threads(), y.many("commentThread", y.thread(textOriginal=None, textDisplay=shown)))
    assert page.items[0].text == "Siap\nmenang & jaya <3"


def test_plain_text_with_brackets_stays_as_it_is() -> None:
    page = y.read(y.to_threads(), y.many("commentThread", y.thread(textOriginal=None, textDisplay="kami <3 Budi")))
    assert page.items[0].text == "kami <3 Budi"


def test_the_videos_count_is_what_the_listing_should_bring() -> None:
    assert y.read(y.to_threads(), y.many("commentThread", y.thread())).reported == 2


def test_no_comment_although_some_are_counted_is_suspicious() -> None:
    assert y.read(y.to_threads(), y.many("commentThread")).end is EndKind.SUSPICIOUS_EMPTY


def test_the_page_limit_caps_a_listing() -> None:
    body = y.many("commentThread", y.thread(), nextPageToken="x")
    page = y.read(y.to_threads(), body, options=SourceOptions("youtube", page_limit=1))
    assert page.end is EndKind.CAP_REACHED


def test_within_a_window_the_newest_comments_below_older_videos_are_read_too() -> None:
    page = y.read(y.first(since=y.NOW - timedelta(days=3)), y.many("channel", y.channel()))
    stream = page.follow[1]
    assert asked(stream)["allThreadsRelatedToChannelId"] == y.CANDIDATE
    (item,) = y.read(stream, y.many("commentThread", y.thread())).items
    assert item.root_id == y.VIDEO


def test_that_stream_stops_at_the_window() -> None:
    page = y.read(y.first(since=y.NOW - timedelta(hours=3)), y.many("channel", y.channel()))
    older = y.many("commentThread", y.thread(publishedAt=y.at(9), updatedAt=y.at(9)), nextPageToken="x")
    assert y.read(page.follow[1], older).end is EndKind.WINDOW_REACHED


def test_a_field_that_nobody_knows_is_reported() -> None:
    page = y.read(y.to_threads(), y.many("commentThread", y.thread(hologram=True)))
    assert page.unknown_fields == (".items[].snippet.topLevelComment.snippet.hologram",)


def test_a_broken_thread_is_an_issue_and_the_others_stand() -> None:
    broken = y.thread("dua", publishedAt="kemarin")
    page = y.read(y.to_threads(), y.many("commentThread", broken, y.thread()))
    assert [item.item_id for item in page.items] == [y.comment_id("satu")]
    assert [issue.kind for issue in page.issues] == ["item_tak_terbaca"]


@pytest.mark.parametrize(
    ("reason", "status", "error"),
    [
        ("quotaExceeded", 403, QuotaSpent),
        ("rateLimitExceeded", 403, RateLimited),
        ("keyInvalid", 400, PolicyBlocked),
        ("accessNotConfigured", 403, PolicyBlocked),
        ("commentsDisabled", 403, PrivateContent),
        ("forbidden", 403, PrivateContent),
        ("videoNotFound", 404, AccountGone),
        ("processingFailure", 400, ServerFailure),
        ("invalidPageToken", 400, UnexpectedContent),
        ("hologram", 400, LayoutChanged),
    ],
)
def test_a_refusal_is_what_its_reason_says(reason: str, status: int, error: type[PantauError]) -> None:
    with pytest.raises(error):
        y.read(y.to_threads(), y.refusal(reason, status), status)


def test_a_day_quota_told_as_too_many_requests_is_spent() -> None:
    words = "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'contoh'"
    with pytest.raises(QuotaSpent):
        y.read(y.to_threads(), y.refusal("rateLimitExceeded", 429, words), 429)


def test_a_refused_key_says_how_to_mend_it() -> None:
    with pytest.raises(PolicyBlocked) as refused:
        y.read(y.first(), y.refusal("badRequest", 400, "API key not valid. Please pass a valid API key."), 400)
    assert "pantau sources credential add youtube api_key" in refused.value.mend


@pytest.mark.parametrize(
    ("written", "by"),
    [
        ("@Budi.Contoh", ("forHandle", "@budi.contoh")),
        ("https://www.youtube.com/@budi.contoh/videos", ("forHandle", "@budi.contoh")),
        (f"https://www.youtube.com/channel/{y.CANDIDATE}", ("id", y.CANDIDATE)),
        (y.CANDIDATE, ("id", y.CANDIDATE)),
        ("https://www.youtube.com/user/budicontoh", ("forUsername", "budicontoh")),
    ],
)
def test_a_channel_is_resolved_as_it_is_written(written: str, by: tuple[str, str]) -> None:
    assert asked(y.ADAPTER.resolve(written, y.OPTIONS))[by[0]] == by[1]


def test_a_custom_address_is_not_guessed() -> None:
    with pytest.raises(UsageError):
        y.ADAPTER.resolve("https://www.youtube.com/c/budicontoh", y.OPTIONS)


def test_the_answer_to_a_resolution_gives_id_and_handle() -> None:
    found = y.ADAPTER.read_identity(y.response(y.many("channel", y.channel())))
    assert found == AccountRef("youtube", y.CANDIDATE, "budi.contoh")


def test_videos_and_comments_are_fetched_for_their_texts() -> None:
    videos, comment = y.ADAPTER.hydrate((y.VIDEO, y.comment_id("satu")), y.OPTIONS)
    assert (videos.endpoint, comment.endpoint) == ("videos", "comment")
    assert [item.item_id for item in y.read(videos, y.many("video", y.video())).items] == [y.VIDEO]
    page = y.read(comment, y.many("comment", y.comment()))
    assert ([item.item_id for item in page.items], page.acts) == ([y.comment_id("satu")], ())


def test_a_comment_that_is_asked_after_and_not_there_is_gone() -> None:
    request = y.ADAPTER.recheck(y.comment_id("satu"), "", y.OPTIONS)
    assert request is not None
    with pytest.raises(AccountGone):
        y.read(request, y.many("comment"))


def test_a_video_that_is_asked_after_and_not_there_is_gone() -> None:
    request = y.ADAPTER.recheck(y.VIDEO, "", y.OPTIONS)
    assert request is not None
    with pytest.raises(AccountGone):
        y.read(request, y.many("video"))
