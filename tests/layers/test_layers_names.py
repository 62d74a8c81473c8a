"""Names joined across sources."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from gis_planner.layers.names import match, short_list
from gis_planner.layers.names.spelling import forms, sound
from gis_planner.problems import Refused

LON, LAT = -7.9, 12.0
KM = 1 / 111.195
"""One kilometre in degrees of latitude: 6,371,008.8 m times pi / 180 is 111,195 m a degree."""


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of (name, parent, km east, km north) around one point; short rows have no place."""
    full = [(*row, *([None] * (4 - len(row)))) for row in rows]
    frame = pd.DataFrame(full, columns=["name", "parent", "east", "north"])
    frame["lon"] = LON + frame["east"].astype(float) * KM / np.cos(np.radians(LAT))
    frame["lat"] = LAT + frame["north"].astype(float) * KM
    return frame


def verdicts(left: pd.DataFrame, right: pd.DataFrame, **how: object) -> list[tuple[object, object, str]]:
    """(left, right, verdict) of each row."""
    got = match(left, right, name="name", **how)
    return list(zip(got["left"], got["right"], got["verdict"], strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N'Golobougou", "Ngolobugu"),
        ("N’Golobougou", "NGOLOBOUGOU"),
        ("Faraba II", "Faraba 2"),
        ("FARABA2", "Faraba-2"),
        ("Ouélessébougou", "Welesebugu"),
        ("DYALAKORO", "Dialakoro"),
        ("Djalakoro", "Jalakoro"),
        ("Niaréla", "Nyarela"),
        ("Gnamana", "Niamana"),
        ("TENEMAMBOUGOU", "Tenemanbugu"),
        ("Banankoro", "Banancoro"),
        ("M'Piébougou", "MPIEBOUGOU"),
        ("NDJOUMOU-SOKORO", "Ndioumou Sokoro"),
        ("Sokoro Ndjoumou", "NDJOUMOU-SOKORO"),
        ("Peulh Madina", "MADINA-PEUL"),
        ("Mana", "MANA OU MANABOUGOU"),
        ("NDONKALA (NDOUKALA)", "Ndoukala"),
        ("Missira 1er", "MISSIRA I"),
        ("Dar Salam", "DARSALAM"),
        ("Bamako", "\u07d3\u07ca\u07e1\u07ca\u07de\u07d0\u07eb"),
        ("Soulemanbougou", "SOULEYMANBOUGOU"),
        ("Nankélabougou", "Nankela Bugu"),
        ("Kéniéba", "Keñeba"),
        ("Ségué", "SEGE"),
        ("Hamdallaye", "HAMDALAYE"),
        ("D^DJILA", "Ddjila"),
        ("Kokofata ", "  kokofata"),
        ("Beneko", "BENECO"),
        ("NA", "Na"),
    ],
)
def test_spellings_of_one_name_are_same(one: str, other: str) -> None:
    """Accents, apostrophes, hyphens, numerals, word order, French or Bambara spelling do not part a village."""
    assert verdicts(table((one,)), table((other,), ("Xyzzu",))) == [(0, 0, "same")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Faraba 1", "Faraba 2"),
        ("Faraba II", "Faraba III"),
        ("Faraba", "Faraba 2"),
        ("Madina Peulh", "Madina Bambara"),
        ("Dafara Est", "Dafara Ouest"),
        ("Fara", "Faraba"),
        ("Dialakoro", "Dialakoroba"),
        ("Ndjoumou Sokoro", "Ndjoumou Sokoura"),
        ("Sirakoro", "Sirakoura"),
        ("Moribougou", "Zambougou"),
        ("Kola", "Kela"),
        ("", ""),
        (" ", "Kola"),
        ("Madina", "Madina Coura"),
        ("Zambougou Djitoumou", "Zambougou Dionkala"),
        ("???", "!!!"),
    ],
)
def test_other_villages_of_one_root_are_not_same(one: str, other: str) -> None:
    """Numerals, opposed words and endings that mean another village are never joined as the same."""
    assert verdicts(table((one,)), table((other,)))[0][2] in {"none", "doubtful"}


