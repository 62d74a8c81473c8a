"""Why an action is proposed, in two sentences of figures, English and French."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from gis_planner.programmes.people import Floats
from gis_planner.programmes.words import metres, metres_fr, percent, whole
from gis_planner.programmes.world import World, xy
from gis_planner.tables.inputs import IMPROVED

Pump = tuple[str, float, float]
"""Id, metres away and year of construction (nan when not known) of a point that does not work."""

BROKEN_WITHIN_M = 2000.0
MOSTLY = 0.8
"""From this share on, people are said to go to one kind of source only."""
_DONE = {
    "repair": ("Repairing {}", "Réparer {}"),
    "rehabilitate": ("A new pump on {}", "Une pompe neuve sur {}"),
    "upgrade": ("Lining and covering {}", "Aménager et couvrir {}"),
    "new_borehole": ("A borehole here", "Un forage ici"),
    "manual_borehole": ("A hand-drilled borehole here", "Un forage manuel ici"),
    "garden_well": ("A well for the garden here", "Un puits pour le jardin ici"),
}


def broken_near(world: World, xy_m: Floats) -> list[Pump | None]:
    """Per place the nearest improved point that does not work, within 2 km; None without one."""
    points = world.metric("water_points")
    broken = points[points["status"].eq("not_working") & points["technology"].isin(IMPROVED)]
    if broken.empty or not len(xy_m):
        return [None] * len(xy_m)
    away, at = cKDTree(xy(broken)).query(xy_m)
    years = broken["install_year"].to_numpy(np.float64) if "install_year" in broken else np.full(len(broken), np.nan)
    ids = broken["water_point_id"].astype(str).to_numpy()
    return [(str(ids[row]), float(metre), float(years[row])) if metre <= BROKEN_WITHIN_M else None
            for metre, row in zip(away, at, strict=True)]


def reasons(row: Mapping[str, Any], setback_m: float, pump: Pump | None = None) -> tuple[str, str]:
    """(English, French) for one ranked row of the wells table, with the village's name.

    setback_m: a latrine nearer than this to a repaired point is said with what to do. pump: the nearest point that does
    not work. A point whose status nobody knows (`status_unknown`) is said, since paying for it may be needless.
    """
    if not row["chosen"] and row["people_in_reach"] <= 0:
        return ("Everybody within reach has a place already, so it would serve nobody more.",
                "Tous ceux qui sont à portée ont déjà une place : elle ne servirait personne de plus.")
    head, head_fr = _today(row, pump)
    if not row["chosen"]:
        return _not_chosen(row, head, head_fr)
    near, near_fr = _latrine_near(row, setback_m) if row["water_point_id"] else ("", "")
    if row.get("status_unknown"):
        near += f" Nobody knows whether {row['water_point_id']} works: visit it before paying."
        near_fr += f" Nul ne sait si {row['water_point_id']} marche : allez le voir avant de payer."
    done, done_fr = (text.format(row["water_point_id"]) for text in _DONE[str(row["action"])])
    if row["people_served"] <= 0:
        return (f"{head} {done} is part of the plan because the scenario asks for it; {_chance(row, 'en')}.{near}",
                f"{head_fr} {done_fr} fait partie du plan car le scénario le demande ; {_chance(row, 'fr')}.{near_fr}")
    walk, walk_fr = metres(row["walk_m"]), metres_fr(row["walk_m"])
    served, served_fr = whole(row["people_served"]), whole(row["people_served"], "fr")
    after, after_fr = _minutes(row["walk_min"], "en"), _minutes(row["walk_min"], "fr")
    return (f"{head} {done} gives a place to {served} of them, {after} ({walk}) away on average: "
            f"{_chance(row, 'en')}.{near}",
            f"{head_fr} {done_fr} donne une place à {served_fr} d'entre eux, à {after_fr} ({walk_fr}) en moyenne : "
            f"{_chance(row, 'fr')}.{near_fr}")


def _today(row: Mapping[str, Any], pump: Pump | None) -> tuple[str, str]:
    place = str(row["village"])
    people = row["people_served"] if row["chosen"] and row["people_served"] > 0 else row["people_in_reach"]
    count, count_fr = whole(people), whole(people, "fr")
    walk, none = row["walk_min_today"], float(row["without_source"])
    if math.isnan(walk):
        en = f"{count} people of and around {place} have no working source within the longest walk"
        fr = f"{count_fr} habitants de {place} et alentour n'ont aucune source en marche à portée"
    else:
        to, to_fr = (("an open well or spring", "un puits ou une source ouverts") if row["open_share"] >= MOSTLY else
                     ("a safe point too far off", "un point sûr trop éloigné") if row["open_share"] <= 1 - MOSTLY else
                     ("an open well or a safe point too far off", "un puits ouvert ou un point sûr trop éloigné"))
        en = (f"{count} people of and around {place} have no place at a safe point within the round trip; today they "
              f"walk {_minutes(walk, 'en')} to {to}")
        fr = (f"{count_fr} habitants de {place} et alentour n'ont pas de place à un point sûr à portée ; ils marchent "
              f"aujourd'hui {_minutes(walk, 'fr')} jusqu'à {to_fr}")
        if none >= 1:
            en += f" ({whole(none)} of them find no source)"
            fr += f" (dont {whole(none, 'fr')} sans aucune source)"
    if pump is not None and pump[0] != row["water_point_id"]:
        name, away, year = pump
        built, built_fr = ("", "") if math.isnan(year) else (f" of {year:.0f}", f" de {year:.0f}")
        en += f"; the nearest broken point, {name}{built}, is {metres(away)} away"
        fr += f" ; le point en panne le plus proche, {name}{built_fr}, est à {metres_fr(away)}"
    elif pump is not None and not math.isnan(pump[2]):
        en += f"; {pump[0]}, built in {pump[2]:.0f}, does not work"
        fr += f" ; {pump[0]}, construit en {pump[2]:.0f}, ne marche pas"
    return f"{en}.", f"{fr}."


def _minutes(minutes: float, lang: str) -> str:
    if minutes < 1:
        return "less than a minute" if lang == "en" else "moins d'une minute"
    word = "minute" if round(minutes) == 1 else "minutes"
    return f"{minutes:.0f} {word}"


def _chance(row: Mapping[str, Any], lang: str) -> str:
    """Chance of success with its interval, holes expected, and the money."""
    chance = percent(row["success_probability"])
    low, high = row["success_low"], row["success_high"]
    if not math.isnan(low) and not math.isnan(high):
        chance += f" [{round(100 * low)} {'to' if lang == 'en' else 'à'} {round(100 * high)}]"
    cost = whole(row["cost_fcfa"], lang)
    if math.isnan(row["expected_holes"]):
        return (f"{chance} chance that it works, for {cost} FCFA" if lang == "en"
                else f"{chance} de chance de marcher, pour {cost} FCFA")
    holes = f"{row['expected_holes']:.1f}"
    if lang == "en":
        return f"{chance} chance of water, {holes} holes expected for one success, {cost} FCFA expected for this hole"
    return (f"{chance} de chance d'eau, {holes.replace('.', ',')} forages attendus pour un succès, {cost} FCFA "
            "attendus pour ce forage")


def _not_chosen(row: Mapping[str, Any], head: str, head_fr: str) -> tuple[str, str]:
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
