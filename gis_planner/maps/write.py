"""Everything that a run writes, in one folder, seen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gis_planner.maps.bundle import write_bundle
from gis_planner.maps.crew_day import crew_days
from gis_planner.maps.geopackage import write_geopackage
from gis_planner.maps.gpx import gpx
from gis_planner.maps.kml import kml
from gis_planner.maps.plan_json import plan_facts, write_json
from gis_planner.maps.tables_csv import write_tables
from gis_planner.maps.workbook import write_workbook
from gis_planner.tables.plan import Plan

Say = Callable[[str], None]


def write_plan(plan: Plan, out: Path, *, lang: str = "en", progress: Say | None = None) -> Path:
    """Write the plan into the folder `out` (HOUSE.md: "What a run writes"); the folder, resolved.

    lang: `en` or `fr`, for everything that people read. progress: told the name of each file as it is begun.
    The same plan gives the same bytes. Raises what `bundle.write_bundle` raises.
    """
    return write_bundle(out, lambda folder: fill(plan, folder, lang=lang, progress=progress))


def fill(plan: Plan, folder: Path, *, lang: str = "en", progress: Say | None = None) -> None:
    """Write every file of the plan into an empty folder."""
    say = progress or (lambda _: None)
    say("plan.json")
    write_json(plan_facts(plan), folder / "plan.json")
    say("tables/*.csv")
    write_tables(plan, folder / "tables", lang=lang)
    say("plan.xlsx")
    write_workbook(plan, folder / "plan.xlsx", lang=lang)
    say("plan.gpkg")
    write_geopackage(plan, folder / "plan.gpkg", lang=lang)
    say("routes/*.gpx *.kml")
    write_routes(plan, folder / "routes", lang=lang)
    say("report.html")
    _write_report(plan, folder / "report.html", lang)


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


def _write_report(plan: Plan, path: Path, lang: str) -> None:
    from gis_planner.maps.report import render

    _text(path, render(plan, lang))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
