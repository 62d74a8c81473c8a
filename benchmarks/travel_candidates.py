"""People within 30 minutes' walk of each of many candidates on a 30 m grid, beside the full surface of each."""

from __future__ import annotations

import importlib.util

import numpy as np

from benchmarks._common import clock, write_results
from benchmarks._terrain import world
from gis_planner.spatial.travel import people_within, travel_time

SIZE, CELL_M, LIMIT_MIN = 2000, 30.0, 30.0


def main() -> None:
    speed, height, _ = world(SIZE)
    speed = np.clip(speed, 1, 5)
    height = 400 + (height - 400) / 3
    rng = np.random.default_rng(0)
    people = rng.poisson(0.05, speed.shape).astype(np.float32)
    open_cells = np.argwhere(speed > 0)
    how = {"cell_m": CELL_M, "elevation_m": height, "towards": True}
    people_within(speed, open_cells[:1], people, LIMIT_MIN, **how)
    rows = []
    for count, neighbours in ((1, 8), (100, 8), (1000, 8), (10_000, 8), (10_000, 16)):
        candidates = open_cells[rng.choice(len(open_cells), count, replace=False)]
        people_within(speed, candidates[:1], people, LIMIT_MIN, neighbours=neighbours, **how)
        with clock() as took:
            found = people_within(speed, candidates, people, LIMIT_MIN, neighbours=neighbours, **how)
        checked, cells = candidates[:: max(1, count // 10)], 0
        for candidate, ours in zip(checked, found[:: max(1, count // 10)], strict=True):
            minutes = travel_time(speed, candidate[None], neighbours=neighbours, **how)
            within = minutes <= LIMIT_MIN
            cells += int(within.sum())
            assert abs(people[within].sum(dtype=float) - ours) < 1e-6
        rows.append(
            {
                "candidates in the batch": f"{count:,}",
                "neighbours": neighbours,
                "ms of CPU each": f"{took.cpu_s / count * 1e3:.2f}",
                "ms of wall each": f"{took.wall_s / count * 1e3:.2f}",
                "cells within, mean": cells // len(checked),
                "equal to the full surface": f"{len(checked)} checked, all",
            }
        )
        print(rows[-1], flush=True)
    if importlib.util.find_spec("skimage"):
        from skimage.graph import MCP_Geometric

        r, c = open_cells[len(open_cells) // 2 + 1000]
        window = speed[r - 84 : r + 85, c - 84 : c + 85]
        cost = np.where(window > 0, 3.6 / window * CELL_M, -1).astype(float)
        with clock() as took:
            for _ in range(10):
                MCP_Geometric(cost).find_costs([[84, 84]])
        rows.append(
            {
                "candidates in the batch": "scikit-image MCP, hand-cut window, no slope, no sum",
                "neighbours": 8,
                "ms of CPU each": f"{took.cpu_s * 100:.2f}",
                "ms of wall each": f"{took.wall_s * 100:.2f}",
            }
        )
    write_results(
        "travel_candidates",
        f"People within {LIMIT_MIN:.0f} minutes' walk, {SIZE} x {SIZE} cells of {CELL_M:.0f} m",
        rows,
        "Walking on slopes towards each candidate; 1 to 5 km/h on the flat; one core.",
    )


if __name__ == "__main__":
    main()
