"""Holes, their cost, expert criteria, classes of ground, priors that the holes contradict, and geophysics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.programmes.groundwater import (
    Judgement,
    belief_by_class,
    drilling_cost,
    expert_chance,
    holes_needed,
    success_belief,
    success_probability,
    visit_worth,
)
from gis_planner.programmes.groundwater.by_class import class_at, class_norm_id, class_priors
from gis_planner.programmes.groundwater.geophysics import judged_on, sited
from gis_planner.programmes.groundwater.holes import whole_cost_range
from gis_planner.standards.book import load_book

AT = np.array([[600_000.0, 1_300_000.0]])
NONE = np.zeros((0, 2))
SURE = 1e12


def test_holes_when_the_chance_is_sure() -> None:
    """With a sure chance of one half and at most three holes: 1 + 1/2 + 1/4 holes, water in 7 of 8 places."""
    row = holes_needed(SURE, SURE, most_holes=3).iloc[0]
    assert row["expected_holes"] == pytest.approx(1.75)
    assert row["success_probability"] == pytest.approx(7 / 8)
    assert row["holes_per_success"] == pytest.approx(2)  # (7/4) / (7/8)
    # chances of 1, 2, 3 holes: 1/2, 1/4, 1/4; 10 % of outcomes take 1, 90 % at most 3
    assert (row["holes_low"], row["holes_high"]) == (1, 3)


def test_doubt_about_the_chance_makes_long_series_likelier() -> None:
    """Beta(1, 1): the first two holes are both dry with chance 1/3, not 1/4 as for a sure one half."""
    row = holes_needed(1, 1, most_holes=2).iloc[0]
    assert row["success_probability"] == pytest.approx(2 / 3)  # integral of 1 - (1 - p)^2
    assert row["expected_holes"] == pytest.approx(1.5)  # 1 + P(first dry)


def test_cost_of_holes_by_hand() -> None:
    """Chance one half, two holes at most, 10 for a probe, 20 dry, 50 wet: 60 (1/2), 90 (1/4) or 60 (1/4, both dry)."""
    row = drilling_cost(SURE, SURE, wet_fcfa=50, dry_fcfa=20, probe_fcfa=10, most_holes=2).iloc[0]
    # 10 + 50; 10 + 20 + 10 + 50; 10 + 20 + 10 + 20
    assert row["cost_fcfa"] == pytest.approx(0.5 * 60 + 0.25 * 90 + 0.25 * 60)
    assert (row["cost_low_fcfa"], row["cost_high_fcfa"]) == (60, 90)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.floats(0.2, 50), st.floats(0.2, 50), st.integers(1, 12))
def test_one_more_hole_never_lowers_the_chance_of_water(alpha: float, beta: float, most: int) -> None:
    """More holes allowed: water is likelier, more are drilled, and the range holds the expected cost's order."""
    few, more = (holes_needed(alpha, beta, most_holes=n).iloc[0] for n in (most, most + 1))
    assert more["success_probability"] > few["success_probability"]
    assert more["expected_holes"] >= few["expected_holes"]
    cost = drilling_cost(alpha, beta, wet_fcfa=8, dry_fcfa=3, most_holes=most).iloc[0]
    assert cost["cost_low_fcfa"] <= cost["cost_high_fcfa"]
    # one hole: the mean chance alone decides, so the expected cost is linear in it
    one = drilling_cost(alpha, beta, wet_fcfa=8, dry_fcfa=3).iloc[0]
    assert one["cost_fcfa"] == pytest.approx(3 + 5 * alpha / (alpha + beta))


def test_cost_of_several_places_together() -> None:
    """Two coins of 0 or 100: 0, 100, 100 or 200; 10 % pay 0, 90 % at most 200, the mean is 100."""
    coin = np.array([0.5, 0.5])
    assert whole_cost_range([coin, coin], [np.array([0.0, 100.0])] * 2) == pytest.approx((100, 0, 200))


@pytest.mark.parametrize(("change", "code"), [
    ({"dry_fcfa": -1}, "negative-cost"), ({"most_holes": 0}, "most-holes"), ({"wet_fcfa": np.nan}, "negative-cost"),
])
def test_costs_below_zero_are_refused(change: dict[str, float], code: str) -> None:
    """A negative or missing price and no hole at all are refused by name."""
    with pytest.raises(Refused, match=code):
        drilling_cost(6, 4, **({"wet_fcfa": 8, "dry_fcfa": 3} | change))


