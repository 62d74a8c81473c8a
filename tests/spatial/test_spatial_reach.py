"""Reach: every pair within the limit, exactly once, exactly measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from gis_planner.problems import Refused
from gis_planner.spatial.reach import COINCIDENT_M, people_reached, reach_matrix, reached

ORIGIN = np.array([600_000.0, 1_300_000.0])


def at(east_m: float, north_m: float) -> np.ndarray:
    """A place so far east and north of the base."""
    return ORIGIN + np.array([east_m, north_m])


def test_three_four_five() -> None:
    """A place 300 m east and 400 m north is 500 m away, and within a limit of exactly 500 m."""
    matrix = reach_matrix([ORIGIN], [at(300, 400), at(300, 400.01)], 500)
    assert matrix.toarray().tolist() == [[500.0, 0.0]]  # sqrt(300^2 + 400^2) = 500


def test_same_place_stays_reached() -> None:
    """Two places at one spot are stored as a micrometre, so that no sparse operation forgets them."""
    matrix = reach_matrix([ORIGIN], [ORIGIN], 0)
    assert matrix.data.tolist() == [COINCIDENT_M]
    assert (matrix > 0).nnz == 1
    assert reached(matrix).toarray().tolist() == [[1]]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.0, 3.0, 250.0, 9_000.0]))
def test_same_as_every_pair(seed: int, people: int, sites: int, limit_m: float) -> None:
    """The matrix holds exactly the pairs that a full table of distances holds, in order."""
    rng = np.random.default_rng(seed)
    demand = ORIGIN + np.round(rng.uniform(-500, 500, (people, 2)))
    site = ORIGIN + np.round(rng.uniform(-500, 500, (sites, 2)) * rng.choice([0.0, 0.1, 1.0]))
    full = cdist(demand, site)
    row, column = np.nonzero(full <= limit_m)
    matrix = reach_matrix(demand, site, limit_m)
    assert (np.repeat(np.arange(people), np.diff(matrix.indptr)) == row).all()
    assert (matrix.indices == column).all()
    np.testing.assert_allclose(matrix.data, np.maximum(full[row, column], COINCIDENT_M), rtol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    """Shuffled demand and sites give the same matrix, shuffled; shifting the map changes nothing."""
    rng = np.random.default_rng(seed)
    demand, site = ORIGIN + np.round(rng.uniform(0, 900, (50, 2))), ORIGIN + np.round(rng.uniform(0, 900, (40, 2)))
    a, b = rng.permutation(50), rng.permutation(40)
    plain = reach_matrix(demand, site, 200).toarray()
    assert (reach_matrix(demand[a] + (5_000, -3_000), site[b] + (5_000, -3_000), 200).toarray() == plain[a][:, b]).all()


def test_far_outliers_cost_no_memory() -> None:
    """Two sites a million kilometres apart and a limit of one metre still give an answer."""
    site = np.array([ORIGIN, ORIGIN + 1e9])
    assert reach_matrix(site, site, 1.0).toarray().tolist() == [[COINCIDENT_M, 0], [0, COINCIDENT_M]]


def test_nobody_and_nothing() -> None:
    """No demand or no site gives an empty matrix of the right shape."""
    assert reach_matrix(np.zeros((0, 2)), [ORIGIN], 10).shape == (0, 1)
    assert reach_matrix([ORIGIN], np.zeros((0, 2)), 10).shape == (1, 0)


def test_people_reached() -> None:
    """People within reach are counted once at each site."""
    demand = ORIGIN + np.array([[0, 0], [100, 0], [200, 0]])
    matrix = reach_matrix(demand, ORIGIN + np.array([[50, 0], [200, 0]]), 60)
    assert people_reached(matrix, [5, 7, 11]).tolist() == [12, 11]  # 5 + 7 at 50 m each; 11 at 0 m
    with pytest.raises(Refused, match="people"):
        people_reached(matrix, [5, -7, 11])


def test_degrees_are_refused() -> None:
    """Coordinates that all look like degrees are refused with the remedy."""
    with pytest.raises(Refused, match=r"coordinates-degrees.*crs\.project"):
        reach_matrix([[-7.9, 12.3]], [[-7.8, 12.2]], 1000)
    with pytest.raises(Refused, match="site_xy_m"):
        reach_matrix([ORIGIN], [[-7.8, 12.2]], 1000)


@pytest.mark.parametrize(("demand", "limit_m", "code"), [
    ([[np.nan, 1.0]], 10, "coordinates-missing"), ([[1.0, 2.0, 3.0]], 10, "coordinates-shape"),
    ([["a", "b"]], 10, "numbers"),
    ([[1e6, 1e6]], -1, "distance"), ([[1e6, 1e6]], "far", "distance"),
    ([[1e6, 1e6]], np.nan, "distance"),
])
def test_bad_input_is_named(demand: list[list[float]], limit_m: float, code: str) -> None:
    """Missing coordinates, a wrong shape and a limit that is none are refused by name."""
    with pytest.raises(Refused, match=code):
        reach_matrix(demand, [[1e6, 1e6]], limit_m)
