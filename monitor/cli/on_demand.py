"""Groups of commands whose modules are imported when they are asked for: a start costs what its command needs."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup


def on_demand(homes: Mapping[str, str]) -> type[TyperGroup]:
    """Return a kind of group that finds each command in the module named beside it, in this order in the help.

    A module adds its commands by `register(app)`, or has an `app` of its own, which becomes the group of that name.
    """
    return type("OnDemand", (_OnDemand,), {"homes": dict(homes)})


class _OnDemand(TyperGroup):
    homes: ClassVar[Mapping[str, str]] = {}

    @property
    def commands(self) -> MutableMapping[str, Any]:  # all of them, for who asks for all
        for name in self.homes:
            self._load(name)
        return {name: self._loaded[name] for name in self.homes}

    @commands.setter
    def commands(self, value: Mapping[str, Any]) -> None:
        self._loaded = dict(value)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names without importing anything."""
        del ctx
        return list(self.homes)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return one command, importing only its module."""
        del ctx
        self._load(cmd_name)
        return self._loaded.get(cmd_name)

    def _load(self, name: str) -> None:
        if name in self._loaded or name not in self.homes:
            return
        module = import_module(self.homes[name])
        part = typer.Typer(rich_markup_mode=self.rich_markup_mode, pretty_exceptions_enable=False)
        if hasattr(module, "register"):
            module.register(part)
        else:
            part.add_typer(module.app, name=name)
        group = typer.main.get_group(part)
        self._loaded.update(group.commands)
