from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID

from monitor.errors import ImportFormatError
from scrapers.imports import wacz_seals
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.wacz import reader
from scrapers.imports.warc import reader as warc_reader
from tests.scrapers.captured_pages import FACEBOOK, fb_story, html, page

SIGNED = datetime(2024, 10, 2, 4, 0, tzinfo=UTC)
DOMAIN = "perekam.contoh.test"


def record() -> bytes:
    body = html(fb_story()).encode()
    digest = hashlib.sha256(body).hexdigest()
    head = (
        f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: {FACEBOOK}\r\nWARC-Date: 2024-10-02T03:00:00Z\r\n"
        f"WARC-Payload-Digest: sha256:{digest}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def listed(parts: dict[str, bytes], form: str = "1.1") -> bytes:
    def one(path: str, data: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        if form == "1.1":
            return {"name": path, "path": path, "hash": f"sha256:{digest}", "bytes": len(data)}
        return {"path": path, "stats": {"hash": digest, "bytes": len(data)}, "hashing": "sha256"}

    return json.dumps({"profile": "data-package", "resources": [one(*part) for part in parts.items()]}).encode()


def wacz(
    folder: Path,
    *,
    form: str = "1.1",
    change: Callable[[dict[str, bytes]], None] | None = None,
    sign: Callable[[str], dict[str, Any]] | None = None,
) -> Path:
    """An archive; `change` alters parts after they were listed, `sign` gives what was signed over the list."""
    parts = {"archive/data.warc": record(), "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n'}
    package = listed(parts, form)
    digest = "sha256:" + hashlib.sha256(package).hexdigest()
    whole = {**parts, "datapackage.json": package}
    if sign is not None:
        signed = {"path": "datapackage.json", "hash": digest, "signedData": {"hash": digest, **sign(digest)}}
        whole["datapackage-digest.json"] = json.dumps(signed).encode()
    if change is not None:
        change(whole)
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return path


def read(path: Path) -> list[Captured]:
    return list(reader.read(path, ReadOptions()))


def refused(path: Path) -> str:
    with pytest.raises(ImportFormatError) as caught:
        next(reader.read(path, ReadOptions()))
    return str(caught.value)


def anonymous(digest: str) -> dict[str, Any]:
    """What ArchiveWeb.page signs: a P-384 key of its own, both numbers of the signature side by side."""
    key = ec.generate_private_key(ec.SECP384R1())
    r, s = utils.decode_dss_signature(key.sign(digest.encode(), ec.ECDSA(hashes.SHA256())))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "signature": base64.b64encode(r.to_bytes(48, "big") + s.to_bytes(48, "big")).decode(),
        "publicKey": base64.b64encode(public).decode(),
        "created": SIGNED.isoformat(),
    }


def certificate(key: Any, name: str, issuer: tuple[Any, str] | None, *, start: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above = issuer or (key, name)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, above[1])]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(above[0], hashes.SHA256())
    )


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An issuer that is trusted while the test runs."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificate(key, "AKAR CONTOH", None, start=SIGNED - timedelta(days=1))
    monkeypatch.setattr(wacz_seals, "_roots", lambda: {made.subject.public_bytes(): (made,)})
    return key


def by_domain(
    root: Any, *, start: datetime = SIGNED - timedelta(days=1), use_rsa: bool = False
) -> Callable[[str], dict]:
    def sign(digest: str) -> dict[str, Any]:
        if use_rsa:
            rsa_key = rsa.generate_private_key(65537, 2048)
            signature, key = rsa_key.sign(digest.encode(), padding.PKCS1v15(), hashes.SHA256()), rsa_key
        else:
            ec_key = ec.generate_private_key(ec.SECP256R1())
            signature, key = ec_key.sign(digest.encode(), ec.ECDSA(hashes.SHA256())), ec_key
        leaf = certificate(key, DOMAIN, (root, "AKAR CONTOH"), start=start)
        return {
            "signature": base64.b64encode(signature).decode(),
            "domain": DOMAIN,
            "domainCert": leaf.public_bytes(serialization.Encoding.PEM).decode(),
            "created": SIGNED.isoformat(),
        }

    return sign


@pytest.mark.parametrize("form", ["1.1", "1.0"])
def test_an_archive_whose_digests_hold_is_read(tmp_path: Path, form: str) -> None:
    found = read(wacz(tmp_path, form=form))
    assert [item.item_id for captured in found for item in captured.items] == ["900001"]


