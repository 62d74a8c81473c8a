"""Coordinates in degrees: decimal, or degrees, minutes and seconds with their hemisphere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gis_planner.layers.values.converted import Converted, examples
from gis_planner.layers.values.number import numbers

_DMS = re.compile(
    r"([NSEWO]?)\s*([0-9]{1,3})\s*[°º˚d:]\s*([0-9]{1,2}(?:[.,][0-9]+)?)\s*['’′m:]?\s*"
    r"(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|''|″|”|s)?)?\s*([NSEWO]?)", re.IGNORECASE,
)
_DEGREES = re.compile(r"([NSEWO]?)\s*([0-9]{1,3}(?:[.,][0-9]+)?)\s*[°º˚]?\s*([NSEWO]?)", re.IGNORECASE)
_NORTH_SOUTH = {"N": 1.0, "S": -1.0}
_EAST_WEST = {"E": 1.0, "W": -1.0, "O": -1.0}


def sexagesimal(cell: str, axis: str) -> float | None:
    """Decimal degrees of `11°59'03.9"N`, `8 06 34 W` or `7.92 W`; None without a hemisphere that fits the axis.

    axis: `latitude` or `longitude`. O is ouest.
    """
    hemispheres = _NORTH_SOUTH if axis == "latitude" else _EAST_WEST
    text = cell.strip()
    match = _DMS.fullmatch(text)
    if match:
        before, degrees, minutes, seconds, after = match.groups()
        parts = [float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)]
        if parts[1] >= 60 or parts[2] >= 60:
            return None
        value = parts[0] + parts[1] / 60 + parts[2] / 3600
    else:
        match = _DEGREES.fullmatch(text)
        if not match:
            return None
        before, degrees, after = match.groups()
        value = float(degrees.replace(",", "."))
    letter = (before or after or "").upper()
    if letter not in hemispheres or (before and after):
        return None
    return value * hemispheres[letter]


def coordinates(cells: Sequence[str], axis: str) -> Converted:
    """Degrees (float64) of a column of latitudes or longitudes; `11,98` is 11.98 (no thousands in a coordinate)."""
    out = numbers(cells, decimal_comma=True)
    converted = []
    bad = []
    for code, index, found in out.bad:
        value = sexagesimal(cells[index], axis)
        if value is None:
            bad.append(("coordinate-unreadable" if code == "number-unreadable" else code, index, found))
        else:
            out.values[index] = value
            converted.append(cells[index])
    out.bad = bad
    out.whole = [("degrees-minutes-seconds", examples(converted, 2))] if converted else []
    return out
