"""The numbers of the wells decision and how good the choice is known to be."""

from __future__ import annotations

import numpy as np

from gis_planner.programmes.wells.alternatives import Saving, minutes_saved
from gis_planner.programmes.wells.choice import Choice
from gis_planner.programmes.wells.equity import Need
from gis_planner.programmes.wells.ladder import After, Today, both_after, by_village, certain
from gis_planner.programmes.wells.service import RUNGS
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.words import whole
from gis_planner.programmes.world import World
from gis_planner.tables.plan import Figure, Proof, Step, Words

Row = tuple[str, Words, float, str, bool]

RUNG_WORDS = {
    "basic": Words("Basic: improved water within the round trip", "Élémentaire : eau améliorée dans l'aller-retour"),
    "limited": Words("Limited: improved water, a longer round trip", "Limité : eau améliorée, aller-retour plus long"),
    "unimproved": Words("Unimproved: an open well or spring", "Non amélioré : puits ou source ouverts"),
    "surface": Words("Surface water, or no source within the walk", "Eau de surface, ou aucune source à portée"),
    "unknown": Words("Unknown: hangs on points whose status nobody knows",
                     "Inconnu : dépend de points dont nul ne connaît l'état"),
}
OBJECTIVES = {
    "most_people": Words("people expected to gain a place", "habitants qui devraient gagner une place"),
    "worst_off": Words("people expected to gain a place, those of badly served villages counted more",
                       "habitants qui devraient gagner une place, ceux des villages mal servis comptant plus"),
    "least_served_first": Words(
        "people expected to gain a place, given that the least served village is asked first",
        "habitants qui devraient gagner une place, le village le moins servi étant servi d'abord"),
}


def proof(choice: Choice, settings: WellsSettings) -> Proof:
    """Value, bound and gap of the choice in the units of its aim."""
    plan = choice.plan
    unit = "people" if settings.equity != "worst_off" else "weighted people"
    return Proof("wells", OBJECTIVES[settings.equity], plan.value, plan.bound, plan.gap, plan.proven, plan.stopped_by,
                 unit)


def figures(
    world: World, settings: WellsSettings, today: Today, choice: Choice | None, after: After,
    claimed: tuple[Step, ...] = (), true: tuple[Step, ...] = (), saving: Saving | None = None, need: Need | None = None,
) -> tuple[Figure, ...]:
    """Every number of the programme, headlines first."""
    served, gained = float(today.stated.served.sum()), float(after.gained.sum())
    rows: list[Row] = [
        ("people", Words("People", "Habitants"), float(world.people.villages["population"].sum()), "people", False),
        ("served_today", Words("Have a place at a working water point today",
                               "Ont aujourd'hui une place à un point d'eau en marche"), served, "people", True),
        ("served_today_other", Words("The same if points of unknown status count the other way",
                                     "Les mêmes si les points d'état inconnu comptent à l'inverse"),
         float(today.other.served.sum()), "people", False),
        ("served_after", Words("Expected to have one after the plan", "Devraient en avoir une après le plan"),
         served + gained, "people", True),
        ("over_capacity", Words("Within reach today, but the points are full",
                                "À portée aujourd'hui, mais les points sont pleins"),
         float(today.stated.over_capacity.sum()), "people", False),
        ("out_of_reach", Words("Out of reach of any working point today", "Hors de portée de tout point en marche"),
         float(today.stated.out_of_reach.sum()), "people", False),
        ("cost", Words("Expected cost of the water points", "Coût attendu des points d'eau"),
         choice.plan.cost if choice else 0.0, "FCFA", True),
        ("actions", Words("Repairs and boreholes", "Réparations et forages"),
         float(len(choice.plan.chosen)) if choice else 0.0, "actions", False),
        ("budget", Words("Budget for water points", "Budget des points d'eau"), settings.budget_fcfa, "FCFA", False),
        *_ladder(world, today, after), *_worst(world, today, after),
    ]
    if choice is not None and saving is not None and need is not None:
        rows.append(("minutes_saved", Words("Minutes of fetching water saved each day",
                                            "Minutes de corvée d'eau gagnées chaque jour"),
                     minutes_saved(choice.plan, choice.arrays, need, saving), "person-min/day", False))
    if claimed and true:
        rows += [
            ("top_n_claimed", Words("A ranking by people around each place would claim",
                                    "Un classement par habitants alentour annoncerait"), claimed[-1].people, "people",
             False),
            ("top_n_served", Words("and would serve, each person counted once",
                                   "et servirait, chacun compté une fois"), true[-1].people, "people", False)]
    notes = {"served_today": range_of_unknown(world, today), "served_after": range_after(world, today, after)}
    return tuple(Figure(f"wells.{key}", "wells", label, round(value, 1), unit, headline, notes.get(key))
                 for key, label, value, unit, headline in rows)


