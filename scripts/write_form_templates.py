#!/usr/bin/env python3
r"""Writes the Word templates of the official forms from scripts/form_templates/*.txt, the same bytes each time.

    .venv/bin/python -m scripts.write_form_templates [--check]

The parts of each form follow the sources that docs/adr/0054-official-forms.md names. How a source reads: `# ` a line of
the title, `= ` of the letterhead, `## ` a part, `| label | value` a row without borders, `* ` a loop and then its
bullet, `@ ` a loop and then its columns, `> ` the signature, `<< name` another source put in here, anything else a
paragraph. `\n` is a line break.
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FOLDER = Path(__file__).resolve().parent.parent / "monitor" / "reports" / "templates"
FIRST = (1980, 1, 1, 0, 0, 0)

SOURCES = Path(__file__).resolve().parent / "form_templates"
NAMES = ("a", "b2", "rekomendasi", "sbt")

Part = tuple[str, list[str]]


def main() -> int:
    """Write all templates, or with --check say which differ; 1 when any does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [name for name in NAMES if not _same(name)]
    for name in stale:
        print(f"{name}.docx {'is stale' if check else 'written'}")
        if not check:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / f"{name}.docx").write_bytes(template(name))
    return 1 if check and stale else 0


def _same(name: str) -> bool:
    path = FOLDER / f"{name}.docx"
    return path.exists() and path.read_bytes() == template(name)


def template(name: str) -> bytes:
    """Return the template of a form as a Word document."""
    document = Document()
    _page(document)
    for kind, lines in parts(name):
        _MAKERS[kind](document, lines)
    saved = BytesIO()
    properties = document.core_properties
    properties.created = properties.modified = datetime(2026, 11, 22)  # noqa: DTZ001 - properties take naive UTC
    properties.author, properties.title, properties.comments = "Pantau Netralitas", f"Templat {name}", ""
    document.save(saved)
    return _repacked(saved.getvalue())


def parts(name: str) -> Iterator[Part]:
    """Yield the parts of a source: the mark that its lines begin with, and the lines."""
    kept: Part = ("", [])
    for line in [*(SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines(), ""]:
        mark = next((mark for mark in ("<<", "##", "#", "=", "|", "*", "@", ">") if line.startswith(f"{mark} ")), "")
        text = line.removeprefix(mark).strip().replace("\\n", "\n")
        if kept[1] and (mark != kept[0] or mark in ("", "##", "<<")):
            yield kept
            kept = (mark, [])
        if mark == "<<":
            yield from parts(f"_{text}")
        elif line.strip():
            kept = (mark, [*kept[1], text])
    if kept[1]:
        yield kept


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
    normal.paragraph_format.space_after = Pt(4)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run("{{ dokumen.tanda }}")
    run.italic, run.font.size = True, Pt(9)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = foot.add_run("{{ dokumen.nama }} · data sampai {{ dokumen.data_sampai }} · halaman ")
    line.font.size = Pt(8)
    _page_number(foot)


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    look, size, text = OxmlElement("w:rPr"), OxmlElement("w:sz"), OxmlElement("w:t")
    size.set(qn("w:val"), "16")
    look.append(size)
    text.text = "1"
    run.extend((look, text))
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library has no call for fields


def _title(document: Any, lines: list[str]) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(10)
    *names, last = lines
    for name in names:
        run = paragraph.add_run(name)
        run.bold, run.font.size = True, Pt(12.5)
        run.add_break()
    paragraph.add_run(last)


def _letterhead(document: Any, lines: list[str]) -> None:
    _title(document, lines)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    properties = document.paragraphs[-1]._p.get_or_add_pPr()  # noqa: SLF001 - the library has no call for borders
    properties.insert_element_before(border, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _section(document: Any, lines: list[str]) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(lines[0]).bold = True


def _paragraph(document: Any, lines: list[str]) -> None:
    paragraph = document.add_paragraph()
    _lines(paragraph, lines[0])
    if lines[0][:2].strip(".").isdigit():
        paragraph.paragraph_format.keep_with_next = True


def _lines(paragraph: Any, text: str) -> None:
    first, *rest = text.split("\n")
    run = paragraph.add_run(first)
    for line in rest:
        run.add_break()
        run.add_text(line)


def _fields(document: Any, lines: list[str]) -> None:
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    widths = (Cm(4.8), Cm(0.5), Cm(10.7))
    _columns(table, widths)
    for name, _, value in (line.partition(" | ") for line in lines):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (name, ":", value), widths, strict=True):
            cell.width = width
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            _lines(cell.paragraphs[0], text)
    _after_table(document)


def _table(document: Any, lines: list[str]) -> None:
    loop, *columns = lines
    titles, cells = zip(*((column.split(" | ", 1)) for column in columns), strict=True)
    table = document.add_table(rows=1, cols=len(titles), style="Table Grid")
    table.autofit = False
    widths = {3: (Cm(1), Cm(5.5), Cm(9.5)), 4: (Cm(1), Cm(5.5), Cm(4), Cm(5.5))}[len(titles)]
    _columns(table, widths)
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    _mark_row(table.rows[0], "w:tblHeader")
    table.add_row().cells[0].text = f"{{%tr for {loop} %}}"
    filled = table.add_row()
    _mark_row(filled, "w:cantSplit")  # a hash that goes on overleaf is hard to compare
    for cell, text in zip(filled.cells, cells, strict=True):
        _lines(cell.paragraphs[0], text)
    table.add_row().cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
    name = loop.rpartition(" ")[2]
    document.add_paragraph(f"{{%p if not {name} %}}")
    document.add_paragraph(f'{{{{ kosong("{name}; tidak ada yang tersimpan") }}}}')
    document.add_paragraph("{%p endif %}")
    _after_table(document)


def _columns(table: Any, widths: tuple[Any, ...]) -> None:
    """Set the grid as well as the cells: Word reads the one, LibreOffice the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _mark_row(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no call for how rows break
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def _after_table(document: Any) -> None:
    """Keep two tables apart, and the next part at a little distance."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = Pt(4)


def _items(document: Any, lines: list[str]) -> None:
    loop, text = lines
    document.add_paragraph(f"{{%p for {loop} %}}")
    document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("{%p endfor %}")


def _signature(document: Any, lines: list[str]) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(8.5)
    paragraph.paragraph_format.space_before = Pt(18)
    paragraph.paragraph_format.keep_together = True
    below = '{{ kosong("nama dan tanda tangan") }}'
    _lines(paragraph, "\n".join(("{{ dokumen.tempat }}, {{ dokumen.tanggal }}", lines[0], "", "", "", below)))


def _repacked(data: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, FIRST)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return packed.getvalue()


_MAKERS = {
    "#": _title,
    "=": _letterhead,
    "##": _section,
    "": _paragraph,
    "|": _fields,
    "@": _table,
    "*": _items,
    ">": _signature,
}

if __name__ == "__main__":
    raise SystemExit(main())
