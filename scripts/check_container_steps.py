#!/usr/bin/env python3
"""Runs the steps of deploy/Containerfile without a container engine, and what a container would then run.

    python -m scripts.check_container_steps                     in a bare environment of this Python
    python -m scripts.check_container_steps --chroot            on a bare Debian (root and debootstrap), read-only

With `--wheelhouse FOLDER` (see scripts/wheelhouse.py) nothing is fetched from a package index.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
MIRROR = "http://deb.debian.org/debian"
HOME = "/srv/pantau"
_PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its word in capitals, and the rest on one line."""

    word: str
    text: str


@dataclass(slots=True)
class Stage:
    """One image on the way: what it begins from, its name, and its steps in order."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, word: str) -> str:
        """Return what the last such instruction says; nothing where there is none."""
        return next((step.text for step in reversed(self.steps) if step.word == word), "")

    def environment(self) -> dict[str, str]:
        """Return what ENV sets."""
        words = [word for step in self.steps if step.word == "ENV" for word in shlex.split(step.text)]
        return dict(word.split("=", 1) for word in words)

    def health(self) -> list[str]:
        """Return the command of HEALTHCHECK."""
        return list(json.loads(self.last("HEALTHCHECK").partition("CMD ")[2]))

    def command(self) -> list[str]:
        """Return what the image runs when nobody says otherwise."""
        return [*json.loads(self.last("ENTRYPOINT")), *json.loads(self.last("CMD"))]


def read(text: str) -> list[Stage]:
    """Return the stages of a Containerfile; ValueError for a step before the first FROM."""
    stages: list[Stage] = []
    for line in _joined(text):
        word, _, rest = line.partition(" ")
        if word.upper() == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base.strip(), name.strip()))
        elif not stages:
            raise ValueError(f"{word} stands before FROM")
        else:
            stages[-1].steps.append(Step(word.upper(), rest.strip()))
    return stages


def _joined(text: str) -> Iterable[str]:
    """Yield instructions on one line each, without comments."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    yield from re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines()


def offline(wheelhouse: Path | None, seen_as: str) -> dict[str, str]:
    """Return what makes pip take its wheels from a folder, by the name under which a step sees it."""
    if wheelhouse is None:
        return {}
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": seen_as, "PIP_CONFIG_FILE": "/dev/null"}


def in_environment(stages: Sequence[Stage], work: Path, wheelhouse: Path | None) -> None:
    """Run the Python steps of the first stage in a folder, then what the last stage runs; CalledProcessError."""
    target, source = work / "pantau", work / "sumber"
    source.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PANTAU_", "VIRTUAL_"))}
    roda = str((wheelhouse or work) / "roda")
    environment = {**clean, "PIP_NO_COMPILE": "1", "HOME": str(work), **offline(wheelhouse, roda)}
    for step in stages[0].steps:
        if step.word == "COPY":
            copy(step.text, ROOT, source)
        elif step.word == "RUN" and "/opt/pantau" in step.text:
            told = step.text.replace("/opt/pantau", str(target)).replace("python3 ", f"{sys.executable} ", 1)
            _sh(["sh", "-ec", told], environment, source)
    home = work / "ruang"
    path = {"PATH": f"{target / 'bin'}:{os.environ['PATH']}", "PANTAU_HOME": str(home)}
    _serves(lambda command: command, stages[-1], {**environment, **path}, str(home))


def in_chroot(stages: Sequence[Stage], work: Path, base: Path, wheelhouse: Path | None) -> None:
    """Run every step on a copy of a bare Debian, then the image read-only, as its own user and without rights."""
    roots: dict[str, Path] = {}
    for number, stage in enumerate(stages):
        root = work / f"stage-{number}"
        _sh(["cp", "--archive", "--reflink=auto", str(base), str(root)])
        roots[stage.name] = root
        _build(stage, root, roots, wheelhouse)
    image, last = work / f"stage-{len(stages) - 1}", stages[-1]
    volume = work / "volume"
    volume.mkdir(mode=0o700)
    user, group = (int(number) for number in last.last("USER").split(":"))
    os.chown(volume, user, group)
    environment = {**last.environment(), "HOME": HOME}

    def contained(command: Sequence[str]) -> list[str]:
        told = ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), *command]
        return _contained(image, volume, (user, group), told)

    _sh(contained(["touch", f"{HOME}/boleh"]))
    for place in ("/opt/pantau", "/etc", "/usr/bin"):
        if _status(contained(["touch", f"{place}/tidak"])) == 0:
            raise RuntimeError(f"the image can be written at {place}")
    _sh(contained(["rm", f"{HOME}/boleh"]))
    _serves(contained, last, dict(os.environ), HOME)


