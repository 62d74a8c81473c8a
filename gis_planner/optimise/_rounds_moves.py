"""Local search on one day's routes: relocate, exchange, 2-opt and exchange of ends among near neighbours.

The moves and their order follow Vidal (2022), Hybrid genetic search for the CVRP, Computers & Operations Research 140,
105643; load and time beyond a limit are allowed at a price.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled, inlined
from gis_planner.optimise._rounds_state import Floats, Ground, Ints, Price, Work, measure, over

TINY = 1e-7
PIECES = np.array([[1, 0, 0], [2, 0, 0], [2, 0, 1], [1, 1, 0], [2, 1, 0], [2, 2, 0]])
"""Exchanges tried: sites that leave, sites that come back, and whether the leaving ones are turned round."""
NEAR = 10


@inlined
def paid(ground: Ground, work: Work, price: Price, day: int, crew: int) -> float:
    """What a route pays now for breaking limits."""
    end = work.filled[day, crew] + 1
    return float(over(ground, price, work.carried[day, crew, end], work.spent[day, crew, end]))


@inlined
def splice(
    way: Floats, order: Ints, day: int, r: int, i: int, ki: int, q: int, j: int, kj: int, flip: bool,
) -> float:
    """Change of length when `ki` sites of route r from i and `kj` of route q from j change places."""
    before_a, first_a = order[day, r, i - 1], order[day, r, i]
    last_a, after_a = order[day, r, i + ki - 1], order[day, r, i + ki]
    before_b, after_b = order[day, q, j - 1], order[day, q, j + kj]
    change = way[before_b, last_a] + way[first_a, after_b] if flip else way[before_b, first_a] + way[last_a, after_b]
    change -= way[before_a, first_a] + way[last_a, after_a]
    if kj > 0:
        first_b, last_b = order[day, q, j], order[day, q, j + kj - 1]
        change += way[before_a, first_b] + way[last_b, after_a] - way[before_b, first_b] - way[last_b, after_b]
    else:
        change += way[before_a, after_a] - way[before_b, after_b]
    return float(change)


@inlined
def splice_hours(
    hours: Floats, order: Ints, spent: Floats, day: int, r: int, i: int, ki: int, q: int, j: int, kj: int, flip: bool,
    time_r: float, time_q: float,
) -> tuple[float, float]:
    """Times of both routes after the exchange of `splice`."""
    before_a, first_a = order[day, r, i - 1], order[day, r, i]
    last_a, after_a = order[day, r, i + ki - 1], order[day, r, i + ki]
    before_b, after_b = order[day, q, j - 1], order[day, q, j + kj]
    inside = spent[day, r, i + ki - 1] - spent[day, r, i - 1] - hours[before_a, first_a]
    time_r -= inside + hours[before_a, first_a] + hours[last_a, after_a]
    time_q += inside
    time_q += hours[before_b, last_a] + hours[first_a, after_b] if flip else (
        hours[before_b, first_a] + hours[last_a, after_b])
    if kj > 0:
        first_b, last_b = order[day, q, j], order[day, q, j + kj - 1]
        inside = spent[day, q, j + kj - 1] - spent[day, q, j - 1] - hours[before_b, first_b]
        time_r += inside + hours[before_a, first_b] + hours[last_b, after_a]
        time_q -= inside + hours[before_b, first_b] + hours[last_b, after_b]
    else:
        time_r += hours[before_a, after_a]
        time_q -= hours[before_b, after_b]
    return time_r, time_q


@inlined
def worth(
    ground: Ground, work: Work, price: Price, day: int, r: int, i: int, ki: int, q: int, j: int, kj: int, flip: bool,
) -> float:
    """Change of cost of an exchange between two routes (or within one, when the pieces do not touch)."""
    change = splice(ground.way, work.order, day, r, i, ki, q, j, kj, flip)
    end_r, end_q = work.filled[day, r] + 1, work.filled[day, q] + 1
    if r == q:
        if not ground.timed:
            return change
        now_s, load = work.spent[day, r, end_r], work.carried[day, r, end_r]
        a, b = splice_hours(ground.hours, work.order, work.spent, day, r, i, ki, q, j, kj, flip, now_s, now_s)
        return change + over(ground, price, load, a + b - now_s) - over(ground, price, load, now_s)
    now = paid(ground, work, price, day, r) + paid(ground, work, price, day, q)
    if change >= now:
        return change
    moved = work.carried[day, r, i + ki - 1] - work.carried[day, r, i - 1]
    if kj > 0:
        moved -= work.carried[day, q, j + kj - 1] - work.carried[day, q, j - 1]
    time_r = time_q = 0.0
    if ground.timed:
        time_r, time_q = splice_hours(ground.hours, work.order, work.spent, day, r, i, ki, q, j, kj, flip,
                                      work.spent[day, r, end_r], work.spent[day, q, end_q])
    change += over(ground, price, work.carried[day, r, end_r] - moved, time_r)
    return change + over(ground, price, work.carried[day, q, end_q] + moved, time_q) - now


@compiled
def exchange(
    ground: Ground, work: Work, day: int, r: int, i: int, ki: int, q: int, j: int, kj: int, flip: bool, spare: Ints,
) -> None:
    """Do the exchange that `worth` priced."""
    a, b = work.order[day, r], work.order[day, q]
    piece_a, piece_b = a[i : i + ki].copy(), b[j : j + kj].copy()
    if flip:
        piece_a = piece_a[::-1].copy()
    if r != q:
        _replace(a, work.filled[day, r], i, ki, piece_b, spare)
        _replace(b, work.filled[day, q], j, kj, piece_a, spare)
        work.filled[day, r] += kj - ki
        work.filled[day, q] += ki - kj
        measure(ground, work, day, r)
        measure(ground, work, day, q)
        return
    count = work.filled[day, r]
    if i < j:
        _replace(a, count, j, kj, piece_a, spare)
        _replace(a, count + ki - kj, i, ki, piece_b, spare)
    else:
        _replace(a, count, i, ki, piece_b, spare)
        _replace(a, count + kj - ki, j, kj, piece_a, spare)
    measure(ground, work, day, r)


@compiled
def _replace(order: Ints, count: int, start: int, length: int, piece: Ints, spare: Ints) -> None:
    """Replace `length` sites from `start` by `piece`."""
    tail = count + 1 - (start + length)
    for k in range(tail):
        spare[k] = order[start + length + k]
    for k in range(piece.size):
        order[start + k] = piece[k]
    for k in range(tail):
        order[start + piece.size + k] = spare[k]


@inlined
def turn(ground: Ground, work: Work, price: Price, day: int, r: int, i: int, j: int) -> bool:
    """2-opt: turn the part from i + 1 to j of one route round when that is cheaper."""
    order, way = work.order, ground.way
    u, x, v, y = order[day, r, i], order[day, r, i + 1], order[day, r, j], order[day, r, j + 1]
    change = way[u, v] + way[x, y] - way[u, x] - way[v, y]
    if ground.timed:
        end = work.filled[day, r] + 1
        time, load, hours = work.spent[day, r, end], work.carried[day, r, end], ground.hours
        later = time + hours[u, v] + hours[x, y] - hours[u, x] - hours[v, y]
        change += over(ground, price, load, later) - over(ground, price, load, time)
    if change > -TINY:
        return False
    low, high = i + 1, j
    while low < high:
        order[day, r, low], order[day, r, high] = order[day, r, high], order[day, r, low]
        low += 1
        high -= 1
    measure(ground, work, day, r)
    return True


@inlined
def cross(
    ground: Ground, work: Work, price: Price, day: int, r: int, i: int, q: int, j: int, flip: bool, spare: Ints,
) -> bool:
    """2-opt*: join the head of route r up to i with the tail of q behind j, or with q's head turned round."""
    way, hours, order = ground.way, ground.hours, work.order
    u, x, v, y = order[day, r, i], order[day, r, i + 1], order[day, q, j], order[day, q, j + 1]
    change = (way[u, v] + way[x, y] if flip else way[u, y] + way[v, x]) - way[u, x] - way[v, y]
    now = paid(ground, work, price, day, r) + paid(ground, work, price, day, q)
    if change >= now:
        return False
    count_r, count_q = work.filled[day, r], work.filled[day, q]
    head_r, head_q = work.carried[day, r, i], work.carried[day, q, j]
    tail_r, tail_q = work.carried[day, r, count_r + 1] - head_r, work.carried[day, q, count_q + 1] - head_q
    load_r, load_q = (head_r + head_q, tail_r + tail_q) if flip else (head_r + tail_q, head_q + tail_r)
    time_r = time_q = 0.0
    if ground.timed:
        ahead_r, ahead_q = work.spent[day, r, i], work.spent[day, q, j]
        rest_r = work.spent[day, r, count_r + 1] - ahead_r - hours[u, x]
        rest_q = work.spent[day, q, count_q + 1] - ahead_q - hours[v, y]
        if flip:
            time_r, time_q = ahead_r + ahead_q + hours[u, v], rest_r + rest_q + hours[x, y]
        else:
            time_r, time_q = ahead_r + rest_q + hours[u, y], ahead_q + rest_r + hours[v, x]
    if change + over(ground, price, load_r, time_r) + over(ground, price, load_q, time_q) - now > -TINY:
        return False
    _join(ground, work, day, r, i, q, j, flip, spare)
    return True


