"""Maximal covering of clustered points under a budget, and under a budget with room."""

from __future__ import annotations

import numpy as np

from benchmarks._common import clock, write_results
from benchmarks.covering import INSTANCES, SIZES, row, warm_up
from gis_planner.optimise import cover


def main() -> None:
    """Every kind of points at every size, with money and with money and room."""
    warm_up()
    rows = [found for make, word in INSTANCES for size in SIZES for found in money_and_room(word, *make(*size))]
    write_results("covering_money", "Covering with money and with room", rows,
                  "Seed 0, effort 1, one core; compiled loops warm; memory is the peak of the process so far. "
                  "spopt has no budget.")


def money_and_room(word: str, reach, weight, limit: int) -> list[dict]:
    """The same points under a budget, and under a budget with room."""
    random = np.random.default_rng(5)
    demand, sites = reach.shape
    cost = random.integers(20, 100, sites)
    budget = float(cost.mean() * limit)
    capacity = random.integers(int(weight.sum() / limit * 0.4), int(weight.sum() / limit * 1.2), sites)
    with clock() as took:
        plan = cover.max_cover(reach, weight, cost=cost, budget=budget)
    arrays = {"reach": reach, "weight": weight, "cost": cost, "budget": budget}
    out = [row(f"{word}, {demand:,} x {sites:,}, money", arrays, plan, took)]
    with clock() as took:
        room = cover.capacitated_cover(reach, weight, capacity, cost=cost, budget=budget)
    arrays = {"reach": reach, "people": weight, "capacity": capacity, "cost": cost, "budget": budget}
    return [*out, row(f"{word}, {demand:,} x {sites:,}, money and room", arrays, room, took)]


if __name__ == "__main__":
    main()
