"""Where a village really is: gazetteer points reconciled with what stands there."""

from gis_planner.layers.places.findings import reconcile_layers
from gis_planner.layers.places.moving import reconcile

__all__ = ["reconcile", "reconcile_layers"]
