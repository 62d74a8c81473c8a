"""Files with stable bytes: CSV, GeoJSON, GeoTIFF; and the readers that the later steps need."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio

from gis_planner.crs import metric_crs
from gis_planner.tables.inputs import INPUTS
from layers.ouelessebougou.simulate.place import DECIMALS, Grid, frame


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def write_csv(path: Path, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of a layer as CSV: the table's columns, then latitude and longitude when it has points."""
    table = INPUTS[kind]
    place = ["latitude", "longitude"] if table.geometry == "point" else []
    names = table.names + place
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            unknown = set(row) - set(names)
            if unknown:
                raise KeyError(f"{kind}: {sorted(unknown)}")
            writer.writerow([_text(row.get(name)) for name in names])


def _rounded(coordinates: Any) -> Any:
    array = np.asarray(coordinates, dtype=float)
    return [[round(float(x), DECIMALS), round(float(y), DECIMALS)] for x, y in array]


def write_geojson(path: Path, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows with `coordinates` (lines) or `rings` (polygons) in degrees, one feature a line."""
    table = INPUTS[kind]
    lines = []
    for row in rows:
        values = {name: (bool(value) if isinstance(value, np.bool_) else value)
                  for name in table.names if (value := row.get(name)) is not None}
        if table.geometry == "line":
            shape = {"type": "LineString", "coordinates": _rounded(row["coordinates"])}
        else:
            shape = {"type": "Polygon", "coordinates": [_rounded(ring) for ring in row["rings"]]}
        feature = {"type": "Feature", "properties": values, "geometry": shape}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def write_tiff(path: Path, grid: Grid, values: npt.NDArray[Any], *, dtype: str, predictor: int,
               nodata: float | None = None) -> None:
    """A raster in the region's zone, packed without loss."""
    with rasterio.open(
        path, "w", driver="GTiff", height=grid.rows, width=grid.columns, count=1, dtype=dtype,
        crs=metric_crs(frame()), transform=grid.transform, nodata=nodata, compress="deflate", predictor=predictor,
        zlevel=9, tiled=True, blockxsize=256, blockysize=256,
    ) as file:
        file.write(values.astype(dtype), 1)


def read_tiff(path: Path) -> npt.NDArray[np.float64]:
    """The values of a raster."""
    with rasterio.open(path) as file:
        return np.asarray(file.read(1), dtype=np.float64)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Properties and `coordinates` of each line of a GeoJSON."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [{**item["properties"], "coordinates": np.asarray(item["geometry"]["coordinates"], dtype=float)}
            for item in features]
