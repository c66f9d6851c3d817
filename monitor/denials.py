"""Which file or folder the system refuses to this program's user, and what changes it, in an officer's words."""

from __future__ import annotations

import errno
import os
import pwd
import shlex
from contextlib import suppress
from pathlib import Path

_DENIED = frozenset({errno.EACCES, errno.EPERM})
_WORKSPACE = "pantau.toml"


def mending(error: Exception, otherwise: str) -> str:
    """Return what to do about a file that the system refused; `otherwise` where permissions are not what is lacking."""
    if not isinstance(error, OSError) or error.errno not in _DENIED or not isinstance(error.filename, (str, bytes)):
        return otherwise
    return allowing(Path(os.fsdecode(error.filename))) or otherwise


def allowing(path: Path) -> str:
    """Return what this system user may not do on the way to a file, whose that is, and how to mend it.

    Empty when nothing is refused, or a disk is that nobody may write on. What may be read, and is a file, is taken to
    be wanted for writing. Links are followed, for what is closed is named where it lies.
    """
    path = Path(os.path.realpath(path))
    for folder in reversed(path.parents):
        if not folder.exists():
            return ""
        if not _may(folder, os.X_OK):
            return _words(folder, "membuka folder")
    if not path.exists():
        return "" if _may_write(path.parent) else _words(path.parent, "menulis di folder")
    if not _may(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK):
        return _words(path, "membuka folder" if path.is_dir() else "membaca")
    for one in (path, path.parent):
        if not _may_write(one):
            return _words(one, "menulis di folder" if one.is_dir() else "menulis")
    return ""


def closing(path: Path, right: str = "600") -> str:
    """Return the command that takes other users' rights to a file or folder away, as it is typed."""
    return f"jalankan `chmod {right} {shlex.quote(str(path))}`"


def system_user(number: int) -> str:
    """Return the name of a system user, or its number where it has none."""
    return _typed(number, "nomor ")


def _typed(number: int, nameless: str = "") -> str:
    """Return a user as commands take it; before a number without a name stands `nameless`."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"{nameless}{number}"


def _may(path: Path, how: int) -> bool:
    return os.access(path, how, effective_ids=True)


def _may_write(path: Path) -> bool:
    """Whether permissions let this user write here; a disk that is mounted for reading is no matter of permissions."""
    return _may(path, os.W_OK) or bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _words(path: Path, what: str) -> str:
    me, owner = os.geteuid(), path.stat().st_uid
    told = f"pengguna sistem {system_user(me)} tidak boleh {what} {path}, milik {system_user(owner)}"
    return f"{told}: {_mend(path, me, owner)}"


def _mend(path: Path, me: int, owner: int) -> str:
    typed = shlex.quote(str(path))
    if owner == me:
        return f"jalankan `chmod u+rwX {typed}`"
    home = _workspace_of(path)
    keeper = home.stat().st_uid if home is not None else owner
    if keeper not in (me, 0):
        return f"jalankan pantau sebagai pengguna {system_user(keeper)}: `sudo -u {_typed(keeper, '#')} pantau …`"
    if home is not None:
        whole = shlex.quote(str(home))
        return f"jalankan `sudo chown -R {_typed(me)} {whole}`; pantau selalu dijalankan sebagai satu pengguna"
    if _is_for_others(path):
        return f"taruh berkasnya di folder yang boleh dipakai pengguna {system_user(me)}"
    return f"jalankan `sudo chown {_typed(me)} {typed}`, atau pilih tempat lain"


def _workspace_of(path: Path) -> Path | None:
    for folder in (path, *path.parents):
        with suppress(OSError):
            if (folder / _WORKSPACE).exists():
                return folder
    return None


def _is_for_others(path: Path) -> bool:
    """Whether a folder is the system's or another user's home, which nobody should be told to take over."""
    homes = (Path(user.pw_dir) for user in pwd.getpwall() if user.pw_uid != os.geteuid())
    return path.is_dir() and (len(path.parts) <= 2 or any(home == path for home in homes))
