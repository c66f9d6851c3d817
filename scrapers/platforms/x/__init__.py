"""X, formerly Twitter: read from captures only."""
