#!/usr/bin/env python3
"""Cuts out of X's machine-readable API description what our calls rest on, for the test that proves them.

`.venv/bin/python -m scripts.extract_x_openapi latest-openapi.json` writes `tests/scrapers/x_openapi_extract.json`. The
description is published in the repository xdevplatform/xdk (MIT).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scrapers.platforms.x import api

EXTRACT = Path(__file__).resolve().parent.parent / "tests" / "scrapers" / "x_openapi_extract.json"
_KEPT = ("type", "pattern", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "enum", "format")


def extract(description: dict[str, Any]) -> dict[str, Any]:
    """Return version, server and, for every call of ours, its parameters and who may make it."""
    paths = {path: _operation(description, description["paths"][path]["get"]) for path in api.PATHS}
    return {
        "version": description["info"]["version"],
        "server": description["servers"][0]["url"],
        "paths": paths,
    }


def _operation(description: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    found = [_resolved(description, parameter) for parameter in operation["parameters"]]
    return {
        "security": sorted({name for way in operation["security"] for name in way}),
        "parameters": {
            parameter["name"]: {
                "in": parameter["in"],
                "required": bool(parameter.get("required")),
                "explode": bool(parameter.get("explode", parameter["in"] == "query")),
                "schema": _schema(description, parameter["schema"]),
            }
            for parameter in found
        },
    }


def _schema(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    whole = _resolved(description, schema)
    kept = {key: whole[key] for key in _KEPT if key in whole}
    return kept | ({"items": _schema(description, whole["items"])} if "items" in whole else {})


def _resolved(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = description
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(description, found)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # the path of the description
        sys.exit("usage: python -m scripts.extract_x_openapi latest-openapi.json")
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    EXTRACT.write_text(json.dumps(extract(whole), indent=1, sort_keys=True) + "\n", encoding="utf-8")
