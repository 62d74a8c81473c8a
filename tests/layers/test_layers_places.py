"""Villages reconciled with what stands there."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import Frame, metric_crs
from gis_planner.layers.places import reconcile, reconcile_layers
from gis_planner.layers.places.posterior import NOTHING, SCALE_M, off_by, shares, spot
from gis_planner.problems import Refused, Severity

FRAME = Frame(-8.2, 11.7, -7.4, 12.3)
CRS = metric_crs(FRAME)
X, Y = 620_000.0, 1_330_000.0


def points(*rows: tuple[str | None, float, float], **more: object) -> gpd.GeoDataFrame:
    """Named points, in metres east and north of one corner of the region."""
    return gpd.GeoDataFrame(
        {"name": [row[0] for row in rows], **more},
        geometry=gpd.points_from_xy([X + row[1] for row in rows], [Y + row[2] for row in rows]),
        crs=CRS,
    )


def at(table: gpd.GeoDataFrame, row: int = 0) -> tuple[float, float]:
    """Metres east and north of the corner."""
    point = table.to_crs(CRS).geometry.iloc[row]
    return point.x - X, point.y - Y


def test_a_school_of_its_name_draws_the_village() -> None:
    """A village goes to the school that bears its name, and says how far and why."""
    got = reconcile(points(("Kola", 0, 0)), {"schools": points(("École fondamentale de KOLA", 1200, 500))}, frame=FRAME)
    assert at(got) == pytest.approx((1200, 500), abs=1)
    # sqrt(1200^2 + 500^2) = 1300
    assert got.loc[0, "shift_m"] == pytest.approx(1300, abs=1)
    assert got.loc[0, ["verdict", "evidence", "evidence_count"]].tolist() == ["moved", "1 schools of its name", 1]
    assert str(got.crs) == "EPSG:4326"


def test_a_school_of_another_village_does_not_draw_it() -> None:
    """A school named after the neighbour is left to the neighbour, near as it is."""
    villages = points(("Kola", 0, 0), ("Soba", 3000, 0))
    got = reconcile(villages, {"schools": points(("SOBA", 800, 0), ("KOLA", 0, 1500))}, frame=FRAME)
    assert at(got, 0) == pytest.approx((0, 1500), abs=1)
    assert at(got, 1) == pytest.approx((800, 0), abs=1)


def test_wells_that_stand_together_draw_a_village_without_a_name() -> None:
    """Five wells in one spot outweigh a lone one that is nearer."""
    spots = [(None, 1500 + dx, 0 + dy) for dx, dy in ((0, 0), (60, 0), (0, 60), (-60, 0), (0, -60))]
    got = reconcile(points(("Kola", 0, 0)), {"water_points": points(*spots, (None, -1200, 0))}, frame=FRAME)
    assert at(got) == pytest.approx((1500, 0), abs=5)
    assert got.loc[0, "evidence"] == "5 water_points"


def test_two_villages_do_not_share_one_spot() -> None:
    """Between two clusters of wells two villages take one each, though both lie nearer to the first."""
    villages = points(("Kola", 0, 0), ("Soba", 600, 0))
    wells = [(None, x + dx, dy) for x in (-600, 1700) for dx, dy in ((0, 0), (50, 0), (0, 50))]
    got = reconcile(villages, {"water_points": points(*wells)}, frame=FRAME)
    assert at(got, 0)[0] < 0 < 1500 < at(got, 1)[0]


def test_nothing_near_keeps_the_point_and_says_its_doubt() -> None:
    """Without evidence the point stays, with the gazetteer's own doubt."""
    got = reconcile(points(("Kola", 0, 0)), {"schools": points(("Kola", 9000, 0))}, frame=FRAME)
    assert at(got) == pytest.approx((0, 0), abs=0.01)
    assert got.loc[0, ["verdict", "evidence", "evidence_count", "shift_m"]].tolist() == ["kept", "nothing near", 0, 0.0]
    # planar Student t with density (1 + (d/s)^2)^-2 holds 1 - 1/(1 + (d/s)^2) within d: 0.8 at d = 2 s
    assert got.loc[0, "doubt_m"] == pytest.approx(2 * SCALE_M, abs=1)


def test_one_well_alone_is_doubtful() -> None:
    """A single nameless well may mark the village or not: the doubt stays wide."""
    got = reconcile(points(("Kola", 0, 0)), {"water_points": points((None, 2500, 0))}, frame=FRAME)
    assert got.loc[0, "verdict"] == "doubtful"
    assert got.loc[0, "doubt_m"] > 1500


def test_more_evidence_means_less_doubt() -> None:
    """Each thing added at the spot makes the doubt smaller, never larger."""
    doubts = []
    for count in (1, 2, 4, 8):
        wells = points(*[(None, 900 + 10 * k, 0) for k in range(count)])
        doubts.append(reconcile(points(("Kola", 0, 0)), {"water_points": wells}, frame=FRAME).loc[0, "doubt_m"])
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] < doubts[0]


def test_things_of_mass_by_hand() -> None:
    """A thing at the gazetteer's point weighs 1, one at the usual distance 1/4 of it."""
    assert off_by(np.array([0.0, SCALE_M])).tolist() == pytest.approx([1.0, 0.25])  # (1 + 1)^-2
    got = spot(np.zeros(2), np.array([[0.0, 0.0]]), np.array([1.0]), np.array([200.0]), 0.8)
    assert got.share == pytest.approx(1 / (1 + NOTHING))


