"""The checks that every function over places and cells shares: shape, missing values, degrees where metres belong."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis_planner.problems import refused

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FAR_APART_M = 100_000.0


def numbers(values: npt.ArrayLike, what: str) -> Floats:
    """The values as float64; refuses text, gaps that are not nan, and rows of different lengths."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise refused(
            "numbers", field=what, found="values that are not numbers", expected="numbers, in rows of one length",
            remedy="Mend the values; a missing number is nan.",
            remedy_fr="Corrigez les valeurs ; un nombre manquant est nan.",
        ) from None


def places(xy_m: npt.ArrayLike, what: str) -> Floats:
    """(n, 2) float64 eastings and northings in metres; refuses another shape and missing coordinates."""
    xy = numbers(xy_m, what)
    if xy.size == 0:
        return np.zeros((0, 2))
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise refused(
            "coordinates-shape", field=what, found=f"an array of shape {xy.shape}", expected="(n, 2): x, y in metres",
            remedy="Give one row per place, easting first.",
            remedy_fr="Donnez une ligne par lieu, l'abscisse d'abord.",
        )
    faulty = ~np.isfinite(xy).all(axis=1)
    if faulty.any():
        raise refused(
            "coordinates-missing", field=what, row=f"place {int(np.argmax(faulty))}",
            found=f"{int(faulty.sum())} places without both coordinates", expected="finite metres",
            remedy="Complete or set aside the places without coordinates.",
            remedy_fr="Complétez ou écartez les lieux sans coordonnées.",
        )
    return np.ascontiguousarray(xy)


def _like_degrees(xy: Floats) -> bool:
    return bool(len(xy)) and bool((np.abs(xy[:, 0]) <= 180).all() and (np.abs(xy[:, 1]) <= 90).all())


def _degrees(what: str, example: Floats) -> Exception:
    return refused(
        "coordinates-degrees", field=what, found=f"({example[0]:.6g}, {example[1]:.6g}) and the rest within 180 and 90",
        expected="eastings and northings in metres",
        remedy="These look like degrees: convert with gis_planner.crs.project(longitude, latitude, crs) first; "
        "a local frame in metres may be shifted by 1,000.",
        remedy_fr="Ce sont des degrés, semble-t-il : convertissez avec gis_planner.crs.project d'abord.",
    )


def metric_places(xy_m: npt.ArrayLike, what: str) -> Floats:
    """`places`, and refuses coordinates that all look like degrees."""
    xy = places(xy_m, what)
    if _like_degrees(xy):
        raise _degrees(what, xy[0])
    return xy


def metric_pair(one_xy_m: npt.ArrayLike, one: str, two_xy_m: npt.ArrayLike, two: str) -> tuple[Floats, Floats]:
    """Two sets of places in one frame; refuses degrees in both, or in one while the other lies 100 km away."""
    first, second = places(one_xy_m, one), places(two_xy_m, two)
    first_degrees, second_degrees = _like_degrees(first), _like_degrees(second)
    if first_degrees and (second_degrees or not len(second)):
        raise _degrees(one, first[0])
    if second_degrees and not len(first):
        raise _degrees(two, second[0])
    if (first_degrees or second_degrees) and len(first) and len(second):
        gap = np.maximum(first.min(0) - second.max(0), second.min(0) - first.max(0))
        if gap.max() > FAR_APART_M:
            raise _degrees(one, first[0]) if first_degrees else _degrees(two, second[0])
    return first, second


def distance_limit(limit_m: float, what: str = "limit_m") -> float:
    """A finite distance of at least 0 m, else refused."""
    if not isinstance(limit_m, int | float | np.number) or not (np.isfinite(limit_m) and limit_m >= 0):
        raise refused(
            "distance", field=what, found=limit_m, expected="a distance in metres, 0 or more",
            remedy="Write the distance as a positive number of metres.",
            remedy_fr="Écrivez la distance en mètres, positive.",
        )
    return float(limit_m)


def surface(values: npt.ArrayLike, what: str) -> Floats:
    """A 2-D float64 raster; refuses another shape and an empty one. nan stays: missing is missing."""
    grid = numbers(values, what)
    if grid.ndim != 2 or grid.size == 0:
        raise refused(
            "raster-shape", field=what, found=f"an array of shape {grid.shape}", expected="rows x columns",
            remedy="Give one band as a two-dimensional array.", remedy_fr="Donnez une bande à deux dimensions.",
        )
    return grid


def cell_size(cell_m: float) -> float:
    """A cell size of more than 0 m, else refused; sizes under 0.05 are taken for degrees and refused."""
    if not (np.isfinite(cell_m) and cell_m >= 0.05):
        raise refused(
            "cell-size", field="cell_m", found=cell_m, expected="the side of a square cell in metres",
            remedy="A cell this small is in degrees or wrong: bring the raster onto a metric grid with "
            "spatial.resample.resample.",
            remedy_fr="Une cellule si petite est en degrés ou fausse : ramenez le raster sur une grille métrique.",
        )
    return float(cell_m)
