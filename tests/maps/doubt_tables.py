"""Small tables of doubt, as the programmes give them: rungs of the ladder, draws, a tornado, a front, surveys."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd

from gis_planner.tables.plan import Plan, Step


def _villages(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    people, today, after = (rows[key].astype(float) for key in ("people", "served_today", "served_after"))
    left, later = people - today, people - after
    rungs = {
        "basic_today": today, "limited_today": left * 0.5, "unimproved_today": left * 0.25,
        "surface_today": left * 0.125, "unknown_today": left * 0.125, "basic_after": after,
        "limited_after": later * 0.5, "unimproved_after": later * 0.25, "surface_after": later * 0.125,
        "unknown_after": later * 0.125,
    }
    return rows.assign(**rungs, round_trip_min_today=48.0, round_trip_min_after=22.0, basic_low=today * 0.9,
                       basic_high=today * 1.1)


def _wells(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shares = [(0.95, 0.7, 0.3)[at % 3] if taken else 0.01 for at, taken in enumerate(rows["chosen"])]
    return rows.assign(top_share=shares, rank_low=1, rank_high=9, success_low=0.5, success_high=0.9,
                       regret_chosen=[share > 0.9 for share in shares])


def with_doubt(plan: Plan) -> Plan:
    """The plan with every table and column of doubt; each rank of a place has a share of 1/4 over four ranks."""
    villages, wells = _villages(plan.results["villages"]), _wells(plan.results["wells"])
    ids = wells.loc[wells["chosen"], "action_id"].astype(str).tolist()
    origin = {"origin": "simulated"}
    ranks = pd.DataFrame([origin | {"action_id": key, "rank": at + step, "share": 0.25}
                          for at, key in enumerate(ids, start=1) for step in range(4)])
    weights = pd.DataFrame([origin | {"action_id": key, "criterion": name, "label_en": en, "label_fr": fr,
                                      "central_weight": weight} for key in ids
                            for name, en, fr, weight in (
                                ("people_expected", "people gained", "habitants gagnés", 0.75),
                                ("cost_fcfa", "cost", "coût", 0.25))])
    tornado = pd.DataFrame([
        {"factor_id": "people", "label_en": "People counted", "label_fr": "Habitants comptés", "low_value": 0.8,
         "high_value": 1.2, "people_low": 300.0, "people_high": 900.0, "best_low": 310.0,
         "best_high": 910.0, "sites_changed": 2} | origin,
        {"factor_id": "cost", "label_en": "Cost of a borehole", "label_fr": "Coût d'un forage", "low_value": 5e6,
         "high_value": 9e6, "people_low": 500.0, "people_high": 600.0, "best_low": 510.0,
         "best_high": 610.0, "sites_changed": 1} | origin,
    ])
    front = pd.DataFrame([
        origin | {"point": at + 1, "aim": aim, "people_expected": 600.0 - 100 * at, "person_min_saved_day": 9000.0,
         "worst_village_share": 0.2 + 0.1 * at, "cost_fcfa": 1e7, "sites": " ".join(ids[:3])}
        for at, aim in enumerate(("most_people", "worst_off", "half_the_money"))])
    first = villages.iloc[0]
    surveys = pd.DataFrame([{
        "rank": 1, "survey_id": "SUR-1", "kind": "status_visit", "place_id": "WP0001",
        "village_id": first["village_id"], "village": first["village"], "cost_fcfa": 25_000.0, "gain_people": 40.0,
        "gain_per_million_fcfa": 1600.0, "reason_en": "Its state decides two places.",
        "reason_fr": "Son état décide de deux lieux.", "latitude": float(first["latitude"]),
        "longitude": float(first["longitude"]), "origin": "estimated"}])
    own = plan.curves.get("wells", ())
    curves = {**plan.curves, "wells_top_n": tuple(Step(step.cost_fcfa, step.people * 0.75, step.label) for step in own),
              "wells_top_n_claimed": tuple(Step(step.cost_fcfa, step.people * 1.5, step.label) for step in own)}
    return dataclasses.replace(plan, curves=curves, results={
        **plan.results, "villages": villages, "wells": wells, "wells_ranks": ranks, "wells_weights": weights,
        "wells_tornado": tornado, "wells_front": front, "surveys": surveys})
