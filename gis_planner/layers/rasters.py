"""Rasters: one band of numbers over the region, read in a window, north up, with nan where nothing is known."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from pyproj import CRS, Transformer
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window, from_bounds

from gis_planner.crs import STORE, Frame
from gis_planner.layers.frames import MALI, as_typed, latitude_first
from gis_planner.layers.gate import Source, unchanged
from gis_planner.layers.readers.crs_name import crs_of
from gis_planner.layers.report import Report
from gis_planner.problems import Stop
from gis_planner.tables.layer import Raster

MAX_CELLS = 16_000_000
MAX_BLOCK_BYTES = 96_000_000
_GDAL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "CPL_CURL_ENABLE_VSICURL": "NO",
    "GDAL_CACHEMAX": 32, "GTIFF_REPORT_COMPD_CS": "NO", "GDAL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class RawRaster:
    """A raster as read: the values in the region, what it says of itself, and how far it reaches (degrees)."""

    raster: Raster
    bounds: tuple[float, float, float, float]
    dtype: str
    unit: str
    nodata: float | None
    infinite: int


def _one_band(data: Any, report: Report, kind: str) -> None:
    colours = list(data.colorinterp)
    bands = [band for band, colour in enumerate(colours, 1) if colour != ColorInterp.alpha]
    if len(bands) != 1:
        raise report.stop("raster-bands", found=f"{data.count} bands", field="bands")
    if data.subdatasets:
        raise report.stop("raster-bands", found=f"{len(data.subdatasets)} pictures in one file", field="bands")
    if np.dtype(data.dtypes[0]).kind == "c":
        raise report.stop("raster-type", found=f"complex numbers ({data.dtypes[0]}) in band 1", field="band 1")
    if colours[0] == ColorInterp.palette and kind != "land_cover":
        raise report.stop("raster-type", found="a picture with a colour table in band 1", field="band 1")


def _where(data: Any, given: CRS | None, report: Report) -> CRS:
    if data.transform == Affine.identity() or data.transform.is_degenerate:
        control = " (ground control points only)" if data.gcps[0] else ""
        raise report.stop("raster-no-georef", found=f"no georeference: an identity transform{control}",
                          field="transform")
    if data.transform.b or data.transform.d:
        raise report.stop("raster-rotated", found="a rotated transform", field="transform")
    if given is not None:
        return given
    if data.crs is None:
        raise report.stop("crs-missing", found="no coordinate reference system", field="crs")
    code = data.crs.to_epsg()
    return crs_of(f"EPSG:{code}" if code else data.crs.to_wkt(), report)


def _degrees(bounds: tuple[float, ...], crs: CRS, report: Report) -> tuple[float, float, float, float]:
    west, east = sorted((bounds[0], bounds[2]))
    south, north = sorted((bounds[1], bounds[3]))
    if crs.is_geographic and (west < -361 or east > 541 or south < -91 or north > 91):
        raise report.stop("crs-metres-called-degrees", field="crs", found=(
            f"bounds {west:.0f} to {east:.0f}, {south:.0f} to {north:.0f}, out of the range of degrees"))
    if not crs.is_geographic and max(map(abs, (west, east, south, north))) <= 180:
        raise report.stop("crs-degrees-called-metres", field="crs", found=(
            f"bounds {west:g} to {east:g}, {south:g} to {north:g}: degrees called metres of {crs.name}"))
    if crs == STORE:
        return west, south, east, north
    box = Transformer.from_crs(crs, STORE, always_xy=True).transform_bounds(west, south, east, north)
    if not np.isfinite(box).all():
        raise report.stop("crs-unusable", found="bounds that cannot be converted to degrees", field="crs")
    return box


def _window(data: Any, crs: CRS, frame: Frame, report: Report) -> Window:
    box = frame.as_tuple()
    if crs != STORE:
        box = Transformer.from_crs(STORE, crs, always_xy=True).transform_bounds(*box)
    step_x, step_y = abs(data.transform.a), abs(data.transform.e)
    west, south, east, north = box[0] - 2 * step_x, box[1] - 2 * step_y, box[2] + 2 * step_x, box[3] + 2 * step_y
    low, high = (north, south) if data.transform.e > 0 else (south, north)
    if data.transform.a < 0:
        west, east = east, west
    window = from_bounds(west, low, east, high, data.transform)
    row, col = int(np.floor(window.row_off)), int(np.floor(window.col_off))
    bottom, right = int(np.ceil(window.row_off + window.height)), int(np.ceil(window.col_off + window.width))
    row, col, bottom, right = max(row, 0), max(col, 0), min(bottom, data.height), min(right, data.width)
    cells = max(0, bottom - row) * max(0, right - col)
    if cells > MAX_CELLS:
        raise report.stop("raster-too-large", found=f"{cells:,} cells in the frame ({data.width:,} x {data.height:,})",
                          field="size", limit=f"{MAX_CELLS:,}")
    high_block, wide_block = data.block_shapes[0]
    if high_block * wide_block * np.dtype(data.dtypes[0]).itemsize * data.count > MAX_BLOCK_BYTES:
        raise report.stop("raster-too-large", found=f"one block of {wide_block:,} x {high_block:,} cells", field="size",
                          limit=f"{MAX_BLOCK_BYTES:,} bytes a block")
    return Window(col, row, right - col, bottom - row)


def _values(data: Any, window: Window) -> npt.NDArray[np.float64]:
    """Values with scale and offset applied; nan under nodata and masks."""
    raw = data.read(1, window=window)
    values: npt.NDArray[np.float64] = raw.astype(np.float64)
    del raw
    mask = data.read_masks(1, window=window) == 0
    scale, offset = data.scales[0], data.offsets[0]
    if scale != 1.0 or offset != 0.0:
        values *= scale
        values += offset
    values[mask] = np.nan
    return values


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def read(source: Source, kind: str, frame: Frame, crs: CRS | None, report: Report) -> RawRaster:
    """The part of a GeoTIFF that lies in the frame (two cells of margin); raises `Refused`.

    Opened by the GTiff driver alone, without side files; south-up and mirrored rasters are turned.
    """
    try:
        with _quiet(), rasterio.Env(**_GDAL), rasterio.open(source.path.absolute(), driver="GTiff") as data:
            _one_band(data, report, kind)
            declared = _where(data, crs, report)
            bounds = _degrees(tuple(data.bounds), declared, report)
            _meets(bounds, frame, report)
            window = _window(data, declared, frame, report)
            if window.width <= 0 or window.height <= 0:
                raise report.stop("raster-outside", found=f"bounds {_box(bounds)}", field="extent",
                                  frame=frame.as_tuple())
            values = _values(data, window)
            transform = data.window_transform(window)
            about = (data.dtypes[0], (data.units[0] or "").strip(), data.nodata)
    except Stop:
        raise
    except (RasterioError, CPLE_BaseError, OSError, ValueError, MemoryError) as error:
        raise report.stop("raster-damaged", found=f"a TIFF that cannot be read (damaged or truncated): {error}",
                          field="file") from None
    unchanged(source, report)
    if transform.e > 0:
        values, transform = values[::-1], transform * Affine.translation(0, values.shape[0]) * Affine.scale(1, -1)
    if transform.a < 0:
        values, transform = values[:, ::-1], transform * Affine.translation(values.shape[1], 0) * Affine.scale(-1, 1)
    infinite = int(np.isinf(values).sum())
    return RawRaster(Raster(np.ascontiguousarray(values), transform, declared), bounds, *about, infinite)


def _box(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    return f"{west:.3f} to {east:.3f} E, {south:.3f} to {north:.3f} N"


def _meets(bounds: tuple[float, float, float, float], frame: Frame, report: Report) -> None:
    west, south, east, north = bounds
    if west < frame.east and east > frame.west and south < frame.north and north > frame.south:
        return
    turned = latitude_first(frame)
    if turned is not None and MALI.holds((west + east) / 2, (south + north) / 2):
        raise report.stop("frame-latitude-first", field="frame", turned=as_typed(turned),
                          found=f"bounds {_box(bounds)} in Mali, outside the frame {as_typed(frame)}")
    hint = ""
    if south < frame.east and north > frame.west and west < frame.north and east > frame.south:
        hint = "; latitude and longitude look swapped"
    elif -east < frame.east and -west > frame.west and south < frame.north and north > frame.south:
        hint = "; the longitude looks as if it had lost its minus sign"
    raise report.stop("raster-outside", found=f"bounds {_box(bounds)}, no overlap with the frame (outside){hint}",
                      field="extent", frame=frame.as_tuple())
