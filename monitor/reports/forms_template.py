"""Templates of forms: the program's own, or the office's in its workspace, looked at before anything is filled in."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from monitor.domain import FormKind
from monitor.errors import ConfigError, UsageError

SHIPPED = Path(__file__).parent / "templates"
LARGEST = 20 * 1024 * 1024
_UNPACKED = 200 * 1024 * 1024
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
        raise ConfigError(f"Templat {path} tidak terbaca ({error.strerror})", "periksa berkas dan izinnya") from error
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
            names = {info.filename: info.file_size for info in archive.infolist()}
            if sum(names.values()) > _UNPACKED:
                return "isinya terlalu besar"
            if "word/document.xml" not in names or "[Content_Types].xml" not in names:
                return "bukan dokumen Word (.docx)"
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return "memuat makro"
            if any(b"attachedTemplate" in archive.read(name) for name in names if name.endswith("settings.xml.rels")):
                return "terpaut pada templat lain di luar berkas ini"
            bad = archive.testzip()
            return f"bagian {bad} rusak" if bad else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return "bukan dokumen Word (.docx) yang utuh"
