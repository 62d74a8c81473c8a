"""Routes with time windows against PyVRP alone, as in `routing`."""

from __future__ import annotations

from benchmarks.routing import measure, words_of

if __name__ == "__main__":
    measure("routing_windows", words_of("routing_windows"))
