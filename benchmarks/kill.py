"""Kill -9 at random moments while a plan is written over an older one: is what lies there whole?

Two plans, A and B, are written over each other again and again by a child process, which is killed after a random
time; then every file's sha256 is held against the two complete sets. The peer is what a script does: the same writers,
straight into the folder.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks._common import ROOT, write_results

sys.path.insert(0, str(ROOT / "tests" / "maps"))

from maps_plan import NAMES, small_plan

from gis_planner.maps import bundle, write
from gis_planner.maps.bundle import changed_files
from gis_planner.tables.plan import Plan

KILLS = int(os.environ.get("KILLS", "40"))
Writer = Callable[[Plan, Path], object]


def _content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"
            and ".tmp-" not in path.as_posix()}


def _straight(plan: Plan, out: Path) -> None:
    """What a script does: each file written where it belongs."""
    for name in ("routes", "tables"):
        shutil.rmtree(out / name, ignore_errors=True)
    (out / "plan.gpkg").unlink(missing_ok=True)
    write.fill(plan, out)


def _journal(plan: Plan, out: Path) -> None:
    bundle.exchange_folders = lambda one, other: False
    write.write_plan(plan, out)


def _judge(out: Path, whole: dict[str, dict[str, str]], *, journal: bool) -> str:
    """`whole`, `told` (no manifest: nobody takes it for a plan, and the next run completes it) or `mixed`."""
    if _content(out) in whole.values():
        return "whole"
    if journal and not (out / "manifest.json").exists():
        bundle.journal.finish(out)
        return "told" if _content(out) in whole.values() and not changed_files(out) else "mixed"
    return "mixed"


def _apart(work: Callable[[], object]) -> None:
    """Do it in a child and wait: this process never starts Typst's threads, which a later fork would lack."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        sys.exit("a write failed")


def _round(name: str, writer: Writer, seed: int) -> dict[str, object]:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    plans = {tag: small_plan((tag, *NAMES[1:])) for tag in "AB"}
    count = {"whole": 0, "told": 0, "mixed": 0}
    with tempfile.TemporaryDirectory() as base:
        whole = {}
        began = time.monotonic()
        for tag, plan in plans.items():
            (Path(base) / tag).mkdir()
            _apart(lambda plan=plan, tag=tag: writer(plan, Path(base) / tag))
            whole[tag] = _content(Path(base) / tag)
        one_s = (time.monotonic() - began) / 2
        out = Path(base) / "out"
        shutil.copytree(Path(base) / "A", out)
        for turn in range(KILLS):
            child = os.fork()
            if not child:
                while True:
                    for tag in ("AB", "BA")[turn % 2]:
                        writer(plans[tag], out)
            time.sleep(chance.uniform(0.05, 1.5) * one_s)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            count[_judge(out, whole, journal=writer is _journal)] += 1
            if count["mixed"] and writer is _straight:
                shutil.rmtree(out)
                shutil.copytree(Path(base) / "A", out)
        left = [path.name for path in Path(base).iterdir() if path.name.startswith(".out")]
        if writer is not _straight:
            _apart(lambda: write.write_plan(plans["A"], out))
            left = [path.name for path in Path(base).iterdir() if path.name.startswith(".out")]
        print(name, count, "left", left, flush=True)
    return {"writer": name, "kills": KILLS, "one write": f"{one_s:.1f} s", "whole": count["whole"],
            "no manifest, completed by the next run": count["told"], "mixed or torn": count["mixed"],
            "leftovers after the next run": len(left) if writer is not _straight else "-"}


def main() -> None:
    """Run every writer and write the table."""
    rows = [
        _round("gis_planner: folders exchanged", lambda plan, out: write.write_plan(plan, out), 1),
        _round("the same writers, straight into the folder", _straight, 2),
        _round("gis_planner: moved by journal (disks that cannot exchange)", _journal, 3),
    ]
    write_results("kill", "Killed while writing", rows,
                  "A small plan (six villages, three crew-days) with every output: report, board, atlas, pictures, "
                  "workbook, GeoPackage, routes and tables.")


if __name__ == "__main__":
    main()
