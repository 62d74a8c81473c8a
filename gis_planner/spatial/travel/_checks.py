"""What a travel-time surface refuses, before any work, and the checked form of what it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import Problems, Severity, nearest, refused
from gis_planner.spatial.travel._edges import ISOTROPIC, KERNEL, MIXED, WALKING
from gis_planner.spatial.travel._laws import Mode

MODES: Final = {"walk": Mode.WALK, "bicycle": Mode.BICYCLE, "motor": Mode.MOTOR}
LOWEST_M: Final = -500.0
HIGHEST_M: Final = 9000.0
_SHOWN: Final = 5
_NO_MODES: Final = np.zeros((1, 1), np.uint8)
_NO_HEIGHT: Final = np.zeros((1, 1), np.float32)


@dataclass(frozen=True, slots=True)
class Ground:
    """A checked grid: speeds (km/h), heights (m) and modes as the kernels read them, and the size of its cells."""

    grid: tuple[Any, ...]
    dy_m: float
    dx_m: NDArray[np.float64]
    slowest_kmh: float
    fastest_kmh: float

    @property
    def speed_kmh(self) -> NDArray[np.float32]:
        """The speeds, nan or 0 where closed."""
        return self.grid[0]  # type: ignore[no-any-return]

    @property
    def law(self) -> int:
        """Which slope law the kernels use."""
        return int(self.grid[3])


@numba.njit(**KERNEL)
def _survey(speed):  # type: ignore[no-untyped-def]
    slow, fast, negative, endless = np.inf, 0.0, 0, 0
    for i in range(speed.shape[0]):
        for j in range(speed.shape[1]):
            v = speed[i, j]
            if v < 0:
                negative += 1
            elif v == np.inf:
                endless += 1
            elif v > 0:
                slow, fast = min(slow, v), max(fast, v)
    return slow, fast, negative, endless


@numba.njit(**KERNEL)
def _survey_height(speed, height):  # type: ignore[no-untyped-def]
    missing, low, high = 0, np.inf, -np.inf
    for i in range(speed.shape[0]):
        for j in range(speed.shape[1]):
            if speed[i, j] > 0:
                z = height[i, j]
                if np.isfinite(z):
                    low, high = min(low, z), max(high, z)
                else:
                    missing += 1
    return missing, low, high


def _speeds(speed_kmh: ArrayLike, problems: Problems) -> tuple[NDArray[np.float32], float, float]:
    speed = np.ma.filled(np.ma.asarray(speed_kmh, dtype=np.float32), np.nan)
    speed = np.ascontiguousarray(speed)
    if speed.ndim != 2 or speed.size == 0:
        raise refused("speed-shape", field="speed_kmh", found=f"an array of shape {speed.shape}",
                      expected="rows and columns of one band", remedy="Give one 2-D grid of speeds in km/h.",
                      remedy_fr="Donner une grille 2-D de vitesses en km/h.")
    slow, fast, negative, endless = _survey(speed)
    for count, code, word in ((negative, "speed-negative", "negative"), (endless, "speed-infinite", "infinite")):
        if count:
            problems.add(code, Severity.REFUSE, field="speed_kmh", found=f"{count} cells with {word} speed",
                         expected="speeds above 0, or 0 or nan where nobody passes",
                         remedy="Mark missing values as nan (-9999 is often nodata without its tag).",
                         remedy_fr="Marquer les valeurs absentes nan (-9999 est souvent un nodata sans étiquette).")
    return speed, slow, fast


def _heights(elevation_m: ArrayLike, speed: NDArray[np.float32], problems: Problems) -> NDArray[Any]:
    height = np.ma.filled(np.ma.asarray(elevation_m, dtype=np.float32), np.nan)
    height = np.ascontiguousarray(height)
    if height.shape != speed.shape:
        raise refused("grids-differ", field="elevation_m", found=f"shape {height.shape}", expected=f"{speed.shape}",
                      remedy="Bring speed and elevation to one grid first (same origin, cell size and shape).",
                      remedy_fr="Ramener vitesse et altitude sur une même grille (origine, maille et taille).")
    missing, low, high = _survey_height(speed, height)
    if missing:
        problems.add("elevation-missing", Severity.REFUSE, field="elevation_m",
                     found=f"no elevation in {missing} cells that can be crossed", expected="an elevation in each",
                     remedy="Fill the holes of the elevation, or set the speed to nan where it is missing.",
                     remedy_fr="Combler les trous d'altitude ou mettre la vitesse à nan là où elle manque.")
    if low < LOWEST_M or high > HIGHEST_M:
        problems.add("elevation-range", Severity.REFUSE, field="elevation_m", found=f"{low:g} to {high:g} m",
                     expected=f"{LOWEST_M:g} to {HIGHEST_M:g} m",
                     remedy="Tag nodata (such as -9999) and convert feet or decimetres to metres.",
                     remedy_fr="Étiqueter le nodata (p. ex. -9999) et convertir pieds ou décimètres en mètres.")
    return height


def _modes(mode: str | ArrayLike, speed: NDArray[np.float32]) -> tuple[NDArray[np.uint8], Mode | None]:
    """The mode raster, and the mode itself when the whole grid has one."""
    if isinstance(mode, str):
        if mode not in MODES:
            near = nearest(mode, MODES)
            raise refused("mode-unknown", field="mode", found=mode, expected=f"one of {', '.join(MODES)}",
                          remedy=f"Did you mean {near}?" if near else "Choose one of these, or a grid of modes.")
        return _NO_MODES, MODES[mode]
    codes = np.asarray(mode)
    if codes.dtype.kind in "US":
        names = {str(name) for name in np.unique(codes)}
        if names - set(MODES):
            return _modes(sorted(names - set(MODES))[0], speed)
        codes = np.select([codes == name for name in MODES], [int(code) for code in MODES.values()])
    crossed = codes[speed > 0] if codes.shape == speed.shape else codes
    known = [int(code) for code in MODES.values()]
    if codes.shape != speed.shape or codes.dtype.kind not in "iu" or not np.isin(crossed, known).all():
        raise refused("mode-grid", field="mode", found=f"{codes.dtype} of shape {codes.shape}",
                      expected=f"whole numbers of shape {speed.shape}: " + ", ".join(f"{MODES[n]} {n}" for n in MODES),
                      remedy="Give a mode name, or a grid with one of these codes in every cell that can be crossed.")
    used = np.unique(crossed)
    return np.ascontiguousarray(codes, np.uint8), Mode(int(used[0])) if used.size == 1 else None


def _cells(cell_m: Any, rows: int) -> tuple[float, NDArray[np.float64]]:
    parts = cell_m if isinstance(cell_m, tuple) else (cell_m, cell_m)
    try:
        height, widths = float(parts[0]), np.broadcast_to(np.asarray(parts[1], float), (rows,)).copy()
    except (TypeError, ValueError, IndexError):
        height, widths = np.nan, np.full(1, np.nan)
    if len(parts) != 2 or not (np.isfinite(height) and height > 0 and np.isfinite(widths).all() and (widths > 0).all()):
        raise refused("cell-size", field="cell_m", found=cell_m,
                      expected="metres above 0: one number, or (height, width), the width one number or one per row",
                      remedy="Take it from cell_size(transform, crs, shape), which refuses or measures degrees.")
    return height, widths


def checked_ground(
    speed_kmh: ArrayLike, *, cell_m: Any, elevation_m: ArrayLike | None, mode: str | ArrayLike,
) -> Ground:
    """The grid as the kernels read it; raises `Refused` with everything that is wrong."""
    problems = Problems()
    speed, slow, fast = _speeds(speed_kmh, problems)
    modes, one = _modes(mode, speed)
    dy_m, dx_m = _cells(cell_m, speed.shape[0])
    law, height = ISOTROPIC, _NO_HEIGHT
    if elevation_m is not None and one is not Mode.MOTOR:
        height = _heights(elevation_m, speed, problems)
        law = WALKING if one is Mode.WALK else MIXED
        if law == MIXED and one is not None:
            modes = np.full(speed.shape, int(one), np.uint8)
    problems.stop()
    return Ground((speed, height, modes, law), dy_m, dx_m, slow, fast)


def checked_sources(sources: ArrayLike, speed: NDArray[np.float32], field: str = "sources") -> NDArray[np.int64]:
    """Sources as (n, 2) rows and columns on open cells; raises `Refused` naming those that are not."""
    cells = np.asarray(sources)
    if cells.ndim != 2 or cells.shape[1:] != (2,) or cells.dtype.kind not in "iu" or cells.shape[0] == 0:
        raise refused("sources-shape", field=field, found=f"{cells.dtype} of shape {cells.shape}",
                      expected="whole numbers of shape (n, 2), n at least 1: row and column of each",
                      remedy="Turn coordinates into rows and columns of the grid first.",
                      remedy_fr="Convertir d'abord les coordonnées en lignes et colonnes de la grille.")
    cells = np.ascontiguousarray(cells, np.int64)
    problems = Problems()
    outside = np.any((cells < 0) | (cells >= np.array(speed.shape)), axis=1)
    inner = np.where(outside[:, None], 0, cells)
    closed: NDArray[np.bool_] = ~outside & ~(speed[inner[:, 0], inner[:, 1]] > 0)
    kinds = ((outside, "source-outside", "outside the grid"), (closed, "source-on-barrier", "on a barrier"))
    for bad, code, where in kinds:
        which = np.flatnonzero(bad)
        if which.size:
            some = ", ".join(f"{i} (row {cells[i, 0]}, column {cells[i, 1]})" for i in which[:_SHOWN])
            more = f" and {which.size - _SHOWN} more" if which.size > _SHOWN else ""
            problems.add(code, Severity.REFUSE, field=field, row=int(which[0]), found=f"{where}: {some}{more}",
                         expected="every source on a cell with a speed above 0",
                         remedy="Move it to the nearest open cell (snap_to_open does) or open its cell.",
                         remedy_fr="Le déplacer vers la cellule ouverte la plus proche (snap_to_open).")
    problems.stop()
    return cells
