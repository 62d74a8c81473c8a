"""The examples of the optimise documents run as they stand."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("name", "functions"), [
    ("optimise.md", {"max_cover", "set_cover", "p_median", "assign", "check"}),
    ("routing.md", {"plan_routes", "read_vrplib", "plan_rounds", "check"}),
])
def test_the_examples_of_a_document_run(
    name: str, functions: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The Python of a document runs from top to bottom, finds what it says and calls each function it is there for."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    code = "\n".join(blocks)
    Path("example.py").write_text(code, encoding="utf-8")
    runpy.run_path("example.py")
    assert {word for word in functions if re.search(rf"\b{word}\(", code)} == functions
