"""When the night and the weekly report run; no logic of their own."""
