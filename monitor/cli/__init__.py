"""The command line: one sub-command is one short function that calls one thing below."""
