from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import Content, InteractionView, Tier
from rules.facts import Evidence, Texts
from rules.mentions import MentionFinder
from rules.shelf import Shelf, read_texts
from tests.rules.generated import CONTEST, FINDER, VIEWS

PLACES = ("99.01", "99", "12", "12.03", "")
# So many contests with the same names that a person of a place without any is nobody's neighbour.
MANY = MentionFinder(
    [CONTEST, *(replace(CONTEST, region=f"12.{n:02d}", name=f"Bupati Misal {n}") for n in range(1, 10))],
    FINDER.lexicon,
)
SHELVES = {finder: Shelf(most=4, room=200) for finder in (FINDER, MANY)}
PLACED = st.builds(lambda view, place: replace(view, jurisdiction=place), VIEWS, st.sampled_from(PLACES))


def seen(texts: Texts) -> list[tuple[object, ...]]:
    return [said(e) for e in texts.all()]


def said(e: Evidence) -> tuple[object, ...]:
    words = [(word.list, word.span) for word in e.words]
    return e.name, e.content, e.mentions, words, e.listed, dict(e.counts), e.found.setting


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PLACED, max_size=6), st.sampled_from((FINDER, MANY)))
def test_a_text_from_the_shelf_reads_as_if_read_anew(views: list[InteractionView], finder: MentionFinder) -> None:
    for view in (*views, *views):
        assert seen(read_texts(view, finder, SHELVES[finder])) == seen(read_texts(view, finder))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLACED, st.sampled_from((FINDER, MANY)))
def test_what_says_nothing_from_one_place_says_the_same_from_all(view: InteractionView, finder: MentionFinder) -> None:
    shelf = Shelf()
    read_texts(view, finder, shelf)
    for place in PLACES:
        here = replace(view, jurisdiction=place)
        assert seen(read_texts(here, finder, shelf)) == seen(read_texts(here, finder))


@given(VIEWS)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_what_stands_above_two_acts_is_read_once(view: InteractionView) -> None:
    shelf = Shelf()
    first, second = (read_texts(replace(view, id=number), FINDER, shelf) for number in (1, 2))
    assert (first.target is second.target, first.root is second.root) == (True, True)


def above(shelf: Shelf, view: InteractionView, text: str, place: str = "99.01") -> Texts:
    return shelf.above(replace(view, target=Content("t", "", text), root=None, jurisdiction=place), MANY)


def said_of(texts: Texts) -> set[tuple[int, Tier]]:
    return {(mention.candidate_id, mention.tier) for evidence in texts.all() for mention in evidence.mentions}


ANY = VIEWS.map(lambda view: replace(view, own=None))


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_names_are_weighed_anew_from_another_place(view: InteractionView) -> None:
    shelf = Shelf()
    here, there = (above(shelf, view, "Bupati Misal nomor 1", place) for place in ("99.01", "12.03"))
    assert said_of(here) != said_of(there)


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_names_that_are_the_same_from_two_places_are_one_reading(view: InteractionView) -> None:
    shelf = Shelf()
    assert above(shelf, view, "Budi Contoh") is above(shelf, view, "Budi Contoh", "12.03")


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_short_words_that_name_nobody_are_read_once_whoever_says_them(view: InteractionView) -> None:
    shelf = Shelf()
    one, other = (
        read_texts(replace(view, own=Content(key, "", "mantap pak"), target=Content(key, "", key)), FINDER, shelf).own
        for key in ("a", "b")
    )
    assert one is not None
    assert other is not None
    assert one.found is other.found
    assert (one.content.item_id, other.content.item_id) == ("a", "b")


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_what_names_nobody_is_read_once_for_all_places(view: InteractionView) -> None:
    shelf = Shelf()
    assert len({above(shelf, view, "selamat pagi semua", place) for place in PLACES}) == 1


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_a_full_shelf_forgets(view: InteractionView) -> None:
    shelf = Shelf(most=2)
    assert len({above(shelf, view, text) for text in ("pagi", "siang", "sore", "pagi")}) == 4


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_longer_than_the_shelf_is_not_kept(view: InteractionView) -> None:
    shelf = Shelf(room=3)
    assert above(shelf, view, "panjang") is not above(shelf, view, "panjang")


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_a_long_text_is_read_once_for_all_who_like_it(view: InteractionView) -> None:
    shelf, long = Shelf(), "kata biasa " * 3_000
    assert above(shelf, view, long) is above(shelf, view, long)


@given(ANY)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_a_shelf_without_room_for_another_text_forgets(view: InteractionView) -> None:
    shelf = Shelf(room=12)
    first = above(shelf, view, "panjang")
    assert above(shelf, view, "panjang") is first
    above(shelf, view, "sekali")
    assert above(shelf, view, "panjang") is not first
