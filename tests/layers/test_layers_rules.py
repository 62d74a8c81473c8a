"""Each rule matters: switched off, the fault that it alone sees goes unsaid."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from layer_specimens import FRAME
from pyproj import CRS
from test_layers_codes import SPECIMENS

from gis_planner.layers.check import Given, check_file
from gis_planner.layers.checks.between import PAIR_RULES, between
from gis_planner.layers.checks.raster_rules import RASTER_RULES
from gis_planner.layers.checks.rules import RULES
from gis_planner.layers.mapping import Wanted
from gis_planner.tables.column import Origin
from gis_planner.tables.layer import Layer, Raster, Region
from gis_planner.tables.plan import LayerUsed

RULE_CODES = {
    "total-row": "total-row", "exact-copies": "row-twice", "repeated-ids": "id-twice", "ids-alike": "ids-alike",
    "coinciding-positions": "same-position", "rounded-positions": "positions-rounded", "one-axis": "axis-constant",
    "columns-against-geometry": "place-contradicts", "same-name-and-commune": "name-twice",
    "one-population": "population-constant", "zero-length": "line-without-length", "islands": "network-islands",
    "polygon-area": "polygon-without-area", "polygon-validity": "polygon-crosses", "covers-region": "zones-cover-all",
    "overlaps": "polygons-overlap", "years": "year-implausible", "survey-dates": "date-implausible",
    "site-moved": "site-moved", "larvae-without-dips": "larvae-without-dips",
}
RASTER_CODES = {
    "infinite": "raster-infinite", "feet": "raster-feet", "beyond": "raster-out-of-range",
    "all-missing": "raster-no-values", "density": "raster-too-many-people", "one-value": "elevation-flat",
    "everywhere": "population-everywhere", "below-sea": "elevation-below-sea", "spikes": "elevation-spikes",
    "fractions": "raster-not-classes", "cover": "raster-cover", "gaps": "raster-gaps",
}


def _codes(code: str, folder: Path, off: tuple[str, ...]) -> set[str]:
    kind, make = SPECIMENS[code]
    return {finding.code for finding in check_file(make(folder), kind, frame=FRAME, off=off).problems}


@pytest.mark.parametrize("rule", [rule.name for rule in RULES if rule.name != "control-totals"])
def test_rule_matters(rule: str, tmp_path: Path) -> None:
    """A fault that a rule sees is not seen once that rule is off."""
    code = RULE_CODES[rule]
    (tmp_path / "on").mkdir()
    assert code in _codes(code, tmp_path / "on", ())
    assert code not in _codes(code, tmp_path, (rule,))


@pytest.mark.parametrize("rule", [rule.name for rule in RASTER_RULES])
def test_raster_rule_matters(rule: str, tmp_path: Path) -> None:
    """A fault of a raster that a rule sees is not seen once that rule is off."""
    code = RASTER_CODES[rule]
    (tmp_path / "on").mkdir()
    assert code in _codes(code, tmp_path / "on", ())
    assert code not in _codes(code, tmp_path, (rule,))


def test_control_total_matters(tmp_path: Path) -> None:
    """A sum that is not the total stated in the catalogue is said, unless the rule is off."""
    kind, make = SPECIMENS["title-rows"]  # the five villages: 332 + 623 + 923 + 1328 + 2414 = 5620 people
    given = Given(wanted=Wanted(control={"population": 7000.0}))
    path = make(tmp_path)
    on = check_file(path, kind, frame=FRAME, given=given)
    assert "control-total" in {finding.code for finding in on.problems}
    off = check_file(path, kind, frame=FRAME, given=given, off=("control-totals",))
    assert "control-total" not in {finding.code for finding in off.problems}
    near = Given(wanted=Wanted(control={"population": 5700.0}))
    assert "control-total" not in {f.code for f in check_file(path, kind, frame=FRAME, given=near).problems}


def _used(kind: str) -> LayerUsed:
    return LayerUsed(kind, kind, "", "", "", "", Origin.SIMULATED, "", 1)


def _points(kind: str, rows: list[tuple[float, float]], **columns: object) -> Layer:
    frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*zip(*rows, strict=True)), crs="EPSG:4326")
    return Layer(kind, _used(kind), frame=frame)


def _region(**layers: Layer) -> Region:
    return Region("r", FRAME, layers)


def _villages(x: float = -8.0, people: float = 500, commune: str = "Kila") -> Layer:
    return _points("villages", [(x, 12.0)], village_id=["A1"], name=["Mana"], commune=[commune], population=[people])


def _raster(value: float) -> Raster:
    from affine import Affine

    values = np.full((20, 20), value)  # 0.01 degrees: from 8.1 to 7.9 W, 12.1 to 11.9 N
    return Raster(values, Affine(0.01, 0, -8.1, 0, -0.01, 12.1), CRS.from_epsg(4326))


def _area(layer: str, box: tuple[float, float, float, float], **columns: object) -> Layer:
    return Layer(layer, _used(layer), frame=gpd.GeoDataFrame(columns, geometry=[shapely.box(*box)], crs="EPSG:4326"))


_CREWS = Layer("crews", _used("crews"), frame=pd.DataFrame({
    "crew_id": ["C1"], "vehicle_id": ["V9"], "depot_id": ["D1"]}))
_VEHICLES = Layer("vehicles", _used("vehicles"), frame=pd.DataFrame({"vehicle_id": ["V1"]}))
_RAIN = Layer("rain", _used("rain"), frame=pd.DataFrame({"month": range(1, 13), "rain_mm": [0, 0, 1, 20, 80, 130, 200,
                                                                                          250, 190, 70, 5, 0]}))
_VISITS = _points("breeding_sites", [(-8.0, 12.0)], site_id=["B1"], survey_date=[pd.Timestamp("2024-01-15")])
PAIRS: dict[str, tuple[str, Region]] = {
    "unknown-references": ("reference-unknown", _region(crews=_CREWS, vehicles=_VEHICLES)),
    # 0.2 degrees of longitude at 12 N are 21.8 km
    "far-from-villages": ("far-from-villages", _region(
        villages=_villages(), water_points=_points("water_points", [(-7.8, 12.0)], water_point_id=["W1"]))),
    "commune-of-village": ("commune-contradicts", _region(
        villages=_villages(), communes=_area("communes", (-7.5, 11.5, -7.4, 11.6), commune_id=["K"], name=["Kila"]))),
    "villages-on-rasters": ("village-outside-raster", _region(
        villages=_villages(-7.5), elevation=Layer("elevation", _used("elevation"), raster=_raster(350)))),
    # 28.3 km2 around the village in cells of 1.21 km2: about 23 cells of 100 people are 2,300, not 500
    "villages-against-raster": ("population-against-raster", _region(
        villages=_villages(), population=Layer("population", _used("population"), raster=_raster(100)))),
    "households-against-villages": ("households-against-village", _region(
        villages=_villages(), households=Layer("households", _used("households"), frame=pd.DataFrame({
            "household_id": ["H1", "H2"], "village_id": ["A1", "A1"], "people": [90, 60]})))),
    "visits-against-season": ("visits-in-dry-season", _region(breeding_sites=_VISITS, rain=_RAIN)),
    "villages-in-zones": ("village-in-zone", _region(
        villages=_villages(), zones=_area("zones", (-8.1, 11.9, -7.9, 12.1), zone_id=["Z1"], kind=["flood"]))),
}


@pytest.mark.parametrize("rule", [rule.name for rule in PAIR_RULES])
def test_pair_rule_matters(rule: str) -> None:
    """A contradiction between two layers is said by one rule, and unsaid once that rule is off."""
    code, region = PAIRS[rule]
    assert code in {finding.code for finding in between(region)}
    assert code not in {finding.code for finding in between(region, frozenset({rule}))}


def test_village_without_people_around_is_named() -> None:
    """A village with people, on a raster without any within 3 km, is named."""
    villages = _points("villages", [(-8.0, 12.0), (-7.5, 12.0)], village_id=["A1", "A2"], name=["Mana", "Kila"],
                       commune=["", ""], population=[2300, 10])
    region = _region(villages=villages, population=Layer("population", _used("population"), raster=_raster(100)))
    found = [f for f in between(region) if f.code == "village-on-empty-raster"]
    assert [f.found for f in found] == ["A2 Kila"]


def test_layers_that_agree_say_nothing() -> None:
    """Layers that do not contradict each other give no finding."""
    region = _region(
        villages=_villages(people=2300), population=Layer("population", _used("population"), raster=_raster(100)),
        communes=_area("communes", (-8.5, 11.5, -7.5, 12.5), commune_id=["K"], name=["KILA"]),
        water_points=_points("water_points", [(-8.001, 12.0)], water_point_id=["W1"]),
    )
    assert between(region) == []
