"""How long an office keeps what: its source policies, the terms of platforms, and its settings, put together."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain.keeping import KeepingTerms
from monitor.settings_privacy import PrivacySettings


def terms_of(
    policies: Mapping[str, int], platforms: Mapping[str, int | None], settings: PrivacySettings
) -> KeepingTerms:
    """Return the terms: days by source as policies record them, never more than a platform's terms allow.

    `platforms` names the days that a platform's terms allow for what its API gave, None where they say nothing.
    """
    limits = {name: days for name, days in platforms.items() if days is not None}
    sources = {name: min(days, limits.get(name, days)) for name, days in policies.items()}
    return KeepingTerms(
        sources=limits | sources,
        limited=frozenset(limits),
        closed_case_days=settings.closed_case_days,
        note_days=settings.note_days,
        reporter_days=settings.reporter_days,
        brought_days=settings.brought_days,
        audit_days=settings.audit_days,
        register_copy_days=settings.register_copy_days,
        message_days=settings.message_days,
    )
