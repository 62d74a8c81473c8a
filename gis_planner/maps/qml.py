"""A layer's look as QGIS and QField read it: the style of the maps as QML, for `layer_styles` of a GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gis_planner.maps.safe import xml
from gis_planner.maps.style import LayerStyle, Style
from gis_planner.maps.words import layer_word
from gis_planner.tables.column import Geometry

MM_PER_PX = 0.2
"""The style gives sizes in pixels of the web map; on a desk or phone map a pixel of it is this many mm."""

_TYPES = {"point": "marker", "line": "line", "polygon": "fill", "raster": "fill", "none": "marker"}
_SHAPES = {"cross": "cross2", "plus": "cross_fill", "house": "pentagon", "ring": "circle"}
_PLAIN_COLOUR = "#777777"


def looks_of(style: Style, of: str) -> list[LayerStyle]:
    """The layers of the style that draw a table (`results.wells`, `base.roads`); one plain look when it has none."""
    found = [look for look in style.layers if look.of == of]
    return found or [LayerStyle(key=of.partition(".")[2], of=of, colour=_PLAIN_COLOUR, size=8, width=1.5)]


def qml(looks: Sequence[LayerStyle], geometry: Geometry, lang: str = "en") -> str:
    """The style of one table as a QML document (QGIS 3): a rule for each look, and labels where a look has one."""
    rules = "".join(
        f'<rule key="r{at}" symbol="{at}" label="{xml(layer_word(look.key, lang))}"'
        f' filter="{xml(_filter(look.where))}"/>' for at, look in enumerate(looks)
    )
    symbols = "".join(_symbol(look, geometry, at) for at, look in enumerate(looks))
    label = next((look.label for look in looks if look.label), "")
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">'
        '<qgis version="3.22" styleCategories="Symbology|Labeling">'
        '<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">'
        f'<rules key="root">{rules}</rules><symbols>{symbols}</symbols></renderer-v2>{_labels(label)}</qgis>'
    )


def _filter(where: Mapping[str, Any]) -> str:
    """The rows that a look draws, as a QGIS expression; empty for every row."""
    tests = []
    for column, value in where.items():
        name = f'"{column}"'
        if isinstance(value, bool):
            tests.append(name if value else f"NOT {name}")
        else:
            quoted = str(value).replace("'", "''")
            tests.append(f"{name} = '{quoted}'")
    return " AND ".join(tests)


def _symbol(look: LayerStyle, geometry: Geometry, at: int) -> str:
    kind = _TYPES[geometry]
    width = f"{max(look.width * MM_PER_PX, 0.2):g}"
    if kind == "marker":
        hollow = look.shape == "ring"
        name, options = "SimpleMarker", {
            "name": _SHAPES.get(look.shape, look.shape), "color": _rgba(look.colour, 0.0 if hollow else 1.0),
            "outline_color": _rgba(look.colour if hollow else "#ffffff"), "outline_width": "0.6" if hollow else "0.25",
            "outline_width_unit": "MM", "size": f"{max(look.size * MM_PER_PX, 1.0):g}", "size_unit": "MM",
        }
    elif kind == "line":
        name, options = "SimpleLine", {
            "line_color": _rgba(look.colour), "line_width": width, "line_width_unit": "MM", "joinstyle": "round",
            "capstyle": "flat" if look.dash else "round", "line_style": "dash" if look.dash else "solid",
        }
    else:
        name, options = "SimpleFill", {
            "color": _rgba(look.colour, look.fill), "style": "solid" if look.fill else "no",
            "outline_color": _rgba(look.colour), "outline_width": width, "outline_width_unit": "MM",
            "outline_style": "dash" if look.dash else "solid",
        }
    return (
        f'<symbol type="{kind}" name="{at}" alpha="1" clip_to_extent="1" force_rhr="0">{_layer(name, options)}</symbol>'
    )


def _layer(name: str, options: Mapping[str, str]) -> str:
    """One symbol layer, its options in both notations (`prop` until QGIS 3.26, `Option` since)."""
    props = "".join(f'<prop k="{key}" v="{xml(value)}"/>' for key, value in options.items())
    maps = "".join(f'<Option type="QString" name="{key}" value="{xml(value)}"/>' for key, value in options.items())
    return f'<layer class="{name}" enabled="1" locked="0" pass="0"><Option type="Map">{maps}</Option>{props}</layer>'


def _labels(column: str) -> str:
    if not column:
        return ""
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style fieldName="{xml(column)}"'
        ' fontSize="8" fontSizeUnit="Point" textColor="34,34,34,255" fontFamily="DejaVu Sans">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/>'
        '</text-style><placement placement="6" dist="1" distUnits="MM"/></settings></labeling>'
    )


def _rgba(colour: str, opacity: float = 1.0) -> str:
    """`#rrggbb` as QGIS writes colours: red, green, blue, opacity, each to 255."""
    digits = colour.lstrip("#")
    return ",".join(str(int(digits[at:at + 2], 16)) for at in (0, 2, 4)) + f",{round(opacity * 255)}"
