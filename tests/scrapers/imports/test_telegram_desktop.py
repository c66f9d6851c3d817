import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import AccountRef, Act, ItemKind
from monitor.errors import ImportFormatError, ImportQuestion
from scrapers import registry
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.telegram_desktop import reader

SENT = datetime(2026, 11, 1, 5, tzinfo=UTC)


def message(number: int = 1, who: str | None = "user800000001", **more: Any) -> dict[str, Any]:
    local = (SENT + timedelta(hours=7)).replace(tzinfo=None).isoformat()
    raw: dict[str, Any] = {
        "id": number, "type": "message", "date": local, "date_unixtime": str(int(SENT.timestamp())),
        "from": "Asn Contoh", "from_id": who, "text": "Coblos BUDI CONTOH",
        "text_entities": [{"type": "plain", "text": "Coblos BUDI CONTOH"}],
    } | more  # fmt: skip
    return {key: value for key, value in raw.items() if value is not None}


def chat(*messages: Any, kind: str | None = "public_supergroup", identity: Any = 1500000009) -> dict[str, Any]:
    head = {"name": "Grup Contoh", "type": kind, "id": identity}
    return {key: value for key, value in head.items() if value is not None} | {"messages": list(messages)}


def read(folder: Path, body: Any, options: ReadOptions | None = None) -> list[Captured]:
    path = folder / "result.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body, indent=1), encoding="utf-8")
    return list(reader.read(path, options or ReadOptions()))


def test_an_export_is_recognised_by_what_it_holds(tmp_path: Path) -> None:
    for body in (chat(message()), {"about": "Telegram Desktop", "chats": {"list": [chat(message())]}}):
        path = tmp_path / "apa saja.txt"
        path.write_text(json.dumps(body, indent=1), encoding="utf-8")
        assert registry.sniff(path) is reader


def test_a_message_of_a_public_group_is_its_senders_post(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, chat(message(7)))
    (item,) = captured.items
    assert (item.item_id, item.author, item.kind) == (
        "1500000009/7", AccountRef("telegram", "800000001"), ItemKind.POST,
    )  # fmt: skip
    assert (item.text, item.published.occurred_at) == ("Coblos BUDI CONTOH", SENT)


@pytest.mark.parametrize(
    "kind", ["personal_chat", "private_group", "private_supergroup", "private_channel", "saved_messages"]
)
def test_private_chats_are_refused_with_the_reason(tmp_path: Path, kind: str) -> None:
    (captured,) = read(tmp_path, chat(message(), kind=kind))
    assert (captured.items, captured.raw) == ((), b"")
    assert captured.skipped == f"obrolan bukan publik ({kind}): hanya kanal dan grup publik yang diambil"


def test_a_chat_without_a_type_is_refused(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, chat(message(), kind=None))
    assert captured.skipped == "berkas tidak menyebut jenis obrolan; obrolan pribadi tidak diambil"


def test_of_a_whole_export_only_the_public_chats_are_taken(tmp_path: Path) -> None:
    body = {
        "about": "Telegram Desktop", "personal_information": {"phone_number": "+62", "bio": '}]{"'},
        "chats": {"about": "x", "list": [chat(message(), kind="personal_chat"), chat(message(2))]},
        "left_chats": {"list": [chat(message(3), identity=1500000010)]},
    }  # fmt: skip
    taken = [item.item_id for captured in read(tmp_path, body) for item in captured.items]
    assert taken == ["1500000009/2", "1500000010/3"]


def test_a_text_of_pieces_is_read_whole_with_its_markup(tmp_path: Path) -> None:
    pieces = [
        "Pilih ", {"type": "bold", "text": "BUDI"}, " ", {"type": "hashtag", "text": "#BusiMenang"}, " ",
        {"type": "mention", "text": "@siti_teladan"}, " ", {"type": "mention_name", "text": "Siti", "user_id": 700},
        " ", {"type": "text_link", "text": "program", "href": "https://contoh.example/a"},
    ]  # fmt: skip
    (item,) = read(tmp_path, chat(message(text=pieces, text_entities=None)))[0].items
    assert item.text == "Pilih BUDI #BusiMenang @siti_teladan Siti program"
    assert (item.hashtags, item.links) == (("BusiMenang",), ("https://contoh.example/a",))
    assert [m.user_id for m in item.mentions] == ["@siti_teladan", "700"]


def test_a_reply_names_what_it_answers_and_who_wrote_that(tmp_path: Path) -> None:
    lines = read(tmp_path, chat(message(1, "channel1500000001"), message(2, reply_to_message_id=1),
                                message(3, reply_to_message_id=2)))  # fmt: skip
    second, third = lines[1].items[0], lines[2].items[0]
    assert (second.kind, second.parent_id) == (ItemKind.COMMENT, "1500000009/1")
    assert second.parent_author == AccountRef("telegram", "1500000001")
    assert (third.parent_id, third.root_id) == ("1500000009/2", "1500000009/1")
    assert third.root_author == AccountRef("telegram", "1500000001")


