"""Evidence bundles: what is in them, that they are the same twice, and that nothing in them changes unseen."""

from __future__ import annotations

import hashlib
import io
import json
import random
import resource
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import EvidenceError
from monitor.evidence import zip_file
from monitor.evidence.bundle import write_bundle
from monitor.evidence.masked import Known
from monitor.evidence.warc_reading import records
from monitor.evidence.zip_file import Slice
from tests.evidence.bundles import (
    AT,
    BODIES,
    FILES,
    LIKES,
    PAGE,
    STRANGER,
    WHO,
    bundle,
    check,
    contents,
    custody,
    custody_row,
    faults,
    file,
    forge,
    manifests,
    raw_exchanges,
    unpacked,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("paket"))


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("mentah"), raw=raw_exchanges())


def spread(path: Path, name: str) -> list[Any]:
    """Return the records of an archive in a bundle."""
    data = unpacked(path)[name]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        warc = archive.read("archive/data.warc.gz")
    return list(records(Slice(io.BytesIO(warc), 0, len(warc))))


def test_an_untouched_bundle_is_whole(whole: Path, raw: Path) -> None:
    assert (faults(whole), faults(raw)) == ([], [])


def test_a_bundle_says_what_it_is(whole: Path) -> None:
    checked = check(whole)
    assert (checked.case_id, checked.raw, checked.manifests, checked.as_of) == (7, False, 2, AT.isoformat())


def test_two_bundles_of_the_same_are_the_same(tmp_path: Path, whole: Path) -> None:
    assert bundle(tmp_path).read_bytes() == whole.read_bytes()


def test_a_bundle_holds_no_bystander(whole: Path) -> None:
    told = b"".join(unpacked(whole).values()) + b"".join(record.block for record in spread(whole, "arsip.wacz"))
    assert STRANGER.encode() not in told
    assert WHO.encode() in told


def test_a_picture_as_taken_goes_along_with_raw_answers_only(whole: Path, raw: Path) -> None:
    folders = [{name.partition("/")[0] for name in unpacked(path)} for path in (whole, raw)]
    assert ["mentah" in found for found in folders] == [False, True]
    assert all("gambar" in found for found in folders)


def test_raw_answers_are_the_bytes_that_came(raw: Path) -> None:
    assert {one.payload for one in spread(raw, "arsip-mentah.wacz") if one.kind == "response"} == {LIKES, PAGE}


