from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from monitor.domain import Judgement, JudgementOutcome, Mention, MentionKind, NearMiss, Span, Tier
from monitor.domain.making import maker_of

span_of = maker_of(Span)


def test_a_value_so_made_is_as_one_of_the_class_itself() -> None:
    given = (7, MentionKind.NAME, Tier.KUAT, 0, 11, "Budi Contoh", "budi contoh")
    made, own = maker_of(Mention)(*given), Mention(*given)
    assert (made, hash(made), repr(made), type(made)) == (own, hash(own), repr(own), Mention)


def test_fields_may_be_named_and_left_out() -> None:
    assert maker_of(NearMiss)("x", 1, None, reason="tidak ada") == NearMiss("x", 1, None, "tidak ada")
    assert maker_of(Judgement)(3, JudgementOutcome.MISS) == Judgement(3, JudgementOutcome.MISS)


def test_a_value_so_made_is_frozen() -> None:
    made = span_of("own.text", 0, 4, "Budi")
    with pytest.raises(FrozenInstanceError):
        made.start = 1  # type: ignore[misc]  # what must fail
    assert replace(made, end=3) == Span("own.text", 0, 3, "Budi")


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(TypeError):
        span_of("own.text", 0)  # type: ignore[call-arg]  # what must fail
