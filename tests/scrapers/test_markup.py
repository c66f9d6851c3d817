"""Pages that nest deeper than any real one are known before they are parsed."""

from __future__ import annotations

import pytest

from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.markup import DEEPEST, nests_too_deep


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * (DEEPEST + 2),
        "<div>" * (DEEPEST + 2) + "</div>" * (DEEPEST + 2),
        "<x-contoh>" * (DEEPEST + 2),
        "<b><i>" * DEEPEST,
        "<script>" + "</script>" + "<SPAN class='a'>" * (DEEPEST + 2),
    ],
    ids=["open", "closed again", "elements of nobody", "two kinds", "behind a script"],
)
def test_a_page_that_nests_without_end_is_known(page: str) -> None:
    assert nests_too_deep(page)


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>Contoh</div>" * DEEPEST,
        "<p>baris" * (3 * DEEPEST),
        "<br><img src=a>" * (2 * DEEPEST),
        "<script>" + "if(a<b&&c<d){}" * DEEPEST + "</script>",
        "<div>" * 500 + "Contoh" + "</div>" * 500,
        "<" * (3 * DEEPEST),
        "",
    ],
    ids=["side by side", "paragraphs", "empty elements", "comparisons in a script", "deep", "no tags", "nothing"],
)
def test_a_long_page_is_not_taken_for_a_deep_one(page: str) -> None:
    assert not nests_too_deep(page)


def test_such_a_page_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(LayoutChanged, match="bersarang"):
        pick.html("<div>" * 200_000)
