"""Settings of the wells programme."""

from __future__ import annotations

from typing import Literal

from gis_planner.standards.setting import NormValue, Price, Settings, setting


class WellsSettings(Settings):
    """What counts as served, what may be built, and the money."""

    budget_fcfa: float = setting(en="Money for water points; without any, leave wells out of `run`.",
                                 fr="Argent pour les points d'eau ; sans argent, retirez wells de `run`.",
                                 unit="FCFA", low=1, high=1e11)
    round_trip_min: NormValue = setting(
        "water.round_trip_min.jmp", en="Longest round trip, with the queue, that counts as served.",
        fr="Plus long aller-retour, attente comprise, qui compte comme servi.", unit="min", low=5, high=240,
        effect="A longer trip counts more people as served.",
    )
    queue_min: float = setting(en="Minutes of the round trip that are spent queuing.",
                               fr="Minutes de l'aller-retour passées à attendre.", unit="min", low=0, high=120)
    unknown_status: Literal["working", "not_working"] = setting(
        en="How points of unknown status count; served today is also given for the other answer.",
        fr="Comment comptent les points d'état inconnu ; les servis sont aussi donnés pour l'autre réponse.",
    )
    people_per_handpump: NormValue = setting(
        "water.people_per_handpump.sphere2018", en="People that a handpump serves.",
        fr="Personnes servies par une pompe à main.", unit="people", low=1, high=5000,
        effect="Fewer people per pump leaves more people without a place.",
    )
    people_per_tap: NormValue = setting(
        "water.people_per_tap.sphere2018", en="People that a tap serves.", fr="Personnes servies par un robinet.",
        unit="people", low=1, high=5000, effect="Fewer people per tap leaves more people without a place.",
    )
    people_per_well: NormValue = setting(
        "water.people_per_open_well.sphere2018", en="People that a protected dug well or spring serves.",
        fr="Personnes servies par un puits protégé ou une source.", unit="people", low=1, high=5000,
        effect="Fewer people per well leaves more people without a place.",
    )
    candidate_spacing_m: float = setting(250.0, en="Distance between candidate places for new boreholes.",
                                         fr="Distance entre les emplacements candidats.", unit="m", low=50, high=2000,
                                         effect="A finer grid finds slightly better places and takes longer.")
    candidates_per_village: int = setting(
        12, en="Candidate places kept per village: those with most unserved people in reach.",
        fr="Emplacements gardés par village : ceux avec le plus de non-servis à portée.", unit="places", low=1,
        high=200,
        effect="Places beyond it are not compared.",
    )
    setback_latrine_m: NormValue = setting(
        "sanitation.setback_m.sphere2018", en="Least distance of a new borehole from a latrine.",
        fr="Distance minimale d'un forage à une latrine.", unit="m", low=0, high=500,
        effect="A longer distance removes candidate places.",
    )
    setback_stream_m: float = setting(30.0, en="Least distance of a new borehole from a stream.",
                                      fr="Distance minimale d'un forage à un cours d'eau.", unit="m", low=0, high=1000,
                                      effect="A longer distance removes candidate places.")
    success_probability: NormValue = setting(
        "drilling.success_share.mali_basement", en="Chance that a hole gives water where nothing else is known.",
        fr="Chance qu'un forage donne de l'eau quand rien d'autre n'est connu.", unit="share", low=0.01, high=1,
        effect="Near drilling outcomes move it; a smaller chance favours repairs.",
    )
    repair_success: float = setting(en="Chance that a repaired point works.", fr="Chance qu'un point réparé marche.",
                                    unit="share", low=0.01, high=1)
    repair_cost: Price = setting(en="Repair of a water point.", fr="Réparation d'un point d'eau.", unit="FCFA", low=0)
    borehole_cost: Price = setting(en="Borehole with pump that gives water.", fr="Forage équipé qui donne de l'eau.",
                                   unit="FCFA", low=0)
    dry_hole_cost: Price = setting(en="Borehole that stays dry.", fr="Forage sec.", unit="FCFA", low=0)
    geophysics_cost: Price = setting(en="Geophysics before each new borehole.", fr="Géophysique avant chaque forage.",
                                     unit="FCFA", low=0)
    must_have: tuple[str, ...] = setting((), en="Actions that the plan must hold (action_id of wells.csv).",
                                         fr="Actions que le plan doit contenir (action_id de wells.csv).")
    must_not: tuple[str, ...] = setting((), en="Actions that the plan must not hold.",
                                        fr="Actions que le plan ne doit pas contenir.")
