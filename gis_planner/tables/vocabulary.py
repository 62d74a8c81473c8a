"""The words of every category in English and French, as a person reads them."""

from __future__ import annotations

from gis_planner.tables.plan import Words

VOCABULARY: dict[str, Words] = {
    # water points
    "borehole_handpump": Words("borehole with handpump", "forage à pompe manuelle"),
    "borehole_tap": Words("borehole with tap", "forage à robinet"),
    "protected_well": Words("protected dug well", "puits protégé"),
    "open_well": Words("open dug well", "puits ouvert"),
    "protected_spring": Words("protected spring", "source protégée"),
    "open_spring": Words("open spring", "source ouverte"),
    "rainwater": Words("rainwater", "eau de pluie"),
    "surface_water": Words("surface water", "eau de surface"),
    "working": Words("working", "en marche"),
    "not_working": Words("not working", "en panne"),
    "unknown": Words("unknown", "inconnu"),
    # actions of the wells programme
    "repair": Words("repair", "réparation"),
    "rehabilitate": Words("rehabilitation", "réhabilitation"),
    "upgrade": Words("upgrade", "amélioration"),
    "new_borehole": Words("new borehole", "nouveau forage"),
    "manual_borehole": Words("hand-drilled borehole", "forage manuel"),
    # latrines
    "households": Words("households", "ménages"),
    "household": Words("household", "ménage"),
    "school": Words("school", "école"),
    "camp": Words("camp", "camp"),
    "village": Words("village", "village"),
    "communal": Words("communal", "commune à plusieurs"),
    "usable": Words("usable", "utilisable"),
    "full": Words("full", "pleine"),
    "collapsed": Words("collapsed", "effondrée"),
    # larval habitats
    "puddle": Words("puddle", "flaque"),
    "hoof_print": Words("hoof prints", "empreintes de sabots"),
    "rice_field": Words("rice field", "rizière"),
    "borrow_pit": Words("borrow pit", "carrière de banco"),
    "stream_edge": Words("stream edge", "bord de cours d'eau"),
    "pond": Words("pond", "mare"),
    "drain": Words("drain", "caniveau"),
    "well_or_pit": Words("well or pit", "puits ou fosse"),
    "container": Words("container", "récipient"),
    "tyre_track": Words("tyre track", "ornière"),
    "swamp": Words("swamp", "marécage"),
    "garden": Words("garden", "jardin"),
    # programmes, seasons, origins
    "wells": Words("wells", "puits et forages"),
    "latrines": Words("latrines", "latrines"),
    "nets": Words("nets", "moustiquaires"),
    "larviciding": Words("larviciding", "traitement des gîtes larvaires"),
    "dry": Words("dry season", "saison sèche"),
    "rainy": Words("rainy season", "saison des pluies"),
    "observed": Words("observed", "observé"),
    "estimated": Words("estimated", "estimé"),
    "simulated": Words("simulated", "simulé"),
    # units of quantities
    "bales": Words("bales", "balles"),
    "kg": Words("kg", "kg"),
    "other": Words("other", "autre"),
}


def word(value: str, lang: str) -> str:
    """The word of a category in `lang`; the value itself, without underscores, when it has none."""
    known = VOCABULARY.get(value)
    return known.in_lang(lang) if known else value.replace("_", " ")
