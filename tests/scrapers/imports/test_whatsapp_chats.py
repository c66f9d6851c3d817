from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ImportFormatError, ImportQuestion
from scrapers.imports.chat_lines import messages, stamped
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.whatsapp import reader

SEEN = datetime(2024, 12, 1, tzinfo=UTC)
WIB = ReadOptions(captured_at=SEEN, timezone="Asia/Jakarta")
NAME = "Chat WhatsApp dengan Grup Contoh.txt"


def read(folder: Path, text: str, options: ReadOptions = WIB, name: str = NAME) -> list[Captured]:
    path = folder / name
    path.write_bytes(text.encode())
    return list(reader.read(path, options))


def said(found: list[Captured]) -> list[tuple[str, str, datetime]]:
    return [
        (item.author.user_id if item.author else "", item.text, item.published.latest)
        for captured in found
        for item in captured.items
    ]


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    """A time of September 2024 in Jakarta."""
    return datetime(2024, 9, day, hour - 7, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "25/09/24, 13:01 - +62 812-3456-7890: Siap menang",
        "25/09/24 13.01 - +62 812-3456-7890: Siap menang",
        "25/09/2024 13.01 - +62\u00a0812\u20113456\u20117890: Siap menang",
        "[25/09/24 13.01.00] +62 812-3456-7890: Siap menang",
        "\u200e[25/09/24, 13:01:00] \u202a+62 812-3456-7890\u202c: Siap menang",
        "25/09/24, 1:01\u202fPM - +62 812-3456-7890: Siap menang",
        "25/09/24, 1:01 p. m. - +62 812-3456-7890: Siap menang",
        "25/09/24 1.01 siang - 0812-3456-7890: Siap menang",
        "9/25/24, 1:01 PM - +62 812-3456-7890: Siap menang",
        "2024-09-25, 13:01 - +62 812-3456-7890: Siap menang",
        "25.09.24, 13:01 - 6281234567890: Siap menang",
        "25/09/24 13:01:00: +62 812-3456-7890: Siap menang",
    ],
)
def test_a_message_is_read_in_every_way_of_writing_its_time(line: str, tmp_path: Path) -> None:
    assert said(read(tmp_path, line + "\n")) == [("+6281234567890", "Siap menang", at(13, 1))]


@pytest.mark.parametrize(
    ("word", "hour"), [("6.00 pagi", 6), ("12.00 siang", 12), ("2.00 siang", 14), ("5.00 sore", 17), ("8.00 malam", 20)]
)
def test_indonesian_parts_of_the_day_count_to_twelve(word: str, hour: int, tmp_path: Path) -> None:
    (one,) = said(read(tmp_path, f"25/09/24 {word} - Budi: Halo\n"))
    assert one[2].astimezone(UTC).hour == hour - 7 if hour >= 7 else one[2].hour == hour + 17


def test_a_message_goes_on_over_lines_until_the_next_time(tmp_path: Path) -> None:
    text = "25/09/24 08.01 - Budi: Siap\n\nlanjutkan: 2024\n25/09/24 08.02 - Siti: Ya\n"
    assert [words for _, words, _ in said(read(tmp_path, text))] == ["Siap\n\nlanjutkan: 2024", "Ya"]


@pytest.mark.parametrize(
    "line",
    [
        "25/09/24 08.00 - Pesan dan panggilan terenkripsi secara end-to-end.",
        "25/09/24 08.00 - +62 812-3456-7890 membuat grup \"Rapat: besok\"",
        "25/09/24 08.00 - Budi menambahkan Siti",
        "25/09/24 08.00 - +62 812-3456-7890 keluar",
        "[25/09/24 08.00.00] Grup Contoh: \u200eMessages and calls are end-to-end encrypted.",
    ],
)  # fmt: skip
def test_what_whatsapp_writes_itself_is_nobodys_message(line: str, tmp_path: Path) -> None:
    (captured,) = read(tmp_path, line + "\n")
    assert captured.skipped == "baris sistem WhatsApp"


def test_what_a_person_says_about_adding_is_that_persons_message(tmp_path: Path) -> None:
    assert [words for _, words, _ in said(read(tmp_path, "25/09/24 08.00 - Budi: saya menambahkan Siti\n"))] == [
        "saya menambahkan Siti"
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<Media tidak disertakan>", ""),
        ("IMG-20240925-WA0001.jpg (file terlampir)\nLihat ini", "Lihat ini"),
        ("\u200e<terlampir: 00000012-PHOTO.jpg>", ""),
        ("\u200egambar tidak disertakan", ""),
        ("Siap <Pesan ini diedit>", "Siap"),
        ("Siap <This message was edited>", "Siap"),
    ],
)
def test_marks_of_media_and_edits_are_no_words(text: str, kept: str, tmp_path: Path) -> None:
    assert [words for _, words, _ in said(read(tmp_path, f"25/09/24 08.00 - Budi: {text}\n"))] == [kept]


