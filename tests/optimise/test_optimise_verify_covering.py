"""What the check of covering and allocation plans knows of bounds and false proofs."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

import gis_planner.optimise.verify as verify_package
from gis_planner.optimise import allocate, cover
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
