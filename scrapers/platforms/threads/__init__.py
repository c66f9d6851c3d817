"""Threads: public profiles through Meta's API by permission, anything else from captures."""
