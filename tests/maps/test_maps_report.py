"""report.html as text: the decision first, every table, honest words, both languages, one file, the same bytes."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from gis_planner.maps import safe
from gis_planner.maps.report import render
from gis_planner.maps.style import load_style
from gis_planner.maps.web import pack
from gis_planner.maps.web.facts import proof_words
from gis_planner.maps.web.layers import PACKED_BUDGET, drawn_layers, layer_data
from gis_planner.maps.web.numbers import number, signed
from gis_planner.maps.web.plots import ticks
from gis_planner.maps.words import shipped_words, word
from gis_planner.problems import Refused
from gis_planner.tables.column import Origin
from gis_planner.tables.plan import Plan, Proof, Words
from gis_planner.tables.results import RESULTS

MEGABYTE = 1_000_000


class _Texts(HTMLParser):
    """The text nodes of a page, without scripts and styles; and its data scripts by id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[str] = []
        self.data: dict[str, str] = {}
        self._skip = ""
        self._id = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._skip, self._id = tag, dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skip:
            self._skip, self._id = "", ""

    def handle_data(self, data: str) -> None:
        if self._skip:
            if self._id:
                self.data[self._id] = data
        elif data.strip():
            self.nodes.append(data.strip())


@pytest.fixture(scope="module")
def page(plan: Plan) -> str:
    """The report of the teaching-size plan, in English."""
    return render(plan)


@pytest.fixture(scope="module")
def texts(page: str) -> _Texts:
    """Its text nodes."""
    return _Texts(page)


def test_the_decision_comes_before_the_map_and_the_tables(page: str) -> None:
    """A reader meets the decision first, then the map, the tables, and what it rests on."""
    parts = ("decision", "map", "service", "tables", "routes", "trust", "findings")
    order = [page.index(f'id="{name}"') for name in parts]
    assert order == sorted(order)


def test_one_file_under_two_megabytes_that_loads_nothing(page: str) -> None:
    """The teaching region's report is under 2 MB, names no outside resource and ends complete."""
    assert len(page.encode()) < 2 * MEGABYTE
    assert safe.external_links(page) == []
    assert page.rstrip().endswith("</html>")


def test_every_script_that_runs_is_allowed_by_its_hash(page: str) -> None:
    """The policy allows nothing but the hashes of the page's own scripts: no 'unsafe-inline', no host."""
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src 'none'" in policy.group(1)
    assert "unsafe" not in policy.group(1)
    running = re.findall(r"<script>", page)
    script_part = policy.group(1).split("script-src")[1].split(";")[0]
    assert script_part.count("sha256-") == len(running)
    assert not re.search(r"\son\w+=", re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))


def test_simulated_layers_are_said_aloud_and_only_then(plan: Plan, texts: _Texts) -> None:
    """A banner names the simulated layers; a plan from observed layers has none."""
    assert word("simulated_banner", "en", layers="Villages") in texts.nodes
    observed = tuple(dataclasses.replace(layer, origin=Origin.OBSERVED) for layer in plan.layers)
    other = _Texts(render(dataclasses.replace(plan, layers=observed)))
    assert not any("simulated" in node for node in other.nodes if node.startswith("Drawn from"))


@pytest.mark.parametrize(("bound", "gap", "proven", "said"), [
    (100.0, 0.0, True, "Proven optimal"), (110.0, 0.0909, False, "at most 9.09 % away"),
    (None, None, False, "No bound"),
])
def test_a_choice_is_called_proven_only_when_it_is(bound: float | None, gap: float | None, proven: bool, said: str
                                                   ) -> None:
    """The words of proof follow the proof: proven, within a gap, or not known."""
    proof = Proof("wells", Words("people", "habitants"), 100.0, bound, gap, proven, "iterations", "people")
    found = proof_words(proof, "en")
    assert said in found
    assert ("Proven optimal" in found) is proven