def test_a_thing_belongs_to_one_village() -> None:
    """However the mass is shared, a thing gives no more than it has."""
    village, thing = np.array([0, 1, 1]), np.array([0, 0, 1])
    got = shares(village, thing, np.array([1.0, 1.0, 1.0]), 2, 2)
    assert got[0] + got[1] == pytest.approx(1.0)
    assert got[0] > got[1]  # the second village has another thing
    assert got[2] == pytest.approx(1.0)


def test_rows_columns_and_labels_are_kept() -> None:
    """The table keeps its index, its order and its columns; a village without a point stays without one."""
    villages = points(("Kola", 0, 0), ("Soba", 5000, 0), people=[10, 20]).set_axis(["a", "b"])
    villages.loc["b", "geometry"] = None
    got = reconcile(villages.to_crs(4326), {"schools": points(("Kola", 900, 0))}, frame=FRAME)
    assert got.index.tolist() == ["a", "b"]
    assert got["people"].tolist() == [10, 20]
    assert got.geometry.isna().tolist() == [False, True]
    assert got.loc["b", ["verdict", "evidence"]].tolist() == ["kept", "no place is given"]


def test_no_evidence_at_all_is_no_error() -> None:
    """No layers, or empty ones, keep every point."""
    villages = points(("Kola", 0, 0))
    for evidence in ({}, {"schools": points()}):
        assert reconcile(villages, evidence, frame=FRAME)["verdict"].tolist() == ["kept"]


def test_missing_crs_is_refused() -> None:
    """Distances mean nothing without a CRS, of the villages or of the evidence."""
    plain = gpd.GeoDataFrame({"name": ["Kola"]}, geometry=gpd.points_from_xy([0], [0]))
    with pytest.raises(Refused, match="CRS"):
        reconcile(plain, {}, frame=FRAME)
    with pytest.raises(Refused, match="schools"):
        reconcile(points(("Kola", 0, 0)), {"schools": plain}, frame=FRAME)


def test_findings_say_shift_evidence_and_doubt() -> None:
    """Each village that moved is a repair; one that nothing settles is a note; both name the village."""
    villages = points(("Kola", 0, 0), ("Soba", 20_000, 0), village_id=["v1", "v2"])
    got, findings = reconcile_layers(villages, {"schools": points(("KOLA", 700, 0))}, FRAME, file="villages.csv")
    assert got["verdict"].tolist() == ["moved", "kept"]
    assert [(f.code, f.severity, f.row) for f in findings] == [
        ("village-moved", Severity.REPAIR, "v1"),
        ("village-place-doubtful", Severity.NOTE, "v2"),
    ]
    assert findings[0].found.startswith("Kola: moved 700 m to 1 schools of its name; doubt ")
    assert all(f.remedy and f.remedy_fr and f.file == "villages.csv" for f in findings)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)), min_size=1, max_size=12, unique=True),
    st.integers(-50_000, 50_000),
)
def test_moving_the_map_moves_the_answer(wells: list[tuple[int, int]], east: int) -> None:
    """Shifting villages and evidence together shifts the answer and leaves shift, doubt and verdict alone."""
    one = reconcile(points(("Kola", 0, 0)), {"water_points": points(*[(None, x, y) for x, y in wells])}, frame=FRAME)
    two = reconcile(
        points(("Kola", east, 0)), {"water_points": points(*[(None, x + east, y) for x, y in wells])}, frame=FRAME
    )
    assert at(two)[0] - at(one)[0] == pytest.approx(east, abs=0.5)
    assert one.loc[0, ["shift_m", "doubt_m"]].tolist() == pytest.approx(
        two.loc[0, ["shift_m", "doubt_m"]].tolist(), abs=1
    )
    assert one.loc[0, "verdict"] == two.loc[0, "verdict"]


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)), min_size=1, max_size=12, unique=True))
def test_order_of_evidence_does_not_matter(wells: list[tuple[int, int]]) -> None:
    """The same wells in another order put the village at the same place."""
    rows = [(None, x, y) for x, y in wells]
    one = reconcile(points(("Kola", 0, 0)), {"water_points": points(*rows)}, frame=FRAME)
    two = reconcile(points(("Kola", 0, 0)), {"water_points": points(*rows[::-1])}, frame=FRAME)
    assert one.loc[0, "doubt_m"] == pytest.approx(two.loc[0, "doubt_m"], abs=1)


def test_real_villages_come_nearer_to_health_posts_left_out(shared_data: Path) -> None:
    """With schools as evidence, villages come nearer to the health centres of their names, which are unknown."""
    folder = shared_data / "ouelessebougou"
    villages = gpd.read_file(folder / "villages.geojson").rename(columns={"village": "name"})
    schools = gpd.read_file(folder / "schools_osm.geojson")
    health = gpd.read_file(folder / "health_facilities_osm.geojson").to_crs(CRS)
    frame = Frame(-8.6, 11.3, -7.3, 12.7)
    got = reconcile(villages, {"schools": schools}, frame=frame, parent="commune").to_crs(CRS)
    raw = villages.to_crs(CRS)
    for name in ("Digan", "Sanankoro-Djitoumou"):
        post = health[health["name"].fillna("").str.endswith(name)].geometry.iloc[0]
        row = villages.index[villages["name"] == name.upper()][0]
        assert got.geometry[row].distance(post) < 0.5 * raw.geometry[row].distance(post)
