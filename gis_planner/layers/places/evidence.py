"""The things that stand in villages, as points with a weight for each village near them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gis_planner.crs import Frame, to_metric
from gis_planner.layers.names.rows import text_column
from gis_planner.layers.names.similarity import Spelled, likeness
from gis_planner.layers.names.spelling import forms
from gis_planner.layers.places.posterior import Floats, Ints, off_by
from gis_planner.problems import refused


@dataclass(frozen=True)
class Kind:
    """How one kind of thing marks a village: weight of one, spread around the village's middle in metres.

    facility: its names hold words such as `École`. named: a matching name marks its village.
    """

    weight: float
    spread_m: float
    named: bool = True
    facility: bool = True


KINDS: Mapping[str, Kind] = {
    "places": Kind(6.0, 200.0, facility=False),
    "schools": Kind(4.0, 250.0),
    "health_posts": Kind(3.0, 250.0),
    "water_points": Kind(1.0, 250.0),
    "buildings": Kind(0.02, 200.0, named=False),
}
OTHER = Kind(1.0, 300.0)
SAME_NAME, ALIKE = 0.95, 0.82
NAMED_WEIGHT, OTHERS_WEIGHT = 60.0, 0.05
"""A thing with the village's name weighs so many times more; one with another name, or beside one, so much."""
BESIDE_M = 500.0


@dataclass(frozen=True)
class Things:
    """All evidence: metres, kind, name; in the order of the kinds' names, then of their rows."""

    points: Floats
    kinds: tuple[str, ...]
    kind: Ints
    names: list[str]
    weight: Floats
    spread_m: Floats


def gather(evidence: Mapping[str, gpd.GeoDataFrame], frame: Frame, name: str) -> Things:
    """The evidence in the region's UTM zone; areas and lines count by a point on them, empty geometries not at all."""
    points: list[Floats] = []
    names: list[str] = []
    kind: list[int] = []
    kinds = tuple(sorted(evidence))
    for number, word in enumerate(kinds):
        table = evidence[word]
        if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
            raise refused(
                "places-crs",
                field=word,
                found="no geometry with a CRS",
                expected="a GeoDataFrame with its CRS",
                remedy="Give every kind of evidence as a GeoDataFrame that states its CRS.",
                remedy_fr="Donnez chaque couche comme GeoDataFrame avec son SCR.",
            )
        table = table[~(table.geometry.isna() | table.geometry.is_empty)]
        shapes = to_metric(table, frame).geometry
        shapes = shapes.where(shapes.geom_type == "Point", shapes.representative_point())
        points.append(np.column_stack([shapes.x, shapes.y]).astype(np.float64))
        names += text_column(table, name, "name", word) if name in table.columns else [""] * len(table)
        kind += [number] * len(table)
    numbers = np.array(kind, dtype=np.int64)
    about = [KINDS.get(word, OTHER) for word in kinds]
    return Things(
        np.concatenate(points) if points else np.empty((0, 2)),
        kinds,
        numbers,
        names,
        np.array([about[k].weight for k in numbers]),
        np.array([about[k].spread_m for k in numbers]),
    )


@dataclass(frozen=True)
class Claims:
    """(village, thing) pairs within reach: distance, whether the thing bears the village's name, and its mass."""

    village: Ints
    thing: Ints
    distance_m: Floats
    named: npt.NDArray[np.bool_]
    mass: Floats


def claims(homes: Floats, names: Sequence[str], parents: Sequence[str], things: Things, radius_m: float) -> Claims:
    """Which things may mark which village, and how strongly, before villages share them."""
    if not len(things.points) or not len(homes):
        none = np.empty(0, dtype=np.int64)
        return Claims(none, none, np.empty(0), np.empty(0, dtype=np.bool_), np.empty(0))
    near = cKDTree(homes).query_ball_tree(cKDTree(things.points), radius_m)
    village = np.repeat(np.arange(len(homes), dtype=np.int64), [len(row) for row in near])
    thing = np.array([one for row in near for one in sorted(row)], dtype=np.int64)
    distance = np.hypot(*(homes[village] - things.points[thing]).T)
    alike = _alike(names, parents, things, village, thing)
    best = np.zeros(len(things.points))
    np.maximum.at(best, thing, alike)
    named = (alike >= SAME_NAME) | ((alike >= ALIKE) & (alike >= best[thing]))
    other = np.array([bool(name) for name in things.names], dtype=bool) & ~_nameless(things)
    held = _held_by_another(things, village, thing, named)
    factor = np.where(named, NAMED_WEIGHT * alike, np.where(other[thing] | held, OTHERS_WEIGHT, 1.0))
    mass = things.weight[thing] * factor * off_by(distance)
    return Claims(village, thing, distance, named, mass)


def _nameless(things: Things) -> npt.NDArray[np.bool_]:
    """Things of kinds whose names are not those of villages."""
    return np.array([not KINDS.get(word, OTHER).named for word in things.kinds], dtype=bool)[things.kind]


def _held_by_another(things: Things, village: Ints, thing: Ints, named: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Pairs whose thing stands beside one that bears another village's name, and beside none of this village's."""
    owned = np.unique(thing[named])
    if not owned.size:
        return np.zeros(len(thing), dtype=np.bool_)
    near = cKDTree(things.points[owned]).query_ball_point(things.points, BESIDE_M)
    owners: dict[int, set[int]] = {}
    for one, place in zip(village[named].tolist(), thing[named].tolist(), strict=True):
        owners.setdefault(place, set()).add(one)
    around = [set().union(*(owners[int(owned[k])] for k in row)) if row else set() for row in near]
    return np.array(
        [bool(around[t]) and v not in around[t] for v, t in zip(village.tolist(), thing.tolist(), strict=True)],
        dtype=np.bool_,
    )


def _alike(names: Sequence[str], parents: Sequence[str], things: Things, village: Ints, thing: Ints) -> Floats:
    about = [KINDS.get(word, OTHER) for word in things.kinds]
    said = [
        forms(name, facility=about[k].facility) if about[k].named else ()
        for name, k in zip(things.names, things.kind, strict=True)
    ]
    mine = [forms(name, parent) for name, parent in zip(names, parents, strict=True)]
    return likeness(Spelled.of(mine), Spelled.of(said), village, thing)
