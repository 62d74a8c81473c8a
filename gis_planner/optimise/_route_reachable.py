"""Stops that no vehicle could ever serve, said before any search: no vehicle, too much load, too far, too late."""

from __future__ import annotations

from gis_planner.optimise._schedule import Clock, nodes, times
from gis_planner.optimise.routing_problem import NO_WAY, Problem
from gis_planner.problems import CannotBeMet, Finding, Severity


def check_reachable(problem: Problem) -> None:
    """Raise CannotBeMet naming every required stop that cannot be served even by a vehicle of its own, and why."""
    usable = [k for k, vehicle in enumerate(problem.vehicles) if vehicle.count > 0]
    needed = [k for k, stop in enumerate(problem.stops) if stop.required]
    if needed and not usable:
        found = f"{len(needed)} stops and no vehicle"
        raise CannotBeMet([_finding("no-vehicle", "", found, "at least one vehicle", "Give at least one vehicle.",
                                    "Donnez au moins un véhicule.")])
    clock = Clock(problem.breaks)
    findings = []
    for stop in needed:
        reasons = []
        for vehicle in usable:
            reason = why_not(problem, clock, vehicle, stop)
            if not reason:
                break
            reasons.append(reason)
        else:
            findings.append(_out_of_reach(problem, stop, reasons))
    if findings:
        raise CannotBeMet(findings)


def why_not(problem: Problem, clock: Clock, vehicle: int, stop: int) -> str:
    """Why this vehicle cannot serve this stop alone, in words; empty when it can."""
    item, kind = problem.stops[stop], problem.vehicles[vehicle]
    if not problem.may_serve(vehicle, stop):
        return "not allowed for this vehicle or on its day"
    for amount, room in zip(item.demand, kind.capacity, strict=False):
        if amount > room:
            return f"demand {amount} above the capacity {room}"
    reasons = []
    for reverse in (False, True) if item.end_location is not None and item.both_ways else (False,):
        places = nodes(problem, clock, vehicle, [[(stop, reverse)]], [])
        ways = problem.durations[kind.profile]
        there, back = ways[places[0].leave, places[1].enter], ways[places[1].leave, places[2].enter]
        if max(there, back) >= NO_WAY:
            reasons.append("no way there and back")
            continue
        timed = times(problem, vehicle, places)
        took_s = timed.departure[-1] - timed.start[0]
        if timed.late_s:
            reasons.append(f"{timed.late_s} s late for its window or the end of the day")
        elif kind.shift_s is not None and took_s > kind.shift_s:
            reasons.append(f"there, service and back take {took_s} s, the shift has {kind.shift_s} s")
        elif kind.max_distance_m is not None and timed.distance_m > kind.max_distance_m:
            reasons.append(f"there and back is {timed.distance_m} m, the limit is {kind.max_distance_m} m")
        else:
            return ""
    return "; ".join(dict.fromkeys(reasons))


def _out_of_reach(problem: Problem, stop: int, reasons: list[str]) -> Finding:
    names = [v.name or f"vehicle {k}" for k, v in enumerate(problem.vehicles) if v.count > 0]
    said = [f"{name}: {reason}" for name, reason in zip(names, reasons, strict=True)]
    loads = all(reason.startswith("demand") for reason in reasons)
    more = f" (and {len(said) - 2} more)" if len(said) > 2 else ""
    return _finding("demand-above-capacity" if loads else "stop-out-of-reach", str(stop),
                    "; ".join(said[:2]) + more, "at least one vehicle that can serve it and be back",
                    "Give a longer shift, a larger vehicle or a nearer depot, or make the stop optional.",
                    "Donnez une journée plus longue, un véhicule plus grand ou un dépôt plus proche, "
                    "ou rendez cet arrêt facultatif.")


def _finding(code: str, row: str, found: str, expected: str, remedy: str, remedy_fr: str) -> Finding:
    field = "stops" if row else "vehicles"
    return Finding(code, Severity.REFUSE, found, expected, remedy, remedy_fr, row=row, field=field)
