"""The two tables of a join, read and checked: names, parents and places on the globe."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gis_planner.crs import STORE
from gis_planner.layers.names.similarity import Floats, Spelled
from gis_planner.layers.names.spelling import Form, fold, forms, sound, words
from gis_planner.problems import nearest, refused

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), for great-circle distances: within 0.6 % of the ellipsoid."""

Column = Hashable | tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Side:
    """One table of a join. globe: (n, 3) metres from the Earth's centre, NaN where the place is unknown.

    areas: polygons in degrees where the rows are areas, None elsewhere (or for the whole table when no row is).
    """

    labels: list[Hashable]
    names: list[str]
    parents: list[str]
    globe: Floats
    areas: npt.NDArray[np.object_] | None
    spelled: Spelled

    def __len__(self) -> int:
        return len(self.names)

    @property
    def placed(self) -> npt.NDArray[np.bool_]:
        """Which rows have a place."""
        return np.asarray(np.isfinite(self.globe).all(axis=1), dtype=np.bool_)


def pair_of(column: Column | None, what: str) -> tuple[Hashable | None, Hashable | None]:
    """(left column, right column) from one name or a pair."""
    if isinstance(column, (tuple, list)):
        if len(column) != 2:
            raise refused(
                "names-columns",
                field=what,
                found=column,
                expected="one column, or a pair (left, right)",
                remedy=f'Write {what}="column" or {what}=("left column", "right column").',
            )
        return column[0], column[1]
    return column, column


def text_column(table: pd.DataFrame, column: Hashable | None, what: str, side: str) -> list[str]:
    """A column as text; missing values are empty text (the text `NA` stays a name)."""
    if column is None:
        return [""] * len(table)
    require(table, column, what, side)
    values = table[column]
    return [
        "" if missing else " ".join(str(value).split())
        for value, missing in zip(values.tolist(), values.isna().tolist(), strict=True)
    ]


def require(table: pd.DataFrame, column: Hashable, what: str, side: str) -> None:
    """Refuse a column that the table does not have."""
    if column not in table.columns:
        near = nearest(str(column), [str(name) for name in table.columns])
        raise refused(
            "names-column-missing",
            file=side,
            field=what,
            found=f"no column {column!r}",
            expected="one of " + ", ".join(map(str, table.columns)),
            remedy=f"Name a column of the {side} table{f' (did you mean {near}?)' if near else ''}.",
            remedy_fr=f"Nommez une colonne de la table {side}.",
        )


def read(
    table: pd.DataFrame,
    side: str,
    name: Hashable | None,
    parent: Hashable | None,
    place: tuple[Floats, Floats, npt.NDArray[np.object_] | None],
    facility: bool,
) -> Side:
    """One side, spelled and placed."""
    if not table.index.is_unique:
        raise refused(
            "names-index",
            file=side,
            field="index",
            found="the same row label twice",
            expected="one label per row",
            remedy="Call .reset_index(drop=True) on it first: the answer names rows by their labels.",
        )
    names = text_column(table, name, "name", side)
    parents = text_column(table, parent, "parent", side)
    said: list[tuple[Form, ...]] = [
        forms(one, area, facility=facility) for one, area in zip(names, parents, strict=True)
    ]
    return Side(table.index.tolist(), names, parents, globe(*place[:2]), place[2], Spelled.of(said))


