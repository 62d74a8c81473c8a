"""The printed atlas and the pictures: every sheet, map and number there, names apart, text whole, the same bytes."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps_plan import NAMES, shuffled, small_plan
from PIL import Image

from gis_planner.crs import Frame
from gis_planner.maps import safe
from gis_planner.maps.atlas.chart import Chart, spread, villages
from gis_planner.maps.atlas.document import atlas_values, write_atlas
from gis_planner.maps.atlas.ground import Ground
from gis_planner.maps.atlas.labels import Name, place_names, shortened, text_mm
from gis_planner.maps.atlas.sheets import crew_day_sheet, position, village_sheet
from gis_planner.maps.atlas.window import degrees, scale_bar, ticks, window
from gis_planner.maps.atlas.words import decimal, print_words, say
from gis_planner.maps.crew_day import crew_days
from gis_planner.maps.png import WIDTH_PX, write_pictures
from gis_planner.maps.style import load_style
from gis_planner.tables.plan import Plan

FRAME = Frame(-8.2, 11.68, -7.35, 12.28)


def _needs(tool: str, package: str) -> str:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} ({package}) is not installed")
    return found


def _text(pdf: Path) -> str:
    done = subprocess.run([_needs("pdftotext", "poppler-utils"), str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """atlas.pdf of the small plan, in French."""
    path = tmp_path_factory.mktemp("atlas") / "atlas.pdf"
    write_atlas(small_plan(), path, lang="fr")
    return path


@pytest.fixture(scope="module")
def ground() -> Ground:
    """The small plan as the atlas draws it."""
    return Ground(small_plan(), load_style())


def test_window_holds_every_place_at_a_round_scale() -> None:
    """A map takes the largest round scale at which every place lies on it."""
    view = window([-7.90, -7.88], [12.00, 12.01], FRAME, 180, 120)
    # 0.02 degrees of longitude at 12 N are 2.18 km: at 1:10,000 the map is 1.8 km wide, at 1:15,000 2.7 km
    assert view.scale == 15_000
    for longitude, latitude in ((-7.90, 12.00), (-7.88, 12.01)):
        assert view.holds(*view.place(longitude, latitude))


def test_window_measures_true() -> None:
    """A kilometre on the ground is 100 mm at 1:10,000."""
    view = window([], [], FRAME, 180, 120, least_scale=10_000, centre=(-7.9, 12.0))
    middle = view.to_mm(np.array([[view.x_m, view.y_m], [view.x_m + 1000, view.y_m - 500]]))
    assert middle.tolist() == [[90.0, 60.0], [190.0, 110.0]]


@given(st.lists(st.tuples(st.floats(-8.1, -7.4), st.floats(11.7, 12.2)), min_size=1, max_size=12))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_any_places_lie_on_their_map(places: list[tuple[float, float]]) -> None:
    """Whatever the places, the window made for them holds each."""
    view = window([place[0] for place in places], [place[1] for place in places], FRAME, 186, 112)
    assert all(view.holds(*view.place(*place)) for place in places)


def test_scale_bar_is_round_and_fits() -> None:
    """The bar is a round length of at most a third of the map."""
    length, millimetres = scale_bar(window([], [], FRAME, 186, 112, least_scale=10_000))
    # 186 mm at 1:10,000 is 1,860 m; a third is 620 m, and 500 m is the longest round length below
    assert (length, millimetres) == (500, 50.0)


def test_edges_carry_degrees_and_minutes() -> None:
    """Edges are marked with longitude and latitude in degrees and minutes, with the letter of the hemisphere."""
    assert degrees(-7.91, "EW") == "7°54.6′W"
    assert degrees(12.0, "NS") == "12°00′N"
    assert degrees(12 + 3.5 / 60, "NS") == "12°03.5′N"
    lower, left = ticks(window([], [], FRAME, 186, 112, least_scale=100_000))
    assert all(text.endswith("W") and 0 < at < 186 for at, text in lower)
    assert all(text.endswith("N") and 0 < at < 112 for at, text in left)
    assert len(lower) >= 2


def test_coordinates_keep_their_zeros() -> None:
    """A position is written with five decimals, zeros and all."""
    assert position(12.0, -7.9) == "12.00000, -7.90000"


def test_width_of_text_is_that_of_the_font() -> None:
    """Ten letters are ten times as wide as one, and bold is wider."""
    # DejaVu Sans: the advance of "m" is 1995 of 2048 units
    assert text_mm("m", 10) == pytest.approx(1995 / 2048 * 10 * 25.4 / 72)
    assert text_mm("m" * 10, 10) == pytest.approx(10 * text_mm("m", 10))
    assert text_mm("mm", 10, bold=True) > text_mm("mm", 10)
    assert text_mm(shortened("Ouélessébougou " * 9, 30, 8), 8) <= 30


names = st.lists(st.builds(
    Name, text=st.text(alphabet="abcdefgh", min_size=1, max_size=12), x_mm=st.floats(0, 100), y_mm=st.floats(0, 80),
    radius_mm=st.just(1.0), size_pt=st.just(8.0), weight=st.floats(0, 9)), max_size=25)


@given(names)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_names_never_cover_each_other_a_mark_or_the_edge(found: list[Name]) -> None:
    """Whatever the places, no name covers another name or any mark, and none leaves the map."""
    placed = place_names(found, 100, 80)
    boxes = [(item.x_mm, item.y_mm, item.x_mm + item.width_mm, item.y_mm + item.height_mm) for item in placed]
    marks = [(name.x_mm - 1, name.y_mm - 1, name.x_mm + 1, name.y_mm + 1) for name in found]

    def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]

    for at, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= 100
        assert one[3] <= 80
        assert all(apart(one, other) for other in boxes[:at])
        own = found.index(placed[at].name)
        assert all(apart(one, other) for number, other in enumerate(marks) if number != own)


def test_the_weightier_name_goes_first() -> None:
    """Where only one of two names has room, it is the one of more weight."""
    small = [Name("Small", 6, 4, 1, 8, 1), Name("Large", 6, 4, 1, 8, 2)]
    assert [item.name.text for item in place_names(small, 12, 8)][:1] in (["Large"], [])
    placed = place_names([Name("a" * 20, 50, 5, 1, 8, 1), Name("b" * 20, 50, 5, 1, 8, 2)], 100, 80)
    assert placed[0].name.text == "b" * 20


def test_numbers_at_one_place_are_moved_apart() -> None:
    """Ten stops at one well are ten discs that do not cover each other, near their place."""
    spots = spread([(50.0, 40.0)] * 10, 4.6, 100, 80)
    assert spots[0] == (50.0, 40.0)
    for at, one in enumerate(spots):
        assert all(np.hypot(one[0] - other[0], one[1] - other[1]) >= 4.5 for other in spots[:at])
        assert np.hypot(one[0] - 50, one[1] - 40) < 15


def test_every_stop_lies_on_its_crew_day_map(ground: Ground) -> None:
    """The map of a crew-day shows the number of each of its stops."""
    for day in crew_days(small_plan()):
        sheet = crew_day_sheet(ground, day, "en")
        chart = sheet["map"]
        assert [number["text"] for number in chart["numbers"]] == [str(stop.order) for stop in day.stops]
        assert all(0 <= number["x"] <= chart["width"] and 0 <= number["y"] <= chart["height"]
                   for number in chart["numbers"])


def test_village_sheet_lists_everything_chosen_there(ground: Ground) -> None:
    """A village's sheet has the wells, latrines, nets and habitats chosen for it and no other."""
    village = next(place for place in villages(ground) if place.id == "V1")
    sheet = village_sheet(ground, village, crew_days(small_plan()), "en")
    # of the plan's tables: WEL-02 (chosen), P1, S1 (chosen); LAT-1 is not chosen
    assert [item["id"] for item in sheet["items"]] == ["WEL-02", "P1", "S1"]
    assert [item["number"] for item in sheet["items"]] == ["1", "2", "3"]
    assert sheet["items"][0]["position"] == "12.01500, -7.88000"
    assert {visit["route"] for visit in sheet["visits"]} == {"NET-A-D01", "LAR-B-D01"}
    assert sheet["map"]["scale"] == "1 : 10,000"


