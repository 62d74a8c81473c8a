"""Travel-time surfaces and catchments: exact shortest times over the cells of a grid."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import refused
from gis_planner.spatial.travel._checks import Ground, checked_ground, checked_sources
from gis_planner.spatial.travel._edges import KERNEL, LONGEST, MOST_TICKS, NEVER
from gis_planner.spatial.travel._tiles import spread

TILE_CELLS: Final = 128
FINEST: Final = 24
_TIME_BITS: Final = 38
_COARSER: Final = 8
_HEADROOM: Final = 64.0
_LEAST_TICKS: Final = 2**10

Surface = NDArray[np.float32]
Index = NDArray[np.int32]
Gaps = Literal["open", "closed"]


class Solved(NamedTuple):
    """Time and source of each cell as one integer: ticks << bits | source; `never` where not reached."""

    key: NDArray[np.int64]
    unit: float
    bits: int
    never: int


@numba.njit(**KERNEL)
def _read_out(key, unit, bits, never, minutes, serving, with_serving):  # type: ignore[no-untyped-def]
    """Minutes (nan where not reached) and serving source (-1) from the integer keys."""
    mask = (np.int64(1) << bits) - 1
    for i in range(key.shape[0]):
        for j in range(key.shape[1]):
            v = key[i, j]
            if v < never:
                minutes[i, j] = np.float32(np.float64(v >> bits) / unit / 60.0)
                if with_serving:
                    serving[i, j] = v & mask
            else:
                minutes[i, j] = np.nan
                if with_serving:
                    serving[i, j] = -1


@numba.njit(**KERNEL)
def _greatest(key, never):  # type: ignore[no-untyped-def]
    greatest = np.int64(0)
    for i in range(key.shape[0]):
        for j in range(key.shape[1]):
            v = key[i, j]
            if greatest < v < never:
                greatest = v
    return greatest


def limit_ticks(limit_min: float, unit: float) -> int:
    """The most ticks whose minutes, as float32, are not above `limit_min` as float32."""
    most = np.float32(limit_min)
    ticks = math.floor(float(most) * (1 + 2.0**-20) * 60.0 * unit) + 1
    low = 0
    while low < ticks:
        middle = (low + ticks + 1) // 2
        if np.float32(middle / unit / 60.0) <= most:
            low = middle
        else:
            ticks = middle - 1
    return low


class Options(NamedTuple):
    """How steps are taken; see `travel_time`."""

    neighbours: int = 8
    towards: bool = False
    limit_min: float | None = None
    diagonal_gaps: str = "open"

    @property
    def shut(self) -> bool:
        """Whether diagonal steps between two closed cells are closed."""
        return self.diagonal_gaps == "closed"


def checked_options(neighbours: int, towards: bool, limit_min: float | None, diagonal_gaps: str) -> Options:
    """The options, or `Refused` for one out of its range; an infinite limit is none."""
    if neighbours not in (8, 16):
        raise refused("neighbours", field="neighbours", found=neighbours, expected="8 or 16", remedy="Choose one.")
    if limit_min is not None and not limit_min >= 0:
        raise refused("limit", field="limit_min", found=limit_min, expected="minutes, 0 or more",
                      remedy="Give minutes, or None for no limit.")
    if diagonal_gaps not in ("open", "closed"):
        raise refused("diagonal-gaps", field="diagonal_gaps", found=diagonal_gaps, expected="open or closed",
                      remedy="open as AccessMod, GRASS and MCP; closed when a wall is one cell wide on the diagonal.")
    bounded = limit_min is not None and math.isfinite(limit_min)
    return Options(neighbours, bool(towards), limit_min if bounded else None, diagonal_gaps)


def first_unit(ground: Ground, bits: int) -> float:
    """Ticks per second to begin with: the finest whose slowest step still leaves room for a path."""
    longest_m = 2.0 * math.hypot(ground.dy_m, float(ground.dx_m.max()))
    slowest_s = longest_m * 3.6 / ground.slowest_kmh * _HEADROOM
    power = min(FINEST, _TIME_BITS - bits, math.floor(math.log2(min(MOST_TICKS, LONGEST >> bits) / slowest_s)))
    return checked_unit(ground, 2.0**power)


def checked_unit(ground: Ground, unit: float) -> float:
    """`unit` when the fastest step still has enough ticks to be exact, else a refusal."""
    fastest_s = min(ground.dy_m, float(ground.dx_m.min())) * 3.6 / ground.fastest_kmh / 2.0
    if fastest_s * unit < _LEAST_TICKS:
        raise refused("speed-range", field="speed_kmh", found=f"{ground.slowest_kmh:g} to {ground.fastest_kmh:g} km/h",
                      expected="speeds within about nine powers of ten of one another",
                      remedy="Close the slowest cells (speed 0 or nan): nobody crosses them.",
                      remedy_fr="Fermer les cellules les plus lentes (vitesse 0 ou nan) : personne ne les traverse.")
    return unit


def cap(options: Options, unit: float, bits: int) -> int:
    """The least key that counts as not reached."""
    if options.limit_min is None:
        return NEVER
    return min(NEVER, (limit_ticks(options.limit_min, unit) + 1) << bits)


def solve(
    ground: Ground, cells: NDArray[np.int64], options: Options, *, with_source: bool, threads: int, tile_cells: int,
) -> Solved:
    """Exact times from checked inputs; see `travel_time`."""
    bits = int(cells.shape[0] - 1).bit_length() if with_source else 0
    unit = first_unit(ground, bits)
    shape = ground.speed_kmh.shape
    tile = (min(tile_cells, shape[0]), min(tile_cells, shape[1]))
    numbers = np.arange(cells.shape[0]) if with_source else np.zeros(cells.shape[0], np.int64)
    while True:
        never = cap(options, unit, bits)
        key = np.full(shape, never, np.int64)
        key[cells[::-1, 0], cells[::-1, 1]] = numbers[::-1]
        spread(key, cells, ground.grid, ground.dy_m, ground.dx_m, neighbours=options.neighbours, shut=options.shut,
               unit=unit, bits=bits, turned=options.towards, never=never, tile=tile, threads=threads)
        if never < NEVER or _greatest(key, never) < NEVER // 2:
            return Solved(key, unit, bits, never)
        unit = checked_unit(ground, unit / 2**_COARSER)


def catchments(
    speed_kmh: ArrayLike, sources: ArrayLike, *, cell_m: Any, elevation_m: ArrayLike | None = None,
    mode: str | ArrayLike = "walk", neighbours: int = 8, towards: bool = False, limit_min: float | None = None,
    diagonal_gaps: Gaps = "open", threads: int = 1, tile_cells: int = TILE_CELLS,
) -> tuple[Surface, Index]:
    """Minutes to (or from) the nearest source, and which source that is.

    Arguments are those of `travel_time`. Returns (minutes, serving): float32 with nan and int32 with -1 where no source
    is reached. Equal times go to the source that comes first in `sources`.
    """
    options = checked_options(neighbours, towards, limit_min, diagonal_gaps)
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    cells = checked_sources(sources, ground.speed_kmh)
    done = solve(ground, cells, options, with_source=True, threads=threads, tile_cells=tile_cells)
    minutes, serving = np.empty(done.key.shape, np.float32), np.empty(done.key.shape, np.int32)
    _read_out(done.key, done.unit, done.bits, done.never, minutes, serving, True)
    return minutes, serving


def travel_time(
    speed_kmh: ArrayLike, sources: ArrayLike, *, cell_m: Any, elevation_m: ArrayLike | None = None,
    mode: str | ArrayLike = "walk", neighbours: int = 8, towards: bool = False, limit_min: float | None = None,
    diagonal_gaps: Gaps = "open", threads: int = 1, tile_cells: int = TILE_CELLS,
) -> Surface:
    """Minutes from the nearest source to every cell (`towards=True`: from every cell to its nearest source).

    speed_kmh: (rows, columns), speed on flat ground in km/h; nan or 0 is a barrier; a masked array's mask too.
    sources: (n, 2) whole numbers, row and column of each source, on open cells.
    cell_m: side of a cell in metres, or (height, width), where width may be one value per row (see `cell_size`).
    elevation_m: (rows, columns), metres; without it no slope acts.
    mode: "walk" (Tobler 1993: the flat speed times exp(-3.5 |s + 0.05|) / exp(-3.5 * 0.05), slope s = rise over
    length), "bicycle" (the speed that the rider's power on the flat gives on the slope, at most twice the flat one) or
    "motor" (no slope effect); or (rows, columns) of these names or of `Mode` codes, one for each cell.
    neighbours: 8, or 16 with knight's moves. limit_min: cells farther than this are not reached; stops early.
    diagonal_gaps: "open" lets a diagonal step pass between two closed cells, as AccessMod, r.cost and MCP do; "closed"
    does not. `speeds.surface` draws barriers that hold under both.
    threads and tile_cells change the time that it takes, never the answer.

    A step costs its length times the mean slowness of the cells that it crosses: 2, or 4 for a knight's move, which
    needs all four open. This is AccessMod 5's definition (Ray and Ebener 2008, doi:10.1186/1476-072X-7-63). Times are
    summed as whole ticks of 2**-24 s (coarser with more than 16,384 sources), so the answer is the exact shortest path
    of the grid's graph, the same bits in any order of work.

    Returns float32 (rows, columns), nan where not reached. Raises `Refused` for negative or infinite speeds, sources
    outside or on a barrier, grids that differ, elevation missing or out of range, cell sizes that are not above 0 m.
    """
    options = checked_options(neighbours, towards, limit_min, diagonal_gaps)
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    cells = checked_sources(sources, ground.speed_kmh)
    done = solve(ground, cells, options, with_source=False, threads=threads, tile_cells=tile_cells)
    minutes = np.empty(done.key.shape, np.float32)
    nobody = np.empty((1, 1), np.int32)
    _read_out(done.key, done.unit, done.bits, done.never, minutes, nobody, False)
    return minutes