def globe(longitude: Floats, latitude: Floats) -> Floats:
    """Degrees to metres from the Earth's centre (x, y, z)."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    return EARTH_M * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def apart_m(a: Floats, b: Floats) -> Floats:
    """Great-circle distance between rows of two globes, in metres; NaN where either place is unknown."""
    chord = np.sqrt(np.sum((a - b) ** 2, axis=1))
    return np.asarray(2 * EARTH_M * np.arcsin(np.clip(chord / (2 * EARTH_M), 0, 1)), dtype=np.float64)


def places(table: pd.DataFrame, xy: object, side: str) -> tuple[Floats, Floats, npt.NDArray[np.object_] | None]:
    """(longitude, latitude, areas) of a table: its geometry, two columns in degrees, or unknown."""
    if xy is None or (isinstance(xy, str) and xy != "geometry"):
        if xy is not None:
            raise _bad_xy(xy, side)
        return np.full(len(table), np.nan), np.full(len(table), np.nan), None
    if isinstance(xy, str):
        return _from_geometry(table, side)
    if not isinstance(xy, (tuple, list)) or len(xy) != 2:
        raise _bad_xy(xy, side)
    first, second = (_number(table, column, side) for column in xy)
    if str(xy[0]).casefold().startswith(("lat", "y")) and str(xy[1]).casefold().startswith(("lon", "lng", "x")):
        first, second = second, first
    nowhere = (first == 0) & (second == 0)
    first, second = np.where(nowhere, np.nan, first), np.where(nowhere, np.nan, second)
    wrong = np.flatnonzero((np.abs(first) > 180) | (np.abs(second) > 90))
    if wrong.size:
        raise refused(
            "names-degrees",
            file=side,
            row=str(table.index[wrong[0]]),
            field="/".join(map(str, xy)),
            found=f"{first[wrong[0]]:.10g}, {second[wrong[0]]:.10g} ({wrong.size} such rows)",
            expected="(longitude, latitude) in degrees",
            remedy='Give xy as (longitude column, latitude column), or GeoDataFrames with their CRS and xy="geometry".',
            remedy_fr="Donnez xy en degrés (longitude, latitude), ou des GeoDataFrames avec leur SCR.",
        )
    return first, second, None


def _bad_xy(xy: object, side: str) -> Exception:
    return refused(
        "names-xy",
        file=side,
        field="xy",
        found=xy,
        expected='(longitude column, latitude column), "geometry" or None',
        remedy='Write xy=("longitude", "latitude"), or a pair of such pairs when the two tables differ.',
    )


def _number(table: pd.DataFrame, column: Hashable, side: str) -> Floats:
    require(table, column, "xy", side)
    values = table[column]
    if values.dtype == object or isinstance(values.dtype, pd.StringDtype):
        values = values.where(values.notna() & (values.astype(str).str.strip() != ""))
    numbers = pd.to_numeric(values, errors="coerce")
    lost = np.flatnonzero(numbers.isna().to_numpy() & values.notna().to_numpy())
    if lost.size:
        raise refused(
            "names-xy-text",
            file=side,
            row=str(table.index[lost[0]]),
            field=str(column),
            found=values.iloc[lost[0]],
            expected="a number of degrees",
            remedy="Write -7.90 with a point, or leave it empty.",
            remedy_fr="Écrivez -7.90 avec un point, ou laissez vide.",
        )
    found = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def _from_geometry(table: pd.DataFrame, side: str) -> tuple[Floats, Floats, npt.NDArray[np.object_] | None]:
    if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
        raise refused(
            "names-crs",
            file=side,
            field="xy",
            found="no geometry with a CRS",
            expected="a GeoDataFrame with its CRS",
            remedy="Give GeoDataFrames that state their CRS, or xy=(longitude column, latitude column).",
            remedy_fr="Donnez des GeoDataFrames avec leur SCR, ou xy=(longitude, latitude).",
        )
    shapes = table.geometry.to_crs(STORE).to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    surface = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~empty
    centre = shapely.centroid(shapes)
    outside = surface & ~shapely.intersects(shapes, centre)
    centre[outside] = shapely.point_on_surface(shapes[outside])
    lon, lat = shapely.get_x(centre), shapely.get_y(centre)
    nowhere = empty | ~np.isfinite(lon) | ~np.isfinite(lat)
    areas = np.asarray(np.where(surface, shapes, None), dtype=object) if surface.any() else None
    return np.where(nowhere, np.nan, lon), np.where(nowhere, np.nan, lat), areas


def parent_key(parent: str) -> str:
    """The sound of a parent area's name, words in order of the alphabet."""
    return " ".join(sorted(heard for word in words(fold(parent)) if (heard := sound(word))))
