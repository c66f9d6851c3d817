"""Which browser on which system, in words for whoever looks through their signed-in devices."""

from __future__ import annotations

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
             ("Chromium", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def describe(user_agent: str, address: str) -> str:
    """Return browser, system and address; of what the browser says of itself only names known here are kept."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Peramban lain")
    system = next((f" di {name}" for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}{system}" + (f", {address[:64]}" if address else "")
