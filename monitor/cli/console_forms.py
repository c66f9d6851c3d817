"""What the console may do with forms: the same drawing and issuing as the command line."""

from __future__ import annotations

from functools import partial

from monitor.cli.form_work import drawn, issued, opened_version, sheet
from monitor.web.deps import FormRoom
from monitor.workspace import Workspace


def form_room(space: Workspace) -> FormRoom:
    """Return what forms need, over a workspace."""
    return FormRoom(
        draw=partial(drawn, space),
        sheet=partial(sheet, space),
        issue=partial(issued, space),
        open=partial(opened_version, space),
    )
