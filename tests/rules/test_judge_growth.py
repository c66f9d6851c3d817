"""A whole judgement, not only the search for names, takes time that grows with the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from monitor.domain import Act, InteractionView
from rules.engine import Judge
from tests.rules.effort import effort

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
TRIES = 4  # a busy machine disturbs one measurement, but not each of several


def filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


@pytest.fixture
def work(judge: Judge, view_of: Callable[..., InteractionView]) -> Callable[[str, int], float]:
    """Return the processor time of one judgement of a text of some size, the least of three; each text is new."""

    def measured(piece: str, size: int) -> float:
        taken = []
        for turn in range(3):
            view = view_of(Act.POST, own=f"{turn} {filled(piece, size)}")
            taken.append(effort(partial(judge.judge, view)))
        return min(taken)

    return measured


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_judging_takes_time_that_grows_with_the_text_and_not_with_its_square(
    piece: str, work: Callable[[str, int], float]
) -> None:
    work(piece, 2_000)
    size = next((size for size in SIZES if work(piece, size) > SOME), SIZES[-1])
    growth = (work(piece, 4 * size) < 13 * work(piece, size) + SOME for _ in range(TRIES))
    assert any(growth)  # its square would be sixteen times the work
