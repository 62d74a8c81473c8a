"""What must hold of a layer beyond its single values: one rule is one small function, listed in `rules`."""

from __future__ import annotations
