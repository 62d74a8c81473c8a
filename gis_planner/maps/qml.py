"""A layer's look as QGIS reads it: a QML style, for the `layer_styles` table of a GeoPackage."""

from __future__ import annotations

from gis_planner.maps.safe import xml
from gis_planner.maps.symbols import Symbol
from gis_planner.tables.column import Geometry

_TYPES = {"point": "marker", "line": "line", "polygon": "fill", "raster": "fill", "none": "marker"}


def qml(symbol: Symbol, geometry: Geometry, lang: str = "en") -> str:
    """The style of one layer as a QML document (QGIS 3)."""
    if symbol.by:
        categories = "".join(
            f'<category render="true" symbol="{index}" value="{xml(look.value)}"'
            f' label="{xml(look.words.in_lang(lang))}"/>'
            for index, look in enumerate(symbol.looks)
        )
        drawn = "".join(_symbol(symbol, look.colour, geometry, index) for index, look in enumerate(symbol.looks))
        renderer = (
            f'<renderer-v2 type="categorizedSymbol" attr="{xml(symbol.by)}" enableorderby="0" forceraster="0">'
            f"<categories>{categories}</categories><symbols>{drawn}</symbols></renderer-v2>"
        )
    else:
        renderer = (
            '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0">'
            f"<symbols>{_symbol(symbol, symbol.colour, geometry, 0)}</symbols></renderer-v2>"
        )
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">'
        f'<qgis version="3.22" styleCategories="Symbology|Labeling">{renderer}{_labels(symbol)}</qgis>'
    )


def _symbol(symbol: Symbol, colour: str, geometry: Geometry, index: int) -> str:
    kind = _TYPES[geometry]
    fill, edge = _rgba(colour), _rgba("333333")
    if kind == "marker":
        layer = _layer("SimpleMarker", {
            "name": symbol.shape, "color": fill, "outline_color": edge, "outline_width": "0.25",
            "size": f"{symbol.size_mm:g}", "size_unit": "MM", "outline_width_unit": "MM",
        })
    elif kind == "line":
        layer = _layer("SimpleLine", {
            "line_color": fill, "line_width": f"{symbol.width_mm:g}", "line_width_unit": "MM", "joinstyle": "round",
            "capstyle": "round",
        })
    else:
        layer = _layer("SimpleFill", {
            "color": fill, "style": "no" if symbol.hollow else "b_diagonal", "outline_color": fill,
            "outline_width": f"{symbol.width_mm:g}", "outline_width_unit": "MM",
        })
    return f'<symbol type="{kind}" name="{index}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _layer(name: str, options: dict[str, str]) -> str:
    """One symbol layer, its options in both notations (`prop` until QGIS 3.26, `Option` since)."""
    props = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in options.items())
    maps = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in options.items())
    return (
        f'<layer class="{name}" enabled="1" locked="0" pass="0"><Option type="Map">{maps}</Option>{props}</layer>'
    )


def _labels(symbol: Symbol) -> str:
    if not symbol.label:
        return ""
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style fieldName="{xml(symbol.label)}"'
        ' fontSize="8" fontSizeUnit="Point" textColor="34,34,34,255" fontFamily="DejaVu Sans">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/>'
        '</text-style><placement placement="6" dist="1" distUnits="MM"/></settings></labeling>'
    )


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at:at + 2], 16)) for at in (0, 2, 4)) + ",255"
