from __future__ import annotations

from tests.privacy.keeping import close, later, numbers, purge, resting_on, texts_of, whole
from tests.scan.offices import Office


def test_nothing_is_due_on_the_next_day(office: Office) -> None:
    later(office, 1)
    assert purge(office).total == 0


def test_what_open_cases_rest_on_outlives_every_term(office: Office) -> None:
    later(office, 4000)
    done = purge(office)
    with office.space() as space:
        for number in numbers(office):
            assert all(space.evidence.exists(digest) for digest in resting_on(space.database, number))
            assert all(texts_of(space.database, number))
    assert done.kept["item_text"] > 0 and done.kept["capture"] > 0
    assert whole(office) == ([], [])


def test_after_a_purge_everything_still_proves_itself(office: Office) -> None:
    close(office, numbers(office))
    later(office, 4000)
    done = purge(office)
    assert done.counts.keys() >= {"item_text", "review_event_note", "capture", "evidence_manifest", "roster_batch"} - {
        "roster_batch"
    }
    assert whole(office) == ([], [])
