"""The watch list: registers from spreadsheets and YAML to domain values, with row-exact problems."""
