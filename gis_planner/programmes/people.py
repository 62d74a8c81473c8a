"""Where people are: villages with their population, and groups of households on a grid that sum to it exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS
from scipy.spatial import cKDTree
from shapely.geometry import Point

from gis_planner.crs import STORE, Frame, project
from gis_planner.problems import Finding, Severity, refused
from gis_planner.standards.setting import Settings, setting
from gis_planner.tables.column import Origin, weakest
from gis_planner.tables.layer import Raster, Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


_PLACED = ("shift_m", "doubt_m", "evidence")
"""Columns that a reconciled villages layer carries: how far a village was moved, how doubtful it is, and why."""


class ExtraPlace(Settings):
    """A village or camp that the scenario adds to those of the layer."""

    village_id: str = setting(en="Id of the place.", fr="Id du lieu.")
    name: str = setting(en="Name of the place.", fr="Nom du lieu.")
    longitude: float = setting(en="Longitude.", fr="Longitude.", unit="degrees", low=-180, high=180)
    latitude: float = setting(en="Latitude.", fr="Latitude.", unit="degrees", low=-90, high=90)
    population: int = setting(en="People.", fr="Habitants.", unit="people", low=0, high=100_000)
    kind: Literal["village", "camp"] = setting("camp", en="Village or camp.", fr="Village ou camp.")
    commune: str = setting("", en="Commune.", fr="Commune.")


class PeopleSettings(Settings):
    """Who is counted, and where the layer does not say."""

    assumed_population: int | None = setting(
        None, en="People in each village whose population the layer does not give.",
        fr="Habitants de chaque village dont la couche ne donne pas la population.", unit="people", low=1, high=100_000,
        effect="Without it a village without population stops the run.",
    )
    group_m: float = setting(
        200.0, en="Side of the squares in which households are counted together.",
        fr="Côté des carrés où les ménages sont comptés ensemble.", unit="m", low=30, high=2000,
        effect="Larger squares are faster and blur distances by up to half their diagonal.",
    )
    village_radius_m: float = setting(
        2000.0, en="People of the raster farther than this from every village belong to none and are not planned for.",
        fr="Les habitants du raster plus loin que cela de tout village n'appartiennent à aucun et ne sont pas comptés.",
        unit="m", low=100, high=20_000, effect="Their number is listed with the plan.",
    )
    extra_places: tuple[ExtraPlace, ...] = setting(
        (), en="Places that this scenario adds.", fr="Lieux que ce scénario ajoute.",
    )


@dataclass(frozen=True)
class People:
    """villages: metric GeoDataFrame sorted by id (village_id, name, commune, population, kind, mosquito_control).

    groups: (x_m, y_m to 0.1 m, people, village) where village is the row of `villages`; people are whole and sum to it.
    """

    villages: gpd.GeoDataFrame
    groups: pd.DataFrame
    findings: tuple[Finding, ...]
    origin: Origin

    @property
    def village_xy_m(self) -> Floats:
        """(villages, 2) metres."""
        return np.column_stack([self.villages.geometry.x, self.villages.geometry.y])

    @property
    def group_xy_m(self) -> Floats:
        """(groups, 2) metres."""
        return self.groups[["x_m", "y_m"]].to_numpy(np.float64)


def count_people(region: Region, settings: PeopleSettings, crs: CRS) -> People:
    """Villages of the region and the scenario, and their people on a grid of `group_m`.

    Without a population raster all people of a village stand at its point (said as a finding). The village's
    population wins over the raster, whose shape is kept; a difference over a tenth is a finding, and the houses of the
    household register are taken instead where they hold that population within a tenth.
    """
    findings: list[Finding] = []
    villages = _villages(region, settings, crs, findings)
    origin = region.layers["villages"].used.origin
    if any(finding.code == "population-assumed" for finding in findings):
        origin = weakest(origin, Origin.ESTIMATED)
    if region.has("population"):
        homes = _homes(region, villages, crs)
        groups = _from_raster(region.raster("population"), villages, homes, settings, crs, findings)
    else:
        findings.append(Finding(
            "people-at-village-points", Severity.NOTE, "no population raster", "people where they live",
            "All people of a village are counted at its point; add a population raster (kind population).",
            "Tous les habitants d'un village sont comptés à son point ; ajoutez un raster de population.",
            field="population",
        ))
        groups = _at_points(villages, np.arange(len(villages)))
    groups[["x_m", "y_m"]] = groups[["x_m", "y_m"]].round(1)
    groups = groups[groups["people"] > 0].sort_values(["village", "y_m", "x_m"], kind="stable").reset_index(drop=True)
    return People(villages, groups, tuple(findings), origin)


def _villages(
    region: Region, settings: PeopleSettings, crs: CRS, findings: list[Finding]
) -> gpd.GeoDataFrame:
    rows = region.points("villages").copy()
    for name, empty in (("commune", ""), ("kind", "village"), ("mosquito_control", False)):
        rows[name] = rows[name].where(rows[name].notna(), empty) if name in rows else empty
    keep = ["village_id", "name", "commune", "population", "kind", "mosquito_control", "geometry"]
    rows = rows.reindex(columns=[*keep, *(name for name in _PLACED if name in rows)]).set_crs(STORE)
    if settings.extra_places:
        rows = gpd.GeoDataFrame(pd.concat([rows, _extra(settings, region.frame)], ignore_index=True), crs=STORE)
    twice = rows["village_id"][rows["village_id"].duplicated()].tolist()
    if twice:
        raise refused("duplicate-village", field="people.extra_places", found=", ".join(twice), expected="new ids",
                      remedy="Give the added place an id that no village has.",
                      remedy_fr="Donnez au lieu ajouté un id qu'aucun village ne porte.")
    rows["population"] = _populations(rows, settings, findings)
    rows["mosquito_control"] = rows["mosquito_control"].astype(bool)
    ordered: gpd.GeoDataFrame = rows.sort_values("village_id", kind="stable").reset_index(drop=True).to_crs(crs)
    return ordered


def _extra(settings: PeopleSettings, frame: Frame) -> gpd.GeoDataFrame:
    for place in settings.extra_places:
        if not frame.holds(place.longitude, place.latitude):
            raise refused("place-outside", field="people.extra_places", row=place.village_id,
                          found=f"{place.longitude}, {place.latitude}", expected=f"inside {frame.as_tuple()}",
                          remedy="Check the longitude and latitude of the added place.",
                          remedy_fr="Vérifiez la longitude et la latitude du lieu ajouté.")
    return gpd.GeoDataFrame(
        [{**place.model_dump(exclude={"longitude", "latitude"}), "mosquito_control": False,
          "geometry": Point(place.longitude, place.latitude)} for place in settings.extra_places],
        crs=STORE,
    )


def _populations(rows: gpd.GeoDataFrame, settings: PeopleSettings, findings: list[Finding]) -> Ints:
    counts = pd.to_numeric(rows["population"], errors="coerce")
    missing = counts.isna()
    if not missing.any():
        return np.asarray(counts, dtype=np.int64)
    names = sorted(rows.loc[missing, "village_id"].astype(str))
    some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    if settings.assumed_population is None:
        raise refused("population-missing", field="people.assumed_population",
                      found=f"{len(names)} villages without population ({some})",
                      expected="a population in the layer, or an assumption in the scenario",
                      remedy="Complete the layer, or state people.assumed_population in the scenario.",
                      remedy_fr="Complétez la couche, ou indiquez people.assumed_population dans le scénario.")
    findings.append(Finding(
        "population-assumed", Severity.REPAIR, f"{len(names)} villages without population ({some})",
        "a population for each village",
        f"Each is counted with {settings.assumed_population} people (people.assumed_population): every number of "
        "people in this plan rests on it.",
        f"Chacun est compté avec {settings.assumed_population} habitants (people.assumed_population) : tous les "
        "nombres d'habitants de ce plan en dépendent.",
        field="population",
    ))
    return np.asarray(counts.fillna(settings.assumed_population), dtype=np.int64)


def _at_points(villages: gpd.GeoDataFrame, which: Ints) -> pd.DataFrame:
    some = villages.iloc[which]
    return pd.DataFrame({"x_m": some.geometry.x.to_numpy(), "y_m": some.geometry.y.to_numpy(),
                         "people": some["population"].to_numpy(), "village": which})


def _homes(region: Region, villages: gpd.GeoDataFrame, crs: CRS) -> pd.DataFrame:
    """x_m, y_m, people and village (row) of the registered households of known villages; no rows without a register."""
    if not region.has("households"):
        return pd.DataFrame({"x_m": [], "y_m": [], "people": [], "village": []})
    rows = region.points("households").set_crs(STORE, allow_override=True).to_crs(crs)
    ids = {name: row for row, name in enumerate(villages["village_id"])}
    homes = pd.DataFrame({"x_m": rows.geometry.x, "y_m": rows.geometry.y, "people": rows["people"].astype(np.float64),
                          "village": rows["village_id"].map(ids)})
    return homes[homes["village"].notna()]


def _squares(points: pd.DataFrame, side_m: float) -> pd.DataFrame:
    """People by village and square of `side_m`, each square at the mean of its people."""
    cells = pd.DataFrame({
        "village": points["village"].astype(np.int64), "column": np.floor(points["x_m"] / side_m).astype(np.int64),
        "row": np.floor(points["y_m"] / side_m).astype(np.int64), "people": points["people"],
        "x_m": points["x_m"] * points["people"], "y_m": points["y_m"] * points["people"],
    })
    groups = cells.groupby(["village", "row", "column"], as_index=False).sum()
    groups["x_m"] /= groups["people"]
    groups["y_m"] /= groups["people"]
    return groups


def _from_raster(
    raster: Raster, villages: gpd.GeoDataFrame, homes: pd.DataFrame, settings: PeopleSettings, crs: CRS,
    findings: list[Finding],
) -> pd.DataFrame:
    rows, columns = np.nonzero(np.nan_to_num(raster.values, nan=0.0) > 0)
    people = raster.values[rows, columns]
    x, y = raster.centres(rows, columns)
    if raster.crs != crs:
        longitude_latitude = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=raster.crs).to_crs(STORE)
        x, y = project(longitude_latitude.x, longitude_latitude.y, crs)
    home = np.column_stack([villages.geometry.x, villages.geometry.y])
    away, nearest = cKDTree(home).query(np.column_stack([x, y]))
    inside = away <= settings.village_radius_m
    lost = float(people[~inside].sum())
    if lost >= 1:
        findings.append(Finding(
            "people-without-village", Severity.NOTE, f"{lost:.0f} people of the raster",
            f"a village within {settings.village_radius_m:.0f} m",
            "They are not planned for; add their village, or widen people.village_radius_m.",
            "Ils ne sont pas pris en compte ; ajoutez leur village ou élargissez people.village_radius_m.",
            field="population",
        ))
    groups = _squares(pd.DataFrame({"x_m": x[inside], "y_m": y[inside], "people": people[inside],
                                    "village": nearest[inside]}), settings.group_m)
    registered = _squares(homes[homes["people"] > 0], settings.group_m)
    whole = [_to_total(part, registered[registered["village"] == village], villages, int(str(village)), findings)
             for village, part in groups.groupby("village")]
    empty = np.setdiff1d(np.arange(len(villages)), groups["village"].unique())
    return pd.concat([*whole, _at_points(villages, empty)], ignore_index=True)[["x_m", "y_m", "people", "village"]]


def _to_total(
    part: pd.DataFrame, registered: pd.DataFrame, villages: gpd.GeoDataFrame, village: int, findings: list[Finding]
) -> pd.DataFrame:
    """Whole people per group that sum to the village's population (largest remainders, ties by position).

    Where the raster is over a tenth off, the register's squares stand for it if they are not.
    """
    total = int(villages["population"].iloc[village])
    counted = float(part["people"].sum())
    if abs(counted - total) > 0.1 * max(total, 1):
        known = abs(float(registered["people"].sum()) - total) <= 0.1 * total and not registered.empty
        findings.append(Finding(
            "raster-disagrees", Severity.NOTE, f"{counted:.0f} people in the raster", f"{total} in the village layer",
            "The village's number is used, and the household register gives where they live." if known
            else "The village's number is used; the raster gives only where they live.",
            "Le nombre du village est utilisé, et le registre des ménages dit leur emplacement." if known
            else "Le nombre du village est utilisé ; le raster ne dit que leur emplacement.",
            row=str(villages["village_id"].iloc[village]), field="population",
        ))
        part = registered if known else part
    exact = part["people"].to_numpy() / float(part["people"].sum()) * total
    return part.assign(people=share_whole(exact, total))


def share_whole(exact: Floats, total: int) -> Ints:
    """Whole numbers near `exact` (which sum to `total`) that sum to `total`; largest remainders, ties by position."""
    whole = np.floor(exact + 1e-9).astype(np.int64)
    rest = total - int(whole.sum())
    order = np.lexsort((np.arange(len(exact)), -np.round(exact - whole, 9)))
    whole[order[:rest]] += 1
    return whole

