"""How firm the choice of wells is, as tables, figures and words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.optimise.cover import capacitated_cover
from gis_planner.problems import Finding, Severity
from gis_planner.programmes.people import Ints
from gis_planner.programmes.robust.acceptability import Weights
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Future, draw_futures, stated
from gis_planner.programmes.robust.ranks import CRITERIA, LABELS, Ranks, ranks
from gis_planner.programmes.robust.sets import SetsOverFutures, sets_over_futures
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.robust.tornado import Factor, tornado
from gis_planner.programmes.robust.value import choose_again, expected_people, scene, worth
from gis_planner.programmes.wells.firm_case import Solved, case_of, doubts_of
from gis_planner.programmes.wells.firm_surveys import survey_table
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.words import whole
from gis_planner.programmes.world import World
from gis_planner.tables.plan import Figure, Words

COLUMNS = ("top_share", "chosen_share", "rank_low", "rank_high", "regret_chosen", "firm_en", "firm_fr")
AGAIN_IN = ("most_people", "worst_off")
"""Aims under which the choice can be made again in a future; village by village it cannot."""


@dataclass(frozen=True)
class Firmness:
    """columns: rows of the wells table by action_id. tables by name; figures; what the planner must know."""

    columns: pd.DataFrame
    tables: dict[str, gpd.GeoDataFrame | pd.DataFrame] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()


def without(ids: np.ndarray) -> Firmness:
    """No firmness: every column missing."""
    return Firmness(pd.DataFrame({name: np.full(len(ids), None, object) for name in COLUMNS}, index=ids))


def firmness(
    world: World, settings: WellsSettings, firm: FirmSettings, solved: Solved, ranked: Ints, origin: str
) -> Firmness:
    """Draw futures, rank, choose again, and say which doubts and surveys matter. ranked: the plan in order of rank."""
    case = case_of(world, settings, solved, ranked)
    doubts = doubts_of(world, firm, case, solved.points)
    futures = draw_futures(case, doubts, firm.futures, world.seed)
    ids = solved.actions["action_id"].to_numpy(str)
    order = ranks(case, futures, count=len(ranked), weights=_weights(firm), draws=firm.draws, seed=world.seed)
    tables: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "wells_ranks": _rank_rows(order, ids, ranked, origin), "wells_weights": _weight_rows(order, ids, origin)}
    if settings.equity not in AGAIN_IN:
        return Firmness(_columns(order, None, ids, firm), tables, findings=(_not_again(), _assumed(firm)))
    sets = sets_over_futures(case, futures[: firm.resolved])
    tables["wells_tornado"] = _tornado_rows(tornado(case, doubts), origin)
    tables["surveys"] = survey_table(world, settings, firm, solved, case, doubts, order, origin)
    return Firmness(_columns(order, sets, ids, firm), tables, _figures(world, firm, case, futures, sets, ranked),
                    (_assumed(firm),))


def _weights(firm: FirmSettings) -> Weights:
    if not firm.weights:
        return "all"
    given = {str(one.criterion): (one.low, one.high) for one in firm.weights}
    return np.array([given.get(str(name), (0.0, 1.0)) for name in CRITERIA], np.float64)


def _columns(order: Ranks, sets: SetsOverFutures | None, ids: np.ndarray, firm: FirmSettings) -> pd.DataFrame:
    table = pd.DataFrame({
        "top_share": order.top_share.round(4), "chosen_share": np.nan, "rank_low": order.low, "rank_high": order.high,
        "regret_chosen": None}, index=ids)
    if sets is not None:
        table["chosen_share"] = sets.chosen_share.round(4)
        table["regret_chosen"] = np.isin(np.arange(len(ids)), sets.sets[sets.least_regret])
    words = [_words(order, sets, at, firm) for at in range(len(ids))]
    table["firm_en"], table["firm_fr"] = [pair[0] for pair in words], [pair[1] for pair in words]
    return table


def _words(order: Ranks, sets: SetsOverFutures | None, at: int, firm: FirmSettings) -> tuple[str, str]:
    top = f"{order.top_share[at] * 100:.0f} %"
    english = f"In the top {order.count} in {top} of draws"
    french = f"Parmi les {order.count} premiers dans {top} des tirages"
    if sets is None:
        return f"{english}.", f"{french}."
    kept = f"{sets.chosen_share[at] * 100:.0f} %"
    return (f"{english}; in the plan in {kept} of {firm.resolved} futures.",
            f"{french} ; dans le plan dans {kept} de {firm.resolved} futurs.")


def _rank_rows(order: Ranks, ids: np.ndarray, ranked: Ints, origin: str) -> pd.DataFrame:
    """Shares of ranks up to twice the plan's size, of the chosen and of actions in the top in 5 % of draws or more."""
    some = np.union1d(ranked, np.flatnonzero(order.top_share >= 0.05))
    shares = order.robustness.acceptability[some]
    row, column = np.nonzero(shares)
    return pd.DataFrame({"action_id": ids[some[row]], "rank": column + 1, "share": shares[row, column].round(4),
                         "origin": origin})


def _weight_rows(order: Ranks, ids: np.ndarray, origin: str) -> pd.DataFrame:
    """Central weights of the actions that are first in 1 % of draws or more."""
    central, first = order.robustness.central_weights, order.robustness.acceptability[:, 0]
    rows = [
        {"action_id": ids[at], "criterion": name, "label_en": LABELS[name][0], "label_fr": LABELS[name][1],
         "central_weight": round(float(central[at, column]), 4), "origin": origin}
        for at in np.flatnonzero(first >= 0.01) for column, name in enumerate(CRITERIA)]
    return pd.DataFrame(rows, columns=["action_id", "criterion", "label_en", "label_fr", "central_weight", "origin"])


