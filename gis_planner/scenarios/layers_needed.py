"""Which layers the programmes of a scenario need, which help, and what the lack of one changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gis_planner.problems import Problems, Refused, Severity
from gis_planner.programmes.larviciding import plan as larviciding
from gis_planner.programmes.latrines import plan as latrines
from gis_planner.programmes.nets import plan as nets
from gis_planner.programmes.wells import plan as wells
from gis_planner.programmes.world import prices_of
from gis_planner.scenarios.checked import Checked
from gis_planner.scenarios.settings import known_settings, value_at
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.layer import Region

NEEDS: Mapping[str, tuple[str, ...]] = {
    "wells": wells.NEEDS, "latrines": latrines.NEEDS, "nets": nets.NEEDS, "larviciding": larviciding.NEEDS,
}
HELPED_BY: Mapping[str, Mapping[str, str]] = {
    "wells": wells.HELPED_BY, "latrines": latrines.HELPED_BY, "nets": nets.HELPED_BY,
    "larviciding": larviciding.HELPED_BY,
}
DRAWN = ("communes", "roads", "streams", "schools", "health_posts", "zones", "depots")


def kinds_for(programmes: Iterable[str]) -> set[str]:
    """Every kind that these programmes read, and those that maps draw beneath."""
    kinds = set(DRAWN)
    for name in programmes:
        kinds |= {*NEEDS[name], *HELPED_BY[name]}
    return kinds


def check_layers(
    region: Region, programmes: Iterable[str], catalog: str, refused: set[str], problems: Problems
) -> None:
    """A needed layer that is absent or empty is refused, one that would help is noted with the effect.

    refused: kinds that were in the catalogue and are already refused (said once only).
    """
    for name in programmes:
        for kind in NEEDS[name]:
            if kind in refused:
                continue
            if not region.has(kind):
                problems.add(
                    "layer-missing", Severity.REFUSE, found=f"no layer {kind}", file=catalog, field=kind,
                    expected=f"a layer {kind} for the programme {name}",
                    remedy=f"Add [layers.{kind}] to the catalogue, or leave {name} out of `run`.",
                    remedy_fr=f"Ajoutez [layers.{kind}] au catalogue, ou retirez {name} de `run`.")
            elif INPUTS[kind].geometry != "raster" and region.rows(kind).empty:
                problems.add(
                    "layer-empty", Severity.REFUSE, found=f"{kind} has no row", file=region.layers[kind].used.file,
                    field=kind, expected=f"rows of {kind} for the programme {name}",
                    remedy=f"Fill the layer, or leave {name} out of `run`.",
                    remedy_fr=f"Remplissez la couche, ou retirez {name} de `run`.")
        for kind, effect in HELPED_BY[name].items():
            if not region.has(kind) and kind not in refused:
                problems.add("layer-absent", Severity.NOTE, found=f"no layer {kind}", field=kind, file=catalog,
                             expected=f"{kind}, which helps the programme {name}", remedy=f"Without it {effect}.",
                             remedy_fr="Sans elle, le plan est moins précis.")


def check_prices(checked: Checked, region: Region, programmes: Iterable[str], problems: Problems) -> None:
    """A price that names a row which the costs layer lacks is refused, all of them at once."""
    prices = prices_of(region)
    for known in known_settings():
        value = value_at(checked.settings, known.key)
        if known.is_price and isinstance(value, str) and known.key.split(".")[0] in (*programmes, "firm"):
            try:
                prices.value(value, known.key)
            except Refused as error:
                problems.extend(error.findings)
