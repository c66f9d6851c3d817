"""The readable copy of a picture: everything is a coarse mosaic but the boxes that may be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

GRAIN = 40
"""Pixels to a stone of the mosaic: a line of text and a face in a small picture are less than two stones high."""

_MARGIN = 2


def masked(png: bytes, shown: Iterable[Box]) -> bytes:
    """Return the picture as PNG with everything outside the boxes made unreadable; the same input, the same bytes.

    The mosaic is computed from averages of whole stones and is grey, so that nothing outside the boxes can be had back.
    """
    from PIL import Image  # only whoever takes pictures has it

    with Image.open(BytesIO(png)) as opened:
        whole = opened.convert("RGB")
    small = (max(1, whole.width // GRAIN), max(1, whole.height // GRAIN))
    stones = whole.convert("L").resize(small, Image.Resampling.BOX)
    copy = stones.resize(whole.size, Image.Resampling.NEAREST).convert("RGB")
    for left, top, width, height in shown:
        frame = (
            max(0, left - _MARGIN),
            max(0, top),
            min(whole.width, left + width + _MARGIN),
            min(whole.height, top + height),
        )
        if frame[0] < frame[2] and frame[1] < frame[3]:
            copy.paste(whole.crop(frame), frame[:2])
    out = BytesIO()
    copy.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
