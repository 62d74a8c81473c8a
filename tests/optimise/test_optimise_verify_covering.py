"""The check of covering and allocation plans finds every fault planted in a sound plan."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

import gis_planner.optimise.verify as verify_package
from gis_planner.optimise import allocate, cover, median
from gis_planner.optimise.verify import check

SOLVERS = {"highspy", "pyvrp", "numba", "scipy.optimize", "ortools", "pulp"}


def test_verify_imports_no_solver():
    """No file of verify imports a solver or a planning function."""
    for path in sorted(Path(verify_package.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not any(name == solver or name.startswith(solver + ".") for solver in SOLVERS), (path.name, name)


def world(seed: int):
    """A small region: 12 demands, 8 sites, every demand in reach of its own sites."""
    random = np.random.default_rng(seed)
    table = random.integers(1, 60, (12, 8))
    near = np.where(table < 25, table, 0)
    near[np.arange(12), random.integers(0, 8, 12)] = 7
    return {
        "reach": csr_array(near), "weight": random.integers(1, 40, 12), "cost": random.integers(1, 9, 8),
        "people": random.integers(5, 40, 12), "capacity": random.integers(10, 80, 8), "table": table.astype(float),
    }


def plans(seed: int):
    """One sound plan of each kind with the arrays it came from."""
    w = world(seed)
    most = cover.max_cover(w["reach"], w["weight"], cost=w["cost"], budget=12, required=[0], excluded=[7])
    every = cover.set_cover(w["reach"], cost=w["cost"])
    room = cover.capacitated_cover(
        w["reach"], w["people"], w["capacity"], cost=w["cost"], budget=14,
        exclusive=np.array([0, 0, 1, 1, 2, 2, -1, -1]), needs=[(1, 2)], travel=w["reach"])
    sent = allocate.assign(w["reach"], w["people"], w["capacity"])
    near = median.p_median(w["table"], w["weight"], 3)
    return [
        ({"reach": w["reach"], "weight": w["weight"], "cost": w["cost"], "budget": 12, "required": [0],
          "excluded": [7]}, most),
        ({"reach": w["reach"], "cost": w["cost"]}, every),
        ({"reach": w["reach"], "people": w["people"], "capacity": w["capacity"], "cost": w["cost"], "budget": 14,
          "exclusive": np.array([0, 0, 1, 1, 2, 2, -1, -1]), "needs": [(1, 2)], "travel": w["reach"]}, room),
        ({"cost": w["reach"], "demand": w["people"], "capacity": w["capacity"]}, sent),
        ({"distance": w["table"], "weight": w["weight"], "p": 3}, near),
    ]


def moved(flow: csr_array, change: int) -> csr_array:
    """`flow` with `change` people more on its first used pair."""
    out = flow.copy()
    out.data[0] += change
    return out


def common_faults(plan):
    """Faults that any plan can carry."""
    yield "value", replace(plan, value=plan.value + 1)
    yield "value-nan", replace(plan, value=float("nan"))
    better = -3 if plan.kind in {"max_cover", "capacitated_cover"} else 3
    yield "bound", replace(plan, bound=plan.value + better, proven=False, stopped_by="nodes")
    yield "proof", replace(plan, bound=plan.value - better)
    yield "stop", replace(plan, stopped_by="clock")
    yield "site", replace(plan, chosen=np.append(plan.chosen[:-1], 99))
    yield "twice", replace(plan, chosen=np.append(plan.chosen, plan.chosen[-1]))


def own_faults(plan):
    """Faults of one kind."""
    if plan.kind in {"max_cover", "set_cover"}:
        yield "covered", replace(plan, covered=1.0 - plan.covered)
        yield "cost", replace(plan, cost=plan.cost + 1)
        yield "lost-site", replace(plan, chosen=plan.chosen[1:])
        yield "covered-shape", replace(plan, covered=plan.covered[:-1])
    if plan.kind in {"capacitated_cover", "assign"}:
        yield "flow-more", replace(plan, flow=moved(plan.flow, 1))
        yield "flow-many", replace(plan, flow=moved(plan.flow, 500))
        yield "flow-less", replace(plan, flow=moved(plan.flow, -1))
        yield "flow-negative", replace(plan, flow=moved(plan.flow, -900))
        yield "served", replace(plan, served=plan.served + 1)
        yield "travel", replace(plan, travel=plan.travel + 5)
    if plan.kind == "capacitated_cover":
        yield "closed", replace(plan, chosen=plan.chosen[1:])
        yield "cost", replace(plan, cost=plan.cost + 2)
    if plan.kind == "p_median":
        yield "nearest", replace(plan, nearest=np.roll(plan.chosen, 1)[np.searchsorted(plan.chosen, plan.nearest)])
        yield "closed", replace(plan, nearest=np.full_like(plan.nearest, 99))


@pytest.mark.parametrize("seed", range(3))
def test_every_planted_fault_is_found(seed):
    """A sound plan has no finding; each planted fault has one (over 100 faults over the three worlds)."""
    planted = 0
    for arrays, plan in plans(seed):
        assert check(arrays, plan) == [], plan.kind
        for name, broken in [*common_faults(plan), *own_faults(plan)]:
            assert check(arrays, broken), (plan.kind, name)
            planted += 1
    # 5 kinds x 7 common faults + 2 x 4 covering + 6 + 8 flow + 2 median = 59 a world, 177 in all.
    assert planted == 59


def test_broken_rules_between_actions_are_named():
    """Two actions of one group, a missing need, an overspent budget, a missing required and an excluded site."""
    arrays, plan = plans(0)[2]
    codes = {finding.code for finding in check(arrays, replace(plan, chosen=np.arange(8)))}
    assert {"group-broken", "budget-exceeded"} <= codes
    assert "need-broken" in {finding.code for finding in check(arrays, replace(plan, chosen=np.array([1])))}
    arrays, plan = plans(0)[0]
    codes = {finding.code for finding in check(arrays, replace(plan, chosen=np.array([7])))}
    assert {"required-missing", "excluded-chosen"} <= codes


def test_a_bound_below_what_the_multipliers_prove_is_found():
    """A bound that lies between the value and the proven bound is caught by the multipliers."""
    # One demand of weight 10 and one of weight 4 with a site each, limit 1: with multipliers equal to the weights the
    # scores are 10 and 4, so the multipliers prove 10; a stated bound of 9.5 would claim too much.
    reach, weight = csr_array(np.eye(2)), np.array([10.0, 4.0])
    plan = cover.max_cover(reach, weight, limit=1)
    lower = replace(plan, chosen=np.array([1]), value=4.0, covered=np.array([0.0, 1.0]), bound=9.5, proven=False,
                    stopped_by="iterations", multipliers=weight)
    arrays = {"reach": reach, "weight": weight, "limit": 1}
    assert "bound-not-proven" in {finding.code for finding in check(arrays, lower)}


def test_a_bound_by_regions_above_its_multipliers_is_found():
    """A bound by regions may lie below what its multipliers prove, never above."""
    # Multipliers equal to the weights prove 10 (see above): 9.5 is below, 10.5 is weaker than the multipliers alone.
    reach, weight = csr_array(np.eye(2)), np.array([10.0, 4.0])
    plan = cover.max_cover(reach, weight, limit=1)
    arrays = {"reach": reach, "weight": weight, "limit": 1}
    for bound, found in ((9.5, False), (10.5, True)):
        said = replace(plan, chosen=np.array([1]), value=4.0, covered=np.array([0.0, 1.0]), bound=bound, proven=False,
                       stopped_by="iterations", bound_from="regions", multipliers=weight)
        assert ("bound-above-multipliers" in {finding.code for finding in check(arrays, said)}) is found


def test_a_false_proof_is_disproved_by_one_swap():
    """A plan called optimal that one swap betters is found."""
    reach, weight = csr_array(np.eye(2)), np.array([10.0, 4.0])
    plan = cover.max_cover(reach, weight, limit=1)
    false = replace(plan, chosen=np.array([1]), value=4.0, bound=4.0, covered=np.array([0.0, 1.0]), multipliers=None)
    assert "not-optimal" in {finding.code for finding in check({"reach": reach, "weight": weight, "limit": 1}, false)}


def test_a_dearer_flow_is_found():
    """A flow that serves everybody at more than the least cost is found by a cycle in its residual network."""
    # Two people, two places of room 1: costs 1+1 straight, 5+5 crossed.
    cost = csr_array(np.array([[1.0, 5.0], [5.0, 1.0]]))
    plan = allocate.assign(cost, [1, 1], [1, 1])
    assert plan.value == 2.0
    crossed = replace(plan, flow=csr_array(np.array([[0, 1], [1, 0]])), value=10.0, bound=10.0, travel=10.0)
    assert "not-optimal" in {finding.code for finding in check((cost, [1, 1], [1, 1]), crossed)}