def test_the_lists_are_those_that_sha256sum_reads(whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_a_changed_byte_anywhere_is_found_and_its_file_named(
    raw: Path, tmp_path_factory: Any, chance: random.Random
) -> None:
    data = bytearray(raw.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= chance.randrange(1, 256)
    path = tmp_path_factory.getbasetemp() / "diubah.zip"
    path.write_bytes(data)
    named = {fault.name for fault in check(path).faults}
    assert named
    holder = member_at(raw, at)
    assert holder is None or holder in named


def member_at(path: Path, at: int) -> str | None:
    """Return the file whose bytes lie there, None for the zip's own."""
    with path.open("rb") as opened:
        for member in zip_file.members(Slice(opened, 0, path.stat().st_size)):
            if member.start <= at < member.start + member.size:
                return member.name
    return None


@pytest.mark.parametrize("name", ["arsip.wacz", "manifes/0001.json", "riwayat.json", "salinan.html", "BACA-SAYA.txt"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    path = bundle(tmp_path)
    held = unpacked(path)
    del held[name]
    with path.open("wb") as out:
        zip_file.write(held, out)
    assert f"{name}: tidak ada dalam paket" in faults(path)


def test_a_file_that_was_added_is_named(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    with path.open("r+b") as out:
        held = unpacked(path)
        out.truncate()
        zip_file.write({**held, "titipan.exe": b"MZ"}, out)
    assert faults(path) == ["titipan.exe: tidak tercantum dalam daftar paket"]


def test_a_manifest_left_out_with_all_hashes_made_to_fit_is_found(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    forge(path, {"manifes/0001.json": None})
    assert "manifes/0002.json: urutan manifes terputus" in faults(path)


def test_a_manifest_put_in_the_place_of_another_is_found(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    forge(path, {"manifes/0001.json": manifests((file(b"lain", url="https://contoh.test"),))[0]})
    assert "manifes/0002.json: tidak tersambung dengan manifes sebelumnya" in faults(path)


def test_the_manifests_of_another_case_are_found(tmp_path: Path) -> None:
    path = bundle(tmp_path, manifests=manifests(FILES[:1], FILES, case_id=8))
    assert faults(path) == ["manifes/0002.json: manifes milik informasi awal lain"]


def altered(**row: object) -> dict[str, Any]:
    told = custody()
    told["events"][1]["row"] |= row
    return told


def decided(sha256: str) -> dict[str, Any]:
    """Return a step that was taken on a manifest."""
    detail = json.dumps({"manifest": {"number": 2, "sha256": sha256}})
    return custody_row(9, "b" * 64, case_id=7, kind="decided", detail=detail)


OTHERS = {**custody(), "events": [custody_row(4, "a" * 64, case_id=8)]}
SWAPPED = {**custody(), "events": custody()["events"][::-1]}


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        (altered(to_state="dikesampingkan"), "langkah 9 berubah"),
        (OTHERS, "langkah 4 milik informasi awal lain"),
        (SWAPPED, "langkah 4 tidak pada tempatnya"),
        (custody(8), "riwayat milik informasi awal lain"),
        ({**custody(), "events": []}, "langkah terakhir bukan nomor 9"),
        ({**custody(), "audit": []}, "catatan audit terakhir bukan nomor 12"),
        ({**custody(), "events": [decided("0" * 64)]}, "langkah 9 diambil atas manifes yang lain isinya"),
        ({"case": 7}, "tidak dapat dibaca"),
        ({"case": 7, "events": [{"number": "x"}], "audit": []}, "tidak dapat dibaca"),
    ],
)
def test_an_altered_chain_of_custody_is_found_although_every_list_fits(
    tmp_path: Path, told: dict[str, Any], problem: str
) -> None:
    assert f"riwayat.json: {problem}" in faults(bundle(tmp_path, custody=told))


def test_a_decision_on_the_manifest_in_the_bundle_is_whole(tmp_path: Path) -> None:
    newest = hashlib.sha256(manifests(FILES[:1], FILES)[-1]).hexdigest()
    assert faults(bundle(tmp_path, custody={**custody(), "events": [decided(newest)]})) == []


def test_a_copy_of_an_answer_that_no_manifest_names_is_found(tmp_path: Path, whole: Path) -> None:
    path = bundle(tmp_path)
    other = bundle_of(tmp_path / "lain", (*FILES, file(b"{}", url="https://contoh.test/lain")))
    forge(path, {"arsip.wacz": unpacked(other)["arsip.wacz"]})
    assert any("tidak ada dalam manifes" in fault for fault in faults(path))


def test_an_answer_without_a_copy_is_found(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    forge(path, {"arsip.wacz": unpacked(bundle_of(tmp_path / "lain", FILES[:1]))["arsip.wacz"]})
    assert any(fault.startswith("arsip.wacz: salinan jawaban") for fault in faults(path))


def bundle_of(folder: Path, files: tuple[Any, ...]) -> Path:
    folder.mkdir()
    bodies = {**BODIES, file(b"{}").sha256: b"{}"}
    return bundle(folder, manifests=manifests(files), body=bodies.get)


def test_a_copy_that_says_more_than_its_answer_is_found_where_the_answer_is_there(tmp_path: Path) -> None:
    path = bundle(tmp_path, raw=raw_exchanges())
    lied = {**BODIES, FILES[0].sha256: json.dumps({"likes": [{"actor": {"did": WHO}}, None]}).encode()}
    (tmp_path / "lain").mkdir()
    forge(path, {"arsip.wacz": unpacked(bundle(tmp_path / "lain", body=lied.get))["arsip.wacz"]})
    assert [fault for fault in faults(path) if "bukan bagian dari jawabannya" in fault]


def test_raw_answers_that_no_manifest_names_are_found(tmp_path: Path) -> None:
    path = bundle(tmp_path, raw=raw_exchanges())
    lied = {**BODIES, FILES[0].sha256: b'{"likes": []}'}
    (tmp_path / "lain").mkdir()
    other = bundle(tmp_path / "lain", raw=raw_exchanges(), body=lied.get)
    forge(path, {"arsip-mentah.wacz": unpacked(other)["arsip-mentah.wacz"]})
    assert [fault for fault in faults(path) if "tidak ada dalam manifes" in fault]


def test_an_answer_that_retention_purged_is_said_to_be_purged(tmp_path: Path) -> None:
    left = {name: body for name, body in BODIES.items() if body != LIKES}
    path = bundle(tmp_path, body=left.get, raw=raw_exchanges())
    copies = [json.loads(one.payload) for one in spread(path, "arsip.wacz") if one.mime == "application/json"][::2]
    assert [copy["raw"]["purged"] for copy in copies if "raw" in copy] == [True, False]
    assert faults(path) == []


def test_words_of_strangers_steer_no_terminal(tmp_path: Path) -> None:
    path = bundle(tmp_path, agency="Bawaslu\x1b[2J\nContoh")
    assert check(path).agency == "Bawaslu?[2J?Contoh"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TOLD = st.sampled_from(["paket.json", "riwayat.json", "manifes/0002.json"])


@settings(max_examples=60)
@given(TOLD, st.randoms(use_true_random=False), JSON)
def test_whatever_a_forger_writes_is_answered(
    whole: Path, tmp_path_factory: Any, name: str, chance: random.Random, value: object
) -> None:
    told = json.loads(unpacked(whole)[name])
    place, key = told, chance.choice(list(told))
    while isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
        place = place[key]
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    place[key] = value
    path = tmp_path_factory.getbasetemp() / "palsu.zip"
    path.write_bytes(whole.read_bytes())
    forge(path, {name: (json.dumps(told, sort_keys=True, indent=1) + "\n").encode()})
    assert check(path).sha256


@pytest.mark.parametrize("data", [b"", b"PK", b"bukan zip", b"PK\5\6" + b"\0" * 18])
def test_what_is_no_bundle_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert faults(path)


def test_a_packed_bundle_is_refused(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "dimampatkan.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in unpacked(whole).items():
            archive.writestr(name, data)
    assert any("dimampatkan" in fault for fault in faults(path))


BOMB = b"\0" * 140_000_000


def test_an_archive_that_unfolds_without_bound_is_refused(tmp_path: Path) -> None:
    path = bundle(tmp_path, papers={"salinan.html": b"x"}, known=Known(frozenset(), frozenset()))
    forge(path, {"arsip.wacz": wacz_of(b"WARC/1.1\r\n" + BOMB)})
    assert any("lebih besar daripada yang wajar" in fault for fault in faults(path))


def wacz_of(record: bytes) -> bytes:
    """Return an archive of one record whose lists all fit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    warc = packer.compress(record) + packer.flush()
    parts = {"archive/data.warc.gz": warc, "indexes/index.cdx": b"", "pages/pages.jsonl": b""}
    told = [{"path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"} for name, data in parts.items()]
    package = json.dumps({"resources": told}).encode()
    digest = json.dumps({"hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}).encode()
    out = io.BytesIO()
    zip_file.write({**parts, "datapackage.json": package, "datapackage-digest.json": digest}, out)
    return out.getvalue()


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "paket.zip").mkdir()
    with pytest.raises(EvidenceError, match="tidak dapat ditulis"):
        write_bundle(contents(), tmp_path / "paket.zip")
    assert [one.name for one in tmp_path.iterdir()] == ["paket.zip"]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        with pytest.raises(EvidenceError, match="tidak dapat ditulis"):
            write_bundle(contents(), tmp_path / "paket.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_lost_answer_leaves_nothing_half_written(tmp_path: Path) -> None:
    def lost(digest: str) -> bytes:
        raise EvidenceError(f"Bukti {digest} hilang")

    with pytest.raises(EvidenceError, match="hilang"):
        write_bundle(contents(body=lost), tmp_path / "paket.zip")
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_reads_a_bundle(whole: Path) -> None:
    assert whole.stat().st_mode & 0o777 == 0o600