def test_a_prior_that_the_holes_contradict_is_set_aside() -> None:
    """Where 6 of 60 scattered holes gave water, a prior of 90 % is dropped, in words, and the chance is near theirs."""
    rng = np.random.default_rng(0)
    xy = AT + rng.uniform(0, 60_000, (60, 2))
    wet = np.arange(60) % 10 == 0
    table = success_probability(wet, xy, AT, prior=(0.85, 0.95))
    assert table.attrs["prior_set_aside"]
    assert "contradict" in table.attrs["said"]
    assert "contredisent" in table.attrs["said_fr"]
    # 6 wet of 60 with one wet and one dry hole of ignorance: at most 7 / 62 = 0.11, some weight lost by distance
    assert table["probability"][0] < 0.2
    kept = success_probability(wet, xy, AT, prior=(0.05, 0.3))
    assert not kept.attrs["prior_set_aside"]


def test_a_few_holes_do_not_overrule_a_class() -> None:
    """Five dry holes leave the prior in place: it is moved, not dropped."""
    table = success_probability(np.zeros(5), AT + np.arange(5)[:, np.newaxis] * 100.0, AT, prior=0.8)
    assert not table.attrs["prior_set_aside"]
    assert table["probability"][0] < 0.8


def test_each_class_has_its_own_prior_and_holes() -> None:
    """A dry hole in granite at the spot leaves schist there as it was; a hole of unknown class counts for both."""
    priors = {"granite": (6, 4), "schist": (6, 4), "": (6, 4)}
    twice = np.vstack([AT, AT])
    belief = belief_by_class([0], AT, ["granite"], twice, ["granite", "schist"], priors=priors)
    assert belief.chance == pytest.approx([6 / 11, 6 / 10])
    both = belief_by_class([0], AT, [""], twice, ["granite", "schist"], priors=priors)
    assert both.chance == pytest.approx([6 / 11, 6 / 11])


def test_classes_find_their_norm() -> None:
    """A class is looked up by its words; one without a row takes the region's prior and is named."""
    book = load_book()
    assert class_norm_id("Fractured schist") == "drilling.success_class.fractured_schist"
    priors, without = class_priors(["fractured schist", "moon dust"], book, 0.5)
    assert priors["moon dust"] == 0.5
    assert without == ("moon dust",)
    assert [norm.id for norm in book.cited()] == ["drilling.success_class.fractured_schist"]


def test_the_class_of_a_place_is_that_of_the_nearest_known_hole() -> None:
    """Holes of unknown class lend none; without any the class is unknown."""
    xy = np.vstack([AT, AT + 1_000, AT + 5_000])
    assert class_at(["", "schist", "granite"], xy, AT) == ["schist"]
    assert class_at([""], AT, AT) == [""]


def test_a_class_without_prior_is_refused() -> None:
    """A class that nobody gave a prior is refused with the norm row to add."""
    with pytest.raises(Refused, match=r"groundwater-classes.*drilling\.success_class\.granite"):
        belief_by_class([1], AT, ["granite"], AT, ["granite"], priors={})


EVEN = [[1.0, 3.0], [1 / 3, 1.0]]


def test_expert_criteria_place_a_site_in_its_range() -> None:
    """Weights 3/4 and 1/4; best on the first and worst on the second scores 0.75: three quarters up from 0.4 to 0.8."""
    found = expert_chance([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]], EVEN, low=0.4, high=0.8)
    assert found.chance == pytest.approx([0.7, 0.4, 0.8])
    belief = success_belief([], NONE, np.vstack([AT] * 3), prior=(6, 4), at_prior=found.chance)
    assert belief.chance == pytest.approx([0.7, 0.4, 0.8])
    assert belief.alpha + belief.beta == pytest.approx([10, 10, 10])  # worth the ten holes of the prior


def test_contradictory_experts_are_refused() -> None:
    """A beats B nine times, B beats C nine times and C beats A nine times: the consistency ratio is far above 0.10."""
    circle = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]
    with pytest.raises(Refused, match=r"ahp-inconsistent.*at most 0\.10"):
        expert_chance([[1.0, 0.0, 0.5]], circle, low=0.4, high=0.8)


@pytest.mark.parametrize(("memberships", "low", "code"), [
    ([[1.2, 0.0]], 0.4, "expert-criteria.*place 0"), ([[np.nan, 0.0]], 0.4, "expert-criteria"),
    ([[1.0]], 0.4, "expert-criteria"), ([[1.0, 0.0]], 1.4, "groundwater-prior"),
])
def test_faulty_expert_criteria_are_refused(memberships: list[list[float]], low: float, code: str) -> None:
    """Memberships outside 0..1 or missing, a missing criterion and a range outside 0..1 are refused."""
    with pytest.raises(Refused, match=code):
        expert_chance(memberships, EVEN, low=low, high=0.8)


