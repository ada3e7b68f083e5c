"""Second-hand trade and change of chemistry: vehicles that move from one system to another.

Vehicles move with the battery that they have. What leaves one system arrives in others or outside them;
nothing is lost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.given import numbers

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SecondHand:
    """Used vehicles that leave and arrive at the end of each step.

    export_share : share of the vehicles of an age that leaves in a year: a number, (age,), (age, *systems) or
                   (interval, age, *systems)                                                  [1/year]
    export_count : vehicles of each age that leave in an interval, (interval, age, *systems); more than there
                   are cannot leave, and the rest is reported                                      [vehicle]
    import_count : vehicles of each age that arrive from outside, (interval, age, *systems), each with a
                   battery as old as itself [vehicle]
    routing      : (from, to) or (interval, from, to) share of what leaves one system that arrives in another,
                   along one axis of the systems; rows sum to at most 1, the rest leaves for outside
                   [fraction]
    axis         : the axis of the systems along which it routes (0: the first after time)
    """

    export_share: ArrayLike = 0.0
    export_count: ArrayLike | None = None
    import_count: ArrayLike | None = None
    routing: ArrayLike | None = None
    axis: int = 0


def second_hand_of(trade: ArrayLike | SecondHand | None) -> SecondHand | None:
    """Trade as given; of a plain array of counts, (interval, age, *systems), what is above zero arrives from
    outside and what is below zero leaves."""
    if trade is None or isinstance(trade, SecondHand):
        return trade
    counts = numbers("trade", trade, -np.inf)
    return SecondHand(export_count=np.maximum(-counts, 0.0), import_count=np.maximum(counts, 0.0))


@dataclass(frozen=True)
class Conversion:
    """A failed battery replaced by one of another chemistry; the vehicle moves to that system.

    shares : (from, to) or (interval, from, to), rows sum to 1                                 [fraction]
    axis   : the axis of the systems that holds the chemistries
    """

    shares: ArrayLike
    axis: int = -1


@dataclass(frozen=True)
class Moves:
    """Shares (interval or 1, from, to) along one axis of the systems."""

    shares: Array
    axis: int
    systems: tuple[int, ...]

    def moved(self, leaving: Array, interval: int) -> Array:
        """What arrives in each system of what leaves each: (..., S) to (..., S)."""
        matrix = self.shares[min(interval, self.shares.shape[0] - 1)]
        apart = leaving.reshape(*leaving.shape[:-1], *self.systems)
        axis = leaving.ndim - 1 + self.axis
        arriving = np.moveaxis(np.tensordot(apart, matrix, axes=(axis, 0)), -1, axis)
        return arriving.reshape(leaving.shape)


def moves_of(
    name: str, shares: ArrayLike, axis: int, intervals: int, systems: tuple[int, ...], whole: bool
) -> Moves:
    """Shares of what moves, checked; with `whole`, rows must sum to 1, otherwise to at most 1.

    Raises InputError for a wrong shape or axis, shares outside 0..1, and rows that sum to something else.
    """
    given = numbers(name, shares, 0.0, 1.0 + 1e-9)
    if not -len(systems) <= axis < len(systems):
        raise InputError(
            f"{name} runs along axis {axis} of systems of shape {systems}.", name, "Name an axis that exists."
        )
    count = systems[axis]
    path = given[None] if given.ndim == 2 else given
    if path.ndim != 3 or path.shape[1:] != (count, count) or path.shape[0] not in (1, intervals):
        raise InputError(
            f"{name} has the shape {given.shape}.",
            name,
            f"Give ({count}, {count}) shares from and to, or one such matrix for each interval.",
        )
    total = path.sum(axis=-1)
    if np.any(total > 1 + 1e-9) or (whole and np.any(total < 1 - 1e-9)):
        raise InputError(
            f"A row of {name} sums to {total.flat[np.argmax(np.abs(total - 1))]:g}.",
            name,
            "Rows are shares of what leaves one system; they sum to 1" + ("." if whole else " or less."),
        )
    return Moves(path, axis % len(systems), systems)