@compiled
def _join(ground: Ground, work: Work, day: int, r: int, i: int, q: int, j: int, flip: bool, spare: Ints) -> None:
    a, b = work.order[day, r], work.order[day, q]
    count_r, count_q = work.filled[day, r], work.filled[day, q]
    tail = count_r - i
    for k in range(tail):
        spare[k] = a[i + 1 + k]
    if flip:
        for k in range(j):
            a[i + 1 + k] = b[j - k]
        rest = b[j + 1 : count_q + 1].copy()
        for k in range(tail):
            b[1 + k] = spare[tail - 1 - k]
        for k in range(rest.size):
            b[1 + tail + k] = rest[k]
        work.filled[day, r], work.filled[day, q] = i + j, tail + rest.size
    else:
        for k in range(count_q - j):
            a[i + 1 + k] = b[j + 1 + k]
        for k in range(tail):
            b[j + 1 + k] = spare[k]
        work.filled[day, r], work.filled[day, q] = i + count_q - j, j + tail
    measure(ground, work, day, r)
    measure(ground, work, day, q)


@inlined
def try_pair(
    ground: Ground, work: Work, price: Price, day: int, u: int, q: int, j: int, spare: Ints,
) -> bool:
    """The first improving move that brings site u behind position j of route q; True when one was made."""
    r, i = work.route[day, u], work.place[day, u]
    same = r == q
    for move in range(PIECES.shape[0]):
        ki, kj, flip = PIECES[move, 0], PIECES[move, 1], PIECES[move, 2] == 1
        if i + ki - 1 > work.filled[day, r] or (kj > 0 and (j == 0 or j + kj - 1 > work.filled[day, q])):
            continue
        begin = j + 1 if kj == 0 else j
        if same and begin + kj >= i and begin <= i + ki:
            continue
        if worth(ground, work, price, day, r, i, ki, q, begin, kj, flip) < -TINY:
            exchange(ground, work, day, r, i, ki, q, begin, kj, flip, spare)
            return True
    if same:
        low, high = min(i, j), max(i, j)
        return high - low > 1 and turn(ground, work, price, day, r, low, high)
    for way in range(2):  # noqa: SIM110, for the compiler knows no generators
        if cross(ground, work, price, day, r, i, q, j, way == 0, spare):
            return True
    return False


