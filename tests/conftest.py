"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LONGEST = ("tests/test_plan_run.py", "tests/maps/test_maps_browser.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: two processes then end together, and one compiles kernels while the other draws maps."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


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


@pytest.fixture(scope="session", autouse=True)
def kernels_of_two_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With tests in two processes, one at a time reads or writes the compiled kernels on disk.

    numba writes whole files but numbers them by an index without a lock: two processes that compile one function for
    different arguments at the same moment could save both under one number.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    import fcntl

    from numba.core.caching import IndexDataCacheFile

    lock = tmp_path_factory.getbasetemp().parent / "kernels.lock"  # the folder that the processes share

    def alone(method: Callable[..., Any]) -> Callable[..., Any]:
        def locked(*arguments: Any) -> Any:
            with lock.open("w") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                return method(*arguments)

        return locked

    with pytest.MonkeyPatch.context() as patch:
        for name in ("load", "save"):
            patch.setattr(IndexDataCacheFile, name, alone(getattr(IndexDataCacheFile, name)))
        yield
