"""Templates of forms: the program's own, or the office's in its workspace, looked at before anything is filled in."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from lxml import etree

from monitor.denials import mending
from monitor.domain import FormKind
from monitor.errors import ConfigError, UsageError, plainly

SHIPPED = Path(__file__).parent / "templates"
LARGEST = 20 * 1024 * 1024
_UNPACKED = 200 * 1024 * 1024
_LONGEST_LINKS = 4 * 1024 * 1024
_OPENED_BY_HAND: Final = "/hyperlink"
"""The one link to elsewhere that nothing follows until somebody clicks it."""
_GUIDE = "lihat docs/pengawas/formulir.md"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template as it lies on disk; `place` is how errors name it."""

    place: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Its hash, which stands with every document that was filled from it."""
        return hashlib.sha256(self.data).hexdigest()


def read_template(form: FormKind, folder: Path | None) -> TemplateFile:
    """Return the office's template of a form where its folder holds one, else the program's; ConfigError otherwise."""
    name = f"{form.value}.docx"
    path = folder / name if folder is not None and (folder / name).exists() else SHIPPED / name
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"Templat {path} lebih dari 20 MB", "perkecil gambar di dalamnya")
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"Templat {path} tidak terbaca ({plainly(error)})", mending(error, "periksa berkas dan izinnya")
        ) from error
    problem = word_problem(data)
    if problem:
        raise ConfigError(f"Templat {path}: {problem}", f"simpan ulang sebagai .docx; {_GUIDE}")
    return TemplateFile(str(path), data)


def check_size(size: int) -> None:
    """Raise UsageError for a document that is larger than an office's form can be."""
    if size > LARGEST:
        raise UsageError("Dokumen lebih dari 20 MB", "perkecil gambar di dalamnya")


def word_problem(data: bytes) -> str:
    """Return why bytes are no plain Word document, empty when they are: no macros, nothing loaded from elsewhere."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return next(_problems(archive), "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, etree.LxmlError):
        return "bukan dokumen Word (.docx) yang utuh"


def _problems(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield what is wrong with a package, the cheapest to find first: nothing is unpacked before its size is known."""
    parts = archive.infolist()
    names = {info.filename for info in parts}
    if sum(info.file_size for info in parts) > _UNPACKED:
        yield "isinya terlalu besar"
    if len(names) < len(parts):
        yield "memuat dua bagian senama"
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        yield "bukan dokumen Word (.docx)"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield "memuat makro"
    if bad := archive.testzip():
        yield f"bagian {bad} rusak"
    if any(True for _ in _loaded(archive)):
        yield "memuat bagian dari luar berkas ini (gambar, objek, atau templat yang ditautkan)"


def _loaded(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield what a document would fetch from elsewhere when it is opened, telling whoever offers it who reads it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for info in archive.infolist():
        if not info.filename.lower().endswith(".rels"):
            continue
        if info.file_size > _LONGEST_LINKS:
            raise ValueError("no document has so many links")
        for link in etree.fromstring(archive.read(info), parser).iter("{*}Relationship"):
            kind = link.get("Type", "")
            outside = link.get("TargetMode", "").lower() == "external"
            if kind.endswith("/attachedTemplate") or (outside and not kind.endswith(_OPENED_BY_HAND)):
                yield link.get("Target", "")
