"""CSV files of Facepager: a tree of answers, each row with the number of the row above it.

Columns `id, parent_id, level, object_id, query_status, query_type, ...` are Facepager's own; behind them stand those
that its user chose to fetch, under the platform's names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scrapers.imports.form_reader import TableReader
from scrapers.imports.forms import Fields, Form, columns, plain

VERSION = "1"

_PLATFORMS = {"facebook": "facebook", "youtube": "youtube", "twitter": "x", "instagram": "instagram", "x": "x"}
_SEEDS = frozenset({"seed", "headers", "offcut", "unpacked"})


@dataclass(slots=True)
class _Tree:
    """The objects above the rows read so far, by Facepager's row number."""

    objects: dict[str, str] = field(default_factory=dict)

    def adjust(self, fields: Fields, row: Mapping[str, str]) -> str | None:
        """Say of which platform a row is and which object it stands below."""
        if len(self.objects) < 2_000_000:
            self.objects[row.get("id", "")] = fields.get("id", "")
        kind = row.get("query_type", "")
        platform = _PLATFORMS.get(kind.partition(":")[0].strip().lower())
        if row.get("object_type", "").lower() in _SEEDS or not kind or platform is None:
            return "baris masukan atau sisa Facepager, bukan butir"
        if "fetched" not in row.get("query_status", "fetched"):
            return f"Facepager tidak berhasil mengambil butir ({row.get('query_status', '')[:60]})"
        fields["platform"] = platform
        if re.search(r"comment|repl", kind, re.IGNORECASE):
            fields["act"] = "comment"
            fields.setdefault("parent_id", self.objects.get(row.get("parent_id", ""), ""))
        return None


FORMS = (
    Form(
        "facepager",
        "",
        columns("id parent_id level object_id query_status query_type"),
        plain(
            id="object_id", text="message text full_text caption snippet.topLevelComment.snippet.textOriginal "
            "snippet.textOriginal snippet.textDisplay snippet.description snippet.title story",
            time="created_time created_at timestamp snippet.topLevelComment.snippet.publishedAt snippet.publishedAt",
            seen="query_time",
            author_id="from.id author_id user.id owner.id snippet.topLevelComment.snippet.authorChannelId.value "
            "snippet.authorChannelId.value snippet.channelId",
            author_handle="from.username user.screen_name author.username username "
            "snippet.topLevelComment.snippet.authorDisplayName snippet.authorDisplayName",
            author_url="from.link", url="permalink_url permalink link", parent_id="parent.id snippet.parentId",
            root_id="snippet.videoId", like_count="reactions.summary.total_count likes.summary.total_count like_count "
            "snippet.topLevelComment.snippet.likeCount snippet.likeCount",
            comment_count="comments.summary.total_count comment_count snippet.totalReplyCount",
            share_count="shares.count",
        ),
        columns(
            "id level object_type object_key query_time from.name name error.message error.code snippet.title "
            "snippet.channelTitle created_time"
        ),
    ),
)  # fmt: skip


class FacepagerReader(TableReader):
    """Reads Facepager's tables; each file has a tree of its own."""

    def prepared(self, form: Form) -> Form:
        """Return the form with an empty tree."""
        return replace(form, adjust=_Tree().adjust)


reader = FacepagerReader("facepager", VERSION, FORMS)
