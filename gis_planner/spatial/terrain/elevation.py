"""Is this an elevation in metres? Untagged missing values and feet are named before they drain a map."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, surface
from gis_planner.units import METRES_PER_FOOT

LOWEST_M: Final = -450.0
HIGHEST_M: Final = 8_900.0
METRE_WORDS: Final = frozenset({"", "m", "metre", "meter", "metres", "meters", "mètre", "mètres"})


def checked_elevation(
    elevation_m: npt.ArrayLike, *, unit: str = "m", expected_m: tuple[float, float] | None = None,
    what: str = "elevation_m",
) -> Floats:
    """The elevation as float64 metres, nan where missing; refused when it cannot be that.

    unit: what the file says (band unit or vertical axis). expected_m: lowest and highest ground of the region, when it
    is known; a median outside it that fits in feet is refused as feet. Values below the Dead Sea (-450 m) or above
    Everest (8,900 m) are missing values without a tag (-9999, -32768, 1e38): refused with the count.
    """
    heights = surface(elevation_m, what)
    known = np.isfinite(heights)
    if not known.any():
        raise refused("elevation-empty", field=what, found="no cell with a height", expected="heights in metres",
                      remedy="Check the frame of the elevation layer: it may not overlap the region.",
                      remedy_fr="Vérifiez le cadre de la couche d'altitude : elle ne couvre peut-être pas la région.")
    if unit.strip().casefold() not in METRE_WORDS:
        raise _feet(what, f"heights in {unit}")
    wild = known & ((heights < LOWEST_M) | (heights > HIGHEST_M))
    if wild.any():
        values, counts = np.unique(heights[wild], return_counts=True)
        common = int(np.argmax(counts))
        raise refused(
            "elevation-nodata", field=what, found=f"{int(wild.sum())} cells at impossible heights, most at "
            f"{values[common]:g}", expected=f"metres between {LOWEST_M:g} and {HIGHEST_M:g}, missing cells tagged",
            remedy="This is a missing value without a tag; left so it is a pit into which all water runs. "
            f"Tag it (gdal_edit.py -a_nodata {values[common]:g} FILE) or set nodata in catalog.toml.",
            remedy_fr="C'est une valeur manquante non déclarée ; toute l'eau s'y jetterait. Déclarez-la "
            f"(gdal_edit.py -a_nodata {values[common]:g} FICHIER) ou dans catalog.toml.",
        )
    if expected_m is not None:
        middle = float(np.median(heights[known]))
        low, high = expected_m
        if not low <= middle <= high and low <= middle * METRES_PER_FOOT <= high:
            raise _feet(what, f"a median height of {middle:g}, where the ground lies between {low:g} and {high:g} m")
    return heights


def _feet(what: str, found: str) -> Exception:
    return refused("elevation-feet", field=what, found=found, expected="heights in metres",
                   remedy="Convert to metres first: multiply by 0.3048 if these are feet. Slopes would be 3.3 times "
                   "too steep.", remedy_fr="Convertissez en mètres : multipliez par 0,3048 si ce sont des pieds.")
