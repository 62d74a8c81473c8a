"""Groundwater, honestly: chance of water and static level at a place, each with how sure we are."""

from gis_planner.programmes.groundwater.beta import BetaPrior
from gis_planner.programmes.groundwater.level import static_level
from gis_planner.programmes.groundwater.success import success_probability

__all__ = ["BetaPrior", "static_level", "success_probability"]
