"""From a table of roads to links with a speed each way: class, season, closures and one-way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planner.crs import require_metric
from gis_planner.problems import Problems, Severity, nearest, refused

Season = Literal["dry", "rainy"]
FORWARD: Final = frozenset({"yes", "true", "1", "1.0"})
BACKWARD: Final = frozenset({"-1", "-1.0", "reverse"})
_SHOWN: Final = 8


def listed(names: Collection[Any]) -> str:
    """A few names, and how many more."""
    some = [str(name) for name in list(names)[:_SHOWN]]
    return ", ".join(some) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def single_lines(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One LineString per row, rows without a line left out; refuses a CRS that is not in metres."""
    require_metric(roads.crs, "roads")
    parts = roads.reset_index(drop=True).explode(index_parts=False, ignore_index=True)
    usable = [
        shape is not None and shape.geom_type == "LineString" and shape.length > 0 and np.isfinite(shape.bounds).all()
        for shape in parts.geometry
    ]
    lines = parts[usable].reset_index(drop=True)
    if lines.empty:
        raise refused("roads-empty", field="roads", found=f"{len(roads)} rows without a line",
                      expected="lines of roads",
                      remedy="Give roads as lines, or leave the layer out: the surface alone gives the matrix.",
                      remedy_fr="Donner des routes en lignes, ou omettre la couche : la surface seule suffit.")
    lines.geometry = shapely.force_2d(lines.geometry.values)
    if "road_id" not in lines:
        lines["road_id"] = [f"road {i + 1}" for i in range(len(lines))]
    return lines


def link_speeds(
    lines: gpd.GeoDataFrame, speeds_kmh: Mapping[str, float] | None, season_factor: Mapping[str, float] | None,
) -> NDArray[np.float64]:
    """Speed (km/h) of each line: its own `speed_kmh`, else that of its class, times the season's factor of its class.

    Refuses speeds that are not above 0 and classes without a speed, by name.
    """
    problems = Problems()
    classes = lines["highway"].astype("string").fillna("") if "highway" in lines else pd.Series("", index=lines.index)
    own = pd.Series(np.nan, lines.index)
    if "speed_kmh" in lines:
        own = pd.to_numeric(lines["speed_kmh"], errors="coerce")
    speed = own.fillna(classes.map(dict(speeds_kmh or {})).astype(float))
    for name in sorted(set(classes[speed.isna()])):
        near = nearest(name, speeds_kmh or ())
        where = listed(lines["road_id"][speed.isna() & (classes == name)])
        problems.add("road-speed-missing", Severity.REFUSE, field="speed_kmh", row=where,
                     found=f"class {name or '(none)'} without a speed", expected="speed_kmh, or a speed for its class",
                     remedy=f"Did you mean {near}?" if near else "Add the class to the speeds, or fill speed_kmh.",
                     remedy_fr="Ajouter la classe aux vitesses ou remplir speed_kmh.")
    factor = classes.map(dict(season_factor or {})).astype(float).fillna(1.0)
    wrong = speed.notna() & ~((speed > 0) & np.isfinite(speed) & (factor >= 0) & np.isfinite(factor))
    if wrong.any():
        problems.add("road-speed", Severity.REFUSE, field="speed_kmh", row=listed(lines["road_id"][wrong]),
                     found=listed(speed[wrong].tolist()), expected="km/h above 0 (factors 0 or more)",
                     remedy="Correct the speeds; close a road by its id, not by speed 0.",
                     remedy_fr="Corriger les vitesses ; fermer une route par son identifiant, pas par une vitesse 0.")
    problems.stop()
    return (speed * factor).to_numpy(float)


def _truth(column: pd.Series, unknown: bool) -> NDArray[np.bool_]:
    text = column.astype("string").str.strip().str.lower()
    yes = text.isin({"1", "1.0", "true", "yes", "oui"})
    return np.where(text.isna() | (text == ""), unknown, yes).astype(bool)


def open_ways(
    lines: gpd.GeoDataFrame, speed_kmh: NDArray[np.float64], season: Season, closed: Collection[str],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each line is open along its drawing and against it.

    closed: road ids shut to all. In the rainy season a road whose `passable_rainy` is 0 is shut; where it is not stated
    the road stays open. `oneway`: yes or 1 along the drawing, -1 against it.
    """
    if season not in ("dry", "rainy"):
        raise refused("season", field="season", found=season, expected="dry or rainy", remedy="Choose one of the two.")
    ids = lines["road_id"].astype(str)
    unknown = sorted(set(map(str, closed)) - set(ids))
    if unknown:
        known = {name.casefold(): name for name in ids}
        near = known.get(nearest(unknown[0], known) or "")
        raise refused("road-unknown", field="closed", found=listed(unknown), expected="ids of the road layer",
                      remedy=f"Did you mean {near}?" if near else "Take ids from the column road_id.")
    passable = ~ids.isin(set(map(str, closed))).to_numpy() & (speed_kmh > 0)
    if season == "rainy" and "passable_rainy" in lines:
        passable &= _truth(lines["passable_rainy"], unknown=True)
    way = lines["oneway"].astype("string").str.strip().str.lower() if "oneway" in lines else None
    if way is None:
        return passable, passable.copy()
    against, along = way.isin(BACKWARD).to_numpy(bool), way.isin(FORWARD).to_numpy(bool)
    return passable & ~against, passable & ~along
