from __future__ import annotations

from monitor.domain import Act, Coverage, Direction, Issue, Outcome, TargetResult
from monitor.web.night import IssueLine, issue_lines, source_nights


def visit(source: str, target: str, outcome: Outcome, coverage: Coverage) -> TargetResult:
    return TargetResult(source, Direction.CANDIDATE, target, outcome, ((Act.LIKE, coverage),))


def test_visits_are_summed_by_source_and_verb() -> None:
    (bluesky,) = source_nights(
        [
            visit("bluesky", "a", Outcome.OK, Coverage.OBSERVED),
            visit("bluesky", "b", Outcome.OK, Coverage.OBSERVED),
            visit("bluesky", "c", Outcome.LOGIN_WALL, Coverage.LOGIN_WALL),
        ]
    )
    assert bluesky.outcomes == ((Outcome.OK, 2), (Outcome.LOGIN_WALL, 1))
    assert bluesky.coverage == ((Act.LIKE, ((Coverage.OBSERVED, 2), (Coverage.LOGIN_WALL, 1))),)


def test_an_issue_of_one_account_is_counted_and_not_quoted() -> None:
    issue = Issue("bluesky", "not_found", "akun @rahasia.contoh.test hilang", target="did:plc:rahasia")
    assert issue_lines([issue, issue]) == (IssueLine("bluesky", "not_found", "", 2),)


def test_an_issue_of_a_whole_source_keeps_its_words() -> None:
    issue = Issue("x", "policy_blocked", "Sumber x tanpa dasar hukum")
    assert issue_lines([issue]) == (IssueLine("x", "policy_blocked", "Sumber x tanpa dasar hukum", 1),)


def test_what_was_not_fully_observed_is_named_apart() -> None:
    (bluesky,) = source_nights(
        [
            visit("bluesky", "a", Outcome.OK, Coverage.OBSERVED),
            visit("bluesky", "b", Outcome.PARTIAL, Coverage.PARTIAL),
        ]
    )
    assert bluesky.seen == ((Act.LIKE, 1),)
    assert bluesky.blind == ((Act.LIKE, ((Coverage.PARTIAL, 1),)),)


def test_a_verb_seen_nowhere_is_only_blind() -> None:
    (bluesky,) = source_nights([visit("bluesky", "a", Outcome.LOGIN_WALL, Coverage.LOGIN_WALL)])
    assert bluesky.seen == ()
    assert bluesky.blind == ((Act.LIKE, ((Coverage.LOGIN_WALL, 1),)),)
