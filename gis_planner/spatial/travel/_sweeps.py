"""Shortest times inside one tile, by sweeps down and up over the rows that changed.

A sweep pulls each row from the rows behind it (all columns at once) and then runs along the row both ways, so every
path that never turns back vertically is settled by one sweep; sweeps go on until nothing changes, which is the exact
shortest path (Bellman's equation holds at every cell). Rows remember the span of columns that changed since they were
last pulled from, so that a sweep costs what changed and not what the tile holds.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

import numba

from gis_planner.spatial.travel._edges import KERNEL, MARGIN


@numba.njit(inline="always")
def _least(a, b):
    return a if a < b else b


@numba.njit(**KERNEL)
def _pull_down(key, forth, r, lo, hi, knights, changed):
    """Row `r` takes what the row(s) above offer over columns lo..hi; how many cells changed."""
    row, up = key[r], key[r - 1]
    south, east, west = forth[1, r - 1], forth[2, r - 1], forth[3, r - 1]
    count = 0
    if knights:
        up2 = key[r - 2]
        s1, s2, s3, s4 = forth[4, r - 2], forth[5, r - 2], forth[6, r - 1], forth[7, r - 1]
        for c in range(lo, hi + 1):
            near = _least(up[c] + south[c], _least(up[c - 1] + east[c - 1], up[c + 1] + west[c + 1]))
            far = _least(up2[c - 1] + s1[c - 1], up2[c + 1] + s2[c + 1])
            wide = _least(up[c - 2] + s3[c - 2], up[c + 2] + s4[c + 2])
            new = _least(near, _least(far, wide))
            old = row[c]
            row[c] = _least(new, old)
            changed[c] = new < old
            count += new < old
    else:
        for c in range(lo, hi + 1):
            new = _least(up[c] + south[c], _least(up[c - 1] + east[c - 1], up[c + 1] + west[c + 1]))
            old = row[c]
            row[c] = _least(new, old)
            changed[c] = new < old
            count += new < old
    return count


@numba.njit(**KERNEL)
def _pull_up(key, back, r, lo, hi, knights, changed):
    """Row `r` takes what the row(s) below offer over columns lo..hi; how many cells changed."""
    row, down = key[r], key[r + 1]
    north, east, west = back[1, r], back[2, r], back[3, r]
    count = 0
    if knights:
        down2 = key[r + 2]
        s1, s2, s3, s4 = back[4, r], back[5, r], back[6, r], back[7, r]
        for c in range(lo, hi + 1):
            near = _least(down[c] + north[c], _least(down[c + 1] + east[c], down[c - 1] + west[c]))
            far = _least(down2[c + 1] + s1[c], down2[c - 1] + s2[c])
            wide = _least(down[c + 2] + s3[c], down[c - 2] + s4[c])
            new = _least(near, _least(far, wide))
            old = row[c]
            row[c] = _least(new, old)
            changed[c] = new < old
            count += new < old
    else:
        for c in range(lo, hi + 1):
            new = _least(down[c] + north[c], _least(down[c + 1] + east[c], down[c - 1] + west[c]))
            old = row[c]
            row[c] = _least(new, old)
            changed[c] = new < old
            count += new < old
    return count


@numba.njit(**KERNEL)
def run_along(row, east, west, lo, hi, first, last):
    """Carry the changes of columns lo..hi along their row, both ways and on while it gains; the span that changed."""
    v = row[lo]
    for c in range(lo + 1, hi + 1):
        v = _least(v + east[c - 1], row[c])
        row[c] = v
    end = hi
    while end < last and row[end] + east[end] < row[end + 1]:
        row[end + 1] = row[end] + east[end]
        end += 1
    v = row[hi]
    for c in range(hi - 1, lo - 1, -1):
        v = _least(v + west[c], row[c])
        row[c] = v
    start = lo
    while start > first and row[start] + west[start - 1] < row[start - 1]:
        row[start - 1] = row[start] + west[start - 1]
        start -= 1
    return start, end


@numba.njit(**KERNEL)
def mark(spans, r, lo, hi):
    """Row `r` changed over lo..hi: every row that pulls from it must look again. A fifth way, if any, remembers all."""
    for way in range(spans.shape[0]):
        spans[way, 0, r] = min(spans[way, 0, r], lo)
        spans[way, 1, r] = max(spans[way, 1, r], hi)


@numba.njit(**KERNEL)
def unmark(spans, rows):
    """Nothing pending in any row."""
    for way in range(spans.shape[0]):
        for r in range(rows):
            spans[way, 0, r] = 1 << 30
            spans[way, 1, r] = -1


@numba.njit(inline="always")
def _take(spans, way, r, reach, lo, hi):
    a, b = spans[way, 0, r], spans[way, 1, r]
    spans[way, 0, r] = 1 << 30
    spans[way, 1, r] = -1
    return (min(lo, a - reach), max(hi, b + reach)) if b >= a else (lo, hi)


@numba.njit(**KERNEL)
def settle(key, forth, back, rows, cols, knights, spans, changed):
    """Sweep down and up until no cell of the tile can be reached sooner.

    key: (rows + 4, cols + 4) of time and source; the margin is read, never written. spans: pending columns of each row,
    (way, first and last, row) with way 0 and 1 for the sweep down (next row, next but one), 2 and 3 for the sweep up.
    """
    top, bottom, left, right = MARGIN, MARGIN + rows - 1, MARGIN, MARGIN + cols - 1
    busy = True
    while busy:
        busy = False
        for sweep in range(2):
            for step in range(rows):
                r = top + step if sweep == 0 else bottom - step
                behind = -1 if sweep == 0 else 1
                lo, hi = 1 << 30, -1
                lo, hi = _take(spans, 2 * sweep, r + behind, 2 if knights else 1, lo, hi)
                if knights:
                    lo, hi = _take(spans, 2 * sweep + 1, r + 2 * behind, 1, lo, hi)
                lo, hi = max(lo, left), min(hi, right)
                if hi < lo:
                    continue
                if sweep == 0:
                    count = _pull_down(key, forth, r, lo, hi, knights, changed)
                else:
                    count = _pull_up(key, back, r, lo, hi, knights, changed)
                if count == 0:
                    continue
                busy = True
                while not changed[lo]:
                    lo += 1
                while not changed[hi]:
                    hi -= 1
                start, end = run_along(key[r], forth[0, r], back[0, r], lo, hi, left, right)
                mark(spans, r, start, end)


@numba.njit(**KERNEL)
def enter_sides(key, forth, back, rows, cols, knights, spans):
    """Let the left and right margins offer their times to the tile's outer columns."""
    left, right = MARGIN, MARGIN + cols - 1
    for r in range(MARGIN, MARGIN + rows):
        for side in range(2):
            edge = left if side == 0 else right
            first, last = cols + 2 * MARGIN, -1
            for depth in range(2 if knights else 1):
                c = edge + depth if side == 0 else edge - depth
                if not left <= c <= right:
                    continue
                best = _from_margin(key, forth, back, r, c, left, right, knights)
                if best < key[r, c]:
                    key[r, c] = best
                    first, last = min(first, c), max(last, c)
            if last >= first:
                start, end = run_along(key[r], forth[0, r], back[0, r], first, last, left, right)
                mark(spans, r, start, end)


@numba.njit(**KERNEL)
def _from_margin(key, forth, back, r, c, left, right, knights):
    """The best offer to cell (r, c) from the cells of the side margins."""
    best = key[r, c]
    for dr in range(-2, 3):
        for dc in range(-2, 3):
            far = abs(dr) + abs(dc)
            if left <= c + dc <= right or far == 0 or far == 4 or (max(abs(dr), abs(dc)) == 2 and far != 3):
                continue
            if far == 3 and not knights:
                continue
            best = _least(best, key[r + dr, c + dc] + step_cost(forth, back, r + dr, c + dc, -dr, -dc))
    return best


@numba.njit(**KERNEL)
def step_cost(forth, back, r, c, dr, dc):
    """The cost of the step from (r, c) by (dr, dc)."""
    down = dr > 0 or (dr == 0 and dc > 0)
    a, b = (dr, dc) if down else (-dr, -dc)
    if a == 0:
        k = 0
    elif a == 1:
        k = 1 if b == 0 else 2 if b == 1 else 3 if b == -1 else 6 if b == 2 else 7
    else:
        k = 4 if b == 1 else 5
    return forth[k, r, c] if down else back[k, r + dr, c + dc]
