"""Why an action is proposed, in two sentences of figures, English and French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis_planner.programmes.words import metres, metres_fr, percent, whole


def reasons(row: Mapping[str, Any]) -> tuple[str, str]:
    """(English, French) for one ranked row of the wells table, with the village's name."""
    place, people = str(row["village"]), whole(row["people_in_reach"])
    cost, served = whole(row["cost_fcfa"]), whole(row["people_served"])
    head = f"{people} people of and around {place} have no place at a working water point within the round trip."
    head_fr = f"{people} habitants de {place} et alentour n'ont pas de place à un point d'eau en marche à portée."
    if not row["chosen"]:
        return (
            f"{head} Not chosen: within the budget other actions serve more people for the money.",
            f"{head_fr} Non retenu : dans le budget, d'autres actions servent plus d'habitants pour l'argent.",
        )
    walk, walk_fr = metres(row["walk_m"]), metres_fr(row["walk_m"])
    chance = percent(row["success_probability"])
    if row["action"] == "repair":
        return (
            f"{head} Repairing {row['water_point_id']} gives a place to {served} of them, {walk} away on average, "
            f"for {cost} FCFA.",
            f"{head_fr} Réparer {row['water_point_id']} donne une place à {served} d'entre eux, à {walk_fr} en "
            f"moyenne, pour {cost} FCFA.",
        )
    return (
        f"{head} A borehole here would serve {served} of them, {walk} away on average, with a {chance} chance of "
        f"water, for an expected {cost} FCFA.",
        f"{head_fr} Un forage ici en servirait {served}, à {walk_fr} en moyenne, avec {chance} de chance d'eau, pour "
        f"{cost} FCFA attendus.",
    )
