"""Setbacks and distances: both ways, at the limit, with the reason."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.spatial.distance import nearest, over_grid, to_geometries
from gis_planner.spatial.setback import Setback, buffer_union, check, clearance, conflicts, keeps, removed, thinned

BASE = np.array([600_000.0, 1_300_000.0])


def at(east_m: float, north_m: float) -> np.ndarray:
    """A place so far east and north of the base."""
    return BASE + np.array([east_m, north_m])


def test_at_exactly_the_distance_is_allowed() -> None:
    """A place at the setback keeps it, one metre nearer does not."""
    rule = Setback("a latrine", [BASE], 30)
    assert keeps([at(30, 0), at(29, 0)], rule).tolist() == [True, False]


def test_zero_metres_means_not_inside() -> None:
    """A setback of 0 m from polygons keeps places out of them and no further."""
    zone = np.array([shapely.box(*BASE, *(BASE + 100))])
    assert keeps([BASE + 50, at(100.5, 50)], Setback("a graveyard", zone, 0)).tolist() == [False, True]


def test_reason_names_the_rule_missed_most() -> None:
    """A candidate that misses two rules is told the one it misses by more, in both languages."""
    latrine = Setback("a latrine", [at(20, 0)], 30, "une latrine")
    rules = [latrine, Setback("a grave", [at(0, 40)], 100, "une tombe")]
    table = check([BASE, at(5_000, 0)], rules)
    assert table["allowed"].tolist() == [False, True]
    # misses the latrine by 30 - 20 = 10 m, the grave by 100 - 40 = 60 m
    assert table["reason"].tolist() == ["40 m from a grave, at least 100 m asked", ""]
    assert table["reason_fr"][0] == "à 40 m d'une tombe, au moins 100 m demandés"
    assert table["nearest_m"][0] == 40


def test_a_rule_without_distance_says_on_or_inside() -> None:
    """What may only not be entered is told without metres, in both languages."""
    ground = np.array([shapely.Point(BASE).buffer(10)])
    notes = removed([BASE, at(90, 0)], [Setback("rock", ground, 0, "un affleurement rocheux"),
                                        Setback("a flood zone", ground, 0, "une zone inondable")])
    assert [note.words("en")[0] for note in notes] == [
        "1 of 2 places on rock (0 by this rule alone)", "1 of 2 places inside a flood zone (0 by this rule alone)"]
    assert [note.words("fr")[0] for note in notes] == [
        "1 lieux sur 2 sur un affleurement rocheux (0 par cette seule règle)",
        "1 lieux sur 2 dans une zone inondable (0 par cette seule règle)"]


def test_each_rule_says_how_many_it_removes() -> None:
    """The notes count what a rule removes, and what it alone removes."""
    rules = [Setback("a latrine", [BASE], 30), Setback("a grave", [at(50, 0)], 30)]
    notes = removed([BASE, at(25, 0), at(0, 900)], rules)
    assert "2 of 3 places within 30 m of a latrine (1 by this rule alone)" in notes[0].found
    assert "1 of 3 places within 30 m of a grave (0 by this rule alone)" in notes[1].found


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_setbacks_are_the_same_both_ways(seed: int) -> None:
    """A well too near a latrine and the latrine too near the well are one conflict."""
    rng = np.random.default_rng(seed)
    wells, latrines = BASE + rng.uniform(0, 200, (20, 2)), BASE + rng.uniform(0, 200, (15, 2))
    one, two = conflicts(wells, latrines, 30), conflicts(latrines, wells, 30)
    assert sorted(zip(one["one"], one["two"], strict=True)) == sorted(zip(two["two"], two["one"], strict=True))
    bad = ~keeps(wells, Setback("a latrine", latrines, 30))
    assert set(one["one"]) == set(np.flatnonzero(bad))


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_thinned_places_keep_apart_and_leave_no_gap(seed: int) -> None:
    """Thinned places are all at least the distance apart, and each one dropped was nearer than that to a kept one."""
    xy = BASE + np.random.default_rng(seed).uniform(0, 300, (60, 2))
    kept = thinned(xy, 50)
    among, _ = nearest(xy[~kept], xy[kept])
    assert (among < 50).all()
    assert conflicts(xy[kept], xy[kept], 50).query("one != two").empty


def test_nearest_breaks_ties_by_index() -> None:
    """Of two things equally near, the first is named; with nothing there, infinitely far."""
    metres, index = nearest([BASE], [at(10, 0), at(-10, 0), at(10, 0)])
    assert (metres[0], index[0]) == (10, 0)
    metres, index = nearest([BASE], np.zeros((0, 2)))
    assert (metres[0], index[0]) == (np.inf, -1)
    assert clearance([BASE], np.array([])).tolist() == [np.inf]


def test_distance_to_lines_and_polygons() -> None:
    """Distance to a line is perpendicular, inside a polygon it is 0."""
    stream = shapely.LineString([BASE, at(100, 0)])
    assert to_geometries([at(50, 7)], [stream]).tolist() == pytest.approx([7])
    assert to_geometries([BASE + 5], [shapely.box(*BASE, *(BASE + 10)), stream]).tolist() == [0]


def test_distance_over_a_grid() -> None:
    """Distance over a grid is between centres: 3 and 4 cells of 10 m away is 50 m; nothing marked is infinitely far."""
    marked = np.zeros((5, 5), bool)
    marked[0, 0] = True
    assert over_grid(marked, 10)[3, 4] == 50
    assert np.isinf(over_grid(np.zeros((2, 2)), 10)).all()


def test_drawn_buffer_is_within_its_tolerance() -> None:
    """The buffer drawn for maps differs from the circle by no more than the tolerance."""
    ring = buffer_union([shapely.Point(BASE)], 1000, tolerance_m=0.5)
    inner = shapely.distance(shapely.Point(BASE), shapely.boundary(ring))
    assert 999.5 <= inner <= 1000


def test_negative_setback_is_refused() -> None:
    """A negative setback is refused by its name."""
    with pytest.raises(Refused, match="a latrine"):
        keeps([BASE], Setback("a latrine", [BASE], -5))
