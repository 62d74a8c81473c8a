"""A whole run's files: all there, the same bytes for the same plan, whole or not at all when killed or out of disk."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from maps_plan import shuffled, small_plan

from gis_planner.maps import write
from gis_planner.maps.bundle import changed_files, read_manifest
from gis_planner.maps.differences import difference_tables
from gis_planner.maps.write import write_plan
from gis_planner.problems import Machine, Refused
from gis_planner.tables.plan import Figure, Plan, Words
from gis_planner.tables.results import RESULTS

HEAVY = ("report.html", "board.pdf", "atlas.pdf")


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report, board, atlas and pictures have their own tests: here a line of text stands for the first three."""
    monkeypatch.delitem(write.STEPS, "pictures/*.png")
    for name in HEAVY:
        monkeypatch.setitem(write.STEPS, name, lambda plan, folder, lang, name=name: write._text(folder / name, lang))


def test_a_run_writes_what_the_house_promises(tmp_path: Path) -> None:
    """Report, GeoPackage, workbook, JSON, a CSV per table, GPX and KML per crew-day and together, and the manifest."""
    told: list[str] = []
    out = write_plan(small_plan(), tmp_path / "baseline", lang="fr", progress=told.append)
    listed = read_manifest(out)
    assert listed is not None
    promised = {*HEAVY, "plan.gpkg", "plan.xlsx", "plan.json", "routes/all.gpx", "routes/all.kml"}
    assert promised | {f"tables/{name}.csv" for name in RESULTS} <= set(listed)
    assert changed_files(out) == []
    assert told == list(write.STEPS)


def test_two_runs_and_shuffled_rows_give_the_same_hashes(tmp_path: Path) -> None:
    """The same plan with its rows in another order, in another folder, gives an identical manifest."""
    one, other = write_plan(small_plan(), tmp_path / "one"), write_plan(shuffled(small_plan(), 2), tmp_path / "other")
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()


SERVER = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from maps_plan import NAMES, small_plan
from gis_planner.maps import write
write.STEPS.pop("pictures/*.png")
for name in ("report.html", "board.pdf", "atlas.pdf"):
    write.STEPS[name] = lambda plan, folder, lang, name=name: write._text(folder / name, plan.name)
for slow in ("plan.xlsx", "plan.gpkg"):
    del write.STEPS[slow]
plans = {tag: small_plan((tag, *NAMES[1:])) for tag in "AB"}
for tag, plan in plans.items():
    began = time.monotonic()
    write.write_plan(plan, Path(sys.argv[2]).parent / tag)
print(time.monotonic() - began, flush=True)
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        while True:
            for tag in line.strip():
                write.write_plan(plans[tag], Path(sys.argv[2]))
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("gone", flush=True)
"""


def test_killed_at_30_random_moments_a_plan_is_never_mixed(tmp_path: Path) -> None:
    """A run killed with SIGKILL at 30 random moments leaves the previous plan or the new one, never a mix."""
    out, chance, seen = tmp_path / "baseline", random.Random(11), set()
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(Path(__file__).parent), str(out)], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None
    assert server.stdout is not None
    moment_s = float(server.stdout.readline())  # one whole plan; more where the machine has slowed down since
    whole = {(tmp_path / tag / "manifest.json").read_bytes(): tag for tag in "AB"}
    shutil.copytree(tmp_path / "A", out)
    with server:
        for turn in range(30):
            server.stdin.write(("AB", "BA")[turn % 2] + "\n")
            server.stdin.flush()
            pid = int(server.stdout.readline())
            time.sleep(chance.uniform(0.1, 1.8) * moment_s)
            os.kill(pid, signal.SIGKILL)
            server.stdout.readline()
            assert changed_files(out) == []
            seen.add(whole[(out / "manifest.json").read_bytes()])
            moment_s *= 1.0 if len(seen) == 2 else 1.15
    assert seen == {"A", "B"}
    write_plan(small_plan(), out)
    assert {path.name for path in tmp_path.iterdir()} == {"baseline", "A", "B"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A mounted disk of 3 MiB; skips when mounting is not allowed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_disk_that_fills_up_leaves_the_previous_plan(small_disk: Path) -> None:
    """However little is free, a run that does not fit says so with bytes, and the previous plan is intact."""
    out = write_plan(small_plan(), small_disk / "baseline")
    before = (out / "manifest.json").read_bytes()
    free = shutil.disk_usage(small_disk).free
    for left in range(0, 450_000, 75_000):
        (small_disk / "filler").write_bytes(b"x" * max(free - left, 0))
        with pytest.raises(Machine, match=r"disk-full.*bytes free; expected at least [\d,]+ bytes"):
            write_plan(small_plan(), out)
        assert changed_files(out) == []
        assert (out / "manifest.json").read_bytes() == before
        (small_disk / "filler").unlink()
    write_plan(small_plan(), out)


def _half(plan: Plan) -> Plan:
    """The same plan with half the money: fewer wells, fewer people served."""
    wells, villages = plan.results["wells"].copy(), plan.results["villages"].copy()
    wells["chosen"] = wells["rank"] < 2
    villages.loc[villages["village_id"] == "V1", "served_after"] = 200.5
    return dataclasses.replace(
        plan, name="half", results={**plan.results, "wells": wells, "villages": villages},
        figures=(Figure("wells.people_served_after", "wells", Words("People served", "Personnes servies"), 2203.0,
                        "people"),),
    )


def test_differences_are_against_the_first_plan() -> None:
    """Each figure and village has its value in every plan and the difference to the first."""
    first = small_plan()
    tables = difference_tables([first, _half(first)])
    figures = tables["figures"].iloc[0]
    assert (figures[first.name], figures["half"], figures[f"half - {first.name}"]) == (2403.0, 2203.0, -200.0)
    villages = tables["villages"].set_index("village_id")
    assert villages.loc["V1", f"half - {first.name}"] == -200.0  # 200.5 - 400.5
    assert villages.loc["V0", f"half - {first.name}"] == 0.0


def test_sites_that_every_plan_chooses_are_told() -> None:
    """A site that every plan chooses is told apart from one that only some choose."""
    first = small_plan()
    sites = difference_tables([first, _half(first)])["sites"].set_index("id")
    assert sites.loc["WEL-01", "chosen_by_all"]
    assert not sites.loc["WEL-02", "chosen_by_all"]
    assert "WEL-03" not in sites.index  # chosen by neither


def test_the_same_scenario_twice_is_refused() -> None:
    """Two plans of one name cannot be told apart: refused."""
    with pytest.raises(Refused, match="same-plan-twice"):
        difference_tables([small_plan(), small_plan()])


def test_a_comparison_is_written_whole_and_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """compare.json, .csv and .xlsx agree, hold no formula, and are the same bytes for shuffled rows."""
    plans = [small_plan(), _half(small_plan())]
    monkeypatch.setattr(write.compare, "render", lambda plans, lang: "page")
    one = write.write_comparison(plans, tmp_path / "one")
    other = write.write_comparison([shuffled(plan, 3) for plan in plans], tmp_path / "other")
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    facts = json.loads((one / "compare.json").read_text(encoding="utf-8"))
    frame = pd.read_csv(one / "compare.csv")
    assert [row["half"] for row in facts["villages"]] == frame["half"].tolist()
    book = openpyxl.load_workbook(one / "compare.xlsx")
    assert book.sheetnames == ["Figures", "Villages", "Sites"]
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
