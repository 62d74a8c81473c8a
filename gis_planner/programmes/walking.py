"""How long people walk: over the surface of the ground where it is known, else straight lines times a detour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from gis_planner import units
from gis_planner.programmes.ground import Ground
from gis_planner.spatial.reach import reach_matrix
from gis_planner.standards.book import NormBook
from gis_planner.standards.setting import NormValue, Settings, setting

Floats = npt.NDArray[np.float64]
Season = Literal["dry", "rainy"]

LEAST_MIN = 0.05
"""Minutes stored for a place at one's door, so that the pair stays in the sparse matrix."""
UPHILL = math.exp(0.35)
"""By Tobler's law no way takes more than this many times as long in one direction as in the other."""


def _share(norm: str, en: str, fr: str) -> NormValue:
    shown: NormValue = setting(
        f"travel.walk_share.{norm}", en=f"Walking speed {en}, of the speed on a path.",
        fr=f"Vitesse de marche {fr}, en part de la vitesse sur un sentier.", unit="share", low=0.05, high=1,
        effect="A smaller share lengthens walks across such ground.")
    return shown


class TravelSettings(Settings):
    """How people and crews get from place to place."""

    ways: Literal["surface", "straight"] = setting(
        "surface", en="Walks over the surface of the ground, or straight lines times the detour factor.",
        fr="Marches sur la surface du terrain, ou lignes droites fois le facteur de détour.",
        effect="The surface needs elevation and land_cover; without them straight lines are used, and it is said.")
    walk_speed_kmh: NormValue = setting(
        "travel.walk_kmh.loaded", en="Walking speed on a path, with a load of water.",
        fr="Vitesse de marche sur un sentier, avec une charge d'eau.", unit="km/h", low=1, high=8,
        effect="A slower walk puts fewer people within reach.")
    walk_empty_kmh: NormValue = setting(
        "travel.walk_kmh.level", en="Walking speed on a path, without load.",
        fr="Vitesse de marche sur un sentier, sans charge.", unit="km/h", low=1, high=8,
        effect="A slower walk puts fewer people within reach.")
    detour_factor: NormValue = setting(
        "travel.detour_factor.straight_line", en="Length of a path over the straight line, dry season.",
        fr="Longueur d'un chemin sur la ligne droite, saison sèche.", unit="ratio", low=1, high=3,
        effect="A larger factor lengthens every tour, and every walk where the surface is not known.")
    rainy_detour_factor: NormValue = setting(
        en="The same in the rains, when people walk around water.",
        fr="La même en saison des pluies, quand on contourne l'eau.", unit="ratio", low=1, high=5,
        effect="A larger factor lengthens every tour, and every walk where the surface is not known.")
    share_trees: NormValue = _share("trees", "among trees", "sous les arbres")
    share_shrub: NormValue = _share("shrub", "in shrub", "en savane arbustive")
    share_grass: NormValue = _share("grass", "in grass", "en savane herbeuse")
    share_crops: NormValue = _share("crops", "across fields", "à travers champs")
    share_built: NormValue = _share("built", "between houses", "entre les maisons")
    share_bare: NormValue = _share("bare", "on bare ground", "sur sol nu")
    share_wetland: NormValue = _share("wetland", "in wetland", "en zone humide")
    share_ford: NormValue = _share("ford", "through a ford or a bed with water", "dans un gué ou un lit en eau")
    rainy_share: NormValue = setting(
        "travel.rainy_walk_share.assumed", en="Walking speed off paths in the rains, of the dry season's.",
        fr="Vitesse de marche hors sentier sous les pluies, en part de celle de saison sèche.", unit="share", low=0.1,
        high=1, effect="A smaller share lengthens walks off paths in the rains.")


@dataclass(frozen=True)
class Trips:
    """Minutes of one walk of pairs within a limit. there_min, back_min: csr (from, to) of one pattern."""

    there_min: csr_array
    back_min: csr_array

    @property
    def round_min(self) -> csr_array:
        """Minutes there and back."""
        pairs = self.there_min
        return csr_array((pairs.data + self.back_min.data, pairs.indices, pairs.indptr), shape=pairs.shape)

    def within(self, limit_min: float) -> Trips:
        """The pairs that take at most `limit_min` there and back."""
        there, back = self.there_min, self.back_min
        kept = there.data + back.data <= limit_min + 1e-9
        rows = np.repeat(np.arange(there.shape[0]), np.diff(there.indptr))[kept]
        pointer = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=there.shape[0]))])
        return Trips(*(csr_array((one.data[kept], there.indices[kept], pointer), shape=there.shape)
                       for one in (there, back)))

    def to(self, columns: npt.NDArray[np.int64]) -> Trips:
        """The same for some places only, in that order."""
        return Trips(csr_array(self.there_min[:, columns]), csr_array(self.back_min[:, columns]))


