"""Plain arrays as they are given to a projection: checked, with the systems on one last axis.

Systems are whatever stands side by side: economies, classes, chemistries, samples. Inside, they are one
axis; an axis of length one there means that all systems share the figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]


def array_of(
    name: str,
    value: ArrayLike,
    lead: tuple[int, ...],
    systems: tuple[int, ...],
    lowest: float = 0.0,
    highest: float = np.inf,
) -> Array:
    """A figure by leading axes and system, (*lead, S), S = 1 where all systems share it.

    value : (*lead, *systems), or fewer axes: (*lead,) and a number hold for all; axes of systems broadcast
    Raises InputError for another shape, a value that is no number, or one outside lowest..highest.
    """
    given = numbers(name, value, lowest, highest)
    if given.ndim <= len(lead):
        return np.broadcast_to(_shaped(name, given, lead), lead)[..., None]
    return flat(name, given, lead, systems)


def numbers(name: str, value: ArrayLike, lowest: float = 0.0, highest: float = np.inf) -> Array:
    """The array as float64, every value a number within lowest..highest."""
    try:
        given = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name} is not an array of numbers.", name, "Give numbers of even shape."
        ) from error
    if not np.isfinite(given).all():
        where = np.argwhere(~np.isfinite(given))[0].tolist()
        raise InputError(
            f"{name} holds {given[tuple(where)]}{_at(where)}.", name, "Give a number, or zero for none."
        )
    if given.size and not (given.min() >= lowest and given.max() <= highest):
        where = np.argwhere((given < lowest) | (given > highest))[0].tolist()
        bound = f"at least {lowest:g}" if np.isinf(highest) else f"between {lowest:g} and {highest:g}"
        raise InputError(
            f"{name} is {given[tuple(where)]:g}{_at(where)}.", name, f"Give values that are {bound}."
        )
    return given


def _at(where: list[int]) -> str:
    """Where in an array a fault is; nothing for a number."""
    return f" at index {where}" if where else ""


def _shaped(name: str, given: Array, lead: tuple[int, ...]) -> Array:
    if given.ndim and given.shape != lead:
        raise InputError(
            f"{name} has the shape {given.shape}, and {lead} was expected.", name, "Give one value for each."
        )
    return given


def flat(name: str, given: Array, lead: tuple[int, ...], systems: tuple[int, ...]) -> Array:
    """An array (*lead, *systems) with its systems on one axis, or one where all share it."""
    if given.ndim == len(lead) and given.shape == lead:
        return given[..., None]
    own = given.shape[len(lead) :]
    fits = len(own) == len(systems) and all(a in (1, b) for a, b in zip(own, systems, strict=True))
    if given.shape[: len(lead)] != lead or not fits:
        raise InputError(
            f"{name} has the shape {given.shape}, and {(*lead, *systems)} was expected.",
            name,
            "Give time and age first, then the axes of the sales; an axis of length one holds for all.",
        )
    if all(size == 1 for size in own):
        return given.reshape(*lead, 1)
    return np.broadcast_to(given, (*lead, *systems)).reshape(*lead, -1)


@dataclass(frozen=True)
class ByAge:
    """A figure by vehicle age, and perhaps by interval.

    values : (interval or 1, age, S); age = completed years since sale, the last value holds for all older
    step   : length of a step [year]
    """

    values: Array
    step: float

    def at(self, interval: int, age_steps: NDArray[np.intp]) -> Array:
        """The figure for vehicles of ages in steps: (vehicle, S)."""
        row = self.values[min(interval, self.values.shape[0] - 1)]
        return np.asarray(row[self.classes(age_steps)])

    def classes(self, age_steps: NDArray[np.intp]) -> NDArray[np.intp]:
        """Age class of ages in steps."""
        years = np.floor(age_steps * self.step + 1e-6).astype(np.intp)
        return np.asarray(np.clip(years, 0, self.values.shape[1] - 1), dtype=np.intp)

    def of(self, systems: slice) -> ByAge:
        return ByAge(block(self.values, systems), self.step)


def by_age(
    name: str,
    value: ArrayLike,
    intervals: int,
    systems: tuple[int, ...],
    step: float,
    highest: float = np.inf,
) -> ByAge:
    """A figure by age: a number, (age,), (age, *systems) or (interval, age, *systems)."""
    given = numbers(name, value, 0.0, highest)
    if given.ndim == 0:
        return ByAge(given.reshape(1, 1, 1), step)
    if given.ndim == 2 + len(systems):
        return ByAge(array_of(name, given, (intervals, given.shape[1]), systems), step)
    return ByAge(array_of(name, given, (given.shape[0],), systems)[None], step)


def block(figure: Array, systems: slice) -> Array:
    """The part of a figure that belongs to a block of systems."""
    return figure if figure.shape[-1] == 1 else figure[..., systems]
