"""The seal of a WACZ: who signed it, when, and whether that holds.

Forms are those of the WACZ specification's signing (authsign 0.1): over the hash of `datapackage.json` either a key of
the recorder's own ("anonymous"), or the key of a domain with its certificate chain and an RFC 3161 time stamp over the
signature. A certificate is judged at the time of signing, since it lives for 90 days and the archive for years.
"""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import certifi
import rfc3161_client
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from rfc3161_client import VerificationError

_SLACK = timedelta(minutes=10)  # between signing and time stamp
_MOST_CHAIN = 8
# Roots of time authorities that browsers do not know; freetsa.org, which authsign uses by default.
_TIME_ROOTS = frozenset({"a6379e7cecc05faa3cbf076013d745e327bbbaa38c0b9af22469d4701d18aabc"})


class SealBroken(ValueError):
    """A seal does not hold; the message says why, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that holds: the domain that signed (None for a key without a name), and when."""

    domain: str | None
    signed_at: datetime | None
    stamped: bool


def check_seal(signed: Mapping[str, Any], package_hash: str) -> Seal:
    """Check what was signed against the hash of the package ("sha256:..."); SealBroken says what does not hold."""
    if signed.get("hash") != package_hash:
        raise SealBroken("sidik jari yang ditandatangani bukan sidik jari datapackage.json")
    signature = _text(signed, "signature")
    message = package_hash.encode()
    if not signed.get("domainCert"):
        _verify(_anonymous_key(_text(signed, "publicKey")), signature, message)
        return Seal(None, _moment(signed.get("created")), stamped=False)
    chain = _certificates(_text(signed, "domainCert"))
    _verify(chain[0].public_key(), signature, message)
    stamped_at = _stamp(signed, signature)
    created = _moment(signed.get("created"))
    if stamped_at and created and abs(stamped_at - created) > _SLACK:
        raise SealBroken("waktu penandatanganan berbeda dari cap waktunya")
    signed_at = stamped_at or created
    if signed_at is None:
        raise SealBroken("waktu penandatanganan tidak ada")
    domain = _text(signed, "domain")
    _check_chain(chain, domain, signed_at)
    return Seal(domain, signed_at, stamped=stamped_at is not None)


def _verify(key: object, signature: str, message: bytes) -> None:
    try:
        raw = base64.b64decode(signature, validate=True)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_as_der(raw, key), message, ec.ECDSA(hashes.SHA256()))
            return
        if isinstance(key, rsa.RSAPublicKey):
            _verify_rsa(key, raw, message)
            return
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError) as error:
        raise SealBroken("tanda tangan tidak cocok dengan isinya") from error
    raise SealBroken("jenis kunci tanda tangan tidak dikenal")


def _verify_rsa(key: rsa.RSAPublicKey, raw: bytes, message: bytes) -> None:
    try:
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.AUTO)
        key.verify(raw, message, pss, hashes.SHA256())


def _as_der(raw: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a signature as DER; browsers give the two numbers side by side."""
    half = (key.key_size + 7) // 8
    if len(raw) != 2 * half:
        return raw
    return utils.encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def _anonymous_key(text: str) -> object:
    try:
        return serialization.load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, UnsupportedAlgorithm, ValueError) as error:
        raise SealBroken("kunci publik tanda tangan tidak terbaca") from error


def _certificates(pem: str) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise SealBroken("sertifikat penanda tangan tidak terbaca") from error
    if len(found) > _MOST_CHAIN:
        raise SealBroken("rantai sertifikat terlalu panjang")
    return found


def _check_chain(chain: list[x509.Certificate], domain: str, signed_at: datetime) -> None:
    leaf = chain[0]
    if domain.lower() not in _names(leaf):
        raise SealBroken(f"sertifikat bukan milik domain {domain[:100]}")
    for certificate, issuer in itertools.pairwise(chain):
        _check_issued(certificate, issuer)
    for certificate in chain:
        if not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc:
            raise SealBroken("sertifikat tidak berlaku pada waktu penandatanganan")
        if _is_trusted(certificate):
            return
    raise SealBroken("rantai sertifikat domain tidak berujung pada penerbit yang dipercaya")


def _check_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
        raise SealBroken("rantai sertifikat domain terputus") from error
    if not basic.ca:
        raise SealBroken("rantai sertifikat domain memuat penerbit yang bukan penerbit")


def _is_trusted(certificate: x509.Certificate) -> bool:
    """Whether a certificate is a root that browsers trust, under the same name and key, or was issued by one."""
    for root in _roots().get(certificate.subject.public_bytes(), ()):
        if root.public_key() == certificate.public_key():
            return True
    for root in _roots().get(certificate.issuer.public_bytes(), ()):
        try:
            certificate.verify_directly_issued_by(root)
        except (InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm):
            continue
        return True
    return False


@cache
def _roots() -> Mapping[bytes, tuple[x509.Certificate, ...]]:
    with catch_warnings():
        simplefilter("ignore")  # one old root has a serial number that is not positive
        roots = x509.load_pem_x509_certificates(Path(certifi.where()).read_bytes())
    found: dict[bytes, tuple[x509.Certificate, ...]] = {}
    for root in roots:
        name = root.subject.public_bytes()
        found[name] = (*found.get(name, ()), root)
    return found


def _names(certificate: x509.Certificate) -> set[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return set()
    return {name.lower() for name in names.get_values_for_type(x509.DNSName)}


def _stamp(signed: Mapping[str, Any], signature: str) -> datetime | None:
    """Return the time of a valid stamp over the signature, None without one or from an authority nobody knows."""
    if not signed.get("timeSignature"):
        return None
    chain = _certificates(_text(signed, "timestampCert"))
    try:
        stamp = rfc3161_client.decode_timestamp_response(base64.b64decode(_text(signed, "timeSignature")))
        build = rfc3161_client.VerifierBuilder(roots=[chain[-1]], tsa_certificate=chain[0])
        build.build().verify_message(stamp, signature.encode())
        stamped_at = stamp.tst_info.gen_time
    except (VerificationError, binascii.Error, ValueError) as error:
        raise SealBroken("cap waktu tidak cocok dengan tanda tangannya") from error
    known = chain[-1].fingerprint(hashes.SHA256()).hex() in _TIME_ROOTS or _is_trusted(chain[-1])
    return stamped_at.astimezone(UTC) if known else None


def _text(signed: Mapping[str, Any], key: str) -> str:
    value = signed.get(key)
    if not isinstance(value, str) or not value or not value.isascii():
        raise SealBroken(f"bagian {key} pada segel tidak ada atau tidak terbaca")
    return value


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
