"""The databases' own full-text indexes over `case_words`, and what empties it, which tables cannot say."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from db.base import metadata

_HOLDERS: Final = """
    SELECT held.case_id FROM item_version AS version
    JOIN item AS text ON text.id = version.item_id
    JOIN item AS said ON said.id = text.id OR said.root_id = text.platform_item_id
    JOIN interaction AS act ON act.own_item_id = said.id OR act.target_id = said.platform_item_id
    JOIN rule_hit AS hit ON hit.interaction_id = act.id
    JOIN case_hit AS held ON held.hit_id = hit.id
    WHERE version.id = new.version_id"""
"""Cases whose acts publish or act on the text of a version, or stand in the thread that begins with it."""

_PURGE: Final = "DELETE FROM case_words WHERE case_id IN (" + _HOLDERS + ");"  # noqa: S608 - constants of this file
_ADD: Final = "INSERT INTO case_fts (rowid, words) VALUES (new.case_id, new.words);"
_TAKE: Final = "INSERT INTO case_fts (case_fts, rowid, words) VALUES ('delete', old.case_id, old.words);"
_TABLE: Final = "words, content='case_words', content_rowid='case_id', tokenize='unicode61 remove_diacritics 0'"
_VECTOR: Final = "tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"

SQLITE: Final = (
    f"CREATE VIRTUAL TABLE case_fts USING fts5({_TABLE}, prefix='2 3')",
    f"CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN {_ADD} END",
    f"CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN {_TAKE} END",
    f"CREATE TRIGGER case_words_changed AFTER UPDATE ON case_words BEGIN {_TAKE} {_ADD} END",
    f"CREATE TRIGGER item_text_purged AFTER UPDATE OF text ON item_text WHEN new.text IS NULL BEGIN {_PURGE} END",
)

_ON_PURGE: Final = "AFTER UPDATE OF text ON item_text FOR EACH ROW WHEN (new.text IS NULL)"
POSTGRESQL: Final = (
    f"ALTER TABLE case_words ADD COLUMN {_VECTOR}",
    "CREATE INDEX ix_case_words_tsv ON case_words USING gin (tsv)",
    f"CREATE FUNCTION item_text_purged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_PURGE} RETURN NULL; END $$",
    f"CREATE TRIGGER item_text_purged {_ON_PURGE} EXECUTE FUNCTION item_text_purged()",
)

OWN_NAMES: Final = ("case_fts", "tsv", "ix_case_words_tsv")
"""What a database has beyond the tables: names that begin so are no difference between a schema and its metadata."""

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        _made = sa.DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # the library gives it no types
        sa.event.listen(metadata, "after_create", _made.execute_if(dialect=_dialect))
