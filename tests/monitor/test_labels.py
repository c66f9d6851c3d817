from __future__ import annotations

from enum import StrEnum

import pytest

import monitor.domain as words
from monitor.domain import Act, CaseState, ItemKind, Reason
from monitor.labels import label, labels

ENUMS = sorted(
    (
        value
        for value in vars(words).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_member_of_every_enum_has_an_indonesian_label(kind: type[StrEnum]) -> None:
    assert all(label(member).strip() for member in kind)


def test_equal_tokens_of_different_enums_keep_their_own_labels() -> None:
    assert label(Act.SHARE) == "membagikan"
    assert label(ItemKind.QUOTE) == "kutipan"
    assert label(Act.COMMENT) == label(ItemKind.COMMENT)


def test_labels_lists_an_enum_in_its_own_order() -> None:
    assert list(labels(CaseState)) == [state.value for state in CaseState]


def test_reason_labels_are_all_different() -> None:
    assert len(set(labels(Reason).values())) == len(Reason)