@pytest.mark.parametrize("text", ["Pesan ini telah dihapus", "You deleted this message", "Anda menghapus pesan ini."])
def test_a_deleted_message_is_skipped(text: str, tmp_path: Path) -> None:
    (captured,) = read(tmp_path, f"25/09/24 08.00 - Budi: {text}\n")
    assert captured.skipped == "pesan dihapus pengirimnya"


def test_a_name_is_no_account_that_a_register_can_hold(tmp_path: Path) -> None:
    (one,) = said(read(tmp_path, "25/09/24 08.00 - ~ Budi Contoh: Halo\n"))
    assert one[0] == "nama:Budi Contoh"


@pytest.mark.parametrize(
    ("lines", "month"),
    [
        (("03/09/24 08.00 - A: x", "13/09/24 08.00 - A: x"), 9),
        (("03/09/24 08.00 - A: x", "03/21/24 08.00 - A: x"), 3),
        (("03/04/24 08.00 - A: x", "04/04/24 08.00 - A: x", "02/05/24 08.00 - A: x"), 4),
        (("01/12/24 08.00 - A: x",), 1),
    ],
    ids=["a day above twelve", "a month second", "days that go on", "not after the export"],
)
def test_the_order_of_day_and_month_is_settled_by_the_whole_file(
    lines: tuple[str, ...], month: int, tmp_path: Path
) -> None:
    assert said(read(tmp_path, "\n".join(lines) + "\n"))[0][2].month == month


def test_an_order_that_nothing_settles_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(ImportQuestion, match="--date-order"):
        read(tmp_path, "03/04/24 08.00 - A: x\n")
    answered = ReadOptions(captured_at=SEEN, timezone="Asia/Jakarta", date_order="mdy")
    assert said(read(tmp_path, "03/04/24 08.00 - A: x\n", answered))[0][2].month == 3


def test_the_offices_zone_gives_the_time_of_the_message(tmp_path: Path) -> None:
    east = ReadOptions(captured_at=SEEN, timezone="Asia/Jayapura")
    assert said(read(tmp_path, "25/09/24 08.00 - A: x\n", east))[0][2] == datetime(2024, 9, 24, 23, tzinfo=UTC)


def test_two_exports_of_one_chat_give_the_same_messages(tmp_path: Path) -> None:
    android = "24/09/24 07.00 - A: lama\n25/09/24 08.01 - +62 812-3456-7890: Siap\n25/09/24 08.01 - Siti: Siap\n"
    ios = "[25/09/24 08.01.10] Pak Budi: Siap\n[25/09/24 08.01.40] Siti: Siap\n[26/09/24 08.00.00] A: baru\n"
    one = {i.item_id for c in read(tmp_path, android) for i in c.items}
    other = {i.item_id for c in read(tmp_path, ios) for i in c.items}
    assert len(one & other) == 2


def test_the_kept_bytes_of_a_message_are_its_own_lines(tmp_path: Path) -> None:
    first, second = read(tmp_path, "25/09/24 08.01 - A: satu\ndua\n25/09/24 08.02 - B: tiga\n")
    assert (first.raw, second.raw) == (b"25/09/24 08.01 - A: satu\ndua", b"25/09/24 08.02 - B: tiga")
    assert (first.line, second.line) == (1, 3)


def test_a_zip_with_the_chat_and_its_media_is_read(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Grup Contoh.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[25/09/24 08.01.00] Budi: Halo\n")
        archive.writestr("00000001-PHOTO.jpg", b"\xff\xd8\xff")
    assert reader.sniff(path.read_bytes(), path)
    zipped = [i.item_id for c in reader.read(path, WIB) for i in c.items]
    assert zipped == [i.item_id for c in read(tmp_path, "25/09/24 08.01 - Budi: Halo\n") for i in c.items]


def test_a_text_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError, match="tidak ada pesan"):
        read(tmp_path, "sekadar catatan\n")


def test_a_message_beyond_any_length_is_cut_and_the_next_one_read(tmp_path: Path) -> None:
    text = "25/09/24 08.01 - A: " + "x" * 50_000 + "\n" + "\n".join(["y" * 50_000] * 5) + "\n25/09/24 08.02 - B: z\n"
    found = said(read(tmp_path, text))
    assert [len(words) <= 101_000 for _, words, _ in found] == [True, True]
    assert found[1][1] == "z"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_lines(text: str) -> None:
    lines = text.split("\n")
    assert sum(1 for _ in messages(lines, 1000)) == sum(stamped(one.rstrip("\r\n")) is not None for one in lines)
