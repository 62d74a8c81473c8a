"""Published routing instances in the VRPLIB text format (Uchoa et al. 2017; PyVRP's benchmark set)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise.routing_problem import Depot, Problem, Stop, Vehicle
from gis_planner.problems import nearest, refused

Floats = NDArray[np.float64]
ROUNDINGS: dict[str, Callable[[Floats], Floats]] = {
    "round": lambda x: np.floor(x + 0.5),
    "trunc": np.floor,
    "ceil": np.ceil,
    "dimacs": lambda x: np.floor(10 * x),
    "exact": lambda x: np.floor(1000 * x + 0.5),
}
SECTIONS = {"NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "TIME_WINDOW_SECTION", "RELEASE_TIME_SECTION",
            "PRIZE_SECTION", "SERVICE_TIME_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"}


def read_vrplib(path: str | Path, *, rounding: str) -> Problem:
    """A CVRP, VRPTW, multi-trip or prize-collecting instance as a routing problem.

    rounding: how coordinates' distances (and, for dimacs and exact, times and prizes) become whole numbers: "round",
    "trunc", "ceil", "dimacs" (ten times, cut off), "exact" (a thousand times, rounded). Duration equals distance.
    Raises Refused for an unreadable file, an unknown section or rounding.
    """
    if rounding not in ROUNDINGS:
        raise refused("unknown-rounding", found=rounding, expected=", ".join(ROUNDINGS), field="rounding",
                      remedy=f"Did you mean {nearest(rounding, ROUNDINGS)}?")
    header, sections = _read(Path(path))
    whole = _whole(rounding)
    try:
        return _problem(header, sections, ROUNDINGS[rounding], whole)
    except (KeyError, IndexError, ValueError) as error:
        if hasattr(error, "findings"):
            raise
        raise refused("vrplib-incomplete", found=f"{type(error).__name__}: {error}", file=str(path),
                      expected="coordinates, demands, depot and capacity", remedy="Check the instance file.") from error


def _whole(rounding: str) -> Callable[[float], int]:
    rule = ROUNDINGS[rounding]
    return lambda value: int(rule(np.asarray(float(value))))


def _read(path: Path) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise refused("file-unreadable", found=error, expected="a VRPLIB text file", file=str(path),
                      remedy="Check the path and the file.") from error
    header: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    current: list[list[str]] | None = None
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0] == "EOF":
            continue
        if words[0].endswith("_SECTION"):
            if words[0] not in SECTIONS:
                raise refused("vrplib-section", found=words[0], expected=", ".join(sorted(SECTIONS)), file=str(path),
                              row=str(number), remedy="Only these sections are understood.")
            current = sections.setdefault(words[0], [])
        elif current is not None:
            current.append(words)
        else:
            key, _, value = line.partition(":")
            header[key.strip()] = value.strip().strip('"')
    if not sections:
        raise refused("vrplib-empty", found="no section", expected="NODE_COORD_SECTION and more", file=str(path),
                      remedy="Check that this is a VRPLIB instance.")
    return header, sections


def _problem(
    header: dict[str, str], sections: dict[str, list[list[str]]], rule: Callable[[Floats], Floats],
    whole: Callable[[float], int],
) -> Problem:
    xy = np.array([[float(v) for v in words[1:3]] for words in sections["NODE_COORD_SECTION"]])
    size = len(xy)
    distance = rule(np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])).astype(np.int64)
    demand = _column(sections, "DEMAND_SECTION", size, 0.0)
    windows = sections.get("TIME_WINDOW_SECTION")
    service = _column(sections, "SERVICE_TIME_SECTION", size, float(header.get("SERVICE_TIME", 0)))
    release = _column(sections, "RELEASE_TIME_SECTION", size, 0.0)
    prize = _column(sections, "PRIZE_SECTION", size, 0.0)
    depots = [int(words[0]) - 1 for words in sections["DEPOT_SECTION"] if words[0] != "-1"]
    window = [(whole(float(w[1])), whole(float(w[2]))) for w in windows] if windows else [None] * size
    stops: list[Any] = [
        Stop(k, (whole(demand[k]),), whole(service[k]), window[k], prize[k] <= 0, whole(prize[k]), whole(release[k]))
        for k in range(size) if k not in depots
    ]
    reload = sorted({int(words[1]) - 1 for words in sections.get("VEHICLES_RELOAD_DEPOT_SECTION", [])})
    vehicle = Vehicle(
        int(header.get("VEHICLES", len(stops))), (whole(float(header["CAPACITY"])),), window_s=window[depots[0]],
        reload_depots=tuple(depots.index(k) for k in reload), max_reloads=len(stops) if reload else 0)
    return Problem(distance, distance, [Depot(k) for k in depots], stops, [vehicle])


def _column(sections: dict[str, list[list[str]]], name: str, size: int, default: float) -> list[float]:
    if name not in sections:
        return [default] * size
    return [float(words[1]) for words in sections[name]]
