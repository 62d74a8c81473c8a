"""The frame in which layers must lie when nobody says otherwise, and a frame as it is typed."""

from __future__ import annotations

import math

from gis_planner.crs import Frame
from gis_planner.problems import refused

DEFAULT_FRAME = Frame(-8.8, 11.2, -7.0, 12.8)
"""Ouélessébougou and what lies around it, in degrees."""


def parse_frame(text: str) -> Frame:
    """`W,S,E,N` in degrees as a frame; raises `Refused` when it is not four finite numbers in that order."""
    parts = text.replace(";", ",").split(",")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != 4 or not all(math.isfinite(value) for value in values):
        raise refused(
            "frame", field="--frame", found=text, expected="four numbers W,S,E,N in degrees",
            remedy="Write for instance --frame=-8.8,11.2,-7.0,12.8 (west, south, east, north).",
            remedy_fr="Écrivez par exemple --frame=-8.8,11.2,-7.0,12.8 (ouest, sud, est, nord).",
        )
    return Frame(*values)
