"""What was read, in a few figures, for `check --json` and the data-quality page."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gis_planner.layers.checks.raster_rules import RasterWork
from gis_planner.layers.work import Work
from gis_planner.problems import shown


def _plain(value: Any) -> object:
    if value is None or (isinstance(value, float) and not math.isfinite(value)) or (
        isinstance(value, np.datetime64) and np.isnat(value)
    ):
        return None
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]"))
    if isinstance(value, float | np.floating):
        return int(value) if float(value).is_integer() else round(float(value), 7)
    return shown(value) if isinstance(value, str) else bool(value)


def of_table(work: Work) -> None:
    """Rows kept, set aside and outside, the mapping, the CRS, bounds, the first row and the sums of whole numbers."""
    kept = np.flatnonzero(work.kept)
    mapping = work.mapping
    columns = {column: mapping.head(column) for column in (*mapping.columns, *mapping.derive)}
    columns.update({column: f"= {value}" for column, value in mapping.constants.items()})
    work.summary.update(
        rows=len(work), kept=int(kept.size), set_aside=int(work.doubtful.sum()), outside=int(work.outside.sum()),
        copies=int(work.copies.sum()), adapter=mapping.adapter or None,
        mapping={ours: shown(theirs) for ours, theirs in sorted(columns.items())},
        unused_columns=[shown(head) for head in mapping.unused[:50]],
        crs=(f"EPSG:{work.crs.to_epsg()}" if work.crs.to_epsg() else shown(work.crs.name)) if work.crs else None,
    )
    if kept.size and np.isfinite(work.longitude[kept]).any():
        lon, lat = work.longitude[kept], work.latitude[kept]
        work.summary["bounds"] = [round(float(value), 6) for value in (
            np.nanmin(lon), np.nanmin(lat), np.nanmax(lon), np.nanmax(lat))]
    if not kept.size:
        return
    first = int(kept[0])
    row = {column: _plain(work.values[column][first]) for column in work.table.names}
    if math.isfinite(work.longitude[first]):
        row["latitude"], row["longitude"] = _plain(work.latitude[first]), _plain(work.longitude[first])
    work.summary["first_row"] = row
    for column in work.table.columns:
        if column.kind == "integer" and column.unit in {"people", "nets", "larvae", "dips", "cabins"}:
            work.summary[f"sum_{column.name}"] = _plain(float(np.nansum(work.values[column.name][kept].astype(float))))


def of_raster(work: RasterWork, summary: dict[str, object]) -> None:
    """Size, CRS, bounds, least, greatest, mean and sum of the cells in the frame."""
    raw, values = work.raw, work.values
    known = values[np.isfinite(values)]
    crs = raw.raster.crs
    summary.update(
        rows=int(values.shape[0]), columns=int(values.shape[1]), cells=int(values.size), known=int(known.size),
        crs=f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else shown(crs.name), dtype=raw.dtype,
        bounds=[round(value, 6) for value in raw.bounds],
    )
    if known.size:
        summary.update(min=_plain(float(known.min())), max=_plain(float(known.max())),
                       mean=round(float(known.mean()), 3), sum=round(float(known.sum()), 3))
