"""Why an action is proposed, in two sentences of figures, English and French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis_planner.programmes.words import metres, metres_fr, percent, whole


def reasons(row: Mapping[str, Any], setback_m: float) -> tuple[str, str]:
    """(English, French) for one ranked row of the wells table, with the village's name.

    setback_m: a latrine nearer than this to a repaired point is said with what to do.
    """
    place, served = str(row["village"]), whole(row["people_served"])
    people, people_fr = whole(row["people_in_reach"]), whole(row["people_in_reach"], "fr")
    cost, cost_fr = whole(row["cost_fcfa"]), whole(row["cost_fcfa"], "fr")
    head = f"{people} people of and around {place} have no place at a working water point within the round trip."
    head_fr = f"{people_fr} habitants de {place} et alentour n'ont pas de place à un point d'eau en marche à portée."
    if not row["chosen"]:
        return _not_chosen(row, head, head_fr)
    walk, walk_fr = metres(row["walk_m"]), metres_fr(row["walk_m"])
    chance = percent(row["success_probability"])
    if row["action"] == "repair":
        near, near_fr = _latrine_near(row, setback_m)
        return (
            f"{head} Repairing {row['water_point_id']} gives a place to {served} of them, {walk} away on average, "
            f"for {cost} FCFA.{near}",
            f"{head_fr} Réparer {row['water_point_id']} donne une place à {served} d'entre eux, à {walk_fr} en "
            f"moyenne, pour {cost_fr} FCFA.{near_fr}",
        )
    return (
        f"{head} A borehole here would serve {served} of them, {walk} away on average, with a {chance} chance of "
        f"water, for an expected {cost} FCFA.",
        f"{head_fr} Un forage ici en servirait {served}, à {walk_fr} en moyenne, avec {chance} de chance d'eau, pour "
        f"{cost_fr} FCFA attendus.",
    )


def _not_chosen(row: Mapping[str, Any], head: str, head_fr: str) -> tuple[str, str]:
    if row["people_in_reach"] <= 0:
        return ("Everybody within reach has a place already, so it would serve nobody more.",
                "Tous ceux qui sont à portée ont déjà une place : elle ne servirait personne de plus.")
    alone = min(row["people_in_reach"], row["capacity_people"])
    return (
        f"{head} Alone it could serve {whole(alone)} of them for {whole(row['cost_fcfa'])} FCFA; not chosen, because "
        "within the budget other actions serve more people for the money.",
        f"{head_fr} Seul, il pourrait en servir {whole(alone, 'fr')} pour {whole(row['cost_fcfa'], 'fr')} FCFA ; non "
        "retenu, car dans le budget d'autres actions servent plus d'habitants pour l'argent.",
    )


def _latrine_near(row: Mapping[str, Any], setback_m: float) -> tuple[str, str]:
    away = row["nearest_latrine_m"]
    if not away < setback_m:
        return "", ""
    return (f" A latrine stands {away:.0f} m away, less than {setback_m:.0f} m: test the water and move the latrine.",
            f" Une latrine est à {away:.0f} m, moins de {setback_m:.0f} m : analysez l'eau et déplacez la latrine.")
