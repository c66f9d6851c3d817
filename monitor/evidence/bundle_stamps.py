"""Timestamps in a bundle: that an authority answered about a manifest and, given its certificate, signed it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import ConfigError, EvidenceError
from monitor.evidence.bundle_verify import Stamped


def stamp_checker(certificate: Path | None) -> Stamped:
    """Return how stamps are checked; without a certificate the signature is not. ConfigError for a bad certificate."""
    from cryptography import x509  # loads slowly, and only commands that check stamps need it
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    verifier = None
    if certificate is not None:
        try:
            chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        except (OSError, ValueError) as error:
            raise ConfigError(f"Sertifikat {certificate} tidak terbaca", "berikan berkas PEM") from error
        roots = [one for one in chain if one.issuer == one.subject]
        if not roots:
            raise ConfigError(f"Sertifikat {certificate} tidak memuat sertifikat induk", "tambahkan induknya")
        verifier = VerifierBuilder(roots=roots, intermediates=[one for one in chain if one not in roots]).build()

    def check(answer: bytes, manifest: bytes) -> datetime:
        try:
            response = decode_timestamp_response(answer)
            token = response.tst_info
            if token.message_imprint.message != hashlib.sha256(manifest).digest():
                raise EvidenceError("stempel ini bukan atas manifes tersebut")
            if verifier is not None:
                verifier.verify_message(response, manifest)
        except VerificationError as error:
            raise EvidenceError("stempel ini tidak ditandatangani pemilik sertifikat yang diberikan") from error
        except ValueError as error:
            raise EvidenceError("bukan jawaban stempel waktu") from error
        at: datetime = token.gen_time
        return at.astimezone(UTC)

    return check
