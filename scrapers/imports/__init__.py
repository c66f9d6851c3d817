"""Readers of files that officers captured or exported: one format a file."""
