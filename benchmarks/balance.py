"""Balanced routes: how alike the route times of capacity instances become, and what that costs in distance.

`python -m benchmarks.balance [SECONDS] [INSTANCE ...]`. Instances as published, whose routes are driving alone, and
instances with work at the stops, each named for what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks._common import SHARED, write_results
from benchmarks.routing import CVRP, TABLES, best_known, instance, words_of
from gis_planner.optimise.balance import balance_routes, route_ratio
from gis_planner.optimise.rounds import read_cordeau
from gis_planner.optimise.route import Depot, Problem, Stop, Vehicle, plan_routes
from gis_planner.optimise.verify import check

RATIO, PRICE = 1.15, 0.02
DRIVEN = 1 / 6
"""Part of the working time that is driving where visits take time: crews work at their stops, minutes at each."""
PERIODIC = SHARED / "data" / "bench" / "periodic"
SMALL = 0.25
"""Part of the seconds that an instance of a single day gets: it has a dozen to eighty stops."""


def published(name: str) -> tuple[Problem, str]:
    """A capacity instance as it is: nothing but driving."""
    return instance("cvrp", name)[0], "as published, driving alone"


def visited(name: str) -> tuple[Problem, str]:
    """The same with a visit at each stop, so long that driving is a sixth of the published best plan's time."""
    problem, best = instance("cvrp", name)
    visit_s = round(best * (1.0 / DRIVEN - 1.0) / len(problem.stops))
    stops = [replace(stop, service_s=visit_s) for stop in problem.stops]
    return _with(problem, stops, problem.vehicles), f"visits of {visit_s} s, driving a sixth of the time"


def unwindowed(name: str) -> tuple[Problem, str]:
    """A time window instance with its service times and without its windows."""
    problem, _ = instance("vrptw", name)
    stops = [replace(stop, window_s=None) for stop in problem.stops]
    vehicles = [replace(vehicle, window_s=None) for vehicle in problem.vehicles]
    return _with(problem, stops, vehicles), f"windows dropped, service of {stops[0].service_s // 10}"


def first_day(name: str) -> tuple[Problem, str]:
    """The sites that the published best rounds visit on the first day, with the capacity and crews of the file."""
    rounds = read_cordeau(PERIODIC / f"{name}.txt")
    lines = (PERIODIC / "solutions" / f"{name}.res").read_text(encoding="utf-8").splitlines()[1:]
    on_day = {int(word) for line in lines if line.split()[:1] == ["1"] for word in line.split()[4:]}
    metres = np.rint(rounds.distances * 100)
    stops = [Stop(site.location, (round(site.demand),), round(100 * site.service_s)) for site in rounds.sites
             if site.location in on_day]
    vehicles = [Vehicle(rounds.crews, (round(rounds.capacity or 0),))]
    return Problem(metres, metres, [Depot(0)], stops, vehicles), "first day of the published rounds, driving alone"


def _with(problem: Problem, stops: list[Stop], vehicles: object) -> Problem:
    depots = [replace(depot, window_s=None) for depot in problem.depots]
    return Problem(problem.distances, problem.durations, depots, stops, vehicles)  # type: ignore[arg-type]


FAMILIES: list[tuple[str, list[str], Callable[[str], tuple[Problem, str]]]] = [
    ("cvrp", CVRP, published), ("cvrp", CVRP, visited),
    ("vrptw", [name for _, name in TABLES["routing_windows"][1]], unwindowed),
    ("", [f"p{k:02d}" for k in (1, 2, 4, 5, 7, 8, 10, 13, 14, 17, 20, 24)], first_day),
]


def row(name: str, folder: str, made: tuple[Problem, str], seconds: float) -> dict[str, object]:
    """One instance: our plan, and the same made alike in as many seconds again."""
    problem, what = made
    plan = plan_routes(problem, time_limit_s=seconds)
    fair = balance_routes(problem, plan, ratio=RATIO, price=PRICE, time_limit_s=seconds)
    more, least = fair.distance_m / plan.distance_m - 1.0, dict(fair.notes)["least_price"]
    kept = route_ratio(fair) <= RATIO and more < PRICE
    asked = "alike before" if route_ratio(plan) <= RATIO else "kept" if kept else "not kept"
    return {
        "instance": name, "what": what,
        "gap before %": f"{100 * (plan.cost / best_known(folder, name, 1.0) - 1):.2f}" if folder == "cvrp" else "",
        "routes": f"{len(plan.routes)} -> {len(fair.routes)}", "max/min before": f"{route_ratio(plan):.2f}",
        "max/min after": f"{route_ratio(fair):.3f}", "more distance %": f"{100 * more:.2f}",
        "no plan below %": f"{100 * least:.1f}",
        "asked": "no plan can" if least > PRICE and asked == "not kept" else asked,
        "faults found by verify": len(check(problem, fair))}


def main(words: list[str]) -> None:
    """All instances, or those named; so many seconds of two cores for the routes, and again for the balance."""
    words = list(words)
    seconds = float(words.pop(0)) if words and words[0].replace(".", "", 1).isdigit() else 30.0
    rows: list[dict[str, object]] = []
    for folder, names, made in FAMILIES:
        for name in [name for name in names if not words or name in words]:
            rows.append(row(name, folder, made(name), seconds * (1.0 if folder else SMALL)))
            print(rows[-1], flush=True)
    if not words:
        write_results("balance", "Balanced routes", rows, f"{seconds:.0f} processor seconds of each of two cores for "
                      "the routes and again for the balance (a quarter of that for single days). Asked: max/min of "
                      "route time at most 1.15 for less than 2 % more distance than our own plan of the same seconds, "
                      "on three instances. No plan below: with a ratio of 1.15 no plan costs less than that much "
                      "more (the way to the farthest stop and back, times the routes needed). Where routes are driving "
                      "alone that is proven out of reach on all eight; where crews work at their stops it is not.")


if __name__ == "__main__":
    main(words_of("balance"))
