"""How a setting is declared: strict, frozen, described in two languages, with its unit, range and norm.

A setting that stands for a field norm takes a number or the id of a norm; one that stands for a price takes a number
or the id of a row of the region's `costs` layer.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

NormValue = Annotated[float | str, "a number, or the id of a norm"]
Price = Annotated[float | str, "FCFA, or the id of a row of the costs layer"]
MaybePrice = Annotated[float | str | None, "FCFA, or the id of a row of the costs layer"]
"""A price of something that is offered only when its price is stated."""


class Settings(BaseModel):
    """Base of every settings model: unknown keys are refused and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


def setting(
    default: Any = ..., *, en: str, fr: str, unit: str = "", low: float | None = None, high: float | None = None,
    effect: str = "", factory: Any = None,
) -> Any:
    """Declare one setting: meaning in English and French, unit, inclusive range, and what a default changes.

    Without `default` or `factory` the scenario must state it. The range also holds for the value of a norm.
    """
    extra = {"unit": unit, "meaning_fr": fr, "low": low, "high": high, "effect": effect}
    shown: dict[str, Any] = {"description": en, "json_schema_extra": extra}
    if factory is not None:
        return Field(default_factory=factory, **shown)
    return Field(default, **shown)


def limits(model: type[BaseModel], name: str) -> tuple[float | None, float | None]:
    """The inclusive range declared for a setting."""
    extra = model.model_fields[name].json_schema_extra
    if not isinstance(extra, dict):
        return None, None
    low, high = extra.get("low"), extra.get("high")
    return (
        float(low) if isinstance(low, int | float) else None,
        float(high) if isinstance(high, int | float) else None,
    )
