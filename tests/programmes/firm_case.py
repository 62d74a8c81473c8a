"""Small cases for the tests of firmness: two villages by hand, and random ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gis_planner.programmes.robust.case import Case

SURE = 1e9


def beta_of(chance: list[float], worth: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    """Belief of these means; a chance of 1 is worth a thousand million holes."""
    p = np.array(chance, float)
    held = np.where(p >= 1, SURE, worth)
    return p * held, np.maximum((1 - p) * held, 1e-6)


def two_villages(**changes: Any) -> Case:
    """Village 0: 300 people, a pump of unknown status 5 min away; village 1: 200 people, no point.

    Actions: 0 repairs the pump of village 0 (500 people, sure, 1 franc); 1 drills in village 0 (chance 0.5, 10 francs
    wet or dry); 2 drills in village 1 (chance 0.5, 10 francs). Budget 11.
    """
    alpha, beta = beta_of([1.0, 0.5, 0.5])
    given: dict[str, Any] = {
        "people": np.array([300.0, 200.0]), "village": np.array([0, 1]),
        "minutes": csr_array(np.array([[5.0, 4.0, 0.0], [0.0, 0.0, 3.0]])),
        "point_minutes": csr_array(np.array([[5.0], [0.0]])), "point_capacity": np.array([500.0]),
        "point_works": np.array([np.nan]), "counts_as_working": False, "capacity": np.array([500.0, 500.0, 500.0]),
        "alpha": alpha, "beta": beta, "drilled": np.array([False, True, True]),
        "cost_fixed": np.array([1.0, 0.0, 0.0]), "cost_wet": np.array([0.0, 10.0, 10.0]),
        "cost_dry": np.array([0.0, 10.0, 10.0]), "mends": np.array([0, -1, -1]), "today_min": np.array([30.0, 40.0]),
        "budget": 11.0, "trip_min": 30.0, "queue_min": 10.0, "chosen": np.array([0, 2]),
        "action_village": np.array([0, 0, 1]),
    }
    return Case(**(given | changes))


def random_case(seed: int, groups: int = 40, actions: int = 25, points: int = 6) -> Case:
    """People and actions thrown on a square of 40 minutes; limit 10 minutes."""
    rng = np.random.default_rng(seed)
    at, to, today = rng.random((groups, 2)) * 40, rng.random((actions, 2)) * 40, rng.random((points, 2)) * 40

    def near(places: np.ndarray) -> csr_array:
        away = np.hypot(at[:, :1] - places[:, 0], at[:, 1:] - places[:, 1])
        return csr_array(np.where(away <= 15, np.maximum(away, 0.1), 0.0))

    alpha, beta = beta_of(list(rng.uniform(0.3, 0.9, actions)))
    cost = rng.uniform(2, 12, actions).round(2)
    return Case(
        people=rng.integers(5, 120, groups).astype(float), village=rng.integers(0, 5, groups), minutes=near(to),
        point_minutes=near(today), point_capacity=np.full(points, 150.0),
        point_works=rng.choice([0.0, 1.0, np.nan], points), counts_as_working=False,
        capacity=rng.integers(100, 300, actions).astype(float), alpha=alpha, beta=beta,
        drilled=rng.random(actions) < 0.6, cost_fixed=cost, cost_wet=np.zeros(actions), cost_dry=np.zeros(actions),
        mends=np.full(actions, -1), today_min=rng.uniform(10, 40, groups), budget=30.0, trip_min=30.0, queue_min=10.0,
        chosen=np.zeros(0, np.int64), action_village=rng.integers(0, 5, actions))
