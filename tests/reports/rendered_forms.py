"""The pages of the official forms as LibreOffice draws them; `make soak` runs this by name, since it takes its time."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from monitor.domain import CaseDetail, FormKind
from monitor.reports.forms import draft
from monitor.reports.forms_order import DRAFT_MARK
from tests.conftest import unavailable
from tests.reports.test_forms import HOSTILE, ISSUED, OFFICE, case, saying
from tests.web import samples

MARGIN_CM = 0.8
SCALE = 1.0  # 72 points an inch


def busy() -> CaseDetail:
    """Return a case of forty acts, each with an answer of its own and a long text."""
    hits = tuple(
        replace(
            samples.case_hit(samples.hit(number=number)),
            captures=(replace(samples.case_hit().captures[0], id=number, sha256=f"{number:064x}"),),
            own=replace(saying("Lanjutkan Pak Budi! " * 40).hits[0].own, item_id=f"at://ani/{number}"),
            spans=(),
        )
        for number in range(1, 41)
    )
    return case(hits=hits)


CASES: dict[str, Callable[[], CaseDetail]] = {
    "plain": case,
    "empty": lambda: case(hits=(), accounts=(), law_row=None),
    "hostile": lambda: saying(" ".join(HOSTILE)),
    "long": lambda: saying("panjang" * 20_000),
    "busy": busy,
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pypdfium2.PdfDocument]:
    """Draw every form of every case in one run of LibreOffice."""
    if shutil.which("soffice") is None:
        unavailable("LibreOffice tidak terpasang: apt-get install libreoffice-writer")
    folder = tmp_path_factory.mktemp("formulir")
    for form in FormKind:
        for name, make in CASES.items():
            (folder / f"{form}-{name}.docx").write_bytes(draft(form, make(), OFFICE, samples.NOW))
        (folder / f"{form}-issued.docx").write_bytes(draft(form, case(), OFFICE, samples.NOW, ISSUED))
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--convert-to", "pdf",
               "--outdir", str(folder), *map(str, sorted(folder.glob("*.docx")))]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {path.stem: pypdfium2.PdfDocument(path) for path in sorted(folder.glob("*.pdf"))}


def text_of(document: pypdfium2.PdfDocument) -> list[str]:
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def picture(page: pypdfium2.PdfPage) -> Image.Image:
    return page.render(scale=SCALE).to_pil().convert("L")


def test_every_document_is_drawn(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    assert set(drawn) == {f"{form}-{name}" for form in FormKind for name in (*CASES, "issued")}


def test_every_page_says_what_it_is(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    for name, document in drawn.items():
        mark = "Versi 1, diterbitkan Rina Contoh" if name.endswith("issued") else DRAFT_MARK
        assert all(mark in text for text in text_of(document)), name


def test_nothing_runs_off_the_page(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    for name, document in drawn.items():
        for number, page in enumerate(document):
            image = picture(page)
            edge = round(MARGIN_CM / 2.54 * 72 * SCALE)
            width, height = image.size
            for box in (
                (0, 0, edge, height),
                (width - edge, 0, width, height),
                (0, 0, width, edge),
                (0, height - edge, width, height),
            ):
                assert image.crop(box).getextrema() == (255, 255), (name, number, box)


def test_pages_are_few_and_none_is_empty(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    most = {"plain": 4, "empty": 4, "hostile": 4, "long": 5, "issued": 4, "busy": 40}
    for name, document in drawn.items():
        assert 1 <= len(document) <= most[name.split("-")[1]], name
        assert all(len(text) > 150 for text in text_of(document)), name


def test_hashes_and_gaps_are_drawn_whole(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    text = "".join(text_of(drawn["a-plain"])).replace(" ", "")
    assert "9f" * 32 in text
    assert "[belumdiisi:namapengawas]" in text


def test_gaps_are_drawn_on_a_background(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    colours = drawn["a-plain"][0].render(scale=SCALE).to_pil().convert("RGB").getcolors(1 << 20) or []
    assert any(red > 240 and green > 220 and blue < 190 and count > 500 for count, (red, green, blue) in colours)


def test_every_act_of_a_busy_case_is_on_paper(drawn: dict[str, pypdfium2.PdfDocument]) -> None:
    text = "".join(text_of(drawn["a-busy"])).replace(" ", "")
    assert all(f"{number:064x}" in text for number in range(1, 41))
