"""The name of a coordinate reference system as files write it, to a CRS; never a link, a file or a network look-up."""

from __future__ import annotations

import re

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis_planner.crs import STORE
from gis_planner.layers.report import Report

_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{1,7})", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:)?OGC:(?:[\d.]*:)?CRS84h?|CRS84|WGS ?84", re.IGNORECASE)
_WKT = re.compile(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|BOUNDCRS|COMPD_?CRS|COMPOUNDCRS|GEODETICCRS|"
                  r"PROJECTEDCRS)"
                  r"\s*[\[(]", re.IGNORECASE)


def crs_of(name: object, report: Report, field: str = "crs") -> CRS:
    """The CRS of a name such as `EPSG:32629`, `urn:ogc:def:crs:OGC:1.3:CRS84`, or WKT; raises `Refused`."""
    text = str(name if name is not None else "").strip()
    if not text:
        raise report.stop("crs-missing", found="no coordinate reference system", field=field)
    if _CRS84.fullmatch(text):
        return STORE
    code = _EPSG.fullmatch(text) or re.fullmatch(r"(\d{4,6})", text)
    found = None
    try:
        if code:
            found = CRS.from_epsg(int(code.group(1)))
        elif _WKT.match(text) and len(text) < 20_000:
            found = CRS.from_wkt(text)
    except CRSError:
        pass
    if found is None:
        raise report.stop("crs-unknown", found=f"crs {text[:80]}", field=field)
    if not (found.is_geographic or found.is_projected):
        raise report.stop("crs-unusable", found=f"{found.name}, which is no map coordinate system", field=field)
    return found
