"""The application: puts the parts together, knows when and who, never how a page is parsed or SQL is written."""