def test_sound_is_one_for_rules_worked_by_hand() -> None:
    """`dy`, `di` and `dj` before a vowel are one sound, `ou` and `w` another, and doubled letters are single."""
    # dyalakoro: y -> i, di before a -> j; ouelessebougou: ou -> u twice, ss -> s; welesebugu: w -> u
    assert sound("dyalakoro") == sound("dialakoro") == sound("djalakoro") == "jalakoro"
    assert sound("ouelessebougou") == sound("welesebugu") == "uelesebugu"


def test_a_letter_lost_is_forgiven_where_place_and_parent_agree() -> None:
    """`Krina` and `Kirina` alone are doubtful; 1.7 km apart in one commune they are the same."""
    left, right = table(("Krina", "Mandé", 0, 0)), table(("Kirina", "MANDE", 1.7, 0))
    assert verdicts(left, right)[0][2] == "doubtful"
    assert verdicts(left, right, parent="parent", xy=("lon", "lat"))[0][2] == "same"


def test_words_of_schools_are_dropped_only_when_asked() -> None:
    """`École fondamentale de BENECO [2ème C]` is Beneco for a school, and stays itself for a village."""
    assert forms("École fondamentale de BENECO [2ème C]", facility=True)[0].key == "beneko"
    assert forms("École fondamentale de BENECO [2ème C]")[0].key != "beneko"


def test_namesakes_go_to_their_own_commune() -> None:
    """Two Banankoro in two communes are joined by commune, not by row order."""
    left = table(("Banankoro", "Dogo"), ("Banankoro", "Kéléya"))
    right = table(("BANANKORO", "KELEYA"), ("BANANKORO", "DOGO"))
    assert verdicts(left, right, parent="parent") == [(0, 1, "same"), (1, 0, "same")]


def test_namesakes_without_parent_or_place_are_doubtful() -> None:
    """One Banankoro and two on the other side: a person decides, and the chance is shared."""
    got = match(table(("Banankoro",)), table(("BANANKORO",), ("Banancoro",)), name="name")
    # two equal candidates of weight w = exp(7) and one of "none": w / (1 + 2 w) is 0.5 to three places
    assert got.loc[0, "verdict"] == "doubtful"
    assert got.loc[0, "score"] == pytest.approx(0.5, abs=1e-3)


def test_one_row_claimed_by_two_is_a_contradiction_for_both() -> None:
    """The same people are never counted twice in silence."""
    left = table(("Banankoro", "Dogo"), ("BANANCORO", "DOGO"), ("Kola", "Dogo"))
    right = table(("Banankoro", "Dogo"), ("Kola", "Dogo"))
    assert verdicts(left, right, parent="parent") == [(0, 0, "contradicts"), (1, 0, "contradicts"), (2, 1, "same")]
    assert match(left, right, name="name", parent="parent").loc[0, "why"].startswith("claimed twice: left 1")


def test_ward_named_after_its_village_claims_it_twice() -> None:
    """`NDJOUMOU-SOKORO` and `Sokoro` of Ndjoumou are one ward: two rows for it are counted twice."""
    left = table(("NDJOUMOU-SOKORO", "Ndjoumou"), ("Sokoro", "Ndjoumou"))
    assert [line[2] for line in verdicts(left, table(("SOKORO", "NDJOUMOU")), parent="parent")] == ["contradicts"] * 2


def test_swapped_centroids_contradict() -> None:
    """Two wards whose points are exchanged are flagged, both of them, and their neighbour is not."""
    left = table(("Alpha", "P", 3, 0), ("Beta", "P", 0, 0), ("Gamma", "P", 6, 6))
    right = table(("Alpha", "P", 0, 0), ("Beta", "P", 3, 0), ("Gamma", "P", 6, 6))
    assert [line[2] for line in verdicts(left, right, parent="parent", xy=("lon", "lat"))] == [
        "contradicts",
        "contradicts",
        "same",
    ]


def test_swapped_centroids_are_seen_through_noise() -> None:
    """Points a few hundred metres off still show that two places 2 km apart are exchanged."""
    left = table(("Sanamba", "P", 2.3, 0.2), ("Korona", "P", 0.2, -0.3))
    right = table(("Sanamba", "P", 0, 0), ("Korona", "P", 2, 0))
    # names: 2.31 km and 1.82 km from their own; the other's point lies 0.36 km off: 0.72 < half of 4.13
    assert [line[2] for line in verdicts(left, right, xy=("lon", "lat"))] == ["contradicts", "contradicts"]


