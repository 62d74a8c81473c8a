"""Settings of the wells programme."""

from __future__ import annotations

from typing import Literal

from gis_planner.standards.setting import MaybePrice, NormValue, Price, Settings, setting

_NOT_OFFERED = "Without a price this action is not offered."


class Garden(Settings):
    """A garden that the scenario asks water for."""

    village_id: str = setting(en="Village of the garden.", fr="Village du jardin.")
    hectares: float = setting(en="Irrigated area.", fr="Surface irriguée.", unit="ha", low=0.001, high=20)
    own_well: bool = setting(en="Whether the garden gets a well of its own.",
                             fr="Si le jardin reçoit son propre puits.")


class WellsSettings(Settings):
    """What counts as served, what may be built, and the money."""

    budget_fcfa: float = setting(en="Money for water points; without any, leave wells out of `run`.",
                                 fr="Argent pour les points d'eau ; sans argent, retirez wells de `run`.",
                                 unit="FCFA", low=1, high=1e11)
    round_trip_min: NormValue = setting(
        "water.round_trip_min.jmp", en="Longest round trip, with the queue, that counts as served.",
        fr="Plus long aller-retour, attente comprise, qui compte comme servi.", unit="min", low=5, high=240,
        effect="A longer trip counts more people as served.")
    farthest_round_trip_min: NormValue = setting(
        "water.farthest_round_trip_min.assumed", en="Longest round trip that people make for water at all.",
        fr="Plus long aller-retour que l'on fait pour de l'eau.", unit="min", low=10, high=600,
        effect="People farther from every point are counted on surface water.")
    queue_from: Literal["stated", "load"] = setting(
        "stated", en="Queue as stated in queue_min, or from the people at each point, its flow and its hours.",
        fr="Attente indiquée par queue_min, ou calculée des usagers de chaque point, de son débit et de ses heures.",
        effect="With load, queue_min is the longest queue that a point may have: its capacity falls to that.")
    queue_min: float = setting(en="Minutes of the round trip that are spent queuing.",
                               fr="Minutes de l'aller-retour passées à attendre.", unit="min", low=0, high=120)
    litres_per_person: NormValue = setting(
        "water.litres_per_person_day.sphere2018", en="Water that a person fetches in a day.",
        fr="Eau qu'une personne prend par jour.", unit="L/person/day", low=3, high=100,
        effect="More water makes queues longer, and more trips.")
    container_l: NormValue = setting("water.container_l.assumed", en="Water carried home in one trip.",
                                     fr="Eau portée en un trajet.", unit="L", low=5, high=60,
                                     effect="A larger container saves trips.")
    pumping_hours: NormValue = setting("water.pumping_hours_day.assumed", en="Hours in a day that a point is used.",
                                       fr="Heures d'usage d'un point par jour.", unit="h/day", low=1, high=24,
                                       effect="More hours shorten the queue.")
    handpump_l_min: NormValue = setting("water.handpump_yield_l_min.sphere2018", en="Flow of a handpump.",
                                        fr="Débit d'une pompe à main.", unit="L/min", low=1, high=100,
                                        effect="Used where a point's yield is not recorded.")
    tap_l_min: NormValue = setting("water.tap_yield_l_min.sphere2018", en="Flow of a tap.", fr="Débit d'un robinet.",
                                   unit="L/min", low=1, high=100, effect="Used where no yield is recorded.")
    well_l_min: NormValue = setting("water.open_well_yield_l_min.sphere2018", en="Flow of a dug well.",
                                    fr="Débit d'un puits.", unit="L/min", low=1, high=100,
                                    effect="Used where no yield is recorded.")
    unknown_status: Literal["working", "not_working"] = setting(
        en="How points of unknown status count when the plan chooses; what is served is given as a range.",
        fr="Comment comptent les points d'état inconnu dans le choix ; les servis sont donnés en fourchette.")
    people_per_handpump: NormValue = setting(
        "water.people_per_handpump.sphere2018", en="People that a handpump serves.",
        fr="Personnes servies par une pompe à main.", unit="people", low=1, high=5000,
        effect="Fewer people per pump leaves more people without a place.")
    people_per_tap: NormValue = setting(
        "water.people_per_tap.sphere2018", en="People that a tap serves.", fr="Personnes servies par un robinet.",
        unit="people", low=1, high=5000, effect="Fewer people per tap leaves more people without a place.")
    people_per_well: NormValue = setting(
        "water.people_per_open_well.sphere2018", en="People that a protected dug well or spring serves.",
        fr="Personnes servies par un puits protégé ou une source.", unit="people", low=1, high=5000,
        effect="Fewer people per well leaves more people without a place.")
    candidate_spacing_m: float = setting(250.0, en="Distance between candidate places for new boreholes.",
                                         fr="Distance entre les emplacements candidats.", unit="m", low=50, high=2000,
                                         effect="A finer grid finds slightly better places and takes longer.")
    candidates_per_village: int = setting(
        12, en="Candidate places kept per village: those with most unserved people in reach.",
        fr="Emplacements gardés par village : ceux avec le plus de non-servis à portée.", unit="places", low=1,
        high=200, effect="Places beyond it are not compared.")
    setback_latrine_m: NormValue = setting(
        "sanitation.setback_m.sphere2018", en="Least distance of a new borehole from a latrine.",
        fr="Distance minimale d'un forage à une latrine.", unit="m", low=0, high=500,
        effect="A longer distance removes candidate places.")
    setback_grave_m: NormValue = setting(
        "water.setback_grave_m.assumed", en="Least distance of a new borehole from graves.",
        fr="Distance minimale d'un forage à des tombes.", unit="m", low=0, high=500,
        effect="A longer distance removes candidate places.")
    setback_stream_m: float = setting(30.0, en="Least distance of a new borehole from a stream.",
                                      fr="Distance minimale d'un forage à un cours d'eau.", unit="m", low=0, high=1000,
                                      effect="A longer distance removes candidate places.")
    pond_depth_m: NormValue = setting(
        "drilling.pond_depth_m.assumed", en="A hollow of the ground at least this deep holds water after rain.",
        fr="Un creux du terrain d'au moins cette profondeur retient l'eau de pluie.", unit="m", low=0.05, high=5,
        effect="Places in such hollows are removed; a smaller depth removes more.")
    max_slope: NormValue = setting("drilling.max_slope.assumed", en="Steepest slope on which a rig is set up.",
                                   fr="Pente la plus forte où installer une foreuse.", unit="ratio", low=0.01, high=1,
                                   effect="A gentler limit removes places.")
    rig_off_road_m: NormValue = setting(
        "drilling.rig_off_road_m.dry", en="How far a rig leaves the roads, dry season.",
        fr="Distance qu'une foreuse parcourt hors des routes, saison sèche.", unit="m", low=0, high=20_000,
        effect="A shorter distance removes places.")
    rig_off_road_rainy_m: NormValue = setting(
        "drilling.rig_off_road_m.rainy", en="How far a rig leaves the passable roads in the rains.",
        fr="Distance qu'une foreuse parcourt hors des routes praticables sous les pluies.", unit="m", low=0,
        high=20_000, effect="A shorter distance removes places.")
    success_probability: NormValue = setting(
        "drilling.success_share.mali_basement", en="Chance that a hole gives water where nothing else is known.",
        fr="Chance qu'un forage donne de l'eau quand rien d'autre n'est connu.", unit="share", low=0.01, high=1,
        effect="Near drilling outcomes move it; a smaller chance favours repairs.")
    most_holes: int = setting(
        1, en="Holes drilled at one place before it is given up.",
        fr="Forages faits en un lieu avant de l'abandonner.", unit="holes", low=1, high=10,
        effect="More holes make water likelier there, and dearer.")
    repair_success: float = setting(en="Chance that a repaired point works.", fr="Chance qu'un point réparé marche.",
                                    unit="share", low=0.01, high=1)
    repair_cost: Price = setting(en="Repair of a water point.", fr="Réparation d'un point d'eau.", unit="FCFA", low=0)
    rehabilitate_cost: MaybePrice = setting(
        None, en="New pump and cleaned borehole on a point that does not work.",
        fr="Nouvelle pompe et forage nettoyé sur un point en panne.", unit="FCFA", low=0, effect=_NOT_OFFERED)
    rehabilitate_success: float | None = setting(
        None, en="Chance that a point with a new pump works.", fr="Chance qu'un point à pompe neuve marche.",
        unit="share", low=0.01, high=1, effect="Must be stated with the price.")
    upgrade_cost: MaybePrice = setting(
        None, en="Lining, cover and pump on an open dug well that holds water in the season.",
        fr="Cuvelage, couverture et pompe sur un puits ouvert en eau en cette saison.", unit="FCFA", low=0,
        effect=_NOT_OFFERED)
    upgrade_success: float | None = setting(
        None, en="Chance that an upgraded well gives safe water.", fr="Chance qu'un puits amélioré donne une eau sûre.",
        unit="share", low=0.01, high=1, effect="Must be stated with the price.")
    borehole_cost: Price = setting(en="Borehole with pump that gives water.", fr="Forage équipé qui donne de l'eau.",
                                   unit="FCFA", low=0)
    dry_hole_cost: Price = setting(en="Borehole that stays dry.", fr="Forage sec.", unit="FCFA", low=0)
    geophysics_cost: Price = setting(en="Geophysics before each new borehole.", fr="Géophysique avant chaque forage.",
                                     unit="FCFA", low=0)
    manual_cost: MaybePrice = setting(None, en="Manually drilled borehole with pump that gives water.",
                                      fr="Forage manuel équipé qui donne de l'eau.", unit="FCFA", low=0,
                                      effect=_NOT_OFFERED)
    manual_dry_cost: MaybePrice = setting(None, en="Manually drilled hole that stays dry.", fr="Forage manuel sec.",
                                          unit="FCFA", low=0, effect="Must be stated with manual_cost.")
    manual_success_share: NormValue = setting(
        "drilling.manual_success_share.assumed", en="Chance of a manual hole, of that of a rig at the same place.",
        fr="Chance d'un forage manuel, en part de celle d'une foreuse au même lieu.", unit="share", low=0.01, high=1,
        effect="A smaller share favours rigs.")
    manual_classes: tuple[str, ...] = setting(
        ("alluvium", "weathered laterite over granite"),
        en="Ground soft enough to drill by hand, in the words of drillings.",
        fr="Terrains assez tendres pour forer à la main, tels que nommés dans drillings.",
        effect="Manual drilling is offered where the nearest drilling within manual_within_m met such ground.")
    manual_within_m: float = setting(2000.0, en="How far a drilling speaks for the ground.",
                                     fr="Distance à laquelle un forage renseigne sur le terrain.", unit="m", low=100,
                                     high=20_000, effect="Farther places are not offered manual drilling.")
    gardens: tuple[Garden, ...] = setting((), en="Gardens that need water.", fr="Jardins qui ont besoin d'eau.")
    garden_mm_day: NormValue = setting(
        "water.garden_demand_mm_day.dry_season", en="Water that a garden takes.", fr="Eau que prend un jardin.",
        unit="mm/day", low=1, high=15, effect="A garden of 1 ha takes ten times as many m3 a day.")
    equity: Literal["most_people", "worst_off", "least_served_first"] = setting(
        "most_people", en="Whose gain counts: everybody's alike, that of badly served villages more, or the least "
        "served village first.", fr="Quel gain compte : celui de tous pareillement, davantage celui des villages mal "
        "servis, ou d'abord le village le moins servi.", effect="Equity serves fewer people for the money.")
    equity_weight: float = setting(
        3.0, en="With worst_off: what a person counts where nobody is served, when 1 where all are.",
        fr="Avec worst_off : ce que compte une personne où nul n'est servi, contre 1 où tous le sont.", low=1, high=100,
        effect="A larger weight brings more of the money to badly served villages.")
    front: bool = setting(True, en="Whether other aims and less money are solved too, for wells_front.",
                          fr="Si d'autres objectifs et moins d'argent sont aussi résolus, pour wells_front.",
                          effect="Without it the table holds the plan alone, and the run is some seconds shorter.")
    must_have: tuple[str, ...] = setting((), en="Actions that the plan must hold (action_id of wells.csv).",
                                         fr="Actions que le plan doit contenir (action_id de wells.csv).")
    must_not: tuple[str, ...] = setting((), en="Actions that the plan must not hold.",
                                        fr="Actions que le plan ne doit pas contenir.")
