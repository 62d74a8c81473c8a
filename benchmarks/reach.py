"""The reach matrix at country size, beside what a user would write and the best trees, in one run."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree
from sklearn.neighbors import BallTree

from benchmarks._common import clock, write_results
from gis_planner.spatial.reach import reach_matrix

LIMIT_M = 1_000.0
ROUNDS = 3


def world(people: int, sites: int, pairs: float) -> tuple[np.ndarray, np.ndarray]:
    """Uniform places on a square so large that about `pairs` pairs lie within the limit."""
    side = np.sqrt(people * sites * np.pi * LIMIT_M**2 / pairs)
    rng = np.random.default_rng(0)
    return 5e5 + rng.uniform(0, side, (people, 2)), 5e5 + rng.uniform(0, side, (sites, 2))


def by_geopandas(demand: np.ndarray, site: np.ndarray) -> int:
    one = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*demand.T), crs=32629)
    two = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*site.T), crs=32629)
    return len(one.sjoin(two, predicate="dwithin", distance=LIMIT_M))


def by_ckdtree(demand: np.ndarray, site: np.ndarray) -> int:
    return cKDTree(demand).sparse_distance_matrix(cKDTree(site), LIMIT_M, output_type="coo_matrix").nnz


def by_balltree(demand: np.ndarray, site: np.ndarray) -> int:
    found = BallTree(site).query_radius(demand, LIMIT_M)
    return int(sum(map(len, found)))


def ours(demand: np.ndarray, site: np.ndarray) -> int:
    return reach_matrix(demand, site, LIMIT_M).nnz


def main() -> None:
    demand, site = world(1_000_000, 100_000, 1.8e7)
    reach_matrix(demand[:10], site[:10], LIMIT_M)
    tools: list[tuple[str, Callable[[np.ndarray, np.ndarray], int], int, str]] = [
        ("ours", ours, ROUNDS, "yes, sorted rows"), ("scipy cKDTree", by_ckdtree, ROUNDS, "yes, unsorted triples"),
        ("scikit-learn BallTree", by_balltree, ROUNDS, "no"), ("geopandas sjoin dwithin", by_geopandas, 1, "no"),
    ]
    best: dict[str, tuple[float, float, int]] = {}
    for turn in range(ROUNDS):
        for name, tool, rounds, _ in tools:
            if turn < rounds:
                with clock() as took:
                    pairs = tool(demand, site)
                before = best.get(name, (np.inf, np.inf, 0))
                best[name] = (min(before[0], took.wall_s), min(before[1], took.cpu_s), pairs)
                print(f"{name}: {took.wall_s:.2f} s wall, {took.cpu_s:.2f} s CPU", flush=True)
    own = best["ours"]
    rows = [{
        "tool": name, "pairs": f"{best[name][2]:,}", "wall, best": f"{best[name][0]:.2f} s",
        "CPU, best": f"{best[name][1]:.2f} s", "ns per pair (CPU)": f"{best[name][1] / best[name][2] * 1e9:.0f}",
        "times ours (CPU)": f"{best[name][1] / own[1]:.1f}", "distances": distances, "rounds": rounds,
    } for name, _, rounds, distances in tools]
    write_results("reach", "Reach matrix, 1,000,000 x 100,000 places within 1 km", rows,
                  "One process, one thread each, in turns; building the tree or index counts. The best of the rounds "
                  "is given, since other work ran on the machine.")


if __name__ == "__main__":
    main()