def test_an_unsigned_archive_is_said_to_be_unsigned(tmp_path: Path) -> None:
    assert "tidak bertanda tangan" in (read(wacz(tmp_path))[0].skipped or "")


def test_a_key_without_a_name_is_said_to_be_one(tmp_path: Path) -> None:
    assert "tanpa nama" in (read(wacz(tmp_path, sign=anonymous))[0].skipped or "")


@pytest.mark.parametrize("use_rsa", [False, True])
def test_a_domains_seal_names_the_domain_and_the_time(tmp_path: Path, root: Any, use_rsa: bool) -> None:
    said = read(wacz(tmp_path, sign=by_domain(root, use_rsa=use_rsa)))[0].skipped or ""
    assert DOMAIN in said
    assert "2024-10-02" in said


def test_a_part_that_was_altered_is_named(tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["archive/data.warc"] = parts["archive/data.warc"].replace(b"Bangkit", b"Bangkot")

    assert "archive/data.warc" in refused(wacz(tmp_path, change=change))


def test_a_part_that_is_missing_is_named(tmp_path: Path) -> None:
    assert "pages/pages.jsonl" in refused(wacz(tmp_path, change=lambda parts: parts.pop("pages/pages.jsonl") and None))


def test_a_list_that_was_altered_after_sealing_is_refused(tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["datapackage.json"] += b" "

    assert "datapackage.json" in refused(wacz(tmp_path, change=change, sign=anonymous))


def test_a_signature_over_something_else_is_refused(tmp_path: Path) -> None:
    assert "tanda tangan tidak cocok" in refused(wacz(tmp_path, sign=lambda digest: anonymous(digest + "x")))


def test_an_issuer_that_nobody_trusts_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert "penerbit yang dipercaya" in refused(wacz(tmp_path, sign=by_domain(key)))


def test_a_certificate_that_was_not_valid_when_signing_is_refused(tmp_path: Path, root: Any) -> None:
    old = by_domain(root, start=SIGNED - timedelta(days=200))
    assert "tidak berlaku" in refused(wacz(tmp_path, sign=old))


def test_a_certificate_of_another_domain_is_refused(tmp_path: Path, root: Any) -> None:
    sign = by_domain(root)
    assert "bukan milik domain" in refused(wacz(tmp_path, sign=lambda digest: {**sign(digest), "domain": "lain.test"}))


def test_a_broken_time_stamp_is_refused(tmp_path: Path, root: Any) -> None:
    sign = by_domain(root)
    pem = certificate(root, "AKAR CONTOH", None, start=SIGNED).public_bytes(serialization.Encoding.PEM).decode()
    stamp = {"timeSignature": "AAAA", "timestampCert": pem}
    assert "cap waktu" in refused(wacz(tmp_path, sign=lambda digest: {**sign(digest), **stamp}))


def test_an_entry_that_the_list_does_not_name_is_not_read(tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["archive/lain.warc"] = record()

    found = read(wacz(tmp_path, change=change))
    assert sum(len(captured.items) for captured in found) == 1
    assert any("tidak tercantum" in (captured.skipped or "") for captured in found)


def test_an_archive_without_a_list_is_none(tmp_path: Path) -> None:
    path = wacz(tmp_path, change=lambda parts: parts.pop("datapackage.json") and None)
    assert not reader.sniff(b"PK\x03\x04", path)


def test_the_format_is_known_by_its_content(tmp_path: Path) -> None:
    path = wacz(tmp_path)
    assert reader.sniff(path.read_bytes()[:100], path)
    assert not reader.sniff(b"{}", path)


def test_what_is_kept_of_an_archives_page_is_read_by_the_warc_reader(tmp_path: Path) -> None:
    (taken,) = [captured for captured in read(wacz(tmp_path)) if captured.items]
    (tmp_path / "b.warc").write_bytes(taken.raw)
    (again,) = read(tmp_path / "b.warc")
    assert [again] == list(warc_reader.read(tmp_path / "b.warc", ReadOptions()))
    assert again.items == taken.items
    assert page(FACEBOOK, b"").url in taken.raw.decode()


def test_a_seal_of_an_impossible_time_is_refused_not_followed(tmp_path: Path) -> None:
    def sign(digest: str) -> dict[str, Any]:
        return {**anonymous(digest), "created": "0001-01-01T00:00:00+14:00"}

    assert "tanpa nama" in (read(wacz(tmp_path, sign=sign))[0].skipped or "")
