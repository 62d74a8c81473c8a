"""The one door to numba (BSD-2): loops over sparse rows, compiled once and kept on disk; one thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """`function` compiled to machine code on its first call; no parallel loops, so 1 and 2 cores agree.

    Python's lock is let go, so calls on separate arrays may share the cores by threads."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(function))


def inlined(function: Kernel) -> Kernel:
    """`function` compiled into its callers: a call that hands over many arrays costs more than the sum it makes."""
    return cast(Kernel, numba.njit(cache=True, nogil=True, forceinline=True)(function))
