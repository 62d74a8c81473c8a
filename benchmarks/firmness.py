"""Firmness of the shipped plans: what the step costs, and how near the fast choice comes to the exact solver."""

from __future__ import annotations

import sys

import numpy as np

import gis_planner.programmes.wells.firm as firm_module
from benchmarks._common import ROOT, clock, write_results
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Future, draw_futures
from gis_planner.programmes.robust.ranks import ranks
from gis_planner.programmes.robust.sets import sets_over_futures
from gis_planner.programmes.robust.tornado import tornado
from gis_planner.programmes.robust.value import choose_again, scene, worth
from gis_planner.programmes.wells.firm import proven_gap
from gis_planner.scenarios.run import run

FUTURES = 5


def share_kept(case: Case, future: Future) -> float:
    """People of the plan over people of the set chosen again, in the weights of the aim."""
    here = scene(case, future)
    return worth(case, here, case.chosen) / worth(case, here, choose_again(case, here, case.chosen))


def measured(name: str) -> dict[str, object]:
    """One row: seconds of the step and its parts, and the gaps of sets chosen again in five futures."""
    kept: dict[str, object] = {}
    real_case, real_doubts, real_step = firm_module.case_of, firm_module.doubts_of, firm_module.firmness

    def case_of(*given: object) -> object:
        kept["case"] = real_case(*given)  # type: ignore[arg-type]
        return kept["case"]

    def doubts_of(*given: object) -> object:
        kept["doubts"] = real_doubts(*given)  # type: ignore[arg-type]
        return kept["doubts"]

    def step(*given: object) -> object:
        with clock() as took:
            found = real_step(*given)  # type: ignore[arg-type]
        kept["step"] = took.cpu_s
        return found

    firm_module.case_of, firm_module.doubts_of = case_of, doubts_of  # type: ignore[assignment]
    import gis_planner.programmes.wells.plan as plan_module
    plan_module.firmness = step  # type: ignore[assignment]
    try:
        run(ROOT / "scenarios" / f"{name}.toml", ["wells"])
    finally:
        firm_module.case_of, firm_module.doubts_of = real_case, real_doubts
        plan_module.firmness = real_step
    case, doubts = kept["case"], kept["doubts"]
    futures = draw_futures(case, doubts, 100, 1)  # type: ignore[arg-type]
    parts = {}
    for label, work in (("ranks", lambda: ranks(case, futures, count=len(case.chosen))),  # type: ignore[arg-type,attr-defined]
                        ("sets", lambda: sets_over_futures(case, futures[:40])),  # type: ignore[arg-type]
                        ("tornado", lambda: tornado(case, doubts))):  # type: ignore[arg-type]
        with clock() as took:
            work()
        parts[label] = took.cpu_s
    gap = proven_gap(case, futures[:FUTURES], 1.0, 1)  # type: ignore[arg-type]
    scenes = [scene(case, future) for future in futures[:FUTURES]]  # type: ignore[arg-type]
    kept_plan = np.mean([worth(case, here, case.chosen) / worth(case, here, choose_again(case, here, case.chosen))  # type: ignore[arg-type,attr-defined]
                         for here in scenes])
    return {
        "scenario": name, "actions": case.actions, "chosen": len(case.chosen),  # type: ignore[attr-defined]
        "whole step, CPU": f"{kept['step']:.1f} s",
        "of it": ", ".join(f"{label} {seconds:.1f} s" for label, seconds in parts.items()),
        f"chosen again, below the solver's bound, mean of {FUTURES} futures": f"{gap:.2%}" if gap is not None else "",
        "the plan kept instead, of the set chosen again": f"{kept_plan:.1%}",
    }


def main() -> None:
    """Measure the scenarios named (baseline and half-budget without a name)."""
    names = [name for name in sys.argv[2:] if not name.startswith("-")] or ["baseline", "half-budget"]
    write_results(
        "firmness", "Firmness of the shipped plans", [measured(name) for name in names],
        "10,000 weighings over 100 futures, 40 futures chosen again, tornado and surveys. The bound is that of the "
        "exact solver on the same future with people rounded to whole ones; the fast choice is a local search from the "
        "plan "
        "and from nothing.")


if __name__ == "__main__":
    main()
