"""report.html: one file, no network, the decision first."""

from gis_planner.maps.report.page import render

__all__ = ["render"]
