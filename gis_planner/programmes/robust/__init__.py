"""How firm a plan is: ranks over draws, sets over futures, what moves the answer, and surveys worth their money."""

from gis_planner.programmes.robust.acceptability import (
    Robustness,
    acceptability,
    draw_weights,
    rank_acceptability,
)

__all__ = ["Robustness", "acceptability", "draw_weights", "rank_acceptability"]
