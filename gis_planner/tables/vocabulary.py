"""Words of the categories that a programme speaks of in its reasons and tasks, English and French."""

from __future__ import annotations

from gis_planner.tables.plan import Words

HABITAT_WORDS: dict[str, Words] = {
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
    "other": Words("other", "autre"),
}


def habitat_word(habitat: str, lang: str) -> str:
    """The word of a habitat class in `lang`; the class itself, without underscores, when it has none."""
    known = HABITAT_WORDS.get(habitat)
    return known.in_lang(lang) if known else habitat.replace("_", " ")
