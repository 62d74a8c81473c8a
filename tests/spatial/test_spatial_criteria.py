"""Criteria: memberships, weights from comparisons, overlay, constraints, explanation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import utm_zone
from gis_planner.problems import Refused
from gis_planner.spatial import memberships
from gis_planner.spatial.ahp import ahp_weights
from gis_planner.spatial.criteria import Constraint, Criterion, weighted_overlay
from gis_planner.spatial.grid import grid_over

GRID = grid_over((600_000, 1_300_000, 600_300, 1_300_200), 100, utm_zone(-8, 12))  # 2 rows x 3 columns
SAATY = [[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]


def test_linear_membership_both_ways() -> None:
    """A linear score runs from worst to best, whichever is larger, and stops at 0 and 1; missing stays missing."""
    assert memberships.linear([0, 500, 1_500, 9_000], 2_000, 500).tolist() == pytest.approx([1, 1, 1 / 3, 0])
    assert np.isnan(memberships.linear([np.nan], 0, 1)).all()
    with pytest.raises(Refused, match="worst and best"):
        memberships.linear([1.0], 5, 5)


def test_trapezoid_and_fuzzy() -> None:
    """Trapezoids and fuzzy curves pass through their named points."""
    assert memberships.trapezoid([0, 5, 10, 20, 25, 30], 0, 10, 20, 30).tolist() == [0, 0.5, 1, 1, 0.5, 0]
    assert memberships.trapezoid([9, 10, 11], 10, 10, 20, 30).tolist() == [0, 1, 1]
    assert memberships.fuzzy_large([0, 10, 1e9], 10).tolist() == [0, 0.5, 1]
    assert memberships.fuzzy_small([0, 10, 1e9], 10).tolist() == pytest.approx([1, 0.5, 0])
    assert memberships.fuzzy_near([10, 13, 7], 10, 3).tolist() == pytest.approx([1, 0.5, 0.5])


def test_a_class_without_score_is_refused() -> None:
    """Each class takes its score; one that nobody scored is refused with its cells."""
    assert memberships.classes([1, 2, np.nan], {1: 0.2, 2: 1.0})[:2].tolist() == [0.2, 1.0]
    with pytest.raises(Refused, match="class 7 in 2 cells"):
        memberships.classes([1, 7, 7], {1: 0.2})


def test_ahp_of_consistent_answers() -> None:
    """Answers that agree give their own ratios: 4 to 2 to 1, with a consistency ratio of 0."""
    result = ahp_weights([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    assert result.weights == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert result.ratio == pytest.approx(0, abs=1e-12)


def test_ahp_closed_form_of_three() -> None:
    """For three criteria the largest eigenvalue is 1 + t + 1/t, t^3 = a13 / (a12 a23)."""
    result = ahp_weights(SAATY)
    t = (5 / (3 * 3)) ** (1 / 3)
    assert result.eigenvalue == pytest.approx(1 + t + 1 / t)  # 3.0385
    assert result.ratio == pytest.approx((t + 1 / t - 2) / 2 / 0.58)
    # for three the eigenvector is the geometric mean of rows: 15^(1/3), 1, (1/15)^(1/3)
    rows = np.array([15 ** (1 / 3), 1.0, 15 ** (-1 / 3)])
    assert result.weights == pytest.approx(rows / rows.sum())


def test_experts_are_joined_by_geometric_mean() -> None:
    """Two experts who say 2 and 8 are one who says 4, and opposite experts cancel."""
    two = ahp_weights([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])
    assert two.weights == pytest.approx([4 / 5, 1 / 5])  # sqrt(2 * 8) = 4
    assert ahp_weights([SAATY, np.transpose(SAATY)]).weights == pytest.approx([1 / 3] * 3)


def test_contradicting_answers_are_refused_with_the_pair() -> None:
    """A over B, B over C and C over A is refused above 0.10, naming expert and pair."""
    with pytest.raises(Refused, match=r"ahp-inconsistent.*expert 2.*consistency ratio.*at most 0\.10"):
        ahp_weights([SAATY, [[1, 3, 1 / 3], [1 / 3, 1, 3], [3, 1 / 3, 1]]], ["slope", "roads", "people"])


@pytest.mark.parametrize("matrix", [[[1, 2], [2, 1]], [[1, -3], [-1 / 3, 1]], [[2, 1], [1, 1]], [[1, 20], [1 / 20, 1]]])
def test_a_matrix_that_is_no_comparison_is_refused(matrix: list[list[float]]) -> None:
    """Entries without their inverse, below zero, beyond 9, or off 1 on the diagonal are refused."""
    with pytest.raises(Refused, match="ahp-reciprocal"):
        ahp_weights(matrix)


def overlay(constraints: tuple[Constraint, ...] = ()) -> object:
    """Two criteria on six cells, weights 0.7 and 0.3."""
    near = [[1.0, 0.5, 0.0], [0.2, np.nan, 1.0]]
    dry = [[0.0, 1.0, 0.5], [0.5, 0.5, 1.0]]
    return weighted_overlay([Criterion("near", near, 0.7), Criterion("dry", dry, 0.3)], GRID, constraints)


def test_score_is_the_weighted_sum() -> None:
    """The score is the sum of weight times score, and missing where a criterion is."""
    result = overlay()
    # 0.7 * 1 + 0.3 * 0; 0.35 + 0.3; 0 + 0.15; 0.14 + 0.15; -; 0.7 + 0.3
    assert result.score.ravel().tolist() == pytest.approx([0.7, 0.65, 0.15, 0.29, np.nan, 1.0], nan_ok=True)
    assert result.best(3).tolist() == [5, 0, 1]
    assert result.best(99).tolist() == [5, 0, 1, 3, 2]


def test_constraints_say_what_they_remove() -> None:
    """Each constraint says how many cells it removes, and how many it alone removes."""
    flood = np.array([[0, 0, 1], [0, 0, 1]], bool)
    grave = np.array([[1, 0, 1], [0, 0, 0]], bool)
    result = overlay((Constraint("flood", flood), Constraint("graves", grave)))
    table = result.removed.set_index("constraint")
    assert table.loc["flood", ["cells", "alone"]].tolist() == [2, 1]
    assert table.loc["graves", ["cells", "alone"]].tolist() == [2, 1]
    assert table.loc["unknown", "cells"] == 1
    assert result.allowed.sum() == 2
    assert result.explain([2])["forbidden"].tolist() == ["flood, graves"]


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_contributions_add_up_to_the_score(seed: int, count: int) -> None:
    """For every cell the contributions add up to the score, exactly, and the score lies within 0 and 1."""
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(count))
    result = weighted_overlay([Criterion(f"c{i}", rng.random(GRID.shape), w) for i, w in enumerate(weights)], GRID)
    table = result.explain(np.arange(GRID.size))
    assert (table["score"].to_numpy() == result.score.ravel()).all()
    assert table[[f"c{i}" for i in range(count)]].sum(axis=1).to_numpy() == pytest.approx(result.score.ravel())
    assert ((result.score >= 0) & (result.score <= 1 + 1e-12)).all()


def test_all_faults_are_said_at_once() -> None:
    """Weights that do not sum, scores out of range and a layer that does not overlap come in one refusal."""
    layers = [Criterion("a", np.full(GRID.shape, 5.0), 0.7), Criterion("b", np.full(GRID.shape, np.nan), 0.7),
              Criterion("c", np.zeros(GRID.shape), -0.1)]
    with pytest.raises(Refused) as stop:
        weighted_overlay(layers, GRID)
    codes = [finding.code for finding in stop.value.findings]
    assert codes == ["score-range", "layers-apart", "criterion", "weights-sum"]


def test_layers_on_another_grid_are_refused() -> None:
    """A layer of another shape is refused by name."""
    with pytest.raises(Refused, match=r"layers-differ.*slope"):
        weighted_overlay([Criterion("slope", np.zeros((5, 5)), 1.0)], GRID)
