"""The settings of the evidence store become a store here."""

from __future__ import annotations

from monitor.errors import ConfigError
from monitor.evidence.buckets import Access, open_bucket
from monitor.evidence.store import EvidenceStore
from monitor.private_files import private_text
from monitor.settings import Settings
from monitor.vault import Vault


def evidence_of(settings: Settings, vault: Vault) -> EvidenceStore:
    """Return the office's store; ConfigError when the file with its keys is missing or open to others.

    Nothing is asked of a bucket before its first use.
    """
    told = settings.evidence
    if not told.elsewhere:
        return EvidenceStore(settings.evidence_dir, vault)
    key, secret = _keys(settings)
    access = Access(told.endpoint_url, key, secret, told.timeout_seconds)
    return EvidenceStore(settings.evidence_dir, vault, open_bucket(told.url, access, settings.evidence_dir))


def _keys(settings: Settings) -> tuple[str, str]:
    told = settings.evidence
    if told.key is not None and told.secret is not None:
        return told.key.get_secret_value(), told.secret.get_secret_value()
    if told.credentials_file is None:
        return "", ""
    path = settings.home / told.credentials_file
    lines = private_text(path).split()
    if len(lines) != 2:
        raise ConfigError(f"Berkas rahasia {path} tidak lengkap", "isi kunci pada baris pertama, rahasianya pada kedua")
    return lines[0], lines[1]
