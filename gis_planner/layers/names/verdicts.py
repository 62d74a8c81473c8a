"""What the evidence of a row says: same, doubtful, contradicts or none, and why in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gis_planner.layers.names.rows import Side, apart_m
from gis_planner.layers.names.similarity import Ints
from gis_planner.layers.names.weighing import EDGE, Pairs, spacing_m

SAME, DOUBTFUL, CONTRADICTS, NONE = "same", "doubtful", "contradicts", "none"
SURE, SHOW, NAMESAKE = 0.9, 0.25, 0.82
"""Least chance of a `same`; least chance that is worth a person's look; least likeness of one name."""
FAR_M, VERY_FAR_M, RIVAL = 5000.0, 20_000.0, 2.5
"""Beyond FAR_M (or six usual distances) nothing is `same`; beyond VERY_FAR_M one name in one parent area contradicts;
a claim within RIVAL log-odds of another is as good."""
_SWAP_SHARE, _SWAP_PAIR, _SWAP_LEAST_M = 0.25, 0.5, 150.0


@dataclass(frozen=True)
class Said:
    """One line of the answer: `pair` is the position of the pair that it speaks of, -1 for none."""

    pair: int
    verdict: str
    score: float
    why: str


class Judge:
    """Reads the pairs row by row; the rules are methods, in the order in which they speak."""

    def __init__(self, left: Side, right: Side, pairs: Pairs, chosen: Ints) -> None:
        self.left, self.right, self.pairs, self.chosen = left, right, pairs, chosen
        self.apart, self.alike = pairs.apart_m.tolist(), pairs.alike.tolist()
        self.start = np.searchsorted(pairs.i, np.arange(len(left) + 1)).tolist()
        order = np.argsort(pairs.j, kind="stable")
        self.by_right = order.tolist()
        self.right_start = np.searchsorted(pairs.j[order], np.arange(len(right) + 1)).tolist()
        self.holder = np.full(len(right), -1, dtype=np.int64)
        for pair in chosen[chosen >= 0]:
            self.holder[pairs.j[pair]] = pair
        spacing = spacing_m(right)
        self.here_m = float(np.clip(0.15 * spacing, 30, 250)) if np.isfinite(spacing) else 250.0
        self.near_m = max(1000.0, 3 * pairs.scale_m)
        self.far_m = max(FAR_M, 6 * pairs.scale_m)

    def __iter__(self) -> Iterator[Said]:
        return (self.say(row) for row in range(len(self.left)))

    def say(self, row: int) -> Said:
        """The verdict of one left row."""
        if self.start[row] == self.start[row + 1]:
            return Said(
                -1, NONE, 0.0, "no name" if not self._named(row) else "no name is like it, and nothing lies near"
            )
        pair = int(self.chosen[row])
        if pair < 0 or self.pairs.alike[pair] < 0.5:
            return self._alone(row)
        against = self._contradiction(pair)
        score = float(self.pairs.chance[pair])
        if against:
            return Said(pair, CONTRADICTS, min(score, 0.5), against)
        doubt = self._doubt(pair)
        if not doubt and score >= SURE:
            return Said(pair, SAME, score, self._facts(pair))
        if score >= SHOW:
            return Said(pair, DOUBTFUL, min(score, 0.89), f"{doubt or self._rivals(pair)}; {self._facts(pair)}")
        return Said(-1, NONE, score, f"nearest is {self._name(pair)}: {doubt or self._facts(pair)}")

    def _named(self, row: int) -> bool:
        return bool(self.left.spelled.start[row + 1] > self.left.spelled.start[row])

    def _contradiction(self, pair: int) -> str:
        return self._claimed_twice(pair) or self._other_parent(pair) or self._other_place(pair) or self._too_far(pair)

    def _claimed_twice(self, pair: int) -> str:
        """Another left row says as well that it is this right row, and has no other."""
        right = int(self.pairs.j[pair])
        mine = float(self.pairs.log_odds[pair])
        for other in self.by_right[self.right_start[right] : self.right_start[right + 1]]:
            if other == pair or self.alike[other] < NAMESAKE:
                continue
            theirs, row = float(self.pairs.log_odds[other]), int(self.pairs.i[other])
            held = int(self.chosen[row])
            free = held < 0 or held == other or self.pairs.log_odds[held] < min(theirs, 0.0)
            if free and theirs >= 0 and abs(mine - theirs) <= RIVAL:
                return (
                    f"claimed twice: left {self.left.labels[row]!r} ({self.left.names[row]}) fits the same right row; "
                    "its people would be counted twice"
                )
        return ""

    def _other_parent(self, pair: int) -> str:
        """One name, but two parent areas, with no distance that tells them apart."""
        p = self.pairs
        if p.parent[pair] >= 0 or p.alike[pair] < NAMESAKE:
            return ""
        a, b = self.left.parents[int(p.i[pair])], self.right.parents[int(p.j[pair])]
        if np.isnan(p.apart_m[pair]):
            return f"the same name in two parent areas: {a} and {b}, and no place tells which is right"
        if p.apart_m[pair] <= self.near_m:
            return f"one name and one place ({p.apart_m[pair]:.0f} m apart) but two parent areas: {a} and {b}"
        return ""

    def _other_place(self, pair: int) -> str:
        """The name says this row, the place says another: swapped centroids, or a centroid in another ward."""
        p, row = self.pairs, int(self.pairs.i[pair])
        here = float(p.apart_m[pair])
        if np.isnan(here) or here < _SWAP_LEAST_M:
            return ""
        for other in range(self.start[row], self.start[row + 1]):
            there = self.apart[other]
            if other == pair or not there < here or there > self.near_m or self.alike[other] >= self.alike[pair]:
                continue
            name = self.right.names[int(p.j[other])]
            if there < _SWAP_SHARE * here:
                return (
                    f"the name says right {self.right.labels[int(p.j[pair])]!r}, {here:.0f} m away, but the place is "
                    f"that of {self.right.labels[int(p.j[other])]!r} ({name}), {there:.0f} m away"
                )
            if self._crossed(pair, other):
                return f"the places of this row and of {name} look exchanged: each lies nearer to the other's namesake"
        return ""

    def _crossed(self, pair: int, other: int) -> bool:
        p, held = self.pairs, int(self.holder[int(self.pairs.j[other])])
        if held < 0 or p.alike[held] < NAMESAKE or not np.isfinite(p.apart_m[held]):
            return False
        mate = apart_m(self.left.globe[[p.i[held]]], self.right.globe[[p.j[pair]]])[0]
        return bool(p.apart_m[other] + mate < _SWAP_PAIR * (p.apart_m[pair] + p.apart_m[held]))

    def _too_far(self, pair: int) -> str:
        p = self.pairs
        if p.parent[pair] > 0 and p.alike[pair] >= NAMESAKE and p.apart_m[pair] > VERY_FAR_M:
            return f"name and parent area agree, but the two places are {p.apart_m[pair] / 1000:.0f} km apart"
        return ""

    def _doubt(self, pair: int) -> str:
        p = self.pairs
        if p.alike[pair] < NAMESAKE:
            return f"the names are only {p.alike[pair]:.2f} alike"
        if p.apart_m[pair] > self.far_m:
            return f"{p.apart_m[pair] / 1000:.1f} km apart"
        if p.parent[pair] < 0:
            return f"other parent area ({self.right.parents[int(p.j[pair])]})"
        return ""

    def _rivals(self, pair: int) -> str:
        p, row, right = self.pairs, int(self.pairs.i[pair]), int(self.pairs.j[pair])
        mine = float(p.log_odds[pair])
        others = [
            int(p.j[k])
            for k in range(self.start[row], self.start[row + 1])
            if k != pair and p.log_odds[k] >= max(mine - RIVAL, EDGE)
        ]
        if others:
            return "others fit as well: " + ", ".join(f"right {self.right.labels[k]!r}" for k in others[:3])
        rows = [
            int(p.i[k])
            for k in self.by_right[self.right_start[right] : self.right_start[right + 1]]
            if k != pair and p.log_odds[k] >= max(mine - RIVAL, EDGE)
        ]
        if rows:
            return "others claim it: " + ", ".join(f"left {self.left.labels[k]!r}" for k in rows[:3])
        return "little speaks for it"

    def _alone(self, row: int) -> Said:
        """A row that the assignment left without a partner."""
        p = self.pairs
        span = np.arange(self.start[row], self.start[row + 1])
        best = int(span[np.lexsort((p.j[span], -p.log_odds[span]))[0]])
        score = float(p.chance[best])
        held = int(self.holder[int(p.j[best])])
        if p.alike[best] >= NAMESAKE and held >= 0:
            twice = p.log_odds[best] >= 0 and p.log_odds[held] - p.log_odds[best] <= RIVAL
            other = int(p.i[held])
            text = f"left {self.left.labels[other]!r} ({self.left.names[other]})"
            if twice:
                return Said(
                    best,
                    CONTRADICTS,
                    min(score, 0.5),
                    f"claimed twice: {text} fits the same right row; its people would be counted twice",
                )
            if p.parent[best] >= 0 and not p.apart_m[best] > self.far_m:
                return Said(best, DOUBTFUL, min(score, 0.89), f"its namesake is joined to {text}, which fits better")
        here = self._same_place(row, span)
        if here >= 0:
            return here_said(self, row, here)
        return Said(-1, NONE, score, f"nearest is {self._name(best)}: {self._facts(best)}")

    def _same_place(self, row: int, span: Ints) -> int:
        """A right row on the very spot that nobody else holds, or -1."""
        p = self.pairs
        near = span[p.apart_m[span] <= self.here_m]
        near = near[(self.holder[p.j[near]] < 0) & (p.parent[near] >= 0)]
        return int(near[np.lexsort((p.j[near], p.apart_m[near]))[0]]) if near.size else -1

    def _name(self, pair: int) -> str:
        right = int(self.pairs.j[pair])
        return f"right {self.right.labels[right]!r} ({self.right.names[right]})"

    def _facts(self, pair: int) -> str:
        p = self.pairs
        words = ["same name" if p.alike[pair] >= 0.999 else f"names {p.alike[pair]:.2f} alike"]
        words += {1: ["same parent area"], -1: ["other parent area"], 0: []}[int(p.parent[pair])]
        if np.isfinite(p.apart_m[pair]):
            words.append(
                f"{p.apart_m[pair]:.0f} m apart"
                if p.apart_m[pair] < 10_000
                else f"{p.apart_m[pair] / 1000:.0f} km apart"
            )
        return ", ".join(words)


def here_said(judge: Judge, row: int, pair: int) -> Said:
    """Two rows on one spot with different names: a contradiction; a doubt where one has no name."""
    p, score = judge.pairs, float(judge.pairs.chance[pair])
    if not judge._named(row) or not judge.right.names[int(p.j[pair])]:
        return Said(pair, DOUBTFUL, max(score, SHOW), f"one has no name; {p.apart_m[pair]:.0f} m apart")
    return Said(
        pair,
        CONTRADICTS,
        min(score, 0.5),
        f"the same place ({p.apart_m[pair]:.0f} m apart) under two names: {judge.left.names[row]} and "
        f"{judge.right.names[int(p.j[pair])]}",
    )
