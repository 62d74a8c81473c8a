"""Land that drains: a tilted plain worn by its own streams, and the streams that follow it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyflwdir
from scipy.ndimage import gaussian_filter, zoom
from shapely.geometry import LineString, box

from layers.ouelessebougou.simulate.place import Floats, Grid, facts, frame, grid, random, to_degrees, to_metres

COARSE_M, FINE_M = 240.0, 30.0
STREAM_KM2, PERMANENT_KM2 = 6.0, 220.0
STEP_M = 0.25
"""Heights are stored in quarters of a metre: exact in binary, and small when packed."""


def noise(shape: tuple[int, int], sigmas: tuple[float, ...], weights: tuple[float, ...], layer: str) -> Floats:
    """Smooth noise of unit spread: the weighted sum of smoothed white noise at several scales (in cells)."""
    draw = random(layer)
    out = np.zeros(shape)
    for sigma, weight in zip(sigmas, weights, strict=True):
        field = gaussian_filter(draw.standard_normal(shape), sigma, mode="reflect")
        out += weight * field / field.std()
    return np.asarray(out / out.std())


def _drain(height: Floats, cell_m: float) -> tuple[pyflwdir.FlwdirRaster, Floats, Floats]:
    filled, d8 = pyflwdir.dem.fill_depressions(height.astype(np.float32))
    flow = pyflwdir.from_array(d8, ftype="d8", check_ftype=False)
    area_km2 = flow.upstream_area("cell").astype(np.float64) * cell_m**2 / 1e6
    return flow, area_km2, filled.astype(np.float64)


def _worn(height: Floats, cell_m: float, rounds: int) -> Floats:
    """Each round gives every cell the height of the cell below it plus a slope that falls with the area drained."""
    for turn in range(rounds):
        height = height + 0.5 * noise(height.shape, (0.7, 2.0), (1.0, 1.0), f"roughness {turn}")
        flow, area_km2, _ = _drain(height, cell_m)
        rise = 0.0026 * np.maximum(area_km2, 0.06) ** -0.42 * cell_m
        down = flow.idxs_ds
        flat = np.where(flow.mask, 0.0, np.nan).copy()
        for cell in flow.idxs_seq:
            flat[cell] = 0.0 if down[cell] == cell else flat[down[cell]] + rise.ravel()[cell]
        height = 0.3 * (height - height.min()) + flat.reshape(height.shape)
    return height


def elevation() -> tuple[Grid, Floats]:
    """The grid of 30 m and heights in metres, between the lowest and the highest of the facts."""
    coarse, fine = grid(COARSE_M), grid(FINE_M)
    shape = (coarse.rows, coarse.columns)
    row, column = np.mgrid[0:shape[0], 0:shape[1]].astype(float)
    east = column / shape[1] - 0.5
    north = 0.5 - row / shape[0]
    ridge = -np.abs(east + 0.25 * north + 0.06) * 26 - 9 * north
    start = ridge + 3.2 * noise(shape, (30, 12, 5), (1.0, 0.6, 0.3), "relief")
    worn = gaussian_filter(_worn(start, COARSE_M, 4), 1.1)
    smooth = zoom(worn, COARSE_M / FINE_M, order=3, mode="nearest", grid_mode=True)
    low, high = np.percentile(smooth, [0.02, 99.98])
    land = facts()["terrain"]
    scaled = land["lowest_m"] + 3 + (smooth - low) / (high - low) * (land["highest_m"] - land["lowest_m"] - 6)
    ground = noise((fine.rows // 4, fine.columns // 4), (2.5, 8), (0.6, 1.0), "ground")
    return fine, scaled + 0.5 * zoom(ground, 4, order=3, mode="nearest", grid_mode=True)


def with_valleys(fine: Grid, height: Floats) -> tuple[Floats, pyflwdir.FlwdirRaster, Floats]:
    """Heights with stream beds cut in, their flow directions and the area drained in km2."""
    flow, area_km2, filled = _drain(height, FINE_M)
    bed = np.where(area_km2 >= STREAM_KM2, np.log2(area_km2 / STREAM_KM2 + 1), 0.0)
    cut = gaussian_filter(bed, 2.0) * 3.0 + bed * 0.3
    land = facts()["terrain"]
    carved = np.clip(filled - cut, land["lowest_m"], land["highest_m"])
    carved = np.round(carved / STEP_M) * STEP_M
    return carved, flow, area_km2


def streams(fine: Grid, flow: pyflwdir.FlwdirRaster, area_km2: Floats) -> list[dict[str, object]]:
    """Stretches between confluences inside the frame: id, seasonal, coordinates in degrees."""
    x_m, y_m = fine.centres()
    mask = area_km2 >= STREAM_KM2
    found = flow.streams(mask=mask, xs=np.tile(x_m, (fine.rows, 1)), ys=np.repeat(y_m[:, None], fine.columns, 1),
                         uparea=area_km2)
    window = box(*frame_metres())
    rows = []
    for feature in found:
        line = LineString(feature["geometry"]["coordinates"]).simplify(20.0).intersection(window)
        drained = float(feature["properties"]["uparea"])
        for part in getattr(line, "geoms", [line]):
            if part.geom_type == "LineString" and part.length > 60:
                rows += [(drained, part)]
    rows.sort(key=lambda item: (-item[0], item[1].coords[0]))
    return [
        {"stream_id": f"ST{number:03d}", "seasonal": drained < PERMANENT_KM2,
         "coordinates": to_degrees(np.asarray(line.coords)[:, :2])}
        for number, (drained, line) in enumerate(rows, start=1)
    ]


def frame_metres() -> npt.NDArray[np.float64]:
    """The largest box in metres that lies inside the frame: left, bottom, right, top."""
    west, south, east, north = frame().as_tuple()
    corners = to_metres([west, west, east, east], [south, north, south, north])
    return np.array([corners[[0, 1], 0].max(), corners[[0, 2], 1].max(), corners[[2, 3], 0].min(),
                     corners[[1, 3], 1].min()])
