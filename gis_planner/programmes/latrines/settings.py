"""Settings of the latrines programme."""

from __future__ import annotations

from typing import Literal

from gis_planner.standards.setting import NormValue, Price, Settings, setting


class LatrinesSettings(Settings):
    """How many people a cabin serves, where it may stand, and the money."""

    budget_fcfa: float = setting(en="Money for latrines; without any, leave latrines out of `run`.",
                                 fr="Argent pour les latrines ; sans argent, retirez latrines de `run`.",
                                 unit="FCFA", low=1, high=1e11)
    people_per_toilet: NormValue = setting(
        "sanitation.people_per_toilet.sphere2018", en="People of households that share a cabin.",
        fr="Personnes des ménages qui partagent une cabine.", unit="people", low=1, high=200,
        effect="Fewer people per cabin needs more cabins.",
    )
    people_per_toilet_camp: NormValue = setting(
        "sanitation.people_per_toilet.sphere2018", en="People of a camp that share a cabin.",
        fr="Personnes d'un camp qui partagent une cabine.", unit="people", low=1, high=200,
        effect="Fewer people per cabin needs more cabins.",
    )
    girls_per_toilet: NormValue = setting(
        "sanitation.girls_per_toilet.who2009", en="Girls and staff of a school that share a cabin.",
        fr="Filles et personnel d'une école qui partagent une cabine.", unit="people", low=1, high=200,
        effect="Fewer per cabin needs more cabins.",
    )
    boys_per_toilet: NormValue = setting(
        "sanitation.boys_per_toilet.who2009", en="Boys of a school that share a cabin.",
        fr="Garçons d'une école qui partagent une cabine.", unit="people", low=1, high=200,
        effect="Fewer per cabin needs more cabins.",
    )
    setback_water_m: NormValue = setting(
        "sanitation.setback_m.sphere2018", en="Least distance from a water point, existing or planned.",
        fr="Distance minimale d'un point d'eau, existant ou prévu.", unit="m", low=0, high=500,
        effect="A longer distance moves or removes places.",
    )
    dwelling_m: NormValue = setting(
        "sanitation.max_dwelling_distance_m.sphere2018",
        en="Farthest that a place may lie from the middle of its group.",
        fr="Distance maximale entre le lieu et le milieu de son groupe.", unit="m", low=5, high=500,
        effect="A longer distance finds a place for more groups, farther from home.",
    )
    cabin_cost: Price = setting(en="One cabin for households or a camp.", fr="Une cabine pour ménages ou camp.",
                                unit="FCFA", low=1)
    school_cabin_cost: Price = setting(en="One school cabin.", fr="Une cabine d'école.", unit="FCFA", low=1)
    order: Literal["least_served_first", "most_people_first"] = setting(
        "least_served_first", en="Which groups come first when money is short.",
        fr="Quels groupes passent d'abord quand l'argent manque.",
        effect="`most_people_first` serves more people per franc and leaves small groups to the end.",
    )
    camps_first: bool = setting(True, en="Camps of displaced families come before all others.",
                                fr="Les camps de déplacés passent avant tous les autres.",
                                effect="Off, camps compete with villages.")
