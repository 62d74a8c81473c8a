"""Travel times against r.cost, r.walk and scikit-image's MCP on a 2000 x 2000 fractal terrain."""

from __future__ import annotations

import importlib.util

import numpy as np

from benchmarks._common import write_results
from benchmarks._terrain import CELL_M, grass, have_grass, world
from gis_planner.spatial.travel import catchments, travel_time

SIZE = 2000


def differ(ours_min: np.ndarray, theirs_s: np.ndarray) -> str:
    """The greatest relative difference, and whether the same cells are reached."""
    both = np.isfinite(ours_min) & np.isfinite(theirs_s)
    apart = np.abs(ours_min[both] * 60.0 - theirs_s[both])
    relative = (apart[theirs_s[both] > 0] / theirs_s[both][theirs_s[both] > 0]).max()
    same = (np.isfinite(ours_min) == np.isfinite(theirs_s)).mean()
    return f"{relative:.1e} ({apart.max():.3f} s), {same:.4%} of cells alike reached"


def main() -> None:
    speed, height, cells = world(SIZE)
    pace = np.where(speed > 0, 3.6 / speed, np.nan).astype(np.float32)
    rows = []
    ours = {n: travel_time(speed, cells, cell_m=CELL_M, neighbours=n) for n in (8, 16)}
    if importlib.util.find_spec("skimage"):
        from skimage.graph import MCP_Geometric

        cost = np.where(np.isfinite(pace), pace.astype(float) * CELL_M, -1)
        found = MCP_Geometric(cost).find_costs(cells)[0]
        rows.append({"peer": "scikit-image MCP_Geometric, 8", "greatest difference": differ(ours[8], found)})
    else:
        rows.append({"peer": "scikit-image MCP", "greatest difference": "not installed"})
    if have_grass():
        for neighbours, flag in ((8, ""), (16, "-k")):
            found = grass(
                f"r.mapcalc 'metres = pace * {CELL_M}' --q\n"
                f"r.cost {flag} input=metres output=cost start_points=sources nearest=near --q",
                {"pace": pace},
                cells,
                ["cost", "near"],
            )[0]
            rows.append(
                {"peer": f"GRASS r.cost, {neighbours}", "greatest difference": differ(ours[neighbours], found["cost"])}
            )
            minutes, serving = catchments(speed, cells, cell_m=CELL_M, neighbours=neighbours)
            alike = (serving + 1 == found["near"])[np.isfinite(minutes)].mean()
            rows.append(
                {"peer": f"GRASS r.cost nearest=, {neighbours}", "greatest difference": f"{alike:.4%} same source"}
            )
        flat = np.full_like(height, 300.0)
        command = "r.walk {} elevation=height friction=pace output=cost start_points=sources lambda=1 --q"
        found = grass(
            command.format("walk_coeff=0.0,6.0,1.9998,-1.9998"), {"pace": pace, "height": flat}, cells, ["cost"]
        )[0]
        rows.append({"peer": "GRASS r.walk on level ground, 8", "greatest difference": differ(ours[8], found["cost"])})
        walked = travel_time(np.full_like(speed, 5.0), cells, cell_m=CELL_M, elevation_m=height)
        found = grass(
            command.format("walk_coeff=0.72,6.0,1.9998,-1.9998"), {"pace": pace * 0, "height": height}, cells, ["cost"]
        )[0]
        both = np.isfinite(walked) & np.isfinite(found["cost"]) & (found["cost"] > 0)
        ratio = walked[both] * 60 / found["cost"][both]
        rows.append(
            {
                "peer": "GRASS r.walk (Langmuir) on the hills against Tobler, 8",
                "greatest difference": f"another law: time ratio median {np.median(ratio):.3f}, "
                f"5 to 95 % {np.percentile(ratio, 5):.3f} to {np.percentile(ratio, 95):.3f}",
            }
        )
    else:
        rows.append({"peer": "GRASS r.cost, r.walk", "greatest difference": "not installed"})
    write_results(
        "travel_agree",
        f"Travel time: agreement with others, {SIZE} x {SIZE} fractal terrain, {len(cells)} sources",
        rows,
        "Peers add in double precision in their own order, GRASS hands back float32; ties may go to another source. "
        "r.walk is compared exactly on level ground; on hills it uses Langmuir's rule, ours is Tobler's function.",
    )


if __name__ == "__main__":
    main()
