"""Run a scenario: settings, layers, world, programmes, one plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gis_planner import __version__
from gis_planner.crs import STORE
from gis_planner.layers.catalog import load_region
from gis_planner.problems import Finding, Problems, Refused, Severity, refused
from gis_planner.programmes.larviciding.plan import plan_larviciding
from gis_planner.programmes.latrines.plan import plan_latrines
from gis_planner.programmes.nets.plan import plan_nets
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.wells.plan import plan_wells
from gis_planner.programmes.world import World, build_world, xy
from gis_planner.scenarios.assumptions import assumptions, norms_cited
from gis_planner.scenarios.checked import Checked, check_settings, plain
from gis_planner.scenarios.layers_needed import check_layers, check_prices, kinds_for
from gis_planner.scenarios.settings import PROGRAMMES
from gis_planner.tables.layer import Region
from gis_planner.tables.plan import Figure, Plan, Words

Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """Report progress to nobody."""


def prepare(
    path: Path, only: Sequence[str] = (), progress: Progress = quiet
) -> tuple[Checked | None, Region | None, Problems]:
    """Check a scenario and its layers at once: everything that is wrong, nothing written."""
    problems = Problems()
    progress("settings")
    checked = check_settings(path, problems)
    if checked is None:
        return None, None, problems
    chosen = _chosen(checked, only)
    progress("layers")
    try:
        region, found = load_region(checked.catalog, only=kinds_for(chosen))
    except Refused as error:
        problems.extend(error.findings)
        return checked, None, problems
    problems.extend(found)
    lost = {finding.field for finding in found.of(Severity.REFUSE)}
    gone = {kind for kind in kinds_for(chosen) if not region.has(kind) and _in_catalog(kind, found)} | lost
    check_prices(checked, region, chosen, problems)
    check_layers(region, chosen, f"{checked.catalog.parent.name}/{checked.catalog.name}", gone, problems)
    return checked, region, problems


def _in_catalog(kind: str, found: Problems) -> bool:
    return any(kind in (finding.field, finding.row) or kind in finding.file for finding in found.of(Severity.REFUSE))


def _chosen(checked: Checked, only: Sequence[str]) -> tuple[str, ...]:
    for name in only:
        if name not in checked.settings.run:
            raise refused("unknown-programme", field="--only", found=name, expected=", ".join(checked.settings.run),
                          remedy="Name programmes that the scenario runs.",
                          remedy_fr="Nommez des programmes que le scénario planifie.")
    return tuple(name for name in PROGRAMMES if name in checked.settings.run and (not only or name in only))


def run(path: Path, only: Sequence[str] = (), progress: Progress = quiet) -> Plan:
    """The plan of a scenario. Raises Refused (with every problem at once) or CannotBeMet."""
    checked, region, problems = prepare(path, only, progress)
    problems.stop()
    if checked is None or region is None:
        raise Refused(problems.findings)
    settings = checked.settings
    progress("people")
    world = build_world(
        region, season=settings.season, people=settings.people, travel=settings.travel, book=checked.book,
        seed=settings.seed, effort=settings.effort)
    problems.extend((*world.people.findings, *world.notes))
    chosen = _chosen(checked, only)
    outcomes = _plan_each(world, checked, chosen, progress)
    for outcome in outcomes.values():
        problems.extend(outcome.findings)
    return _assemble(checked, world, outcomes, problems)


def _plan_each(world: World, checked: Checked, chosen: Sequence[str], progress: Progress) -> dict[str, Outcome]:
    settings, outcomes = checked.settings, dict[str, Outcome]()
    for name in chosen:
        progress(name)
        if name == "wells" and settings.wells is not None:
            outcomes[name] = plan_wells(world, settings.wells, settings.firm)
        elif name == "latrines" and settings.latrines is not None:
            outcomes[name] = plan_latrines(world, settings.latrines, _planned_wells(world, outcomes))
        elif name == "nets" and settings.nets is not None:
            outcomes[name] = plan_nets(world, settings.nets)
        elif name == "larviciding" and settings.larviciding is not None:
            outcomes[name] = plan_larviciding(world, settings.larviciding)
    return outcomes


def _planned_wells(world: World, outcomes: dict[str, Outcome]) -> Any:
    wells = outcomes["wells"].tables.get("wells") if "wells" in outcomes else None
    if not isinstance(wells, gpd.GeoDataFrame):
        return xy(world.metric("water_points"))[:0]
    return xy(wells[wells["chosen"]].to_crs(world.crs))


def _assemble(checked: Checked, world: World, outcomes: dict[str, Outcome], problems: Problems) -> Plan:
    tables: dict[str, list[Any]] = {}
    for outcome in outcomes.values():
        for name, table in outcome.tables.items():
            tables.setdefault(name, []).append(table)
    results = {
        name: parts[0] if len(parts) == 1 else gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=parts[0].crs)
        for name, parts in tables.items()
    }
    region = world.region
    figures = [figure for outcome in outcomes.values() for figure in outcome.figures]
    return Plan(
        name=checked.merged.name, purpose=Words(*checked.merged.purpose), region=region.name, frame=region.frame,
        season=world.season, version=__version__, results=results, base=_base(world),
        figures=(*_totals(figures), *figures),
        proofs=tuple(proof for outcome in outcomes.values() for proof in outcome.proofs),
        assumptions=assumptions(checked, world.prices, tuple(outcomes)), norms=norms_cited(checked),
        layers=tuple(region.layers[kind].used for kind in sorted(region.layers)),
        findings=tuple(sorted(problems, key=_order)), settings=plain(checked.settings),
        curves={name: curve for programme, outcome in outcomes.items()
                for name, curve in {programme: outcome.curve, **outcome.curves}.items() if curve},
    )


def _order(finding: Finding) -> tuple[str, ...]:
    return (str(finding.severity), finding.code, finding.file, finding.field, finding.row, finding.found)


def _base(world: World) -> dict[str, gpd.GeoDataFrame]:
    """Input layers with geometry, in order of their key, and the villages with those that the scenario adds."""
    base = {}
    for kind in sorted(world.region.layers):
        if isinstance(world.region.layers[kind].frame, gpd.GeoDataFrame):
            base[kind] = world.metric(kind).to_crs(STORE)
    base["villages"] = world.people.villages.to_crs(STORE)
    return base


def _totals(figures: list[Figure]) -> tuple[Figure, ...]:
    cost = sum(figure.value for figure in figures if figure.key.endswith(".cost"))
    return (Figure("all.cost", "all", Words("Cost of the whole plan", "Coût du plan entier"), cost, "FCFA",
                   headline=True),)
