"""What every command shares: the chosen workspace and the seam where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from monitor.denials import mending
from monitor.errors import PantauError, plainly
from monitor.redaction import redact
from monitor.settings_home import find_home

if TYPE_CHECKING:
    from monitor.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")

EXIT_PERSON = 1  # done, with problems that need a person
EXIT_USAGE = 2
EXIT_REFUSED = 3

JsonFlag = Annotated[bool, typer.Option("--json", help="Sebagai JSON.")]


@dataclass(frozen=True, slots=True)
class Invocation:
    """The global options of this run."""

    home: Path


def errors_console() -> Console:
    """Return the console for people's eyes; standard output is left to results."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def tell(what: str) -> None:
    """Print a line for people's eyes."""
    errors_console().print(f"pantau: {what}", markup=False)


def home_of(context: typer.Context) -> Path:
    """Return the workspace folder that was asked for."""
    found = context.find_object(Invocation)
    return found.home if found is not None else find_home(None)


@contextmanager
def opened(context: typer.Context) -> Iterator[Workspace]:
    """Open the workspace for the length of a command."""
    from monitor.workspace import workspace  # every part of the program: only for commands that open one

    with workspace(home_of(context)) as space:
        yield space


def _is_of_output(error: OSError) -> bool:
    """Whether it was standard output that took no more, when the work itself is done: it takes no empty line either."""
    if error.filename is not None:
        return False
    try:
        print(flush=True)
    except OSError:
        return True
    return False


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the error tree into a message on stderr and its exit code; anything else is a fault of the program."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PantauError as error:
            print(redact(f"pantau: {error}"), file=sys.stderr)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            print("pantau: dihentikan; pekerjaan yang belum selesai dilanjutkan pada jalan berikutnya", file=sys.stderr)
            raise typer.Exit(EXIT_PERSON) from error
        except BrokenPipeError as error:
            # Whoever read our output has seen enough; keep the interpreter from complaining on its way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(EXIT_PERSON) from error
        except MemoryError as error:
            mend = "hentikan program lain, lalu ulangi; yang sudah tersimpan tetap utuh"
            print(f"pantau: Memori mesin ini habis — {mend}", file=sys.stderr)
            raise typer.Exit(EXIT_PERSON) from error
        except OSError as error:
            if _is_of_output(error):
                where = "lihat hasilnya dengan `pantau night` atau `pantau schedule history`"
                print(f"pantau: keluaran perintah ini tidak dapat ditulis: {plainly(error)} — {where}", file=sys.stderr)
                raise typer.Exit(EXIT_PERSON) from error
            name = f" ({error.filename})" if error.filename else ""
            mend = mending(error, "")
            print(redact(f"pantau: {plainly(error)}{name}{f' — {mend}' if mend else ''}"), file=sys.stderr)
            raise typer.Exit(EXIT_PERSON) from error

    return run
