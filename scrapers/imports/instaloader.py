"""instaloader: one post or profile a `.json` or `.json.xz` file, and the `_comments.json` beside a post's.

Shapes: `{node, instaloader: {version, node_type}}` with a node of the Graph form or the item list, and the list of
comments `[{id, created_at, text, owner, likes_count, answers}]`. The comments' file does not name its post: it is
named by the post's file beside it, or by a short code in the file's name.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from monitor.errors import ImportFormatError, ImportQuestion, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep, clean
from scrapers.imports.contract import Captured, Mapped, ReadOptions
from scrapers.imports.routing import first_named
from scrapers.platforms.instagram import mapper, urls

MOST_FILE = 256 << 20
_XZ = b"\xfd7zXZ\x00"
_MEMORY = 128 << 20
_CODE = re.compile(r"(?:^|[_\s=-])([A-Za-z0-9_-]{11})_comments", re.ASCII)
_COMMENT = "Comment"  # how one comment is kept
_POSTS = frozenset({"Post", "StoryItem", _COMMENT})
_VERSION = f"{urls.PLATFORM}/{mapper.VERSION}"


class InstaloaderReader:
    """Reads instaloader's files; holds no state."""

    name = "instaloader"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file is a node of instaloader's, or a list of comments in its form."""
        if head.startswith(_XZ):
            try:
                head = lzma.LZMADecompressor(memlimit=_MEMORY).decompress(head, 65536)
            except (lzma.LZMAError, EOFError):
                return False
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith(b"{"):
            return b'"node_type"' in head or (b'"instaloader"' in head and b'"node"' in head) or _tells(path)
        return start.startswith(b"[") and all(word in head for word in (b'"answers"', b'"owner"', b'"created_at"'))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read one file; every comment is a line of its own.

        Raises ImportFormatError for a checkpoint, a file that cannot be read or one of another kind, and
        ImportQuestion for comments whose post is not known.
        """
        value = _decoded(path, _content(path))
        captured_at = (options.captured_at or datetime.fromtimestamp(int(path.stat().st_mtime), UTC)).astimezone(UTC)
        if isinstance(value, list):
            post = _post_of(path, options)
            entries = [_of_post(entry, post) for entry in value]
        else:
            entries = [_node(path, value)]
        named: set[str] = set()
        for number, entry in enumerate(entries, 1):
            yield _captured(number, entry, captured_at, named)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_FILE + 1)
        if data.startswith(_XZ):
            data = lzma.LZMADecompressor(memlimit=_MEMORY).decompress(data, MOST_FILE + 1)
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
    except (lzma.LZMAError, EOFError) as error:
        raise ImportFormatError(f"{path.name}: pemampatan xz rusak", "salin ulang berkasnya") from error
    if len(data) > MOST_FILE:
        raise ImportFormatError(f"{path.name}: isi melebihi {MOST_FILE >> 20} MB")
    return data


def _decoded(path: Path, data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ImportFormatError(f"{path.name}: berkas bukan JSON yang utuh", "salin ulang berkasnya") from error


def _node(path: Path, value: object) -> Mapping[str, Any] | str:
    """Return a post, or the reason why a file of another kind gives nothing."""
    if not isinstance(value, dict) or not isinstance(value.get("node"), dict):
        raise ImportFormatError(f"{path.name}: berkas bukan simpanan instaloader")
    about = value.get("instaloader")
    kind = about.get("node_type") if isinstance(about, dict) else None
    if kind == "FrozenNodeIterator":
        raise ImportFormatError(
            f"{path.name}: berkas ini penanda lanjutan instaloader, bukan unggahan", "impor berkas unggahannya"
        )
    node: dict[str, Any] = value["node"]
    if kind == "Profile":
        return "profil akun: tidak memuat perbuatan"
    if kind == "Hashtag":
        return "daftar tagar: unggahannya ada dalam berkas sendiri"
    if kind not in _POSTS and not any(key in node for key in ("shortcode", "code")):
        return "jenis simpanan instaloader belum didukung"
    inner = node.get("iphone_struct")
    if not isinstance(inner, dict):
        return node
    # since 4.10 most nodes are only made up from the item list's form, which stands whole beside them
    made_up = "taken_at_timestamp" not in node and "taken_at" in inner and isinstance(inner.get("user"), dict)
    return inner if made_up else {key: entry for key, entry in node.items() if key != "iphone_struct"}


def _of_post(entry: object, post: str) -> Mapping[str, Any] | str:
    """Return a comment in the form that the mapper reads: its answers as comments below it."""
    if not isinstance(entry, dict):
        return "butir bukan komentar instaloader"
    answers = entry.get("answers")
    below = [_of_post(answer, post) for answer in answers] if isinstance(answers, list) else []
    plain = {key: value for key, value in entry.items() if key not in ("answers", "likes_count")}
    return {
        **plain,
        "post_id": post,
        "comment_like_count": entry.get("likes_count"),
        "child_comments": [answer for answer in below if isinstance(answer, dict)],
    }


def _post_of(path: Path, options: ReadOptions) -> str:
    """Return the post that a file of comments belongs to."""
    found = urls.item_id(options.url) if options.url else None
    code = _CODE.search(path.name)
    found = found or (urls.id_of_code(code[1]) if code else None) or _beside(path)
    if found is None:
        raise ImportQuestion(
            f"{path.name}: berkas komentar tidak menyebut unggahannya",
            "sebutkan alamat unggahan dengan --url, misalnya https://www.instagram.com/p/...",
        )
    return found


def _beside(path: Path) -> str | None:
    """Return the post whose file stands beside a file of comments."""
    stem = path.name.partition("_comments")[0]
    for name in (f"{stem}.json.xz", f"{stem}.json"):
        try:
            value = _decoded(path, _content(path.with_name(name)))
        except ImportFormatError:
            continue
        node = value.get("node") if isinstance(value, dict) else None
        if isinstance(node, dict):
            code = node.get("shortcode") or node.get("code")
            return urls.id_of_code(code) if isinstance(code, str) else None
    return None


def _captured(number: int, entry: Mapping[str, Any] | str, captured_at: datetime, named: set[str]) -> Captured:
    if isinstance(entry, str):
        return Captured(number, (), (), b"", captured_at, urls.PLATFORM, "", (), entry)
    try:
        cleaned = clean(entry)
        kind = _COMMENT if "post_id" in cleaned else "Post"
        raw = msgspec.json.encode({"node": cleaned, "instaloader": {"node_type": kind}})
        mapped = mapper.map_item(cleaned, captured_at)
    except (TooDeep, RecursionError):
        reason = "JSON bersarang terlalu dalam"
        mapped, raw = Mapped(issues=(ItemIssue("broken_line", reason),), skipped=reason), b""
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"butir tidak dapat dibaca ({type(error).__name__})"
        mapped, raw = Mapped(issues=(ItemIssue("mapper_failed", reason),), skipped=reason), b""
    issues = mapped.issues + first_named(mapped.unknown_fields, urls.PLATFORM, named)
    return Captured(
        number, mapped.items, mapped.acts, raw, captured_at, urls.PLATFORM, _VERSION, issues, mapped.skipped
    )


def _tells(path: Path) -> bool:
    """Whether the end of a file names instaloader, since the block about it stands last."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 400))
            return b'"node_type"' in file.read(400)
    except OSError:
        return False


reader = InstaloaderReader()
