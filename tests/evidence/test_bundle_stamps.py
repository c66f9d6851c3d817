"""Timestamps in bundles: checked against their manifests, by this program and by OpenSSL from the bundle alone."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.evidence.bundle import Token
from monitor.evidence.bundle_stamps import stamp_checker
from monitor.evidence.bundle_verify import Checked, check_bundle
from monitor.evidence.timestamps import Authority, load_certificates, stamp
from tests.evidence.bundles import FILES, bundle, forge, manifests, unpacked
from tests.peers.tsa import Office, desk, open_office

CHAIN = manifests(FILES[:1], FILES)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("tsa") / "otoritas")


@pytest.fixture(scope="module")
def tokens(office: Office) -> tuple[Token, ...]:
    """The stamps of both manifests."""
    with desk(office.answer) as door:
        authority = Authority(door.url, load_certificates(office.root))
        answers = [stamp(authority, data, lambda: datetime.now(UTC)).answer for data in CHAIN]
    return tuple(Token(number, "https://tsa.contoh.test", answer) for number, answer in enumerate(answers, start=1))


def checked(path: Path, certificate: Path | None = None) -> Checked:
    return check_bundle(path, stamp_checker(certificate))


def test_a_stamped_bundle_is_whole_with_and_without_the_certificate(
    tmp_path: Path, tokens: tuple[Token, ...], office: Office
) -> None:
    path = bundle(tmp_path, tokens=tokens)
    for found in (checked(path), checked(path, office.root)):
        assert found.faults == []
        assert [(number, authority) for number, authority, _ in found.stamps] == [
            (1, "https://tsa.contoh.test"), (2, "https://tsa.contoh.test"),
        ]  # fmt: skip


def test_the_certificate_of_somebody_else_refuses_the_stamp(tmp_path: Path, tokens: tuple[Token, ...]) -> None:
    other = open_office(tmp_path / "lain")
    faults = checked(bundle(tmp_path, tokens=tokens), other.root).faults
    assert [fault.name.startswith("stempel/") for fault in faults] == [True, True]


def test_a_stamp_of_another_manifest_is_refused(tmp_path: Path, tokens: tuple[Token, ...]) -> None:
    path = bundle(tmp_path, tokens=tokens)
    first, second = (name for name in sorted(unpacked(path)) if name.startswith("stempel/"))
    forge(path, {second: unpacked(path)[first]})
    assert [fault.name for fault in checked(path).faults] == [second]


def test_a_stamp_that_was_taken_out_is_named(tmp_path: Path, tokens: tuple[Token, ...]) -> None:
    path = bundle(tmp_path, tokens=tokens)
    (first, _) = (name for name in sorted(unpacked(path)) if name.startswith("stempel/"))
    forge(path, {first: None})
    assert first in {fault.name for fault in checked(path).faults}


def test_rubbish_in_the_place_of_a_stamp_is_refused(tmp_path: Path, tokens: tuple[Token, ...]) -> None:
    rubbish = (Token(1, "https://tsa.contoh.test", b"bukan stempel"), tokens[1])
    assert len(checked(bundle(tmp_path, tokens=rubbish)).faults) == 1


def test_openssl_agrees_from_the_bundle_alone(tmp_path: Path, tokens: tuple[Token, ...], office: Office) -> None:
    with zipfile.ZipFile(bundle(tmp_path, tokens=tokens)) as archive:
        archive.extractall(tmp_path)
    answer = next((tmp_path / "stempel").glob("0002-*.tsr"))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-in",
        answer,
        "-data",
        tmp_path / "manifes/0002.json",
        "-CAfile",
        office.root,
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
