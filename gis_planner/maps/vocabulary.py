"""Words of the tables' values, units and programmes in English and French, for people; programs keep the codes."""

from __future__ import annotations

from gis_planner.tables.plan import Words

_UNITS = {
    "people": Words("people", "habitants"), "nets": Words("nets", "moustiquaires"), "bales": Words("bales", "balles"),
    "households": Words("households", "ménages"), "cabins": Words("cabins", "cabines"),
    "visits": Words("visits", "visites"), "stops": Words("stops", "arrêts"), "weeks": Words("weeks", "semaines"),
    "week": Words("week", "semaine"), "day": Words("day", "jour"), "year": Words("year", "année"),
    "days": Words("days", "jours"), "degrees": Words("degrees", "degrés"), "m2": Words("m²", "m²"),
    "larvae/dip": Words("larvae/dip", "larves/coup"), "FCFA/person": Words("FCFA/person", "FCFA/personne"),
    "%": Words("%", "%"), "crew-days": Words("crew-days", "tournées"), "sites": Words("sites", "gîtes"),
    "points": Words("points", "points"), "wells": Words("wells", "puits"), "latrines": Words("latrines", "latrines"),
    "person": Words("people", "personnes"), "FCFA/day": Words("FCFA/day", "FCFA/jour"),
    "vehicles": Words("vehicles", "véhicules"), "larvae": Words("larvae", "larves"),
    "dips": Words("dips", "coups de louche"), "toilets": Words("toilets", "toilettes"),
    "actions": Words("actions", "actions"), "villages": Words("villages", "villages"),
    "doses": Words("doses", "doses"), "teams": Words("teams", "équipes"), "hours": Words("hours", "heures"),
    "months": Words("months", "mois"), "month": Words("month", "mois"),
}
_CHOICES = {
    "all": Words("all programmes", "tous les programmes"), "wells": Words("wells", "puits et forages"),
    "latrines": Words("latrines", "latrines"), "nets": Words("nets", "moustiquaires"),
    "larviciding": Words("larviciding", "traitement des gîtes"), "surveys": Words("surveys", "enquêtes"),
    "campaigns": Words("campaigns", "campagnes"),
    "repair": Words("repair", "réparer"), "rehabilitate": Words("rehabilitate", "réhabiliter"),
    "upgrade": Words("upgrade", "améliorer"), "new_borehole": Words("new borehole", "nouveau forage"),
    "manual_borehole": Words("manual borehole", "forage manuel"),
    "households": Words("households", "ménages"), "school": Words("school", "école"), "camp": Words("camp", "camp"),
    "household": Words("household", "ménage"), "communal": Words("communal", "communale"),
    "village": Words("village", "village"),
    "observed": Words("observed", "observé"), "estimated": Words("estimated", "estimé"),
    "simulated": Words("simulated", "simulé"),
    "dry": Words("dry season", "saison sèche"), "rainy": Words("rainy season", "saison des pluies"),
    "working": Words("working", "fonctionne"), "not_working": Words("not working", "en panne"),
    "unknown": Words("unknown", "inconnu"),
    "borehole_handpump": Words("borehole with hand pump", "forage à pompe manuelle"),
    "borehole_tap": Words("borehole with taps", "forage à bornes-fontaines"),
    "protected_well": Words("protected well", "puits protégé"), "open_well": Words("open well", "puits ouvert"),
    "protected_spring": Words("protected spring", "source protégée"),
    "open_spring": Words("open spring", "source ouverte"), "rainwater": Words("rainwater", "eau de pluie"),
    "surface_water": Words("surface water", "eau de surface"), "other": Words("other", "autre"),
    "puddle": Words("puddle", "flaque"), "hoof_print": Words("hoof prints", "empreintes de sabots"),
    "rice_field": Words("rice field", "rizière"), "borrow_pit": Words("borrow pit", "fosse d'emprunt"),
    "stream_edge": Words("stream edge", "bord de cours d'eau"), "pond": Words("pond", "mare"),
    "drain": Words("drain", "caniveau"), "well_or_pit": Words("well or pit", "puits ou fosse"),
    "container": Words("container", "récipient"), "tyre_track": Words("tyre track", "ornière"),
    "swamp": Words("swamp", "marécage"), "garden": Words("garden", "jardin"),
}


def unit_word(unit: str, lang: str) -> str:
    """A unit as a person reads it."""
    return _UNITS[unit].in_lang(lang) if unit in _UNITS else unit


def choice_word(value: str, lang: str) -> str:
    """A category's value as a person reads it; one that is not known stays, its underscores as spaces."""
    return _CHOICES[value].in_lang(lang) if value in _CHOICES else value.replace("_", " ")
