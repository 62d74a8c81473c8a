"""The report and the comparison in a real browser, network cut: everything works, nothing leaves or runs."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from doubt_tables import with_doubt

from gis_planner.maps import compare, report, safe
from gis_planner.maps.words import word
from gis_planner.tables.plan import Plan

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND")
WIDTHS = (360, 768, 1440)


@dataclass
class _Seen:
    """A page and what its browser reported: requests other than the file, failures, console errors, dialogs."""

    page: Any
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium; skips with the reason when it or its driver is absent."""
    api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed (dev extra)")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield running
        running.close()


@contextmanager
def _opened(browser: Any, path: Path, width: int = 1280) -> Iterator[_Seen]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = _Seen(page)
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else
            seen.outside.append(request.url))
    page.on("requestfailed", lambda request: seen.faults.append(f"failed {request.url}"))
    page.on("console", lambda said: seen.faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.faults.append(str(error)))
    page.on("dialog", lambda dialog: (seen.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.goto(path.as_uri())
    yield seen
    page.wait_for_timeout(50)
    assert seen.outside == []
    assert seen.faults == []
    page.close()


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are written."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def hostile_small(plan_maker: Callable[..., Plan], hostile_names: tuple[str, ...]) -> Plan:
    """A plan of hostile names with few rows, so that each place can be opened in turn."""
    return plan_maker(hostile_names[6], hostile_names, chosen=20, wells=54, homes=40, sites=40, points=54)


@pytest.fixture(scope="module")
def report_page(folder: Path, plan: Plan) -> Path:
    """The report in English, with every table of doubt."""
    return _write(folder, "report.html", report.render(with_doubt(plan)))


@pytest.fixture(scope="module")
def hostile_page(folder: Path, hostile_small: Plan) -> Path:
    """The report with hostile names everywhere."""
    return _write(folder, "hostile.html", report.render(with_doubt(hostile_small)))


@pytest.fixture(scope="module")
def compare_page(folder: Path, plan_maker: Callable[..., Plan], hostile_names: tuple[str, ...]) -> Path:
    """Two plans compared; names are hostile."""
    few = {"wells": 54, "homes": 40, "sites": 40, "points": 54}
    plans = [plan_maker("a", hostile_names, chosen=20, **few),
             plan_maker(hostile_names[0], hostile_names, chosen=12, gain=0.5, **few)]
    return _write(folder, "compare.html", compare.render([with_doubt(plan) for plan in plans]))


def test_the_map_is_drawn(browser: Any, report_page: Path) -> None:
    """Opened without a network, the report draws its symbols, lines and village names on the map."""
    with _opened(browser, report_page) as seen:
        assert seen.page.locator("#map_plan .symbol svg").count() > 300
        assert seen.page.locator("#map_plan path.leaflet-interactive, #map_plan path[stroke]").count() > 10
        assert seen.page.locator(".vlabel").first.is_visible()


def test_every_popup_shows_its_hostile_name_and_runs_nothing(browser: Any, hostile_page: Path, hostile_small: Plan
                                                             ) -> None:
    """Each popup of the map opened in turn shows its title verbatim; the page's title is unchanged, no node is born."""
    with _opened(browser, hostile_page) as seen:
        found = seen.page.evaluate("""() => {
            const view = planMaps[0], wrong = [], names = new Set();
            for (const layer of view.layers) {
                view.show(layer.key, true);
                for (const feature of layer.features || []) {
                    const drawn = view.index[layer.key + "/" + feature[1]].drawn;
                    drawn.openPopup();
                    const head = drawn.getPopup().getElement().querySelector("h3").textContent;
                    if (head !== feature[2]) { wrong.push([head, feature[2]]); }
                    if (layer.key === "villages") { names.add(head); }
                }
            }
            return {wrong: wrong, names: [...names], title: document.title,
                    born: document.querySelectorAll("img, iframe, object, embed, b, marquee").length};
        }""")
        names = {safe.text(name) for name in hostile_small.results["villages"]["village"]}
        assert found["wrong"] == []
        assert set(found["names"]) == names
        assert found["born"] == 0
        assert found["title"] == f"Plan: {hostile_small.name}"


def test_every_tooltip_shows_its_name_verbatim(browser: Any, hostile_page: Path, hostile_small: Plan) -> None:
    """The labels beside the villages hold the hostile names as text."""
    with _opened(browser, hostile_page) as seen:
        shown = set(seen.page.evaluate("[...document.querySelectorAll('.vlabel bdi')].map(node => node.textContent)"))
        assert shown == {safe.text(name) for name in hostile_small.results["villages"]["village"]}


def test_an_injected_script_is_stopped_by_the_policy(browser: Any, folder: Path, plan: Plan) -> None:
    """Were a script to slip into the page, the content-security policy would refuse to run it."""
    text = report.render(plan).replace("<footer>", "<script>document.title='owned'</script><footer>")
    page = browser.new_page()
    page.goto(_write(folder, "injected.html", text).as_uri())
    assert page.title() == "Plan: baseline"
    page.close()


def test_tables_sort_filter_and_move_the_map(browser: Any, report_page: Path) -> None:
    """A head sorts its table both ways, the filter and the box hide rows, and a row's button opens its place."""
    with _opened(browser, report_page) as seen:
        box = seen.page.locator("#table-wells ~ .table-box").first
        box.locator("thead button", has_text="Cost (FCFA)").click()
        assert box.locator("th[aria-sort=ascending]").count() == 1
        column = box.locator("thead th").evaluate_all("heads => heads.findIndex(head => head.ariaSort)")
        cost = "(rows, at) => rows.map(row => Number(row.cells[at].textContent.replaceAll(',', '')))"
        values = box.locator("tbody tr").evaluate_all(cost, column)
        assert values == sorted(values)
        box.locator("thead button", has_text="Cost (FCFA)").click()
        assert box.locator("tbody tr").evaluate_all(cost, column) == sorted(values, reverse=True)
        box.locator("input[type=checkbox]").check()
        assert box.locator("tbody tr:visible").count() == 30
        box.locator("input[type=search]").fill("w0001")
        assert box.locator("tbody tr:visible").count() == 1
        assert box.locator(".count").text_content() == f"1 of {box.locator('tbody tr').count()} rows"
        box.locator("tbody tr:visible button.go").click()
        popup = seen.page.locator(".leaflet-popup h3")
        assert popup.is_visible()
        assert "repair" in (popup.text_content() or "")


def test_search_without_accents_opens_the_village_sheet(browser: Any, report_page: Path) -> None:
    """"tinkele" finds Tinkélé: the map goes there, the sheet lists what is planned, and an unknown name is said."""
    with _opened(browser, report_page) as seen:
        seen.page.fill("#search input", "tinkele")
        seen.page.press("#search input", "Enter")
        assert seen.page.locator("#sheet-body h3").text_content() == "Tinkélé"
        assert seen.page.locator("#sheet-body li").count() > 0
        assert seen.page.evaluate("document.activeElement.textContent") == "Tinkélé"
        seen.page.locator("#sheet-body button").first.click()
        assert seen.page.locator(".leaflet-popup").is_visible()
        seen.page.fill("#search input", "zzz")
        seen.page.press("#search input", "Enter")
        assert seen.page.locator("#search-said").text_content() == word("no_village", "en")


def test_layers_switch_on_and_off(browser: Any, report_page: Path) -> None:
    """Each box of the legend takes its layer off the map and puts it back."""
    with _opened(browser, report_page) as seen:
        for box in seen.page.locator(".legend input").all():
            key = box.get_attribute("data-layer")
            for want in (True, False):
                box.set_checked(want)
                assert seen.page.evaluate("key => planMaps[0].map.hasLayer(planMaps[0].groups[key])", key) is want


def test_every_filter_hides_what_does_not_match(browser: Any, report_page: Path) -> None:
    """Written into any filter, a text that no row holds hides every row, and its removal shows them again."""
    with _opened(browser, report_page) as seen:
        found = seen.page.evaluate("""() => [...document.querySelectorAll(".table-box")].map(box => {
            const field = box.querySelector("input[type=search]"), rows = [...box.querySelectorAll("tbody tr")];
            const shown = () => rows.filter(row => !row.hidden).length, before = shown();
            const write = text => { field.value = text; field.dispatchEvent(new Event("input")); };
            write("zzzzzz");
            const none = shown();
            write(rows[0].cells[0].textContent.trim());
            const some = shown();
            write("");
            return [before, none, some, shown()];
        })""")
        assert len(found) > 6
        for before, none, some, after in found:
            assert none == 0
            assert 1 <= some <= before
            assert after == before


def test_the_map_works_by_keyboard(browser: Any, report_page: Path) -> None:
    """The first Tab reaches the link past the head; on the map arrows move and plus and minus zoom."""
    with _opened(browser, report_page) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.className") == "skip"
        seen.page.locator("#map_plan").focus()
        before = seen.page.evaluate("planMaps[0].map.getCenter().lng + ' ' + planMaps[0].map.getZoom()").split()
        seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_timeout(500)
        seen.page.keyboard.press("+")
        seen.page.wait_for_timeout(600)
        after = seen.page.evaluate("planMaps[0].map.getCenter().lng + ' ' + planMaps[0].map.getZoom()").split()
        assert float(after[0]) > float(before[0])
        assert float(after[1]) > float(before[1])


def test_on_paper_details_are_open_and_tools_are_gone(browser: Any, report_page: Path) -> None:
    """In print every folded part is open and what only a screen can use is hidden."""
    with _opened(browser, report_page) as seen:
        seen.page.emulate_media(media="print")
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator("details:not([open])").count() == 0
        assert not seen.page.locator(".sheet").is_visible()
        assert not seen.page.locator(".table-tools").first.is_visible()
        assert seen.page.locator("#decision").is_visible()


def test_frames_say_how_firm_a_place_is(browser: Any, report_page: Path) -> None:
    """Chosen water points wear the frame of their band, and the popup of one says it in words."""
    with _opened(browser, report_page) as seen:
        for name in ("firm", "likely", "open"):
            assert seen.page.locator(f"#map_plan .symbol svg.{name}").count() == 10
        seen.page.evaluate("planMaps[0].index['wells/W0001'].drawn.openPopup()")
        assert "in the top 30 in 95 % of draws (firm)" in (seen.page.locator(".leaflet-popup").text_content() or "")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(browser: Any, report_page: Path, compare_page: Path, hostile_page: Path,
                                          width: int) -> None:
    """At 360, 768 and 1440 pixels nothing makes the page scroll sideways, hostile names neither."""
    for path in (report_page, hostile_page, compare_page):
        with _opened(browser, path, width) as seen:
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("lang", "width"), [("en", 360), ("en", 768), ("fr", 1440)])
def test_axe_finds_nothing_serious(browser: Any, folder: Path, plan_maker: Callable[..., Plan], lang: str, width: int
                                   ) -> None:
    """axe-core finds no serious or critical fault in the report or in the comparison, on a phone and on a desk."""
    why = "axe-playwright-python is not installed (dev extra)"
    axe = pytest.importorskip("axe_playwright_python.base", reason=why)
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    names = ("Kola", "Tamala", "Banko", "Digan", "Solo")
    plan = with_doubt(plan_maker(names=names, chosen=2, wells=6, homes=5, sites=6, points=24))
    pages = (report.render(plan, lang), compare.render([plan, dataclasses.replace(plan, name="b")], lang))
    for at, text in enumerate(pages):
        with _opened(browser, _write(folder, f"axe{at}{lang}.html", text), width) as seen:
            seen.page.evaluate(script)
            found = seen.page.evaluate("axe.run({resultTypes: ['violations']})")
            assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found["violations"]
                    if fault["impact"] in {"serious", "critical"}] == []


