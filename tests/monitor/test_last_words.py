"""Last words are taken where no file may grow, are told once, and never grow or name anything but tokens."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import FailedStart, Hindrance, Job, Starter
from monitor.last_words import NAME, ROOM, SIZE, LastWords
from tests.conftest import unavailable

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = FailedStart(Job.NIGHTLY, Hindrance.DISK_FULL, NOW, NOW)


@pytest.fixture
def words(tmp_path: Path) -> LastWords:
    made = LastWords(tmp_path)
    made.lay()
    return made


def test_a_start_that_failed_is_read_by_the_next_one(words: LastWords) -> None:
    words.add(FULL.what, FULL.why, NOW)
    assert LastWords(words.folder).read() == (FULL,)


def test_a_laid_file_is_a_block_that_says_nothing(words: LastWords) -> None:
    assert ((words.folder / NAME).stat().st_size, words.read()) == (SIZE, ())


def test_words_are_kept_from_other_users(words: LastWords) -> None:
    assert (words.folder / NAME).stat().st_mode & 0o077 == 0


def test_words_that_root_lays_belong_to_whose_folder_it_is(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        unavailable("hanya root dapat memberikan berkas kepada pengguna lain")
    os.chown(tmp_path, 4711, 4712)
    LastWords(tmp_path).lay()
    laid = (tmp_path / NAME).stat()
    assert (laid.st_uid, laid.st_gid) == (4711, 4712)


def test_laying_again_keeps_what_was_not_told_yet(words: LastWords) -> None:
    words.add(FULL.what, FULL.why, NOW)
    words.lay()
    assert words.read() == (FULL,)


def test_the_same_failure_again_is_counted_with_its_first_and_last_time(words: LastWords) -> None:
    for hours in range(3):
        words.add(FULL.what, FULL.why, NOW + hours * HOUR)
    assert words.read() == (FailedStart(FULL.what, FULL.why, NOW, NOW + 2 * HOUR, 3),)


def test_what_failed_again_since_it_was_read_is_not_forgotten(words: LastWords) -> None:
    words.add(FULL.what, FULL.why, NOW)
    words.add(Starter.WORKER, Hindrance.READ_ONLY, NOW)
    told = words.read()
    words.add(FULL.what, FULL.why, NOW + HOUR)
    words.forget(told)
    assert words.read() == (FailedStart(FULL.what, FULL.why, NOW, NOW + HOUR, 2),)


def test_of_more_kinds_than_there_is_room_for_the_newest_stay(words: LastWords) -> None:
    for number, why in enumerate(Hindrance):
        words.add(Job.RETENTION, why, NOW + number * HOUR)
    assert [start.why for start in words.read()] == list(Hindrance)[-6:]


@given(st.lists(st.tuples(st.sampled_from([*Job, *Starter]), st.sampled_from(Hindrance)), min_size=1, max_size=40))
def test_whatever_fails_the_words_keep_to_their_room(
    tmp_path_factory: pytest.TempPathFactory, failed: list[tuple[Job | Starter, Hindrance]]
) -> None:
    words = LastWords(tmp_path_factory.mktemp("data"))
    for what, why in failed:
        words.add(what, why, NOW)
    data = (words.folder / NAME).read_bytes()
    assert (len(data), data[ROOM:].strip()) == (SIZE, b"")
    assert (words.read()[-1].what, words.read()[-1].why) == failed[-1]


def test_words_are_taken_where_no_file_may_grow_beyond_500_bytes(words: LastWords) -> None:
    for why in Hindrance:
        words.add(Job.RETENTION, why, NOW)
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from monitor.domain import Hindrance, Job; from monitor.last_words import LastWords;"
        "LastWords(Path(sys.argv[1])).add(Job.NIGHTLY, Hindrance.DISK_FULL, datetime(2026, 11, 20, 18, tzinfo=UTC))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(words.folder)], check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
    )  # fmt: skip
    assert words.read()[-1] == FULL


@pytest.mark.parametrize("spoiled", [b"", b"pantau", b"\x00" * SIZE, b"\xff" * SIZE, b"pantau kata-terakhir 2\n" * 400])
def test_a_strange_file_says_nothing_and_is_laid_anew(words: LastWords, spoiled: bytes) -> None:
    (words.folder / NAME).write_bytes(spoiled)
    assert words.read() == ()
    words.lay()
    words.add(FULL.what, FULL.why, NOW)
    assert words.read() == (FULL,)


@given(st.integers(0, ROOM - 1), st.integers(1, 255))
def test_a_byte_that_changed_makes_the_words_say_nothing_or_the_same(
    tmp_path_factory: pytest.TempPathFactory, place: int, change: int
) -> None:
    words = LastWords(tmp_path_factory.mktemp("data"))
    words.add(FULL.what, FULL.why, NOW)
    data = bytearray((words.folder / NAME).read_bytes())
    data[place] ^= change
    (words.folder / NAME).write_bytes(data)
    assert words.read() in ((), (FULL,))


def test_a_laid_anew_file_is_told_of_in_the_log(words: LastWords, capsys: pytest.CaptureFixture[str]) -> None:
    (words.folder / NAME).write_bytes(b"\x00" * SIZE)
    words.lay()
    assert "last words not readable" in "".join(capsys.readouterr())


def test_no_folder_is_made_for_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LastWords(tmp_path / "data").add(FULL.what, FULL.why, NOW)
    assert LastWords(tmp_path / "data").read() == ()
    assert list(tmp_path.iterdir()) == []
