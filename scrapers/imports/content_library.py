"""Exports of the Meta Content Library, CSV and JSON: posts of pages, groups and larger profiles.

Meta numbers posts and owners anew in this library, so a post's id here is no platform's id: it is kept as
"mcl:<number>", and owners are known by their public name alone. Personal profiles below Meta's threshold have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scrapers.imports.form_reader import JsonReader, TableOrJson, TableReader
from scrapers.imports.forms import LIST, Fields, Form, columns, plain

VERSION = "1"

_FACEBOOK_OWNERS = frozenset({"page", "group", "event", "profile", "user"})
_INSTAGRAM_OWNERS = frozenset({"business", "creator", "personal", "media_creator"})


def _post(fields: Fields, row: Mapping[str, str]) -> str | None:
    fields["key"] = f"mcl:{row.get('id', '').strip()}"
    if row.get("shared_post_id", "").strip():
        fields["quoted_key"] = f"mcl:{row['shared_post_id'].strip()}"
    kind = row.get("post_owner.type", "").strip().lower()
    if kind in _INSTAGRAM_OWNERS:
        fields["platform"] = "instagram"
    elif kind in _FACEBOOK_OWNERS or row.get("surface.type", "").strip():
        fields["platform"] = "facebook"
    else:
        fields["platform"] = "instagram" if "instagram" in row.get("mcl_url", "") else "facebook"
    if not fields.get("author_handle"):
        return "pemilik unggahan tidak bernama akun publik di Meta Content Library"
    return None if fields["key"] != "mcl:" else "id unggahan tidak ada dalam baris"


FORMS = (
    Form(
        "content-library",
        "",
        columns("id creation_time text"),
        plain(
            url="mcl_url", author_handle="post_owner.username surface.username", text="text", time="creation_time",
            edited="modified_time", lang="lang", hashtags="hashtags",
            share_count="statistics.share_count statistics.shares", links="link_attachment.link",
            like_count="statistics.reaction_count statistics.like_count statistics.likes",
            comment_count="statistics.comment_count statistics.comments",
        ),
        columns(
            "content_type match_type shared_post_id is_branded_content post_owner surface statistics views "
            "link_attachment multimedia id owner_type is_verified media_type"
        ),
        any_of=columns("post_owner.type post_owner.id post_owner.name post_owner.username"),
        separator=",",
        adjust=_post,
    ),
)  # fmt: skip

reader = TableOrJson(
    TableReader("content_library", VERSION, FORMS),
    JsonReader("content_library", VERSION, tuple(replace(form, separator=LIST) for form in FORMS)),
)
