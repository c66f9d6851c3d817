"""One week as data, then as files: XLSX, HTML and JSON of the same numbers."""
