"""An independent travel time for tests: every step of the grid as an edge of a graph, solved by scipy's Dijkstra."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra


def tobler(speed_kmh, slope):
    """Tobler's hiking function scaled so that the flat speed is the cell's."""
    return speed_kmh * np.exp(-3.5 * np.abs(slope + 0.05)) / np.exp(-3.5 * 0.05)


def flat(speed_kmh, slope):
    """No slope effect."""
    return speed_kmh


def steps(neighbours):
    """Row and column offsets of the 8 or 16 neighbours."""
    near = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]
    knights = [(a, b) for a in (-2, -1, 1, 2) for b in (-2, -1, 1, 2) if abs(a) != abs(b)]
    return near + (knights if neighbours == 16 else [])


def graph(speed_kmh, cell_m, elevation_m=None, law=flat, neighbours=8, closed_gaps=False):
    """Directed graph whose edge (a, b) costs the seconds from cell a to cell b."""
    speed = np.where(np.isnan(speed_kmh) | (np.asarray(speed_kmh) == 0), np.nan, speed_kmh).astype(float)
    rows, cols = speed.shape
    z = np.zeros((rows, cols)) if elevation_m is None else np.asarray(elevation_m, float)
    number = np.arange(rows * cols).reshape(rows, cols)
    v, h = np.pad(speed, 2, constant_values=np.nan), np.pad(z, 2)
    found = ([], [], [])

    def at(array, dr, dc):
        return array[2 + dr : 2 + dr + rows, 2 + dc : 2 + dc + cols]

    for dr, dc in steps(neighbours):
        length = cell_m * np.hypot(dr, dc)
        crossed = [(0, 0), (dr, dc)]
        if abs(dr) == 2:
            crossed += [(np.sign(dr), 0), (np.sign(dr), dc)]
        if abs(dc) == 2:
            crossed += [(0, np.sign(dc)), (dr, np.sign(dc))]
        slope = (at(h, dr, dc) - z) / length
        seconds = sum(3.6 * length / len(crossed) / law(at(v, a, b), slope) for a, b in crossed)
        if closed_gaps and abs(dr) == 1 and abs(dc) == 1:
            seconds = np.where(np.isnan(at(v, dr, 0)) & np.isnan(at(v, 0, dc)), np.nan, seconds)
        ok = np.isfinite(seconds)
        found[0].append(number[ok])
        found[1].append(number[ok] + dr * cols + dc)
        found[2].append(seconds[ok])
    a, b, w = (np.concatenate(part) for part in found)
    return coo_array((w, (a, b)), shape=(rows * cols, rows * cols)).tocsr()


def minutes(speed_kmh, sources, *, cell_m, towards=False, **kind):
    """Minutes of every cell to or from each source: (sources, rows, columns), inf where not reached."""
    network = graph(speed_kmh, cell_m, **kind)
    rows, cols = np.shape(speed_kmh)
    sources = np.asarray(sources)
    seconds = dijkstra(network.T if towards else network, indices=sources[:, 0] * cols + sources[:, 1])
    return seconds.reshape(len(sources), rows, cols) / 60
