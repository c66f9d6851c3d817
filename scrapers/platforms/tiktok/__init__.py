"""TikTok: read from captures only."""
