"""Published routing instances in the VRPLIB text format (Uchoa et al. 2017; PyVRP's benchmark set)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise.routing_problem import Depot, Problem, Stop, Vehicle
from gis_planner.problems import Refused, nearest, refused

Floats = NDArray[np.float64]
ROUNDINGS: dict[str, Callable[[Floats], Floats]] = {
    "round": lambda x: np.floor(x + 0.5),
    "trunc": np.floor,
    "ceil": np.ceil,
    "dimacs": lambda x: np.floor(10 * x),
    "exact": lambda x: np.floor(1000 * x + 0.5),
}
SCALES = {"dimacs": 10, "exact": 1000}
WINDOWS, RELEASES, PRIZES = "TIME_WINDOW_SECTION", "RELEASE_TIME_SECTION", "PRIZE_SECTION"
SERVICES, RELOADS = "SERVICE_TIME_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"
NEEDED = ("NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION")
SECTIONS = {*NEEDED, WINDOWS, RELEASES, PRIZES, SERVICES, RELOADS}
TYPES = {"CVRP": (), "VRPTW": (WINDOWS,), "MTVRPTWR": (WINDOWS, RELEASES, RELOADS), "PCVRPTW": (WINDOWS, PRIZES)}
"""Types of instance that are read, and the sections that each must have besides those that all have."""
READ = ("TYPE", "DIMENSION", "EDGE_WEIGHT_TYPE", "CAPACITY", "VEHICLES", "SERVICE_TIME", "DISTANCE")
PASSED_OVER = ("NAME", "COMMENT", "NODE_COORD_TYPE", "EDGE_WEIGHT_FORMAT", "DISPLAY_DATA_TYPE")
LARGEST = 1e9


def read_vrplib(path: str | Path, *, rounding: str) -> Problem:
    """A CVRP, VRPTW, multi-trip or prize-collecting instance with one depot as a routing problem.

    rounding: how coordinates' distances (and, for dimacs and exact, times and prizes) become whole numbers: "round",
    "trunc", "ceil", "dimacs" (ten times, cut off), "exact" (a thousand times, rounded). Duration equals distance.
    Rows belong to the node that their first number names, whatever their order. DISTANCE is the longest route.
    Raises Refused, with the line, for an unreadable file, for what is missing, doubled or no number in it, and for all
    that is not read: another TYPE, distances other than EUC_2D, several depots, a load at the depot, a DISTANCE beside
    service times (published limits count these in), unknown sections and lines of the head.
    """
    if not isinstance(rounding, str) or rounding not in ROUNDINGS:
        near = nearest(rounding, ROUNDINGS) if isinstance(rounding, str) else None
        raise refused("unknown-rounding", found=rounding, expected=", ".join(ROUNDINGS), field="rounding",
                      remedy=f"Did you mean {near}?" if near else "Choose the one that the best known value uses.")
    return _problem(_read(Path(path)), rounding)


@dataclass(frozen=True)
class _Instance:
    """The words of a file: value and line of the head, and of each section its line and the rows with theirs."""

    path: Path
    head: dict[str, tuple[str, int]]
    sections: dict[str, tuple[int, list[tuple[int, list[str]]]]]

    def wrong(self, code: str, found: object, expected: str, field: str, line: int = 0) -> Refused:
        """The refusal of something in this file."""
        return refused(code, found=found, expected=expected, field=field, row=f"line {line}" if line else "",
                       file=str(self.path), remedy="Correct the instance file, or use another instance.",
                       remedy_fr="Corrigez le fichier, ou prenez un autre exemple.")

    def number(self, word: str, field: str, line: int, least: float = 0, *, whole: bool = False) -> float:
        """A word as a finite number of at least `least`."""
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or not least <= value <= LARGEST or (whole and value != floor(value)):
            raise self.wrong("vrplib-value", word, f"a {'whole ' * whole}number from {least:.0f} to {LARGEST:.0f}",
                             field, line)
        return value

    def index(self, word: str, size: int, of: str, field: str, line: int) -> int:
        """A node or vehicle as a number from 0; the file counts from 1."""
        if not word.isdecimal() or len(word) > 9 or not 1 <= int(word) <= size:
            told = {"node": "DIMENSION", "vehicle": "VEHICLES"}[of]
            raise self.wrong("vrplib-id", f"{of} {word}", f"a {of} from 1 to {size}, the {told}", field, line)
        return int(word) - 1

    def header(self, name: str, least: float, *, whole: bool = True) -> float | None:
        """The number of a line of the head; None when it has no such line."""
        if name not in self.head:
            return None
        word, line = self.head[name]
        return self.number(word, name, line, least, whole=whole)

    def needed(self, name: str) -> float:
        """The whole number of 1 or more of a line that the head must have."""
        value = self.header(name, 1)
        if value is None:
            raise self.wrong("vrplib-incomplete", f"no {name}", f"a line such as {name} : 100", name)
        return value

    def rows(self, name: str, size: int, of: str = "node") -> list[tuple[int, list[str]]]:
        """Line and words (without the id) of each node or vehicle, in the order of their ids."""
        begin, rows = self.sections[name]
        columns = 2 if name in {"NODE_COORD_SECTION", WINDOWS} else 1
        found: dict[int, tuple[int, list[str]]] = {}
        for line, words in rows:
            if len(words) != columns + 1:
                raise self.wrong("vrplib-row", " ".join(words), f"{columns + 1} numbers: {of} and value", name, line)
            at = self.index(words[0], size, of, name, line)
            if at in found:
                raise self.wrong("vrplib-id", f"{of} {words[0]} again, after line {found[at][0]}", f"each {of} once",
                                 name, line)
            found[at] = line, words[1:]
        missing = next((k + 1 for k in range(size) if k not in found), 0)
        if missing:
            raise self.wrong("vrplib-incomplete", f"{len(rows)} rows, none for {of} {missing}",
                             f"a row for each {of} from 1 to {size}", name, begin)
        return [found[k] for k in range(size)]

    def column(self, name: str, size: int, depot: int, *, whole: bool = False) -> list[float]:
        """One number per node, 0 for all without such a section; refuses one at the depot, where nothing reads it."""
        if name not in self.sections:
            return [0.0] * size
        rows = self.rows(name, size)
        values = [self.number(words[0], name, line, whole=whole) for line, words in rows]
        if values[depot]:
            raise self.wrong("vrplib-depot", f"{rows[depot][1][0]} at the depot, node {depot + 1}", "0 at the depot",
                             name, rows[depot][0])
        return values

    def windows(self, size: int) -> list[tuple[float, float]]:
        """Earliest and latest time per node."""
        out = []
        for line, words in self.rows(WINDOWS, size):
            early, late = (self.number(word, WINDOWS, line) for word in words)
            if early > late:
                raise self.wrong("vrplib-value", " ".join(words), "the earliest time, then the latest", WINDOWS, line)
            out.append((early, late))
        return out

    def depot(self, size: int) -> int:
        """The one depot, as a number from 0."""
        begin, rows = self.sections["DEPOT_SECTION"]
        words = [(word, line) for line, row in rows for word in row]
        if words and words[-1][0] == "-1":
            words.pop()
        if len(words) != 1:
            found = " ".join(word for word, _ in words) or "no depot"
            raise self.wrong("vrplib-depot", found, "one depot (node id), then -1", "DEPOT_SECTION",
                             words[1][1] if words else begin)
        return self.index(words[0][0], size, "node", "DEPOT_SECTION", words[0][1])


def _read(path: Path) -> _Instance:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise refused("file-unreadable", found=error, expected="a VRPLIB text file", file=str(path),
                      remedy="Check the path and the file.") from error
    file = _Instance(path, {}, {})
    current: list[tuple[int, list[str]]] | None = None
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words:
            continue
        if words[0] == "EOF":
            break
        name, colon, value = (part.strip() for part in line.partition(":"))
        if (name in file.head and name not in PASSED_OVER) or name in file.sections:
            raise file.wrong("vrplib-doubled", f"{name} again", "each line of the head and each section once", name,
                             number)
        if name.endswith("_SECTION"):
            if name not in SECTIONS:
                raise file.wrong("vrplib-section", name, ", ".join(sorted(SECTIONS)), "section", number)
            current = []
            file.sections[name] = number, current
        elif current is not None and not colon:
            current.append((number, words))
        else:
            file.head[name] = value.strip('"'), number
    return file


def _check(file: _Instance) -> None:
    """Raise Refused for what is missing, and for lines of the head that ask for what is not read."""
    if not file.sections:
        raise file.wrong("vrplib-empty", "no section", "NODE_COORD_SECTION and more", "section")
    for name, (_, line) in file.head.items():
        if name not in READ and name not in PASSED_OVER:
            raise file.wrong("vrplib-header", name, ", ".join(READ), "head", line)
    kind, at = file.head.get("TYPE", ("CVRP", 0))
    if kind not in TYPES:
        raise file.wrong("vrplib-type", kind, ", ".join(TYPES), "TYPE", at)
    ways, at = file.head.get("EDGE_WEIGHT_TYPE", ("none", 0))
    if ways != "EUC_2D":
        raise file.wrong("vrplib-type", ways, "EUC_2D", "EDGE_WEIGHT_TYPE", at)
    for name in (*NEEDED, *TYPES[kind]):
        if name not in file.sections:
            raise file.wrong("vrplib-incomplete", f"no {name}", f"{name}, as every {kind} has", name)
    if "SERVICE_TIME" in file.head and SERVICES in file.sections:
        raise file.wrong("vrplib-doubled", f"SERVICE_TIME and {SERVICES}", "one or the other", SERVICES,
                         file.sections[SERVICES][0])


def _problem(file: _Instance, rounding: str) -> Problem:
    _check(file)
    rule = ROUNDINGS[rounding]

    def whole(value: float) -> int:
        return int(rule(np.asarray(value)))

    size, room = int(file.needed("DIMENSION")), file.needed("CAPACITY")
    depot = file.depot(size)
    xy = np.array([[file.number(word, "NODE_COORD_SECTION", line, -LARGEST) for word in words]
                   for line, words in file.rows("NODE_COORD_SECTION", size)])
    distance = rule(np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])).astype(np.int64)
    demand = file.column("DEMAND_SECTION", size, depot, whole=True)
    release, prize = file.column(RELEASES, size, depot), file.column(PRIZES, size, depot)
    alike = file.header("SERVICE_TIME", 0, whole=False)
    service = file.column(SERVICES, size, depot) if alike is None else [alike] * size
    window: list[tuple[int, int] | None] = [None] * size
    if WINDOWS in file.sections:
        window = [(whole(early), whole(late)) for early, late in file.windows(size)]
    stops = [Stop(k, (whole(demand[k]),), whole(service[k]), window[k], prize[k] <= 0, whole(prize[k]),
                  whole(release[k])) for k in range(size) if k != depot]
    longest, reloads = file.header("DISTANCE", 0, whole=False), _reloads(file, depot)
    if longest is not None and any(service):
        raise file.wrong("vrplib-header", "DISTANCE and service times", "one or the other", "DISTANCE",
                         file.head["DISTANCE"][1])
    vehicle = Vehicle(
        int(file.header("VEHICLES", 1) or len(stops)), (whole(room),), window_s=window[depot],
        max_distance_m=None if longest is None else floor(SCALES.get(rounding, 1) * longest),
        reload_depots=(0,) if reloads else (), max_reloads=len(stops) if reloads else 0)
    return Problem(distance, distance, [Depot(depot)], stops, [vehicle])


def _reloads(file: _Instance, depot: int) -> bool:
    """Whether vehicles reload; all of them do then, at the depot."""
    if RELOADS not in file.sections:
        return False
    for line, words in file.rows(RELOADS, int(file.needed("VEHICLES")), "vehicle"):
        if words != [str(depot + 1)]:
            raise file.wrong("vrplib-depot", f"a reload at node {words[0]}", f"the depot, node {depot + 1}", RELOADS,
                             line)
    return True
