"""Futures, what a set is worth in them, sets chosen again, ranks with everything drawn, and the tornado."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from firm_case import beta_of, random_case, two_villages
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.optimise.allocate import assign
from gis_planner.optimise.cover import capacitated_cover
from gis_planner.problems import Refused
from gis_planner.programmes.robust.acceptability import acceptability, acceptability_over
from gis_planner.programmes.robust.draws import SURE, Doubts, Range, draw_futures, stated, strata, works_belief
from gis_planner.programmes.robust.ranks import CRITERIA, criteria, ranks
from gis_planner.programmes.robust.sets import as_stated, changed, sets_over_futures
from gis_planner.programmes.robust.tornado import tornado
from gis_planner.programmes.robust.value import affordable, choose_again, expected_people, scene

DOUBTS = Doubts(Range(0.8, 1, 1.25), Range(0.8, 1, 1.4), Range(0.8, 1, 1.4), Range(0.8, 1, 1.1), Range(0.6, 1, 1.1),
                Range(0.5, 1, 2))
SEEDS = st.integers(0, 2**32 - 1)


def test_the_plan_is_worth_what_it_says() -> None:
    """Repair of the pump serves 300 surely, the borehole half of 200: 400 people; the money is spent to the franc."""
    case = two_villages()
    assert as_stated(case) == pytest.approx(400, rel=1e-6)
    assert affordable(case.chosen, scene(case, stated(case)).cost, 11).tolist() == [0, 2]


def test_a_point_that_turns_out_to_work_needs_no_repair() -> None:
    """If the unknown pump works, nobody of village 0 is unserved, its repair costs and serves nothing."""
    case = two_villages()
    here = scene(case, dataclasses.replace(stated(case), works=np.array([True])))
    assert here.unserved.tolist() == [0, 200]
    assert here.served_today == 300
    assert (here.cost[0], here.success[0]) == (0, 0)
    assert expected_people(case, here, case.chosen) == pytest.approx(100)


def test_money_is_spent_in_order_and_an_action_too_dear_is_passed_over() -> None:
    """With 11 francs, orders 10, 5, 1: the 5 no longer fits, the 1 does."""
    assert affordable(np.array([0, 1, 2]), np.array([10.0, 5.0, 1.0]), 11.0).tolist() == [0, 2]


def test_a_slower_walk_and_a_longer_queue_shorten_the_reach() -> None:
    """Round trip 30, queue 10: 10 minutes one way. At 0.4 of the speed that is 4 minutes; with queue 24, 3 minutes."""
    case = two_villages()
    slow = scene(case, dataclasses.replace(stated(case), speed=0.4))
    assert slow.reached.tolist() == [False, True, True]  # minutes 5, 4, 3
    queue = scene(case, dataclasses.replace(stated(case), queue=2.4))
    assert queue.reached.tolist() == [False, False, True]


@settings(deadline=None, derandomize=True, max_examples=25)
@given(SEEDS)
def test_values_agree_with_the_solvers(seed: int) -> None:
    """Service today is the assignment's, and a set's worth the exact covering's when that set is all there is."""
    case = random_case(seed % 1000)
    here = scene(case, stated(case))
    limit = case.point_minutes.copy()
    works = np.where(np.isnan(case.point_works), 0, case.point_works)
    limit.data = np.where(limit.data <= 10, limit.data, 0)
    limit.eliminate_zeros()
    if limit.nnz:
        most = assign(limit, case.people.astype(int), (case.point_capacity * works).astype(int)).served.sum()
        assert here.served_today == pytest.approx(float(most))
    some = np.random.default_rng(seed).permutation(case.actions)[:6]
    reach = case.minutes.tocsc()[:, np.sort(some)].tocsr()
    reach.data = np.where(reach.data <= 10, reach.data, 0)
    reach.eliminate_zeros()
    unserved = np.rint(here.unserved).astype(int)
    if reach.nnz and unserved.sum() and (unserved[np.diff(reach.indptr) > 0] > 0).any():
        kept = np.sort(some)
        exact = capacitated_cover(reach, unserved, case.capacity[kept].astype(int), cost=np.zeros(len(kept)),
                                  success=here.success[kept])
        free = dataclasses.replace(case, budget=1e9)
        assert expected_people(free, here, kept) == pytest.approx(exact.value, rel=1e-6)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(SEEDS)
