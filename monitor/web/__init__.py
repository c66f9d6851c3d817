"""The review console: server-rendered pages that read and decide, and never scrape or judge."""
