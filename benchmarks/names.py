"""Names: villages of Mali joined to a copy spoiled by a seed, and the gazetteer joined to OpenStreetMap."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from benchmarks._common import SHARED, clock, peak_mb, write_results
from gis_planner.layers.names import match

SEED = 20
SPELLINGS: tuple[tuple[str, str], ...] = (
    ("BOUGOU", "BUGU"),
    ("OU", "U"),
    ("OU(?=[AEI])", "W"),
    ("DJ", "J"),
    ("DI(?=[AO])", "DJ"),
    ("DI(?=[AO])", "DY"),
    ("K(?=[AOU])", "C"),
    ("NI(?=A)", "NY"),
    ("NI(?=A)", "GN"),
    ("S(?=[AEIO])", "SS"),
    ("SS", "S"),
    ("TI(?=E)", "TCH"),
    ("^N(?=[DGKTZ])", "N'"),
    ("^M(?=[BP])", "M'"),
    ("-", " "),
    (" ", "-"),
    (" ", ""),
    ("E", "É"),
    ("OU", "O"),
    ("KOURA", "COURA"),
    ("MB", "NB"),
    ("Y", "I"),
    ("LL", "L"),
    ("GUE", "GE"),
    ("H", ""),
    (r" 1$", " I"),
    (r" 2$", " II"),
    (r"(\w)\1", r"\1"),
    ("A(?=N)", "AN"),
    ("O$", "OU"),
)


def spoiled(name: str, random: np.random.Generator) -> str:
    """A name as another hand writes it: one to three spellings exchanged, at times a letter mistyped."""
    for _ in range(int(random.integers(1, 4))):
        fits = [(a, b) for a, b in SPELLINGS if re.search(a, name)]
        if fits:
            a, b = fits[int(random.integers(len(fits)))]
            name = re.sub(a, b, name, count=1)
    if random.random() < 0.25 and len(name) > 5:
        at = int(random.integers(1, len(name) - 1))
        kind = int(random.integers(3))
        name = name[:at] + ("", name[at] * 2, "aeiou"[int(random.integers(5))].upper())[kind] + name[at + 1 :]
    return name.title() if random.random() < 0.5 else name


def world(real: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    """(left spoiled, right, true right label or -1, planted fault or empty) from the gazetteer."""
    random = np.random.default_rng(seed)
    right = real[random.random(len(real)) > 0.1].copy()
    left = real.copy()
    left["village"] = [spoiled(name, random) for name in left["village"]]
    off = random.rayleigh(1000 / 111_000, len(left))
    turn = random.uniform(0, 2 * np.pi, len(left))
    left["lon"] += off * np.cos(turn)
    left["lat"] += off * np.sin(turn)
    fault = pd.Series("", index=left.index)
    for _, group in left.groupby(["cercle", "commune"], sort=True):
        if len(group) >= 6 and random.random() < 0.2:
            a, b = random.choice(group.index, 2, replace=False)
            place = left.loc[[b, a], ["lon", "lat"]].to_numpy()
            left.loc[[a, b], ["lon", "lat"]] = place
            fault[[a, b]] = "places exchanged"
    twice = left.loc[random.choice(left.index[fault == ""], 120, replace=False)].copy()
    twice["village"] = [spoiled(real.loc[row, "village"], random) for row in twice.index]
    fault[twice.index] = "counted twice"
    truth = pd.Series(np.where(left.index.isin(right.index), left.index, -1), index=left.index)
    again = pd.Series("counted twice", index=len(real) + np.arange(len(twice)))
    truth = pd.concat([truth, truth[twice.index].set_axis(again.index)])
    left = pd.concat([left, twice.set_axis(again.index)])
    fault = pd.concat([fault, again])
    fault[truth < 0] = ""
    blank = random.random(len(left))
    left.loc[blank < 0.05, ["lon", "lat"]] = np.nan
    fault[(fault == "places exchanged") & left["lon"].isna()] = ""
    left.loc[(blank >= 0.05) & (blank < 0.1), "commune"] = None
    return left, right, truth, fault


def exact(left: pd.DataFrame, right: pd.DataFrame, by: list[str]) -> pd.Series:
    """A join on lower-case text, the first row of each."""
    fold = [right[column].str.lower() for column in by]
    table = pd.Series(right.index, index=pd.MultiIndex.from_arrays(fold))
    table = table[~table.index.duplicated()]
    keys = pd.MultiIndex.from_arrays([left[column].str.lower() for column in by])
    return pd.Series(table.reindex(keys).to_numpy(), index=left.index).fillna(-1).astype(int)


def by_difflib(left: pd.DataFrame, right: pd.DataFrame) -> pd.Series:
    """difflib's closest name within the commune, at least 0.8."""
    groups = {key: part["village"].str.lower() for key, part in right.groupby("commune")}
    out = {}
    for row, name, commune in zip(left.index, left["village"].str.lower(), left["commune"], strict=True):
        pool = groups.get(commune)
        near = difflib.get_close_matches(name, list(pool), n=1, cutoff=0.8) if pool is not None else []
        out[row] = int(pool.index[list(pool).index(near[0])]) if near else -1
    return pd.Series(out)


