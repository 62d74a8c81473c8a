"""The table of surveys: which village to visit, whom to count, which site to probe first, and why."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.programmes.groundwater.geophysics import Judgement
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Doubts
from gis_planner.programmes.robust.ranks import Ranks
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.robust.surveys import Survey, surveys
from gis_planner.programmes.wells.firm_case import Solved
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.words import count, percent, whole
from gis_planner.programmes.world import World, shaped, xy
from gis_planner.tables.results import SURVEYS

MOST_PROBED = 30
_LETTER = {"status_visit": "S", "population_count": "C", "geophysics": "G"}


def survey_table(
    world: World, settings: WellsSettings, firm: FirmSettings, solved: Solved, case: Case, doubts: Doubts, order: Ranks,
    origin: str,
) -> gpd.GeoDataFrame:
    """Every survey by people gained per franc. Probed: holes of the plan, then those most in the top, 30 at most."""
    drilled = np.flatnonzero(case.drilled)
    planned = [int(at) for at in case.chosen if case.drilled[at]]
    others = [int(at) for at in drilled[np.lexsort((drilled, -order.top_share[drilled]))] if at not in planned]
    found = surveys(
        case, doubts, world.home(xy(solved.points.table)).tolist(), [*planned, *others][:MOST_PROBED],
        Judgement(world.book.value(firm.sensitivity, "share"), world.book.value(firm.specificity, "share")),
        visit_fcfa=visit_cost(world, firm), probe_fcfa=world.prices.value(
            settings.geophysics_cost, "wells.geophysics_cost"), seed=world.seed)
    return _located(world, solved.actions, case, doubts, found, origin)


def visit_cost(world: World, firm: FirmSettings) -> float:
    """FCFA of one visit of a village: as stated, else the region's crew-day, else the norm."""
    if firm.visit_cost is not None:
        return world.prices.value(firm.visit_cost, "firm.visit_cost")
    if "crew_day" in world.prices.rows:
        return world.prices.value("crew_day", "firm.visit_cost")
    return world.book.value("costs.survey_visit_fcfa.assumed", "FCFA")


def _located(
    world: World, actions: pd.DataFrame, case: Case, doubts: Doubts, found: list[Survey], origin: str
) -> gpd.GeoDataFrame:
    villages = world.people.villages
    places = world.people.village_xy_m
    at, village, ids, reasons = [], [], [], []
    for one in found:
        probe = one.kind == "geophysics"
        row = int(actions["village"].iloc[one.place]) if probe else one.place
        at.append(actions[["x_m", "y_m"]].iloc[one.place].to_numpy(np.float64) if probe else places[row])
        village.append(row)
        ids.append(str(actions["action_id"].iloc[one.place]) if probe else str(villages["village_id"].iloc[row]))
        reasons.append(_reason(one, case, doubts, str(villages["name"].iloc[row]), ids[-1]))
    rows = pd.DataFrame({
        "survey_id": [f"{_LETTER[one.kind]}-{name}" for one, name in zip(found, ids, strict=True)],
        "rank": np.arange(1, len(found) + 1), "kind": [one.kind for one in found], "place_id": ids,
        "cost_fcfa": [one.cost_fcfa for one in found], "gain_people": [round(one.gain_people, 1) for one in found],
        "gain_per_million_fcfa": [round(min(one.per_million, 1e9), 1) for one in found],
        "reason_en": [pair[0] for pair in reasons], "reason_fr": [pair[1] for pair in reasons], "origin": origin})
    table = world.located(rows, np.array(at, np.float64).reshape(-1, 2), np.array(village, np.int64))
    return shaped(table, SURVEYS)


def _reason(one: Survey, case: Case, doubts: Doubts, village: str, place: str) -> tuple[str, str]:
    head, head_fr = _doubt(one, case, doubts, village, place)
    if one.gain_people < 0.5:
        return (f"{head} Nothing that would be found changes the plan by as much as one person.",
                f"{head_fr} Rien de ce qu'on trouverait ne change le plan d'une personne.")
    chance, cost = percent(one.changes), whole(one.cost_fcfa)
    more, cost_fr = one.gain_people, whole(one.cost_fcfa, "fr")
    return (f"{head} With a chance of {chance} what is found changes the plan; on average "
            f"{count(more, 'person more gets', 'people more get')} a place, for {cost} FCFA.",
            f"{head_fr} Avec une chance de {chance}, ce qu'on trouve change le plan ; en moyenne "
            f"{count(more, 'habitant de plus a', 'habitants de plus ont', 'fr')} une place, pour {cost_fr} FCFA.")


def _doubt(one: Survey, case: Case, doubts: Doubts, village: str, place: str) -> tuple[str, str]:
    """What nobody knows yet, English and French."""
    if one.kind == "status_visit":
        works = percent(doubts.works_alpha / (doubts.works_alpha + doubts.works_beta))
        return (f"Nobody knows whether {count(one.points, 'water point', 'water points')} of {village} "
                f"{'works' if one.points == 1 else 'work'} (chance {works}{'' if one.points == 1 else ' each'}).",
                f"On ignore si {count(one.points, 'point d’eau', 'points d’eau', 'fr')} de {village} "
                f"{'marche' if one.points == 1 else 'marchent'} (chance {works}"
                f"{'' if one.points == 1 else ' chacun'}).")
    if one.kind == "population_count":
        span = doubts.of_village(one.place)
        people = float(case.people[case.village == one.place].sum())
        low, high = people * span.low, people * span.high
        return (f"{village} may hold {whole(low)} to {whole(high)} people; the plan counts {whole(people)}.",
                f"{village} peut compter de {whole(low, 'fr')} à {whole(high, 'fr')} habitants ; le plan en compte "
                f"{whole(people, 'fr')}.")
    chance = percent(float(case.success[one.place]))
    return (f"Drilling at {place} ({village}) has a chance of water of {chance}; geophysics before the choice tells "
            "more.",
            f"Forer en {place} ({village}) a {chance} de chance d'eau ; la géophysique avant le choix en dit plus.")
