"""Matrices over a road graph: 25 villages and more, beside scipy's Dijkstra alone and networkx."""

from __future__ import annotations

import importlib.util

import geopandas as gpd
import numpy as np
import shapely

from benchmarks._common import clock, write_results
from gis_planner.spatial.network import Graph


def roads(side: int, seed: int) -> gpd.GeoDataFrame:
    """A bent lattice of side x side crossings with a fifth of its streets missing, 500 m apart."""
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1) * 500.0
    at += rng.normal(0, 80, at.shape)
    a = np.concatenate([at[:-1].reshape(-1, 2), at[:, :-1].reshape(-1, 2)])
    b = np.concatenate([at[1:].reshape(-1, 2), at[:, 1:].reshape(-1, 2)])
    keep = rng.random(len(a)) > 0.2
    middle = (a + b) / 2 + rng.normal(0, 30, a.shape)
    lines = shapely.linestrings(np.stack([a, middle, b], axis=1)[keep])
    return gpd.GeoDataFrame(
        {"road_id": [f"R{i}" for i in range(keep.sum())], "speed_kmh": rng.uniform(10, 60, keep.sum())},
        geometry=lines,
        crs="EPSG:32629",
    )


def main() -> None:
    rows = []
    for side, places in ((100, 25), (300, 25), (300, 200), (300, 1000)):
        table = roads(side, 1)
        xy = np.random.default_rng(2).uniform(0, side * 500, (places, 2))
        with clock() as built:
            graph = Graph.from_roads(table)
        graph.matrix(xy[:2], off_road_kmh=4)
        with clock() as took:
            found = graph.matrix(xy, off_road_kmh=4, direct_m=2000)
        rows.append(
            {
                "roads": f"{len(table):,}",
                "places": places,
                "who": "ours, distances and ways kept",
                "build s": f"{built.cpu_s:.2f}",
                "matrix s": f"{took.cpu_s:.2f}",
                "ms per origin": f"{took.cpu_s / places * 1e3:.1f}",
                "mean min": f"{np.mean(found.duration_s) / 60:.3f}",
            }
        )
        print(rows[-1], flush=True)
        if side == 100 and importlib.util.find_spec("networkx"):
            import networkx

            net = networkx.DiGraph()
            joined = found._joined
            net.add_weighted_edges_from(
                zip(joined.tail.tolist(), joined.head.tolist(), joined.seconds.tolist(), strict=True)
            )
            with clock() as took:
                theirs = [
                    networkx.single_source_dijkstra_path_length(net, joined.first_place + i) for i in range(places)
                ]
            apart = max(
                abs(theirs[i][joined.first_place + j] - found.duration_s[i, j])
                for i in range(places)
                for j in range(places)
                if not found.direct[i, j]
            )
            rows.append(
                {
                    "roads": f"{len(table):,}",
                    "places": places,
                    "who": f"networkx, times only (differ {apart:.1e} s)",
                    "build s": "",
                    "matrix s": f"{took.cpu_s:.2f}",
                    "ms per origin": f"{took.cpu_s / places * 1e3:.1f}",
                }
            )
    write_results(
        "network",
        "Road matrices with off-road legs",
        rows,
        "A bent lattice of tracks; each place joins up to six nearby roads; CPU seconds on one core.",
    )


if __name__ == "__main__":
    main()
