"""Gardens that ask for water: wells of their own, and what a shared handpump has left for people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis_planner import units
from gis_planner.problems import Finding, Severity, nearest, refused
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.candidates import drilled
from gis_planner.programmes.wells.service import flow_of
from gis_planner.programmes.wells.settings import Garden, WellsSettings
from gis_planner.programmes.wells.water import success_at
from gis_planner.programmes.world import World

MOST_HECTARES = 20


def garden_wells(
    world: World, settings: WellsSettings, places: Floats, village: Ints, findings: list[Finding]
) -> pd.DataFrame:
    """One row per garden with a well of its own (COLUMNS of the actions in part); the plan must hold each.

    Its place is the village's candidate with fewest people in reach, its capacity the people that the garden leaves
    water for. Gardens without a well of their own only say what they leave of a handpump. Refuses unknown villages.
    """
    rows = []
    ids = world.people.villages["village_id"].astype(str).tolist()
    for garden in settings.gardens:
        if garden.village_id not in ids:
            near = nearest(garden.village_id, ids)
            raise refused("unknown-village", field="wells.gardens", row=garden.village_id, found=garden.village_id,
                          expected="the id of a village",
                          remedy=f"Did you mean {near}?" if near else "Use a village id.",
                          remedy_fr=f"Vouliez-vous dire {near} ?" if near else "Utilisez l'id d'un village.")
        if not 0 < garden.hectares <= MOST_HECTARES:
            raise refused("out-of-range", field="wells.gardens", row=garden.village_id, found=f"{garden.hectares:g} ha",
                          expected=f"above 0, at most {MOST_HECTARES} ha", remedy="State the irrigated area.",
                          remedy_fr="Indiquez la surface irriguée.")
        findings.append(_balance(world, settings, garden))
        mine = np.flatnonzero(village == ids.index(garden.village_id))
        if garden.own_well and len(mine):
            rows.append(_well(world, settings, garden, places[mine[-1:]], village[mine[-1:]]))
        elif garden.own_well:
            findings.append(Finding(
                "garden-without-place", Severity.NOTE, f"no candidate place in {garden.village_id}",
                "a place where a garden well may stand", "The garden gets no well in this plan.",
                "Le jardin n'a pas de puits dans ce plan.", row=garden.village_id, field="wells.gardens"))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _water(world: World, settings: WellsSettings, garden: Garden) -> tuple[float, float, float]:
    """m3 a day that the garden takes and one handpump gives, and m3 that a person takes."""
    demand = units.mm_on_hectares_to_m3(world.book.value(settings.garden_mm_day, "mm/day"), garden.hectares)
    flow = flow_of("borehole_handpump", world, settings)
    hours = world.book.value(settings.pumping_hours, "h/day")
    given = units.litres_to_m3(flow * units.hours_to_minutes(hours))
    return demand, given, units.litres_to_m3(world.book.value(settings.litres_per_person, "L/person/day"))


def _balance(world: World, settings: WellsSettings, garden: Garden) -> Finding:
    demand, given, person = _water(world, settings, garden)
    people = int(world.book.value(settings.people_per_handpump, "people"))
    left = max(int((given - demand) / person + 1e-9), 0)
    conflict = left < people
    code = "garden-conflict" if conflict else "garden-fits"
    more = "" if demand <= given else f" The garden alone needs {int(np.ceil(demand / given))} of them or a motor pump."
    return Finding(
        code, Severity.NOTE,
        f"{garden.hectares:g} ha take {demand:.1f} m3 a day; a handpump gives {given:.1f} m3",
        f"{people * person:.1f} m3 a day for {people} people",
        f"One handpump carries the garden and {left} people, not {people}.{more}" if conflict
        else f"One handpump carries the garden and {people} people.",
        f"Une pompe à main porte le jardin et {left} personnes, non {people}." if conflict
        else f"Une pompe à main porte le jardin et {people} personnes.",
        row=garden.village_id, field="wells.gardens")


def _well(world: World, settings: WellsSettings, garden: Garden, place: Floats, village: Ints) -> pd.DataFrame:
    demand, given, person = _water(world, settings, garden)
    wet, dry, probe = (world.prices.value(getattr(settings, f"{name}_cost"), f"wells.{name}_cost")
                       for name in ("borehole", "dry_hole", "geophysics"))
    row = drilled(world, settings, place, village, success_at(world, settings, place), ("G", "garden_well"),
                  (probe, wet, dry))
    left = max(int((given - demand) / person + 1e-9), 0)
    return row.assign(capacity_people=np.minimum(row["capacity_people"], left))
