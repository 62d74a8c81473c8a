"""Settings of the firmness of a plan: how many draws, and how far the truth may lie from what was stated."""

from __future__ import annotations

from typing import Literal

from gis_planner.standards.setting import MaybePrice, NormValue, Settings, setting


class CriterionWeight(Settings):
    """The range of one criterion's weight."""

    criterion: Literal["people", "minutes", "people_per_cost", "chance", "worst_off", "firm_people"] = setting(
        en="Criterion.", fr="Critère.")
    low: float = setting(0.0, en="Least weight.", fr="Poids le plus bas.", unit="share", low=0, high=1)
    high: float = setting(1.0, en="Greatest weight.", fr="Poids le plus haut.", unit="share", low=0, high=1)


class FirmSettings(Settings):
    """What is drawn, and how often. A norm's low and high are the ends of its draw; a plain number is taken as sure."""

    draws: int = setting(10_000, en="Draws of the weights; 0 leaves the firmness of the plan out.",
                         fr="Tirages des poids ; 0 laisse de côté la solidité du plan.", unit="draws", low=0,
                         high=1_000_000, effect="More draws give steadier shares: 10,000 are within one point.")
    futures: int = setting(100, en="Futures in which people, statuses, prices and success are drawn together.",
                           fr="Futurs où population, états, prix et succès sont tirés ensemble.", unit="futures",
                           low=2, high=10_000, effect="More futures give steadier shares and take longer.")
    resolved: int = setting(40, en="Futures for which the whole choice is made again.",
                            fr="Futurs pour lesquels tout le choix est refait.", unit="futures", low=1, high=1_000,
                            effect="More of them give steadier shares and take longer.")
    proven: int = setting(0, en="Of these, futures solved exactly as well, to say how good the fast solution is.",
                          fr="Dont futurs résolus aussi exactement, pour juger la solution rapide.", unit="futures",
                          low=0, high=100, effect="Each takes as long as the plan itself, or longer; without any the "
                          "fast solution is held against the plan's own proof only.")
    population_ratio: NormValue = setting(
        "population.count_ratio.assumed", en="True people of a village over the number counted.",
        fr="Habitants réels d'un village sur le nombre compté.", unit="ratio", low=0.1, high=10,
        effect="A wider range makes the answer less firm.")
    works_share: NormValue = setting(
        "water.works_share.rwsn2009", en="Chance that a point of unknown status works, before known points count.",
        fr="Chance qu'un point d'état inconnu marche, avant de compter les points connus.", unit="share", low=0.01,
        high=0.99, effect="A higher chance leaves fewer people to serve.")
    price_ratio: NormValue = setting(
        "costs.price_ratio.assumed", en="Price paid over the price stated.", fr="Prix payé sur le prix indiqué.",
        unit="ratio", low=0.1, high=10, effect="A wider range makes the answer less firm.")
    repair_ratio: NormValue = setting(
        "water.repair_success_ratio.assumed", en="True chance that a repair holds over the chance stated.",
        fr="Chance réelle qu'une réparation tienne sur la chance indiquée.", unit="ratio", low=0.1, high=10,
        effect="A wider range makes the answer less firm.")
    queue_ratio: NormValue = setting(
        "water.queue_ratio.assumed", en="True queue over the queue stated.",
        fr="Attente réelle sur l'attente indiquée.",
        unit="ratio", low=0.1, high=10, effect="A longer queue leaves less time to walk.")
    sensitivity: NormValue = setting(
        "drilling.geophysics_sensitivity.bagoue", en="Wet spots that a geophysics visit calls good.",
        fr="Sites productifs que la géophysique dit bons.", unit="share", low=0.5, high=1,
        effect="A surer visit is worth more.")
    specificity: NormValue = setting(
        "drilling.geophysics_specificity.bagoue", en="Dry spots that a geophysics visit calls bad.",
        fr="Sites secs que la géophysique dit mauvais.", unit="share", low=0.5, high=1,
        effect="A surer visit is worth more.")
    speed_ratio: NormValue = setting(
        "travel.walk_speed_ratio.loaded", en="True walking speed over the speed stated.",
        fr="Vitesse de marche réelle sur la vitesse indiquée.", unit="ratio", low=0.1, high=10,
        effect="A wider range makes the answer less firm.")
    visit_cost: MaybePrice = setting(
        None, en="A visit of one village to see its points or count its people.",
        fr="Visite d'un village pour voir ses points ou compter ses habitants.", unit="FCFA", low=0, high=1e8,
        effect="Without it the row crew_day of the costs layer counts, else the norm costs.survey_visit_fcfa.assumed.")
    weights: tuple[CriterionWeight, ...] = setting(
        (), en="Least and greatest weight of criteria of the ranks; the weights sum to 1.",
        fr="Poids le plus bas et le plus haut des critères des rangs ; la somme des poids est 1.",
        effect="Without them every weighing counts alike.")