def test_centroid_in_another_ward_contradicts() -> None:
    """A point that lies in the polygon of another ward than its name says is flagged."""
    wards = gpd.GeoDataFrame(
        {"name": ["Alpha", "Beta"]}, geometry=[box(-8, 12, -7.98, 12.02), box(-7.98, 12, -7.96, 12.02)], crs=4326
    )
    points = gpd.GeoDataFrame(
        {"name": ["Alpha", "Beta"]}, geometry=[Point(-7.9702, 12.01), Point(-7.965, 12.01)], crs=4326
    )
    assert [line[2] for line in verdicts(points, wards)] == ["contradicts", "same"]


def test_one_name_in_two_parents_is_flagged() -> None:
    """One name under two communes, with no place or at one place, contradicts."""
    assert verdicts(table(("Kola", "Dogo")), table(("Kola", "Sido")), parent="parent")[0][2] == "contradicts"
    at_one_place = verdicts(
        table(("Kola", "Dogo", 0, 0)), table(("Kola", "Sido", 0.2, 0)), parent="parent", xy=("lon", "lat")
    )
    assert at_one_place[0][2] == "contradicts"


def test_one_place_with_two_names_is_flagged() -> None:
    """A row on the very spot of another with a different name contradicts."""
    left, right = (
        table(("Delta", "P", 0, 0), ("Soba", "P", 9, 0)),
        table(("Epsilon", "P", 0.02, 0), ("Soba", "P", 9, 0)),
    )
    assert [line[2] for line in verdicts(left, right, xy=("lon", "lat"))] == ["contradicts", "same"]


def test_far_namesake_is_not_same() -> None:
    """A village of the same name 40 km away is not joined; with the same commune it contradicts."""
    left, right = table(("Sirakoro", "P", 0, 0)), table(("Sirakoro", "Q", 40, 0))
    assert verdicts(left, right, xy=("lon", "lat"))[0][2] in {"none", "doubtful"}
    assert verdicts(left, right, xy=("lon", "lat"), parent="parent")[0] == (0, None, "none")
    assert verdicts(left, table(("Sirakoro", "P", 40, 0)), xy=("lon", "lat"), parent="parent")[0][2] == "contradicts"


def test_missing_places_and_parents_do_not_part() -> None:
    """A missing coordinate, a missing parent or the point 0, 0 speaks neither for nor against."""
    left = table(("Kola", None, 0, 0), ("Soba", "P"))
    right = table(("Kola", "Q"), ("Soba", None, 3, 3))
    left.loc[1, ["lon", "lat"]] = 0.0
    assert verdicts(left, right, parent="parent", xy=("lon", "lat")) == [(0, 0, "same"), (1, 1, "same")]


def test_geometry_of_any_crs_gives_the_same_answer() -> None:
    """GeoDataFrames in other CRS, column pairs, and latitude before longitude say the same as degrees."""
    left, right = table(("Kola", "P", 0, 0), ("Soba", "P", 5, 1)), table(("Soba", "P", 5.5, 1), ("KOLA", "P", 0.4, 0))
    plain = match(left, right, name="name", xy=("lon", "lat"))
    shaped = [gpd.GeoDataFrame(t, geometry=gpd.points_from_xy(t["lon"], t["lat"]), crs=4326) for t in (left, right)]
    pd.testing.assert_frame_equal(plain, match(shaped[0].to_crs(32629), shaped[1].to_crs(3857), name="name"))
    pd.testing.assert_frame_equal(plain, match(left, shaped[1], name="name", xy=(("lon", "lat"), "geometry")))
    pd.testing.assert_frame_equal(plain, match(left, right, name="name", xy=("lat", "lon")))


