"""Which survey is worth its money, against cases worked out by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from firm_case import random_case, two_villages
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.programmes.groundwater.geophysics import Judgement
from gis_planner.programmes.robust.draws import Doubts, Range, stated
from gis_planner.programmes.robust.surveys import gain, surveys
from gis_planner.programmes.robust.value import choose_again, scene

SEES_ALL = Judgement(1.0, 1.0)


def test_a_visit_that_can_save_a_useless_repair() -> None:
    """Repair and drilling cost 10, money for one; the pump works with chance 0.64: drilling then serves 100 people.

    The plan repairs. Broken (0.36): right, no gain. Works (0.64): the repair is not done and the money drills: 100.
    """
    case = two_villages(cost_fixed=np.array([10.0, 0.0, 0.0]), budget=10.0, chosen=np.array([0]))
    found = surveys(case, Doubts(), [0], [], SEES_ALL, visit_fcfa=50_000, probe_fcfa=1)
    assert [one.kind for one in found] == ["status_visit"]
    assert found[0].gain_people == pytest.approx(64, rel=1e-6)
    assert found[0].changes == pytest.approx(0.64)
    assert found[0].per_million == pytest.approx(64 / 0.05, rel=1e-6)
    assert found[0].points == 1


def test_a_visit_that_cannot_change_the_plan_is_worth_nothing() -> None:
    """With money for everything, knowing the pump's state changes nothing."""
    case = two_villages(budget=100.0, chosen=np.array([0, 2]), excluded=np.array([1]))
    found = surveys(case, Doubts(), [0], [], SEES_ALL, visit_fcfa=50_000, probe_fcfa=1)
    assert found[0].gain_people == pytest.approx(0, abs=1e-6)


def test_a_count_that_can_turn_the_choice() -> None:
    """Two villages of 100 and 90 people, money for one borehole: a count of the second from 0.5 to 2 may turn it.

    Triangular 0.5, 1, 2: the 90 % point is 2 - sqrt(0.1 * 1.5 * 1) = 1.613, so 145 people with weight 0.3: half of
    (145 - 100) more; at the 10 % and 50 % points (71 and 102 people) the plan is right, or wrong by half of 2 people.
    """
    case = two_villages(
        people=np.array([100.0, 90.0]), excluded=np.array([0]), budget=10.0, chosen=np.array([1]),
        point_works=np.array([0.0]))
    doubts = Doubts(village_population=(None, Range(0.5, 1.0, 2.0)))
    found = {(one.kind, one.place): one for one in surveys(case, doubts, [0], [], SEES_ALL, visit_fcfa=1, probe_fcfa=1)}
    middle = 90 * (2 - np.sqrt(0.5 * 1.5))  # 102.06
    high = 90 * (2 - np.sqrt(0.15))  # 145.14
    expected = 0.3 * (high - 100) / 2 + 0.4 * (middle - 100) / 2
    assert found["population_count", 1].gain_people == pytest.approx(expected, rel=1e-6)
    assert ("population_count", 0) not in found  # no doubt is stated for it


def test_a_probe_that_moves_the_hole() -> None:
    """Two places of chance 0.5, room for 100 and 90 people, money for one hole, a perfect probe of the first.

    Good (0.5): stay. Bad (0.5): drill the second, half of 90. Without: half of 100. Gain 0.5 * 45.
    """
    case = two_villages(
        people=np.array([100.0, 90.0]), excluded=np.array([0]), budget=10.0, chosen=np.array([1]),
        point_works=np.array([0.0]))
    found = surveys(case, Doubts(), [0], [1, 2], SEES_ALL, visit_fcfa=1, probe_fcfa=600_000)
    by_place = {one.place: one for one in found}
    assert by_place[1].gain_people == pytest.approx(22.5, rel=1e-6)
    # probing the second: good (0.5) means 90 sure people instead of 50: 0.5 * 40
    assert by_place[2].gain_people == pytest.approx(20, rel=1e-6)
    assert [one.place for one in found] == [1, 2]


def test_a_probe_that_is_a_coin_is_worth_nothing() -> None:
    """A visit right half of the time leaves every chance as it was."""
    case = two_villages(point_works=np.array([0.0]))
    found = surveys(case, Doubts(), [0], [1, 2], Judgement(0.5, 0.5), visit_fcfa=1, probe_fcfa=1)
    assert [one.gain_people for one in found] == pytest.approx([0, 0], abs=1e-6)


@settings(deadline=None, derandomize=True, max_examples=6)
@given(st.integers(0, 1000))
def test_knowing_more_never_costs_people(seed: int) -> None:
    """Every gain is 0 or more, a surer probe is worth no less on average, and the order is by people per franc."""
    case = random_case(seed)
    case = dataclasses.replace(case, chosen=choose_again(case, scene(case, stated(case)), case.chosen))
    probed = np.flatnonzero(case.drilled)[:4].tolist()
    rough, sure = (surveys(case, Doubts(), np.arange(6) % 5, probed, visit, visit_fcfa=30_000, probe_fcfa=600_000)
                   for visit in (Judgement(0.7, 0.7), SEES_ALL))
    assert all(one.gain_people >= 0 for one in rough)
    rates = [one.per_million for one in rough]
    assert rates == sorted(rates, reverse=True)
    worth = [sum(one.gain_people for one in found if one.kind == "geophysics") for found in (rough, sure)]
    assert worth[0] <= worth[1] + 0.05 * max(worth[1], 1)


def test_chances_that_do_not_sum_are_refused() -> None:
    """Outcomes with chances of 0.5 and 0.4 are not all that can happen."""
    case = two_villages()
    with pytest.raises(Refused, match=r"survey-chances.*0\.9"):
        gain(case, [(0.5, stated(case), case), (0.4, stated(case), case)])


def test_a_negative_price_is_refused() -> None:
    """A visit that would be paid for is refused by name."""
    with pytest.raises(Refused, match=r"negative-cost.*visit_fcfa"):
        surveys(two_villages(), Doubts(), [0], [], SEES_ALL, visit_fcfa=-1, probe_fcfa=1)
