"""Makes a new platform from the template: its package, its tests and its lines in the registry, all or nothing."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")
_TEMPLATE = "scrapers/platforms/_template"
_TEST = "tests/scrapers/platforms/test_template_platform.py"
_REGISTRY = "scrapers/registry.py"
_FILES = ("__init__.py", "adapter.py", "mapper.py", "urls.py", "manifest.toml")


def add_platform(root: Path, name: str) -> tuple[str, ...]:
    """Write a new platform into the source tree at `root`; return the files written, relative to it.

    Raises UsageError for a name that cannot be one or is taken, and for a folder that is not the source tree.
    """
    if _NAME.fullmatch(name) is None or keyword.iskeyword(name):
        raise UsageError(f"{name} bukan nama platform", "pakai huruf kecil dan angka, mulai dengan huruf: contohria")
    if not (root / _TEMPLATE).is_dir() or not (root / _TEST).is_file():
        raise UsageError(f"{root} bukan pohon sumber pantau", "jalankan dari salinan git, bukan dari pemasangan")
    texts = {_place(path, name): _renamed((root / path).read_text(encoding="utf-8"), name) for path in _sources()}
    taken = [path for path in texts if (root / path).exists()]
    if taken:
        raise UsageError(f"Platform {name} sudah ada: {', '.join(taken)}", "pilih nama lain, atau ubah yang ada")
    texts[_REGISTRY] = registered((root / _REGISTRY).read_text(encoding="utf-8"), name)
    _write(root, texts)
    return tuple(texts)


def registered(registry: str, name: str) -> str:
    """Return the registry with one more live platform, each list in the order of the alphabet where it is in one."""
    line = f"from scrapers.platforms.{name}.adapter import {class_name(name)}\n"
    imports = re.findall(r"^from scrapers\.platforms\.\w+\.adapter import \w+\n", registry, re.MULTILINE)
    lists = {
        "adapters": re.search(r"( +)for adapter in \(\n((?: +\w+\(\),\n)+)", registry),
        "platforms": re.search(r"^_PLATFORMS = \(\n((?:    \"\w+\",\n)+)", registry, re.MULTILINE),
    }
    adapters, platforms = lists["adapters"], lists["platforms"]
    if not imports or adapters is None or platforms is None:
        raise UsageError("scrapers/registry.py tidak lagi berbentuk daftar", "daftarkan platform ini dengan tangan")
    after = max((one for one in imports if one < line), default=None)
    indent = adapters.group(1) + "    "
    changed = (
        registry.replace(imports[0], line + imports[0], 1)
        if after is None
        else registry.replace(after, after + line, 1)
    )
    changed = changed.replace(adapters.group(2), adapters.group(2) + f"{indent}{class_name(name)}(),\n", 1)
    names = sorted({*re.findall(r'"(\w+)"', platforms.group(1)), name})
    return changed.replace(platforms.group(1), "".join(f'    "{one}",\n' for one in names), 1)


def class_name(name: str) -> str:
    """Return what the adapter of a platform is called."""
    return f"{name.capitalize()}Adapter"


def _sources() -> tuple[str, ...]:
    return (*(f"{_TEMPLATE}/{file}" for file in _FILES), _TEST)


def _place(path: str, name: str) -> str:
    return path.replace("_template/", f"{name}/").replace("test_template_platform", f"test_{name}_platform")


def _renamed(text: str, name: str) -> str:
    named = text.replace("TemplateAdapter", class_name(name)).replace("_template", name)
    title = f'title = "{name.capitalize()}"'
    named = named.replace('title = "Contoh platform"', title)
    return named.replace(
        "A platform to copy from: an invented API, as small as a platform can be and complete all the same.",
        f"{name.capitalize()}: what it shows, how it is asked and how its answers are read.",
    )


def _write(root: Path, texts: Mapping[str, str]) -> None:
    """Write every file beside its place first, so that a full disk leaves nothing half-made."""
    parts = [(root / path, (root / path).with_name(f".{Path(path).name}.part")) for path in texts]
    try:
        for (path, part), text in zip(parts, texts.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
    except OSError:
        for _, part in parts:
            part.unlink(missing_ok=True)
        raise
    for path, part in parts:
        part.replace(path)