def test_maps_of_a_comparison_move_together(browser: Any, compare_page: Path) -> None:
    """Moving one map moves the other to the same centre and zoom."""
    with _opened(browser, compare_page) as seen:
        seen.page.evaluate("planMaps[0].map.setView([12.0, -7.6], 13, {animate: false})")
        at = "(k) => { const m = planMaps[k].map, c = m.getCenter(); return [c.lat, c.lng, m.getZoom()]; }"
        assert seen.page.evaluate(at, 1) == pytest.approx(seen.page.evaluate(at, 0))


def test_sliders_rank_by_the_weighted_sum(browser: Any, compare_page: Path) -> None:
    """With all weight on one criterion the best of that criterion leads; the solved list beside it does not change."""
    with _opened(browser, compare_page) as seen:
        box = seen.page.locator(".ranker").first
        solved = box.locator(".both > :nth-child(2)").text_content()
        for slider in box.locator("input[type=range]").all():
            slider.fill("0")
        box.locator("input[type=range]").nth(5).fill("5")
        best = seen.page.evaluate("""() => {
            const wells = planData("candidates").tables.wells, walk = wells.values[5];
            return wells.id[walk.indexOf(Math.max(...walk))];
        }""")
        assert box.locator("tbody").first.locator("th").first.text_content() == best
        assert box.locator(".both > :nth-child(2)").text_content() == solved
        box.locator(".reset").click()
        assert [slider.input_value() for slider in box.locator("input[type=range]").all()] == [
            slider.get_attribute("value") for slider in box.locator("input[type=range]").all()]


