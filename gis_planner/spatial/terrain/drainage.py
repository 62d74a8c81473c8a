"""Height above the nearest drainage: how far a flood must rise to reach a place, along the way its water takes."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats
from gis_planner.spatial.terrain.routing import Flow, flow
from gis_planner.spatial.terrain.streams import stream_cells

STREAM_AREA_M2: Final = 100_000.0
"""Ground that begins a drainage line unless the caller says otherwise: 10 hectares, an ephemeral gully."""


def height_above_drainage(
    elevation_m: npt.ArrayLike, cell_m: float, *, stream_area_m2: float = STREAM_AREA_M2,
    streams: npt.ArrayLike | None = None, water: Flow | None = None,
) -> Floats:
    """Metres of each cell above the drainage cell that its water reaches first (HAND); nan where it reaches none.

    elevation_m (rows, columns), cell_m: metres. Drainage: the cells `streams` (booleans), else those through which
    `stream_area_m2` drain. water: a `flow` of the same elevation, when it is at hand. Heights are of the filled ground,
    so never negative; drainage cells are 0. Rennó et al. 2008 (Remote Sensing of Environment 112:3469); Nobre 2011.
    """
    ground = flow(elevation_m, cell_m) if water is None else water
    mask = stream_cells(ground, stream_area_m2) if streams is None else np.asarray(streams, dtype=bool)
    if mask.shape != ground.filled_m.shape:
        raise refused("layers-differ", field="streams", found=f"shape {mask.shape}",
                      expected=f"{ground.filled_m.shape}, the shape of the elevation",
                      remedy="Bring both onto one grid.", remedy_fr="Ramenez les deux sur une même grille.")
    above = _above(ground.filled_m.ravel(), mask.ravel(), ground.downstream, ground.order)
    return np.asarray(above, dtype=np.float64).reshape(mask.shape)


@numba.njit(cache=True, nogil=True)
def _above(filled: Any, streams: Any, downstream: Any, order: Any) -> Any:
    """One pass from the outlets up: each cell takes over the drainage level of the cell below it."""
    level = np.full(filled.size, np.nan)
    height = np.full(filled.size, np.nan)
    for cell in order:
        level[cell] = filled[cell] if streams[cell] else level[downstream[cell]]
        height[cell] = filled[cell] - level[cell]
    return height
