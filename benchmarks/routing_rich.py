"""Routes with reloads, release times and optional stops against PyVRP alone, as in `routing`."""

from __future__ import annotations

from benchmarks.routing import measure, words_of

if __name__ == "__main__":
    measure("routing_rich", words_of("routing_rich"))
