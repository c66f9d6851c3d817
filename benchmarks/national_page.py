"""The national plan as a results page and as the Indonesian guide to sizes."""

from __future__ import annotations

from typing import Any

_NAMES = {1: "satu kabupaten/kota", 38: "38 kabupaten/kota (satu provinsi besar)", 514: "seluruh Indonesia"}
_DAY = 24.0


def page(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    costs, checked = document["costs"], document["check"]
    lines = [
        "# One office, a province, the country\n",
        f"Machine: {document['machine']}. One core: {costs['request'] * 1000:.2f} ms a request with all that follows,",
        f"{costs['act'] * 1e6:.0f} µs a stored act, {costs['text'] * 1e6:.0f} µs a judged act;",
        f"{costs['act_bytes']:.0f} bytes an act, {costs['answer_bytes']:.0f} bytes a kept answer.\n",
        "| offices | requests a day | acts a day | workers | hours | slowest | judging h | Rp a day | GB a campaign |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in document["plans"]:
        figures = f"{row['requests']:,} | {row['acts']:,} | {row['workers']} | {row['hours']:.1f} | {row['slowest']}"
        rest = f"{row['judging_hours']:.2f} | {row['rupiah_a_day']:,} | {row['gigabytes']:,.1f}"
        lines.append(f"| {row['offices']} | {figures} | {rest} |")
    lines += [
        "",
        f"Played against a real run of {checked['requests']:,} requests ({checked['scale']:.1%} of the likes of a",
        f"national day): {checked['seconds']:.1f} s really, {checked['played_seconds']:.1f} s played, ratio",
        f"{checked['ratio']:.2f}; processor time {checked['cpu_ratio']:.2f} of what was reckoned.",
    ]
    return "\n".join(lines) + "\n"


def guide(document: dict[str, Any]) -> str:
    """Return the guide for who buys machines, wholly made from a run's figures."""
    return "\n".join([*_head(document), *_table(document), *_reading(document), *_assumed(document)]) + "\n"


def _head(document: dict[str, Any]) -> list[str]:
    costs = document["costs"]
    return [
        "# Ukuran mesin",
        "",
        "Berapa pekerja, permintaan, jam, rupiah, dan gigabita yang diperlukan. Halaman ini dibuat oleh",
        "`make national` dari angka yang diukur pada satu mesin lalu dimainkan untuk satu hari;",
        "jangan disunting dengan tangan.",
        "",
        f"Mesin ukur: {document['machine']}. Pada satu inti prosesor: {_id(costs['request'] * 1000, 1)} milidetik",
        "untuk satu permintaan beserta semua yang mengikutinya (membaca, menyaring, menyimpan jawaban dan barisnya),",
        f"{_id(costs['act'] * 1e6)} mikrodetik untuk menyimpan satu tindakan, {_id(costs['text'] * 1e6)} mikrodetik",
        f"untuk menilainya. Satu tindakan memakan {_id(costs['act_bytes'])} bita basis data, satu jawaban",
        f"{_id(costs['answer_bytes'])} bita bukti.",
        "",
    ]


def _table(document: dict[str, Any]) -> list[str]:
    days = document["country"]["days"]
    lines = [
        "| | " + " | ".join(_NAMES[row["offices"]] for row in document["plans"]) + " |",
        "|---|" + "---|" * len(document["plans"]),
    ]
    rows = (
        ("pasangan calon", "pairs", 0),
        ("ASN dalam daftar", "asn", 0),
        ("unggahan calon sehari", "posts", 0),
        ("permintaan sehari", "requests", 0),
        ("tindakan ASN sehari", "acts", 0),
        ("pekerja (satu inti tiap pekerja)", "workers", 0),
        ("jam sampai semua terbaca", "hours", 1),
        ("platform paling lama", "slowest", -1),
        ("jam menilai (satu inti)", "judging_hours", 2),
        ("rupiah sehari untuk API berbayar", "rupiah_a_day", 0),
        (f"gigabita selama {days} hari", "gigabytes", 1),
    )
    for label, name, digits in rows:
        cells = [row[name] if digits < 0 else _id(row[name], digits) for row in document["plans"]]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _reading(document: dict[str, Any]) -> list[str]:
    checked = document["check"]
    lines = [
        "## Cara membacanya",
        "",
        "Yang menentukan jam hampir selalu sopan santun kepada platform, bukan mesin: satu peladen ditanya tidak lebih",
        "cepat daripada yang diizinkannya, berapa pun pekerjanya. Pekerja ditambah hanya sampai bukan lagi pekerja",
        "yang ditunggu.",
    ]
    for row in document["plans"]:
        if row["hours"] > _DAY:
            share = _id(100 * _DAY / row["hours"])
            lines += [
                "",
                f"Untuk {_NAMES[row['offices']]}, {row['slowest']} memerlukan {_id(row['hours'], 1)} jam: **tidak muat",
                f"dalam sehari**. Dalam 24 jam terbaca {share} persen; yang terbaca dibagi adil menurut anggaran",
                "(`pantau scan --plan`), atau platform diminta memberi jatah yang lebih besar.",
            ]
    return [
        *lines,
        "",
        f"Permainan ini dibandingkan dengan kejadian nyata: {_id(checked['requests'])} permintaan",
        f"({_id(checked['scale'] * 100, 1)} persen daftar suka sehari nasional) ke peladen di mesin yang sama memakan",
        f"{_id(checked['seconds'], 1)} detik, menurut permainan {_id(checked['played_seconds'], 1)} detik, nisbah",
        f"{_id(checked['ratio'], 2)}.",
        "",
    ]


def _assumed(document: dict[str, Any]) -> list[str]:
    country = document["country"]
    lines = [
        "## Andaian",
        "",
        f"Sehari nasional: {_id(country['posts'])} unggahan calon, {_id(country['engagers'])} pelaku tiap unggahan,",
        f"{_id(country['registered'] * 100)} persen di antaranya ada dalam daftar ASN; satu unggahan dibaca",
        f"{_id(country['readings'])} kali. Satu dolar {_id(country['rupiah_per_dollar'])} rupiah; harga menurut",
        "manifes platform, dan tiap unggahan dibayar sekali. Pembagian unggahan menurut platform adalah andaian, bukan",
        "ukuran:",
        "",
        "| platform | bagian | peladen | permintaan per detik tiap peladen | permintaan tiap pembacaan |",
        "|---|---|---|---|---|",
    ]
    for one in document["platforms"]:
        reach = f"{one['hosts']} | {_id(one['rps'], 1)} | {_id(one['requests'], 1)}" if one["hosts"] else " | | "
        name = one["name"] if one["hosts"] else "impor (Instagram, Facebook, TikTok, Threads)"
        lines.append(f"| {name} | {_id(one['share'] * 100)}% | {reach} |")
    return lines


def _id(value: float, digits: int = 0) -> str:
    """Write a number as Indonesians do."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