@dataclass(frozen=True)
class Walking:
    """Walking in one season. speed_kmh: loaded, empty_kmh: without load, on a path; detour: path over straight line.

    ground: the surface, when it is known.
    """

    speed_kmh: float
    empty_kmh: float
    detour: float
    ground: Ground | None = None

    def path_m(self, straight_m: Floats) -> Floats:
        """Length of the path in metres for a straight line in metres."""
        return straight_m * self.detour

    def trips(self, from_m: Floats, to_m: Floats, limit_min: float) -> Trips:
        """There empty and back with the load, of every pair whose walk takes at most `limit_min` there and back.

        from_m (n, 2), to_m (m, 2) metres. Uphill and downhill count on the surface (Tobler 1993); minutes are rounded
        to 0.01 and never under `LEAST_MIN`.
        """
        shape = (len(from_m), len(to_m))
        if not len(from_m) or not len(to_m) or limit_min <= 0:
            none = csr_array(shape, dtype=np.float64)
            return Trips(none, none)
        if self.ground is not None:
            slower = self.empty_kmh / self.speed_kmh
            most_there = limit_min / (1 + slower / UPHILL)
            most_back = limit_min * slower * UPHILL / (1 + slower * UPHILL)
            return _paired(self.ground.minutes(from_m, to_m, most_there, loaded=False),
                           self.ground.minutes(from_m, to_m, most_back, loaded=True), limit_min)
        slow_there, slow_back = (1 / units.kmh_to_m_per_min(speed) for speed in (self.empty_kmh, self.speed_kmh))
        straight = reach_matrix(from_m, to_m, limit_min / (slow_there + slow_back) / self.detour)
        there, back = (csr_array((self.path_m(straight.data) * slow, straight.indices, straight.indptr), shape=shape)
                       for slow in (slow_there, slow_back))
        return _paired(there, back, limit_min)

    def level_m(self, minutes: Floats) -> Floats:
        """Metres of a level path that take so many minutes without a load."""
        return minutes * units.kmh_to_m_per_min(self.empty_kmh)

    def ways_m(self, from_m: Floats, to_m: Floats, limit_m: float) -> csr_array:
        """csr (from, to): metres of a level path that takes as long as the walk there, pairs within `limit_m`."""
        if self.ground is None:
            pairs = reach_matrix(from_m, to_m, limit_m / self.detour)
            return csr_array((self.path_m(pairs.data), pairs.indices, pairs.indptr), shape=pairs.shape)
        limit_min = limit_m / units.kmh_to_m_per_min(self.empty_kmh)
        pairs = self.ground.minutes(from_m, to_m, limit_min, loaded=False)
        metres = np.maximum(self.level_m(pairs.data), 1e-6)
        return csr_array((metres, pairs.indices, pairs.indptr), shape=pairs.shape)


def _paired(there: csr_array, back: csr_array, limit_min: float) -> Trips:
    """Pairs that both matrices hold and whose sum is within the limit, minutes rounded."""
    there.sort_indices()
    back.sort_indices()
    width = there.shape[1]
    one, two = (np.repeat(np.arange(m.shape[0], dtype=np.int64), np.diff(m.indptr)) * width + m.indices
                for m in (there, back))
    both, first, second = np.intersect1d(one, two, assume_unique=True, return_indices=True)
    go, home = (np.maximum(np.round(m.data[at], 2), LEAST_MIN) for m, at in ((there, first), (back, second)))
    kept = go + home <= limit_min + 1e-9
    rows, columns = both[kept] // width, both[kept] % width
    pointer = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=there.shape[0]))])
    make = (csr_array((data[kept], columns, pointer), shape=there.shape) for data in (go, home))
    return Trips(*make)


def season_factor(settings: TravelSettings, season: Season, book: NormBook) -> float:
    """The detour factor of a season."""
    return book.value(settings.rainy_detour_factor if season == "rainy" else settings.detour_factor, "ratio")


def walking(settings: TravelSettings, season: Season, book: NormBook, ground: Ground | None = None) -> Walking:
    """The walk of a season from the settings and the norms that they name, over the ground when it is given."""
    return Walking(book.value(settings.walk_speed_kmh, "km/h"), book.value(settings.walk_empty_kmh, "km/h"),
                   season_factor(settings, season, book), ground)
