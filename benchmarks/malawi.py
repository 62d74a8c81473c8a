"""Southern Malawi, 1 km cells: people within 3 cells of N places, our plan with its bound beside greedy and top-N."""

from __future__ import annotations

import numpy as np
import rasterio
from scipy.sparse import csr_array

from benchmarks._common import SHARED, clock, write_results
from gis_planner.optimise.cover import max_cover
from gis_planner.optimise.verify import check

RASTER = SHARED / "data" / "malawi_travel_time" / "rPopulation__demo_patients.tif"
ASKED = {10: 591_734, 25: 850_108, 50: 1_172_130, 100: 1_684_023}
RADIUS_CELLS, BLOCK = 3, 3


def people_of_cells() -> np.ndarray:
    """(rows, columns) people; negative and missing cells are 0."""
    with rasterio.open(RASTER) as file:
        people = file.read(1, masked=True).filled(0).astype(np.float64)
    return np.where(np.isfinite(people) & (people > 0), people, 0.0)


def within_reach(people: np.ndarray) -> np.ndarray:
    """(rows, columns) people within the radius of each cell."""
    padded = np.pad(people, RADIUS_CELLS)
    total = np.zeros_like(people)
    for down, across in offsets():
        total += padded[RADIUS_CELLS + down:RADIUS_CELLS + down + people.shape[0],
                        RADIUS_CELLS + across:RADIUS_CELLS + across + people.shape[1]]
    return total


def offsets() -> list[tuple[int, int]]:
    """Steps to the cells within the radius."""
    steps = range(-RADIUS_CELLS, RADIUS_CELLS + 1)
    return [(down, across) for down in steps for across in steps if down**2 + across**2 <= RADIUS_CELLS**2]


def candidates(reached: np.ndarray) -> np.ndarray:
    """(n, 2) in each 3 x 3 block from the upper left the cell with most people within reach, where that is above 0."""
    found = []
    for row in range(0, reached.shape[0], BLOCK):
        for column in range(0, reached.shape[1], BLOCK):
            block = reached[row:row + BLOCK, column:column + BLOCK]
            at = np.unravel_index(int(np.argmax(block)), block.shape)
            if block[at] > 0:
                found.append((row + at[0], column + at[1]))
    return np.array(found)


def instance() -> tuple[csr_array, np.ndarray]:
    """Reach (demand cells, candidates) and people of the demand cells."""
    people = people_of_cells()
    places = candidates(within_reach(people))
    number = np.full(people.shape, -1)
    demand = np.argwhere(people > 0)
    number[people > 0] = np.arange(len(demand))
    rows, columns = [], []
    for down, across in offsets():
        cells = places + np.array([down, across])
        inside = ((cells >= 0) & (cells < people.shape)).all(axis=1)
        hit = number[cells[inside, 0], cells[inside, 1]]
        rows.append(hit[hit >= 0])
        columns.append(np.flatnonzero(inside)[hit >= 0])
    pairs = (np.concatenate(rows), np.concatenate(columns))
    reach = csr_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(len(demand), len(places)))
    return reach, people[people > 0]


def greedy(reach: csr_array, weight: np.ndarray, limit: int) -> float:
    """People of the plan that adds the best place, one after the other."""
    left, sites, total = weight.copy(), reach.tocsc(), 0.0
    for _ in range(limit):
        gain = sites.T @ left
        best = int(np.argmax(gain))
        total += float(gain[best])
        left[sites.indices[sites.indptr[best]:sites.indptr[best + 1]]] = 0
    return total


def top_n(reach: csr_array, weight: np.ndarray, limit: int) -> tuple[float, float]:
    """The places with most people around, whatever they share: people claimed, people in truth."""
    near = reach.T @ weight
    picked = np.argsort(-near, kind="stable")[:limit]
    covered = np.asarray(reach[:, picked].sum(axis=1)).ravel() > 0
    return float(near[picked].sum()), float(weight[covered].sum())


def main() -> None:
    reach, weight = instance()
    max_cover(reach, weight, limit=5, effort=0.05)
    rows = []
    for limit, asked in ASKED.items():
        with clock() as took:
            plan = max_cover(reach, weight, limit=limit)
        claimed, true = top_n(reach, weight, limit)
        reached = round(plan.value) >= asked and plan.gap <= 0.005
        rows.append({
            "N": limit, "asked": f"{asked:,}", "people": f"{plan.value:,.2f}", "bound": f"{plan.bound:,.2f}",
            "gap": f"{100 * plan.gap:.3f} %", "reached": "yes" if reached else "NO",
            "check": "sound" if not check({"reach": reach, "weight": weight, "limit": limit}, plan) else "BROKEN",
            "greedy": f"{greedy(reach, weight, limit):,.0f}", "top-N claims": f"{claimed:,.0f}",
            "top-N serves": f"{true:,.0f}", "CPU s": f"{took.cpu_s:.1f}"})
        print(rows[-1], flush=True)
    write_results("malawi", "Southern Malawi: places for most people", rows,
                  f"{reach.shape[0]:,} cells with people, {reach.shape[1]:,} candidates, {weight.sum():,.0f} people; "
                  "effort 1, seed 0. The raster holds parts of people; what was asked is in whole people. "
                  "Top-N ranks places by the people around them and counts shared people again.")


if __name__ == "__main__":
    main()
