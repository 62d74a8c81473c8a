"""Rounds of crews that differ: depots, hours, breaks, rest days, barred sites, lines, optional sites, strangers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.optimise._rounds_plan import Round, RoundsPlan
from gis_planner.optimise.rounds import Break, Crew, Problem, Site, plan_rounds, spaced_patterns
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, Refused

DAILY = ((0,),)


def road(*metres: float) -> np.ndarray:
    """Distances along one road between places that lie at these metres from its beginning."""
    at = np.array(metres, dtype=float)
    return np.abs(at[:, None] - at[None, :])


def solved(problem: Problem, effort: float = 0.005) -> RoundsPlan:
    """A plan that the check finds sound."""
    plan = plan_rounds(problem, effort=effort)
    assert check(problem, plan) == []
    return plan


def test_each_site_is_served_from_the_near_depot() -> None:
    """Crews of two depots at the ends of a road each serve their own end."""
    problem = Problem(road(0, 1000, 100, 900), [Site(2, DAILY), Site(3, DAILY)], 1, 2, each=[Crew(0), Crew(1)])
    plan = solved(problem)
    assert {one.crew: one.sites for one in plan.rounds} == {0: (0,), 1: (1,)}
    assert plan.cost == 400  # 100 there and back on each side


def test_a_crew_that_may_not_serve_a_site_does_not() -> None:
    """A site that only the far crew may serve is served by it, whatever the way."""
    problem = Problem(road(0, 1000, 100), [Site(2, DAILY, allowed=frozenset({1}))], 1, 2, each=[Crew(0), Crew(1)])
    plan = solved(problem)
    assert [one.crew for one in plan.rounds] == [1]
    assert plan.cost == 1800  # 900 there and back


def test_crews_rest_on_their_days_off() -> None:
    """A crew that works on the second day only makes its visits then."""
    problem = Problem(road(0, 50), [Site(1, ((0,), (1,)))], 2, 1, each=[Crew(days=frozenset({1}))])
    assert solved(problem).patterns == ((1,),)


def test_windows_order_the_visits_and_the_crew_leaves_late() -> None:
    """The far site opens first, so it is first; the crew leaves as late as it can instead of waiting on the way."""
    sites = [Site(1, DAILY, service_s=10, window_s=(500, 600)), Site(2, DAILY, service_s=10, window_s=(300, 400))]
    plan = solved(Problem(road(0, 100, 200), sites, 1, 1, each=[Crew(window_s=(0, 1000))]))
    one = plan.rounds[0]
    assert one.sites == (1, 0)
    # 400 at the far site is its latest; its work ends at 410 and 100 m lead to the near one, which opens at 500
    assert one.start_service_s == (390, 500)  # leaving at 190 meets no waiting: 390 + 10 + 100 = 500
    assert (one.leave_s, one.back_s, one.duration_s) == (190, 610, 420)


def test_work_pauses_in_a_break() -> None:
    """What meets the noon break goes on after it: 100 s of way, 60 of work, a break from 120 to 500, 100 s home."""
    plan = solved(Problem(road(0, 100), [Site(1, DAILY, service_s=60)], 1, 1, breaks=[Break(120, 500)],
                          each=[Crew(window_s=(0, 1000), shift_s=260)]))
    one = plan.rounds[0]
    assert (one.start_service_s, one.back_s, one.duration_s) == ((100,), 640, 260)  # 40 s of work left at 500


def test_a_stream_is_walked_from_end_to_end() -> None:
    """A line of 300 m whose far end lies by the next site is walked towards it."""
    # places: depot 0, line from 400 to 100, site at 500
    problem = Problem(road(0, 400, 100, 500), [Site(1, DAILY, end_location=2, line_m=300), Site(3, DAILY)], 1, 1)
    plan = solved(problem)
    assert plan.cost == 1000  # 100 to the line's end, 300 along it, 100 to the site, 500 home
    # walked from its second end (at 100) when it comes before the site, from its first when it comes after
    assert plan.rounds[0].reversed_lines == (frozenset({0}) if plan.rounds[0].sites == (0, 1) else frozenset())
    one_way = Problem(road(0, 400, 100, 500), [Site(1, DAILY, end_location=2, line_m=300, both_ways=False),
                                               Site(3, DAILY)], 1, 1)
    assert solved(one_way).rounds[0].sites == (1, 0)  # 500 + 100 + 300 + 100: only so is its own direction as short


def test_an_optional_site_is_served_when_its_prize_pays_the_way() -> None:
    """A site 100 m away is left out for a prize of 199 and served for one of 201."""
    for prize, out in ((199.0, (0,)), (201.0, ())):
        plan = solved(Problem(road(0, 100), [Site(1, DAILY, required=False, prize=prize)], 1, 1))
        assert plan.feasible
        assert plan.unserved == out
        assert plan.cost == min(prize, 200)


def test_full_crews_leave_out_what_matters_least() -> None:
    """One crew with room for two serves the two dearest of three optional sites."""
    sites = [Site(k, DAILY, 1.0, required=False, prize=prize) for k, prize in ((1, 5e3), (2, 4e3), (3, 6e3))]
    assert solved(Problem(road(0, 10, 10, 10), sites, 1, 1, capacity=2)).unserved == (1,)


def test_a_round_costs_what_its_crew_costs() -> None:
    """The dear crew stays at home when the cheap one can do all: 2 x 100 m at 3 and 50 for going out."""
    crews = [Crew(cost_per_m=1.0, cost_per_round=1000.0), Crew(cost_per_m=3.0, cost_per_round=50.0)]
    plan = solved(Problem(road(0, 100), [Site(1, DAILY)], 1, 2, each=crews))
    assert [(one.crew, one.cost) for one in plan.rounds] == [(1, 650)]
    assert (plan.cost, plan.distance_m) == (650, 200)


def test_slow_crews_take_longer() -> None:
    """Travel times are multiplied by the crew's pace, distances are not."""
    plan = solved(Problem(road(0, 100), [Site(1, DAILY)], 1, 1, each=[Crew(pace=2.5, shift_s=500)]))
    assert (plan.rounds[0].distance_m, plan.rounds[0].duration_s) == (200, 500)


