"""The report at 10^4, 10^5 and 10^6 features beside plain folium: bytes, seconds to write, seconds until drawn.

Also the comparison's sliders: milliseconds to rank 5,000 candidates by 8 criteria. Browser: Debian's Chromium,
headless, names of other hosts not resolved. Plain folium is opened from its file as a reader without a network would.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import folium
import geopandas as gpd
import numpy as np

from benchmarks._common import ROOT, clock, write_results
from gis_planner.maps import compare, report

SIZES = (10_000, 100_000, 1_000_000)
PLAIN_MOST = 100_000
SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND")


def _plans() -> ModuleType:
    spec = importlib.util.spec_from_file_location("maps_fixture", ROOT / "tests" / "maps" / "conftest.py")
    if spec is None or spec.loader is None:
        sys.exit("tests/maps/conftest.py is absent: run from a checkout")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _points(count: int) -> gpd.GeoDataFrame:
    random = np.random.default_rng(count)
    middle = random.uniform((-8.1, 11.75), (-7.45, 12.2), (40, 2))
    xy = middle[random.integers(0, 40, count)] + random.normal(0, 0.03, (count, 2))
    return gpd.GeoDataFrame({"water_point_id": range(count), "status": "working", "technology": "open_well",
                             "name": "Kola"}, geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=4326)


def _plain_folium(points: gpd.GeoDataFrame, path: Path) -> None:
    page = folium.Map([12.0, -7.8], zoom_start=10, prefer_canvas=True)
    folium.GeoJson(points, marker=folium.CircleMarker(radius=2), popup=folium.GeoJsonPopup(["name"])).add_to(page)
    page.save(path)


def _open(browser: Any, path: Path, ready: str) -> tuple[str, int]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    began = time.perf_counter()
    page.goto(path.as_uri(), timeout=120_000)
    try:
        page.wait_for_function(ready, timeout=15_000)
        drawn = f"{time.perf_counter() - began:.1f}"
    except Exception:  # the driver's own time-out class, whatever its version
        drawn = "never (blank)"
    page.close()
    return drawn, len(failed)


def _row(browser: Any, what: str, count: int, path: Path, write_s: float) -> dict[str, object]:
    ready = "document.querySelector('.plan-canvas, .symbol svg, canvas.leaflet-zoom-animated') !== null"
    drawn, failed = _open(browser, path, ready) if browser else ("no browser", 0)
    return {"page": what, "features": f"{count:,}", "MB": f"{path.stat().st_size / 1e6:.2f}",
            "written s": f"{write_s:.1f}", "drawn s": drawn, "failed requests": failed}


def _sliders(browser: Any, plan: Any, folder: Path) -> dict[str, object]:
    path = folder / "compare.html"
    with clock() as took:
        path.write_text(compare.render([plan, plan]), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    ms = page.evaluate("""() => {
        const out = [];
        for (let k = 0; k < 20; k++) {
            const weights = [1, 2, 3, 4, 5, k % 5, 1, 2], began = performance.now();
            planRank("wells", weights);
            out.push(performance.now() - began);
        }
        return out.sort((a, b) => a - b)[10];
    }""")
    page.close()
    return {"page": "comparison, sliders", "features": "5,000 x 8", "MB": f"{path.stat().st_size / 1e6:.2f}",
            "written s": f"{took.wall_s:.1f}", "drawn s": f"{ms:.1f} ms to rank", "failed requests": 0}


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    fixture, rows = _plans(), []
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("playwright is not installed: pip install -e .[dev]")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        browser = driver.chromium.launch(executable_path=chromium, args=list(SWITCHES)) if chromium else None
        teaching = fixture.make_plan()
        path = folder / "report.html"
        with clock() as took:
            path.write_text(report.render(teaching), encoding="utf-8")
        rows.append(_row(browser, "report, teaching size", 0, path, took.wall_s))
        for count in SIZES:
            points = _points(count)
            plan = dataclasses.replace(teaching, base={**teaching.base, "water_points": points})
            with clock() as took:
                path.write_text(report.render(plan), encoding="utf-8")
            rows.append(_row(browser, "report", count, path, took.wall_s))
            print(rows[-1], flush=True)
            if count <= PLAIN_MOST:
                with clock() as took:
                    _plain_folium(points, folder / "plain.html")
                rows.append(_row(browser, "plain folium", count, folder / "plain.html", took.wall_s))
            else:
                rows.append({"page": "plain folium", "features": f"{count:,}", "MB": "not tried: ten times as much"})
            print(rows[-1], flush=True)
        if browser:
            rows.append(_sliders(browser, fixture.make_plan(wells=5_000, chosen=300), folder))
            browser.close()
    write_results("report_size", "Web report: size and time to draw", rows,
                  "Drawn: the map's first symbols or canvas exist. Plain folium asks other hosts for its scripts, so "
                  "without a network its page stays blank.")


if __name__ == "__main__":
    main()
