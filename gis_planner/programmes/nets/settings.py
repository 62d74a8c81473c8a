"""Settings of the nets programme."""

from __future__ import annotations

import datetime
from typing import Literal

from gis_planner.standards.setting import NormValue, Price, Settings, setting


class NetsSettings(Settings):
    """How many nets, how far people walk, how long a day is."""

    people_per_net: NormValue = setting(
        "nets.people_per_net.who2017", en="People who share a net; each household is rounded up to whole nets.",
        fr="Personnes qui partagent une moustiquaire ; chaque ménage est arrondi vers le haut.", unit="people/net",
        low=1, high=5, effect="Fewer people per net needs more nets.",
    )
    bale_size: NormValue = setting("nets.bale_size.snt", en="Nets in a bale; only whole bales travel.",
                                   fr="Moustiquaires par balle ; seules des balles entières voyagent.", unit="nets",
                                   low=1, high=1000, effect="Larger bales leave more spare nets at the points.")
    max_walk_m: NormValue = setting(
        "nets.max_walk_m.care", en="Farthest that a household walks to its point, along the path.",
        fr="Distance maximale d'un ménage à son point, par le chemin.", unit="m", low=200, high=30_000,
        effect="A shorter walk needs more points.",
    )
    points: Literal["fewest", "every_village"] = setting(
        en="Fewest points within the walk (fewer staff), or one in every village (less walking).",
        fr="Le moins de points à portée de marche (moins de personnel), ou un dans chaque village (moins de marche).",
    )
    net_price: Price = setting(en="One net.", fr="Une moustiquaire.", unit="FCFA", low=0)
    people_per_household: NormValue = setting(
        "population.people_per_household.rural_south", en="Household size where there is no household register.",
        fr="Taille des ménages quand il n'y a pas de registre.", unit="people/household", low=1, high=30,
        effect="Not used when the region has a households layer.",
    )
    households_per_team_day: NormValue = setting(
        "nets.households_per_team_day.assumed", en="Households that a crew serves in a full working day.",
        fr="Ménages qu'une équipe sert en une journée.", unit="households/team/day", low=10, high=2000,
        effect="Fewer households a day needs more crew-days.",
    )
    stop_min: NormValue = setting("nets.stop_minutes.assumed", en="Minutes to set up and close a point.",
                                  fr="Minutes pour ouvrir et fermer un point.", unit="min", low=0, high=240,
                                  effect="Longer stops need more crew-days.")
    working_hours: NormValue = setting("travel.working_hours_day.field", en="Longest day of a crew, depot to depot.",
                                       fr="Plus longue journée d'une équipe, de dépôt à dépôt.", unit="h/day", low=1,
                                       high=14, effect="Shorter days need more crew-days.")
    days: int = setting(20, en="Working days that the campaign may take.", fr="Jours de travail de la campagne.",
                        unit="days", low=1, high=365, effect="Fewer days may leave points without a visit.")
    start_date: datetime.date = setting(en="First working day.", fr="Premier jour de travail.")
    weekend: tuple[int, ...] = setting((7,), en="Days of the week without work (1 is Monday).",
                                       fr="Jours de la semaine sans travail (1 est lundi).",
                                       effect="Dates move; the number of crew-days does not.")
