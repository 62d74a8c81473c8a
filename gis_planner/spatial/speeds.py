"""Speeds of the ground: land cover, roads, season, barriers, bridges and fords drawn into one grid of km/h.

Every speed comes from the caller (a norm or a setting); none is written here. Grids are aligned arrays of one shape
with one transform; lines and areas are in the grid's CRS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from gis_planner.problems import Problems, Severity, nearest, refused

Speeds = NDArray[np.float32]
PANDOLF_STANDING: Final = 1.5
PANDOLF_LOAD: Final = 2.0
PANDOLF_WALKING: Final = 1.5


def of_land_cover(land_cover: ArrayLike, speeds_kmh: Mapping[int, float]) -> Speeds:
    """Speed (km/h) of each cell by its land-cover class; 0 closes a class; masked or nan cells are closed (nan).

    land_cover: (rows, columns) of whole numbers. Raises `Refused` naming every class without a speed and every speed
    that is negative or not finite.
    """
    cover: np.ma.MaskedArray[Any, Any] = np.ma.asarray(land_cover)
    closed = np.ma.getmaskarray(cover) | ~np.isfinite(np.ma.getdata(cover).astype(float))
    classes, where = np.unique(np.where(closed, 0, np.ma.getdata(cover)), return_inverse=True)
    used = np.bincount(where.ravel()[~closed.ravel()], minlength=len(classes)) > 0
    problems = Problems()
    for value, cells in zip(classes[used].tolist(), np.bincount(where.ravel())[used].tolist(), strict=True):
        if value not in speeds_kmh:
            problems.add("class-without-speed", Severity.REFUSE, field="land_cover",
                         found=f"class {value:g}: {cells} cells", expected=f"one of {sorted(speeds_kmh)}",
                         remedy="Give the class a speed; 0 closes it.",
                         remedy_fr="Donner une vitesse à la classe ; 0 la ferme.")
    _check(speeds_kmh, "speeds_kmh", problems)
    problems.stop()
    table = np.array([speeds_kmh.get(value, np.nan) for value in classes.tolist()], np.float32)
    return np.where(closed, np.float32(np.nan), table[where].reshape(cover.shape)).astype(np.float32)


def _check(speeds: Mapping[Any, float], name: str, problems: Problems) -> None:
    wrong = {key: v for key, v in speeds.items() if not (np.isfinite(v) and v >= 0)}
    if wrong:
        problems.add("speed-wrong", Severity.REFUSE, field=name, found=str(wrong), expected="km/h, 0 or more",
                     remedy="Correct these speeds; 0 closes.", remedy_fr="Corriger ces vitesses ; 0 ferme.")


def _cells(
    shapes: gpd.GeoDataFrame, values: NDArray[np.float64], shape: tuple[int, ...], transform: Any,
) -> NDArray[np.float32]:
    """The greatest of `values` on each cell that a shape touches, 0 elsewhere."""
    order = np.argsort(values, kind="stable")
    pairs = [(shapes.geometry.iloc[i], float(values[i])) for i in order if not _nothing(shapes.geometry.iloc[i])]
    if not pairs:
        return np.zeros(shape, np.float32)
    drawn = rasterio.features.rasterize(
        pairs, out_shape=shape, fill=0.0, transform=transform, all_touched=True, dtype="float32")
    return np.asarray(drawn)


def _nothing(geometry: Any) -> bool:
    return geometry is None or geometry.is_empty


def _same_crs(table: gpd.GeoDataFrame | None, crs: CRS, name: str) -> None:
    if table is not None and (table.crs is None or CRS.from_user_input(table.crs) != crs):
        raise refused("crs-differs", field=name, found=str(table.crs), expected=crs.name,
                      remedy="Convert the layer to the grid's CRS first (to_crs).",
                      remedy_fr="Convertir d'abord la couche dans le SCR de la grille (to_crs).")


def road_speeds(roads: gpd.GeoDataFrame, speeds_kmh: Mapping[str, float] | None = None) -> NDArray[np.float64]:
    """Speed of each road: that of its class in `speeds_kmh`, else its own `speed_kmh`; refuses roads with neither."""
    classes = roads["highway"].astype("string") if "highway" in roads else pd.Series("", roads.index, dtype="string")
    speed = classes.map(dict(speeds_kmh or {})).astype(float)
    if "speed_kmh" in roads:
        speed = speed.fillna(pd.to_numeric(roads["speed_kmh"], errors="coerce"))
    problems = Problems()
    for name in sorted(set(classes[speed.isna()].fillna(""))):
        near = nearest(name, speeds_kmh or ())
        problems.add("road-speed-missing", Severity.REFUSE, field="roads", found=f"class {name or '(none)'}",
                     expected="a speed for the class, or speed_kmh",
                     remedy=f"Did you mean {near}?" if near else "Give the class a speed.",
                     remedy_fr="Donner une vitesse à la classe.")
    _check(dict(zip(roads.index.tolist(), speed.dropna().tolist(), strict=False)), "roads", problems)
    problems.stop()
    return np.asarray(speed.to_numpy(float))


def surface(
    land: ArrayLike, *, transform: Any, crs: Any, roads: gpd.GeoDataFrame | None = None,
    road_kmh: Mapping[str, float] | None = None, barriers: gpd.GeoDataFrame | None = None,
    crossings: gpd.GeoDataFrame | None = None, crossing_kmh: ArrayLike | None = None,
) -> Speeds:
    """One grid of speeds: the land, roads over it, barriers through both, bridges and fords through the barriers.

    land: (rows, columns) km/h, as `of_land_cover` gives. roads: lines; a cell that a road passes has the greatest speed
    of its roads (road_kmh by class, else speed_kmh) and never less than the land's. barriers: lines or areas that
    nobody crosses now (streams in flood, fences, dams): every cell that one touches is closed and diagonal gaps are
    filled, so a line is a wall for 8 and 16 neighbours alike. A road whose `bridge` is 1 goes on through barriers at
    its speed; other roads are cut. crossings: bridges, fords and gates (points, lines or areas) that open the closed
    cells they touch, a point those within one cell of it, at crossing_kmh (one number, or one for each). Pass the
    roads, barriers and crossings of the season: a stream bed in the dry season is no barrier.

    Returns float32 (rows, columns), nan where closed. Raises `Refused` for layers in another CRS, classes without a
    speed, and crossings without one.
    """
    ground: NDArray[np.float32] = np.ma.filled(np.ma.asarray(land, np.float32), np.nan)
    if ground.ndim != 2 or np.any(ground < 0) or np.any(np.isinf(ground)):
        raise refused("land-speed", field="land", found=f"shape {ground.shape}",
                      expected="a 2-D grid of km/h, 0 or more", remedy="Make it with of_land_cover.")
    system = CRS.from_user_input(crs)
    for name, table in (("roads", roads), ("barriers", barriers), ("crossings", crossings)):
        _same_crs(table, system, name)
    out, bridged = ground.copy(), np.zeros(ground.shape, np.float32)
    if roads is not None and len(roads):
        speed = road_speeds(roads, road_kmh)
        fast = _cells(roads, speed, ground.shape, transform)
        out = np.where(fast > 0, np.fmax(out, fast), out)
        if "bridge" in roads:
            over = pd.to_numeric(roads["bridge"], errors="coerce").fillna(0).to_numpy() == 1
            bridged = _cells(roads[over], speed[over], ground.shape, transform)
    if barriers is not None and len(barriers):
        wall = sealed(_cells(barriers, np.ones(len(barriers)), ground.shape, transform) > 0)
        opened = np.fmax(bridged, _opened(crossings, crossing_kmh, ground.shape, transform))
        out = np.where(wall, np.where(opened > 0, opened, np.float32(np.nan)), out)
    return np.where(out > 0, out, np.float32(np.nan)).astype(np.float32)


def sealed(wall: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The wall with every diagonal gap filled: of the two open cells between closed corners the upper one closes."""
    out = wall.copy()
    upper_left, upper_right, lower_left, lower_right = out[:-1, :-1], out[:-1, 1:], wall[1:, :-1], wall[1:, 1:]
    falling = wall[:-1, :-1] & lower_right & ~wall[:-1, 1:] & ~lower_left
    rising = wall[:-1, 1:] & lower_left & ~wall[:-1, :-1] & ~lower_right
    upper_right |= falling
    upper_left |= rising
    return out


