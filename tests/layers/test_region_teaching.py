"""The teaching region keeps to its published totals, fits together, and is made again byte for byte by its script."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import rasterio

from gis_planner.crs import Frame, metric_crs, project
from gis_planner.tables.inputs import IMPROVED, INPUTS

ROOT = Path(__file__).resolve().parents[2]
REGION = ROOT / "layers" / "ouelessebougou"
CATALOG = tomllib.loads((REGION / "catalog.toml").read_text(encoding="utf-8"))
FRAME = Frame(*CATALOG["region"]["frame"])
POINTS = [kind for kind in CATALOG["layers"] if INPUTS[kind].geometry == "point"]
TABLES = [kind for kind in CATALOG["layers"] if CATALOG["layers"][kind]["file"].endswith(".csv")]
SHAPES = [kind for kind in CATALOG["layers"] if INPUTS[kind].geometry in ("line", "polygon")]


def rows(kind: str) -> list[dict[str, str]]:
    """The rows of a CSV layer."""
    with (REGION / CATALOG["layers"][kind]["file"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(kind: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON layer."""
    found: list[dict[str, Any]] = json.loads((REGION / CATALOG["layers"][kind]["file"]).read_text(encoding="utf-8"))[
        "features"]
    return found


def metres(table: list[dict[str, str]]) -> np.ndarray:
    """(n, 2) metres of the region's zone."""
    x_m, y_m = project([float(row["longitude"]) for row in table], [float(row["latitude"]) for row in table],
                       metric_crs(FRAME))
    return np.column_stack([x_m, y_m])