@pytest.mark.parametrize("name", [name for name in RESULTS if name != "stops"])
def test_every_result_table_is_on_the_page(name: str, plan: Plan, texts: _Texts) -> None:
    """Each result table that the plan holds has its heading."""
    if name in plan.results:
        assert RESULTS[name].label in texts.nodes


def test_large_tables_point_to_the_workbook(texts: _Texts) -> None:
    """Of 2,500 households the page shows the first 30 and says where the rest is."""
    assert word("rows_first", "en", n="30", all="2,500", table="net_households") in texts.nodes
    assert sum(node.startswith("H0") for node in texts.nodes) == 30


def test_chosen_rows_come_first_and_others_are_marked(page: str) -> None:
    """In the wells table the 30 chosen rows precede the others, which carry the mark that the filter uses."""
    part = page[page.index('id="table-wells"'):page.index('id="table-latrines"')]
    rows = re.findall(r"<tr( class=\"off\" data-off=\"1\")?><th scope=\"row\"", part)
    # a table on the page has at most 6,000 cells: fewer than the 300 rows that there are, and it says so
    assert 100 < len(rows) < 300
    assert [bool(row) for row in rows] == [False] * 30 + [True] * (len(rows) - 30)
    assert word("rows_first", "en", n=str(len(rows)), all="300", table="wells") in _Texts(page).nodes


def test_service_sums_are_those_of_the_table(plan: Plan, texts: _Texts) -> None:
    """The sentence of service before and after adds up the villages' table."""
    rows = plan.results["villages"]
    keys = ("served_today", "people", "served_after")
    today, people, after = (number(float(rows[key].sum()), "en", 0) for key in keys)
    assert word("service_text", "en", today=today, people=people, after=after) in texts.nodes


def test_unverified_norms_and_set_aside_rows_are_marked(texts: _Texts) -> None:
    """A norm from memory is marked unverified, and findings come with their remedy."""
    assert "⚠ unverified" in "".join(texts.nodes)
    assert "Check the two columns." in texts.nodes


def test_hostile_names_stand_in_the_page_as_text(hostile: str, hostile_plan: Plan) -> None:
    """Every hostile name is in the page's text and in the map's data, verbatim."""
    read = _hostile_texts(hostile_plan)
    assert safe.text(hostile).strip() in read.nodes
    names = [village[1] for village in json.loads(read.data["map-data"])["villages"]]
    assert safe.text(hostile) in names


_CACHE: dict[int, _Texts] = {}


def _hostile_texts(plan: Plan) -> _Texts:
    if id(plan) not in _CACHE:
        _CACHE[id(plan)] = _Texts(render(plan))
    return _CACHE[id(plan)]


def test_no_english_label_is_left_in_french(plan: Plan) -> None:
    """With lang fr no text of the page is an English label, and no English function word stands in any label."""
    nodes = set(_Texts(render(plan, "fr")).nodes)
    english = {en for section in shipped_words().values() for en, fr in section.values() if en != fr}
    french = {fr for section in shipped_words().values() for _, fr in section.values()}
    labels = {column.label for table in RESULTS.values() for column in table.columns if column.label != column.label_fr}
    spoken = {column.label_fr for table in RESULTS.values() for column in table.columns}
    assert nodes & ((english | labels) - french - spoken) == set()
    said = re.compile(r"\b(the|of|and|with|are|not|is|people|by|have|from)\b", re.IGNORECASE)
    assert [node for node in nodes if said.search(node)] == []


def test_an_unknown_language_is_refused(plan: Plan) -> None:
    """A language without words is refused by name."""
    with pytest.raises(Refused, match="language"):
        render(plan, "bm")


def test_every_word_has_two_languages() -> None:
    """Each key of the word table is a pair, and the blanks of both sentences are the same."""
    for section in shipped_words().values():
        for key, pair in section.items():
            assert len(pair) == 2, key
            assert all(pair), key
            assert sorted(re.findall(r"{\w+}", pair[0])) == sorted(re.findall(r"{\w+}", pair[1])), key


