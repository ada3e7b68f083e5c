"""Lives as they are given to a projection: survival by age, a distribution, or a table by interval.

A life holds for all cohorts or for each. What is alive at the end of each period follows in `alive_after`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.given import array_of, block, flat, numbers
from kitaran.planning.fleet.kernels import Life
from kitaran.planning.fleet.survival import mean_life_until, survival

Array = NDArray[np.float64]
_RISE = 1e-9  # a survival may rise by rounding of its source


@dataclass(frozen=True)
class Tabulated:
    """Share in use at the end of each interval by cohort: (cohort, interval, *systems); what lies before the
    cohort's own interval is not read. The survival matrix of ODYM and flodym, cohort first. Checked when
    made, so that one table serves many projections.

    Raises InputError for values outside 0..1 and shares that grow within a cohort.
    """

    alive: Array

    def __post_init__(self) -> None:
        given = np.asarray(self.alive, dtype=np.float64)
        if given.ndim < 2 or given.shape[0] != given.shape[1]:
            raise InputError(
                f"A table of shape {given.shape} is not by cohort and interval.",
                "Tabulated",
                "Give (cohort, interval, *systems), a cohort for each interval.",
            )
        for cohort in range(given.shape[0]):
            own = numbers("Tabulated", given[cohort, cohort:], 0.0, 1.0 + _RISE)
            _falling("Tabulated", own.reshape(1, own.shape[0], -1))
        object.__setattr__(self, "alive", given)


@dataclass(frozen=True)
class Curve:
    """Share alive by age: age (age,) [year], alive (cohort or 1, age, S); linear between ages, zero after the
    last."""

    age: Array
    alive: Array

    @property
    def by_cohort(self) -> bool:
        return bool(self.alive.shape[0] > 1)

    @cached_property
    def _so_far(self) -> Array:
        steps = 0.5 * (self.alive[:, 1:] + self.alive[:, :-1]) * np.diff(self.age)[:, None]
        return np.concatenate([np.zeros_like(self.alive[:, :1]), np.cumsum(steps, axis=1)], axis=1)

    def at(self, age: Array, cohort: int) -> Array:
        """Share alive at ages, (age, S)."""
        row = self.alive[min(cohort, self.alive.shape[0] - 1)]
        below, into = self._place(age)
        rest = 1.0 - into
        between = row[below] * rest[:, None] + row[below + 1] * into[:, None]
        between[age > self.age[-1] + 1e-9] = 0.0
        return np.asarray(between)

    def lived(self, age: Array, cohort: int) -> Array:
        """Mean years lived before ages, (age, S): the integral of survival."""
        chosen = min(cohort, self.alive.shape[0] - 1)
        row = self.alive[chosen]
        below, into = self._place(age)
        width = np.diff(self.age)[below]
        fall = (row[below + 1] - row[below]) * into[:, None]
        part = (row[below] + 0.5 * fall) * (into * width)[:, None]
        return np.asarray(self._so_far[chosen][below] + part)

    def _place(self, age: Array) -> tuple[NDArray[np.intp], Array]:
        held = np.minimum(age, self.age[-1])
        below = np.clip(np.searchsorted(self.age, held, side="right") - 1, 0, self.age.size - 2)
        return below, (held - self.age[below]) / np.diff(self.age)[below]

    def of(self, systems: slice) -> Curve:
        return replace(self, alive=block(self.alive, systems))

    def times(self, other: Curve) -> Curve:
        """Both must be survived: the product, at the ages of both."""
        age = np.union1d(self.age, other.age)
        cohorts = max(self.alive.shape[0], other.alive.shape[0])
        return Curve(age, np.stack([self.at(age, c) * other.at(age, c) for c in range(cohorts)]))


@dataclass(frozen=True)
class Distribution:
    """Lives of a family: mean and cv each (cohort or 1, S) [year], [1]."""

    life: Life

    @property
    def by_cohort(self) -> bool:
        return bool(max(self.life.mean.shape[0], np.asarray(self.life.cv).shape[0]) > 1)

    def _row(self, cohort: int) -> tuple[Array, Array]:
        mean, cv = self.life.mean, np.asarray(self.life.cv)
        return mean[min(cohort, mean.shape[0] - 1)], cv[min(cohort, cv.shape[0] - 1)]

    def at(self, age: Array, cohort: int) -> Array:
        mean, cv = self._row(cohort)
        return survival(self.life.family, mean, cv, age)

    def lived(self, age: Array, cohort: int) -> Array:
        mean, cv = self._row(cohort)
        return mean_life_until(self.life.family, mean, cv, age)

    def of(self, systems: slice) -> Distribution:
        cv = block(np.asarray(self.life.cv), systems)
        return Distribution(Life(self.life.family, block(self.life.mean, systems), cv))


@dataclass(frozen=True)
class Table:
    """`Tabulated`, checked: alive (cohort, period, S)."""

    alive: Array
    by_cohort = True

    def of(self, systems: slice) -> Table:
        return Table(block(self.alive, systems))


Lives = Curve | Distribution | Table
LivesGiven = ArrayLike | Life | Tabulated


def lives_of(
    name: str,
    value: LivesGiven,
    cohorts: int,
    systems: tuple[int, ...],
    ages: ArrayLike | None = None,
) -> Lives:
    """Lives as given.

    value  : survival (age,), (age, *systems) or (cohort, age, *systems), a share that does not rise; or
             `Life` with mean and cv of a number, (*systems) or (cohort, *systems); or `Tabulated`
    ages   : (age,) of a survival curve, by default 0, 1, 2, ...                               [year]
    Raises InputError for other shapes, values outside 0..1, a survival that rises.
    """
    if isinstance(value, Tabulated):
        return Table(flat(name, value.alive, (cohorts, cohorts), systems))
    if isinstance(value, Life):
        mean = _of_cohorts(f"{name}.mean", value.mean, cohorts, systems)
        return Distribution(Life(value.family, mean, _of_cohorts(f"{name}.cv", value.cv, cohorts, systems)))
    given = numbers(name, value, 0.0, 1.0 + _RISE)
    if given.ndim == 0:
        raise InputError(f"{name} is one number.", name, "Give the share alive by age, or a Life.")
    if given.ndim == 2 + len(systems):
        alive = array_of(name, given, (cohorts, given.shape[1]), systems)
    else:
        alive = array_of(name, given, (given.shape[0],), systems)[None]
    return Curve(_ages_of(name, ages, alive.shape[1]), _falling(name, alive))


def _of_cohorts(name: str, value: ArrayLike, cohorts: int, systems: tuple[int, ...]) -> Array:
    given = numbers(name, value)
    if given.ndim == 1 + len(systems):
        return array_of(name, given, (cohorts,), systems)
    if given.ndim not in (0, len(systems)):
        array_of(name, given, (cohorts,), systems)
    return array_of(name, given, (), systems)[None]


def _ages_of(name: str, ages: ArrayLike | None, count: int) -> Array:
    age = np.arange(count, dtype=np.float64) if ages is None else numbers("ages", ages)[:count]
    if age.shape != (count,) or age[0] != 0.0 or count < 2 or not np.all(np.diff(age) > 0):
        raise InputError(
            f"{name} has {count} ages, and its ages do not fit.",
            "ages",
            "Give at least two ages that increase from 0, one for each value of the survival.",
        )
    return age


def _falling(name: str, alive: Array) -> Array:
    """The survival, if no row of it rises."""
    for cohort, row in enumerate(alive):
        rise = np.diff(row, axis=0)
        if rise.size and not rise.max() <= _RISE:
            age, system = np.argwhere(rise > _RISE)[0].tolist()
            raise InputError(
                f"{name} rises after age index {age} of cohort {cohort}, system {system}.",
                name,
                "A share that is alive cannot grow; give a lifetime pdf through alive_from_pdf.",
            )
    return alive


def alive_from_pdf(pdf: ArrayLike, axis: int = 0) -> Array:
    """Survival by age from the share of a cohort that dies in each year of age.

    pdf     : (..., age, ...) share that dies between age k and k + 1, summing to at most 1
    axis    : of age
    returns : (..., age + 1, ...) share alive at ages 0, 1, 2, ...
    """
    dying = np.moveaxis(numbers("pdf", pdf, 0.0, 1.0 + _RISE), axis, 0)
    alive = 1.0 - np.cumsum(np.concatenate([np.zeros_like(dying[:1]), dying]), axis=0)
    if alive.size and alive.min() < -1e-9:
        raise InputError("A lifetime pdf sums to more than 1.", "pdf", "Divide it by its sum.")
    return np.moveaxis(np.maximum(alive, 0.0), 0, axis)
