"""Bluesky: public AppView and repositories, both directions, no login."""
