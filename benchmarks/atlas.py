"""Time per page of atlas.pdf and of the pictures, for the plan of the teaching region and for larger regions."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from benchmarks._common import ROOT, clock, peak_mb, write_results
from gis_planner.maps.atlas.document import atlas_values, compiled
from gis_planner.maps.png import write_pictures
from gis_planner.tables.plan import Plan


def _plans() -> ModuleType:
    """The map room's test plans."""
    spec = importlib.util.spec_from_file_location("maps_conftest", ROOT / "tests" / "maps" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["maps_conftest"] = module
    spec.loader.exec_module(module)
    return module


def _pages(pdf: bytes) -> int:
    if shutil.which("pdfinfo") is None:
        return len(re.findall(rb"/Type\s*/Page\b", pdf))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        text = subprocess.run(["pdfinfo", file.name], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", text)[1])  # type: ignore[index]


def _measure(name: str, plan: Plan) -> dict[str, object]:
    with clock() as values_took:
        values = atlas_values(plan)
    with clock() as set_took:
        pdf = compiled("atlas.typ", values, "pdf")[0]
    count = _pages(pdf)
    with tempfile.TemporaryDirectory() as folder, clock() as pictures_took:
        write_pictures(plan, Path(folder))
        pictures = list(Path(folder).iterdir())
        size_kb = sum(path.stat().st_size for path in pictures) / len(pictures) / 1000
    total = values_took.wall_s + set_took.wall_s
    cpu_ms = 1000 * (values_took.cpu_s + set_took.cpu_s) / count
    row = {
        "plan": name, "pages": count, "maps drawn": f"{values_took.wall_s:.1f} s",
        "set by Typst": f"{set_took.wall_s:.1f} s", "per page": f"{1000 * total / count:.0f} ms ({cpu_ms:.0f} ms CPU)",
        "30 pages": f"{30 * total / count:.1f} s", "size": f"{len(pdf) / 1e6:.1f} MB", "pictures": len(pictures),
        "per picture": f"{1000 * pictures_took.wall_s / len(pictures):.0f} ms, {size_kb:.0f} kB",
        "peak": f"{peak_mb():.0f} MB",
    }
    print(row, flush=True)
    return row


def main() -> None:
    """Measure and write the table."""
    plans = _plans()
    names = [f"Village {number}" for number in range(200)]
    rows = [
        _measure("27 villages", plans.make_plan()),
        _measure("200 villages", plans.make_plan(names=names, chosen=200, wells=1000, sites=400)),
    ]
    write_results("atlas", "The printed atlas", rows,
                  "Simulated plans of the tests. WeasyPrint took 10.6 s for 25 simpler pages, headless Chromium 2.6 s "
                  "for one report page, on a machine of this kind.")


if __name__ == "__main__":
    main()
