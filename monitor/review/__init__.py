"""Pure review logic: the state machine of cases, grouping of hits, order of attention."""
