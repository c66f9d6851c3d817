from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import EndKind
from scrapers.paging import State, turn


def walk(cursors: list[str | None], listed: int = 1, most: int | None = None) -> tuple[int, EndKind | None]:
    state: State = {}
    for page, cursor in enumerate(cursors, start=1):
        step = turn(state, cursor, listed, most)
        if step.end is not None:
            return page, step.end
        state = step.state
    return len(cursors), None


def test_no_cursor_is_the_end() -> None:
    assert walk(["a", "b", None]) == (3, EndKind.EXHAUSTED)


@given(st.integers(0, 40), st.integers(1, 20))
def test_a_loop_of_any_length_is_noticed(before: int, length: int) -> None:
    cursors: list[str | None] = [f"awal{n}" for n in range(before)]
    cursors += [f"putar{n % length}" for n in range(4 * (before + length) + 4)]
    page, end = walk(cursors)
    assert end is EndKind.SUSPICIOUS_EMPTY
    assert page <= 3 * (before + length) + 3


@given(st.lists(st.text(min_size=1), unique=True, max_size=60))
def test_cursors_that_differ_never_end_a_listing(cursors: list[str]) -> None:
    assert walk([*cursors, None]) == (len(cursors) + 1, EndKind.EXHAUSTED)


def test_blank_pages_without_end_are_suspicious() -> None:
    assert walk([str(n) for n in range(20)], listed=0) == (5, EndKind.SUSPICIOUS_EMPTY)


def test_the_page_limit_caps_a_listing() -> None:
    assert walk([str(n) for n in range(20)], most=3) == (3, EndKind.CAP_REACHED)
