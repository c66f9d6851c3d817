"""The readable copy of a picture: the same bytes every time, and nothing outside its boxes that could be had back."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from monitor.evidence.mosaic import GRAIN, Box, masked
from tests.evidence.written_pages import photo

RAW = photo("#335577", "WARGA JAUH")
BOXES = st.lists(st.tuples(st.integers(-50, 500), st.integers(-50, 250), st.integers(0, 300), st.integers(0, 150)))


def pixels(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as opened:
        return opened.convert("RGB")


def test_the_same_picture_and_boxes_give_the_same_bytes() -> None:
    assert masked(RAW, [(10, 10, 50, 20)]) == masked(RAW, [(10, 10, 50, 20)])


def test_without_boxes_nothing_but_one_grey_a_stone_is_left() -> None:
    copy = pixels(masked(RAW, ()))
    assert copy.size == pixels(RAW).size
    colours = copy.getcolors(1_000_000)
    assert colours is not None
    assert len(colours) <= (copy.width // GRAIN) * (copy.height // GRAIN)
    assert all(red == green == blue for _, (red, green, blue) in colours)  # type: ignore[misc]  # RGB gives three


@settings(max_examples=40)
@given(BOXES)
def test_what_lies_outside_the_boxes_never_depends_on_single_pixels(boxes: list[Box]) -> None:
    raw, copy, blind = pixels(RAW), pixels(masked(RAW, boxes)), pixels(masked(RAW, ()))
    for x in range(0, raw.width, 7):
        for y in range(0, raw.height, 7):
            shown = any(left - 2 <= x < left + w + 2 and top <= y < top + h for left, top, w, h in boxes)
            assert copy.getpixel((x, y)) == (raw if shown else blind).getpixel((x, y)) or (
                shown and copy.getpixel((x, y)) == blind.getpixel((x, y))
            )


def test_a_picture_smaller_than_a_stone_is_one_shade() -> None:
    colours = pixels(masked(photo("#335", "A", (20, 20)), ())).getcolors()
    assert colours is not None
    assert len(colours) == 1
