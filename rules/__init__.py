"""Pure judgement: values in, flags out; no network, no database, no clock."""