def by_rapidfuzz(left: pd.DataFrame, right: pd.DataFrame) -> pd.Series:
    """rapidfuzz's best ratio over the whole table, at least 85."""
    pool = right["village"].str.lower().tolist()
    best = []
    for start in range(0, len(left), 1000):
        part = left["village"].iloc[start : start + 1000].str.lower().tolist()
        scores = process.cdist(part, pool, scorer=fuzz.ratio, score_cutoff=85, workers=1, dtype=np.uint8)
        top = scores.argmax(axis=1)
        best += [int(right.index[k]) if scores[row, k] else -1 for row, k in enumerate(top)]
    return pd.Series(best, index=left.index)


def row_of(
    title: str, joined: pd.Series, truth: pd.Series, fault: pd.Series, wall_s: float, extra: str = ""
) -> dict[str, object]:
    """Precision, recall and silence of one way to join."""
    plain = fault == ""
    right = (joined == truth) & (joined >= 0)
    swapped, twice = fault == "places exchanged", fault == "counted twice"
    groups = joined[twice & (joined >= 0)]
    return {
        "way": title,
        "rows": len(joined),
        "joined": int((joined >= 0).sum()),
        "precision": f"{right[plain].sum() / max((joined[plain] >= 0).sum(), 1):.2%}",
        "recall": f"{right[plain].sum() / (truth[plain] >= 0).sum():.1%}",
        "places exchanged, joined in silence": f"{(joined[swapped] >= 0).mean():.1%}" if swapped.any() else "",
        "people counted twice in silence": int(groups.duplicated().sum()),
        "wall": f"{wall_s:.1f} s",
        "note": extra,
    }


def ours(left: pd.DataFrame, right: pd.DataFrame, **how: object) -> tuple[pd.Series, pd.DataFrame]:
    got = match(left, right, name="village", **how).set_index("left")
    return got["right"].where(got["verdict"] == "same").astype("float").fillna(-1).astype(int), got


def calibration(got: pd.DataFrame, truth: pd.Series) -> str:
    """Score against the share that is right, in five steps of score."""
    asked = got[got["right"].notna() & (got["verdict"] != "contradicts")]
    right = asked["right"].astype(int) == truth[asked.index]
    parts = []
    for low, high in ((0.25, 0.5), (0.5, 0.75), (0.75, 0.9), (0.9, 0.99), (0.99, 1.01)):
        inside = (asked["score"] >= low) & (asked["score"] < high)
        if inside.sum() >= 10:
            parts.append(f"{asked['score'][inside].mean():.2f} said {right[inside].mean():.2f} true (n={inside.sum()})")
    return "; ".join(parts)


def synthetic() -> list[dict[str, object]]:
    real = pd.read_csv(SHARED / "data/mali/villages.csv", keep_default_na=False)
    left, right, truth, fault = world(real, SEED)
    rows = []
    for title, how in (
        ("gis_planner: name, commune, place", {"parent": "commune", "xy": ("lon", "lat")}),
        ("gis_planner: name, commune", {"parent": "commune"}),
        ("gis_planner: name, place", {"xy": ("lon", "lat")}),
        ("gis_planner: name alone", {}),
    ):
        with clock() as took:
            joined, got = ours(left, right, **how)
        use = fault if "xy" in how else fault.where(fault == "counted twice", "")
        counts = got["verdict"].value_counts().to_dict()
        note = f"doubtful {counts.get('doubtful', 0)}, contradicts {counts.get('contradicts', 0)}; " + calibration(
            got, truth
        )
        rows.append(row_of(title, joined, truth, use, took.wall_s, note))
        print(rows[-1])
    peers: list[tuple[str, Callable[[], pd.Series]]] = [
        ("lower-case join on name and commune", lambda: exact(left, right, ["village", "commune"])),
        ("lower-case join on name", lambda: exact(left, right, ["village"])),
        ("difflib, best name within the commune", lambda: by_difflib(left, right)),
        ("rapidfuzz ratio, best name of all", lambda: by_rapidfuzz(left, right)),
    ]
    for title, way in peers:
        with clock() as took:
            joined = way()
        rows.append(row_of(title, joined, truth, fault, took.wall_s))
        print(rows[-1])
    return rows


PLACES = ("village", "town", "hamlet", "isolated_dwelling", "suburb")


