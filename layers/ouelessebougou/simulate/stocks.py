"""Rain, depots, vehicles, crews and prices."""

from __future__ import annotations

from typing import Any

from layers.ouelessebougou.simulate.place import facts, to_degrees, town_xy

NETS_IN_STOCK = 13_500
FCFA_PER_EUR = 655.957
SIMULATED = "simulated; put your own price"


def rain() -> list[dict[str, Any]]:
    """Mean rain of each month."""
    return [{"month": month, "rain_mm": mm} for month, mm in enumerate(facts()["rain"]["mm"], start=1)]


def depots() -> list[dict[str, Any]]:
    """The warehouse and the field office, both in the town."""
    east, north = town_xy()
    rows = []
    for number, name, nets, x_m, y_m in (
        (1, "Magasin de Ouélessébougou", NETS_IN_STOCK, 250, -180), (2, "Bureau de terrain", None, -320, 140),
    ):
        longitude, latitude = to_degrees([[east + x_m, north + y_m]])[0]
        rows.append({"depot_id": f"DP{number:02d}", "name": name, "nets": nets, "longitude": longitude,
                     "latitude": latitude})
    return rows


def vehicles() -> list[dict[str, Any]]:
    """Kinds of vehicle, simulated."""
    names = ("vehicle_id", "name", "kind", "count", "capacity_bales", "speed_kmh", "rainy_speed_kmh",
             "cost_per_km_fcfa", "cost_per_day_fcfa")
    rows = (
        ("VH1", "Pick-up 4x4", "car", 2, 30, 35, 22, 250, 35_000),
        ("VH2", "Camion", "truck", 1, 120, 30, 15, 450, 60_000),
        ("VH3", "Moto", "motorbike", 4, 2, 28, 18, 60, 3_000),
        ("VH4", "À pied", "foot", 4, 0, 4.5, 4, 0, 0),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def crews() -> list[dict[str, Any]]:
    """Crews, simulated: three for nets, four for larviciding."""
    names = ("crew_id", "name", "programme", "vehicle_id", "depot_id", "people", "cost_per_day_fcfa")
    rows = (
        ("NC1", "Moustiquaires 1", "nets", "VH1", "DP01", 4, 30_000),
        ("NC2", "Moustiquaires 2", "nets", "VH1", "DP01", 4, 30_000),
        ("NC3", "Moustiquaires 3", "nets", "VH2", "DP01", 5, 37_500),
        ("LC1", "Larves 1", "larviciding", "VH3", "DP02", 2, 12_000),
        ("LC2", "Larves 2", "larviciding", "VH3", "DP02", 2, 12_000),
        ("LC3", "Larves 3", "larviciding", "VH3", "DP02", 2, 12_000),
        ("LC4", "Larves 4", "larviciding", "VH3", "DP02", 2, 12_000),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def costs() -> list[dict[str, Any]]:
    """Prices with their source."""
    eur = f"converted at {FCFA_PER_EUR} FCFA/EUR"
    rows = (
        ("new_borehole", round(12_500 * FCFA_PER_EUR), "borehole with pump that gives water",
         f"LACIM, page on Mali: 10,000-15,000 EUR, the middle, {eur}"),
        ("dry_hole", 3_500_000, "borehole that stays dry", SIMULATED),
        ("geophysics", 600_000, "site studied before drilling", SIMULATED),
        ("handpump", 1_125_000, "handpump replaced", "WaterAid and Hydroconseil 1998: 0.75-1.5 M FCFA; old"),
        ("repair_water_point", 450_000, "water point repaired", SIMULATED),
        ("upgrade_well", 2_400_000, "dug well lined and covered, with a pump", SIMULATED),
        ("manual_borehole", 3_000_000, "manually drilled borehole with pump that gives water", SIMULATED),
        ("manual_dry_hole", 900_000, "manually drilled hole that stays dry", SIMULATED),
        ("latrine_cabin", 250_000, "household or communal cabin", SIMULATED),
        ("school_latrine_cabin", 600_000, "school cabin", SIMULATED),
        ("net", 1_600, "insecticidal net", SIMULATED),
        ("larvicide_kg", 22_000, "kilogram of Bti water-dispersible granule", SIMULATED),
        ("crew_day", 30_000, "day of a crew of four", SIMULATED),
    )
    return [dict(zip(("cost_id", "value_fcfa", "per", "source"), row, strict=True)) for row in rows]
