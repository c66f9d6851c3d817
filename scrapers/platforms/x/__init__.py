"""X, formerly Twitter: API v2 by permission, anything else from captures."""
