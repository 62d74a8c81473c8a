"""Capacitated covering under a budget when the places fall apart into villages: exact, part by part.

Parts share nothing but the money. Dantzig-Wolfe: a master program picks one set of actions (a column) per part, and
each part prices its best column at the worth of a franc. When no column improves, the master's value bounds every
plan. An optimal plan then uses in each part a column whose price is within the gap of that part's best: those that no
cheaper one matches are listed by cost, and a last master over them is the proven optimum (Dantzig and Wolfe 1960,
Operations Research 8; enumeration of columns within the gap as in Baldacci, Christofides and Mingozzi 2008).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from gis_planner.optimise._capacity_problem import CapacityProblem
from gis_planner.optimise._exact_capacity import least_travel, program
from gis_planner.optimise._highs import Outcome, Program, solve
from gis_planner.optimise._transport import Pairs
from gis_planner.optimise.plan import Floats, Ints

MOST_ROUNDS = 200
MOST_COLUMNS = 60
MOST_STEPS = 100_000
NODES = 5_000


@dataclass(frozen=True)
class Part:
    """Actions that share demands, groups or needs: their problem without money, and the program of its best flow."""

    actions: Ints
    problem: CapacityProblem
    model: Program

    @property
    def cost(self) -> Floats:
        """(actions,) money per action of the part."""
        return self.problem.cost


@dataclass(frozen=True)
class Column:
    """One set of actions of one part: what it costs and the gain of its best flow."""

    part: int
    chosen: Ints
    cost: float
    value: float


def parts_of(problem: CapacityProblem) -> list[Ints]:
    """Actions that can gain or are required, by connected part, in order of their first action."""
    pairs = problem.pairs
    useful = (pairs.gain > 0) & (problem.people[pairs.demand] > 0)
    demand, actions = problem.shape
    links = [np.column_stack([demand + pairs.place[useful], pairs.demand[useful]])]
    for number in np.unique(problem.group[problem.group >= 0]):
        member = np.flatnonzero(problem.group == number)
        links.append(demand + np.column_stack([member[1:], np.full(member.size - 1, member[0])]))
    if problem.needs.size:
        links.append(demand + problem.needs)
    edges = np.vstack(links)
    graph = csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(demand + actions, demand + actions))
    label = connected_components(graph, directed=False)[1][demand:]
    used = np.unique(np.concatenate([pairs.place[useful], problem.required]))
    order = list(dict.fromkeys(label[used].tolist()))
    return [np.flatnonzero(label == at).astype(np.int64) for at in order]


def _part(problem: CapacityProblem, actions: Ints) -> Part:
    pairs = problem.pairs
    at = np.full(problem.shape[1], -1)
    at[actions] = np.arange(actions.size)
    use = np.flatnonzero((at[pairs.place] >= 0) & (pairs.gain > 0))
    people, demand = np.unique(pairs.demand[use], return_inverse=True)
    needs = problem.needs[at[problem.needs[:, 0]] >= 0] if problem.needs.size else problem.needs
    small = replace(
        problem, shape=(people.size, actions.size), budget=None, limit=None, people=problem.people[people],
        pairs=Pairs(demand.astype(np.int64), at[pairs.place[use]], pairs.gain[use], pairs.travel[use]),
        capacity=problem.capacity[actions], cost=problem.cost[actions], group=problem.group[actions],
        needs=at[needs] if needs.size else needs, required=at[problem.required[at[problem.required] >= 0]],
        excluded=problem.excluded[actions])
    return Part(actions, small, program(small))


def _row(values: Floats, width: int) -> csr_array:
    return csr_array(np.concatenate([values, np.zeros(width - values.size)])[None, :])


def _with(model: Program, row: csr_array, low: float, high: float) -> Program:
    return replace(model, rows=csr_array(vstack([model.rows, row], format="csr")),
                   row_lower=np.append(model.row_lower, low), row_upper=np.append(model.row_upper, high))


def _column(number: int, part: Part, outcome: Outcome) -> Column | None:
    if outcome.values is None or outcome.status != "proof":
        return None
    chosen = np.flatnonzero(outcome.values[:part.actions.size] > 0.5)
    value = float(part.model.objective @ outcome.values)
    return Column(number, chosen.astype(np.int64), float(part.cost[chosen].sum()), value)


def _priced(number: int, part: Part, franc: float, seed: int) -> Column | None:
    """The part's best column when a franc is worth `franc`; None when it could not be proven."""
    worth = part.model.objective.copy()
    worth[:part.actions.size] -= franc * part.cost
    return _column(number, part, solve(replace(part.model, objective=worth), nodes=NODES, seed=seed))


