"""Every setting as it was used, who set it, and the norm or price behind it."""

from __future__ import annotations

from typing import Any

from gis_planner.programmes.world import Prices
from gis_planner.scenarios.checked import Checked
from gis_planner.scenarios.settings import Known, known_settings, value_at
from gis_planner.tables.plan import Assumption, NormCited, Words


def assumptions(checked: Checked, prices: Prices, programmes: tuple[str, ...]) -> tuple[Assumption, ...]:
    """One row per setting of the programmes that ran, in the order of the reference."""
    rows = []
    for known in known_settings():
        section = known.key.split(".")[0]
        firm = ("firm",) if "wells" in programmes else ()
        if "." in known.key and section not in ("people", "travel", *firm, *programmes):
            continue
        value = value_at(checked.settings, known.key)
        rows.append(_row(checked, prices, known, value))
    return tuple(rows)


def _row(checked: Checked, prices: Prices, known: Known, value: Any) -> Assumption:
    file = checked.merged.set_by.get(known.key)
    source = file.name if file else ""
    shown = _shown(value)
    if known.is_norm and isinstance(value, str):
        norm = checked.book.norm(value)
        shown, source = f"{norm.value:g}", f"{value}: {norm.citation()}"
    elif known.is_price and isinstance(value, str) and value in prices.rows:
        price, per, origin = prices.rows[value]
        shown, source = f"{price:g}", f"{value} ({per}): {origin}"
    effect = str(known.extra.get("effect", ""))
    return Assumption(
        known.key, Words(str(known.field.description), str(known.extra.get("meaning_fr", ""))), shown,
        str(known.extra.get("unit", "")), "scenario" if file else "default", source,
        Words(effect, effect) if effect else None,
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "village_id", getattr(item, "criterion", item))) for item in value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def norms_cited(checked: Checked) -> tuple[NormCited, ...]:
    """The norms that the run handed out."""
    return tuple(
        NormCited(norm.id, norm.value, norm.unit, norm.source, norm.edition, norm.section, norm.checked, norm.note)
        for norm in checked.book.cited()
    )
