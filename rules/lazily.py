"""Attributes that are found when they are first asked for: `functools.cached_property` without its lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

_Value = TypeVar("_Value")


class lazily(Generic[_Value]):  # noqa: N801 - written as a decorator
    """Keeps what a method says in the object's own dictionary, where every later look finds it without a call.

    Python 3.11 takes a lock each time, which costs more than most of what is kept so; two threads that ask at once find
    the same value twice.
    """

    def __init__(self, find: Callable[[Any], _Value]) -> None:
        self._find = find
        self._name = find.__name__
        self.__doc__ = find.__doc__

    @overload
    def __get__(self, holder: None, owner: type) -> lazily[_Value]: ...

    @overload
    def __get__(self, holder: object, owner: type | None = None) -> _Value: ...

    def __get__(self, holder: object | None, owner: type | None = None) -> lazily[_Value] | _Value:
        if holder is None:
            return self
        value = holder.__dict__[self._name] = self._find(holder)
        return value
