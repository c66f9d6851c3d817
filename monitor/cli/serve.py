"""`pantau serve`: the review console."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import opened, reports_errors


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Contoh: pantau --workspace /srv/pantau serve --port 8000")(serve)


@reports_errors
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Alamat; bawaannya hanya mesin ini.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Porta.")] = 8000,
) -> None:
    """Buka konsol peninjauan di peramban."""
    from monitor.assembly import lay_calendar
    from monitor.cli.console import console_parts
    from monitor.web.app import create_app
    from monitor.web.serve import run

    with opened(context) as space:
        lay_calendar(space)
        run(create_app(console_parts(space)), host, port, proxies=space.settings.web.proxies)
