"""YouTube: the Data API with a key, and what its own pages and answers show in captures."""
