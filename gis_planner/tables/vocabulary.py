"""Words of the categories that a programme speaks of in its reasons and tasks, English and French."""

from __future__ import annotations

from gis_planner.tables.plan import Words
from gis_planner.units import kg_to_g

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


LEAST_DOSE_G = 0.1
"""What a field balance can tell, in grams; a smaller dose is a pinch, never nothing."""


def dose_word(dose_kg: float, lang: str) -> str:
    """A dose as people weigh it, the same in every output: 1.2 kg, 86 g, 2.1 g, under 0.1 g."""
    grams = kg_to_g(dose_kg)
    if grams < LEAST_DOSE_G:
        return "moins de 0,1 g" if lang == "fr" else "under 0.1 g"
    text = f"{dose_kg:.2f}" if grams >= 999.5 else f"{grams:.0f}" if grams >= 9.95 else f"{grams:.1f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text.replace('.', ',') if lang == 'fr' else text} {'kg' if grams >= 999.5 else 'g'}"
