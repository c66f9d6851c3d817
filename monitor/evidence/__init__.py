"""Evidence: the sealed, content-addressed store of raw answers."""
