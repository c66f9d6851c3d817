"""The only code that reads platforms, and the readers of files that officers captured."""
