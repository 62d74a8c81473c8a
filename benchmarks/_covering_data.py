"""Instances for the covering benchmarks: clustered points, two cities, p-median graphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree
from sklearn.neighbors import BallTree

from benchmarks._common import SHARED

BENCH = SHARED / "data" / "bench"
EARTH_M = 6_378_100.0


def clustered(demand: int, sites: int, seed: int = 0, near: int = 20) -> tuple[csr_array, np.ndarray, int]:
    """Clustered points, `near` candidates per demand: reach, weights 1 to 100, and p = sites / 20."""
    random = np.random.default_rng(seed)
    centres = random.random((max(10, sites // 50), 2)) * 100 * np.sqrt(sites / 1000)
    where = centres[random.integers(0, len(centres), demand)] + random.normal(0, 2.5, (demand, 2))
    _, nearest = cKDTree(where[random.choice(demand, sites, replace=False)]).query(where, k=near)
    reach = csr_array((np.ones(demand * near, np.int8), nearest.ravel().astype(np.int32),
                       np.arange(0, demand * near + 1, near)), shape=(demand, sites))
    reach.sort_indices()
    return reach, random.integers(1, 101, demand), sites // 20


def within(demand: int, sites: int, seed: int = 0, near: float = 20.0) -> tuple[csr_array, np.ndarray, int]:
    """Clustered points with sites of their own and one radius that gives `near` candidates on average."""
    random = np.random.default_rng(seed)
    centres = random.random((max(10, sites // 50), 2)) * 100 * np.sqrt(sites / 1000)
    spread = 35.0 / np.sqrt(len(centres))
    where, place = (centres[random.integers(0, len(centres), n)] + random.normal(0, spread, (n, 2))
                    for n in (demand, sites))
    people, places = cKDTree(where), cKDTree(place)
    radius = 100 / np.sqrt(sites)
    for _ in range(12):
        radius *= np.sqrt(near * demand / people.count_neighbors(places, radius))
    reach = csr_array(people.sparse_distance_matrix(places, radius, output_type="coo_matrix").tocsr())
    reach.data = np.ones(reach.nnz, np.int8)
    reach.sort_indices()
    return reach, random.integers(1, 101, demand), sites // 20


def towns(demand: int, sites: int, seed: int = 0, near: float = 20.0) -> tuple[csr_array, np.ndarray, int]:
    """Half of all in small dense towns, half scattered; one radius that gives `near` candidates on average."""
    random = np.random.default_rng(seed)
    centres = random.random((max(10, sites // 50), 2))
    where, place = (centres[random.integers(0, len(centres), n)] + random.normal(0, 0.6 / np.sqrt(sites), (n, 2))
                    for n in (demand, sites))
    for points in (where, place):
        scattered = random.random(len(points)) < 0.5
        points[scattered] = random.random((int(scattered.sum()), 2))
    people, places = cKDTree(where), cKDTree(place)
    radius, some = 1 / np.sqrt(sites), where[random.choice(demand, min(demand, 5_000), replace=False)]
    for _ in range(12):
        radius *= np.sqrt(near / np.mean(places.query_ball_point(some, radius, return_length=True)))
    table = people.sparse_distance_matrix(places, radius, output_type="coo_matrix").tocsr()
    reach = csr_array((np.ones(table.nnz, np.int8), table.indices, table.indptr), shape=table.shape)
    reach.sort_indices()
    return reach, random.integers(1, 101, demand), sites // 20


def city(name: str, radius_m: float) -> tuple[csr_array, np.ndarray]:
    """Reach and people of a city: every place is demand and candidate."""
    lines = (BENCH / "maximal_covering" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("NODE"))
    second = next(at for at, line in enumerate(lines) if line.startswith("DEMAND"))
    where = np.radians([[float(word) for word in line.split()] for line in lines[first + 1:second] if line.strip()])
    people = np.array([int(float(line.split()[-1])) for line in lines[second + 1:second + 1 + len(where)]])
    near = BallTree(where, metric="haversine").query_radius(where, radius_m / EARTH_M)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in near])])
    reach = csr_array((np.ones(ends[-1], np.int8), np.concatenate(near), ends), shape=(len(where), len(where)))
    reach.sort_indices()
    return reach, people


def city_cases() -> Iterator[tuple[str, int, float, int]]:
    """Name, p, radius and optimum of each listed case."""
    for path in sorted((BENCH / "maximal_covering" / "optima").glob("*.txt")):
        name, p, radius = path.stem.split("_")
        found = re.search(r"f: (\d+)", path.read_text(encoding="utf-8"))
        if found:
            yield name, int(p), float(radius), int(found.group(1))


def pmed(path: Path) -> tuple[np.ndarray, int]:
    """Shortest distances and p of an OR-Library graph; a later duplicate edge replaces the earlier one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [[int(word) for word in line.split()] for line in lines if line.strip()]
    table = np.zeros((rows[0][0], rows[0][0]))
    for start, end, length in rows[1:]:
        table[start - 1, end - 1] = table[end - 1, start - 1] = length
    return shortest_path(csr_array(table), directed=False), rows[0][2]
