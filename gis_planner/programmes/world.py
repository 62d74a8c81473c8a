"""What every programme plans in: a region in metres, its people, its season, norms and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from gis_planner.crs import STORE, metric_crs, unproject
from gis_planner.problems import Finding, nearest, refused
from gis_planner.programmes.ground import COVER_CLASS, LAYERS, Ground, Shares, build_ground, straight_lines_said
from gis_planner.programmes.people import Floats, People, PeopleSettings, count_people
from gis_planner.programmes.walking import Season, TravelSettings, Walking, season_factor, walking
from gis_planner.standards.book import NormBook
from gis_planner.tables.column import Origin, Table, weakest
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.layer import Region


@dataclass
class Prices:
    """FCFA by id of the costs layer; `value()` records what was used, so that the plan can list it."""

    rows: Mapping[str, tuple[float, str, str]]
    used: dict[str, float] = field(default_factory=dict)

    def value(self, price: float | str, setting: str) -> float:
        """A price in FCFA: the number itself, or the row of the costs layer with that id."""
        if not isinstance(price, str):
            return float(price)
        if price not in self.rows:
            near = nearest(price, self.rows)
            hint = f"Did you mean {near!r}? " if near else ""
            raise refused(
                "unknown-price", field=setting, found=f"price {price!r}", expected="an id of the costs layer, or FCFA",
                remedy=f"{hint}Add it to the costs layer, or write {setting} = a number.",
                remedy_fr=f"Ajoutez la ligne à la couche costs, ou écrivez {setting} = un nombre.",
            )
        self.used[price] = self.rows[price][0]
        return self.rows[price][0]


@dataclass(frozen=True)
class World:
    """A region in one season. crs: metric. seed, effort: for the solvers. notes: what was assumed in building it."""

    region: Region
    crs: CRS
    season: Season
    people: People
    walking: Walking
    book: NormBook
    prices: Prices
    seed: int
    effort: float
    notes: tuple[Finding, ...] = ()

    def metric(self, kind: str) -> gpd.GeoDataFrame:
        """A layer in metres, in order of its key; an empty table with its columns when the region has none."""
        table = INPUTS[kind]
        if not self.region.has(kind):
            empty: gpd.GeoDataFrame = gpd.GeoDataFrame({name: [] for name in table.names}, geometry=[], crs=self.crs)
            return empty
        rows = self.region.points(kind).to_crs(self.crs)
        ordered: gpd.GeoDataFrame = rows.sort_values(table.key, kind="stable").reset_index(drop=True)
        return ordered

    def rows(self, kind: str) -> pd.DataFrame:
        """A layer without geometry in order of its key; empty with its columns when the region has none."""
        table = INPUTS[kind]
        if not self.region.has(kind):
            return pd.DataFrame({name: [] for name in table.names})
        return self.region.rows(kind).sort_values(table.key, kind="stable").reset_index(drop=True)

    def origin(self, *kinds: str) -> str:
        """The weakest origin of the layers of these kinds that the region has."""
        have = [self.region.layers[kind].used.origin for kind in kinds if self.region.has(kind)]
        if "villages" in kinds:
            have.append(self.people.origin)
        return str(weakest(*have)) if have else str(Origin.ESTIMATED)

    def home(self, xy_m: Floats) -> np.ndarray:
        """Row of the nearest village for each point (points, 2) in metres; ties by village id."""
        away = np.hypot(xy_m[:, :1] - self.people.village_xy_m[:, 0], xy_m[:, 1:] - self.people.village_xy_m[:, 1])
        return np.argmin(away, axis=1) if len(xy_m) else np.zeros(0, np.int64)

    def located(self, rows: pd.DataFrame, xy_m: Floats, village: np.ndarray | None = None) -> gpd.GeoDataFrame:
        """`rows` with village_id and village (nearest, or given rows), latitude, longitude and geometry (4326)."""
        at = self.home(xy_m) if village is None else village
        longitude, latitude = unproject(xy_m[:, 0], xy_m[:, 1], self.crs)
        longitude, latitude = np.round(longitude, 6), np.round(latitude, 6)
        villages = self.people.villages
        return gpd.GeoDataFrame(
            rows.assign(
                village_id=villages["village_id"].to_numpy()[at], village=villages["name"].to_numpy()[at],
                latitude=latitude, longitude=longitude,
            ),
            geometry=gpd.points_from_xy(longitude, latitude), crs=STORE,
        )


def shaped(rows: gpd.GeoDataFrame, table: Table) -> gpd.GeoDataFrame:
    """`rows` with the columns of a result table, in its order, and geometry."""
    kept: gpd.GeoDataFrame = rows[[*table.names, "geometry"]]
    return kept


def xy(table: gpd.GeoDataFrame) -> Floats:
    """(rows, 2) coordinates of a table of points."""
    return np.column_stack([table.geometry.x, table.geometry.y]) if len(table) else np.zeros((0, 2))


def prices_of(region: Region) -> Prices:
    """The rows of the region's costs layer; none without it."""
    if not region.has("costs"):
        return Prices({})
    rows = region.rows("costs")
    return Prices({
        str(row["cost_id"]): (float(row["value_fcfa"]), str(row["per"]), str(row["source"]))
        for row in rows.to_dict("records")
    })


def build_world(
    region: Region, *, season: Season, people: PeopleSettings, travel: TravelSettings, book: NormBook, seed: int,
    effort: float,
) -> World:
    """The world of one run; refuses a region without villages."""
    crs = metric_crs(region.frame)
    if not region.has("villages") or region.points("villages").empty:
        raise refused("no-villages", field="villages", found="no village", expected="at least one village",
                      remedy="Add rows to the villages layer of the region.",
                      remedy_fr="Ajoutez des lignes à la couche villages de la région.")
    counted = count_people(region, people, crs)
    ground, notes = _ground(region, crs, season, travel, book)
    return World(
        region=region, crs=crs, season=season, people=counted, walking=walking(travel, season, book, ground), book=book,
        prices=prices_of(region), seed=seed, effort=effort, notes=notes,
    )


def _ground(
    region: Region, crs: CRS, season: Season, travel: TravelSettings, book: NormBook
) -> tuple[Ground | None, tuple[Finding, ...]]:
    """The surface that people walk on; none, with a note, when a layer lacks or straight lines are asked for."""
    lacking = [kind for kind in LAYERS if not region.has(kind)]
    if travel.ways == "straight" or lacking:
        detour = season_factor(travel, season, book)
        asked = travel.ways == "straight"
        return None, (straight_lines_said(
            detour, "travel.ways = straight" if asked else f"no layer {' and no layer '.join(lacking)}",
            "travel.ways = straight" if asked else f"sans couche {' ni couche '.join(lacking)}"),)
    shares = Shares(
        {name: book.value(getattr(travel, f"share_{name}"), "share") for name in COVER_CLASS},
        book.value(travel.share_ford, "share"),
        book.value(travel.rainy_share, "share") if season == "rainy" else 1.0)
    return build_ground(region, crs, season, book.value(travel.walk_empty_kmh, "km/h"),
                        book.value(travel.walk_speed_kmh, "km/h"), shares), ()
