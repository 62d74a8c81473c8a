"""Layers held against each other: what one says, another must not contradict. One rule, one small function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from gis_planner.crs import STORE, to_metric
from gis_planner.layers.adapters.book import fold
from gis_planner.layers.report import Report
from gis_planner.problems import Finding
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.layer import Raster, Region

FAR_M = 10_000.0
"""A water point or a larval habitat farther than this from every village belongs to another region."""
AROUND_M = 3_000.0
"""People of a village live within this distance of its point (raster cells are counted so far)."""
_LEAST_RATIO, _MOST_RATIO = 0.5, 2.0
_HOUSEHOLD_TOLERANCE = 0.2
_DRY_MM = 10.0
_LISTED = 8
_POINT_KINDS = ("water_points", "breeding_sites")


def _names(labels: list[str]) -> str:
    return ", ".join(labels[:_LISTED]) + (f", ... ({len(labels)} in all)" if len(labels) > _LISTED else "")


def _has_points(region: Region, *kinds: str) -> bool:
    return all(region.has(kind) and isinstance(region.layers[kind].frame, gpd.GeoDataFrame)
               and len(region.rows(kind)) for kind in kinds)


def _distance_m(region: Region, kind: str, to: str) -> npt.NDArray[np.float64]:
    """Distance of each row of a layer to the nearest row of another, in metres."""
    here, there = (to_metric(region.points(one), region.frame).geometry.to_numpy() for one in (kind, to))
    tree = shapely.STRtree(there)
    nearest = tree.nearest(here)
    return np.asarray(shapely.distance(here, there[nearest]))


def _values_at(raster: Raster, points: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """The raster's value under each point, nan outside."""
    lon, lat = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    if raster.crs != STORE:
        lon, lat = Transformer.from_crs(STORE, raster.crs, always_xy=True).transform(lon, lat)
    column, row = ~raster.transform * (lon, lat)
    column, row = np.floor(column).astype(int), np.floor(row).astype(int)
    high, wide = raster.values.shape
    there = (row >= 0) & (row < high) & (column >= 0) & (column < wide)
    out = np.full(len(points), np.nan)
    out[there] = raster.values[row[there], column[there]]
    return out


def far_from_villages(region: Region, report: Report) -> None:
    """Water points and habitats lie near the villages that use them."""
    for kind in _POINT_KINDS:
        if not _has_points(region, kind, "villages"):
            continue
        key = INPUTS[kind].key
        far = _distance_m(region, kind, "villages") > FAR_M
        if far.any():
            rows = [str(value) for value in pd.unique(region.rows(kind)[key][far])]
            weight = "repair" if far.mean() > 0.5 else "note"
            report.say("far-from-villages", found=f"{int(far.sum())} of {far.size} rows more than {FAR_M / 1000:g} km "
                       f"from every village: {_names(rows)}", field=kind, severity=weight)


def unknown_references(region: Region, report: Report) -> None:
    """An id of another layer must stand there."""
    targets = {"village_id": "villages", "vehicle_id": "vehicles", "depot_id": "depots"}
    for kind, layer in region.layers.items():
        if layer.frame is None or layer.kind not in INPUTS:
            continue
        for column, target in targets.items():
            if column not in layer.frame or INPUTS[layer.kind].key == column or not region.has(target):
                continue
            known = set(region.rows(target)[column])
            used = layer.frame[column].dropna()
            lost = sorted({str(value) for value in used if value not in known})
            if lost:
                required = INPUTS[layer.kind].column(column).required
                report.say("reference-unknown", found=f"{column} that {target} does not have: {_names(lost)}",
                           field=f"{kind}.{column}", severity="refuse" if required else "repair", target=target)


def commune_of_village(region: Region, report: Report) -> None:
    """A village lies in the commune that it names."""
    if not _has_points(region, "villages", "communes"):
        return
    villages, communes = region.points("villages"), region.points("communes")
    tree = shapely.STRtree(communes.geometry.to_numpy())
    village, commune = tree.query(villages.geometry.to_numpy(), predicate="within")
    inside = dict(zip(village.tolist(), commune.tolist(), strict=True))
    known = {fold(str(name)) for name in communes["name"].dropna()}
    wrong = []
    for index, (key, name, said) in enumerate(zip(villages["village_id"], villages["name"], villages["commune"],
                                                  strict=True)):
        if not isinstance(said, str) or fold(said) not in known:
            continue
        found = str(communes["name"].iloc[inside[index]]) if index in inside else "none of them"
        if fold(found) != fold(said):
            wrong.append(f"{key} {name} (says {said}, lies in {found})")
    if wrong:
        report.say("commune-contradicts", found=_names(wrong), field="villages.commune")


