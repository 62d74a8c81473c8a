"""Who reaches what: the sparse matrix of distances from demand to sites within a limit, at the size of a country.

Sites are sorted once into square bins whose rows are runs of memory, so that a place reads at most a few runs. The
answer is exact (each pair is measured), sorted, and the same on every machine and number of threads.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from gis_planner.problems import Refused, refused
from gis_planner.spatial._arrays import Floats, distance_limit, metric_pair

COINCIDENT_M: Final = 1e-6
"""Metres stored for a pair at the same place (one micrometre), so that "not zero" means "reached" for ever after."""

MAX_PAIRS: Final = 2_000_000_000
BINS_PER_SITE: Final = 4
INSERTION: Final = 48


def reach_matrix(demand_xy_m: npt.ArrayLike, site_xy_m: npt.ArrayLike, limit_m: float) -> csr_array:
    """Straight distances in metres of every pair at most `limit_m` apart, as (demand, sites) rows of a sparse matrix.

    demand_xy_m (n, 2), site_xy_m (m, 2): eastings and northings of one CRS in metres. Pairs at exactly `limit_m` count.
    Column indices rise in each row; data are float64. Two places at the same spot are stored as `COINCIDENT_M`
    (1e-6 m), never as zero: sparse matrices drop zeros, and the pair is reached. Refuses degrees, missing coordinates
    and a limit that is negative or not finite.
    """
    demand, site = metric_pair(demand_xy_m, "demand_xy_m", site_xy_m, "site_xy_m")
    limit = distance_limit(limit_m)
    shape = (len(demand), len(site))
    if not len(demand) or not len(site):
        return csr_array(shape, dtype=np.float64)
    bins = _bins(site, limit)
    room, most = (int(value) for value in _most(demand, bins, limit))
    if room > MAX_PAIRS:
        raise _too_many(room)
    starts = np.zeros(len(demand) + 1, np.int64)
    try:
        indices, metres = np.empty(room, np.int32), np.empty(room, np.float64)
    except MemoryError:
        raise _too_many(room) from None
    pairs = int(_fill(demand, bins, limit, most, starts, indices, metres))
    pointers = starts.astype(np.int32) if pairs < 2**31 else starts
    indices.resize(pairs, refcheck=False)
    metres.resize(pairs, refcheck=False)
    matrix = csr_array((metres, indices, pointers), shape=shape)
    matrix.has_sorted_indices = True
    return matrix


def _too_many(room: int) -> Refused:
    return refused(
        "reach-size", field="limit_m", found=f"up to {room:,} pairs",
        expected=f"at most {MAX_PAIRS:,}, and room in memory for them",
        remedy="Shorten the limit, thin the candidates, or work region by region.",
        remedy_fr="Réduisez la limite ou le nombre de candidats, ou procédez par région.",
    )


def reached(matrix: csr_array) -> csr_array:
    """The same pairs with 1 where a site is reached (int8)."""
    return csr_array((np.ones(matrix.nnz, np.int8), matrix.indices, matrix.indptr), shape=matrix.shape)


def people_reached(matrix: csr_array, people: npt.ArrayLike) -> Floats:
    """(sites,) people within the limit of each site; people (demand,) >= 0. One person may count at several sites."""
    count = np.asarray(people, dtype=np.float64)
    if count.shape != (matrix.shape[0],) or not np.isfinite(count).all() or (count < 0).any():
        raise refused(
            "people", field="people", found=f"shape {count.shape}, least {np.nanmin(count, initial=np.inf)}",
            expected=f"{matrix.shape[0]} numbers, 0 or more", remedy="Give one number of people per row of demand.",
            remedy_fr="Donnez un nombre d'habitants par ligne de demande.",
        )
    return np.asarray(reached(matrix).T @ count, dtype=np.float64)


def _bins(site: Floats, limit: float) -> tuple[Any, ...]:
    """Sites sorted by bin: (x, y, site, first of each bin, low x, low y, side, 1/side, rows, columns)."""
    low, high = site.min(0), site.max(0)
    extent = high - low
    side = max(limit, float(np.sqrt(extent[0] * extent[1] / (BINS_PER_SITE * len(site)))), 1.0)
    while (extent[0] // side + 1) * (extent[1] // side + 1) > BINS_PER_SITE * len(site) + 1024:
        side *= 2
    columns, rows = int(extent[0] // side) + 1, int(extent[1] // side) + 1
    column = np.minimum((site[:, 0] - low[0]) // side, columns - 1).astype(np.int64)
    row = np.minimum((site[:, 1] - low[1]) // side, rows - 1).astype(np.int64)
    code = row * columns + column
    order = np.argsort(code, kind="stable")
    first = np.searchsorted(code[order], np.arange(rows * columns + 1)).astype(np.int64)
    return (np.ascontiguousarray(site[order, 0]), np.ascontiguousarray(site[order, 1]), order.astype(np.int32), first,
            float(low[0]), float(low[1]), side, 1.0 / side, rows, columns)


@numba.njit(cache=True, nogil=True, inline="always")
def _run(bins: Any, x: Any, y: Any, limit: Any, row: Any) -> Any:
    """The run of sorted sites of one row of bins that may lie within the limit."""
    _, _, _, first, west, south, side, per_m, _, columns = bins
    below, above = south + row * side, south + (row + 1) * side
    gap = max(below - y, y - above, 0.0) * 0.999999
    half = np.sqrt(max(limit * limit - gap * gap, 0.0)) + 1e-6 * side
    left = max(int(np.floor((x - half - west) * per_m)), 0)
    right = min(int(np.floor((x + half - west) * per_m)), columns - 1)
    if left > right:
        return 0, 0
    return first[row * columns + left], first[row * columns + right + 1]


@numba.njit(cache=True, nogil=True, inline="always")
def _rows(bins: Any, y: Any, limit: Any) -> Any:
    _, _, _, _, _, south, _, per_m, rows, _ = bins
    low = max(int(np.floor((y - limit - south) * per_m - 1e-6)), 0)
    high = min(int(np.floor((y + limit - south) * per_m + 1e-6)), rows - 1)
    return low, high


@numba.njit(cache=True, nogil=True)
def _most(demand: Any, bins: Any, limit: Any) -> Any:
    """Sites that lie in the bins each place must read: their sum, and the most for one place."""
    total, most = np.int64(0), np.int64(0)
    for i in range(demand.shape[0]):
        low, high = _rows(bins, demand[i, 1], limit)
        here = np.int64(0)
        for row in range(low, high + 1):
            start, stop = _run(bins, demand[i, 0], demand[i, 1], limit, row)
            here += stop - start
        total += here
        most = max(most, here)
    return total, most


@numba.njit(cache=True, nogil=True)
def _fill(demand: Any, bins: Any, limit: Any, most: Any, starts: Any, indices: Any, metres: Any) -> Any:
    """Write the pairs of each place one after the other; a pair's site and its position travel as one number."""
    xs, ys, order = bins[0], bins[1], bins[2]
    square = limit * limit
    keys, squares = np.empty(most + 1, np.int64), np.empty(most + 1, np.float64)
    end = np.int64(0)
    for i in range(demand.shape[0]):
        x, y = demand[i, 0], demand[i, 1]
        low, high = _rows(bins, y, limit)
        found = np.int64(0)
        for row in range(low, high + 1):
            start, stop = _run(bins, x, y, limit, row)
            for k in range(start, stop):
                dx, dy = xs[k] - x, ys[k] - y
                d2 = dx * dx + dy * dy
                keys[found] = (np.int64(order[k]) << 32) | found
                squares[found] = d2
                found += np.int64(d2 <= square)
        _sort(keys, found)
        for k in range(found):
            indices[end + k] = keys[k] >> 32
            metres[end + k] = max(np.sqrt(squares[keys[k] & 0xFFFFFFFF]), COINCIDENT_M)
        end += found
        starts[i + 1] = end
    return end


@numba.njit(cache=True, nogil=True, inline="always")
def _sort(keys: Any, count: Any) -> None:
    """Sort the first `count` keys: by insertion where they are few."""
    if count > INSERTION:
        keys[:count].sort()
        return
    for at in range(1, count):
        key = keys[at]
        before = at - 1
        while before >= 0 and keys[before] > key:
            keys[before + 1] = keys[before]
            before -= 1
        keys[before + 1] = key