def range_of_unknown(world: World, today: Today) -> Words | None:
    """Between how many and how many, when points of unknown status decide; None when they do not."""
    low, high = sorted((int(today.low.served.sum()), int(today.high.served.sum())))
    count = int(world.metric("water_points")["status"].eq("unknown").sum())
    if low == high:
        return None
    return Words(f"{whole(low)} to {whole(high)}: nobody knows the status of {count} points",
                 f"{whole(low, 'fr')} à {whole(high, 'fr')} : nul ne connaît l'état de {count} points")


def range_after(world: World, today: Today, after: After) -> Words | None:
    """Served after the plan for both answers about points of unknown status; None when they do not matter."""
    none, every = (float(rungs[:, 0].sum()) for rungs in both_after(world, today, after.gained))
    if round(none) == round(every):
        return None
    return Words(f"{whole(none)} if no point of unknown status works, {whole(every)} if all do",
                 f"{whole(none, 'fr')} si aucun point d'état inconnu ne marche, {whole(every, 'fr')} si tous marchent")


def _ladder(world: World, today: Today, after: After) -> list[Row]:
    rows: list[Row] = []
    answers = (("today", Words("today", "aujourd'hui"),
                (by_village(world, today.low.rungs), by_village(world, today.high.rungs))),
               ("after", Words("after", "après"), both_after(world, today, after.gained)))
    for when, word, pair in answers:
        sure, unknown = certain(*pair)
        for name, value in zip((*RUNGS, "unknown"), (*sure.sum(axis=0), unknown.sum()), strict=True):
            label = RUNG_WORDS[name]
            rows.append((f"{name}_{when}", Words(f"{label.en}, {word.en}", f"{label.fr}, {word.fr}"), float(value),
                         "people", False))
    low, high = float(today.low.served.sum()), float(today.high.served.sum())
    rows.append(("basic_low", Words("Basic today, if no unknown point works",
                                    "Élémentaire aujourd'hui, si aucun point inconnu ne marche"), min(low, high),
                 "people", False))
    rows.append(("basic_high", Words("Basic today, if every unknown point works",
                                     "Élémentaire aujourd'hui, si tous les points inconnus marchent"), max(low, high),
                 "people", False))
    return rows


def _worst(world: World, today: Today, after: After) -> list[Row]:
    people = np.maximum(world.people.villages["population"].to_numpy(np.float64), 1.0)
    now = by_village(world, today.stated.served) / people
    then = by_village(world, today.stated.served + after.gained) / people
    return [("worst_village_today", Words("Share served in the village with least, today",
                                          "Part servie du village le moins servi, aujourd'hui"),
             round(100 * float(now.min()), 1), "%", False),
            ("worst_village_after", Words("Share served in the village with least, after",
                                          "Part servie du village le moins servi, après"),
             round(100 * float(then.min()), 1), "%", False),
            ("villages_without", Words("Villages and camps where nobody is served after the plan",
                                       "Villages et sites où nul n'est servi après le plan"),
             float((then < 1e-9).sum()), "places", False)]
