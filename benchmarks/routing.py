"""Routes with capacity against best known values, PyVRP alone in the same run at the same processor time.

`python -m benchmarks.routing [SECONDS] [INSTANCE ...]`; so for routing_windows and routing_rich.
"""

from __future__ import annotations

import sys

from benchmarks._common import SHARED, clock, write_results
from gis_planner.optimise._pyvrp import Effort, Found
from gis_planner.optimise._route_search import one_start
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.route import Problem, plan_routes, read_vrplib
from gis_planner.optimise.verify import check

FOLDER = SHARED / "data" / "bench"
CVRP = ["X-n101-k25", "X-n200-k36", "X-n303-k21", "X-n449-k29", "X-n561-k42", "X-n701-k44", "X-n895-k37", "X-n1001-k43"]
TABLES = {
    "routing": ("Routes with capacity", [("cvrp", name) for name in CVRP]),
    "routing_windows": ("Routes with time windows", [("vrptw", name) for name in ("C1_10_1", "R1_10_3", "RC2_10_1")]),
    "routing_rich": ("Routes with reloads and with optional stops", [
        ("multi_trip", "C203R0.25"), ("multi_trip", "R203R0.25"), ("prize_collecting", "C1_10_6")]),
}
ASKED = {"routing": "mean gap at most 0.4 % in 60 s of two cores", "routing_windows": "no worse than PyVRP",
         "routing_rich": "no worse than PyVRP"}


def best_known(folder: str, name: str, times: float) -> float:
    """Best known cost of a published instance, in the whole units of its reading."""
    for line in (FOLDER / folder / f"{name}.sol").read_text(encoding="utf-8").splitlines():
        if line.startswith("Cost"):
            return float(line.split()[1]) * times
    return float("nan")


def instance(folder: str, name: str) -> tuple[Problem, float]:
    """A published instance and its best known cost."""
    rounding = "round" if folder == "cvrp" else "dimacs"
    problem = read_vrplib(FOLDER / folder / f"{name}.vrp", rounding=rounding)
    return problem, best_known(folder, name, 10.0 if folder == "vrptw" else 1.0)


def row(folder: str, name: str, seconds: float) -> dict[str, object]:
    """Ours and PyVRP alone (the better of two starts on two cores) on one instance."""
    problem, best = instance(folder, name)
    with clock() as took:
        plan = plan_routes(problem, time_limit_s=seconds)
    alone: list[Found] = run_all(
        [(one_start, (problem, Effort(10**9, 10**9, seconds), seed, None, None)) for seed in (0, 1)])
    peer = min(float(found.cost) for found in alone if found.feasible)
    measured: dict[str, object] = {
        "instance": name, "best known": round(best), "ours": round(plan.cost),
        "ours gap %": f"{100 * (plan.cost / best - 1):.2f}", "PyVRP alone": round(peer),
        "PyVRP gap %": f"{100 * (peer / best - 1):.2f}", "faults found by verify": len(check(problem, plan)),
        "CPU s of our process": round(took.cpu_s)}
    print(measured, flush=True)
    return measured


def measure(table: str, words: list[str]) -> None:
    """Measure one table; with names of instances among `words` only those, and nothing is written."""
    words = list(words)
    seconds = float(words.pop(0)) if words and words[0].replace(".", "", 1).isdigit() else 60.0
    title, instances = TABLES[table]
    chosen = [(folder, name) for folder, name in instances if not words or name in words]
    rows = [row(folder, name, seconds) for folder, name in chosen]
    if len(rows) < len(instances):
        return
    gaps = {key: f"{sum(float(str(r[key])) for r in rows) / len(rows):.2f}" for key in ("ours gap %", "PyVRP gap %")}
    write_results(
        table, title, [*rows, {"instance": "mean", **gaps}],
        f"{seconds:.0f} processor seconds of each of two cores for ours and for PyVRP alone (the better of two "
        f"starts), `python -m benchmarks.{table} {seconds:.0f}`. Asked: {ASKED[table]}.")


def words_of(table: str) -> list[str]:
    """Words after the module's name; none when all benchmarks are run by name."""
    return sys.argv[1:] if sys.argv[0].endswith(f"{table}.py") else []


if __name__ == "__main__":
    measure("routing", words_of("routing"))
