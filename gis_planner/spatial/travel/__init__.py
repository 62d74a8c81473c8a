"""Travel time over terrain: surfaces, catchments, windows, capacity and paths on a grid of speeds.

`travel_time` and `catchments` answer "how long" and "from which source" for every cell; `people_within` asks it of many
candidates at once; `matrix_over_surface` between places; `cell_size` gets metres from a raster's georeference.
"""

from gis_planner.spatial.travel._laws import Mode
from gis_planner.spatial.travel.surface import catchments, travel_time

__all__ = ["Mode", "catchments", "travel_time"]
