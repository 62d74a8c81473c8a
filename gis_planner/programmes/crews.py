"""Crews, what they travel by, from which depot, and the way between places in straight lines times a detour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis_planner import units
from gis_planner.problems import CannotBeMet, Finding, Severity, refused
from gis_planner.programmes.people import Floats
from gis_planner.programmes.world import World, xy

_SEE = "Complete crews, vehicles and depots of the region, or leave {0} out of `run`."
_SEE_FR = "Complétez les équipes, véhicules et dépôts de la région, ou retirez {0} de `run`."


@dataclass(frozen=True, slots=True)
class Crew:
    """One crew. xy_m: its depot. speed_kmh: on the path, in the season of the run."""

    crew_id: str
    name: str
    vehicle_id: str
    kind: str
    depot_id: str
    xy_m: tuple[float, float]
    people: int
    capacity_bales: int
    speed_kmh: float
    cost_per_km_fcfa: float
    cost_per_day_fcfa: float


def crews_of(world: World, programme: str, findings: list[Finding]) -> list[Crew]:
    """The crews of a programme that have a vehicle; those left without one are a finding. CannotBeMet when none."""
    crews = world.rows("crews")
    crews = crews[crews["programme"].eq(programme)]
    vehicles = {str(row["vehicle_id"]): row for row in world.rows("vehicles").to_dict("records")}
    depots = world.metric("depots")
    where = {str(name): (float(x), float(y)) for name, (x, y) in zip(depots["depot_id"], xy(depots), strict=True)}
    left = {name: int(row["count"]) for name, row in vehicles.items()}
    found: list[Crew] = []
    for row in crews.to_dict("records"):
        vehicle_id, depot_id, crew_id = str(row["vehicle_id"]), str(row["depot_id"]), str(row["crew_id"])
        for kind, name, known in (("vehicles", vehicle_id, vehicles), ("depots", depot_id, where)):
            if name not in known:
                raise refused("unknown-reference", field=kind, row=crew_id, found=name,
                              expected=f"an id of the {kind} layer", remedy=f"Add it to {kind}, or mend the crew.",
                              remedy_fr=f"Ajoutez-le à {kind}, ou corrigez l'équipe.", file="crews")
        if left[vehicle_id] <= 0:
            findings.append(Finding(
                "crew-without-vehicle", Severity.NOTE, f"crew {crew_id}", f"a free {vehicle_id}",
                "It stays at home in this plan.", "Elle ne sort pas dans ce plan.", row=crew_id, field="vehicles"))
            continue
        left[vehicle_id] -= 1
        vehicle = vehicles[vehicle_id]
        speed = vehicle["rainy_speed_kmh" if world.season == "rainy" else "speed_kmh"]
        found.append(Crew(
            crew_id, str(row.get("name") or crew_id), vehicle_id, str(vehicle["kind"]), depot_id, where[depot_id],
            int(row["people"]), int(vehicle["capacity_bales"]), float(speed), float(vehicle["cost_per_km_fcfa"]),
            float(vehicle["cost_per_day_fcfa"]) + float(row["cost_per_day_fcfa"])))
    if not found:
        raise CannotBeMet([Finding(
            "no-vehicle", Severity.REFUSE, f"{len(crews)} crews for {programme} and no vehicle for them",
            "at least one crew with a vehicle", _SEE.format(programme), _SEE_FR.format(programme), field=programme)])
    return found


def alike(crews: list[Crew]) -> list[list[Crew]]:
    """Crews that differ in nothing but their name, together: they share their crew-days evenly."""
    kinds: dict[tuple[object, ...], list[Crew]] = {}
    for crew in crews:
        key = (crew.vehicle_id, crew.depot_id, crew.people, crew.capacity_bales, crew.speed_kmh, crew.cost_per_km_fcfa,
               crew.cost_per_day_fcfa)
        kinds.setdefault(key, []).append(crew)
    return list(kinds.values())


@dataclass(frozen=True)
class Ways:
    """Locations of a routing question: depots first, then stops. straight_m: (n, n)."""

    xy_m: Floats
    depots: tuple[str, ...]
    path_m: Floats

    def seconds(self, speed_kmh: float) -> Floats:
        """(n, n) seconds at a speed."""
        return self.path_m / units.kmh_to_m_per_s(speed_kmh)


def ways(world: World, crews: list[Crew], stops_m: Floats) -> Ways:
    """Every way between depots (in order of id) and stops: straight line times the season's detour factor."""
    places = {crew.depot_id: crew.xy_m for crew in crews}
    depots = tuple(sorted(places))
    at = np.vstack([np.array([places[name] for name in depots]), stops_m.reshape(-1, 2)])
    straight = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    return Ways(at, depots, world.walking.path_m(straight))
