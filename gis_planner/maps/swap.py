"""Two folders exchanged in one system call, files synced to disk, files of others carried over by hard links."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Set
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.EPERM, errno.EACCES, errno.ENOTSUP}


def exchange_folders(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where system or disk cannot (nothing was changed then).

    Linux: renameat2 with RENAME_EXCHANGE (man 2 rename). macOS: renamex_np with RENAME_SWAP. OSError for all else.
    """
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "win32":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _RENAME_SWAP)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(other))


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` last through a power cut (where the system lets a folder be synced)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the content of `path` last through a power cut."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path, *, files: bool = True) -> None:
    """Sync every file (unless `files` is False) and every folder below `folder`, and `folder` itself last."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in names if files else ():
            sync_file(Path(root, name))
        sync_folder(Path(root))


def link_tree(source: Path, target: Path, *, leave: Set[str], hidden: str, empty: bool = True) -> bool:
    """Hard-link into `target` what lies below `source` and `target` lacks; False where the disk knows no hard links.

    leave: paths (with `/`) that are not carried over. hidden: prefix of top-level names that are not either.
    A link is the same file, so a note edited in place meanwhile is not lost. Folders are kept unless all they held was
    left; empty ones only with `empty`.
    """
    for root, folders, names in os.walk(source):
        here = Path(root).relative_to(source)
        if here == Path():
            folders[:] = [name for name in folders if not name.startswith(hidden)]
        kept = [name for name in names if (here / name).as_posix() not in leave]
        kept += [name for name in folders if Path(root, name).is_symlink()]
        if kept or (empty and not (names or folders)):
            (target / here).mkdir(parents=True, exist_ok=True)
        for name in kept:
            if not _link(Path(root, name), target / here / name):
                return False
    return True


def _link(source: Path, target: Path) -> bool:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return True
    except OSError as error:
        if error.errno in _CANNOT | {errno.EMLINK}:
            return False
        raise
    return True
