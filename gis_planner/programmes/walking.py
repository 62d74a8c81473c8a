"""How far people walk: straight lines times a detour factor, at one speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gis_planner import units
from gis_planner.standards.book import NormBook
from gis_planner.standards.setting import NormValue, Settings, setting

Floats = npt.NDArray[np.float64]
Season = Literal["dry", "rainy"]


class TravelSettings(Settings):
    """How people and crews get from place to place."""

    walk_speed_kmh: NormValue = setting(
        "travel.walk_kmh.loaded", en="Walking speed, with a load of water.",
        fr="Vitesse de marche, avec une charge d'eau.", unit="km/h", low=1, high=8,
        effect="A slower walk puts fewer people within reach.",
    )
    detour_factor: NormValue = setting(
        "travel.detour_factor.straight_line", en="Length of a path over the straight line, dry season.",
        fr="Longueur d'un chemin sur la ligne droite, saison sèche.", unit="ratio", low=1, high=3,
        effect="A larger factor lengthens every walk and every tour.",
    )
    rainy_detour_factor: NormValue = setting(
        en="The same in the rains, when people walk around water.",
        fr="La même en saison des pluies, quand on contourne l'eau.", unit="ratio", low=1, high=5,
        effect="A larger factor lengthens every walk and every tour.",
    )


@dataclass(frozen=True, slots=True)
class Walking:
    """Walking in one season. speed_kmh on the path; detour: path over straight line."""

    speed_kmh: float
    detour: float

    def path_m(self, straight_m: Floats) -> Floats:
        """Length of the path in metres for a straight line in metres."""
        return straight_m * self.detour

    def minutes(self, straight_m: Floats) -> Floats:
        """Minutes one way for a straight line in metres."""
        return self.path_m(straight_m) / units.kmh_to_m_per_min(self.speed_kmh)

    def reach_m(self, one_way_min: float) -> float:
        """Straight line in metres that is walked in `one_way_min` minutes (0 when the time is negative)."""
        return max(one_way_min, 0.0) * units.kmh_to_m_per_min(self.speed_kmh) / self.detour


def walking(settings: TravelSettings, season: Season, book: NormBook) -> Walking:
    """The walk of a season from the settings and the norms that they name."""
    factor = settings.rainy_detour_factor if season == "rainy" else settings.detour_factor
    return Walking(book.value(settings.walk_speed_kmh, "km/h"), book.value(factor, "ratio"))
