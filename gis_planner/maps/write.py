"""Everything that a run writes, in one folder, seen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gis_planner.maps import compare, report
from gis_planner.maps.atlas.board import write_board
from gis_planner.maps.atlas.document import write_atlas
from gis_planner.maps.bundle import write_bundle
from gis_planner.maps.comparison_files import write_comparison_csv, write_comparison_workbook
from gis_planner.maps.crew_day import crew_days
from gis_planner.maps.differences import difference_facts, difference_tables
from gis_planner.maps.geopackage import write_geopackage
from gis_planner.maps.gpx import gpx
from gis_planner.maps.kml import kml
from gis_planner.maps.plan_json import plan_facts, write_json
from gis_planner.maps.png import write_pictures
from gis_planner.maps.style import Style, using
from gis_planner.maps.tables_csv import write_tables
from gis_planner.maps.workbook import write_workbook
from gis_planner.tables.plan import Plan

Say = Callable[[str], None]
Step = Callable[[Plan, Path, str], None]


def write_plan(
    plan: Plan, out: Path, *, lang: str = "en", progress: Say | None = None, style: Style | None = None
) -> Path:
    """Write the plan into the folder `out` (STEPS says what); the folder, resolved.

    lang: `en` or `fr`, for everything that people read. progress: told the name of each file as it is begun.
    style: an organisation's own look, names, logo and words (`style.load_style`); None for what ships.
    The same plan gives the same bytes. Raises what `bundle.write_bundle` raises.
    """
    with using(style):
        return write_bundle(out, lambda folder: fill(plan, folder, lang=lang, progress=progress))


def fill(plan: Plan, folder: Path, *, lang: str = "en", progress: Say | None = None) -> None:
    """Write every file of the plan into an empty folder."""
    for name, step in STEPS.items():
        if progress is not None:
            progress(name)
        step(plan, folder, lang)


def write_routes(plan: Plan, folder: Path, *, lang: str = "en") -> None:
    """One GPX and one KML per crew-day, and `all.gpx` and `all.kml`; nothing when the plan has no crew-day."""
    days = crew_days(plan, lang)
    if not days:
        return
    folder.mkdir(parents=True)
    for day in days:
        _text(folder / f"{day.file}.gpx", gpx([day], day.title, lang=lang))
        _text(folder / f"{day.file}.kml", kml([day], day.title, lang=lang))
    _text(folder / "all.gpx", gpx(days, plan.name, lang=lang))
    _text(folder / "all.kml", kml(days, plan.name, lang=lang))


def write_comparison(
    plans: Sequence[Plan], out: Path, *, lang: str = "en", style: Style | None = None
) -> Path:
    """Write the plans side by side, each against the first, into the folder `out`; the folder, resolved.

    compare.html, board.pdf (a page per plan), compare.json, compare.xlsx, compare.csv (villages),
    compare_figures.csv, compare_sites.csv.
    """
    with using(style):
        return write_bundle(out, lambda folder: fill_comparison(plans, folder, lang=lang))


def fill_comparison(plans: Sequence[Plan], folder: Path, *, lang: str = "en") -> None:
    """Write every file of a comparison into an empty folder."""
    tables = difference_tables(plans, lang)
    write_json(difference_facts(plans, lang), folder / "compare.json")
    write_comparison_csv(tables, folder)
    write_comparison_workbook(tables, folder / "compare.xlsx", lang=lang)
    write_board(plans, folder / "board.pdf", lang=lang)
    _text(folder / "compare.html", compare.render(plans, lang))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


STEPS: dict[str, Step] = {
    "plan.json": lambda plan, folder, lang: write_json(plan_facts(plan), folder / "plan.json"),
    "tables/*.csv": lambda plan, folder, lang: write_tables(plan, folder / "tables", lang=lang),
    "plan.xlsx": lambda plan, folder, lang: write_workbook(plan, folder / "plan.xlsx", lang=lang),
    "plan.gpkg": lambda plan, folder, lang: write_geopackage(plan, folder / "plan.gpkg", lang=lang),
    "routes/*.gpx *.kml": lambda plan, folder, lang: write_routes(plan, folder / "routes", lang=lang),
    "board.pdf": lambda plan, folder, lang: write_board([plan], folder / "board.pdf", lang=lang),
    "atlas.pdf": lambda plan, folder, lang: write_atlas(plan, folder / "atlas.pdf", lang=lang),
    "pictures/*.png": lambda plan, folder, lang: write_pictures(plan, folder / "pictures", lang=lang),
    "report.html": lambda plan, folder, lang: _text(folder / "report.html", report.render(plan, lang)),
}
"""What a run writes, in the order it is written: its name, and what writes it."""
