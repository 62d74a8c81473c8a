"""The list of rules, in the order in which they run. A rule reads a `Work`, reports, and decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gis_planner.layers.checks import identity, networks, observations, people, polygons, positions
from gis_planner.layers.work import Work


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, the kinds that it looks at (empty: every kind) and its function."""

    name: str
    run: Callable[[Work], None]
    kinds: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule("total-row", people.total_rows),
    Rule("exact-copies", identity.exact_copies),
    Rule("repeated-ids", identity.repeated_ids),
    Rule("ids-alike", identity.ids_alike),
    Rule("coinciding-positions", positions.coinciding),
    Rule("rounded-positions", positions.rounded),
    Rule("one-axis", positions.one_axis),
    Rule("columns-against-geometry", positions.columns_against_geometry),
    Rule("same-name-and-commune", people.same_name_and_commune, ("villages",)),
    Rule("one-population", people.one_population, ("villages",)),
    Rule("control-totals", people.control_totals),
    Rule("zero-length", networks.zero_length),
    Rule("islands", networks.islands, ("roads",)),
    Rule("polygon-area", polygons.area),
    Rule("polygon-validity", polygons.validity),
    Rule("covers-region", polygons.covers_region, ("zones",)),
    Rule("overlaps", polygons.overlaps, ("communes",)),
    Rule("years", observations.years, ("water_points",)),
    Rule("survey-dates", observations.survey_dates, ("breeding_sites",)),
    Rule("site-moved", observations.site_moved, ("breeding_sites",)),
    Rule("larvae-without-dips", observations.larvae_without_dips, ("breeding_sites",)),
)


def run_rules(work: Work, off: frozenset[str] = frozenset()) -> None:
    """Run every rule that looks at this kind and is not switched off."""
    for rule in RULES:
        if rule.name not in off and (not rule.kinds or work.table.name in rule.kinds):
            rule.run(work)
            work.settle()
