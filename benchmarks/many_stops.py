"""10,000 villages of Mali, each from the nearest of 20 depots: routes for all in one go."""

from __future__ import annotations

import csv

import numpy as np

from benchmarks._common import SHARED, clock, peak_mb, write_results
from gis_planner.optimise.route import Depot, Problem, Stop, Vehicle, plan_all
from gis_planner.optimise.verify import check

STOPS, DEPOTS, CARRIED = 10_000, 20, 40
EARTH_M, DETOUR, SPEED_M_S = 6_371_000.0, 1.3, 6.0
EFFORT = 0.05


def villages() -> np.ndarray:
    """(10,000, 2) latitude and longitude in radians, in the order of the file."""
    with (SHARED / "data" / "mali" / "villages.csv").open(encoding="utf-8") as rows:
        places = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(rows)]
    return np.radians(np.array(places[:: max(1, len(places) // STOPS)][:STOPS]))


def metres(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Great circle with a detour, in metres."""
    half = np.sin((a[:, None, 0] - b[None, :, 0]) / 2) ** 2
    half += np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * np.sin((a[:, None, 1] - b[None, :, 1]) / 2) ** 2
    return 2 * EARTH_M * DETOUR * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def depots(places: np.ndarray) -> np.ndarray:
    """Twenty villages that stand for their surroundings: centres moved to the middle of what is nearest to them."""
    random = np.random.default_rng(0)
    chosen = random.choice(len(places), DEPOTS, replace=False)
    for _ in range(20):
        nearest = metres(places, places[chosen]).argmin(axis=1)
        middles = np.array([places[nearest == k].mean(axis=0) for k in range(DEPOTS)])
        chosen = metres(middles, places).argmin(axis=1)
    return chosen


def main() -> None:
    places = villages()
    with clock() as took:
        chosen = depots(places)
        nearest = metres(places, places[chosen]).argmin(axis=1)
        problems = []
        for k, depot in enumerate(chosen):
            mine = np.flatnonzero(nearest == k)
            way = metres(*[places[np.concatenate([[depot], mine])]] * 2)
            way = (way + way.T) / 2
            stops = [Stop(j, (1,), 1800) for j in range(1, len(mine) + 1)]
            vehicles = [Vehicle(len(mine) // 20 + 2, (CARRIED,))]
            problems.append(Problem(way, way / SPEED_M_S, [Depot(0)], stops, vehicles))
        plans = plan_all(problems, effort=EFFORT)
    wrong = sum(len(check(problem, plan)) for problem, plan in zip(problems, plans, strict=True))
    served = sum(len(route.stops) for plan in plans for route in plan.routes)
    rows = [{
        "stops": len(places), "depots": DEPOTS, "served": served, "routes": sum(len(plan.routes) for plan in plans),
        "km": round(sum(plan.distance_m for plan in plans) / 1000), "wall s": round(took.wall_s),
        "peak MB (this process)": round(peak_mb()), "faults found by verify": wrong,
    }]
    write_results("many_stops", "10,000 villages from the nearest of 20 depots", rows,
                  f"Real villages of Mali, great circle x {DETOUR}, {CARRIED} stops a route, effort {EFFORT}; "
                  "asked: under 600 s and 2 GB. The other process of the run needs as much memory.")


if __name__ == "__main__":
    main()