def test_a_price_on_strangers_keeps_a_site_to_one_crew() -> None:
    """Two crews that each rest one day share a site; with both able and a price, one crew makes both visits."""
    # crew 0 lives at 0, crew 1 at 300. Site 0 (at 100) comes on both days. Site 1 (at 200), on day 1 only, asks the
    # whole room of crew 0, which alone may serve it: crew 0 then has no room for site 0 on day 1, crew 1 takes it.
    sites = [Site(2, ((0, 1),), 1.0), Site(3, ((1,),), 2.0, allowed=frozenset({0}))]
    crews = [Crew(0, capacity=2.0), Crew(1, capacity=2.0)]
    cheap = solved(Problem(road(0, 300, 100, 200), sites, 2, 2, each=crews))
    assert cheap.cost == 200 + 400 + 400  # day 0: crew 0 to 100; day 1: crew 0 to 200, crew 1 from 300 to 100
    assert cheap.same_crew == pytest.approx(2 / 3)  # site 0 sees two crews, site 1 one: (1 + 1) of 3 visits
    loyal = solved(Problem(road(0, 300, 100, 200), sites, 2, 2, each=crews, stranger_price=500.0))
    assert loyal.same_crew == 1.0
    assert loyal.cost == 400 + 400 + 400  # crew 1 on both days: 200 m dearer than changing crews, cheaper than 500


def test_weekly_rounds_keep_seven_days_give_or_take_one_and_their_crew() -> None:
    """Eight habitats, four weeks, 6 to 8 days between visits around the calendar, always the same crew."""
    random = np.random.default_rng(5)
    xy = np.vstack([[0, 0], random.integers(0, 3000, (8, 2))])
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    working = [day for day in range(28) if day % 7 < 5]
    patterns = spaced_patterns(28, 7, 1, working=working)
    problem = Problem(metres, [Site(k, patterns, service_s=600) for k in range(1, 9)], 28, 2, shift_s=6 * 3600,
                      stranger_price=1e6)
    plan = solved(problem, effort=0.02)
    steps = [b - a for days in plan.patterns for a, b in itertools.pairwise((*days, days[0] + 28))]
    assert set(steps) <= {6, 7, 8}
    assert plan.same_crew == 1.0
    assert all(one.day in working for one in plan.rounds)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 3), st.booleans())
