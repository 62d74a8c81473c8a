"""folium, tamed: its map object and controls with fixed element ids, none of its addresses, no data text through it.

folium names elements at random, loads its scripts from other hosts and compiles text twice. Here the map gets the id
it is told, only its own `L.map(...)` call is taken from what it renders, and layers come from the page's JSON.
"""

from __future__ import annotations

from typing import Any

import folium
from folium.template import Template

from gis_planner.crs import Frame
from gis_planner.maps.safe import Html, slug
from gis_planner.maps.web.elements import el


class PlanLayers(folium.MacroElement):
    """The plan's layers as a folium element: hands the map to the page's own script, which reads the JSON by id."""

    _template = Template(
        "{% macro script(this, kwargs) %}planMap({{ this._parent.get_name() }}, {{ this.data_id|tojson }});"
        "{% endmacro %}")

    def __init__(self, data_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlanLayers"
        self._id = slug(data_id)
        self.data_id = slug(data_id)


def folium_map(frame: Frame, map_id: str, data_id: str, label: str) -> tuple[Html, str]:
    """(element, script) of one map. map_id: id of its element; data_id: id of the JSON; label: what it shows."""
    longitude, latitude = frame.centre
    base = folium.Map(
        location=[latitude, longitude], tiles=None, zoom_start=10, control_scale=True, zoom_control=False,
        attributionControl=False, zoomSnap=0.25, fadeAnimation=False,
    )
    base._id = slug(map_id).replace("-", "")
    root: Any = base.get_root()
    root._id = base._id
    PlanLayers(data_id).add_to(base)
    root.render()
    script = "".join(child.render() for child in root.script._children.values())
    return el("div", id=base.get_name(), class_="map", role="application", aria_label=label), script
