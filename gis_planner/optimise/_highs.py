"""One thin door to HiGHS (MIT): a mixed integer program in, values, bound, duals and the reason for stopping out.

Runs on one thread with a fixed seed, so that the same program gives the same answer on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise.plan import Floats

INFINITY = float("inf")


@dataclass(frozen=True)
class Program:
    """min or max objective @ x, row_lower <= rows @ x <= row_upper, lower <= x <= upper, x[integer] whole."""

    objective: Floats
    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: np.ndarray
    maximise: bool = True


@dataclass(frozen=True)
class Outcome:
    """values is None when nothing feasible was found. status: proof, infeasible, nodes, clock or limit."""

    status: str
    values: Floats | None
    objective: float
    bound: float
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    rows = csr_array(program.rows)
    model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
    model.sense_ = highspy.ObjSense.kMaximize if program.maximise else highspy.ObjSense.kMinimize
    model.col_cost_ = np.ascontiguousarray(program.objective, dtype=np.float64)
    model.col_lower_, model.col_upper_ = program.lower.astype(np.float64), program.upper.astype(np.float64)
    model.row_lower_, model.row_upper_ = program.row_lower.astype(np.float64), program.row_upper.astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = rows.indptr.astype(np.int32)
    model.a_matrix_.index_ = rows.indices.astype(np.int32)
    model.a_matrix_.value_ = rows.data.astype(np.float64)
    if program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in program.integer]
    return model


def _status(status: highspy.HighsModelStatus) -> str:
    words = {
        highspy.HighsModelStatus.kOptimal: "proof",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "clock",
        highspy.HighsModelStatus.kSolutionLimit: "nodes",
        highspy.HighsModelStatus.kIterationLimit: "iterations",
    }
    return words.get(status, "limit")


def solve(
    program: Program, *, start: Floats | None = None, nodes: int | None = None, seconds: float | None = None,
    absolute_gap: float = 0.0, seed: int = 0, cutoff: float | None = None,
) -> Outcome:
    """Solve `program`; `start` is a feasible point, `nodes` limits the tree, `absolute_gap` ends it early."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False, "threads": 1, "random_seed": seed % (2**31 - 1), "mip_rel_gap": 0.0,
        "mip_abs_gap": max(absolute_gap, 1e-9), "parallel": "off",
    }
    if nodes is not None:
        options["mip_max_nodes"] = int(nodes)
    if seconds is not None:
        options["time_limit"] = float(seconds)
    if cutoff is not None:
        options["objective_bound"] = float(cutoff)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_model(program))
    whole = bool(program.integer.any())
    if start is not None and whole:
        point = highspy.HighsSolution()
        point.col_value = [float(value) for value in start]
        highs.setSolution(point)
    highs.run()
    status, info, solution = _status(highs.getModelStatus()), highs.getInfo(), highs.getSolution()
    found = info.primal_solution_status == 2 and status != "infeasible"
    values = np.array(solution.col_value) if found else None
    if whole:
        return Outcome(status, values, info.objective_function_value, info.mip_dual_bound)
    dual = np.array(solution.row_dual) if found else None
    reduced = np.array(solution.col_dual) if found else None
    bound = info.objective_function_value if status == "proof" else (INFINITY if program.maximise else -INFINITY)
    return Outcome(status, values, info.objective_function_value, bound, dual, reduced)
