"""FlatGeobuf, by GDAL's driver, under a name of our own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gis_planner.layers.gate import Source
from gis_planner.layers.raw import RawTable
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.gdal_vector import read_gdal
from gis_planner.layers.report import Report

_LEAST_BYTES = 12


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The features of a FlatGeobuf file."""
    if source.size <= _LEAST_BYTES:
        raise report.stop("driver-failed", found="a FlatGeobuf of its first bytes only (truncated)", field="file",
                          wanted="FlatGeobuf")
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "layer.fgb"
        link.symlink_to(source.path.absolute())
        return read_gdal(link, "FlatGeobuf", report)
