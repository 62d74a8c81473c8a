"""Maximal covering of a million demands and a hundred thousand sites: gap, time and memory of a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from benchmarks._common import clock, peak_mb, write_results
from benchmarks._covering_data import clustered, towns
from gis_planner.optimise import cover
from gis_planner.optimise.verify import check

DEMAND, SITES = 1_000_000, 100_000
KINDS = {"20 nearest": clustered, "towns, one radius": towns}


def make(word: str, folder: Path) -> None:
    """Write the arrays of one kind, in a process of its own, so that their making is not in the measured peak."""
    reach, weight, _ = KINDS[word](DEMAND, SITES)
    np.save(folder / "indices.npy", reach.indices.astype(np.int32))
    np.save(folder / "indptr.npy", reach.indptr.astype(np.int32))
    np.save(folder / "weight.npy", weight)


def measure(word: str, folder: Path) -> dict:
    """One row: the plan from arrays to answer."""
    indices, indptr = np.load(folder / "indices.npy"), np.load(folder / "indptr.npy")
    weight, limit = np.load(folder / "weight.npy"), SITES // 20
    reach = csr_array((np.ones(indices.size, np.int8), indices, indptr), shape=(DEMAND, SITES))
    small, light, few = clustered(7_000, 300)
    cover.max_cover(small, light, limit=few, effort=0.05)
    with clock() as took:
        plan = cover.max_cover(reach, weight, limit=limit)
    memory = peak_mb()
    sound = not check({"reach": reach, "weight": weight, "limit": limit}, plan)
    return {"instance": f"{word}, {DEMAND:,} x {SITES:,}", "value": f"{plan.value:.0f}", "bound": f"{plan.bound:.0f}",
            "gap": f"{100 * plan.gap:.3f} %", "stopped by": plan.stopped_by, "check": "sound" if sound else "BROKEN",
            "CPU s": f"{took.cpu_s:.1f}", "wall s": f"{took.wall_s:.1f}", "peak MB": f"{memory:.0f}"}


def main() -> None:
    rows = []
    for word in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            for step in ("make", "measure"):
                done = subprocess.run([sys.executable, "-m", "benchmarks.covering_million", step, word, folder],
                                      check=True, capture_output=True, text=True)
            rows.append(json.loads(done.stdout.strip().splitlines()[-1]))
        print(rows[-1], flush=True)
    write_results("covering_million", "Covering of a million", rows,
                  "Seed 0, effort 1, one core; compiled loops warm; memory is the peak of a fresh process.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
