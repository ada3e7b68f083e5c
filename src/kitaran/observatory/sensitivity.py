"""Which sums over holders may be told: the threshold of five holders, and the p%-rule against four that pool.

A sum with contributions x1 >= x2 >= ... of its holders is sensitive if there are fewer than n of them, or if

    X - x1 - x2 - ... - xn  <  p/100 x1,      n = 5, p = 10

for then the holders 2 to n, who know what they have themselves, subtract it and know x1 to less than p %.
Contributions to a change have a sign; their size counts.

Source: Handbook on Statistical Disclosure Control (ESSnet, second edition), section 4.2, "Sensitive cells in
magnitude tables", p%-rule for coalitions of n - 1 respondents (footnote 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Final

FEWEST_HOLDERS: Final = 5
PERCENT: Final = 10

Amounts = tuple[int, int]
"""Batteries, and their nameplate energy in whole watt-hours."""
Cell = Mapping[str, Amounts]
"""What each holder has of a cell."""
Cohort = Mapping[str, Cell]
"""Cells of one vehicle class and year, by chemistry; each battery in one of them."""


def tellable(contributions: Iterable[int]) -> bool:
    """Whether a sum of these contributions of single holders may be told; those of zero do not count."""
    sizes = sorted((abs(one) for one in contributions if one), reverse=True)
    rest = sum(sizes[FEWEST_HOLDERS:])
    return len(sizes) >= FEWEST_HOLDERS and 100 * rest >= PERCENT * sizes[0]


def cell_tellable(cell: Cell) -> bool:
    """Whether number and energy of a cell may be told."""
    return all(tellable(amounts[place] for amounts in cell.values()) for place in (0, 1))


def change_tellable(before: Cohort, after: Cohort) -> bool:
    """Whether both states may be told: no difference of a cell, nor of any sum of cells, is sensitive.

    Sums are looked at because a battery whose chemistry is not told any more comes into another cell of its
    cohort: what is sensitive can hide between two changes that are not.
    """
    changed = [c for c in sorted({*before, *after}) if before.get(c, {}) != after.get(c, {})]
    moves = [_moves(before.get(chemistry, {}), after.get(chemistry, {})) for chemistry in changed]
    return all(_unmoved_or_tellable(_added(chosen)) for chosen in _subsets(moves))


def _moves(before: Cell, after: Cell) -> dict[str, Amounts]:
    """By holder, what a cell has more of than before."""
    none = (0, 0)
    found = {}
    for holder in {*before, *after}:
        old, new = before.get(holder, none), after.get(holder, none)
        found[holder] = (new[0] - old[0], new[1] - old[1])
    return found


def _subsets(moves: list[dict[str, Amounts]]) -> Iterator[tuple[dict[str, Amounts], ...]]:
    for size in range(1, len(moves) + 1):
        yield from combinations(moves, size)


def _added(moves: Iterable[Mapping[str, Amounts]]) -> dict[str, Amounts]:
    total: dict[str, Amounts] = {}
    for one in moves:
        for holder, (number, energy) in one.items():
            had = total.get(holder, (0, 0))
            total[holder] = (had[0] + number, had[1] + energy)
    return total


def _unmoved_or_tellable(moves: Mapping[str, Amounts]) -> bool:
    """A sum in which nobody's part has changed tells nothing."""
    for place in (0, 1):
        parts = [amounts[place] for amounts in moves.values()]
        if any(parts) and not tellable(parts):
            return False
    return True
