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

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, distance_limit, metric_pair

COINCIDENT_M: Final = 1e-6
"""Metres stored for a pair at the same place (one micrometre), so that "not zero" means "reached" for ever after."""

MAX_PAIRS: Final = 2_000_000_000
BINS_PER_SITE: Final = 4


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
    counts = np.zeros(len(demand) + 1, np.int64)
    _count(demand, bins, limit, counts)
    starts = np.cumsum(counts)
    pairs = int(starts[-1])
    if pairs > MAX_PAIRS:
        raise refused(
            "reach-size", field="limit_m", found=f"{pairs:,} pairs", expected=f"at most {MAX_PAIRS:,}",
            remedy="Shorten the limit, thin the candidates, or work region by region.",
            remedy_fr="Réduisez la limite ou le nombre de candidats, ou procédez par région.",
        )
    indices = np.empty(pairs, np.int32)
    metres = np.empty(pairs, np.float64)
    _fill(demand, bins, limit, starts, indices, metres)
    pointers = starts.astype(np.int32) if pairs < 2**31 else starts
    matrix = csr_array((metres, indices, pointers), shape=shape)
    matrix.has_sorted_indices = True
    return matrix


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
    """Sites sorted by bin: (sorted x, sorted y, site of each, first of each bin, low x, low y, side, rows, columns)."""
    low, high = site.min(0), site.max(0)
    extent = high - low
    side = max(limit / 2, float(np.sqrt(extent[0] * extent[1] / (BINS_PER_SITE * len(site)))), 1.0)
    while (extent[0] // side + 1) * (extent[1] // side + 1) > BINS_PER_SITE * len(site) + 1024:
        side *= 2
    columns, rows = int(extent[0] // side) + 1, int(extent[1] // side) + 1
    column = np.minimum((site[:, 0] - low[0]) // side, columns - 1).astype(np.int64)
    row = np.minimum((site[:, 1] - low[1]) // side, rows - 1).astype(np.int64)
    code = row * columns + column
    order = np.argsort(code, kind="stable")
    first = np.searchsorted(code[order], np.arange(rows * columns + 1)).astype(np.int64)
    return (np.ascontiguousarray(site[order, 0]), np.ascontiguousarray(site[order, 1]), order.astype(np.int32), first,
            float(low[0]), float(low[1]), side, rows, columns)


@numba.njit(cache=True, nogil=True, inline="always")
def _run(bins: Any, x: Any, y: Any, limit: Any, row: Any) -> Any:
    """The run of sorted sites of one row of bins that may lie within the limit."""
    _, _, _, first, west, south, side, _, columns = bins
    below, above = south + row * side, south + (row + 1) * side
    gap = max(below - y, y - above, 0.0) * 0.999999
    half = np.sqrt(max(limit * limit - gap * gap, 0.0)) + 1e-6 * side
    left = max(int(np.floor((x - half - west) / side)), 0)
    right = min(int(np.floor((x + half - west) / side)), columns - 1)
    if left > right:
        return 0, 0
    return first[row * columns + left], first[row * columns + right + 1]


@numba.njit(cache=True, nogil=True, inline="always")
def _rows(bins: Any, y: Any, limit: Any) -> Any:
    _, _, _, _, _, south, side, rows, _ = bins
    low = max(int(np.floor((y - limit - south) / side - 1e-6)), 0)
    high = min(int(np.floor((y + limit - south) / side + 1e-6)), rows - 1)
    return low, high


@numba.njit(cache=True, nogil=True)
def _count(demand: Any, bins: Any, limit: Any, counts: Any) -> None:
    xs, ys = bins[0], bins[1]
    square = limit * limit
    for i in range(demand.shape[0]):
        x, y = demand[i, 0], demand[i, 1]
        low, high = _rows(bins, y, limit)
        found = np.int64(0)
        for row in range(low, high + 1):
            start, stop = _run(bins, x, y, limit, row)
            for k in range(start, stop):
                dx, dy = xs[k] - x, ys[k] - y
                found += np.int64(dx * dx + dy * dy <= square)
        counts[i + 1] = found


@numba.njit(cache=True, nogil=True)
def _fill(demand: Any, bins: Any, limit: Any, starts: Any, indices: Any, metres: Any) -> None:
    xs, ys, order = bins[0], bins[1], bins[2]
    square = limit * limit
    for i in range(demand.shape[0]):
        x, y = demand[i, 0], demand[i, 1]
        low, high = _rows(bins, y, limit)
        begin = starts[i]
        end = begin
        stop_at = starts[i + 1]
        for row in range(low, high + 1):
            start, stop = _run(bins, x, y, limit, row)
            for k in range(start, stop):
                dx, dy = xs[k] - x, ys[k] - y
                d2 = dx * dx + dy * dy
                if d2 <= square and end < stop_at:
                    site, distance = order[k], max(np.sqrt(d2), COINCIDENT_M)
                    at = end
                    while at > begin and indices[at - 1] > site:
                        indices[at], metres[at] = indices[at - 1], metres[at - 1]
                        at -= 1
                    indices[at], metres[at] = site, distance
                    end += 1
