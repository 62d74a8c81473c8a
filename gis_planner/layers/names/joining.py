"""Two lists of places joined by name, place and parent area together."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.layers.names.candidates import pairs
from gis_planner.layers.names.rows import Column, pair_of, places, read
from gis_planner.layers.names.verdicts import CONTRADICTS, DOUBTFUL, Judge
from gis_planner.layers.names.weighing import assign, weigh

Place = str | tuple[object, object]
_COLUMNS = ("left", "right", "score", "verdict", "why")


def match(
    left: pd.DataFrame,
    right: pd.DataFrame,
    *,
    name: Column,
    parent: Column | None = None,
    xy: Place | None = None,
    facility: bool = False,
) -> pd.DataFrame:
    """Join the rows of `left` to those of `right` that are the same place, one to one; flag what contradicts.

    left, right: tables, or GeoDataFrames (points or areas, any CRS), each with an index without repeats.
    name: the name column, or (column of left, column of right). parent: the column of the parent area's name, likewise.
    xy: (longitude, latitude) columns in degrees, or `"geometry"`, for both; or a pair of these, one for each table.
    When `xy` is None and both are GeoDataFrames with a CRS, their geometry is used.
    facility: the names are of schools or health posts (`École de`, `CSCOM`, `[1er C]` are dropped).

    Returns one row per row of `left`, in its order: left and right (index labels; right is missing for `none`), score
    (chance in 0..1 that the two are the same place; at most 0.5 where something contradicts), verdict and why.
    Verdicts: `same`; `doubtful` (a person should look); `contradicts` (sources speak against each other: one right row
    claimed by two, a centroid at another row's place, one name in two parent areas, one place with two names, one
    name and parent far apart); `none`. Only `same` may be used without a person. The order of rows does not matter;
    ties go to the first row. An empty or missing name joins nothing.

    Refused: a column that is not there, an index with repeats, coordinates that are not degrees, a missing CRS.
    """
    names, parents = pair_of(name, "name"), pair_of(parent, "parent")
    here, there = _xy(left, right, xy)
    one = read(left, "left", names[0], parents[0], places(left, here, "left"), facility)
    two = read(right, "right", names[1], parents[1], places(right, there, "right"), facility)
    found = weigh(one, two, *pairs(one, two))
    judge = Judge(one, two, found, assign(found, len(one), len(two)))
    said = list(judge)
    rights = [None if line.pair < 0 else two.labels[int(found.j[line.pair])] for line in said]
    return pd.DataFrame(
        {
            "left": pd.Series(left.index.to_numpy(), dtype=left.index.dtype),
            "right": pd.Series(rights, dtype=object),
            "score": np.array([round(line.score, 4) for line in said], dtype=np.float64),
            "verdict": pd.Series([line.verdict for line in said], dtype=object),
            "why": pd.Series([line.why for line in said], dtype=object),
        },
        columns=list(_COLUMNS),
    )


def short_list(answer: pd.DataFrame) -> pd.DataFrame:
    """The rows of an answer that a person must decide: contradictions first, then doubts, the likeliest first."""
    order = {CONTRADICTS: 0, DOUBTFUL: 1}
    asked = answer[answer["verdict"].isin(order)]
    ranks = asked["verdict"].map(order)
    return asked.iloc[np.lexsort((np.arange(len(asked)), -asked["score"], ranks))].reset_index(drop=True)


def _xy(left: pd.DataFrame, right: pd.DataFrame, xy: Place | None) -> tuple[object, object]:
    if xy is None:
        shaped = all(
            isinstance(table, gpd.GeoDataFrame)
            and table._geometry_column_name in table.columns
            and table.crs is not None
            for table in (left, right)
        )
        return ("geometry", "geometry") if shaped else (None, None)
    if (
        isinstance(xy, Sequence)
        and not isinstance(xy, str)
        and len(xy) == 2
        and all(isinstance(part, (tuple, list)) or part == "geometry" for part in xy)
    ):
        return xy[0], xy[1]
    return xy, xy
