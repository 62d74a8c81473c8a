"""Settings of the larviciding programme."""

from __future__ import annotations

import datetime

from gis_planner.standards.setting import NormValue, Price, Settings, setting


class LarvicidingSettings(Settings):
    """What a habitat is worth, what treating it takes, and how long the rounds go on."""

    flight_scale_m: NormValue = setting(
        "vector.flight_scale_m.thomas2013",
        en="Distance over which the number of mosquitoes from a habitat falls to 37 %.",
        fr="Distance sur laquelle le nombre de moustiques d'un gîte tombe à 37 %.", unit="m", low=50, high=10_000,
        effect="A longer flight gives remote habitats more weight.",
    )
    radius_m: NormValue = setting(
        "vector.survey_radius_m.korhogo", en="Farthest that a treated habitat lies from a village, straight line.",
        fr="Distance maximale d'un gîte traité à un village, à vol d'oiseau.", unit="m", low=100, high=20_000,
        effect="Habitats beyond it are ranked but not treated.",
    )
    only_where_control: bool = setting(
        True, en="Treat only around villages with mosquito control.",
        fr="Traiter seulement autour des villages avec lutte antivectorielle.",
        effect="Off, every village's habitats compete for the crews.",
    )
    product: str = setting(en="Larvicide, as crews know it.", fr="Larvicide, comme les équipes l'appellent.")
    dose_kg_ha: NormValue = setting(en="Dose of the product.", fr="Dose du produit.", unit="kg/ha", low=0.001, high=200)
    price_per_kg: Price = setting(en="One kilogram of the product.", fr="Un kilogramme du produit.", unit="FCFA", low=0)
    interval_weeks: int = setting(en="Weeks between two treatments of a habitat.",
                                  fr="Semaines entre deux traitements d'un gîte.", unit="weeks", low=1, high=12)
    tolerance_days: int = setting(
        0, en="Days by which a visit may come early or late (1: seven days give or take one), each habitat by its own "
        "crew; 0 keeps each habitat to its day of the week.",
        fr="Jours d'avance ou de retard permis à une visite (1 : sept jours à un jour près), chaque gîte par son "
        "équipe ; 0 garde à chaque gîte son jour de la semaine.", unit="days", low=0, high=3,
        effect="More tolerance can save crew-days and treat more habitats; the day of the week then changes.")
    weeks: int = setting(en="Weeks of the season.", fr="Semaines de la saison.", unit="weeks", low=1, high=52)
    start_date: datetime.date = setting(en="Monday of the first week.", fr="Lundi de la première semaine.")
    days_per_week: int = setting(5, en="Working days of a week, from Monday.",
                                 fr="Jours de travail de la semaine, à partir du lundi.", unit="days", low=1, high=7,
                                 effect="Fewer days treat fewer habitats.")
    working_hours: NormValue = setting("travel.working_hours_day.field", en="Longest day of a crew, depot to depot.",
                                       fr="Plus longue journée d'une équipe, de dépôt à dépôt.", unit="h/day", low=1,
                                       high=14, effect="Shorter days treat fewer habitats.")
    site_min: NormValue = setting("vector.site_minutes.assumed", en="Minutes at a habitat, whatever its size.",
                                  fr="Minutes à un gîte, quelle que soit sa taille.", unit="min", low=0, high=240,
                                  effect="Longer visits treat fewer habitats.")
    min_per_1000_m2: NormValue = setting(
        "vector.site_minutes_per_1000_m2.assumed", en="Minutes more for each 1,000 m2 of water.",
        fr="Minutes de plus par 1 000 m2 d'eau.", unit="min", low=0, high=600,
        effect="More minutes make large habitats dearer to treat.",
    )
