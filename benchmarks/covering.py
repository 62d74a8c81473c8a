"""Maximal covering of clustered points at three sizes; spopt and HiGHS beside it."""

from __future__ import annotations

import importlib.util

import numpy as np

from benchmarks._common import clock, peak_mb, write_results
from benchmarks._covering_data import clustered, towns, within
from gis_planner.optimise import cover
from gis_planner.optimise._cover_problem import cover_problem
from gis_planner.optimise._exact_cover import solve_max_cover
from gis_planner.optimise.verify import check

SIZES = ((1_000, 100), (10_000, 1_000), (100_000, 10_000))


def spopt_answer(reach, weight, limit: int) -> str:
    """Time of spopt with CBC from arrays to answer."""
    if importlib.util.find_spec("spopt") is None:
        return "not installed"
    import pulp
    from spopt.locate import MCLP

    with clock() as took:
        cost = 1.0 - reach.toarray()
        model = MCLP.from_cost_matrix(cost, weight, service_radius=0.5, p_facilities=limit)
        try:
            model = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=60))
        except RuntimeError:
            model = None
    if model is None:
        return f"no answer, {took.wall_s:.1f} s"
    return f"{pulp.value(model.problem.objective):.0f}, {took.wall_s:.1f} s"


def highs_answer(reach, weight, limit: int, seconds: float) -> str:
    """HiGHS alone on the whole program."""
    problem = cover_problem(reach, weight, limit=limit, cost=None, budget=None, required=(), excluded=())
    with clock() as took:
        chosen, outcome = solve_max_cover(problem, None, nodes=10**6, seed=0, seconds=seconds)
    return f"{problem.value(chosen):.0f}, {outcome.status}, {took.wall_s:.1f} s"


def row(name: str, arrays: dict, plan, took, peer: str = "", highs: str = "") -> dict:
    sound = not check(arrays, plan)
    out = {"instance": name, "value": f"{plan.value:.0f}", "bound": f"{plan.bound:.0f}",
           "gap": f"{100 * plan.gap:.3f} %", "stopped by": plan.stopped_by, "check": "sound" if sound else "BROKEN",
           "CPU s": f"{took.cpu_s:.1f}", "wall s": f"{took.wall_s:.1f}", "peak MB": f"{peak_mb():.0f}"}
    if peer:
        out |= {"spopt with CBC": peer, "HiGHS alone, 30 s": highs}
    print(out, flush=True)
    return out


def warm_up() -> None:
    """Load every compiled loop once."""
    reach, weight, limit = clustered(7_000, 300)
    cost = np.arange(20, 20 + reach.shape[1])
    cover.max_cover(reach, weight, limit=limit, effort=0.02)
    cover.max_cover(reach, weight, cost=cost, budget=float(cost.mean() * limit), effort=0.02)
    cover.capacitated_cover(reach, weight, np.full(cost.size, 20_000), cost=cost, budget=float(cost.mean() * limit),
                            effort=0.02)


INSTANCES = ((towns, "towns, one radius"), (clustered, "20 nearest"), (within, "one radius"))


def main() -> None:
    warm_up()
    rows = []
    for make, word in INSTANCES:
        for demand, sites in SIZES:
            reach, weight, limit = make(demand, sites)
            with clock() as took:
                plan = cover.max_cover(reach, weight, limit=limit)
            small = make is towns and demand <= 10_000
            peer = spopt_answer(reach, weight, limit) if small else "not run"
            highs = highs_answer(reach, weight, limit, 30.0) if small else "not run"
            rows.append(row(f"{word}, {demand:,} x {sites:,}",
                            {"reach": reach, "weight": weight, "limit": limit}, plan, took, peer, highs))
    write_results("covering", "Covering of clustered points", rows,
                  "Seed 0, effort 1, one core; compiled loops warm; memory is the peak of the process so far.")


if __name__ == "__main__":
    main()
