"""Land cover at 100 m in classes of ESA WorldCover, and the zones where nothing may be built."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.ndimage import distance_transform_edt, gaussian_filter
from shapely.geometry import box

from layers.ouelessebougou.simulate.place import Floats, Grid, random, to_degrees, to_metres, town_xy
from layers.ouelessebougou.simulate.settlements import Settlement, Waters
from layers.ouelessebougou.simulate.terrain import frame_metres, noise

COVER_M = 100.0
TREES, SHRUB, GRASS, CROP, BUILT, BARE, WATER, WETLAND = 10, 20, 30, 40, 50, 60, 80, 90


def land_cover(height_30_m: Floats, people: np.ndarray, streams: list[dict[str, Any]],
               cells: Grid) -> tuple[Grid, np.ndarray]:
    """Classes: fields round the villages, forest and wetland along streams, bare laterite on the heights."""
    shape = (cells.rows, cells.columns)
    stream, permanent = np.ones(shape, dtype=bool), np.ones(shape, dtype=bool)
    for row in streams:
        xy = to_metres(row["coordinates"][:, 0], row["coordinates"][:, 1])
        dense = np.vstack([xy[:-1] + share * np.diff(xy, axis=0) for share in np.linspace(0, 1, 24)])
        at = cells.cell(dense)
        stream[at] = False
        if not row["seasonal"]:
            permanent[at] = False
    to_stream = distance_transform_edt(stream) * COVER_M
    to_people = distance_transform_edt(people == 0) * COVER_M
    rough = noise(shape, (2, 8, 30), (0.6, 1.0, 0.7), "cover")
    fields = noise(shape, (1.2, 5), (1.0, 0.8), "fields")
    small = height_30_m[::3, ::3]
    row_at = np.minimum((np.arange(shape[0]) * COVER_M / 90).astype(int), small.shape[0] - 1)
    column_at = np.minimum((np.arange(shape[1]) * COVER_M / 90).astype(int), small.shape[1] - 1)
    height = gaussian_filter(small, 1)[np.ix_(row_at, column_at)]
    cover = np.where(rough > 0.15, SHRUB, GRASS)
    cover[rough > 1.25] = TREES
    cover[(height > 380) & (rough < -0.3)] = BARE
    cover[(to_people < 2600) & (fields > to_people / 1500 - 1.1)] = CROP
    cover[(to_stream < 150) & (rough > -0.2)] = TREES
    cover[(to_stream < 250) & (rough <= -0.75)] = WETLAND
    cover[~permanent & (rough < 0.4)] = WATER
    cover[people >= 12] = BUILT
    town = np.array([town_xy()])
    x_m, y_m = cells.centres()
    far = np.hypot(x_m[None, :] - town[0, 0], y_m[:, None] - town[0, 1])
    cover[(far < 1300 + 250 * fields) & (to_stream > 90)] = BUILT
    return cells, cover


def zones(places: list[Settlement], streams: list[dict[str, Any]], waters: Waters) -> list[dict[str, Any]]:
    """Flood plains of the permanent streams, graveyards, sacred woods, a few rocks and private grounds."""
    draw = random("zones")
    window = box(*frame_metres())
    out: list[tuple[str, Any]] = []
    wet = [line for line, row in zip(waters.lines, streams, strict=True) if not row["seasonal"]]
    plain = shapely.union_all([line.buffer(110, quad_segs=4) for line in wet]).simplify(15).intersection(window)
    out += [("flood", shapely.Polygon(part.exterior)) for part in getattr(plain, "geoms", [plain])]
    for place in places:
        if place.row["kind"] == "village":
            out.append(("grave", _patch(place.centre, 300, 500, 45, draw)))
            if draw.random() < 0.35:
                out.append(("protected", _patch(place.centre, 600, 1400, 160, draw)))
            if draw.random() < 0.25:
                out.append(("private", _patch(place.centre, 250, 900, 80, draw)))
            if draw.random() < 0.2:
                out.append(("rock", _patch(place.centre, 500, 1200, 120, draw)))
    order = ("flood", "grave", "protected", "private", "rock")
    kept = [(kind, shape) for kind, shape in out if shape.area > 100]
    kept.sort(key=lambda item: (order.index(item[0]), item[1].bounds))
    return [{"zone_id": f"ZN{number:03d}", "kind": kind, "rings": [to_degrees(np.asarray(shape.exterior.coords))]}
            for number, (kind, shape) in enumerate(kept, start=1)]


def _patch(centre: Floats, low_m: float, high_m: float, radius_m: float, draw: np.random.Generator) -> Any:
    bearing = draw.uniform(0, 2 * np.pi)
    middle = centre + draw.uniform(low_m, high_m) * np.array([np.cos(bearing), np.sin(bearing)])
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    reach = radius_m * draw.uniform(0.7, 1.25, len(angle))
    ring = middle + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return shapely.Polygon(ring)
