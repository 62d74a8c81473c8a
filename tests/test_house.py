"""The house stays the house: imports go one way, files stay small, no norm hides in code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "gis_planner"
GROUND = {"problems", "units", "crs", "standards"}
MAY_IMPORT: dict[str, set[str]] = {
    "problems": set(),
    "units": {"problems"},
    "crs": {"problems", "units"},
    "standards": {"problems", "units", "crs"},
    "optimise": {"problems", "units"},
    "tables": GROUND,
    "layers": {*GROUND, "tables"},
    "spatial": {*GROUND, "optimise", "tables"},
    "programmes": {*GROUND, "optimise", "tables", "spatial"},
    "scenarios": {*GROUND, "optimise", "tables", "spatial", "layers", "programmes"},
    "maps": {*GROUND, "tables"},
    "doctor": set(),
    "cli": {*GROUND, "tables", "layers", "scenarios", "maps", "doctor"},
}
SOLVERS = {"scipy.optimize", "highspy", "pyvrp", "pulp"}


def files(room: str) -> list[Path]:
    """Source files of a room."""
    single = PACKAGE / f"{room}.py"
    return [single] if single.is_file() else sorted((PACKAGE / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms_of(names: set[str]) -> set[str]:
    """Rooms of the package among imported names."""
    found = {name.split(".")[1] for name in names if name.startswith("gis_planner.")}
    return found - {"__version__"}


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_rooms_above_it(room: str) -> None:
    """A file imports only from its own room and from the rooms that HOUSE allows it."""
    for path in files(room):
        wrong = rooms_of(imported(path)) - MAY_IMPORT[room] - {room}
        assert not wrong, f"{path.relative_to(PACKAGE)} imports {sorted(wrong)}"


def test_every_file_belongs_to_a_room() -> None:
    """No source file stands outside the rooms."""
    known = {path for room in MAY_IMPORT for path in files(room)} | {PACKAGE / "__init__.py"}
    assert set(PACKAGE.rglob("*.py")) == known


def test_the_wings_do_not_know_each_other() -> None:
    """Layers, programmes and maps never import one another."""
    wings = {"layers", "programmes", "maps"}
    for wing in wings:
        for path in files(wing):
            assert not rooms_of(imported(path)) & (wings - {wing}), path


def test_verify_imports_no_solver() -> None:
    """What re-checks a plan knows no solver."""
    for path in sorted((PACKAGE / "optimise" / "verify").rglob("*.py")):
        names = imported(path)
        assert not {name for name in names if any(name == s or name.startswith(f"{s}.") for s in SOLVERS)}, path


def test_maps_import_no_solver_and_no_reader() -> None:
    """The map room neither solves nor reads layers."""
    for path in files("maps"):
        names = imported(path)
        assert not {name for name in names if name.split(".")[0] in {"highspy", "pyvrp", "rasterio", "sklearn"}}, path


def test_no_file_is_long() -> None:
    """No source file passes 400 lines."""
    for path in sorted(PACKAGE.rglob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_an_epsg_code_is_typed_in_one_file_only() -> None:
    """Coordinate reference systems come from crs.py: no other file types an EPSG code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "crs.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                typed = [v.value for v in values if isinstance(v, ast.Constant)]
                codes = [v for v in typed if v in (4326, 3857) or (isinstance(v, int) and 32600 < v < 32800)
                         or (isinstance(v, str) and v.upper().startswith("EPSG:") and v[5:].isdigit())]
                assert not codes, f"{path.relative_to(PACKAGE)}:{node.lineno} types {codes}"