def _tornado_rows(bars: list[Factor], origin: str) -> pd.DataFrame:
    return pd.DataFrame([
        {"factor_id": bar.factor_id, "label_en": bar.label_en, "label_fr": bar.label_fr,
         "low_value": round(bar.low, 4), "high_value": round(bar.high, 4), "people_low": round(bar.people_low, 1),
         "people_high": round(bar.people_high, 1), "best_low": round(bar.best_low, 1),
         "best_high": round(bar.best_high, 1), "sites_changed": bar.sites_changed, "origin": origin} for bar in bars])


def _figures(
    world: World, firm: FirmSettings, case: Case, futures: list[Future], sets: SetsOverFutures, ranked: Ints
) -> tuple[Figure, ...]:
    people = [expected_people(case, scene(case, future), case.chosen) for future in futures]
    low, high = np.quantile(people, [0.05, 0.95])
    plain = scene(case, stated(case))
    start = replace(case, chosen=case.required)
    fast, exact = (worth(case, plain, one) for one in (choose_again(start, plain, start.chosen), case.chosen))
    rows = [
        ("expected_low", Words("Expected to gain a place, 5 % of futures less",
                               "Devraient gagner une place, 5 % des futurs moins"), float(low), "people"),
        ("expected_high", Words("The same, 5 % of futures more", "De même, 5 % des futurs plus"),
         float(high), "people"),
        ("firm_actions", Words("Chosen actions that four futures in five choose again",
                               "Actions retenues que quatre futurs sur cinq retiennent"),
         float((sets.chosen_share[ranked] >= 0.8).sum()), "actions"),
        ("regret", Words("Greatest regret of the plan over the futures", "Plus grand regret du plan sur les futurs"),
         sets.regret_of_plan, "people"),
        ("least_regret", Words("Greatest regret of the set of least regret",
                               "Plus grand regret de l'ensemble de moindre regret"), sets.least, "people"),
        ("fast_below", Words("How far the fast choice from nothing stays below the solver, as stated",
                             "De combien le choix rapide depuis rien reste sous le solveur, tel qu'indiqué"),
         100 * max(1 - fast / exact, 0.0) if exact > 0 else 0.0, "%"),
    ]
    gap = proven_gap(case, futures[: min(firm.proven, firm.resolved)], world.effort, world.seed)
    if gap is not None:
        rows.append(("again_below", Words("How far a set chosen again stays below the solver's bound, mean",
                                          "De combien un choix refait reste sous la borne du solveur, moyenne"),
                     100 * gap, "%"))
    return tuple(Figure(f"wells.{key}", "wells", label, round(value, 2), unit) for key, label, value, unit in rows)


def proven_gap(case: Case, futures: list[Future], effort: float, seed: int) -> float | None:
    """Mean relative distance of the sets chosen again from the exact solver's bound in these futures; None without any.

    People are rounded to whole ones for the solver.
    """
    gaps = []
    for future in futures:
        here = scene(case, future)
        again = worth(case, here, choose_again(case, here, case.chosen))
        reach = case.minutes.copy()
        limit = max((case.trip_min - case.queue_min * future.queue) / 2, 0.0) * future.speed
        reach.data = np.where(reach.data <= limit + 1e-9, reach.data, 0.0)
        reach.eliminate_zeros()
        idle = np.flatnonzero(here.success <= 0)
        if reach.nnz == 0 or here.unserved.sum() < 1:
            continue
        plan = capacitated_cover(
            reach, np.rint(here.unserved).astype(np.int64), np.maximum(case.capacity, 1).astype(np.int64),
            cost=here.cost, budget=case.budget, success=np.maximum(here.success, 1e-9), weight=case.weights,
            exclusive=case.rivals, required=[int(at) for at in case.required if at not in idle],
            excluded=np.union1d(case.excluded, np.setdiff1d(idle, case.required)).tolist(), effort=effort, seed=seed)
        if plan.bound > 0:
            gaps.append(max(1 - again / plan.bound, 0.0))
    return float(np.mean(gaps)) if gaps else None


def _assumed(firm: FirmSettings) -> Finding:
    return Finding(
        "firmness-assumed", Severity.NOTE, f"{firm.futures} futures, {whole(firm.draws)} weighings, drawn",
        "how firm the choice is, from stated doubts",
        "Drawn at once: people, statuses of unknown points, prices, success, walking speed and queue, within the "
        "ranges of the norms named in [firm]; half of the doubt about people is shared by all villages; places of one "
        "village share their luck with water, villages do not. Sets are chosen again by a fast search; "
        "wells.fast_below says how near it comes to the solver as stated.",
        "Tirés ensemble : habitants, états des points inconnus, prix, succès, vitesse de marche et attente, dans les "
        "bornes des normes nommées dans [firm] ; la moitié du doute sur les habitants est commune aux villages ; les "
        "lieux d'un village partagent leur chance d'eau, les villages non. Les choix sont refaits par une recherche "
        "rapide ; wells.fast_below dit de combien elle reste sous le solveur tel qu'indiqué.", field="firm")


def _not_again() -> Finding:
    return Finding(
        "firmness-partial", Severity.NOTE, "the least served village first", "an aim that a future can be chosen for",
        "Only ranks are drawn: village by village, the choice is not made again in each future.",
        "Seuls les rangs sont tirés : village par village, le choix n'est pas refait dans chaque futur.",
        field="wells.equity")