def _around(raster: Raster, villages: gpd.GeoDataFrame, region: Region) -> npt.NDArray[np.float64]:
    """People of the raster whose nearest village is this one, within AROUND_M."""
    rows, columns = np.nonzero(np.nan_to_num(raster.values) > 0)
    to_x = raster.transform
    x, y = to_x.c + to_x.a * (columns + 0.5), to_x.f + to_x.e * (rows + 0.5)
    cells = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=raster.crs))
    here = to_metric(cells, region.frame).geometry.to_numpy()
    there = to_metric(villages, region.frame).geometry.to_numpy()
    nearest = shapely.STRtree(there).nearest(here)
    close = shapely.distance(here, there[nearest]) <= AROUND_M
    out = np.zeros(len(villages))
    np.add.at(out, nearest[close], raster.values[rows, columns][close])
    return out


def villages_against_raster(region: Region, report: Report) -> None:
    """The people of the villages are those of the population raster around them."""
    if not _has_points(region, "villages") or not region.has("population"):
        return
    villages = region.points("villages")
    people = villages["population"].to_numpy(float)
    if not np.isfinite(people).any() or np.nansum(people) == 0:
        return
    near = _around(region.raster("population"), villages, region)
    ratio = near.sum() / np.nansum(people)
    if not _LEAST_RATIO <= ratio <= _MOST_RATIO:
        report.say("population-against-raster", field="villages.population", found=(
            f"{np.nansum(people):,.0f} people in the villages, {near.sum():,.0f} in the raster within "
            f"{AROUND_M / 1000:g} km of them (factor {ratio:.2f})"))
    empty = (near == 0) & (people > 0)
    if empty.any():
        report.say("village-on-empty-raster", field="villages", found=_names(
            [f"{key} {name}" for key, name in villages.loc[empty, ["village_id", "name"]].itertuples(index=False)]))


def villages_on_rasters(region: Region, report: Report) -> None:
    """Every raster covers every village."""
    if not _has_points(region, "villages"):
        return
    villages = region.points("villages")
    for kind, layer in region.layers.items():
        if layer.raster is None:
            continue
        bare = np.isnan(_values_at(layer.raster, villages))
        if bare.any():
            report.say("village-outside-raster", field=kind, found=_names(
                [f"{key} {name}" for key, name in villages.loc[bare, ["village_id", "name"]].itertuples(index=False)]))


def households_against_villages(region: Region, report: Report) -> None:
    """The registered people of a village are about the people counted there."""
    if not region.has("households") or not region.has("villages"):
        return
    registered = region.rows("households").groupby("village_id", sort=True)["people"].sum()
    counted = region.rows("villages").set_index("village_id")["population"].astype(float)
    both = pd.DataFrame({"registered": registered, "counted": counted}).dropna()
    both = both[both["counted"] > 0]
    odd = both[(both["registered"] / both["counted"] - 1).abs() > _HOUSEHOLD_TOLERANCE]
    if len(odd):
        report.say("households-against-village", field="households.people", found=_names(
            [f"{key}: {row.registered:,.0f} registered, {row.counted:,.0f} counted" for key, row in odd.iterrows()]))


def visits_against_season(region: Region, report: Report) -> None:
    """Larval visits made in dry months only say nothing about the rains."""
    if not region.has("breeding_sites") or not region.has("rain"):
        return
    visits = region.rows("breeding_sites")
    months = pd.to_datetime(visits["survey_date"]).dt.month.dropna().astype(int)
    rain = region.rows("rain").set_index("month")["rain_mm"].astype(float)
    if not len(months) or not set(months) <= set(rain.index):
        return
    dry = months.map(rain) < _DRY_MM
    if dry.all():
        report.say("visits-in-dry-season", field="breeding_sites.survey_date",
                   found=f"{len(months)} visits, all in months with less than {_DRY_MM:g} mm of rain")


def villages_in_zones(region: Region, report: Report) -> None:
    """A village inside an exclusion zone is worth a look."""
    if not _has_points(region, "villages", "zones"):
        return
    villages, zones = region.points("villages"), region.points("zones")
    inside, _ = shapely.STRtree(zones.geometry.to_numpy()).query(villages.geometry.to_numpy(), predicate="within")
    if inside.size:
        names = villages.iloc[sorted(set(inside.tolist()))]
        report.say("village-in-zone", field="zones", found=_names(
            [f"{key} {name}" for key, name in names[["village_id", "name"]].itertuples(index=False)]))


@dataclass(frozen=True, slots=True)
class PairRule:
    """One rule about several layers: its name and its function."""

    name: str
    run: Callable[[Region, Report], None]


PAIR_RULES: tuple[PairRule, ...] = (
    PairRule("unknown-references", unknown_references), PairRule("far-from-villages", far_from_villages),
    PairRule("commune-of-village", commune_of_village), PairRule("villages-on-rasters", villages_on_rasters),
    PairRule("villages-against-raster", villages_against_raster),
    PairRule("households-against-villages", households_against_villages),
    PairRule("visits-against-season", visits_against_season), PairRule("villages-in-zones", villages_in_zones),
)


def between(region: Region, off: frozenset[str] = frozenset()) -> list[Finding]:
    """Findings about several layers of one region. off: names of rules that do not run."""
    report = Report(region.name)
    for rule in PAIR_RULES:
        if rule.name not in off:
            rule.run(region, report)
    return report.close().findings