def test_what_a_visit_is_worth_by_hand() -> None:
    """Chance 0.5, a visit right 4 times in 5 both ways, a dry hole 100: worth (0.8 + 0.8 - 1) 0.5 * 100 = 30."""
    row = visit_worth(0.5, dry_fcfa=100, visit_fcfa=10, judgement=Judgement(0.8, 0.8), odds_ratio=4).iloc[0]
    assert row["judged_worth_fcfa"] == pytest.approx(30)
    assert row["judged_probability"] == pytest.approx(0.8)  # 0.4 / (0.4 + 0.1)
    # without: 1 dry hole per wet one, 100. With: per spot 10 + 0.1 dry holes, 0.4 wet ones: (10 + 10) / 0.4 = 50
    assert row["judged_saves_fcfa"] == pytest.approx(50)
    # odds 1 times 4: chance 0.8; dry holes per wet one fall from 1 to 1/4: 75 saved per wet one, 0.8 of them per visit
    assert row["sited_probability"] == pytest.approx(0.8)
    assert row["sited_worth_fcfa"] == pytest.approx(60)
    assert row["sited_saves_fcfa"] == pytest.approx(75 - 10 / 0.8)


def test_a_visit_that_says_nothing_is_worth_nothing() -> None:
    """Right as often as a coin: no worth, and the chance after a good call is the chance before."""
    row = visit_worth(0.3, dry_fcfa=100, visit_fcfa=10, judgement=Judgement(0.5, 0.5), odds_ratio=1).iloc[0]
    assert row["judged_worth_fcfa"] == pytest.approx(0)
    assert row["judged_probability"] == pytest.approx(0.3)
    assert row["sited_worth_fcfa"] == pytest.approx(0)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.floats(0.01, 0.99), st.floats(0.5, 1), st.floats(0.5, 1))
def test_a_visit_keeps_the_chance_on_average(chance: float, sensitivity: float, specificity: float) -> None:
    """What a visit may say, weighted by how often it says it, is the chance before it (law of total probability)."""
    visit = Judgement(sensitivity, specificity)
    good, (if_good, if_bad) = visit.called_good(np.array([chance])), visit.after(np.array([chance]))
    assert good * if_good + (1 - good) * if_bad == pytest.approx([chance])
    assert if_good >= if_bad - 1e-12


def test_sensitivity_and_specificity_by_hand() -> None:
    """Of two wet holes one is above the share of wet ones, of two dry holes both are below: 0.5 and 1."""
    found = judged_on([0.9, 0.4, 0.3, 0.2], [1, 1, 0, 0])
    assert (found.sensitivity, found.specificity) == (0.5, 1.0)


@pytest.mark.parametrize("call", [
    lambda: Judgement(1.2, 0.5), lambda: Judgement(0.2, 0.3), lambda: sited(0.5, 0.5), lambda: sited(0.0, 2),
    lambda: visit_worth(1.5, dry_fcfa=1, visit_fcfa=1, judgement=Judgement(0.8, 0.8), odds_ratio=2),
])
def test_shares_outside_their_range_are_refused(call: object) -> None:
    """Shares outside 0..1, odds that fall and chances of 0 or above 1 are refused."""
    with pytest.raises(Refused, match="geophysics|success-outside"):
        call()  # type: ignore[operator]


def test_a_column_that_mostly_gives_the_outcome_away_is_refused_unless_vouched_for() -> None:
    """0 at 60 holes of which 57 are dry is no accident at a base rate of one half; a vouched column is taken."""
    rng = np.random.default_rng(5)
    wet = rng.random(300) < 0.5
    column = rng.uniform(1, 5, 300)
    dry = np.flatnonzero(~wet)[:57]
    column[dry], column[np.flatnonzero(wet)[:3]] = 0.0, 0.0
    table = pd.DataFrame({"flow_seen": column})
    xy = AT + rng.uniform(0, 80_000, (300, 2))
    with pytest.raises(Refused, match=r"feature-leak.*flow_seen.*57 of them dry.*known_before"):
        success_probability(wet, xy, xy[:2], prior=0.5, features=table, at_features=table[:2])
    got = success_probability(wet, xy, xy[:2], prior=0.5, features=table, at_features=table[:2],
                              known_before=["flow_seen"])
    assert len(got) == 2
