"""The tables that a run writes, as tables: `RESULTS[name]`. Columns are part of the interface: add, do not rename."""

from __future__ import annotations

from gis_planner.tables.column import Column, Origin, Table

_ORIGINS = tuple(str(origin) for origin in Origin)
_RANK = Column("rank", "integer", "Rank", "Rang", "1 is first.")
_CHOSEN = Column("chosen", "flag", "Chosen", "Retenu", "Part of the plan.")
_VILLAGE_ID = Column("village_id", "id", "Village id", "Id du village", "Village it belongs to.")
_VILLAGE = Column("village", "text", "Village", "Village", "Name of that village.")
_LAT = Column("latitude", "number", "Latitude", "Latitude", "WGS 84.", "degrees", low=-90, high=90)
_LON = Column("longitude", "number", "Longitude", "Longitude", "WGS 84.", "degrees", low=-180, high=180)
_ORIGIN = Column("origin", "category", "Data", "Données", "Weakest origin of what the row is made from.",
                 choices=_ORIGINS)
_COST = Column("cost_fcfa", "number", "Cost", "Coût", "Expected cost.", "FCFA", low=0)
_WHY = (
    Column("reason_en", "text", "Why", "Pourquoi (anglais)", "The reason in words, English."),
    Column("reason_fr", "text", "Why (French)", "Pourquoi", "The reason in words, French."),
)
_ROUTE = Column("route_id", "id", "Route", "Tournée", "Crew-day that serves it.", required=False,
                if_missing="not visited")

_RUNGS = (
    ("basic", "Basic", "Élémentaire", "improved point, round trip with queue within the limit"),
    ("limited", "Limited", "Limité", "improved point, longer round trip"),
    ("unimproved", "Unimproved", "Non amélioré", "unprotected well or spring"),
    ("surface", "Surface water", "Eau de surface", "stream or pond, or nothing within the walk"),
    ("unknown", "Unknown", "Inconnu", "depends on points of unknown status"),
)
"""The rungs of the JMP ladder for drinking water, and what cannot be known: the five sum to the people."""


def _ladder(when: str, words: str, words_fr: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{key}_{when}", "number", f"{label} {words}", f"{label_fr} {words_fr}",
               f"People {words}: {meaning}.", "people", required=False, low=0,
               if_missing="the ladder was not computed")
        for key, label, label_fr, meaning in _RUNGS)


_SERVICE_LADDER = (
    *_ladder("today", "today", "aujourd'hui"), *_ladder("after", "after", "après"),
    Column("round_trip_min_today", "number", "Round trip today", "Aller-retour aujourd'hui",
           "Mean minutes there, queue and back, of people with any source.", "min", required=False, low=0,
           if_missing="nobody has a source within the walk"),
    Column("round_trip_min_after", "number", "Round trip after", "Aller-retour après",
           "The same after the plan.", "min", required=False, low=0, if_missing="nobody has a source within the walk"),
    Column("basic_low", "number", "Basic, at least", "Élémentaire, au moins",
           "People basic today if no point of unknown status works.", "people", required=False, low=0,
           if_missing="the ladder was not computed"),
    Column("basic_high", "number", "Basic, at most", "Élémentaire, au plus",
           "The same if all of them work.", "people", required=False, low=0,
           if_missing="the ladder was not computed"),
)
_ACTIONS = ("repair", "rehabilitate", "upgrade", "new_borehole", "manual_borehole", "garden_well")
_ACTION_FACTS = (
    Column("success_low", "number", "Chance, low", "Chance, basse", "Lower end of the 90 % belief.", required=False,
           low=0, high=1, if_missing="the chance is a single number"),
    Column("success_high", "number", "Chance, high", "Chance, haute", "Upper end of the 90 % belief.", required=False,
           low=0, high=1, if_missing="the chance is a single number"),
    Column("expected_holes", "number", "Expected holes", "Forages attendus", "Holes that one success takes.", "holes",
           required=False, low=0, if_missing="nothing is drilled"),
    Column("cost_low_fcfa", "number", "Cost, low", "Coût, bas", "10 % of outcomes cost less.", "FCFA", required=False,
           low=0, if_missing="the cost is a single number"),
    Column("cost_high_fcfa", "number", "Cost, high", "Coût, haut", "10 % of outcomes cost more.", "FCFA",
           required=False, low=0, if_missing="the cost is a single number"),
    Column("life_years", "number", "Life", "Durée de vie", "Years that it lasts.", "years", required=False, low=0,
           if_missing="not stated"),
    Column("volume_m3_day", "number", "Volume", "Volume", "Water it gives in a day.", "m3/day", required=False, low=0,
           if_missing="its flow is not known"),
    Column("walk_min_today", "number", "Walk today", "Marche aujourd'hui",
           "Mean minutes one way today of those it serves.", "min", required=False, low=0,
           if_missing="nobody is assigned, or none has a source today"),
    Column("walk_min", "number", "Walk after", "Marche après", "Mean minutes one way to it.", "min", required=False,
           low=0, if_missing="nobody is assigned"),
)

