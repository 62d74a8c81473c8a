"""A new region is started from a frame or a list of villages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gis_planner.crs import Frame
from gis_planner.layers.catalog_file import read_catalog
from gis_planner.layers.init import start_region
from gis_planner.problems import Machine, Problems, Refused
from gis_planner.tables.inputs import INPUTS

FRAME = Frame(-8.3, 11.6, -7.3, 12.4)
VILLAGES = "village_id,name,population,latitude,longitude\nv1,Kola,500,12.00,-7.90\nv2,Soba,700,12.10,-7.80\n"


def villages(folder: Path, text: str = VILLAGES) -> Path:
    """A file of villages."""
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_frame_gives_a_catalogue_that_can_be_read(tmp_path: Path) -> None:
    """The catalogue of a new region reads without a finding, has the frame, and holds no layer yet."""
    said = start_region(tmp_path / "Kéléya", frame=FRAME)
    problems = Problems()
    book = read_catalog(tmp_path / "Kéléya" / "catalog.toml", problems)
    assert (book.name, book.label, book.frame, book.entries) == ("keleya", "Kéléya", FRAME, ())
    assert sorted(path.name for path in (tmp_path / "Kéléya").iterdir()) == ["README.md", "catalog.toml"]
    # -7.8 degrees lies in zone int((180 - 7.8) // 6) + 1 = 29
    assert any("UTM zone 29N" in line for line in said)


def test_villages_give_the_frame_and_are_copied(tmp_path: Path) -> None:
    """The frame is the villages' box, 0.05 degrees wider, and their file comes along, byte for byte."""
    start_region(tmp_path / "new", villages=villages(tmp_path))
    book = read_catalog(tmp_path / "new" / "catalog.toml", Problems())
    # -7.90 - 0.05, 12.00 - 0.05, -7.80 + 0.05, 12.10 + 0.05, each outward to two places
    assert book.frame.as_tuple() == pytest.approx((-7.95, 11.95, -7.75, 12.15), abs=0.011)
    assert book.frame.holds(-7.90, 12.00)
    assert [(entry.key, entry.path.name) for entry in book.entries] == [("villages", "villages.csv")]
    assert (tmp_path / "new" / "villages.csv").read_text(encoding="utf-8") == VILLAGES


def test_columns_that_are_missing_are_said_not_invented(tmp_path: Path) -> None:
    """A list without populations starts a region; the catalogue, the page and the answer say what it lacks."""
    short = villages(tmp_path, "village,lat,lon\nKola,12.0,-7.9\n")
    said = start_region(tmp_path / "new", villages=short)
    assert "the villages' file lacks population" in said
    assert "It lacks the column `population`." in (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    given = tomllib.loads((tmp_path / "new" / "catalog.toml").read_text(encoding="utf-8"))["layers"]["villages"]
    assert given["columns"]["name"] == "village"


def test_every_kind_of_layer_is_listed_with_its_use_and_licence(tmp_path: Path) -> None:
    """The page has a row for every kind of layer, with a purpose and a licence."""
    start_region(tmp_path / "new", frame=FRAME)
    rows = [line.split("|") for line in (tmp_path / "new" / "README.md").read_text(encoding="utf-8").splitlines()
            if line.startswith("| ") and not line.startswith("| layer")]
    assert {row[1].strip() for row in rows} == set(INPUTS)
    assert all(row[2].strip() and "(" in row[4] for row in rows)
    text = (tmp_path / "new" / "catalog.toml").read_text(encoding="utf-8")
    assert all(f"[layers.{kind}]" in text for kind in INPUTS)


def test_commented_layers_are_right_when_the_marks_are_taken_off(tmp_path: Path) -> None:
    """Taking the # off the lines of a layer gives keys that the catalogue knows."""
    start_region(tmp_path / "new", frame=FRAME)
    path = tmp_path / "new" / "catalog.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("# [layers.roads]")
    lines[start:start + 6] = [line.removeprefix("# ") for line in lines[start:start + 6]]
    path.write_text("\n".join(lines), encoding="utf-8")
    problems = Problems()
    assert [entry.kind for entry in read_catalog(path, problems).entries] == ["roads"]
    assert not [finding for finding in problems if finding.code == "catalog-key-unknown"]


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Nothing is ever written over; an empty folder will do."""
    full, empty, file = tmp_path / "full", tmp_path / "empty", tmp_path / "file"
    full.mkdir()
    (full / "mine.txt").write_text("mine", encoding="utf-8")
    empty.mkdir()
    file.write_text("mine", encoding="utf-8")
    for taken in (full, file):
        with pytest.raises(Refused, match="init-folder"):
            start_region(taken, frame=FRAME)
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    start_region(empty, frame=FRAME)
    assert (empty / "catalog.toml").is_file()


def test_a_frame_with_latitude_first_is_refused(tmp_path: Path) -> None:
    """11,-8,12,-7 lies outside Mali and, latitude first, inside: the right order is offered, nothing is written."""
    with pytest.raises(Refused, match=r"frame-latitude-first.*--frame=-8,11,-7,12"):
        start_region(tmp_path / "new", frame=Frame(11, -8, 12, -7))
    with pytest.raises(Refused, match=r"frame-latitude-first.*-8,11,-7,12"):
        start_region(tmp_path / "new", frame=Frame(11, -8, 12, -7), villages=villages(tmp_path))
    assert not (tmp_path / "new").exists()


def test_a_region_outside_mali_starts_from_its_villages(tmp_path: Path) -> None:
    """Villages at 15 degrees east, 4 south, in a frame that holds them, are no mistake."""
    there = villages(tmp_path, "village_id,name,population,latitude,longitude\nv1,Kola,500,-4.0,15.0\n")
    start_region(tmp_path / "new", frame=Frame(14.5, -4.5, 15.5, -3.5), villages=there)
    assert (tmp_path / "new" / "catalog.toml").is_file()


def test_neither_frame_nor_villages_is_refused(tmp_path: Path) -> None:
    """Without a place there is no region."""
    with pytest.raises(Refused, match="--frame"):
        start_region(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_villages_that_mislead_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    """Latitude and longitude exchanged stop the start, and no half region stays behind."""
    swapped = villages(tmp_path, VILLAGES.replace("12.00,-7.90", "-7.90,12.00").replace("12.10,-7.80", "-7.80,12.10"))
    with pytest.raises(Refused):
        start_region(tmp_path / "new", villages=swapped)
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_place_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    """A parent that is a file cannot hold a region: exit status 4, nothing written."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(Machine, match="nothing was written"):
        start_region(tmp_path / "file" / "new", frame=FRAME)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_same_question_same_bytes(tmp_path: Path) -> None:
    """Two starts give the same files."""
    for parent in ("a", "b"):
        start_region(tmp_path / parent / "new", frame=FRAME, villages=villages(tmp_path))
    for name in ("catalog.toml", "README.md", "villages.csv"):
        assert (tmp_path / "a" / "new" / name).read_bytes() == (tmp_path / "b" / "new" / name).read_bytes()
