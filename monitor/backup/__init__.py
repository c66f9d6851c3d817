"""Backups of a whole workspace, encrypted and proven to open, and bringing one back."""
