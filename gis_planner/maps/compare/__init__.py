"""compare.html: scenarios side by side against the first, in one file without a network."""

from gis_planner.maps.compare.page import render

__all__ = ["render"]