def _master(columns: list[Column], parts: int, budget: float, whole: bool, seed: int) -> Outcome:
    """Pick one column per part within the money: the linear program (its duals) or the whole-number one."""
    size = len(columns)
    pick = csr_array((np.ones(size), ([column.part for column in columns], np.arange(size))), shape=(parts, size))
    money = csr_array(np.array([[column.cost / budget for column in columns]]))
    return solve(Program(
        np.array([column.value for column in columns]), csr_array(vstack([pick, money], format="csr")),
        np.concatenate([np.ones(parts), [-np.inf]]), np.ones(parts + 1), np.zeros(size), np.ones(size),
        np.full(size, whole)), nodes=20 * NODES if whole else None, seed=seed)


def _other_than(model: Program, chosen: Ints, actions: int) -> Program:
    """The program without this very set of actions."""
    sign = np.ones(actions)
    sign[chosen] = -1.0
    return _with(model, _row(sign, model.objective.size), 1.0 - chosen.size, np.inf)


def _step(problem: CapacityProblem) -> float:
    """The largest sum of which every cost is a whole multiple, 0 when there is none or it is too fine to tell apart."""
    whole = np.rint(problem.cost).astype(np.int64)
    if not np.allclose(whole, problem.cost, rtol=0, atol=1e-9) or not whole.any():
        return 0.0
    step = float(np.gcd.reduce(whole[whole > 0]))
    return step if whole.max() / step <= MOST_STEPS else 0.0


def _band(
    number: int, part: Part, franc: float, least: float, budget: float, step: float, seed: int
) -> list[Column] | None:
    """Columns with value - franc x cost of at least `least`, from dear to cheap, each the best for its money.

    step: of which every cost is a multiple, so that the next column is cheaper by at least that; 0 when not known, then
    columns that were found are forbidden one by one. None when they are too many.
    """
    width, actions = part.model.objective.size, part.actions.size
    line = part.model.objective.copy()
    line[:actions] -= franc * part.cost
    model = _with(part.model, _row(line, width), least, np.inf)
    unit = step or budget
    spend, cheap = _row(part.cost / unit, width), np.concatenate([part.cost / unit, np.zeros(width - actions)])
    found: list[Column] = []
    purse = budget
    while len(found) < MOST_COLUMNS:
        within = _with(model, spend, -np.inf, purse / unit)
        best = solve(within, nodes=NODES, seed=seed)
        if best.values is None:
            return found if best.status == "infeasible" else None
        value = float(part.model.objective @ best.values)
        tied = _with(within, _row(part.model.objective, width), value - 1e-7, np.inf)
        least_cost = solve(replace(tied, objective=cheap, maximise=False), start=best.values, nodes=NODES, seed=seed)
        column = _column(number, part, least_cost)
        if column is None:
            return None
        found.append(column)
        purse = min(purse, column.cost - step / 2)
        if not step:
            model = _other_than(model, column.chosen, actions)
    return None


@dataclass(frozen=True)
class Apart:
    """What was found part by part: actions, their value, a bound on every plan, `proof` or `columns`."""

    chosen: Ints
    value: float
    bound: float
    stopped_by: str


