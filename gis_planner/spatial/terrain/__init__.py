"""Water on the ground: flow, streams, wetness, height above drainage, ponds, gradients."""

from gis_planner.spatial.terrain.drainage import height_above_drainage
from gis_planner.spatial.terrain.elevation import checked_elevation
from gis_planner.spatial.terrain.gradient import gradient_between
from gis_planner.spatial.terrain.ponds import Ponds, ponding
from gis_planner.spatial.terrain.routing import Flow, flow
from gis_planner.spatial.terrain.streams import stream_cells, stream_lines
from gis_planner.spatial.terrain.wetness import slope_tangent, wetness

__all__ = [
    "Flow", "Ponds", "checked_elevation", "flow", "gradient_between", "height_above_drainage", "ponding",
    "slope_tangent", "stream_cells", "stream_lines", "wetness",
]
