"""What every method promises, whatever the region: more never hurts, bounds hold, order and copies do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from worlds import ALL, DEMAND, METHODS, SITES, doubled, permuted, region

from gis_planner.optimise import allocate, cover, cover_more

modest = settings(deadline=None, derandomize=True, max_examples=15)
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("name", METHODS)
@modest
@given(seed=seeds)
def test_more_money_or_more_sites_never_make_a_plan_worse(name, seed):
    """A larger number or amount never gives a worse value, and no bound is ever beyond a value it must hold for."""
    call, sizes, sign = METHODS[name]
    plans = [call(region(seed), size) for size in sizes]
    values, bounds = [sign * plan.value for plan in plans], [sign * plan.bound for plan in plans]
    assert all(plan.proven for plan in plans)
    slack = 1e-9 * max(map(abs, values))
    assert values[0] <= values[1] + slack
    assert values[1] <= values[2] + slack
    # what fewer sites reach is within what more are bounded by
    assert all(value <= bound + slack for k, value in enumerate(values) for bound in bounds[k:])


@modest
@given(seeds)
def test_more_sites_never_serve_the_least_served_less(seed):
    """With one site more the weight by rank, the least served first, is never less in the order of words."""
    arrays = region(seed)
    served = []
    for limit in (1, 2, 4):
        plan = cover_more.least_served_first(csr_array(arrays["reach"]), arrays["weight"], arrays["rank"], limit=limit)
        assert plan.bound >= plan.value
        served.append(tuple(float(arrays["weight"] @ (plan.covered * (arrays["rank"] == k))) for k in range(3)))
    assert served == sorted(served)


@modest
@given(seeds, st.integers(0, SITES - 1), st.integers(1, 60))
def test_more_room_never_serves_fewer(seed, place, more):
    """A facility with more room never leaves more people unserved, nor the same people farther."""
    arrays = region(seed)
    cost = csr_array(np.where(arrays["reach"], arrays["travel"], 0.0))
    first = allocate.assign(cost, arrays["people"], arrays["room"])
    wider = arrays["room"] + more * (np.arange(SITES) == place)
    second = allocate.assign(cost, arrays["people"], wider)
    assert second.served.sum() >= first.served.sum()
    if second.served.sum() == first.served.sum():
        assert second.value <= first.value + 1e-6
    assert first.bound <= first.value
    assert second.bound <= second.value


@modest
@given(seeds, st.integers(0, SITES - 1))
def test_a_candidate_more_never_makes_covering_all_dearer(seed, site):
    """Covering everybody costs no more with a site more to choose from than with it excluded."""
    arrays = region(seed)
    reach = csr_array(arrays["reach"])
    assume((np.delete(arrays["reach"], site, axis=1)).any(axis=1).all())  # else somebody is out of reach without it
    fewer = cover.set_cover(reach, cost=arrays["cost"], excluded=[site])
    more = cover.set_cover(reach, cost=arrays["cost"])
    assert more.value <= fewer.value
    assert more.bound <= more.value
    assert more.bound <= fewer.value


@pytest.mark.parametrize("name", ALL)
@modest
@given(seed=seeds)
def test_permuting_rows_and_columns_permutes_the_plan(name, seed):
    """In any order of demands and sites the value is the same and the same demands are served from as far."""
    call, _ = ALL[name]
    random = np.random.default_rng(seed)
    arrays, rows, columns = region(seed), random.permutation(DEMAND), random.permutation(SITES)
    plan, moved = call(arrays), call(permuted(arrays, rows, columns))
    assert moved.value == pytest.approx(plan.value, rel=1e-9)
    assert moved.bound == pytest.approx(plan.bound, rel=1e-9)
    assert moved.proven == plan.proven
    if name.startswith("p_"):
        back = np.sort(columns[moved.chosen])
        if name == "p_median":
            far, near = (arrays["table"][:, sites].min(axis=1) for sites in (plan.chosen, back))
            assert far.tolist() == near.tolist()
    elif name == "assign" or name.startswith("capacitated"):
        assert moved.served.sum() == plan.served.sum()
        assert moved.travel == pytest.approx(plan.travel, rel=1e-9)
    else:
        assert moved.covered == pytest.approx(plan.covered[rows], abs=1e-9)


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith(("expected", "assign"))])
@modest
@given(seed=seeds, site=st.integers(0, SITES - 1))
def test_a_copy_of_a_site_never_helps(name, seed, site):
    """A second copy of a site changes neither value nor bound (copies of an action with room exclude each other)."""
    call, _ = ALL[name]
    arrays = region(seed)
    if name.startswith("capacitated"):
        arrays["group"] = np.where(np.arange(SITES) == site, 1, -1)
    plan, twice = call(arrays), call(doubled(arrays, site))
    assert twice.value == pytest.approx(plan.value, rel=1e-9)
    assert twice.bound == pytest.approx(plan.bound, rel=1e-9)
    if not name.startswith("p_"):  # p sites open even where one adds nothing
        assert not {site, SITES} <= set(twice.chosen.tolist())


@modest
@given(seeds, st.integers(0, SITES - 1), st.integers(0, 60))
def test_a_facility_in_two_halves_is_one(seed, place, first_half):
    """A facility split in two of the same place serves as many at the same cost."""
    arrays = region(seed)
    half = min(first_half, int(arrays["room"][place]))
    split = doubled(arrays, place)
    split["room"][place], split["room"][-1] = half, arrays["room"][place] - half
    whole, halves = ALL["assign"][0](arrays), ALL["assign"][0](split)
    assert halves.served.sum() == whole.served.sum()
    assert halves.value == pytest.approx(whole.value)


@modest
@given(seeds, st.integers(0, SITES - 1))
def test_a_copy_of_a_site_that_may_fail_helps_no_more_than_a_surer_one(seed, site):
    """Two copies that work by chance c each serve as one that works by 1 - (1 - c)^2, at most."""
    arrays = region(seed)
    twice = doubled(arrays, site)
    surer = {**arrays, "works": np.where(np.arange(SITES) == site, 1 - (1 - arrays["works"]) ** 2, arrays["works"])}
    ask = METHODS["expected_cover by number"][0]
    assert ask(twice, 2).value >= ask(arrays, 2).value - 1e-6
    assert ask(twice, 2).value <= ask(surer, 2).value * (1 + 1e-7)