def distances(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Metres between each of (n, 2) and each of (m, 2) points."""
    return np.asarray(np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1)))


def test_every_kind_of_layer_is_in_the_catalogue_with_origin_licence_and_source() -> None:
    """A planner sees of each layer what it is, and nothing simulated passes for observed."""
    assert set(CATALOG["layers"]) == set(INPUTS)
    for kind, layer in CATALOG["layers"].items():
        assert (REGION / layer["file"]).is_file(), kind
        assert layer["licence"] == "CC0-1.0"
        assert layer["source"]
        assert layer["origin"] == ("estimated" if kind == "rain" else "simulated")


@pytest.mark.parametrize("kind", TABLES)
def test_tables_have_the_columns_and_the_values_that_their_kind_asks_for(kind: str) -> None:
    """Required values are there, categories are known words, numbers lie in the plausible range, keys do not repeat."""
    table = INPUTS[kind]
    found = rows(kind)
    assert found
    assert list(found[0]) == table.names + (["latitude", "longitude"] if table.geometry == "point" else [])
    for row in found:
        for column in table.columns:
            text = row[column.name]
            assert text or not column.required, (column.name, row)
            if text and column.choices:
                assert text in column.choices
            if text and column.kind in ("integer", "number"):
                value = float(text)
                assert column.low is None or value >= column.low
                assert column.high is None or value <= column.high
            if text and column.kind == "flag":
                assert text in ("yes", "no")
    if not table.repeated_key:
        assert len({row[table.key] for row in found}) == len(found)


@pytest.mark.parametrize("kind", SHAPES)
def test_shapes_have_their_columns_and_lie_in_the_frame(kind: str) -> None:
    """Lines and polygons are inside the frame, with unique ids and each required column."""
    table = INPUTS[kind]
    found = features(kind)
    assert len({item["properties"][table.key] for item in found}) == len(found)
    for item in found:
        assert {column.name for column in table.columns if column.required} <= set(item["properties"])
        parts = item["geometry"]["coordinates"]
        ring = parts if item["geometry"]["type"] == "LineString" else parts[0]
        assert all(FRAME.holds(x, y) for x, y in ring)


@pytest.mark.parametrize("kind", POINTS)
def test_points_lie_in_the_frame(kind: str) -> None:
    """No place of the region is outside 8.20 W..7.35 W, 11.68 N..12.28 N."""
    assert all(FRAME.holds(float(row["longitude"]), float(row["latitude"])) for row in rows(kind))


def test_villages_keep_to_the_published_totals() -> None:
    """25 villages of 500 to 1,400 people, 22,500 in all, in five communes; eight with mosquito control."""
    villages = [row for row in rows("villages") if row["kind"] == "village"]
    people = [int(row["population"]) for row in villages]
    assert len(villages) == 25
    assert sum(people) == 22_500
    assert min(people) >= 500
    assert max(people) <= 1400
    communes = {item["properties"]["name"] for item in features("communes")}
    assert len(communes) == 5
    assert {row["commune"] for row in villages} == communes
    assert sum(row["mosquito_control"] == "yes" for row in villages) == 8


def test_two_camps_of_140_people_lie_near_sounsounkoro() -> None:
    """The displaced families are two settlements within 3 km of the village that received them."""
    found = rows("villages")
    camps = [row for row in found if row["kind"] == "camp"]
    host = [row for row in found if row["name"] == "Sounsounkoro"]
    assert len(camps) == 2
    assert sum(int(row["population"]) for row in camps) == 140
    assert distances(metres(camps), metres(host)).max() < 3000


def test_households_add_up_to_their_village() -> None:
    """The register holds each person of each village and camp once, in households of 8 to 9 on average."""
    found = rows("households")
    counted: Counter[str] = Counter()
    for row in found:
        counted[row["village_id"]] += int(row["people"])
    assert counted == {row["village_id"]: int(row["population"]) for row in rows("villages")}
    assert 8 <= sum(counted.values()) / len(found) <= 9


def test_population_raster_adds_up_to_each_village() -> None:
    """Each cell holds the people of its households, so that each village counts in full: 22,640 in all, none lost."""
    with rasterio.open(REGION / "population.tif") as file:
        values, transform = file.read(1), file.transform
        assert file.crs == metric_crs(FRAME)
        assert file.res == (100.0, 100.0)
    assert values.sum() == 22_640
    counted = np.zeros(values.shape, dtype=int)
    by_village: Counter[str] = Counter()
    homes = rows("households")
    for row, (x_m, y_m) in zip(homes, metres(homes), strict=True):
        column, line = ~transform * (x_m, y_m)
        counted[int(line), int(column)] += int(row["people"])
        by_village[row["village_id"]] += int(row["people"])
    assert (counted == values).all()
    assert by_village == {row["village_id"]: int(row["population"]) for row in rows("villages")}


def test_elevation_is_a_flat_land_in_metres() -> None:
    """Heights lie between 320 and 395 m on cells of 30 m, over the whole frame."""
    with rasterio.open(REGION / "elevation.tif") as file:
        height = file.read(1)
        assert file.res == (30.0, 30.0)
        west, south, east, north = file.bounds
    assert np.isfinite(height).all()
    assert height.min() >= 320
    assert height.max() <= 395
    x_m, y_m = project([FRAME.west, FRAME.west, FRAME.east, FRAME.east], [FRAME.south, FRAME.north] * 2,
                       metric_crs(FRAME))
    assert west <= x_m.min()
    assert x_m.max() <= east
    assert south <= y_m.min()
    assert y_m.max() <= north


def test_streams_lie_lower_than_the_land_beside_them() -> None:
    """At 95 % of stream points the land 300 m round about is higher on average than the bed."""
    with rasterio.open(REGION / "elevation.tif") as file:
        height, transform = file.read(1), file.transform
    higher = []
    for item in features("streams"):
        x, y = np.asarray(item["geometry"]["coordinates"])[:: 6].T
        for x_m, y_m in zip(*project(x, y, metric_crs(FRAME)), strict=True):
            column, row = (int(value) for value in ~transform * (x_m, y_m))
            window = height[max(0, row - 10): row + 11, max(0, column - 10): column + 11]
            higher.append(window.mean() > height[row, column])
    assert np.mean(higher) > 0.95


def test_water_points_are_as_uncertain_as_real_ones() -> None:
    """About one in eight has unknown status, about one in four is broken, the median level is 8 to 9 m."""
    found = rows("water_points")
    share = Counter(row["status"] for row in found)
    assert 0.09 <= share["unknown"] / len(found) <= 0.15
    assert 0.20 <= share["not_working"] / len(found) <= 0.30
    levels = [float(row["static_water_level_m"]) for row in found if row["static_water_level_m"]]
    assert 8 <= median(levels) <= 9
    assert any(row["seasonal"] == "yes" for row in found if row["technology"] == "open_well")


def test_the_wells_question_is_worth_asking() -> None:
    """Some villages have no working improved point, some have several, and the camps have none within 500 m."""
    good = [row for row in rows("water_points") if row["status"] == "working" and row["technology"] in IMPROVED]
    places = rows("villages")
    near = (distances(metres(places), metres(good)) < 1500).sum(axis=1)
    villages = [count for row, count in zip(places, near, strict=True) if row["kind"] == "village"]
    assert min(villages) == 0
    assert max(villages) >= 2
    camps = [row for row in places if row["kind"] == "camp"]
    assert (distances(metres(camps), metres(good)).min(axis=1) > 500).all()


def test_some_latrines_stand_too_near_to_wells() -> None:
    """At least ten latrines are nearer than 30 m to a water point, as in real villages."""
    away = distances(metres(rows("latrines")), metres(rows("water_points"))).min(axis=1)
    assert (away < 30).sum() >= 10


def test_three_holes_in_five_gave_water_and_neighbours_agree() -> None:
    """54 of 90 holes succeeded, and the nearest hole has the same outcome more often than chance (52 %) would give."""
    found = rows("drillings")
    won = np.array([row["success"] == "yes" for row in found])
    assert won.sum() == 54
    assert len(won) == 90
    away = distances(metres(found), metres(found))
    np.fill_diagonal(away, np.inf)
    # By chance two holes agree with probability 0.6^2 + 0.4^2 = 0.52.
    assert (won == won[away.argmin(axis=1)]).mean() > 0.6


def _joined(stretches: list[dict[str, Any]]) -> dict[tuple[float, float], int]:
    """The part of the network that each end of a stretch belongs to."""
    part: dict[tuple[float, float], tuple[float, float]] = {}

    def root(node: tuple[float, float]) -> tuple[float, float]:
        while part.setdefault(node, node) != node:
            node = part[node]
        return node

    for item in stretches:
        line = item["geometry"]["coordinates"]
        part[root(tuple(line[0]))] = root(tuple(line[-1]))
    roots = sorted({root(node) for node in list(part)})
    return {node: roots.index(root(node)) for node in list(part)}


def test_roads_link_the_town_and_every_village_and_camp() -> None:
    """The network is one piece, has a node at each settlement and at the town, and a paved road passes the town."""
    stretches = features("roads")
    joined = _joined(stretches)
    assert set(joined.values()) == {0}
    town = (-7.9167, 12.0)
    assert {(float(row["longitude"]), float(row["latitude"])) for row in rows("villages")} | {town} <= set(joined)
    paved = _joined([item for item in stretches if item["properties"]["surface"] == "paved"])
    assert town in paved


def test_the_rains_cut_off_some_villages_but_not_most() -> None:
    """Without the stretches that the rains close, between one and ten villages cannot be reached by vehicle."""
    open_ways = [item for item in features("roads") if item["properties"]["passable_rainy"]]
    joined = _joined(open_ways)
    town = joined[(-7.9167, 12.0)]
    villages = [row for row in rows("villages") if row["kind"] == "village"]
    cut = [row for row in villages if joined.get((float(row["longitude"]), float(row["latitude"]))) != town]
    assert 1 <= len(cut) <= 10


def test_visits_cover_a_rainy_season_with_dry_and_missed_visits() -> None:
    """120 habitats, June to October, fortnightly; a dry visit has no water, no dips and no larvae."""
    found = rows("breeding_sites")
    assert len({row["site_id"] for row in found}) == 120
    months = Counter(row["survey_date"][5:7] for row in found)
    assert set(months) == {"06", "07", "08", "09", "10"}
    dry = [row for row in found if float(row["area_m2"]) == 0]
    assert 0.03 < len(dry) / len(found) < 0.35
    assert all(row["dips"] == "0" and row["larvae"] == "0" for row in dry)
    assert all(int(row["dips"]) > 0 for row in found if float(row["area_m2"]) > 0)
    assert len(found) < 120 * 11
    control = [row for row in rows("villages") if row["mosquito_control"] == "yes"]
    assert distances(metres(found), metres(control)).min(axis=1).max() < 2000


def test_the_region_is_small() -> None:
    """The whole region stays under 10 MB in git."""
    assert sum(path.stat().st_size for path in REGION.rglob("*") if "__pycache__" not in path.parts
               and path.is_file()) < 10e6


def test_the_script_makes_the_committed_files_again(tmp_path: Path) -> None:
    """The data are what the script says they are: same bytes, on the committed elevation and streams."""
    done = subprocess.run(
        [sys.executable, "-m", "layers.ouelessebougou.simulate", "--keep-terrain", "--out", str(tmp_path)], cwd=ROOT,
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
    made = sorted(tmp_path.iterdir())
    assert {path.name for path in made} == {
        layer["file"] for kind, layer in CATALOG["layers"].items() if kind not in ("elevation", "streams")}
    for path in made:
        if path.suffix == ".tif":
            with rasterio.open(path) as new, rasterio.open(REGION / path.name) as old:
                assert (new.read(1) == old.read(1)).all()
                assert new.transform == old.transform
        else:
            assert path.read_bytes() == (REGION / path.name).read_bytes(), path.name
