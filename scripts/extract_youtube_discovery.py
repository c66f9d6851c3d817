#!/usr/bin/env python3
"""Cuts out of YouTube's discovery document what our calls and mappers rest on, for the test that proves them.

`.venv/bin/python -m scripts.extract_youtube_discovery youtube.v3.json` writes
`tests/scrapers/youtube_discovery_extract.json`. The document is published in the package google-api-python-client
(Apache-2.0), as `googleapiclient/discovery_cache/documents/youtube.v3.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scrapers.platforms.youtube import mapper

EXTRACT = Path(__file__).resolve().parent.parent / "tests" / "scrapers" / "youtube_discovery_extract.json"
_CALLED = ("channels", "commentThreads", "comments", "playlistItems", "videos")
_KEPT = ("type", "required", "repeated", "minimum", "maximum", "enum", "format", "location")
_ANSWERS = (
    "ChannelContentDetails", "ChannelListResponse", "CommentListResponse", "CommentThreadListResponse",
    "PlaylistItemListResponse", "ResourceId", "VideoListResponse",
)  # fmt: skip


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """Return revision, address and, for every call of ours, its parameters; and the fields of what is read."""
    return {
        "revision": document["revision"],
        "address": document["rootUrl"] + document["servicePath"],
        "always": sorted(document["parameters"]),
        "calls": {name: _call(document["resources"][name]["methods"]["list"]) for name in _CALLED},
        "schemas": {
            name: sorted(document["schemas"][name]["properties"]) for name in sorted({*mapper.READ, *_ANSWERS})
        },
    }


def _call(method: dict[str, Any]) -> dict[str, Any]:
    parameters = method["parameters"]
    return {
        "path": method["path"],
        "method": method["httpMethod"],
        "answer": method["response"]["$ref"],
        "parameters": {
            name: {key: parameters[name][key] for key in _KEPT if key in parameters[name]}
            for name in sorted(parameters)
        },
    }


def main(arguments: list[str]) -> None:
    """Read the document that is named and write the extract."""
    document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    text = json.dumps(extract(document), indent=1, sort_keys=True, ensure_ascii=False)
    EXTRACT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