def _opened(
    crossings: gpd.GeoDataFrame | None, crossing_kmh: ArrayLike | None, shape: tuple[int, ...], transform: Any,
) -> NDArray[np.float32]:
    """Speed of the cells that crossings open, 0 elsewhere."""
    if crossings is None or not len(crossings):
        return np.zeros(shape, np.float32)
    speed = np.broadcast_to(np.asarray(np.nan if crossing_kmh is None else crossing_kmh, float), (len(crossings),))
    if not (np.isfinite(speed) & (speed > 0)).all():
        raise refused("crossing-speed", field="crossing_kmh", found=crossing_kmh, expected="km/h above 0",
                      remedy="Give one speed for all crossings, or one for each; leave out those that are shut.",
                      remedy_fr="Donner une vitesse pour tous les ponts et gués, ou une pour chacun.")
    side = float(np.hypot(transform[0], transform[3]))
    wide = crossings.copy()
    is_point = wide.geometry.geom_type.isin(["Point", "MultiPoint"])
    wide.loc[is_point, wide.geometry.name] = wide.geometry[is_point].buffer(side)
    return _cells(wide, speed, shape, transform)


def in_season(speed_kmh: ArrayLike, land_cover: ArrayLike, factors: Mapping[int, float]) -> Speeds:
    """Speeds times the season's factor of each cell's class (1 where a class has none; 0 closes it, as a flood)."""
    speed: NDArray[np.float32] = np.ma.filled(np.ma.asarray(speed_kmh, np.float32), np.nan)
    cover: NDArray[Any] = np.ma.getdata(np.ma.asarray(land_cover))
    if cover.shape != speed.shape:
        raise refused("grids-differ", field="land_cover", found=f"shape {cover.shape}", expected=f"{speed.shape}",
                      remedy="Bring both to one grid first.")
    problems = Problems()
    _check(factors, "factors", problems)
    problems.stop()
    scale = np.ones(cover.shape, np.float32)
    for value, factor in factors.items():
        scale[cover == value] = factor
    return np.where(scale > 0, speed * scale, np.float32(np.nan)).astype(np.float32)


def with_load(speed_kmh: ArrayLike, *, load_kg: float, body_kg: float) -> NDArray[np.float64]:
    """Walking speed with a load, at the effort of walking the given speed without it.

    Pandolf, Givoni and Goldman 1977 (J Appl Physiol 43: 577-581, doi:10.1152/jappl.1977.43.4.577), on the flat, for
    body W, load L and speed V in m/s: watts = 1.5 W + 2.0 (W + L) (L / W)**2 + 1.5 (W + L) V**2; the terrain acts
    through the speed. Equal watts give V; where standing under the load alone takes more, it is 0. nan stays nan.
    """
    if not (0 <= load_kg < np.inf and 0 < body_kg < np.inf):
        raise refused("load", field="load_kg", found=f"{load_kg} kg on {body_kg} kg",
                      expected="0 or more, on a body above 0", remedy="Give the load and the body's mass in kg.")
    v_ms = np.asarray(speed_kmh, float) / 3.6
    total = body_kg + load_kg
    spare = PANDOLF_WALKING * body_kg * v_ms**2 - PANDOLF_LOAD * total * (load_kg / body_kg) ** 2
    return 3.6 * np.sqrt(np.maximum(spare, 0.0) / (PANDOLF_WALKING * total))
