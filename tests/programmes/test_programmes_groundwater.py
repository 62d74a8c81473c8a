"""Groundwater: the prior, moved by neighbours; models only where they earn it; intervals that hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from gis_planner.problems import Refused
from gis_planner.programmes.groundwater import BetaPrior, static_level, success_probability
from gis_planner.programmes.groundwater.beta import as_prior
from gis_planner.programmes.groundwater.blocks import block_folds
from gis_planner.programmes.groundwater.evidence import auc, calibration_gap
from gis_planner.standards.book import Norm

AT = np.array([[600_000.0, 1_300_000.0]])
NONE = np.zeros((0, 2))


def test_without_holes_the_prior_speaks() -> None:
    """With no drilling outcome the chance is the prior's mean, its interval the Beta's, and holes are 1 / chance."""
    table = success_probability([], NONE, AT, prior=(6, 4))
    assert list(table.columns) == ["probability", "low", "high", "expected_holes"]
    assert table["probability"][0] == pytest.approx(0.6)  # 6 / (6 + 4)
    assert table["low"][0] == pytest.approx(beta(6, 4).ppf(0.05))
    assert table["high"][0] == pytest.approx(beta(6, 4).ppf(0.95))
    assert table["expected_holes"][0] == pytest.approx(1 / 0.6)
    assert table.attrs["method"] == "prior"


def test_a_hole_at_the_spot_counts_for_one() -> None:
    """A wet and a dry hole at the place, and one dry hole one range (5 km) away, update Beta(3, 2) by 1, 1 and 1/e."""
    table = success_probability([1, 0, 0], [*AT, *AT, AT[0] + [3_000, 4_000]], AT, prior=(3, 2))
    # alpha = 3 + 1, beta = 2 + 1 + exp(-5000 / 5000)
    assert table["probability"][0] == pytest.approx(4 / (4 + 3 + np.exp(-1)))


def test_many_holes_never_make_certain() -> None:
    """A hundred wet holes at one spot leave the belief worth 30 holes, for places differ a step apart."""
    table = success_probability(np.ones(100), np.repeat(AT, 100, axis=0), AT, prior=(3, 2))
    # Beta(103, 2) scaled to 30 holes: alpha = 103 * 30 / 105
    assert table["low"][0] == pytest.approx(beta(103 * 30 / 105, 2 * 30 / 105).ppf(0.05))
    assert table["low"][0] < 0.95


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60))
def test_order_and_shift_do_not_matter_and_bounds_hold(seed: int, count: int) -> None:
    """Shuffled holes give the same chance; it lies inside its interval; one more wet hole never lowers it."""
    rng = np.random.default_rng(seed)
    xy, wet = AT + rng.uniform(0, 30_000, (count, 2)), rng.random(count) < 0.6
    at = AT + rng.uniform(0, 30_000, (5, 2))
    table = success_probability(wet, xy, at, prior=0.6)
    order = rng.permutation(count)
    pd.testing.assert_frame_equal(success_probability(wet[order], xy[order], at, prior=0.6), table, check_flags=False)
    assert ((table["low"] > 0) & (table["low"] < table["probability"]) & (table["probability"] < table["high"])
            & (table["high"] < 1)).all()
    if count < 25:  # below the number at which range and cap are fitted
        more = success_probability([*wet, True], [*xy, at[0]], at, prior=0.6)
        assert (more["probability"] > table["probability"]).all()


def test_priors_are_written_in_four_ways() -> None:
    """A mean is worth ten holes; a range holds 80 % of its Beta; a norm gives its range; at least 1 are parameters."""
    assert (as_prior(0.6).alpha, as_prior(0.6).beta) == pytest.approx((6, 4))
    wide = as_prior((0.4, 0.8))
    law = beta(wide.alpha, wide.beta)
    assert law.cdf(0.8) - law.cdf(0.4) == pytest.approx(0.8, abs=1e-6)
    assert wide.mean == pytest.approx(0.6)
    norm = Norm("x", 0.6, "share", 0.4, 0.8, "", "a source", "", "", "seen")
    assert as_prior(norm).alpha == pytest.approx(wide.alpha)
    assert as_prior((1, 1)) == BetaPrior(1, 1)


@pytest.mark.parametrize("prior", [0.0, 1.2, -1, (0.8, 0.4), (0.5, 3), "basement", (1, 2, 3)])
def test_a_faulty_prior_is_refused(prior: object) -> None:
    """A chance outside 0..1, a range upside down and words are refused with the ways to write it."""
    with pytest.raises(Refused, match=r"groundwater-prior.*0\.6"):
        success_probability([], NONE, AT, prior=prior)


def world(seed: int, strength: float) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """400 holes over 100 km; the chance follows a column `fracture` by `strength`; `noise` says nothing."""
    rng = np.random.default_rng(seed)
    xy = AT + rng.uniform(0, 100_000, (400, 2))
    table = pd.DataFrame({"fracture": rng.normal(size=400), "noise": rng.normal(size=400)})
    chance = 1 / (1 + np.exp(-strength * table["fracture"].to_numpy()))
    return rng.random(400) < chance, xy, table


def test_a_model_that_earns_its_place_is_used() -> None:
    """Where a covariate tells wet from dry in blocks left out, the model is used and says by how much."""
    wet, xy, table = world(1, 2.0)
    got = success_probability(wet, xy, xy[:2], prior=0.5, features=table, at_features=pd.DataFrame(
        {"fracture": [2.0, -2.0], "noise": [0.0, 0.0]}))
    assert got.attrs["method"] == "model"
    assert got.attrs["brier_model"] < got.attrs["brier"]
    # true chances 1 / (1 + e^-4) = 0.98 and 0.02
    assert got["probability"][0] > 0.9
    assert got["probability"][1] < 0.1


def test_a_model_that_does_not_is_refused_in_words() -> None:
    """Where covariates tell nothing, the answer is that without them, and the words say so in both languages."""
    wet, xy, table = world(2, 0.0)
    got = success_probability(wet, xy, xy[:5], prior=0.5, features=table, at_features=table[:5])
    assert got.attrs["method"] == "nearby"
    assert "does not beat" in got.attrs["said"]
    assert "n'est pas utilisé" in got.attrs["said_fr"]
    without = success_probability(wet, xy, xy[:5], prior=0.5)
    np.testing.assert_array_equal(got.to_numpy(), without.to_numpy())


def test_too_few_holes_for_a_model_is_said() -> None:
    """With fewer than 100 holes no model is tried, and the words give both numbers."""
    wet, xy, table = world(3, 2.0)
    got = success_probability(wet[:60], xy[:60], xy[:2], prior=0.5, features=table[:60], at_features=table[:2])
    assert "60 holes" in got.attrs["said"]
    assert "100" in got.attrs["said"]


def test_a_column_filled_in_after_drilling_is_refused() -> None:
    """A column that is 0 at every dry hole, and only there, is refused by name."""
    wet, xy, table = world(4, 0.0)
    table["flow_seen"] = np.where(wet, np.random.default_rng(0).uniform(1, 5, 400), 0.0)
    with pytest.raises(Refused, match=r"feature-leak.*flow_seen.*after drilling"):
        success_probability(wet, xy, xy, prior=0.5, features=table, at_features=table)


@pytest.mark.parametrize(("outcomes", "xy", "code"), [
    ([2], AT, "drilling-outcome"), (["wet"], AT, "drilling-outcome"), ([1, 0], AT, "drilling-outcome"),
    ([1], [[-7.9, 12.3]], "coordinates-degrees"), ([1], [[np.nan, 1.0]], "coordinates-missing"),
])
def test_bad_outcomes_are_named(outcomes: list[object], xy: object, code: str) -> None:
    """Outcomes that are neither 0 nor 1, or not one per hole, and coordinates in degrees are refused."""
    with pytest.raises(Refused, match=code):
        success_probability(outcomes, xy, AT, prior=0.6)


def test_blocks_are_never_torn() -> None:
    """Holes of one block are always left out together."""
    xy = AT + np.random.default_rng(0).uniform(0, 50_000, (300, 2))
    fold = block_folds(xy, 5_000, 5, 1)
    block = np.floor(xy / 5_000)
    for one in np.unique(block, axis=0):
        assert len(set(fold[(block == one).all(axis=1)])) == 1
    assert set(fold) == {0, 1, 2, 3, 4}


def test_measures_by_hand() -> None:
    """AUC is the share of pairs in the right order; the calibration gap the weighted distance to the observed share."""
    wet = np.array([1.0, 0.0, 1.0, 0.0])
    chance = np.array([0.95, 0.05, 0.45, 0.45])
    # pairs (wet, dry): .95>.05, .95>.45, .45>.05 right, .45=.45 half: 3.5 of 4
    assert auc(chance, wet) == 3.5 / 4
    # steps of 0.1: |.95 - 1| + |.05 - 0| + |.90 - 1| over 4 holes
    assert calibration_gap(chance, wet) == pytest.approx((0.05 + 0.05 + 0.10) / 4)


def test_static_level_of_a_flat_table() -> None:
    """Where every level is 12 m, the level is 12 m everywhere, with an interval of no width."""
    xy = AT + np.random.default_rng(0).uniform(0, 40_000, (50, 2))
    table = static_level(np.full(50, 12.0), xy, AT)
    assert table.loc[0, ["level_m", "low_m", "high_m"]].tolist() == pytest.approx([12, 12, 12])


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.9])
def test_intervals_hold_what_they_promise(coverage: float) -> None:
    """On levels with a drift and skew never seen by the fit, the interval holds its share within five points."""
    rng = np.random.default_rng(7)
    xy = AT + rng.uniform(0, 80_000, (900, 2))
    levels = (8 + 3 * np.sin(xy[:, 0] / 15_000)) * rng.gamma(4, 0.25, 900)
    seen = rng.random(900) < 0.6
    table = static_level(levels[seen], xy[seen], xy[~seen], coverage=coverage)
    held = np.mean((levels[~seen] >= table["low_m"]) & (levels[~seen] <= table["high_m"]))
    assert held == pytest.approx(coverage, abs=0.05)
    assert (table["low_m"] >= 0).all()


def test_southern_mali(shared_data: object) -> None:
    """On a block fold of southern Mali the level beats the region's mean and 88 to 92 % lie in the interval."""
    from gis_planner.crs import project, utm_zone

    table = pd.read_excel(f"{shared_data}/mali/static_water_levels.xlsx")
    xy = np.column_stack(project(table["LON"], table["LAT"], utm_zone(-7.5, 12.0)))
    level = table["NS"].to_numpy(float)
    fold = block_folds(xy, 5_000, 5, 99)
    got = pd.concat([static_level(level[fold != i], xy[fold != i], xy[fold == i]).set_axis(np.flatnonzero(fold == i))
                     for i in range(5)]).sort_index()
    assert np.sqrt(np.mean((got["level_m"] - level) ** 2)) < 3.99  # the best simple model that was measured
    assert 0.88 <= np.mean((level >= got["low_m"]) & (level <= got["high_m"])) <= 0.92


def test_few_levels_have_no_interval() -> None:
    """Ten levels carry a level but no 90 % interval: it is missing, not invented."""
    xy = AT + np.random.default_rng(0).uniform(0, 40_000, (10, 2))
    table = static_level(np.arange(5.0, 15.0), xy, AT)
    assert np.isfinite(table["level_m"][0])
    assert np.isnan(table["low_m"][0])


@pytest.mark.parametrize(("levels", "code"), [
    (np.full(9, 5.0), "static-levels"), ([-3.0] + [5.0] * 11, "static-level"), ([np.nan] + [5.0] * 11, "static-level"),
])
def test_faulty_levels_are_refused(levels: np.ndarray, code: str) -> None:
    """Too few levels, and levels above ground or missing, are refused with the remedy."""
    with pytest.raises(Refused, match=code):
        static_level(levels, AT + np.arange(len(levels))[:, np.newaxis], AT)