def test_atlas_has_a_sheet_for_each_village_and_crew_day(atlas: Path) -> None:
    """The atlas's text holds every village, every crew-day and every stop's task, in the reader's language."""
    text = _text(atlas)
    for name in (*NAMES, "NET-A-D01", "LAR-B-D01", "a/b"):
        assert name in text
    assert "Donner les moustiquaires à Faragouaran" in re.sub(r"\s+", " ", text)
    assert "DONNÉES SIMULÉES" in text
    assert "12.00000, -7.90000" in text


def test_bambara_and_french_letters_come_back_whole(atlas: Path) -> None:
    """Letters such as ŋ ɔ ɲ ɛ é come out of the PDF as they went in, with composed accents."""
    assert unicodedata.normalize("NFC", _text(atlas)).count("Ŋɔnɔ-Ɲɛnɛ") >= 2


def test_all_fonts_are_embedded(atlas: Path) -> None:
    """Every font of the PDF is embedded, with a map back to Unicode."""
    done = subprocess.run([_needs("pdffonts", "poppler-utils"), str(atlas)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" and row[-3] == "yes" for row in rows)


def test_qr_codes_are_read_from_a_150_dpi_page(atlas: Path, tmp_path: Path) -> None:
    """A scanner reads the village's geo: address from the page at 150 dpi."""
    _needs("pdftoppm", "poppler-utils")
    _needs("zbarimg", "zbar-tools")
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", str(atlas), str(tmp_path / "p")], check=True)
    found = subprocess.run(["zbarimg", "-q", "--raw", *map(str, sorted(tmp_path.glob("p*.png")))], capture_output=True,
                           text=True, check=False).stdout.split()
    village_codes = {f"geo:{12.00 + 0.015 * (at % 3):.6f},{-7.90 + 0.02 * at:.6f}" for at in range(6)}
    assert village_codes <= set(found)


def test_atlas_is_the_same_bytes_again(atlas: Path, tmp_path: Path) -> None:
    """The same plan, also with its rows in another order, gives the same PDF."""
    write_atlas(shuffled(small_plan(), 8), tmp_path / "atlas.pdf", lang="fr")
    assert (tmp_path / "atlas.pdf").read_bytes() == atlas.read_bytes()


def _values(item: object) -> Iterator[str]:
    if isinstance(item, dict):
        for value in item.values():
            yield from _values(value)
    elif isinstance(item, list):
        for value in item:
            yield from _values(value)
    elif isinstance(item, str) and not item.startswith("<svg"):
        yield item


def test_hostile_names_are_set_as_text(tmp_path: Path, hostile_names: tuple[str, ...]) -> None:
    """With hostile names in every village the PDF is made, and each reaches the page as the text that it is."""
    for at in range(0, len(hostile_names), 6):
        plan = small_plan(tuple((hostile_names * 2)[at:at + 6]))
        titles = {sheet["title"] for sheet in atlas_values(plan)["sheets"] if sheet["kind"] == "village"}
        assert titles == {safe.text(name) for name in (hostile_names * 2)[at:at + 6]}
    write_atlas(small_plan(hostile_names[:6]), tmp_path / "atlas.pdf")
    text = _text(tmp_path / "atlas.pdf")
    for name in hostile_names[:5]:
        assert name in text
    assert "49" not in re.findall(r"^\d+$", text, re.MULTILINE)


def test_emoji_and_nko_are_set_in_a_font_that_holds_them(tmp_path: Path) -> None:
    """Emoji come from their own embedded font, not as boxes, and N'Ko and Bambara letters come back as they went in."""
    write_atlas(small_plan(("💧🦟 Kola", "ߒߞߏ ߞߊ߲", "Ŋɔnɔ-Ɲɛnɛ ɛɔɲŋ", *NAMES[3:])), tmp_path / "atlas.pdf")
    text = unicodedata.normalize("NFC", _text(tmp_path / "atlas.pdf"))
    for name in ("💧", "🦟", "Ŋɔnɔ-Ɲɛnɛ ɛɔɲŋ"):
        assert name in text
    # pdftotext gives letters that are written from the right in the order in which they stand on the page
    assert "ߒߞߏ" in text or "ߏߞߒ" in text
    done = subprocess.run([_needs("pdffonts", "poppler-utils"), str(tmp_path / "atlas.pdf")], capture_output=True,
                          text=True, check=True)
    assert "NotoEmoji" in done.stdout
    # the em of Noto Emoji is 2048 units and each sign is 2600 of them wide
    assert text_mm("💧", 10) == pytest.approx(2600 / 2048 * 10 * 25.4 / 72)


def test_what_a_village_gets_elsewhere_is_said(tmp_path: Path) -> None:
    """A village without an item of its own is told where its households collect nets, and who has no point at all."""
    plan = small_plan()
    homes = plan.results["net_households"].copy()
    homes = homes[homes["village_id"] == "V5"].assign(point_id="P0", walk_m=900.0, nets=7, households=3)
    lost = homes.assign(household_id="H-lost", point_id=None, walk_m=None, nets=4, households=2)
    own = plan.results["net_points"][plan.results["net_points"]["village_id"] != "V5"]
    bare = dataclasses.replace(plan, results={
        **plan.results, "net_points": own, "net_households": pd.concat([homes.head(1), lost.head(1)])})
    ground = Ground(bare, load_style())
    village = next(place for place in villages(ground) if place.id == "V5")
    said = village_sheet(ground, village, [], "en")["elsewhere"]
    assert said[0].startswith("Households of this village without a distribution point within the walk: 2; nets")
    assert said[1] == (f"Households of this village collect their nets at {NAMES[0]} (P0). Nets: 7, households: 3, "
                       "longest walk: 900 m.")


def test_a_place_off_the_village_map_has_a_small_map(ground: Ground) -> None:
    """A village's map stays near 1:10,000; what lies farther out is on a second, small map with every number."""
    plan = small_plan()
    sites = plan.results["larviciding_sites"]
    far = sites.assign(longitude=sites["longitude"] + 0.02)
    wide = Ground(dataclasses.replace(plan, results={**plan.results, "larviciding_sites": far}), load_style())
    village = next(place for place in villages(wide) if place.id == "V1")
    sheet = village_sheet(wide, village, [], "en")
    assert sheet["map"]["scale"] == "1 : 10,000"
    assert [number["text"] for number in sheet["inset"]["numbers"]] == ["1", "2", "3"]
    assert village_sheet(ground, village, [], "en")["inset"] is None


def test_hostile_names_do_not_leave_the_picture(hostile: str) -> None:
    """No name enters the SVG of a map: it holds geometry alone."""
    ground = Ground(small_plan((hostile, *NAMES[1:])), load_style())
    view = window([], [], ground.plan.frame, 100, 80, least_scale=400_000, centre=(-7.85, 12.0))
    chart = Chart(ground, view, "en")
    chart.layers(("communes", "roads", "water_working"))
    chart.villages()
    assert not re.search(r"<(?!/?(svg|g|path|rect|circle|clipPath)\b)", str(chart.finish()["svg"]))


def test_every_word_is_in_both_languages() -> None:
    """Each word of the atlas is there in English and in French, with the same parts to fill in."""
    for key, pair in print_words().items():
        assert len(pair) == 2, key
        assert all(pair), key
        assert set(re.findall(r"\{\w+\}", pair[0])) == set(re.findall(r"\{\w+\}", pair[1])), key


def test_words_are_filled_once() -> None:
    """A part that holds braces of its own is not filled again."""
    assert say("commune", "en", name="{name}{x}") == "commune of {name}{x}"
    assert decimal(2.50, 2, "fr") == "2,5"


def test_an_empty_plan_has_an_overview(tmp_path: Path) -> None:
    """A plan without routes, latrines or water is an atlas of its villages; nothing breaks."""
    plan = small_plan()
    still = plan.results["villages"].assign(served_after=plan.results["villages"]["served_today"])
    bare: Plan = dataclasses.replace(plan, results={"villages": still}, base={}, figures=())
    write_atlas(bare, tmp_path / "atlas.pdf")
    assert "Nothing is planned here" in _text(tmp_path / "atlas.pdf")


def test_pictures_are_1080_pixels_wide_and_light(tmp_path: Path) -> None:
    """Each crew-day and village has a PNG of 1080 pixels in width that a slow network carries."""
    write_pictures(small_plan(), tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    assert {"route-NET-A-D01.png", "village-V0.png"} <= made
    assert len(made) == 3 + 6
    for path in tmp_path.iterdir():
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            assert image.width == WIDTH_PX
        assert path.stat().st_size < 400_000


def test_pictures_are_the_same_bytes_again(tmp_path: Path) -> None:
    """The same plan with shuffled rows gives the same pictures."""
    for name, plan in (("a", small_plan()), ("b", shuffled(small_plan(), 6))):
        write_pictures(plan, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_no_english_word_is_left_in_a_french_atlas() -> None:
    """With French, no label of the English atlas stands in any value that reaches the page."""
    english = {pair[0] for pair in print_words().values() if pair[0] != pair[1] and len(pair[0]) > 3}
    assert not english & set(_values(atlas_values(small_plan(), "fr")))
    assert english & set(_values(atlas_values(small_plan(), "en")))
