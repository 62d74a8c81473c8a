"""Gazetteer points moved to where the evidence is, with the shift, the evidence and the doubt kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.crs import STORE, Frame, metric_crs, to_metric
from gis_planner.layers.names.rows import text_column
from gis_planner.layers.places.evidence import Claims, Things, claims, gather
from gis_planner.layers.places.posterior import Spot, shares, spot
from gis_planner.problems import refused

RADIUS_M, WITHIN = 4000.0, 0.8
"""How far a gazetteer point may be off; share of villages that lie within their doubt."""
MOVED, KEPT, DOUBTFUL = "moved", "kept", "doubtful"
SURE_SHARE, SURE_M, NEAR_M = 0.6, 1000.0, 150.0


def reconcile(
    villages: gpd.GeoDataFrame,
    evidence: Mapping[str, gpd.GeoDataFrame],
    *,
    frame: Frame,
    name: str = "name",
    parent: str | None = None,
    radius_m: float = RADIUS_M,
) -> gpd.GeoDataFrame:
    """Each village where the things that stand in villages say it is.

    villages: points in any CRS, with the column `name` (and `parent`, the commune). evidence: kind -> points with an
    optional column `name`; kinds `places`, `schools`, `health_posts`, `water_points`, `buildings` have weights of their
    own, others count as a plain sign. frame: the region, whose UTM zone distances are computed in. radius_m: farther
    things say nothing.

    Returns a copy in EPSG:4326, same index and order, with the new point and: shift_m (distance moved), evidence (what
    and how many, in words), evidence_count, doubt_m (the village lies within it 8 times of 10), verdict
    (`moved`: evidence fixes it; `doubtful`: evidence is thin or torn, and the point is moved to the likeliest spot
    only where that lessens the expected error; `kept`: nothing near, or the gazetteer agrees). A
    village without a point stays without one, `kept`.
    """
    if villages.crs is None:
        raise refused(
            "places-crs",
            field="villages",
            found="no CRS",
            expected="a GeoDataFrame with its CRS",
            remedy="State the CRS of the villages.",
            remedy_fr="Indiquez le SCR des villages.",
        )
    names = text_column(villages, name, "name", "villages")
    parents = text_column(villages, parent, "parent", "villages")
    shapes = to_metric(villages, frame).geometry
    here = np.flatnonzero(~(shapes.isna() | shapes.is_empty).to_numpy())
    centres = shapes.iloc[here].representative_point()
    homes = np.column_stack([centres.x, centres.y]).astype(np.float64)
    things = gather(evidence, frame, name if name in {c for t in evidence.values() for c in t.columns} else "name")
    found = claims(homes, [names[k] for k in here], [parents[k] for k in here], things, radius_m)
    kept = shares(found.village, found.thing, found.mass, len(homes), len(things.points))
    edges = np.searchsorted(found.village, np.arange(len(homes) + 1))
    rows = [_row(homes[k], slice(edges[k], edges[k + 1]), found, kept, things) for k in range(len(homes))]
    return _answer(villages, here, homes, rows, frame)


def _row(home: np.ndarray, span: slice, found: Claims, mass: np.ndarray, things: Things) -> tuple[Spot, str, str, int]:
    thing = found.thing[span]
    got = spot(home, things.points[thing], mass[span], things.spread_m[thing], WITHIN)
    shift = float(np.hypot(got.x_m - home[0], got.y_m - home[1]))
    if not len(got.things):
        return got, KEPT, "nothing near", 0
    used = thing[got.things]
    named = found.named[span][got.things]
    words = _words(things, used, named)
    if not got.better:
        return got, DOUBTFUL, f"too little to move it: {words}", len(used)
    if named.any() or (got.share >= SURE_SHARE and got.doubt_m <= SURE_M):
        return got, MOVED if shift > NEAR_M else KEPT, words, len(used)
    return got, DOUBTFUL, words, len(used)


def _words(things: Things, used: np.ndarray, named: np.ndarray) -> str:
    counts = Counter((things.kinds[things.kind[one]], bool(own)) for one, own in zip(used, named, strict=True))
    return ", ".join(
        f"{number} {kind}{' of its name' if own else ''}"
        for (kind, own), number in sorted(counts.items(), key=lambda item: (not item[0][1], item[0][0]))
    )


def _answer(
    villages: gpd.GeoDataFrame,
    here: np.ndarray,
    homes: np.ndarray,
    rows: list[tuple[Spot, str, str, int]],
    frame: Frame,
) -> gpd.GeoDataFrame:
    out = villages.to_crs(STORE).copy()
    x, y = np.full(len(out), np.nan), np.full(len(out), np.nan)
    shift, doubt = np.full(len(out), np.nan), np.full(len(out), np.nan)
    verdict, words, count = [KEPT] * len(out), ["no place is given"] * len(out), np.zeros(len(out), dtype=np.int64)
    for at, home, (got, said, why, number) in zip(here, homes, rows, strict=True):
        stay = said == KEPT
        x[at], y[at] = home if stay else (got.x_m, got.y_m)
        shift[at] = 0.0 if stay else np.hypot(got.x_m - home[0], got.y_m - home[1])
        doubt[at], verdict[at], words[at], count[at] = got.doubt_m, said, why, number
    moved = gpd.GeoSeries(gpd.points_from_xy(x, y, crs=metric_crs(frame)), index=out.index).to_crs(STORE)
    change = np.array(verdict) != KEPT
    out.geometry = out.geometry.where(~change, moved)
    return out.assign(
        shift_m=np.round(shift, 0),
        doubt_m=np.round(doubt, 0),
        evidence=pd.Series(words, index=out.index, dtype=object),
        evidence_count=count,
        verdict=pd.Series(verdict, index=out.index, dtype=object),
    )
