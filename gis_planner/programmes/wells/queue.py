"""The queue at a water point from its people, its flow and its hours, and how many people a queue allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_planner import units
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.standards.book import NormBook

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fetching:
    """litres: per person and day. container_l: of one trip. hours: of use in a day."""

    litres: float
    container_l: float
    hours: float

    @property
    def trips_per_person(self) -> float:
        """Trips per person and day."""
        return self.litres / self.container_l

    def load(self, people: npt.ArrayLike, flow_l_min: npt.ArrayLike) -> Floats:
        """Share of the hours that a point is in use."""
        asked = np.asarray(people, np.float64) * self.litres
        given = np.asarray(flow_l_min, np.float64) * units.hours_to_minutes(self.hours)
        return np.asarray(asked / given, dtype=np.float64)

    def queue_min(self, people: npt.ArrayLike, flow_l_min: npt.ArrayLike) -> Floats:
        """Minutes of waiting and filling when `people` use a point; infinite when they ask more than it gives.

        Arrivals at random, filling of one length: the mean wait of Pollaczek and Khinchine (1930), load / 2 (1 - load)
        fillings, then one filling.
        """
        filling = self.container_l / np.asarray(flow_l_min, np.float64)
        load = self.load(people, flow_l_min)
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = np.where(load < 1, load / (2 * (1 - load)), np.inf)
        return np.asarray(filling * (wait + 1), dtype=np.float64)

    def people_within(self, longest_min: float, flow_l_min: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Most people whose queue stays within `longest_min`; 0 where one filling takes longer."""
        flow = np.asarray(flow_l_min, np.float64)
        ratio = np.maximum(longest_min * flow / self.container_l - 1, 0.0)
        load = 2 * ratio / (1 + 2 * ratio)
        people = load * flow * units.hours_to_minutes(self.hours) / self.litres
        return np.asarray(np.floor(people + 1e-9), dtype=np.int64)


def fetching(book: NormBook, settings: WellsSettings) -> Fetching:
    """How people fetch water, from the settings and their norms."""
    return Fetching(book.value(settings.litres_per_person, "L/person/day"), book.value(settings.container_l, "L"),
                    book.value(settings.pumping_hours, "h/day"))
