"""Ranks of the candidate actions where weights, people, statuses, prices and success are all drawn (SMAA-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_planner.problems import refused
from gis_planner.programmes.robust._turns import in_turn
from gis_planner.programmes.robust.acceptability import Robustness, Weights, draw_weights
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Future, stated
from gis_planner.programmes.robust.value import Scene, scene

Floats = npt.NDArray[np.float64]

CRITERIA = ("people", "minutes", "people_per_cost", "chance", "worst_off", "firm_people")
LABELS = {
    "people": ("people gained", "habitants gagnés"),
    "minutes": ("person-minutes saved a day", "personnes-minutes gagnées par jour"),
    "people_per_cost": ("people per franc", "habitants par franc"),
    "chance": ("chance of success", "chance de succès"),
    "worst_off": ("people of the worst served villages", "habitants des villages les moins servis"),
    "firm_people": ("firmness of the number of people", "fermeté du nombre d'habitants"),
}
"""Criterion and its words, English and French."""


@dataclass(frozen=True)
class Ranks:
    """robustness: shares of ranks and central weights (criteria in the order of `CRITERIA`).

    acceptability: (actions, turns). top_share (actions,): share of draws among the best `count`. low, high (actions,):
    ranks that hold 90 % of draws; the number of turns + 1 stands for every later one.
    """

    robustness: Robustness
    count: int
    top_share: Floats
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]


def criteria(case: Case, here: Scene) -> Floats:
    """(actions, 5) what each action alone brings in a scene: the first five of `CRITERIA`, in their own units.

    people: unserved within reach up to its room, times the chance; minutes: the same people times the minutes that
    their walk there and back shortens; people_per_cost: people per million FCFA; worst_off: people, each weighted with
    the unserved share of her village.
    """
    pairs = case.action_pairs
    weight = here.unserved[pairs.group] * here.reached
    near = np.bincount(pairs.place, weight, case.actions)
    gained = np.minimum(near, case.capacity) * here.success
    part = np.divide(gained, near, out=np.zeros(case.actions), where=near > 0)
    shorter = 2 * np.maximum(case.today_min[pairs.group] - pairs.minutes, 0.0)
    minutes = np.bincount(pairs.place, weight * shorter, case.actions) * part
    lack = _lack(case, here)
    worst = np.bincount(pairs.place, weight * lack[case.village[pairs.group]], case.actions) * part
    per_cost = np.divide(gained, here.cost / 1e6, out=np.zeros(case.actions), where=here.cost > 0)
    return np.column_stack([gained, minutes, per_cost, here.success, worst])


def _lack(case: Case, here: Scene) -> Floats:
    unserved = np.bincount(case.village, here.unserved, case.villages)
    people = np.bincount(case.village, case.people, case.villages)
    return np.minimum(np.divide(unserved, people, out=np.zeros(case.villages), where=people > 0), 1.0)


def ranks(
    case: Case, futures: Sequence[Future], *, count: int, weights: Weights = "all", draws: int = 10_000, seed: int = 0
) -> Ranks:
    """Rank acceptability of every action, `draws` weights shared out over the futures in turn.

    In a draw the actions are taken one after another, the one of greatest value first, and each counts only the people
    whom those before it left: places beside each other, or two ways to mend one point, do not all rank high. Its turn
    is an action's rank. Twice `count` turns are drawn (count: how many actions the plan takes); later ones are not told
    apart. Value: sum of weight times criterion, each criterion linear between 0 and the greatest of any action as
    stated. firm_people: 1 less the coefficient of variation, over the futures, of the people it gains alone.
    """
    if not 1 <= count <= case.actions:
        raise refused("robustness", field="count", found=count, expected=f"1 to {case.actions} actions",
                      remedy="Rank for a plan that takes at least one action.",
                      remedy_fr="Classez pour un plan qui retient au moins une action.")
    scenes = [scene(case, future) for future in futures]
    gained = np.array([criteria(case, here)[:, 0] for here in scenes])
    mean = gained.mean(axis=0)
    firm = np.maximum(1.0 - np.divide(gained.std(axis=0), mean, out=np.ones(case.actions), where=mean > 0), 0.0)
    scale = criteria(case, scene(case, stated(case))).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    drawn = draw_weights(len(CRITERIA), weights, draws, np.random.default_rng(seed))
    most = min(2 * count, case.actions)
    turns, first = np.zeros((case.actions, most), np.int64), np.zeros((case.actions, len(CRITERIA)))
    pairs = case.action_pairs
    shorter = 2 * np.maximum(case.today_min[pairs.group] - pairs.minutes, 0.0)
    for at, here in enumerate(scenes[:draws]):
        in_turn(pairs.ptr, pairs.group, pairs.place, pairs.by_group_ptr, pairs.by_group, here.reached, here.unserved,
                case.capacity.astype(np.float64), here.success, here.cost, shorter, _lack(case, here)[case.village],
                firm, case.rivals, scale, np.ascontiguousarray(drawn[at :: len(scenes)]), most, turns, first)
    return _of_turns(turns, first, count, draws)


def _of_turns(turns: npt.NDArray[np.int64], first: Floats, count: int, draws: int) -> Ranks:
    wins = turns[:, :1].astype(np.float64)
    central = np.divide(first, wins, out=np.full(first.shape, np.nan), where=wins > 0)
    result = Robustness(turns / draws, central, draws)
    reached = np.cumsum(result.acceptability, axis=1)
    low, high = ((reached < share - 1e-12).sum(axis=1) + 1 for share in (0.05, 0.95))
    return Ranks(result, count, result.top(count), low.astype(np.int64), high.astype(np.int64))