def test_every_rich_plan_is_sound(seed: int, days: int, crews: int, loyal: bool) -> None:
    """Whatever crews, hours, breaks, lines and prizes there are, the plan keeps every rule and tells its sums truly."""
    random = np.random.default_rng(seed)
    xy = random.integers(0, 1000, (12, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    every = [p for size in (1, 2) for p in itertools.combinations(range(days), size)]
    each = [Crew(int(random.integers(0, 2)), 9.0, 9000.0, (100.0, float(random.integers(3000, 9000))),
                 None if random.random() < 0.5 else frozenset(range(1, days)) or None, float(random.uniform(0.5, 2)),
                 float(random.integers(1, 3)), float(random.integers(0, 100))) for _ in range(crews)]
    sites = []
    for k in range(2, 11):
        early = float(random.integers(0, 3000))
        sites.append(Site(
            k, tuple(every[j] for j in random.choice(len(every), min(2, len(every)), replace=False)),
            float(random.integers(0, 4)), float(random.integers(0, 300)),
            (early, early + 2500) if random.random() < 0.5 else None,
            frozenset({0, crews - 1}) if random.random() < 0.5 else None, bool(random.random() < 0.5),
            float(random.integers(0, 3000)), 11 if random.random() < 0.3 else None, 70.0, bool(random.random() < 0.5)))
    problem = Problem(metres, sites, days, crews, breaks=[Break(1500, 2000)], each=each,
                      stranger_price=300.0 * loyal)
    try:
        plan = plan_rounds(problem, effort=0.003, seed=seed)
    except CannotBeMet:
        return
    assert check(problem, plan) == []


def _rich() -> tuple[Problem, RoundsPlan]:
    """Two days, two crews, windows, a break, a one-way line, a barred crew, a day off, an optional site."""
    sites = [Site(1, ((0, 1),), 1.0, 60.0, (300.0, 4000.0), allowed=frozenset({0})),
             Site(2, DAILY, 1.0, 60.0, end_location=3, line_m=100.0, both_ways=False),
             Site(4, ((1,),), 1.0, 30.0, required=False, prize=1.0)]
    each = [Crew(0, 5.0, 3000.0, (100.0, 8000.0)), Crew(0, 5.0, 3000.0, (100.0, 8000.0), frozenset({0}))]
    problem = Problem(road(0, 200, 300, 400, 500), sites, 2, 2, each=each, breaks=[Break(350, 500)])
    return problem, solved(problem)


Fault = Callable[[RoundsPlan, Round], RoundsPlan]


def _with(plan: RoundsPlan, **changes: object) -> RoundsPlan:
    return replace(plan, rounds=(replace(plan.rounds[0], **changes), *plan.rounds[1:]))  # type: ignore[arg-type]


FAULTS: dict[str, tuple[Fault, str]] = {
    "another crew that may not": (lambda p, _: _with(p, crew=1), "crew-not-allowed"),
    "a crew on its day off": (lambda p, _: replace(p, rounds=(p.rounds[0], replace(p.rounds[1], crew=1))),
                              "crew-rests"),
    "work begun in the break": (lambda p, r: _with(p, start_service_s=(400.0, *r.start_service_s[1:])),
                                "begins-in-break"),
    "work begun before the window": (lambda p, _: replace(p, rounds=(
        p.rounds[0], replace(p.rounds[1], leave_s=90.0, start_service_s=(290.0,)))), "outside-window"),
    "out before its hours": (lambda p, _: _with(p, leave_s=50.0), "outside-hours"),
    "back too soon": (lambda p, r: _with(p, back_s=r.back_s - 5), "back-too-soon"),
    "a line from its wrong end": (lambda p, _: _with(p, reversed_lines=frozenset({1})), "line-reversed"),
    "cheaper": (lambda p, r: _with(p, cost=r.cost - 1), "round-cost"),
    "shorter in all": (lambda p, _: replace(p, distance_m=p.distance_m - 1), "plan-distance"),
    "prize not counted": (lambda p, _: replace(p, cost=p.cost - 1), "plan-cost"),
    "not feasible though it is": (lambda p, _: replace(p, feasible=False), "feasible-denied"),
    "a left-out site that is none": (lambda p, _: replace(p, unserved=(9,)), "unknown-site"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_by_its_name(name: str) -> None:
    """A fault in a sound plan is found and called what it is."""
    problem, plan = _rich()
    fault, code = FAULTS[name]
    assert code in {finding.code for finding in check(problem, fault(plan, plan.rounds[0]))}


@pytest.mark.parametrize(("site", "crew", "words"), [
    (Site(1, DAILY, allowed=frozenset()), Crew(), "no-crew-allowed"),
    (Site(1, DAILY), Crew(days=frozenset({1})), "no-crew-on-days"),
    (Site(1, DAILY, demand=3.0), Crew(capacity=2.0), "demand-above-capacity"),
    (Site(1, DAILY, service_s=5.0), Crew(shift_s=204.0), "take 205 s"),
])
def test_a_site_that_no_crew_can_serve_is_said_before_the_search(site: Site, crew: Crew, words: str) -> None:
    """Barred crews, rest days, loads and shifts that leave a required site to nobody cannot be met."""
    with pytest.raises(CannotBeMet, match=words):
        plan_rounds(Problem(road(0, 100), [site], 2, 1, each=[crew]))


@pytest.mark.parametrize(("changes", "words"), [
    ({"each": [Crew(depot=7)]}, "index-outside"),
    ({"each": [Crew(pace=-1.0)]}, "negative-number"),
    ({"each": [Crew(capacity=float("nan"))]}, "not-a-number"),
    ({"each": [Crew(window_s=(9, 3))]}, "window"),
    ({"each": [Crew(days=frozenset({4}))]}, "index-outside"),
    ({"each": [Crew(), Crew()]}, "lengths"),
    ({"each": [Crew()], "capacity": 3.0}, "limits-twice"),
    ({"breaks": [Break(50, 20)]}, "window"),
    ({"breaks": [Break(50, 90), Break(60, 100)]}, "breaks-overlap"),
    ({"stranger_price": float("nan")}, "not-a-number"),
    ({"sites": [Site(1, DAILY, prize=float("inf"))]}, "not-a-number"),
    ({"sites": [Site(1, DAILY, window_s=(9, 3))]}, "window"),
    ({"sites": [Site(1, DAILY, allowed=frozenset({3}))]}, "index-outside"),
    ({"sites": [Site(1, DAILY, end_location=8)]}, "index-outside"),
])
def test_unsound_parts_are_refused(changes: dict[str, object], words: str) -> None:
    """Unsound crews, hours, breaks and sites are refused when the problem is made."""
    given_parts = {"distance_m": road(0, 100), "sites": [Site(1, DAILY)], "days": 1, "crews": 1, **changes}
    with pytest.raises(Refused, match=words):
        Problem(**given_parts)  # type: ignore[arg-type]


def test_more_sets_of_days_than_can_be_weighed_are_refused() -> None:
    """A year of weekly visits with a day's play has far too many sets of days; a shorter horizon is proposed."""
    with pytest.raises(Refused, match="repeat it"):
        spaced_patterns(364, 7, 1)


@pytest.mark.parametrize("changes", [{"effort": 0.0}, {"effort": float("nan")}, {"time_limit_s": -1.0}])
def test_unsound_effort_is_refused(changes: dict[str, float]) -> None:
    """Effort and time limit are numbers above zero."""
    with pytest.raises(Refused, match="above 0"):
        plan_rounds(Problem(road(0, 100), [Site(1, DAILY)], 1, 1), **changes)