def test_chosen_again_is_never_worse_and_near_the_exact(seed: int) -> None:
    """The fast choice never falls below the plan, keeps the budget, and comes within 10 % of the exact optimum."""
    case = random_case(seed % 1000)
    here = scene(case, stated(case))
    unserved = np.rint(here.unserved).astype(int)
    reach = case.minutes.copy()
    reach.data = np.where(reach.data <= 10, reach.data, 0)
    reach.eliminate_zeros()
    exact = capacitated_cover(reach, unserved, case.capacity.astype(int), cost=here.cost, budget=case.budget,
                              success=here.success)
    again = choose_again(case, here, case.chosen)
    value = expected_people(case, here, again)
    assert here.cost[again].sum() <= case.budget + 1e-6
    assert 0.9 * exact.value - 1e-6 <= value <= exact.value + 1e-6
    planned = dataclasses.replace(case, chosen=exact.chosen)
    assert expected_people(planned, here, choose_again(planned, here, exact.chosen)) == pytest.approx(
        exact.value, rel=1e-6)


def test_rules_are_kept_when_chosen_again() -> None:
    """Of two actions that exclude each other one is taken; one that needs another comes with it; fixed ones stay."""
    case = two_villages(rival=np.array([3, 3, -1]))
    here = scene(case, stated(case))
    assert not {0, 1} <= set(choose_again(case, here, case.chosen).tolist())
    tied = two_villages(needs=np.array([[2, 1]]), budget=21.0)
    chosen = set(choose_again(tied, scene(tied, stated(tied)), np.zeros(0, np.int64)).tolist())
    assert 2 not in chosen or 1 in chosen
    fixed = two_villages(required=np.array([1]), excluded=np.array([2]))
    assert set(choose_again(fixed, scene(fixed, stated(fixed)), np.zeros(0, np.int64)).tolist()) == {0, 1}


def test_sets_over_two_futures_by_hand() -> None:
    """Pump broken or working, money for one thing only: the plan (repair) is right in one future of two.

    Broken: repair 300, drill in 1 gives 100; working: repair 0, drill 100. Regret of the repair 100, of drilling 200.
    """
    case = two_villages(cost_fixed=np.array([10.0, 0.0, 0.0]), budget=10.0, chosen=np.array([0]))
    futures = [dataclasses.replace(stated(case), works=np.array([state])) for state in (False, True)]
    found = sets_over_futures(case, futures)
    assert found.chosen_share.tolist() == [0.5, 0, 0.5]
    assert [sorted(one.tolist()) for one in found.sets] == [[0], [0, 2]]
    # the second set repairs, or drills where the repair is not needed: no regret in either future
    assert found.value == pytest.approx(np.array([[300, 0], [300, 100]]), rel=1e-6)
    assert (found.least_regret, found.regret_of_plan, found.least) == (1, pytest.approx(100), pytest.approx(0))


def test_draws_keep_their_laws() -> None:
    """Ratios stay in their range with the triangular mean (low + value + high) / 3, chances have the belief's mean."""
    case = two_villages()
    futures = draw_futures(case, DOUBTS, 400, 1)
    prices = np.array([future.price[1] for future in futures])
    assert prices.min() >= 0.8
    assert prices.max() <= 1.4
    assert prices.mean() == pytest.approx((0.8 + 1 + 1.4) / 3, abs=0.005)
    assert np.mean([future.success[2] for future in futures]) == pytest.approx(0.5, abs=0.01)
    assert np.mean([future.works[0] for future in futures]) == pytest.approx(0.64, abs=0.03)
    assert all(future.success[0] <= 1 for future in futures)


def test_without_doubt_every_future_is_the_stated_one_but_for_luck() -> None:
    """Nothing in doubt, nothing unknown, sure chances: all futures are alike and every chosen action stays."""
    alpha, beta = beta_of([1.0, 1.0, 1.0])
    case = two_villages(point_works=np.array([0.0]), alpha=alpha, beta=beta)
    futures = draw_futures(case, Doubts(), 5, 0)
    found = sets_over_futures(case, futures)
    assert found.chosen_share.tolist() == [1, 0, 1]
    assert found.regret_of_plan == pytest.approx(0, abs=1e-3)
    assert [bar.factor_id for bar in tornado(case, Doubts())] == ["drill_success"]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.integers(1, 60), st.integers(1, 8), SEEDS)
def test_strata_hold_one_draw_each(count: int, width: int, seed: int) -> None:
    """In every column each of the equal steps holds exactly one draw."""
    drawn = strata(count, width, np.random.default_rng(seed))
    assert (np.sort(np.floor(drawn * count), axis=0) == np.arange(count)[:, np.newaxis]).all()


def test_known_points_move_the_belief_of_the_unknown() -> None:
    """0.6 worth ten points, with 30 working and 10 broken: 36 of 50; many known ones never count beyond 60."""
    assert works_belief(Range(0.5, 0.6, 0.8), 30, 10) == pytest.approx((36, 14))
    alpha, beta = works_belief(Range(0.5, 0.6, 0.8), 594, 396)
    assert alpha + beta == pytest.approx(60)
    assert alpha / 60 == pytest.approx(0.6)


