"""Roads and tracks as a graph, and the times and distances between places over it."""

from gis_planner.spatial.network.graph import Graph
from gis_planner.spatial.network.matrix import Matrix, matrix
from gis_planner.spatial.network.off_road import OverGround

__all__ = ["Graph", "Matrix", "OverGround", "matrix"]
