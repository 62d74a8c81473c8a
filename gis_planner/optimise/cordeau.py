"""Cordeau's periodic routing instances (Cordeau, Gendreau & Laporte 1997, Networks 30(2), 105-119)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gis_planner.optimise.rounds_problem import Problem, Site
from gis_planner.problems import refused

PERIODIC = 1


def read_cordeau(path: str | Path) -> Problem:
    """A periodic instance: straight distances, one depot, the same crews every day; service times count as seconds.

    Each pattern is written as a number whose binary digits, the first day first, say on which days to come.
    Raises Refused for an unreadable file, another type of instance, or days with different limits.
    """
    path = Path(path)
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.split()]
        kind, crews, _, days = (int(word) for word in lines[0][:4])
        limits = [(float(line[0]), float(line[1])) for line in lines[1 : 1 + days]]
        rows = [[float(word) for word in line] for line in lines[1 + days :]]
        sites = [_site(k, row, days) for k, row in enumerate(rows[1:], 1)]
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        if hasattr(error, "findings"):
            raise
        raise refused("cordeau-unreadable", found=f"{type(error).__name__}: {error}", file=str(path),
                      expected="a periodic instance in Cordeau's format", remedy="Check the instance file.") from error
    if kind != PERIODIC or len(set(limits)) != 1:
        raise refused("cordeau-type", found=f"type {kind} with limits {sorted(set(limits))}", file=str(path),
                      expected="type 1 (periodic) with the same limits every day", remedy="Use another instance.")
    at = np.array([row[1:3] for row in rows])
    distance = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    shift, room = limits[0]
    return Problem(distance, sites, days, crews, capacity=room or None, shift_s=shift or None, name=path.stem)


def _site(location: int, row: list[float], days: int) -> Site:
    count = int(row[6])
    masks = [int(mask) for mask in row[7 : 7 + count]]
    patterns = tuple(tuple(d for d in range(days) if mask >> (days - 1 - d) & 1) for mask in masks)
    return Site(location, patterns, row[4], row[3])
