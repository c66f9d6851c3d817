from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import Content, InteractionView
from rules.facts import Evidence, Shelf, Texts, read_texts
from tests.rules.generated import FINDER, VIEWS

SHELF = Shelf(most=4, longest=60)


def seen(texts: Texts) -> list[tuple[object, ...]]:
    return [(e.name, e.content, e.mentions, e.words, e.listed, dict(e.counts)) for e in texts.all()]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(VIEWS, max_size=6))
def test_a_text_from_the_shelf_reads_as_if_read_anew(views: list[InteractionView]) -> None:
    for view in (*views, *views):
        assert seen(read_texts(view, FINDER, SHELF)) == seen(read_texts(view, FINDER))


@given(VIEWS)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_what_stands_above_two_acts_is_read_once(view: InteractionView) -> None:
    shelf = Shelf()
    first, second = (read_texts(replace(view, id=number), FINDER, shelf) for number in (1, 2))
    assert (first.target is second.target, first.root is second.root) == (True, True)


def test_the_same_words_elsewhere_are_another_reading() -> None:
    shelf, text = Shelf(), Content("t", "", "Budi Contoh")
    readings = [shelf.evidence((place, text), text, object) for place in ("99.01", "12")]  # type: ignore[arg-type, return-value]  # only identity counts
    assert readings[0] is not readings[1]


def test_a_full_shelf_forgets() -> None:
    shelf, made = Shelf(most=2), []

    def read() -> Evidence:
        made.append(1)
        return object()  # type: ignore[return-value]  # only identity counts

    for key in ("a", "b", "c", "a"):
        shelf.evidence(key, Content("t", "", ""), read)
    assert len(made) == 4


def test_a_long_text_is_not_kept() -> None:
    shelf, long = Shelf(longest=3), Content("t", "", "panjang")
    made = [shelf.evidence("k", long, object) for _ in range(2)]  # type: ignore[arg-type, return-value]  # only identity counts
    assert made[0] is not made[1]