def test_a_forward_is_a_share(tmp_path: Path) -> None:
    (captured,) = read(tmp_path, chat(message(forwarded_from="Kanal Lain", forwarded_from_id="channel1500000001")))
    assert [act.act for act in captured.acts] == [Act.SHARE]
    assert captured.acts[0].target_author == AccountRef("telegram", "1500000001")


def test_a_channels_post_copied_into_its_group_is_a_post(tmp_path: Path) -> None:
    raw = message(who="channel1500000001", **{"from": "Kanal Contoh", "forwarded_from": "Kanal Contoh"})
    assert read(tmp_path, chat(raw))[0].items[0].kind is ItemKind.POST


def test_a_post_of_an_old_channel_export_is_the_channels_own(tmp_path: Path) -> None:
    raw = message(who=None, date_unixtime=None)
    body = chat(raw, kind="public_channel", identity=2**33 + 1500000001)
    (item,) = read(tmp_path, body, ReadOptions(timezone="Asia/Jakarta"))[0].items
    assert (item.author, item.item_id) == (AccountRef("telegram", "1500000001"), "1500000001/1")
    assert item.published.occurred_at == SENT


def test_old_times_without_zone_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(ImportQuestion, match="zona"):
        read(tmp_path, chat(message(date_unixtime=None)))


def test_named_reactions_are_likes_with_their_own_time(tmp_path: Path) -> None:
    recent = [{"from": "Asn", "from_id": "user800000002", "date": "2026-11-01T12:30:00"}]
    raw = message(reactions=[{"type": "emoji", "count": 1, "emoji": "👍", "recent": recent}])
    (captured,) = read(tmp_path, chat(raw))
    like = captured.acts[1]
    assert (like.act, like.actor.user_id, like.target_id) == (Act.LIKE, "800000002", "1500000009/1")
    assert like.time.occurred_at == SENT + timedelta(minutes=30)
    assert captured.issues == ()


def test_reactions_that_are_only_counted_are_told_once(tmp_path: Path) -> None:
    some = [{"type": "emoji", "count": 5, "emoji": "👍"}, {"type": "emoji", "count": 2, "emoji": "❤"}]
    lines = read(tmp_path, chat(message(1, reactions=some), message(2, reactions=some)))
    assert lines[0].items[0].like_count == 7
    assert [issue.kind for line in lines for issue in line.issues] == ["reaksi_sebagian"]


def test_an_edit_keeps_its_time(tmp_path: Path) -> None:
    edited = str(int((SENT + timedelta(hours=1)).timestamp()))
    (item,) = read(tmp_path, chat(message(edited="2026-11-01T13:00:00", edited_unixtime=edited)))[0].items
    assert item.edited_at == SENT + timedelta(hours=1)


def test_a_poll_and_a_file_name_are_words(tmp_path: Path) -> None:
    poll = {"question": "Pilih siapa?", "closed": False, "total_voters": 2, "answers": [{"text": "BUDI", "voters": 2}]}
    (item,) = read(tmp_path, chat(message(text="", text_entities=[], poll=poll, file_name="program.pdf")))[0].items
    assert (item.text, item.alt_texts) == ("Pilih siapa?\nBUDI", ("program.pdf",))


def test_service_messages_are_skipped(tmp_path: Path) -> None:
    raw = {"id": 1, "type": "service", "action": "pin_message", "actor": "Asn"}
    (captured,) = read(tmp_path, chat(raw))
    assert (captured.skipped, captured.issues) == ("pesan layanan, bukan unggahan", ())


def test_phone_numbers_and_places_are_not_kept(tmp_path: Path) -> None:
    raw = message(contact_information={"phone_number": "+628110000000"}, location_information={"latitude": 1.5})
    (captured,) = read(tmp_path, chat(raw))
    assert b"628110000000" not in captured.raw
    assert b"latitude" not in captured.raw


def test_an_unknown_field_is_named_once(tmp_path: Path) -> None:
    lines = read(tmp_path, chat(message(1, hologram=1), message(2, hologram=1)))
    assert [issue.detail for line in lines for issue in line.issues] == ["messages[].hologram"]


def test_a_message_that_is_none_costs_no_other(tmp_path: Path) -> None:
    lines = read(tmp_path, chat(5, message(2)))
    assert [line.skipped for line in lines] == ["pesan bukan objek JSON", None]


def test_a_file_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    whole = json.dumps(chat(message(1), message(2)), indent=1)
    lines = read(tmp_path, whole[: whole.rindex('"from_id"')])
    assert [line.skipped is None for line in lines] == [True, False]
    assert [issue.kind for issue in lines[1].issues] == ["broken_file"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError):
        read(tmp_path, "[1, 2]")


@given(st.data())
def test_any_mutilated_export_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = json.dumps({"chats": {"list": [chat(message(1), message(2, reply_to_message_id=1))]}}).encode()
    at, cut = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 40))
    path = tmp_path_factory.mktemp("ekspor") / "result.json"
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + cut :])
    try:
        lines = list(reader.read(path, ReadOptions()))
    except ImportFormatError:
        return
    assert all(isinstance(line, Captured) for line in lines)
