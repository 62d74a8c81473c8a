"""Maximal covering of two real cities with published optima; HiGHS alone beside it on one case of each."""

from __future__ import annotations

from benchmarks._common import clock, write_results
from benchmarks._covering_data import city, city_cases
from gis_planner.optimise import cover
from gis_planner.optimise._cover_problem import cover_problem
from gis_planner.optimise._exact_cover import solve_max_cover
from gis_planner.optimise.verify import check

PEER = {("NewYork", 80), ("Bronx", 60)}


def main() -> None:
    reach, people = city("NewYork", 400)
    cover.max_cover(reach, people, limit=50, effort=0.05)
    rows = []
    for name, p, radius, optimum in city_cases():
        reach, people = city(name, radius)
        with clock() as took:
            plan = cover.max_cover(reach, people, limit=p)
        sound = not check({"reach": reach, "weight": people, "limit": p}, plan)
        peer = ""
        if (name, p) in PEER:
            problem = cover_problem(reach, people, limit=p, cost=None, budget=None, required=(), excluded=())
            chosen, _ = solve_max_cover(problem, None, nodes=10**6, seed=0, seconds=10.0)
            peer = f"{100 * (optimum - problem.value(chosen)) / optimum:.2f} %"
        rows.append({"city": name, "p": p, "optimum": optimum, "value": f"{plan.value:.0f}",
                     "below optimum": f"{100 * (optimum - plan.value) / optimum:.4f} %",
                     "bound above optimum": f"{100 * (plan.bound - optimum) / optimum:.3f} %",
                     "check": "sound" if sound else "BROKEN", "CPU s": f"{took.cpu_s:.1f}",
                     "wall s": f"{took.wall_s:.1f}",
                     "HiGHS alone, 10 s": peer})
        print(rows[-1], flush=True)
    write_results("cities", "Maximal covering of two cities", rows, "Seed 0, effort 1; compiled loops warm.")


if __name__ == "__main__":
    main()
