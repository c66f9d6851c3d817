"""Groups of commands whose modules are imported when they are asked for: a start costs what its command needs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Home(NamedTuple):
    """The module of a command, and the line that a list of commands says of it."""

    module: str
    line: str


def on_demand(homes: Mapping[str, Home]) -> type[TyperGroup]:
    """Return a kind of group that finds each command in the module named beside it, in this order in the help.

    A module adds its commands by `register(app)`, or has an `app` of its own, which becomes the group of that name and
    takes its line from here. Lists of commands, in the help and for completion, import none of the modules.
    """
    return type("OnDemand", (_OnDemand,), {"homes": dict(homes)})


class _Commands(Mapping[str, Any]):
    """The commands by name; each is imported when it is looked up."""

    def __init__(self, homes: Mapping[str, Home], markup: Any) -> None:
        self.homes = homes
        self.markup = markup
        self.loaded: dict[str, Any] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.homes)

    def __len__(self) -> int:
        return len(self.homes)

    def __getitem__(self, name: str) -> Any:
        if name not in self.loaded:
            self._load(name, self.homes[name])
        return self.loaded[name]

    def listed(self, name: str) -> Any:
        """Return what a list says of a command, without importing it; None for an unknown one."""
        if name in self.loaded or name not in self.homes:
            return self.loaded.get(name)
        return TyperCommand(name, help=self.homes[name].line)

    def _load(self, name: str, home: Home) -> None:
        with _no_search_for_rubbish():
            module = import_module(home.module)
        part = typer.Typer(rich_markup_mode=self.markup, pretty_exceptions_enable=False)
        if hasattr(module, "register"):
            module.register(part)
        else:
            part.add_typer(module.app, name=name, help=home.line)
        self.loaded.update(typer.main.get_group(part).commands)


@contextmanager
def _no_search_for_rubbish() -> Iterator[None]:
    """Search for no rubbish while modules are loaded, a fifth of a start: they make hardly any, and stay to the end."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searching:
            gc.enable()


class _OnDemand(TyperGroup):
    homes: ClassVar[Mapping[str, Home]] = {}

    @property  # type: ignore[override]  # nobody adds to them
    def commands(self) -> Mapping[str, Any]:
        return self._commands

    @commands.setter
    def commands(self, value: Mapping[str, Any]) -> None:
        assert not value  # a group of this kind has no other commands than those of its homes
        self._commands = _Commands(self.homes, self.rich_markup_mode)

    def main(self, *args: Any, **more: Any) -> Any:
        """Run the command line; what is wrong with it is told as every other error, with the exit code 2."""
        more["standalone_mode"], alone = False, more.get("standalone_mode", True)
        start: Callable[..., Any] = super().main
        if not alone:
            return start(*args, **more)
        try:
            code = start(*args, **more)
        except typer.Abort:
            print("pantau: dibatalkan", file=sys.stderr)
            sys.exit(1)
        except typer.TyperException as error:
            from monitor.cli.usage_words import usage_words  # only for whoever mistyped

            if said := usage_words(error):
                print(f"pantau: {said}", file=sys.stderr)
            sys.exit(getattr(error, "exit_code", 2))
        except OSError as error:  # commands tell their own; what is left is the writing of a help
            from monitor.errors import plainly

            print(f"pantau: keluaran perintah ini tidak dapat ditulis: {plainly(error)}", file=sys.stderr)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the interpreter writes what is left on its way out
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names without importing anything."""
        del ctx
        return list(self.homes)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return what a list says of a command: a name and a line, unless it was imported before."""
        del ctx
        return self._commands.listed(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that is to be run, importing only its module."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, self._commands[name] if name is not None else command, rest
