"""`pantau notify`: digests by mail and webhooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.desk.notices import Sent
    from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)


@app.command("send", epilog="Contoh: pantau notify send --dry-run")
@reports_errors
def send(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya tampilkan apa yang akan dikirim.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Kirim ringkasan yang jatuh waktunya, dan ulangi yang gagal; diam bila tidak ada yang perlu dikatakan."""
    with opened(context) as space:
        if dry_run:
            _show_plan(space, as_json)
            return
        sent = _send(space)
    if as_json:
        print_json({"made": sent.made, "sent": sent.sent, "failed": sent.failed, "dead": sent.dead})
    else:
        say(f"{sent.sent} pesan terkirim, {sent.failed} gagal." if sent.sent or sent.failed else "Tidak ada pesan.")
    if sent.failed or sent.dead:
        errors_console().print(
            f"pantau: {sent.failed} gagal kali ini, {sent.dead} ditinggalkan; lihat `pantau notify list`", markup=False
        )
        raise typer.Exit(EXIT_PERSON)


@app.command("test", epilog="Contoh: pantau notify test --to rina@contoh.example")
@reports_errors
def test(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="Alamat surel penerima uji.")] = "",
    webhook: Annotated[str, typer.Option(help="Nama webhook yang diuji.")] = "",
    channels: Annotated[bool, typer.Option("--channels", help="Uji saluran kantor.")] = False,
) -> None:
    """Kirim satu pesan uji, tanpa data siapa pun."""
    from monitor.notify.carriers import send_mail
    from monitor.notify.messages import trial
    from monitor.post_office import carriers_of, mailbox, send_channels

    if sum(map(bool, (to, webhook, channels))) != 1:
        raise UsageError("Penerima uji belum disebut, atau lebih dari satu", "pilih --to, --webhook, atau --channels")
    with opened(context) as space:
        text = trial(space.settings.agency.name)
        if to:
            send_mail(mailbox(space.settings), to, text)
        elif channels:
            send_channels(space.settings, text)
        else:
            hook = carriers_of(space.settings, space.clock).hooks.get(webhook)
            if hook is None:
                known = ", ".join(one.name for one in space.settings.notify.webhooks) or "belum ada"
                raise UsageError(f"Webhook {webhook} tidak ada", f"yang ada: {known}")
            hook(json.dumps({"event": "uji"}).encode(), "uji")
    say("Pesan uji diterima.")


@app.command("list", epilog="Contoh: pantau notify list --json")
@reports_errors
def list_messages(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan pesan terakhir: terkirim, menunggu, atau gagal beserta sebabnya."""
    from db import notifications

    with opened(context) as space:
        with space.database.read() as session:
            rows = notifications.list_messages(session)
        most, zone = space.settings.notify.attempts, space.settings.agency.zone
    told: list[dict[str, Any]] = [
        {
            "id": row.id,
            "channel": row.channel,
            "target": row.target,
            "subject": row.subject,
            "created_at": row.created_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            "attempts": row.attempts,
            "state": "sent" if row.sent_at else "dead" if row.attempts >= most else "waiting",
            "error": row.error,
        }
        for row in rows
    ]
    if as_json:
        print_json(told)
        return
    words = {"sent": "terkirim", "dead": "ditinggalkan", "waiting": "menunggu"}
    cells = [
        (one["id"], f"{row.created_at.astimezone(zone):%d-%m-%Y %H:%M}", one["target"], one["subject"],
         words[one["state"]], one["attempts"], one["error"] or "")
        for one, row in zip(told, rows, strict=True)
    ]  # fmt: skip
    print_table("Pesan", ("No", "Dibuat", "Kepada", "Perihal", "Keadaan", "Percobaan", "Sebab"), cells)


def _send(space: Workspace) -> Sent:
    from monitor.desk import notices
    from monitor.post_office import carriers_of, office_of

    office = office_of(space.settings)
    return notices.send(space.database, office, carriers_of(space.settings, space.clock), space.clock)


def _show_plan(space: Workspace, as_json: bool) -> None:
    from monitor.desk import notices
    from monitor.post_office import office_of

    planned = notices.plan(space.database, office_of(space.settings), space.clock())
    if as_json:
        print_json([{"channel": m.channel, "target": m.target, "subject": m.subject} for m in planned])
    elif planned:
        print_table("Akan dikirim", ("Lewat", "Kepada", "Perihal"), [(m.channel, m.target, m.subject) for m in planned])
    else:
        say("Tidak ada yang perlu dikirim.")
