"""Fixtures that every room's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and hostile files beside the project; skips when it is absent."""
    if not (SHARED / "HOUSE.md").is_file():
        pytest.skip("../shared is absent: the real data and hostile files it holds have no licence to ship")
    return SHARED


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """The real data; skips when it is absent."""
    if not (shared / "data").is_dir():
        pytest.skip("../shared/data is absent: real data without a licence is not shipped with the project")
    return shared / "data"
