"""The files of an office for a played world: registers, contest and settings, as an officer would have written them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.peers.world import CONTEST_NAME, REGION, Part, World

ASN_COLUMNS = ("nip", "nama", "jenis", "instansi", "jabatan", "wilayah", "catatan")
ACCOUNT_COLUMNS = ("nip", "platform", "akun", "status", "cara", "bukti", "berlaku_mulai", "berlaku_sampai")
PAIRS = (
    {
        "number": 1,
        "people": [
            {"role": "utama", "official_name": "H. BUDI CONTOH, S.E.", "short_names": ["Budi"]},
            {"role": "wakil", "official_name": "SITI TELADAN", "short_names": ["Siti"]},
        ],
        "aliases": ["BUSI"],
        "slogans": ["Contoh Bangkit"],
        "hashtags": ["BusiMenang"],
        "parties": ["Partai A"],
    },
    {
        "number": 2,
        "people": [
            {"role": "utama", "official_name": "Ir. RAKA MISAL", "short_names": ["Raka"]},
            {"role": "wakil", "official_name": "DEWI UMPAMA, M.Pd.", "short_names": ["Dewi"]},
        ],
        "aliases": ["RADE"],
        "slogans": ["Contoh Maju Bersama"],
        "hashtags": ["RadeJuara"],
        "parties": ["Partai B"],
    },
)


def asn_rows(world: World) -> list[dict[str, str]]:
    """Return the rows of asn.csv."""
    return [
        {"nip": a.nip, "nama": a.name, "jenis": a.employment, "instansi": a.agency, "jabatan": a.position,
         "wilayah": REGION, "catatan": ""}
        for a in world.having(Part.ASN)
    ]  # fmt: skip


def account_rows(world: World, platform: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of akun.csv; `names` maps the keys of actors to what the register writes for the account."""
    return [
        {"nip": a.nip, "platform": platform, "akun": names[a.key], "status": a.attribution,
         "cara": "pernyataan pemilik", "bukti": f"BA-{number:03d}/2026", "berlaku_mulai": "", "berlaku_sampai": ""}
        for number, a in enumerate(world.having(Part.ASN), start=1)
    ]  # fmt: skip


def contest(world: World, platform: str, names: Mapping[str, str]) -> dict[str, object]:
    """Return the contest file as values."""
    first = world.stages[0][1].isoformat()
    status = [{"from": first, "is": "bakal_calon"}, {"from": world.determined_at.isoformat(), "is": "calon"}]

    def accounts(pair: object) -> list[dict[str, str]]:
        return [{"platform": platform, "account": names[a.key], "kind": a.kind}
                for a in world.having(Part.CANDIDATE) if a.pair == pair]  # fmt: skip

    neutral = (*world.having(Part.ELECTION_BODY), *world.having(Part.NEWS))
    return {
        "contest": CONTEST_NAME,
        "region": REGION,
        "office": "bupati",
        "regime": "pilkada",
        "stages": [{"kind": kind, "from": starts.isoformat()} for kind, starts in world.stages],
        "pairs": [dict(pair, status=status, accounts=accounts(pair["number"])) for pair in PAIRS],
        "neutral_accounts": [{"platform": platform, "account": names[a.key], "kind": a.kind} for a in neutral],
    }


def settings(platform: str, urls: Mapping[str, str], allow_hosts: tuple[str, ...] = (), more: str = "") -> str:
    """Return a pantau.toml that may read one platform; urls by their key, e.g. appview_url."""
    lines = [
        "[agency]",
        'name = "Bawaslu Kabupaten Contoh"',
        f'jurisdiction = "{REGION}"',
        'timezone = "Asia/Jakarta"',
        'contact = "pengawasan@contoh.example"',
        "",
        f"[sources.{platform}]",
        "enabled = true",
        'mode = "live_api"',
        'legal_basis = "UU 7/2017 dan UU 10/2016 (contoh)"',
        'permission_ref = "ND-012/2026"',
        'approved_by = "Kordiv Pengawasan"',
        "approved_at = 2026-09-01",
        "retention_days = 365",
        "max_rps = 1000",
        "daily_cap = 100000",
        *(f"{key} = {json.dumps(url)}" for key, url in urls.items()),
        f"allow_hosts = {json.dumps(list(allow_hosts))}",
    ]
    return "\n".join(lines) + "\n" + more


def write_registers(folder: Path, world: World, platform: str, names: Mapping[str, str]) -> None:
    """Write asn.csv, akun.csv and kontes.yml into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "asn.csv", ASN_COLUMNS, asn_rows(world))
    _write_csv(folder / "akun.csv", ACCOUNT_COLUMNS, account_rows(world, platform, names))
    values = json.loads(json.dumps(contest(world, platform, names)))  # no value twice, so that YAML needs no anchors
    text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)
    (folder / "kontes.yml").write_text(text, encoding="utf-8")


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