def test_every_slider_can_be_moved_by_keyboard(browser: Any, compare_page: Path) -> None:
    """Each slider takes an arrow key, shows its weight beside its name, and leaves the list as long as it was."""
    with _opened(browser, compare_page) as seen:
        sliders = seen.page.locator(".ranker input[type=range]")
        assert sliders.count() > 10
        for slider in sliders.all():
            before = int(slider.input_value())
            slider.focus()
            seen.page.keyboard.press("ArrowRight" if before < 5 else "ArrowLeft")
            after = int(slider.input_value())
            assert abs(after - before) == 1
            assert slider.evaluate("node => node.previousElementSibling.textContent") == str(after)


def test_hostile_names_run_nothing_in_a_comparison(browser: Any, compare_page: Path) -> None:
    """The comparison of hostile plans keeps its title, bears no foreign element, and opens every popup."""
    with _opened(browser, compare_page) as seen:
        seen.page.evaluate("planMaps.forEach(v => Object.values(v.index).forEach(item => item.drawn.openPopup()))")
        assert seen.page.title() == word("compare", "en")
        assert seen.page.locator("img, iframe, object, embed, b").count() == 0


def test_packed_dots_stand_where_the_points_are(browser: Any, folder: Path, plan: Plan) -> None:
    """Dots unpacked in the page are the points given, to the fineness of the 16-bit grid, and are painted."""
    random = np.random.default_rng(11)
    x, y = random.uniform(-8.2, -7.4, 12_000), random.uniform(11.7, 12.2, 12_000)
    many = gpd.GeoDataFrame({"water_point_id": range(12_000), "status": "working", "technology": "open_well"},
                            geometry=gpd.points_from_xy(x, y), crs=4326)
    text = report.render(dataclasses.replace(plan, base={"water_points": many}, results={}))
    with _opened(browser, _write(folder, "dots.html", text)) as seen:
        found = seen.page.evaluate("""() => {
            const layer = planMaps[0].layers.find(item => item.packed), read = planUnpack(layer.packed);
            const canvas = document.querySelector(".plan-canvas");
            const ink = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            return {x: [...read.x], y: [...read.y], ink: ink.some(value => value > 0)};
        }""")
        longitude = np.array(found["x"]) * 360 - 180
        latitude = np.degrees(2 * np.arctan(np.exp(np.pi * (1 - 2 * np.array(found["y"])))) - np.pi / 2)
        assert found["ink"]
        # one cell of the grid is 0.8 / 65535 degrees; rounding moves a point by half of it at most
        assert np.allclose(np.sort(longitude), np.unique(np.sort(x)), atol=0.8 / 65535)
        assert np.allclose(np.sort(latitude), np.sort(y), atol=0.5 / 65535)


def test_packed_strokes_stand_where_the_lines_are(browser: Any, folder: Path, plan: Plan) -> None:
    """2,000 lines unpacked in the page start and end where they did, and are painted."""
    random = np.random.default_rng(12)
    starts = np.column_stack([random.uniform(-8.2, -7.4, 2_000), random.uniform(11.7, 12.2, 2_000)])
    lines = gpd.GeoSeries.from_wkt([f"LINESTRING({x} {y}, {x + 0.01} {y + 0.01}, {x + 0.02} {y})" for x, y in starts],
                                   crs=4326)
    streams = gpd.GeoDataFrame({"stream_id": range(2_000)}, geometry=lines)
    text = report.render(dataclasses.replace(plan, base={"streams": streams}, results={}))
    with _opened(browser, _write(folder, "strokes.html", text)) as seen:
        found = seen.page.evaluate("""() => {
            const read = planUnpack(planMaps[0].layers.find(item => item.packed).packed);
            return {x: [...read.x], starts: read.starts};
        }""")
        assert found["starts"] == list(range(0, 6_001, 3))
        longitude = np.array(found["x"])[::3] * 360 - 180
        assert np.allclose(longitude, starts[:, 0], atol=0.9 / 65535)
