"""Names: villages and wards of two sources joined by name, place and parent together; contradictions are flagged."""

from gis_planner.layers.names.joining import match, short_list

__all__ = ["match", "short_list"]
