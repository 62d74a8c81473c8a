"""A set of files that is seen whole or not at all: built aside, synced to disk, made visible in one step.

`write_bundle` builds the new set in a hidden folder beside `out`, its manifest last, and then exchanges the two folders
in one system call. A reader that is killed or looks at any moment finds the previous set or the new one, complete.
Where folders cannot be exchanged (`swap.exchange_folders` says so) the files are moved by a journal (`journal.py`).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_planner.maps import journal
from gis_planner.maps.lock import LOCK, folder_lock
from gis_planner.maps.swap import exchange_folders, link_tree, sync_folder, sync_tree
from gis_planner.problems import Finding, Machine, Severity, Stop, refused

MANIFEST = "manifest.json"
FORMAT = "gis_planner/set/1"
_TEMPORARY = ".tmp-"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM = 128 * 1024
_FULL_WORDS = re.compile(r"disk is full|no space left|file too large", re.IGNORECASE)


def write_bundle(out: Path, write: Callable[[Path], object]) -> Path:
    """Let `write(folder)` fill an empty folder, add the manifest, and make the whole visible as `out` in one step.

    out: the folder of the set; made when absent. Files there that the last manifest does not list (someone's notes)
    stay. Returns `out` resolved. What `write` raises leaves the previous set untouched.
    Refused: `out` is a file, or a folder with files and without a manifest of ours. Machine: another run holds `out`,
    the disk is full (bytes needed and free are said), or a file cannot be written.
    """
    out = _require_ours(out)
    made = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with folder_lock(out, remove=made):
            journal.finish(out)
            _clean(out)
            free = _room(out)
            with _temporary(out) as work:
                fresh = work / "set"
                fresh.mkdir()
                try:
                    write(fresh)
                    _finish_set(fresh)
                    _publish(out, fresh)
                except Exception as error:
                    if not isinstance(error, Stop) and (_is_full(error) or _room(out) < _NO_ROOM):
                        raise _disk_full(out, fresh, free) from error
                    raise
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        if made:
            _remove_if_empty(out)
    return out


def read_manifest(folder: Path) -> dict[str, dict[str, object]] | None:
    """The files of the set in `folder` by path (`sha256`, `size` in bytes); None when it holds no manifest of ours."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(content, dict) and content.get("format") == FORMAT and isinstance(content.get("files"), dict)
    return content["files"] if ours else None


def changed_files(folder: Path) -> list[str]:
    """Files of the set that are absent or no longer have the sha256 of the manifest, sorted; empty for a sound set."""
    listed = read_manifest(folder)
    if listed is None:
        return [MANIFEST]
    return [
        name for name in sorted(listed)
        if not (folder / name).is_file() or _sha256(folder / name) != listed[name].get("sha256")
    ]


def _finish_set(folder: Path) -> None:
    """Write the manifest of everything below `folder`, last, and sync every file and folder to disk."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: {"sha256": _sha256(folder / name), "size": (folder / name).stat().st_size} for name in names}
    sync_tree(folder)
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="\n") as file:
        json.dump({"format": FORMAT, "files": files}, file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def _publish(out: Path, fresh: Path) -> None:
    """Make `fresh` visible as `out`, keep what is not ours, and let the previous set go."""
    listed = set(read_manifest(out) or ()) | {MANIFEST}
    if _inside(Path.cwd(), out) or not link_tree(out, fresh, leave=listed, hidden=_TEMPORARY):
        journal.move_in(out, fresh, manifest=MANIFEST, remove=listed)
        return
    shutil.copymode(out, fresh)
    sync_tree(fresh, files=False)
    if not exchange_folders(fresh, out):
        journal.move_in(out, fresh, manifest=MANIFEST, remove=listed)
        return
    sync_folder(out.parent)
    _rescue(fresh, out)


def _rescue(previous: Path, out: Path) -> None:
    """Bring files over that appeared in the previous set while it was being replaced and that no manifest lists."""
    listed = read_manifest(previous)
    if listed is not None:
        link_tree(previous, out, leave=set(listed) | {MANIFEST}, hidden=_TEMPORARY, empty=False)


def _clean(out: Path) -> None:
    """Take away what a killed run left beside `out` and inside it. The caller holds the lock."""
    for left in sorted(_beside(out).glob(f"{_prefix(out)}*")) + sorted(out.glob(f"{_TEMPORARY}*")):
        if left.is_dir() and not left.is_symlink():
            _rescue(left / "set", out)
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _temporary(out: Path) -> Iterator[Path]:
    """A hidden folder on the disk of `out`: beside it, or inside when the folder above cannot be used."""
    beside = _beside(out)
    inside = os.path.ismount(out) or not os.access(beside, os.W_OK)
    work = Path(tempfile.mkdtemp(prefix=_TEMPORARY if inside else _prefix(out), dir=out if inside else beside))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _beside(out: Path) -> Path:
    return out.parent


def _prefix(out: Path) -> str:
    return f".{out.name}{_TEMPORARY}"


def _require_ours(out: Path) -> Path:
    """`out` resolved; refuses a file, and a folder with someone's files and no manifest of ours."""
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise refused(
            "out-is-a-file", field="--out", found=f"{out}, a file", expected="a folder, or a name not yet used",
            remedy="Give --out a folder: the plan is a set of files.",
            remedy_fr="Donnez un dossier à --out : le plan est un ensemble de fichiers.",
        )
    if not out.is_dir() or read_manifest(out) is not None or (out / journal.JOURNAL).is_file():
        return out
    others = sorted(path.name for path in out.iterdir()
                    if path.name != LOCK and not path.name.startswith(_TEMPORARY) and _holds_something(path))
    if others:
        raise refused(
            "out-not-ours", field="--out", found=f"{out} with {len(others)} entries ({', '.join(others[:3])})",
            expected="an empty folder, a new one, or one that holds an earlier plan (its manifest.json)",
            remedy="Choose a new folder with --out, so that nothing of yours is replaced.",
            remedy_fr="Choisissez un nouveau dossier avec --out, pour ne rien remplacer qui soit à vous.",
        )
    return out


def _holds_something(path: Path) -> bool:
    """Whether there is a file (or a link) at `path` or anywhere below it."""
    return not path.is_dir() or path.is_symlink() or any(not inner.is_dir() for inner in path.rglob("*"))


def _remove_if_empty(out: Path) -> None:
    try:
        out.rmdir()
    except OSError:
        return


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _room(folder: Path) -> int:
    """Bytes that can be written on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def _is_full(error: BaseException) -> bool:
    """Whether a full disk is behind `error`, also when a library wrapped it in its own exception."""
    seen: BaseException | None = error
    while seen is not None:
        if (isinstance(seen, OSError) and seen.errno in _FULL) or _FULL_WORDS.search(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _disk_full(out: Path, fresh: Path, free: int) -> Machine:
    """The finding of a full disk: at least what was written and what the previous set took, and what was free."""
    written = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file() and path.name != LOCK)
    listed = read_manifest(out) or {}
    before = sum(size for entry in listed.values() if isinstance(size := entry.get("size"), int))
    needed = max(written + 1, before, free + 1)
    return Machine([Finding(
        "disk-full", Severity.REFUSE, f"{free:,} bytes free", f"at least {needed:,} bytes for the new set",
        "Free space on that disk or choose another with --out. The previous plan there is intact.",
        "Libérez de la place sur ce disque ou choisissez-en un autre avec --out. Le plan précédent est intact.",
        file=str(out),
    )])


def _unwritable(out: Path, error: OSError) -> Machine:
    return Machine([Finding(
        "cannot-write", Severity.REFUSE, f"{error.strerror or error}", "a folder that can be written",
        "Choose another folder with --out, or give yourself the right to write there.",
        "Choisissez un autre dossier avec --out, ou donnez-vous le droit d'y écrire.",
        file=str(error.filename or out),
    )])
