"""A grid of the size of Mali at 100 m (1.2e8 cells), walking on slopes, with catchments, on two cores."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from benchmarks._common import clock, peak_mb, write_results
from benchmarks._terrain import CELL_M, world

SHAPE = (10_000, 12_000)
PATCH = 2000
SOURCES = 12_000


def country() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A patch of fractal terrain repeated over the country, mirrored so that it has no seams, and its sources."""
    speed, height, _ = world(PATCH)
    patches = (SHAPE[0] // PATCH, SHAPE[1] // PATCH)

    def spread(grid: np.ndarray) -> np.ndarray:
        out = np.empty(SHAPE, np.float32)
        for i in range(patches[0]):
            for j in range(patches[1]):
                patch = grid[:: -1 if i % 2 else 1, :: -1 if j % 2 else 1]
                out[i * PATCH : (i + 1) * PATCH, j * PATCH : (j + 1) * PATCH] = patch
        return out

    speed, height = spread(speed), spread(height)
    cells = np.random.default_rng(4).integers(0, SHAPE, (SOURCES, 2))
    return speed, height, cells[speed[cells[:, 0], cells[:, 1]] > 0]


def one(threads: int, neighbours: int) -> dict[str, float]:
    from gis_planner.spatial.travel import catchments

    speed, height, cells = world(200, 2000)
    catchments(speed, cells, cell_m=CELL_M, elevation_m=height, neighbours=neighbours)
    speed, height, cells = country()
    with clock() as took:
        minutes, serving = catchments(
            speed, cells, cell_m=CELL_M, elevation_m=height, neighbours=neighbours, threads=threads
        )
    return {
        "wall_s": took.wall_s,
        "cpu_s": took.cpu_s,
        "rss_mb": peak_mb(),
        "served": float((serving >= 0).mean()),
        "mean": float(np.nanmean(minutes, dtype=float)),
    }


def main() -> None:
    if len(sys.argv) == 3:
        print(json.dumps(one(int(sys.argv[1]), int(sys.argv[2]))))
        return
    rows = []
    for threads, neighbours in ((2, 8), (2, 16)):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.travel_country", str(threads), str(neighbours)],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        rows.append(
            {
                "neighbours": neighbours,
                "threads": threads,
                "wall s": f"{found['wall_s']:.1f}",
                "CPU s": f"{found['cpu_s']:.1f}",
                "peak MB, grids included": f"{found['rss_mb']:.0f}",
                "cells served": f"{found['served']:.2%}",
                "mean min": f"{found['mean']:.4f}",
            }
        )
        print(rows[-1], flush=True)
    write_results(
        "travel_country",
        f"Travel time over a country, {SHAPE[0]:,} x {SHAPE[1]:,} cells, {SOURCES:,} sources",
        rows,
        "Walking on slopes (Tobler) with catchments; speeds and heights in memory count in the peak.",
    )


if __name__ == "__main__":
    main()
