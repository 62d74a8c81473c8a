"""What a crew does at a habitat, and why a habitat is treated or not, English and French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.words import percent, whole
from gis_planner.tables.vocabulary import dose_word, habitat_word


def tasks(settings: LarvicidingSettings, stops: pd.DataFrame) -> pd.DataFrame:
    """One row per habitat to treat: what the stops table says of it."""
    doses, doses_fr = ([dose_word(dose, lang) for dose in stops["dose_kg"]] for lang in ("en", "fr"))
    kinds, kinds_fr = ([habitat_word(kind, lang) for kind in stops["habitat_type"]] for lang in ("en", "fr"))
    return pd.DataFrame({
        "place_id": stops["site_id"], "name": [f"{site} ({village})" for site, village in
                                               zip(stops["site_id"], stops["village"], strict=True)],
        "village_id": stops["village_id"],
        "task_en": [f"Dip, then treat the {kind} with {dose} of {settings.product}"
                    for kind, dose in zip(kinds, doses, strict=True)],
        "task_fr": [f"Prélever, puis traiter le gîte ({kind}) avec {dose} de {settings.product}"
                    for kind, dose in zip(kinds_fr, doses_fr, strict=True)],
        "quantity": stops["dose_kg"], "quantity_unit": "kg",
    })


def reasons(row: Mapping[str, Any]) -> tuple[str, str]:
    """(English, French) for one row of the larviciding_sites table."""
    larvae, area, people = f"{row['larvae_per_dip']:.1f}", whole(row["area_m2"]), whole(row["people_in_flight_range"])
    wet, visits = percent(row["wet_share"]), row["visits"]
    area_fr, people_fr = whole(row["area_m2"], "fr"), whole(row["people_in_flight_range"], "fr")
    en = (f"{larvae} larvae per dip over {area} m2, with water on {wet} of {visits} visits, {people} people in flight "
          "range.")
    fr = (f"{larvae.replace('.', ',')} larves par coup sur {area_fr} m2, en eau à {wet} de {visits} visites, "
          f"{people_fr} habitants à portée de vol.")
    if row["chosen"]:
        return f"{en} Treated each round.", f"{fr} Traité à chaque passage."
    if not row["treatable"]:
        why = ("no larvae were found", "aucune larve trouvée") if row["score"] <= 0 else (
            "too far from the villages that are treated", "trop loin des villages traités")
    else:
        why = ("the crews' days are full with habitats that matter more",
               "les journées des équipes sont pleines de gîtes plus importants")
    return f"{en} Not treated: {why[0]}.", f"{fr} Non traité : {why[1]}."
