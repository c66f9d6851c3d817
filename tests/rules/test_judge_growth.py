"""A whole judgement, not only the search for names, takes time that grows with the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from monitor.domain import Act, InteractionView
from rules.engine import Judge
from tests.rules.effort import effort, efforts_of

PIECES = {
    "a full name": "Budi Permisalan ", "names apart": "permisalan budi umpamawan ", "tags": "#BusitMenang ",
    "near misses": "permisalam ", "appeals": "coblos pilih dukung menangkan ", "negations": "tidak jangan bukan ",
    "bans": "dilarang mendukung ", "stances": "bagus jelek keren buruk ", "invitations": "ayo mari ajak pilih ",
    "claims": "saya tim sukses relawan ", "numbers": "no 1 dan 2 ", "context": "debat pilkada bupati contoh ",
    "quotes": '"pilih budi permisalan" kata ', "sentences": "Ayo. Pilih! ", "lines": "budi\n", "letters": "a b ",
    "everyday": "yang di dan itu ", "duty": "bupati kepala dinas meresmikan ", "hate": "kafir pki bohong hoaks ",
}  # fmt: skip
SIZES = (8_000, 64_000)  # letters, of which the smallest that takes some work is measured
SOME = 0.03  # seconds of the processor; below it other costs hide the growth


def filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


@pytest.fixture
def judging(judge: Judge, view_of: Callable[..., InteractionView]) -> Callable[[str, int], object]:
    """Judge a text of some size; each text is new."""
    turns = count()

    def judged(piece: str, size: int) -> object:
        return judge.judge(view_of(Act.POST, own=f"{next(turns)} {filled(piece, size)}"))

    return judged


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_judging_takes_time_that_grows_with_the_text_and_not_with_its_square(
    piece: str, judging: Callable[[str, int], object]
) -> None:
    judging(piece, 2_000)
    size, efforts = efforts_of(partial(judging, piece), SIZES, SOME)
    long = partial(judging, piece, 4 * size)
    assert any(effort(long) < 13 * short + SOME for short in efforts)  # its square would be sixteen times the work