def test_same_plan_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Two processes with other hash seeds write the same report, byte for byte."""
    script = (f"import sys, hashlib; sys.path.insert(0, {str(Path(__file__).parent)!r});"
              "from conftest import make_plan; from gis_planner.maps.report import render;"
              "print(hashlib.sha256(render(make_plan()).encode()).hexdigest())")
    found = {subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                            capture_output=True, text=True, cwd=tmp_path).stdout for seed in ("0", "77")}
    assert len(found) == 1


def test_a_plan_with_nothing_still_gives_a_page(plan: Plan) -> None:
    """A plan without results, base layers, figures or norms renders, and says that nothing was found wrong."""
    empty = dataclasses.replace(plan, results={}, base={}, figures=(), proofs=(), norms=(), layers=(), findings=(),
                                curves={}, assumptions=())
    assert word("findings_none", "en") in _Texts(render(empty)).nodes


def test_many_points_become_dots_and_fit_the_budget(plan: Plan) -> None:
    """60,000 water points are drawn as packed dots, without a sheet each, within the budget of the page."""
    random = np.random.default_rng(1)
    many = gpd.GeoDataFrame({"water_point_id": range(60_000), "status": "working", "technology": "open_well"},
                            geometry=gpd.points_from_xy(random.uniform(-8.2, -7.4, 60_000),
                                                        random.uniform(11.7, 12.2, 60_000)), crs=4326)
    layers = drawn_layers(dataclasses.replace(plan, base={"water_points": many}, results={}), load_style())
    (drawn,) = layer_data(layers, "en", PACKED_BUDGET)
    assert "features" not in drawn
    full = len(str(drawn["packed"]))
    (small,) = layer_data(layers, "en", 100_000)
    # a smaller budget is met by a coarser grid
    assert len(str(small["packed"])) < 110_000 < full


def test_varints_are_base_128_little_end_first() -> None:
    """300 is 0b10_0101100: low seven bits with the mark of more (172), then 2."""
    assert pack.varints(np.array([0, 127, 128, 300, 2**31])) == bytes(
        [0, 127, 128, 1, 172, 2, 128, 128, 128, 128, 8])


def test_numbers_are_grouped_as_the_reader_writes_them() -> None:
    """1234567.5 is 1,234,568 in English and has narrow spaces in French; a loss has a true minus sign."""
    assert number(1_234_567.5, "en") == "1,234,568"
    assert number(1_234_567.5, "fr") == "1\u202f234\u202f568"
    assert number(0.25, "fr") == "0,25"
    assert signed(-12.4, "en") == "\u221212"
    assert signed(0.01, "en") == "same"


def test_axis_ticks_are_round_and_cover_the_top() -> None:
    """For 173.5 in at most five steps the step is 50 (173.5/5 = 34.7, next of 1-2-5): 0 to 200."""
    assert ticks(173.5) == [0, 50, 100, 150, 200]
    assert ticks(0) == [0, 1]


def test_an_own_style_replaces_one_key_and_refuses_an_unknown_one(tmp_path: Path, plan: Plan) -> None:
    """An organisation's style file changes a colour and a name; a key that is none is refused with the nearest."""
    own = tmp_path / "style.toml"
    own.write_text('[organisation]\nname = "Kafo"\n[layer.wells]\ncolour = "#123456"\n', encoding="utf-8")
    style = load_style(own)
    assert style.layer("wells").colour == "#123456"
    assert style.layer("wells").shape == "square"
    assert "Kafo" in render(plan, style=style)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[layer.wells]\ncolor = "#123456"\n', encoding="utf-8")
    with pytest.raises(Refused, match="colour"):
        load_style(wrong)


def test_order_of_rows_does_not_change_the_choice_shown(plan: Plan, plan_maker: Callable[..., Plan]) -> None:
    """Shuffled wells give the same wells table on the page."""
    wells = plan.results["wells"].sample(frac=1, random_state=3)
    other = dataclasses.replace(plan, results={**plan.results, "wells": wells})

    def part(page: str) -> str:
        return page[page.index('id="table-wells"'):page.index('id="table-latrines"')]

    assert part(render(other)) == part(render(plan))
