"""`pantau backup` and `pantau restore`: a copy of the whole workspace that is proven to open, and its way back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.backup.layout import choose
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, home_of, opened, reports_errors
from monitor.cli.output import print_json, say

if TYPE_CHECKING:
    from monitor.backup.restore import Restored


_TOLD = 20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", epilog="Contoh: pantau backup /mnt/cadangan --keep 14")(backup)
    app.command("restore", epilog="Contoh: pantau --workspace /srv/pantau restore /mnt/cadangan")(restore)


@reports_errors
def backup(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", readable=False, help="Folder cadangan, sebaiknya di cakram lain.")
    ],
    keep: Annotated[
        int | None, typer.Option(min=0, help="Simpan sekian cadangan terakhir; 0: semua. Bawaannya backup.keep.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Cadangkan seluruh ruang kerja, terenkripsi, dan buktikan cadangan itu terbuka; pekerjaan lain tetap jalan."""
    from monitor.backup.take import folder_of_backups, take
    from monitor.scan.lock import single_flight

    with opened(context) as space:
        goal = folder_of_backups(space.settings, directory)
        kept_back = (space.settings.backup.keep if keep is None else keep) or None
        with single_flight(goal / ".kunci", "Pencadangan"):
            taken = take(space.settings, space.database, space.evidence.place, goal, space.clock(), kept_back)
    if as_json:
        print_json({
            "folder": str(taken.folder), "new_evidence": taken.evidence_new, "problems": list(taken.problems),
            "removed": list(taken.removed), **asdict(taken.contents),
        })  # fmt: skip
    else:
        kept = taken.contents
        say(f"Cadangan lengkap di {taken.folder}: {kept.rows} baris, {kept.evidence_files} berkas bukti.")
        say(f"{taken.evidence_new} berkas bukti baru; sha256 {kept.sha256}. Cadangan sudah dibuka kembali dan cocok.")
        for name in taken.removed:
            say(f"Cadangan lama {name} dihapus.")
    for problem in taken.problems:
        errors_console().print(f"pantau: data yang dicadangkan: {problem}", markup=False)
    if taken.problems:
        raise typer.Exit(EXIT_PERSON)


@reports_errors
def restore(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="Folder cadangan.")],
    at: Annotated[str | None, typer.Option(help="Awal nama cadangan, misalnya 2026-11-22; bawaannya terakhir.")] = None,
    identity: Annotated[
        Path | None,
        typer.Option(readable=False, help="Berkas kunci cadangan; bawaannya data/keys/cadangan.key ruang kerja ini."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Pulihkan cadangan ke ruang kerja yang kosong, lalu periksa keutuhannya."""
    restored, problems = _brought_back(home_of(context), choose(directory.resolve(), at), identity)
    if as_json:
        print_json({
            "backup": str(restored.backup), "left": list(restored.left), "strays": list(restored.strays),
            "evidence_strays": restored.evidence_strays, "problems": problems,
            **asdict(restored.contents),
        })  # fmt: skip
    else:
        say(f"{restored.contents.rows} baris dan {restored.contents.evidence_files} berkas bukti dari "
            f"{restored.backup.name} dipulihkan ke {restored.settings.home}.")  # fmt: skip
        for name in restored.left:
            say(f"{name} sudah ada dan dibiarkan; bandingkan dengan isi cadangan bila perlu.")
        _say_strays(restored)
        if not problems:
            say("Yang dipulihkan utuh: semua pemeriksaan lolos.")
    for problem in problems:
        errors_console().print(f"pantau: {problem}", markup=False)
    if problems:
        raise typer.Exit(EXIT_PERSON)


def _say_strays(restored: Restored) -> None:
    """Tell what lies beside what was restored: it comes from before, and the program may read it."""
    for name in restored.strays[:_TOLD]:
        say(f"{name} tidak ada dalam cadangan dan dibiarkan; hapus bila tidak dipakai lagi.")
    if (more := len(restored.strays) - _TOLD) > 0:
        say(f"Begitu pula {more} berkas lain.")
    if restored.evidence_strays:
        told = f"{restored.evidence_strays} berkas bukti tidak disebut cadangan dan dibiarkan"
        say(f"{told}; lihat `pantau evidence verify` dan `pantau evidence sweep`.")


def _brought_back(home: Path, chosen: Path, identity: Path | None) -> tuple[Restored, list[str]]:
    """Restore, write down that it was done, and return what does not hold in what is there now."""
    from db import audit, planned_visits, verify
    from monitor.backup.keys import KEY_FILE, read_identities
    from monitor.backup.restore import restore as bring_back
    from monitor.evidence.opening import evidence_of
    from monitor.installation import catch_up
    from monitor.vault import Vault
    from monitor.workspace import workspace

    opens = read_identities(identity or home / "data" / "keys" / KEY_FILE)
    restored = bring_back(chosen, home, opens, lambda told: evidence_of(told, Vault.load(told.keys_dir)).place)
    with workspace(home) as space:
        if restored.older:
            catch_up(space.settings, space.clock())
        with space.database.write() as session:
            audit.record(
                session, actor="program", action="backup.restored", subject=f"backup:{chosen.name}",
                detail={"sha256": restored.contents.sha256}, now=space.clock(),
            )  # fmt: skip
        with space.database.read() as session:
            problems = [f"{one.invariant}: {one.detail}" for one in verify.verify(session)]
            digests = verify.evidence_digests(session)
            resumed = timedelta(hours=space.settings.scan.resume_hours)
            night = planned_visits.open_night(session, space.clock(), resumed)
        if night is not None:  # no backup holds its mark, without which no worker would go on with it
            space.evidence.mark(night.run.id)
        problems += [f"bukti: {digest}: {reason}" for digest, reason in space.evidence.damaged(iter(digests))]
    return restored, problems
