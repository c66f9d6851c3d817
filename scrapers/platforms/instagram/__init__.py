"""Instagram: read from captures only."""