@compiled
def _to_empty(
    ground: Ground, work: Work, price: Price, day: int, u: int, changed: Ints, moves: int, spare: Ints,
) -> bool:
    """Begin an idle crew's route with site u, or with all that follows it, when that is cheaper."""
    for q in range(work.filled.shape[1]):
        if work.filled[day, q] == 0:
            r = work.route[day, u]
            if work.filled[day, r] > 1 and try_pair(ground, work, price, day, u, q, work.filled[day, q], spare):
                changed[r] = moves + 1
                changed[q] = moves + 1
                return True
            return False
    return False


@compiled
def improve_day(ground: Ground, work: Work, price: Price, day: int, turns: Ints, spare: Ints) -> None:
    """Improve one day's routes in the order of `turns`."""
    changed = work.stale[day].copy()
    tried = np.zeros(work.chosen.size, np.int64)
    moves, going, sweep = 1, True, 0
    while going and sweep < 1000:
        going = False
        for u in turns:
            if work.route[day, u] < 0:
                continue
            last, tried[u] = tried[u], moves
            met = 0
            for k in range(ground.near.shape[1]):
                v = ground.near[u, k]
                q = work.route[day, v]
                if q < 0:
                    continue
                met += 1
                if met > NEAR:
                    break
                if max(changed[work.route[day, u]], changed[q]) <= last:
                    continue
                r = work.route[day, u]
                for back in range(2 if work.place[day, v] == 1 else 1):
                    if try_pair(ground, work, price, day, u, q, work.place[day, v] - back, spare):
                        moves += 1
                        changed[r] = moves
                        changed[q] = moves
                        going = True
                        break
            if sweep > 0 and changed[work.route[day, u]] > last:
                going |= _to_empty(ground, work, price, day, u, changed, moves, spare)
        sweep += 1
        going |= sweep == 1
    work.stale[day] = 0


@compiled
def improve_days(ground: Ground, work: Work, price: Price, turns: Ints, spare: Ints) -> None:
    """Improve every day's routes until no near neighbour helps. turns: (days, n) sites in the order to try."""
    for day in range(work.filled.shape[0]):
        improve_day(ground, work, price, day, turns[day], spare)
