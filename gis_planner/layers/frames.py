"""The frame in which layers must lie when nobody says otherwise, and a frame as it is typed."""

from __future__ import annotations

import math

from gis_planner.crs import Frame
from gis_planner.problems import refused

DEFAULT_FRAME = Frame(-8.8, 11.2, -7.0, 12.8)
"""Ouélessébougou and what lies around it, in degrees."""

MALI = Frame(-12.5, 10.0, 4.5, 25.1)
"""Where villages must lie when no frame is given."""


def latitude_first(frame: Frame) -> Frame | None:
    """The frame with its axes exchanged, when that lies in Mali and the frame as given is wholly outside; else None."""
    apart = frame.east < MALI.west or frame.west > MALI.east or frame.north < MALI.south or frame.south > MALI.north
    corners = (frame.south, frame.west), (frame.north, frame.east)
    if not apart or not all(MALI.holds(*corner) for corner in corners):
        return None
    return Frame(frame.south, frame.west, frame.north, frame.east)


def as_typed(frame: Frame) -> str:
    """A frame as it is typed: `-8.8,11.2,-7,12.8`."""
    return ",".join(f"{edge:g}" for edge in frame.as_tuple())


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
