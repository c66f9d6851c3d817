"""Telegram: public channels through their web preview, comments through the official discussion widget."""