def with_osm() -> list[dict[str, object]]:
    """Real pairs outside Bamako: the referee is what the join did not see (the commune's polygon, or the distance)."""
    folder = SHARED / "data/ouelessebougou"
    gazetteer = gpd.read_file(folder / "villages_around.geojson")
    nodes = gpd.read_file(folder / "osm_nodes_around.geojson")
    communes = gpd.read_file(folder / "communes_around.geojson")[["ADM3_FR", "geometry"]]
    nodes = gpd.sjoin(nodes[nodes["name"].notna()], communes).drop(columns="index_right")
    nodes = nodes[~nodes.index.duplicated() & ~nodes["ADM3_FR"].str.match("Commune ")]
    # several schools share a village, and a join is one to one: the first of each name and commune
    nodes["short"] = nodes["name"].str.replace(r"\[.*?\]|ECOM|MEDERSA|\b[ABC]$|\bI+$", "", regex=True).str.strip()
    rows: list[dict[str, object]] = []
    for title, facility, pick in (
        ("OSM places", False, (nodes["tag"] == "place") & nodes["value"].isin(PLACES)),
        ("OSM schools", True, nodes["value"] == "school"),
    ):
        osm = nodes[pick].drop_duplicates(["short", "ADM3_FR"]).reset_index(drop=True)
        rows += refereed(title, osm, gazetteer, facility)
    return rows


def refereed(title: str, osm: gpd.GeoDataFrame, gazetteer: gpd.GeoDataFrame, facility: bool) -> list[dict[str, object]]:
    """One kind of OSM node joined without the place and refereed by it, then without the commune and refereed by it."""
    here, there = osm.geometry.to_crs(32629), gazetteer.geometry.to_crs(32629)
    plain, villages = pd.DataFrame(osm.drop(columns="geometry")), pd.DataFrame(gazetteer.drop(columns="geometry"))

    def apart(one: pd.Series, other: pd.Series) -> str:
        off = np.array([here[a].distance(there[b]) for a, b in zip(one, other, strict=True)])
        return f"{(off <= 5000).mean():.1%} within 5 km, median {np.median(off):.0f} m"

    got = match(plain, villages, name=("name", "village"), parent=("ADM3_FR", "commune"), facility=facility)
    same = got[got["verdict"] == "same"]
    rows = [real_row(f"{title}, by name and commune", len(plain), got, apart(same["left"], same["right"]))]
    got = match(osm, gazetteer, name=("name", "village"), facility=facility)
    same = got[got["verdict"] == "same"]
    agree = [
        same_commune(plain.loc[a, "ADM3_FR"], villages.loc[b, "commune"])
        for a, b in zip(same["left"], same["right"], strict=True)
    ]
    note = f"{np.mean(agree):.1%} lie in the commune that the gazetteer names"
    rows.append(real_row(f"{title}, by name and place", len(plain), got, note))
    first = villages.assign(at=villages.index, low=villages["village"].str.lower()).drop_duplicates("low")
    lower = plain.assign(one=plain.index, low=plain["short"].str.lower()).merge(first[["low", "at"]], on="low")
    rows.append(
        {
            "way": f"{title}, lower-case join on name",
            "rows": len(plain),
            "joined": len(lower),
            "note": apart(lower["one"], lower["at"]),
        }
    )
    return rows


def same_commune(a: object, b: object) -> bool:
    """Whether two commune names are one (numbers such as `BENKADI l` aside)."""
    got = match(pd.DataFrame({"n": [a]}), pd.DataFrame({"n": [b]}), name="n")
    return bool(got["verdict"].iloc[0] in ("same", "doubtful"))


def real_row(title: str, size: int, got: pd.DataFrame, note: str) -> dict[str, object]:
    counts = got["verdict"].value_counts().to_dict()
    return {
        "way": title,
        "rows": size,
        "joined": counts.get("same", 0),
        "note": f"{note}; doubtful {counts.get('doubtful', 0)}, contradicts {counts.get('contradicts', 0)}",
    }


def main() -> None:
    if not (SHARED / "data").is_dir():
        print("../shared/data is absent: nothing to measure on")
        return
    rows = synthetic() + with_osm()
    write_results(
        "names",
        "Names joined across sources",
        rows,
        f"First part: the gazetteer of Mali against a copy spoiled by seed {SEED}: spellings, typing errors, points "
        "1 km off, 10 % of villages missing on the right, 5 % without place, 5 % without commune, pairs of places "
        "exchanged, 120 villages listed twice. The spoiling was written by the same hand as the matcher, so read "
        "the peers beside it. Second part: real "
        "pairs outside Bamako, refereed by what the join did not see. "
        f"Peak memory of the whole run {peak_mb():.0f} MB.",
    )


if __name__ == "__main__":
    main()