VILLAGE_SERVICE = Table(
    "villages", "Villages: water today and after", "Villages : l'eau aujourd'hui et après", "one village", "village_id",
    columns=(
        _VILLAGE_ID, _VILLAGE,
        Column("commune", "text", "Commune", "Commune", "Commune.", required=False, if_missing="not given"),
        Column("people", "integer", "People", "Habitants", "People counted.", "people", low=0),
        Column("served_today", "number", "Served today", "Servis aujourd'hui",
               "People with a place at a working, improved point within the round trip.", "people", low=0),
        Column("served_if_unknown_work", "number", "Served if unknown points work",
               "Servis si les points inconnus marchent",
               "The same if every point of unknown status works.", "people", low=0),
        Column("served_after", "number", "Served after", "Servis après", "Expected after the plan.", "people", low=0),
        Column("over_capacity", "number", "Over capacity", "Au-delà de la capacité",
               "Within reach today, but the points are full.", "people", low=0),
        Column("out_of_reach", "number", "Out of reach", "Hors de portée", "No point within the round trip today.",
               "people", low=0),
        *_SERVICE_LADDER,
        _LAT, _LON, _ORIGIN,
    ),
)
_NOT_DRAWN = "the firmness of the plan was not drawn"
_ACTION_FIRM = (
    Column("top_share", "number", "Draws in the top", "Tirages en tête",
           "Share of draws in which it is among the first taken, as many as the plan takes.", required=False,
           low=0, high=1,
           if_missing=_NOT_DRAWN),
    Column("chosen_share", "number", "Draws in the set", "Tirages retenue",
           "Share of the futures chosen for again whose set holds it.", required=False, low=0, high=1,
           if_missing=_NOT_DRAWN),
    Column("rank_low", "integer", "Rank, low", "Rang, bas", "5 % of draws take it earlier.", required=False, low=1,
           if_missing=_NOT_DRAWN),
    Column("rank_high", "integer", "Rank, high", "Rang, haut",
           "5 % of draws take it later; twice the plan's actions + 1: any later.", required=False, low=1,
           if_missing=_NOT_DRAWN),
    Column("regret_chosen", "flag", "Least regret", "Moindre regret",
           "In the set whose greatest regret over the futures is least.", required=False, if_missing=_NOT_DRAWN),
    Column("firm_en", "text", "How firm", "Solidité (anglais)", "In the top so many in so many draws, English.",
           required=False, if_missing=_NOT_DRAWN),
    Column("firm_fr", "text", "How firm (French)", "Solidité", "In the top so many in so many draws, French.",
           required=False, if_missing=_NOT_DRAWN),
)
WELLS = Table(
    "wells", "Wells", "Puits et forages", "one action at one place", "action_id", columns=(
        Column("action_id", "id", "Action id", "Id de l'action", "Id of the action."),
        _RANK, _CHOSEN,
        Column("action", "category", "Action", "Action", "What is done.",
               choices=_ACTIONS),
        _VILLAGE_ID, _VILLAGE,
        Column("water_point_id", "id", "Water point", "Point d'eau", "Point that is repaired.", required=False,
               if_missing="a new point"),
        Column("people_in_reach", "integer", "Unserved within reach", "Non servis à portée",
               "People not served today within the round trip.", "people", low=0),
        Column("people_served", "number", "Served by it", "Servis par lui", "People who get a place there.", "people",
               low=0),
        Column("people_expected", "number", "Expected", "Attendus", "The same times the chance of success.", "people",
               low=0),
        Column("walk_m", "number", "Walk", "Marche", "Mean way, one way: metres of a level path that takes as long.",
               "m", low=0, required=False,
               if_missing="nobody is assigned"),
        Column("success_probability", "number", "Chance of success", "Chance de succès", "That it gives water.", low=0,
               high=1),
        Column("capacity_people", "integer", "Capacity", "Capacité", "People it can serve.", "people", low=0),
        _COST,
        Column("cost_per_person_fcfa", "number", "Cost per person", "Coût par personne", "Cost over people expected.",
               "FCFA/person", low=0, required=False, if_missing="nobody is served"),
        Column("cumulative_cost_fcfa", "number", "Cost so far", "Coût cumulé", "Up to this rank.", "FCFA", low=0,
               required=False, if_missing="not chosen"),
        Column("cumulative_people", "number", "People so far", "Habitants cumulés", "Expected up to this rank.",
               "people", low=0, required=False, if_missing="not chosen"),
        Column("nearest_latrine_m", "number", "Nearest latrine", "Latrine la plus proche", "Distance.", "m", low=0,
               required=False, if_missing="no latrine is known"),
        *_ACTION_FACTS,
        *_ACTION_FIRM,
        _LAT, _LON, *_WHY, _ORIGIN,
    ),
)
WELLS_FRONT = Table(
    "wells_front", "Wells: what aims cost each other", "Puits : ce que les objectifs se coûtent", "one possible plan",
    "point", geometry="none", columns=(
        Column("point", "integer", "Point", "Point", "Number of the plan.", low=1),
        Column("aim", "category", "Aim", "Objectif", "What was weighed.",
               choices=("most_people", "minutes", "worst_off", "least_served_first", "half_the_money")),
        Column("people_expected", "number", "People expected", "Habitants attendus", "Expected to gain a place.",
               "people", low=0),
        Column("person_min_saved_day", "number", "Minutes saved a day", "Minutes gagnées par jour",
               "Person-minutes of walking that the plan saves each day.", "person-min/day"),
        Column("worst_village_share", "number", "Worst village", "Village le moins servi",
               "Share of people served in the village with least.", low=0, high=1),
        Column("cost_fcfa", "number", "Cost", "Coût", "Expected cost.", "FCFA", low=0),
        Column("sites", "text", "Actions", "Actions", "Ids of its actions."),
        _ORIGIN,
    ),
)
_ACTION_ID = Column("action_id", "id", "Action id", "Id de l'action", "Action of the wells table.")
WELLS_RANKS = Table(
    "wells_ranks", "Wells: ranks over draws", "Puits : rangs selon les tirages", "one action at one rank", "action_id",
    geometry="none", repeated_key=True, columns=(
        _ACTION_ID,
        Column("rank", "integer", "Rank", "Rang", "1 is first; ranks beyond twice the plan's actions are left out.",
               low=1),
        Column("share", "number", "Share of draws", "Part des tirages", "In which it takes this rank.", low=0, high=1),
        _ORIGIN,
    ),
)
WELLS_WEIGHTS = Table(
    "wells_weights", "Wells: weights that favour each action", "Puits : poids qui favorisent chaque action",
    "one action and one criterion", "action_id", geometry="none", repeated_key=True, columns=(
        _ACTION_ID,
        Column("criterion", "id", "Criterion", "Critère", "What is weighed."),
        Column("label_en", "text", "In words", "En mots (anglais)", "The criterion, English."),
        Column("label_fr", "text", "In words (French)", "En mots", "The criterion, French."),
        Column("central_weight", "number", "Central weight", "Poids central",
               "Mean weight of the draws in which the action is first.", low=0, high=1),
        _ORIGIN,
    ),
)
WELLS_TORNADO = Table(
    "wells_tornado", "Wells: what moves the answer", "Puits : ce qui change la réponse", "one thing in doubt",
    "factor_id", geometry="none", columns=(
        Column("factor_id", "id", "Factor", "Facteur", "What is in doubt."),
        Column("label_en", "text", "In words", "En mots (anglais)", "The factor, English."),
        Column("label_fr", "text", "In words (French)", "En mots", "The factor, French."),
        Column("low_value", "number", "Low", "Bas", "Low end of its range."),
        Column("high_value", "number", "High", "Haut", "High end of its range."),
        Column("people_low", "number", "People at the low end", "Habitants au bas",
               "Expected to be served by this plan.", "people", low=0),
        Column("people_high", "number", "People at the high end", "Habitants au haut",
               "Expected to be served by this plan.", "people", low=0),
        Column("best_low", "number", "Best at the low end", "Meilleur au bas", "By the best plan found for it.",
               "people", low=0),
        Column("best_high", "number", "Best at the high end", "Meilleur au haut", "By the best plan found for it.",
               "people", low=0),
        Column("sites_changed", "integer", "Actions that change", "Actions qui changent",
               "Actions that the best plan replaces, at the end where they are more.", "actions", low=0),
        _ORIGIN,
    ),
)
SURVEYS = Table(
    "surveys", "Surveys by worth", "Enquêtes par valeur", "one survey that could be made",
    "survey_id", columns=(
        Column("survey_id", "id", "Survey id", "Id de l'enquête", "Id of the survey."), _RANK,
        Column("kind", "category", "Kind", "Type", "What is found out.",
               choices=("status_visit", "population_count", "geophysics")),
        Column("place_id", "id", "Place", "Lieu", "Village or action that is looked at."),
        _VILLAGE_ID, _VILLAGE,
        Column("cost_fcfa", "number", "Cost", "Coût", "Of the survey.", "FCFA", low=0),
        Column("gain_people", "number", "People gained", "Habitants gagnés",
               "People served more, in expectation, because the plan can change on what is found.", "people", low=0),
        Column("gain_per_million_fcfa", "number", "Per million FCFA", "Par million de FCFA",
               "People gained per million FCFA of survey.", "people/million FCFA", low=0),
        *_WHY, _LAT, _LON, _ORIGIN,
    ),
)
LATRINES = Table(
    "latrines", "Latrines", "Latrines", "one place for latrines", "latrine_site_id", columns=(
        Column("latrine_site_id", "id", "Site id", "Id du site", "Id of the place."),
        _RANK, _CHOSEN,
        Column("group_kind", "category", "For", "Pour", "Who uses them.", choices=("households", "school", "camp")),
        Column("group_id", "id", "Group", "Groupe", "Village, school or camp."),
        _VILLAGE_ID, _VILLAGE,
        Column("people", "integer", "People", "Personnes", "People of the group.", "people", low=0),
        Column("toilets_needed", "integer", "Needed", "Nécessaires", "By the norm.", "cabins", low=0),
        Column("toilets_existing", "integer", "Existing", "Existantes", "Usable today.", "cabins", low=0),
        Column("toilets_planned", "integer", "Planned", "Prévues", "In this plan.", "cabins", low=0),
        _COST,
        Column("nearest_water_point_m", "number", "Nearest water point", "Point d'eau le plus proche",
               "Existing or planned.", "m", low=0, required=False, if_missing="no water point is known"),
        _LAT, _LON, *_WHY, _ORIGIN,
    ),
)
NET_POINTS = Table(
    "net_points", "Net distribution points", "Points de distribution", "one distribution point", "point_id", columns=(
        Column("point_id", "id", "Point id", "Id du point", "Id of the point."), _VILLAGE_ID, _VILLAGE,
        Column("households", "integer", "Households", "Ménages", "Households it serves.", "households", low=0),
        Column("people", "integer", "People", "Personnes", "People it serves.", "people", low=0),
        Column("nets", "integer", "Nets", "Moustiquaires", "Nets its households are due.", "nets", low=0),
        Column("bales", "integer", "Bales", "Balles", "Whole bales brought.", "bales", low=0),
        Column("nets_spare", "integer", "Spare", "Reste", "Nets in the bales beyond what is due.", "nets", low=0),
        Column("walk_max_m", "number", "Longest walk", "Plus longue marche", "One way.", "m", low=0),
        Column("walk_mean_m", "number", "Mean walk", "Marche moyenne", "One way, by household.", "m", low=0),
        _ROUTE, _LAT, _LON, _ORIGIN,
    ),
)
NET_HOUSEHOLDS = Table(
    "net_households", "Nets by household", "Moustiquaires par ménage", "one household (or all of a village)",
    "household_id", columns=(
        Column("household_id", "id", "Household id", "Id du ménage", "Id in the register, or of the village."),
        _VILLAGE_ID,
        Column("households", "integer", "Households", "Ménages", "1, or the estimate for the village.", "households",
               low=0),
        Column("people", "integer", "People", "Personnes", "People who sleep there.", "people", low=0),
        Column("nets", "integer", "Nets", "Moustiquaires", "Nets due.", "nets", low=0),
        Column("point_id", "id", "Point id", "Id du point", "Where they are given.", required=False,
               if_missing="no point within the walking limit"),
        Column("walk_m", "number", "Walk", "Marche", "To the point, one way.", "m", low=0, required=False,
               if_missing="no point within the walking limit"),
        _LAT, _LON, _ORIGIN,
    ),
)
LARVICIDING_SITES = Table(
    "larviciding_sites", "Larval habitats", "Gîtes larvaires", "one larval habitat", "site_id", columns=(
        Column("site_id", "id", "Site id", "Id du gîte", "Id of the habitat."), _RANK, _CHOSEN, _VILLAGE_ID, _VILLAGE,
        Column("habitat_type", "text", "Habitat", "Habitat", "Class of the habitat."),
        Column("area_m2", "number", "Area", "Surface", "Mean water surface when wet.", "m2", low=0),
        Column("visits", "integer", "Visits", "Visites", "Visits in the season.", "visits", low=0),
        Column("wet_share", "number", "Wet", "En eau", "Share of visits with water.", low=0, high=1),
        Column("larvae_per_dip", "number", "Larvae per dip", "Larves par coup", "Mean over wet visits.", "larvae/dip",
               low=0),
        Column("expected_larvae_index", "number", "Expected larvae", "Larves attendues",
               "Larvae per dip times area times wet share.", low=0),
        Column("people_in_flight_range", "number", "People in flight range", "Habitants à portée de vol",
               "People weighted by exp(-distance / scale).", "people", low=0),
        Column("score", "number", "Score", "Score", "Expected larvae times people in flight range.", low=0),
        Column("product", "text", "Product", "Produit", "Larvicide."),
        Column("dose_kg", "number", "Dose", "Dose", "Per visit.", "kg", low=0),
        Column("work_min", "number", "Work", "Travail", "Minutes at the site per visit.", "min", low=0),
        _LAT, _LON, *_WHY, _ORIGIN,
    ),
)
LARVICIDING_VISITS = Table(
    "larviciding_visits", "Larviciding visits", "Visites de traitement", "one planned visit", "visit_id", columns=(
        Column("visit_id", "id", "Visit id", "Id de la visite", "Id of the visit."),
        Column("site_id", "id", "Site id", "Id du gîte", "Habitat visited."),
        Column("week", "integer", "Week", "Semaine", "Week of the season, from 1.", "week", low=1),
        Column("weekday", "integer", "Day of the week", "Jour de la semaine",
               "1 is Monday; the same each week unless visits may come early or late.", low=1, high=7),
        Column("date", "date", "Date", "Date", "Day of the visit."),
        Column("crew_id", "id", "Crew", "Équipe", "Crew that goes."), _ROUTE,
        Column("dose_kg", "number", "Dose", "Dose", "Larvicide to bring.", "kg", low=0),
        _LAT, _LON, _ORIGIN,
    ),
)
ROUTES = Table(
    "routes", "Crew-days", "Tournées", "one crew on one day", "route_id", geometry="line", columns=(
        Column("route_id", "id", "Route", "Tournée", "Id of the crew-day."),
        Column("programme", "category", "Programme", "Programme", "What it is for.", choices=("nets", "larviciding")),
        Column("crew_id", "id", "Crew", "Équipe", "Crew that goes."),
        Column("vehicle_id", "id", "Vehicle", "Véhicule", "How it travels."),
        Column("day", "integer", "Day", "Jour", "Working day, from 1.", "day", low=1),
        Column("date", "date", "Date", "Date", "Day of the year; the first of its weekly rounds.", required=False,
               if_missing="the scenario gives no start date"),
        Column("repeats", "integer", "Rounds", "Passages", "Weeks that the same route is repeated.", "weeks",
               low=1),
        Column("depot_id", "id", "Depot", "Dépôt", "Where it starts and ends."),
        Column("stops", "integer", "Stops", "Arrêts", "Number of stops.", "stops", low=0),
        Column("distance_km", "number", "Distance", "Distance", "Whole day.", "km", low=0),
        Column("duration_min", "number", "Duration", "Durée", "Whole day, with work.", "min", low=0),
        Column("load", "number", "Load", "Chargement", "At the start.", low=0),
        Column("load_unit", "text", "Load unit", "Unité", "Unit of the load."),
        Column("cost_fcfa", "number", "Cost", "Coût", "Kilometres, vehicle and crew, over all rounds.", "FCFA", low=0),
        _LAT, _LON, _ORIGIN,
    ),
)
STOPS = Table(
    "stops", "Stops", "Arrêts", "one stop of one crew-day", "stop_id", columns=(
        Column("stop_id", "id", "Stop id", "Id de l'arrêt", "Id of the stop."),
        Column("route_id", "id", "Route", "Tournée", "Crew-day."),
        Column("order", "integer", "Order", "Ordre", "1 is first.", low=1),
        Column("place_id", "id", "Place", "Lieu", "Point, habitat or village."),
        Column("name", "text", "Name", "Nom", "Name to ask for."),
        _VILLAGE_ID,
        Column("task_en", "text", "Task", "Tâche (anglais)", "What to do, English."),
        Column("task_fr", "text", "Task (French)", "Tâche", "What to do, French."),
        Column("quantity", "number", "Quantity", "Quantité", "What to give or use.", low=0),
        Column("quantity_unit", "text", "Unit", "Unité", "Unit of the quantity."),
        Column("arrive_min", "number", "Arrive", "Arrivée", "Minutes after leaving the depot.", "min", low=0),
        Column("leave_min", "number", "Leave", "Départ", "Minutes after leaving the depot.", "min", low=0),
        Column("leg_km", "number", "Leg", "Trajet", "From the stop before.", "km", low=0),
        _LAT, _LON, _ORIGIN,
    ),
)

RESULTS: dict[str, Table] = {
    table.name: table
    for table in (
        VILLAGE_SERVICE, WELLS, WELLS_FRONT, WELLS_RANKS, WELLS_WEIGHTS, WELLS_TORNADO, SURVEYS, LATRINES, NET_POINTS,
        NET_HOUSEHOLDS, LARVICIDING_SITES, LARVICIDING_VISITS, ROUTES, STOPS,
    )
}
