"""Chance of water by hydrogeological class: each class has its own prior (a norm row) and is moved by its own holes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gis_planner.problems import refused
from gis_planner.programmes.groundwater.success import SuccessBelief, success_belief
from gis_planner.spatial._arrays import metric_pair
from gis_planner.standards.book import NormBook

Floats = npt.NDArray[np.float64]

CLASS_NORM = "drilling.success_class."


def class_norm_id(name: str) -> str:
    """The id of a class's norm: `Fractured schist` is `drilling.success_class.fractured_schist`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return CLASS_NORM + re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def class_priors(names: Sequence[str], book: NormBook, other: object) -> tuple[dict[str, object], tuple[str, ...]]:
    """Prior of each class from the book (recorded as cited), `other` for classes without a row, and those classes."""
    priors, without = dict[str, object](), []
    for name in sorted(set(names)):
        row = class_norm_id(name)
        if name and row in book.norms:
            book.value(row, "share")
            priors[name] = book.norm(row)
        else:
            priors[name] = other
            if name:
                without.append(name)
    return priors, tuple(without)


def class_at(classes: Sequence[str], xy_m: npt.ArrayLike, at_xy_m: npt.ArrayLike) -> list[str]:
    """Class of the nearest hole of known class, for each place; empty without any (the region's prior is used)."""
    holes, places = metric_pair(xy_m, "xy_m", at_xy_m, "at_xy_m")
    known = np.array([bool(name) for name in classes], bool)
    if not known.any() or not len(places):
        return [""] * len(places)
    named = [name for name in classes if name]
    return [named[at] for at in cKDTree(holes[known]).query(places)[1]]


def belief_by_class(
    outcomes: npt.ArrayLike, xy_m: npt.ArrayLike, classes: Sequence[str], at_xy_m: npt.ArrayLike,
    at_classes: Sequence[str], *, priors: Mapping[str, object], seed: int = 0,
) -> SuccessBelief:
    """Belief at each place from the prior and the holes of its class; holes of unknown class ("") count for every one.

    outcomes (n,), classes (n,): as drilled; at_classes (m,): "" is a place of unknown class, moved by all holes.
    priors: by class, "" for the unknown. Refused: a class without a prior, tables of different length.
    """
    holes, places = metric_pair(xy_m, "xy_m", at_xy_m, "at_xy_m")
    if len(classes) != len(holes) or len(at_classes) != len(places):
        raise refused("groundwater-classes", field="classes", found=f"{len(classes)} and {len(at_classes)} classes",
                      expected=f"{len(holes)} for the holes and {len(places)} for the places",
                      remedy="Give one class per hole and per place, empty when unknown.",
                      remedy_fr="Donnez une classe par forage et par lieu, vide si inconnue.")
    drilled, wanted, wet = np.array(classes, object), np.array(at_classes, object), np.asarray(outcomes)
    alpha, beta, told = np.empty(len(places)), np.empty(len(places)), dict[str, object]()
    for name in sorted(set(at_classes)):
        if name not in priors:
            raise refused("groundwater-classes", field="priors", found=f"no prior for class {name!r}",
                          expected="a prior for every class of ground",
                          remedy=f"Add a norm row {class_norm_id(name)} with its source.",
                          remedy_fr=f"Ajoutez une ligne {class_norm_id(name)} avec sa source.")
        counts = np.ones(len(holes), bool) if not name else (drilled == name) | (drilled == "")
        here = wanted == name
        part = success_belief(wet[counts], holes[counts], places[here], prior=priors[name], seed=seed)
        alpha[here], beta[here], told[name] = part.alpha, part.beta, part.told["said"]
    return SuccessBelief(alpha, beta, {"method": "by class", "holes": len(holes), "by_class": told})