def test_columns_may_differ_between_sides() -> None:
    """A pair names the column of each table, and labels of any kind come back."""
    left = pd.DataFrame({"village": ["Kola"], "commune": ["Dogo"]}, index=["ML-1"])
    right = pd.DataFrame({"nom": ["Soba", "KOLA"], "adm3": ["DOGO", "DOGO"]}, index=[10, 20])
    got = match(left, right, name=("village", "nom"), parent=("commune", "adm3"))
    assert got[["left", "right", "verdict"]].to_numpy().tolist() == [["ML-1", 20, "same"]]
    assert "np." not in " ".join(match(right, right, name="nom", parent="adm3")["why"])


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"name": "nam"}, "names-column-missing"),
        ({"name": ("a", "b", "c")}, "names-columns"),
        ({"name": "name", "xy": ("east", "name")}, "names-xy-text"),
        ({"name": "name", "xy": "lon"}, "names-xy"),
        ({"name": "name", "xy": ("x", "y")}, "names-degrees"),
        ({"name": "name", "xy": "geometry"}, "names-crs"),
    ],
)
def test_bad_questions_are_refused(how: dict[str, object], code: str) -> None:
    """A column that is not there, text for a number, metres for degrees and a missing CRS are refused."""
    rows = table(("Kola", "P", 0, 0)).assign(x=600_000.0, y=1_300_000.0)
    with pytest.raises(Refused) as stop:
        match(rows, rows, **how)
    assert stop.value.findings[0].code == code
    assert stop.value.findings[0].remedy


def test_an_index_with_repeats_is_refused() -> None:
    """Labels that name two rows cannot be answered with."""
    rows = table(("Kola",), ("Soba",)).set_axis([1, 1])
    with pytest.raises(Refused, match="reset_index"):
        match(rows, rows, name="name")


def test_empty_tables_give_empty_answers() -> None:
    """No left rows give no lines; no right rows give `none`."""
    some, none = table(("Kola",)), table(("Kola",)).iloc[:0]
    assert len(match(none, some, name="name")) == 0
    assert verdicts(some, none) == [(0, None, "none")]


def test_short_list_puts_contradictions_first() -> None:
    """A person sees contradictions, then doubts, and nothing that is settled."""
    left = table(("Kola", "Dogo"), ("Faraba 2", "Dogo"), ("Soba", "Dogo"))
    right = table(("Soba", "Dogo"), ("Faraba", "Dogo"), ("Kola", "Sido"))
    asked = short_list(match(left, right, name="name", parent="parent"))
    assert asked[["left", "verdict"]].to_numpy().tolist() == [[0, "contradicts"], [1, "doubtful"]]


_WORDS = st.sampled_from(["Kola", "Soba", "Faraba", "Banankoro", "Sirakoro", "Zambougou", "Madina", "Korona"])
_ROWS = st.lists(
    st.tuples(_WORDS, st.sampled_from(["P", "Q", None]), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8
)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(_ROWS, _ROWS)
def test_no_right_row_is_joined_twice_and_scores_are_chances(
    left: list[tuple[str, str | None, int, int]], right: list[tuple[str, str | None, int, int]]
) -> None:
    """Joins are one to one, scores lie in 0..1, contradictions at most at 0.5, and every line says why."""
    got = match(table(*left), table(*right), name="name", parent="parent", xy=("lon", "lat"))
    same = got[got["verdict"] == "same"]
    assert not same["right"].duplicated().any()
    assert got["score"].between(0, 1).all()
    assert (got.loc[got["verdict"] == "contradicts", "score"] <= 0.5).all()
    assert (got["why"].str.len() > 0).all()
    assert got["left"].tolist() == list(range(len(left)))


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.lists(_WORDS, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(words: list[str], random: object) -> None:
    """Turning the rows of either side turns the answer with them."""
    left, right = table(*[(word,) for word in words]), table(*[(word.upper(),) for word in words])
    turned = right.sample(frac=1, random_state=len(words))
    assert verdicts(left, turned) == verdicts(left, right) == [(k, k, "same") for k in range(len(words))]


def test_a_gazetteer_joined_to_itself_is_itself(shared_data: Path) -> None:
    """Every village of the two communes finds itself, but for the two rows that name one village twice."""
    villages = gpd.read_file(shared_data / "ouelessebougou" / "villages.geojson")
    plain = pd.DataFrame(villages.drop(columns="geometry"))
    got = match(plain, plain, name="village", parent="commune")
    # M'PIELA and MPIELA of Sanankoro Djitoumou differ by an apostrophe
    other = got[got["verdict"] != "same"]
    assert set(villages.loc[other["left"], "village"]) == {"M'PIELA", "MPIELA"}
    assert (got.loc[got["verdict"] == "same", "left"] == got.loc[got["verdict"] == "same", "right"]).all()
