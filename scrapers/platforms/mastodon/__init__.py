"""Mastodon API: public endpoints of an account's home server, no login."""
