"""The only unit conversions of the package. A function's name is `<from>_to_<to>`; the units stand in full."""

from __future__ import annotations

SECONDS_PER_MINUTE = 60.0
METRES_PER_KM = 1000.0
SQUARE_METRES_PER_HECTARE = 10_000.0
LITRES_PER_CUBIC_METRE = 1000.0
GRAMS_PER_KILOGRAM = 1000.0
METRES_PER_FOOT = 0.3048


def kmh_to_m_per_min(speed_kmh: float) -> float:
    """Speed in km/h to metres per minute."""
    return speed_kmh * METRES_PER_KM / 60.0


def kmh_to_m_per_s(speed_kmh: float) -> float:
    """Speed in km/h to metres per second."""
    return speed_kmh * METRES_PER_KM / 3600.0


def minutes_to_seconds(minutes: float) -> float:
    """Minutes to seconds."""
    return minutes * SECONDS_PER_MINUTE


def seconds_to_minutes(seconds: float) -> float:
    """Seconds to minutes."""
    return seconds / SECONDS_PER_MINUTE


def hours_to_seconds(hours: float) -> float:
    """Hours to seconds."""
    return hours * 3600.0


def kg_to_g(kilograms: float) -> float:
    """Kilograms to grams."""
    return kilograms * GRAMS_PER_KILOGRAM


def m_to_km(metres: float) -> float:
    """Metres to kilometres."""
    return metres / METRES_PER_KM


def m2_to_hectares(area_m2: float) -> float:
    """Square metres to hectares."""
    return area_m2 / SQUARE_METRES_PER_HECTARE


def litres_to_m3(litres: float) -> float:
    """Litres to cubic metres."""
    return litres / LITRES_PER_CUBIC_METRE


def feet_to_m(feet: float) -> float:
    """International feet to metres."""
    return feet * METRES_PER_FOOT


def hours_to_minutes(hours: float) -> float:
    """Minutes in so many hours."""
    return hours * 60.0


def mm_on_hectares_to_m3(depth_mm: float, hectares: float) -> float:
    """Cubic metres of a depth of water over an area: 1 mm on 1 ha is 10 m3."""
    return depth_mm * hectares * 10.0
