"""The words a rule may use. A new one: a `Matcher` in a module here, its place below, a line in docs/aturan."""

from __future__ import annotations

from collections.abc import Mapping

from rules.matchers.authors import AUTHORS, author_matcher
from rules.matchers.base import FIELDS, Decide, Matcher, Verdict
from rules.matchers.circumstances import CIRCUMSTANCE_MATCHERS
from rules.matchers.media import MEDIA_MATCHERS
from rules.matchers.sayings import SAYING_MATCHERS
from rules.matchers.texts import TEXT_MATCHERS


def _catalogue() -> Mapping[str, Matcher]:
    matchers = (
        author_matcher("target"),
        author_matcher("root"),
        *TEXT_MATCHERS,
        *SAYING_MATCHERS,
        *MEDIA_MATCHERS,
        *CIRCUMSTANCE_MATCHERS,
    )
    return {matcher.name: matcher for matcher in matchers}


MATCHERS = _catalogue()

__all__ = ["AUTHORS", "FIELDS", "MATCHERS", "Decide", "Matcher", "Verdict"]
