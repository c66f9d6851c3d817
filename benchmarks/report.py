"""The results of mention search as a Markdown page and a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.comments import KINDS
from benchmarks.ways import EXTRACT, LOOP, OURS, TWO_STAGE

_KIND_TITLES = {
    "clean": "clean",
    "leet": "leet",
    "stretched": "stretched",
    "run_on": "hashtag, run-on",
    "one_edit": "one edit",
    "two_edits": "two edits",
}


_HEAD = (
    "Machine: {machine}. Invented register and comments, seed {seed}; texts per second of processor time, median of "
    "three rounds in which every way reads the same texts.\n"
)


def table(document: dict[str, Any]) -> str:
    """Return the page: the bars first, then a table for each size."""
    parts = [
        "# Mention search\n",
        _HEAD.format_map(document),
        _bars(document["sizes"]),
        *(_size(size) for size in document["sizes"]),
        "![Speed and recall](mentions.svg)\n",
    ]
    return "\n".join(parts)


def _bars(sizes: list[dict[str, Any]]) -> str:
    lines = ["| bar | wanted | measured |", "|---|---|---|"]
    held = {size["patterns"]: size for size in sizes}
    country = next((s for s in sizes if s["pairs"] == 1557), None)
    if country is not None and _of(country, OURS):
        ours, bare, loop = (_of(country, name) for name in (OURS, TWO_STAGE, LOOP))
        lines.append(f"| texts/s with all {country['pairs']:,} pairs | ≥ 20,000 | {_speed(ours):,.0f} |")
        if bare:
            lines.append(f"| against the bare two-stage | ≥ 0.33 | {_speed(ours) / _speed(bare):.2f} |")
            behind = [f"{_KIND_TITLES[k]} {ours['recall'][k] - bare['recall'][k]:+.3f}" for k in ours["recall"]]
            lines.append(f"| recall against the bare two-stage | ≥ 0 each | {', '.join(behind)} |")
        if loop:
            lines.append(f"| against the rapidfuzz loop | ≥ 200 | {_speed(ours) / _speed(loop):,.0f} |")
        if quickest := _of(country, EXTRACT):
            ratio = _speed(ours) / _speed(quickest)
            lines.append(f"| against rapidfuzz's quickest form, 90 or more | – | {ratio:,.0f} |")
        largest = held[max(held)]
        if largest is not country and _of(largest, OURS):
            slower = _speed(ours) / _speed(_of(largest, OURS))
            lines.append(f"| slower from {country['patterns']:,} to {largest['patterns']:,} | ≤ 2 | {slower:.2f} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def _of(size: dict[str, Any], name: str) -> Any:
    return next((row for row in size["ways"] if row["way"] == name), None)


def _speed(row: Any) -> float:
    return float(row["texts_per_second"] or 1)


def _size(size: dict[str, Any]) -> str:
    kinds = [kind for kind in KINDS if any(kind in row["recall"] for row in size["ways"])]
    head = ["way", "texts/s", "build s", *(_KIND_TITLES[k] for k in kinds), "wrong pair /1,000", "false /1,000"]
    lines = [
        f"## {size['patterns']:,} patterns, {size['pairs']:,} pairs\n",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for row in size["ways"]:
        speed = f"{row['texts_per_second']:,}" if row["texts_per_second"] else "–"
        wrong = "–" if row["wrong_pair_per_1000"] is None else f"{row['wrong_pair_per_1000']:g}"
        cells = [row["way"], speed, f"{row['build_seconds']:.1f}", *(f"{row['recall'][k]:.3f}" for k in kinds)]
        lines.append("| " + " | ".join([*cells, wrong, f"{row['false_per_1000']:g}"]) + " |")
    return "\n".join(lines) + "\n"


def chart(document: dict[str, Any], path: Path) -> None:
    """Draw speed over size, and recall by kind at the largest size that every way was tried on."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "pantau", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.6))
    sizes = [size for size in document["sizes"] if any(row["recall"] for row in size["ways"])]
    names = list(dict.fromkeys(row["way"] for size in sizes for row in size["ways"]))
    for name in names:
        points = [(s["patterns"], _of(s, name)["texts_per_second"]) for s in sizes if _of(s, name)]
        points = [(x, y) for x, y in points if y]
        if points:
            left.plot(*zip(*points, strict=True), marker="o", label=name, linewidth=2.5 if name == OURS else 1)
    left.set(xscale="log", yscale="log", xlabel="patterns", ylabel="texts/s of one core")
    left.grid(visible=True, alpha=0.3)
    left.legend(fontsize=7)
    _recall(right, next((s for s in sizes if s["pairs"] == 1557), sizes[-1]) if sizes else None)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _recall(axes: Any, size: dict[str, Any] | None) -> None:
    if size is None:
        return
    rows = size["ways"]
    width = 0.8 / len(rows)
    for place, row in enumerate(rows):
        heights = [row["recall"][kind] for kind in KINDS]
        axes.bar([i + place * width for i in range(len(KINDS))], heights, width, label=row["way"])
    axes.set_xticks([i + 0.4 for i in range(len(KINDS))], [_KIND_TITLES[k] for k in KINDS], rotation=15)
    axes.set(ylabel="recall", title=f"{size['patterns']:,} patterns", ylim=(0, 1.05))
    axes.legend(fontsize=6, loc="lower left")
