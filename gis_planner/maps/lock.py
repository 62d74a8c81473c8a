"""One run at a time in one folder: an advisory lock that the system frees when its holder dies."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_planner.problems import Finding, Machine, Severity

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"


@contextmanager
def folder_lock(folder: Path, *, remove: bool = False) -> Iterator[None]:
    """Hold `folder/.lock` while the block runs; `Machine` with pid and time of the holder when it is taken.

    remove: take the lock file away afterwards unless the folder has been filled (for a folder made for this run).
    """
    handle = _take(folder)
    try:
        yield
    finally:
        if remove and [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink(missing_ok=True)
        os.close(handle)


def _take(folder: Path) -> int:
    """The open, locked file. Locks the file that the name stands for now: it may have been exchanged meanwhile."""
    path = folder / LOCK
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError as error:
            holder = _read(handle)
            os.close(handle)
            raise _in_use(folder, holder) from error
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            break
        os.close(handle)
    now = datetime.datetime.now(tz=datetime.UTC).astimezone().isoformat(timespec="seconds")
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()} {now}\n".encode(), 0) if sys.platform != "win32" else None
    return handle


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read(handle: int) -> tuple[str, str]:
    """(pid, since) as the holder wrote them; empty when it has not yet."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        pid, _, since = os.read(handle, 200).decode("utf-8", "replace").strip().partition(" ")
    except OSError:
        return "", ""
    return pid, since


def _in_use(folder: Path, holder: tuple[str, str]) -> Machine:
    pid, since = holder[0] or "?", holder[1] or "?"
    return Machine([Finding(
        "out-in-use", Severity.REFUSE, f"in use by pid {pid} since {since}", "a folder that no other run is writing",
        "Wait until that run has ended, or choose another folder with --out.",
        "Attendez la fin de cette exécution, ou choisissez un autre dossier avec --out.", file=str(folder),
    )])
