"""The OR-Library p-median graphs: value against the listed optimum, proof, time, memory; spopt with CBC beside it."""

from __future__ import annotations

import importlib.util

import numpy as np

from benchmarks._common import clock, peak_mb, write_results
from benchmarks._covering_data import BENCH, pmed
from gis_planner.optimise.median import p_median
from gis_planner.optimise.verify import check

PEER_LIMIT_S = 15
PEER = ("pmed1", "pmed6")


def spopt_answer(table: np.ndarray, p: int) -> str:
    """What spopt with CBC says in `PEER_LIMIT_S` seconds: its status and the value of its plan."""
    if importlib.util.find_spec("spopt") is None:
        return "not installed"
    import pulp
    from spopt.locate import PMedian

    failed = ""
    with clock() as took:
        try:
            model = PMedian.from_cost_matrix(table, np.ones(len(table)), p_facilities=p)
            model = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=PEER_LIMIT_S))
        except Exception as trouble:
            failed = type(trouble).__name__
    if failed:
        return f"{failed} after {took.wall_s:.0f} s"
    return f"{pulp.LpStatus[model.problem.status]} {pulp.value(model.problem.objective):.0f}, {took.wall_s:.1f} s"


def main() -> None:
    listed = dict(line.split() for line in (BENCH / "pmed" / "optima.txt").read_text(encoding="utf-8").splitlines())
    p_median(np.eye(30), np.ones(30), 3)
    rows: list[dict[str, object]] = []
    seconds, reached, proven = [], 0, 0
    for name, optimum in listed.items():
        table, p = pmed(BENCH / "pmed" / f"{name}.txt")
        with clock() as took:
            plan = p_median(table, np.ones(len(table)), p)
        sound = not check((table, np.ones(len(table)), p), plan)
        seconds.append(took.cpu_s)
        reached += plan.value == int(optimum)
        proven += plan.proven
        rows.append({"instance": name, "n": len(table), "p": p, "listed": optimum, "value": f"{plan.value:.0f}",
                     "bound": f"{plan.bound:.0f}", "stopped by": plan.stopped_by,
                     "check": "sound" if sound else "BROKEN",
                     "CPU s": f"{took.cpu_s:.1f}", "wall s": f"{took.wall_s:.1f}", "peak MB": f"{peak_mb():.0f}"})
        print(rows[-1], flush=True)
    for row in rows:  # after all plans of ours, so that the memory told above is ours alone
        table, p = pmed(BENCH / "pmed" / f"{row['instance']}.txt")
        row["spopt with CBC"] = spopt_answer(table, p) if row["instance"] in PEER else ""
    note = (f"{reached} of {len(rows)} at the listed optimum, {proven} proven, mean {np.mean(seconds):.1f} CPU s. "
            f"spopt gets {PEER_LIMIT_S} s on {', '.join(PEER)}; memory is the peak of the process so far, the peer "
            "asked after it.")
    write_results("pmedian", "p-median, OR-Library", rows, note)


if __name__ == "__main__":
    main()
