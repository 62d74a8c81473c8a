"""Lines to nodes and links: vertices within a tolerance become one, lines break where they share a vertex."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Coordinates = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Noded:
    """Nodes (n, 2) in metres and the links between them, each with its line and the row of the road it came from."""

    nodes_m: Coordinates
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    road: NDArray[np.int64]
    lines: list[Coordinates]


def with_touching_ends(lines: list[Coordinates], snap_m: float) -> list[Coordinates]:
    """The lines, with a vertex put in wherever the end of another line comes within `snap_m` of their side."""
    geometries = np.array([shapely.linestrings(line) for line in lines])
    ends = np.array([line[i] for line in lines for i in (0, -1)])
    owner = np.repeat(np.arange(len(lines)), 2)
    tree = shapely.STRtree(geometries)
    ends_index, touched = tree.query(np.asarray(shapely.points(ends)), predicate="dwithin", distance=snap_m)
    put_in: dict[int, list[tuple[float, int]]] = {}
    for line, end in sorted(zip(touched.tolist(), ends_index.tolist(), strict=True)):
        if line == owner[end] or np.hypot(*(lines[line] - ends[end]).T).min() <= snap_m:
            continue
        along = float(shapely.line_locate_point(geometries[line], shapely.Point(ends[end])))
        put_in.setdefault(line, []).append((along, end))
    out = list(lines)
    for line, places in put_in.items():
        at = np.concatenate([[0.0], np.hypot(*np.diff(lines[line], axis=0).T).cumsum()])
        measured = np.array([place for place, _ in places])
        merged = np.concatenate([lines[line], ends[[end for _, end in places]]])
        out[line] = merged[np.argsort(np.concatenate([at, measured]), kind="stable")]
    return out


def _one_number_per_place(points: Coordinates, snap_m: float) -> tuple[NDArray[np.int64], Coordinates]:
    """Number the vertices so that those within `snap_m` of one another share one; each place is its first vertex."""
    pairs = cKDTree(points).query_pairs(snap_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    _, label = connected_components(links, directed=False)
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    return number.astype(np.int64), points[first]


def node_lines(lines: list[Coordinates], snap_m: float) -> Noded:
    """Break lines at ends and at vertices that two lines (or one twice) share within `snap_m`.

    A crossing without a vertex joins nothing: a bridge over a road is drawn that way.
    """
    lines = with_touching_ends(lines, snap_m)
    number, places = _one_number_per_place(np.concatenate(lines), snap_m)
    bounds = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    runs: list[NDArray[np.int64]] = []
    for start, stop in pairwise(bounds):
        run = number[start:stop]
        runs.append(run[np.concatenate([[True], run[1:] != run[:-1]])])
    use = np.bincount(np.concatenate(runs), minlength=len(places))
    for run in runs:
        use[run[[0, -1]]] += 2
    is_node = use >= 2
    node_of = np.cumsum(is_node) - 1
    tail, head, road, pieces = [], [], [], []
    for row, run in enumerate(runs):
        breaks = np.flatnonzero(is_node[run])
        for a, b in pairwise(breaks):
            tail.append(node_of[run[a]])
            head.append(node_of[run[b]])
            road.append(row)
            pieces.append(places[run[a : b + 1]])
    ends = np.array([tail, head, road], np.int64)
    return Noded(places[is_node], ends[0], ends[1], ends[2], pieces)
