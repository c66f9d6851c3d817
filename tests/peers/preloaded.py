"""What every forked command would read first: it is read once, in the process that they are forked from."""

import holidays.countries.indonesia  # noqa: F401 - imported for what it costs

from rules.loader import load_ruleset, shipped_lexicon

shipped_lexicon()
load_ruleset()
