"""Tables as the file formats write them: columns in their documented order, plain values, rounded by unit, sorted.

Every format takes its rows from here, so that they agree to the last digit whatever the order of the rows.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from gis_planner.problems import nearest, refused
from gis_planner.tables.column import Column, Kind, Table
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

Value = str | int | float | bool | datetime.date | None

DECIMALS: Mapping[str, int] = {
    "degrees": 6, "m": 1, "km": 3, "min": 1, "FCFA": 0, "FCFA/person": 0, "people": 1, "kg": 6, "m2": 1,
    "larvae/dip": 3, "km/h": 1, "L/min": 1, "mm": 1,
}
"""Decimals by unit (degrees: 0.1 m on the ground). A number of any other unit keeps six significant digits."""

_DIGITS = re.compile(r"(\d+)")


def result_rows(plan: Plan) -> dict[str, tuple[Table, pd.DataFrame]]:
    """Every result table of the plan by name, in the order of `tables.results`, as `tidy` gives it.

    Refused: a result that `tables.results` does not describe.
    """
    for name in plan.results:
        if name not in RESULTS:
            near = nearest(name, RESULTS)
            raise refused(
                "unknown-result", field=name, found=f"result table {name!r}", expected="one of " + ", ".join(RESULTS),
                remedy=f"Did you mean {near!r}?" if near else "Describe the table in tables/results.py.",
                remedy_fr=f"Vouliez-vous dire {near!r} ?" if near else "Décrivez la table dans tables/results.py.",
            )
    return {name: (table, tidy(table, plan.results[name])) for name, table in RESULTS.items() if name in plan.results}


def base_rows(plan: Plan) -> dict[str, tuple[Table, pd.DataFrame]]:
    """Every input layer of the plan by kind, in the order of `tables.inputs`, as `tidy` gives it."""
    return {
        kind: (table, tidy(table, plan.base[kind]))
        for kind, table in INPUTS.items() if kind in plan.base and table.geometry != "raster"
    }


def result_table(plan: Plan, name: str) -> pd.DataFrame | None:
    """One result table as `tidy` gives it; None when the plan has none of that name."""
    return tidy(RESULTS[name], plan.results[name]) if name in plan.results else None


def base_table(plan: Plan, kind: str) -> pd.DataFrame | None:
    """One input layer as `tidy` gives it; None when the plan has none of that kind."""
    return tidy(INPUTS[kind], plan.base[kind]) if kind in plan.base else None


def tidy(table: Table, frame: gpd.GeoDataFrame | pd.DataFrame) -> pd.DataFrame:
    """The rows of `frame` with exactly the columns of `table` (object columns, None where missing) and its geometry.

    Text stays as it is; numbers are rounded by `DECIMALS`; dates become `datetime.date`. Rows are sorted by rank,
    by route and order, or by key (numbers inside ids count as numbers). Refused: a required column is absent.
    """
    columns = {}
    for column in table.columns:
        if column.name in frame.columns:
            columns[column.name] = [plain(value, column) for value in frame[column.name].tolist()]
        elif column.required:
            raise refused(
                "column-missing", field=column.name, file=table.name, found="no such column",
                expected=f"column {column.name!r}: {column.meaning}", remedy="Run the plan again with this version.",
                remedy_fr="Relancez le plan avec cette version.",
            )
        else:
            columns[column.name] = [None] * len(frame)
    rows = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    if table.geometry != "none" and isinstance(frame, gpd.GeoDataFrame):
        rows = gpd.GeoDataFrame(rows, geometry=list(frame.geometry), crs=frame.crs)
    keys = [key for key in ("rank", "route_id", "order", "survey_date", "date") if key in table.names]
    keys = [key for key in keys if key != "route_id" or "order" in table.names]
    records = list(zip(*columns.values(), strict=True))
    first = [table.names.index(key) for key in [*keys, table.key]]
    order = sorted(range(len(rows)), key=lambda at: _sort_key(records[at], first))
    return rows.iloc[order].reset_index(drop=True)


def plain(value: object, column: Column) -> Value:
    """One value of `column` as text, whole number, rounded number, flag or date; None when missing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    kind: Kind = column.kind
    if kind == "date":
        return _date(value)
    if kind == "flag":
        return value.strip().casefold() in {"true", "1", "yes"} if isinstance(value, str) else bool(value)
    if kind == "integer":
        return round(float(str(value)))
    if kind == "number":
        return rounded(float(str(value)), column.unit)
    return str(value)


def rounded(number: float, unit: str) -> float | None:
    """`number` with the decimals of its unit; None when it is not finite."""
    if not math.isfinite(number):
        return None
    places = DECIMALS.get(unit)
    found = float(f"{number:.6g}") if places is None else round(number, places)
    return found + 0.0


def decimals(column: Column) -> int | None:
    """Decimals that a number of this column is written with; None when significant digits are kept instead."""
    return 0 if column.kind == "integer" else DECIMALS.get(column.unit)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A sort key by which `S9` comes before `S10`."""
    parts = _DIGITS.split(text.casefold())
    return tuple((int(part), "") if part.isdigit() and part.isascii() else (-1, part) for part in parts)


def _sort_key(record: tuple[Value, ...], first: list[int]) -> tuple[object, ...]:
    """The columns that order a table, then everything, so that equal keys do not keep the order they came in."""
    def one(value: Value) -> tuple[object, ...]:
        if value is None:
            return (1,)
        return (0, natural(value), value) if isinstance(value, str) else (0, (), value)

    return (*(one(record[at]) for at in first), *map(str, record))


def _date(value: object) -> datetime.date | str | None:
    """A date; text that is not an ISO date stays text."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value) or None