def _build(stage: Stage, root: Path, roots: Mapping[str, Path], wheelhouse: Path | None) -> None:
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                   "DEBIAN_FRONTEND": "noninteractive", **offline(wheelhouse, "/roda")}  # fmt: skip
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    place = "/"
    for step in stage.steps:
        if step.word == "WORKDIR":
            place = step.text
            (root / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY" and step.text.startswith("--from="):
            origin, source, goal = re.fullmatch(r"--from=(\S+) (\S+) (\S+)", step.text).groups()  # type: ignore[union-attr] # our own file
            _sh(["cp", "--archive", str(roots[origin] / source.lstrip("/")), str(root / goal.lstrip("/"))])
        elif step.word == "COPY":
            copy(step.text, ROOT, root / place.lstrip("/"))
        elif step.word == "RUN":
            bind = f"mkdir -p {root}/roda && mount --bind {wheelhouse / 'roda'} {root}/roda && " if wheelhouse else ""
            script = f"{bind}exec chroot {root} sh -ec {shlex.quote(f'cd {place} && {step.text}')}"
            _sh([*_ALONE, f"--mount-proc={root}/proc", "sh", "-ec", script], environment)


_ALONE = ("unshare", "--mount", "--pid", "--fork", "--kill-child")


def _contained(image: Path, volume: Path, who: tuple[int, int], command: Sequence[str]) -> list[str]:
    """Return how a command runs in the image as compose.yml has it: nothing to write on but its volume and /tmp."""
    user, group = who
    given = " ".join(shlex.quote(word) for word in command)
    script = (
        f"mount --bind {image} {image} && mount --bind {volume} {image}{HOME} && "
        f"mount -o remount,ro,bind {image} && mount -t tmpfs tmpfs {image}/tmp && "  # noqa: S108 - the image's own
        f"mount -t proc proc {image}/proc && "
        f"exec chroot {image} setpriv --reuid={user} --regid={group} --clear-groups --no-new-privs --bounding-set=-all "
        f"-- {given}"
    )
    return [*_ALONE, "sh", "-ec", script]


def copy(text: str, context: Path, into: Path) -> None:
    """Do what a COPY from the context does; compiled files stay behind, as .dockerignore says."""
    *sources, goal = text.split()
    for name in sources:
        source = context / name
        target = into / (Path(goal) / name if goal.endswith("/") else goal)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)


def _serves(
    how: Callable[[Sequence[str]], Sequence[str]], stage: Stage, environment: Mapping[str, str], home: str
) -> None:
    """Make a workspace, run what the image runs until its health check is content, and stop it."""
    _sh(list(how([*stage.command()[:1], "init", home])), environment)
    server = subprocess.Popen(list(how(stage.command())), env=dict(environment), start_new_session=True)  # noqa: S603 - our own words
    try:
        until = time.monotonic() + _PATIENCE
        while _status(how(stage.health()), environment):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the image does not serve")
            time.sleep(0.5)
        if server.poll() is not None:
            raise RuntimeError("somebody else answers at the image's port")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def _sh(command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    told = None if environment is None else dict(environment)
    subprocess.run(command, env=told, cwd=cwd, check=True)  # noqa: S603 - steps of our own file


def _status(command: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    told = None if environment is None else dict(environment)
    return subprocess.run(list(command), env=told, check=False, capture_output=True).returncode  # noqa: S603 - our own words


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run the steps."""
    parser = argparse.ArgumentParser(description="Jalankan langkah deploy/Containerfile tanpa mesin kontainer.")
    parser.add_argument("--chroot", action="store_true", help="pada Debian telanjang (root, debootstrap)")
    parser.add_argument("--base", type=Path, help="Debian telanjang yang sudah ada")
    parser.add_argument("--wheelhouse", type=Path, help="bekal dari scripts/wheelhouse.py")
    told = parser.parse_args(arguments)
    stages = read(CONTAINERFILE.read_text(encoding="utf-8"))
    wheelhouse = told.wheelhouse.resolve() if told.wheelhouse else None
    with tempfile.TemporaryDirectory(prefix="pantau-citra-") as folder:
        work = Path(folder)
        if not told.chroot:
            in_environment(stages, work, wheelhouse)
        else:
            base = told.base or work / "debian"
            if told.base is None:
                release = stages[0].base.rpartition(":")[2].partition("-")[0]
                _sh(["debootstrap", "--variant=minbase", release, str(base), MIRROR])
            in_chroot(stages, work, base, wheelhouse)
    print("Semua langkah deploy/Containerfile berjalan, dan hasilnya melayani konsol.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
