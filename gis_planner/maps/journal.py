"""A set moved in file by file, by a journal that the next run completes: for disks that cannot exchange folders.

While the journal exists the folder has no manifest, so that nobody takes a half-moved set for a plan.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from gis_planner.maps.swap import sync_folder, sync_tree

JOURNAL = ".unfinished.json"


def move_in(out: Path, fresh: Path, *, manifest: str, remove: Iterable[str]) -> None:
    """Move the complete set `fresh` into `out`, its manifest last, and delete the files in `remove` that it lacks."""
    if out not in fresh.parents:
        inside = out / ".tmp-moved" / "set"
        inside.parent.mkdir(exist_ok=True)
        fresh = fresh.rename(inside)
        sync_folder(inside.parent)
    moved = _files(fresh)
    plan = {
        "stage": fresh.relative_to(out).as_posix(), "manifest": manifest,
        "move": sorted(set(moved) - {manifest}), "remove": sorted(set(remove) - set(moved)),
    }
    draft = fresh.parent / JOURNAL
    with draft.open("w", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(out / JOURNAL)
    sync_folder(out)
    finish(out)


def finish(out: Path) -> bool:
    """Complete a move that was cut off; True when there was one. Safe to repeat, also when cut off itself."""
    path = out / JOURNAL
    if not path.is_file():
        return False
    plan = json.loads(path.read_text(encoding="utf-8"))
    stage = out / plan["stage"]
    if (stage / plan["manifest"]).is_file():
        (out / plan["manifest"]).unlink(missing_ok=True)
        sync_folder(out)
        for name in plan["move"]:
            if (stage / name).is_file():
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (stage / name).replace(out / name)
        for name in plan["remove"]:
            (out / name).unlink(missing_ok=True)
        _remove_empty(out, plan["remove"])
        sync_tree(out, files=False)
        (stage / plan["manifest"]).replace(out / plan["manifest"])
    sync_folder(out)
    path.unlink()
    shutil.rmtree(stage.parent, ignore_errors=True)
    return True


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()
    )


def _remove_empty(out: Path, names: Iterable[str]) -> None:
    """Remove folders that the deleted files leave empty."""
    for folder in sorted({parent for name in names for parent in (out / name).parents if out in parent.parents},
                         key=lambda path: -len(path.parts)):
        try:
            folder.rmdir()
        except OSError:
            continue
