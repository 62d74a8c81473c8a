"""Groundwater, honestly: chance of water and static level at a place, each with how sure we are."""

from gis_planner.programmes.groundwater.beta import BetaPrior
from gis_planner.programmes.groundwater.by_class import belief_by_class
from gis_planner.programmes.groundwater.expert import expert_chance
from gis_planner.programmes.groundwater.geophysics import Judgement, visit_worth
from gis_planner.programmes.groundwater.holes import drilling_cost, holes_needed
from gis_planner.programmes.groundwater.level import static_level
from gis_planner.programmes.groundwater.success import success_belief, success_probability

__all__ = [
    "BetaPrior", "Judgement", "belief_by_class", "drilling_cost", "expert_chance", "holes_needed", "static_level",
    "success_belief", "success_probability", "visit_worth",
]