def solve_parts(problem: CapacityProblem, *, seed: int) -> Apart | None:
    """The proven optimum, or a plan with its bound when columns are too many; None when nothing falls apart."""
    if problem.budget is None or problem.budget <= 0 or problem.limit is not None:
        return None
    groups = parts_of(problem)
    if len(groups) < 2 or max(group.size for group in groups) > 80:
        return None
    parts, budget = [_part(problem, group) for group in groups], problem.budget
    columns = _first_columns(parts, budget, seed)
    priced = _price_out(parts, columns, budget, seed) if columns is not None else None
    if columns is None or priced is None:
        return None
    franc, best, bound = priced
    held = _master(columns, len(parts), budget, whole=True, seed=seed)
    if held.values is None:
        return None
    gap = bound - held.objective + 1e-6 * max(1.0, abs(bound))
    every: list[Column] | None = list(columns)
    for number, part in enumerate(parts):
        band = _band(number, part, franc, best[number] - gap, budget, _step(problem), seed)
        every = None if band is None or every is None else [*every, *band]
        if every is None:
            break
    if every is not None:
        last = _master(every, len(parts), budget, whole=True, seed=seed)
        if last.values is not None and last.status == "proof":
            value = float(last.objective)
            return Apart(_actions(parts, every, last.values, seed), value, value, "proof")
    return Apart(_actions(parts, columns, held.values, seed), float(held.objective), bound, "columns")


def _actions(parts: list[Part], columns: list[Column], picked: Floats, seed: int) -> Ints:
    """Actions of the columns that a master picked, sorted; of sets worth as much for no more money the nearest."""
    chosen = [parts[column.part].actions[_nearest(parts[column.part], column, seed)]
              for column in (columns[at] for at in np.flatnonzero(picked > 0.5))]
    return np.sort(np.concatenate(chosen)).astype(np.int64)


def _nearest(part: Part, column: Column, seed: int) -> Ints:
    """The set of the part that is worth the column's value for no more than its money with the least travel."""
    if not part.problem.has_travel or column.chosen.size == 0:
        return column.chosen
    unit = max(float(part.cost.max()), 1e-12)
    within = _with(part.model, _row(part.cost / unit, part.model.objective.size), -np.inf, column.cost / unit + 1e-9)
    near = least_travel(part.problem, within, None, column.value, NODES, seed)
    if near is None:
        return column.chosen
    return np.flatnonzero(near[:part.actions.size] > 0.5).astype(np.int64)


def _first_columns(parts: list[Part], budget: float, seed: int) -> list[Column] | None:
    """The cheapest column of every part (nothing, or what is required)."""
    columns = []
    for number, part in enumerate(parts):
        cost = np.concatenate([part.cost / budget, np.zeros(part.model.objective.size - part.actions.size)])
        cheapest = solve(replace(part.model, objective=cost, maximise=False), nodes=NODES, seed=seed)
        column = _column(number, part, cheapest)
        if column is None:
            return None
        columns.append(column)
    return columns


def _price_out(
    parts: list[Part], columns: list[Column], budget: float, seed: int
) -> tuple[float, Floats, float] | None:
    """Add columns until none improves: (worth of a franc, best priced value per part, bound on every plan)."""
    for _ in range(MOST_ROUNDS):
        master = _master(columns, len(parts), budget, whole=False, seed=seed)
        if master.row_dual is None or master.status != "proof":
            return None
        franc = max(float(master.row_dual[-1]) / budget, 0.0)
        best = np.zeros(len(parts))
        better = False
        for number, part in enumerate(parts):
            column = _priced(number, part, franc, seed)
            if column is None:
                return None
            best[number] = column.value - franc * column.cost
            if best[number] > float(master.row_dual[number]) + 1e-7 * max(1.0, abs(best[number])):
                columns.append(column)
                better = True
        if not better:
            return franc, best, float(best.sum() + franc * budget)
    return None