def test_criteria_by_hand() -> None:
    """Repair: 300 people, 2 * (30 - 5) minutes each, 1 franc; its village is wholly unserved."""
    case = two_villages()
    table = criteria(case, scene(case, stated(case)))
    assert table[0] == pytest.approx([300, 300 * 50, 300e6, 1, 300], rel=1e-6)
    # borehole in village 1: half of 200, 2 * (40 - 3) minutes, 10 francs
    assert table[2] == pytest.approx([100, 100 * 74, 10e6, 0.5, 100], rel=1e-6)
    assert len(CRITERIA) == table.shape[1] + 1


def test_the_best_on_everything_leads_in_all_draws() -> None:
    """The repair beats both boreholes on every criterion; once it serves village 0, only village 1 is left to drill."""
    case = two_villages(point_works=np.array([0.0]), today_min=np.array([60.0, 40.0]))
    found = ranks(case, draw_futures(case, Doubts(), 20, 3), count=1, draws=500, seed=1)
    assert found.top_share[0] > 0.99
    assert (found.low[0], found.high[0]) == (1, 1)
    # action 1 would serve the same people again: it never has a turn
    assert found.robustness.acceptability.tolist() == [[1, 0], [0, 0], [0, 1]]
    assert (found.low[1], found.high[1]) == (3, 3)


def test_futures_share_the_draws() -> None:
    """Two futures that order two alternatives oppositely on one criterion: each is first in half of the draws."""
    found = acceptability_over([[[1.0], [0.0]], [[0.0], [1.0]]], draws=1_000)
    assert found.acceptability.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_one_future_is_plain_acceptability() -> None:
    """With one future the result is that of the fixed criteria, draw by draw."""
    values = np.random.default_rng(2).random((7, 3))
    assert (acceptability_over(values[np.newaxis], draws=700, seed=5).acceptability
            == acceptability(values, draws=700, seed=5).acceptability).all()


def test_tornado_by_hand() -> None:
    """Price of the repair from 1 to 2: borehole no longer fits (300 people) unless the set changes; order by swing."""
    case = two_villages(point_works=np.array([0.0]))
    bars = {bar.factor_id: bar for bar in tornado(case, Doubts(repair_price=Range(1.0, 1.0, 2.0)))}
    bar = bars["repair_price"]
    assert (bar.low, bar.high) == (1, 2)
    assert (bar.people_low, bar.people_high) == pytest.approx((400, 300), rel=1e-6)
    # nothing better than the repair alone can be had for 11 francs
    assert bar.best_high == pytest.approx(300, rel=1e-6)
    status = {bar.factor_id: bar for bar in tornado(two_villages(), Doubts())}["unknown_status"]
    assert (status.people_low, status.people_high) == pytest.approx((400, 100), rel=1e-6)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(SEEDS)
def test_same_seed_same_answer_and_shares_are_shares(seed: int) -> None:
    """Drawing twice gives the same; shares lie in 0..1; the set of least regret is regretted no more than the plan."""
    case = random_case(seed % 1000)
    case = dataclasses.replace(case, chosen=choose_again(case, scene(case, stated(case)), case.chosen))
    one, two = (sets_over_futures(case, draw_futures(case, DOUBTS, 6, seed)) for _ in range(2))
    assert (one.value == two.value).all()
    assert ((one.chosen_share >= 0) & (one.chosen_share <= 1)).all()
    assert one.least <= one.regret_of_plan + 1e-9
    plan, best, _, _ = changed(case, draw_futures(case, DOUBTS, 6, seed)[0])
    assert best >= plan - 1e-9


@pytest.mark.parametrize(("changes", "code", "row"), [
    ({"cost_fixed": np.array([1.0, -2.0, 0.0])}, "negative-cost", "action 1"),
    ({"alpha": np.array([1.0, 1.0, -1.0])}, "success-outside", "action 2"),
    ({"capacity": np.array([0.0, 1.0, 1.0])}, "capacity-zero", "action 0"),
    ({"people": np.array([5.0, -1.0])}, "people-negative", "group 1"),
])
def test_nonsense_is_refused_with_its_row(changes: dict[str, np.ndarray], code: str, row: str) -> None:
    """Negative costs, chances outside 0..1, no capacity and negative people are refused with the row."""
    with pytest.raises(Refused, match=code) as stop:
        two_villages(**changes)
    assert stop.value.findings[0].row == row


@pytest.mark.parametrize("call", [
    lambda: Range(1.2, 1.0, 1.4), lambda: Range(-1.0, 1.0, 1.4), lambda: works_belief(SURE, 1, 1),
    lambda: acceptability_over([[1.0]]), lambda: acceptability_over([[[np.nan]]]),
])
def test_ranges_and_tables_that_cannot_be_meant_are_refused(call: object) -> None:
    """A value outside its range, a chance of 1 for every point, and tables without values are refused."""
    with pytest.raises(Refused):
        call()  # type: ignore[operator]
