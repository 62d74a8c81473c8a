"""Travel time over terrain: surfaces, catchments, candidates, capacity and ways on a grid of speeds.

`travel_time` and `catchments` answer "how long" and "from which source" for every cell; `people_within` asks it of many
candidates at once and `times_within` of many pairs; `catchments_by_capacity` fills sources; `matrix_over_surface`
answers between places, with the ways; `cell_size` and `cells_of` come from a raster's georeference, `snap_to_open`
mends a source on a barrier.
"""

from gis_planner.spatial.travel._laws import Mode
from gis_planner.spatial.travel.capacity import catchments_by_capacity
from gis_planner.spatial.travel.cells import cell_size, cells_of, snap_to_open
from gis_planner.spatial.travel.matrix import SurfaceMatrix, matrix_over_surface
from gis_planner.spatial.travel.sparse import times_within
from gis_planner.spatial.travel.surface import catchments, travel_time
from gis_planner.spatial.travel.windows import people_within

__all__ = [
    "Mode", "SurfaceMatrix", "catchments", "catchments_by_capacity", "cell_size", "cells_of", "matrix_over_surface",
    "people_within", "snap_to_open", "times_within", "travel_time",
]
