"""Balanced routes: how alike the route times of capacity instances become, and what that costs in distance."""

from __future__ import annotations

from benchmarks._common import write_results
from benchmarks.routing import CVRP, instance, words_of
from gis_planner.optimise.balance import balance_routes, route_ratio
from gis_planner.optimise.route import plan_routes
from gis_planner.optimise.verify import check

RATIO, PRICE = 1.15, 0.02


def main(words: list[str]) -> None:
    """All eight instances, or those named; so many seconds of two cores for the routes, and again for the balance."""
    words = list(words)
    seconds = float(words.pop(0)) if words and words[0].replace(".", "", 1).isdigit() else 30.0
    rows: list[dict[str, object]] = []
    for name in [name for name in CVRP if not words or name in words]:
        problem, best = instance("cvrp", name)
        plan = plan_routes(problem, time_limit_s=seconds)
        fair = balance_routes(problem, plan, ratio=RATIO, price=PRICE, time_limit_s=seconds)
        more = fair.cost / plan.cost - 1.0
        rows.append({
            "instance": name, "gap before %": f"{100 * (plan.cost / best - 1):.2f}",
            "routes": f"{len(plan.routes)} -> {len(fair.routes)}", "max/min before": f"{route_ratio(plan):.2f}",
            "max/min after": f"{route_ratio(fair):.3f}", "more distance %": f"{100 * more:.2f}",
            "no plan below %": f"{100 * dict(fair.notes)['least_price']:.1f}",
            "asked": "kept" if route_ratio(fair) <= RATIO and more < PRICE else "not kept",
            "faults found by verify": len(check(problem, fair))})
        print(rows[-1], flush=True)
    if not words:
        write_results("balance", "Balanced routes", rows, f"{seconds:.0f} processor seconds of each of two cores for "
                      "the routes and again for the balance. Asked: max/min of route time at most 1.15 for less than "
                      "2 % more distance on three instances. No plan below: with a ratio of 1.15 no plan at all costs "
                      "less than that much more (the way to the farthest stop and back, times the routes needed).")


if __name__ == "__main__":
    main(words_of("balance"))
