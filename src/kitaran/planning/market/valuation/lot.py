"""What is valued: arrays of batteries, checked once, and put into groups that share every word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.figures import Array

VEHICLE, PACK, MODULE, CELLS, BLACK_MASS = FORMS = ("vehicle", "pack", "module", "cells", "black_mass")
SOUND, UNKNOWN, DAMAGED = CONDITIONS = ("sound", "unknown", "damaged")
NO_VEHICLE = ""
VEHICLE_CLASSES = ("e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck")
LEAST_KWH, MOST_KWH = 0.05, 2000.0
MOST_KG = 1e8
HIGHEST_SOH = 1.2
OLDEST = 60.0


class Kind(NamedTuple):
    """Words that batteries of one group share."""

    chemistry: str
    economy: str
    form: str
    condition: str
    application: str
    vehicle_class: str


@dataclass(frozen=True)
class Lot:
    """Batteries, (battery,) each.

    kwh      : nameplate energy [kWh]; NaN for black mass
    mass_kg  : given mass [kg]; NaN where it follows from the chemistry
    soh_low, soh, soh_high : state of health and its P5 and P95; NaN where nobody has tested
    age      : years since the battery was new; NaN where nobody knows
    kinds    : the groups, and `group` the place of each battery in them
    """

    kwh: Array
    mass_kg: Array
    soh_low: Array
    soh: Array
    soh_high: Array
    age: Array
    kinds: tuple[Kind, ...]
    group: NDArray[np.intp]

    @property
    def size(self) -> int:
        return int(self.kwh.size)

    def blocks(self, at_once: int) -> Iterator[tuple[Kind, NDArray[np.intp]]]:
        """Places of batteries of one kind, at most so many at once."""
        order = np.argsort(self.group, kind="stable")
        edges = np.searchsorted(self.group[order], np.arange(len(self.kinds) + 1))
        for index, kind in enumerate(self.kinds):
            for start in range(edges[index], edges[index + 1], at_once):
                yield kind, order[start : min(start + at_once, edges[index + 1])]


def lot(
    chemistry: str | Sequence[str],
    kwh: ArrayLike,
    economy: str | Sequence[str],
    soh: ArrayLike | None,
    soh_low: ArrayLike | None,
    soh_high: ArrayLike | None,
    age: ArrayLike | None,
    form: str | Sequence[str],
    condition: str | Sequence[str],
    application: str | Sequence[str],
    vehicle_class: str | Sequence[str],
    mass_kg: ArrayLike | None,
) -> Lot:
    """Checked and spread to one length; InputError names the first that cannot be."""
    words = [chemistry, economy, form, condition, application, vehicle_class]
    numbers = [kwh, soh, soh_low, soh_high, age, mass_kg]
    try:
        texts = [np.atleast_1d(np.asarray(each, np.str_)) for each in words]
        values = [np.atleast_1d(np.asarray(np.nan if each is None else each, np.float64)) for each in numbers]
        size = np.broadcast_shapes(*(each.shape for each in (*texts, *values)))
    except (TypeError, ValueError) as error:
        raise InputError(f"The batteries do not fit together: {error}", "lot", "Give one length.") from error
    if len(size) != 1:
        raise InputError("Batteries stand in one row.", "lot", "Give arrays of one dimension.")
    texts = [np.broadcast_to(each, size) for each in texts]
    energy, health, low, high, years, mass = (np.broadcast_to(each, size).astype(float) for each in values)
    low, high = np.where(np.isnan(low), health, low), np.where(np.isnan(high), health, high)
    _check_words(*texts)
    black = texts[2] == BLACK_MASS
    _check_numbers(energy, mass, black, low, health, high, years)
    texts[5] = np.where(texts[2] == VEHICLE, texts[5], NO_VEHICLE)
    rows = np.stack(texts, axis=1)
    kinds, group = np.unique(rows, axis=0, return_inverse=True)
    return Lot(
        kwh=np.where(black, np.nan, energy),
        mass_kg=mass,
        soh_low=low,
        soh=health,
        soh_high=high,
        age=years,
        kinds=tuple(Kind(*(str(cell) for cell in row)) for row in kinds),
        group=np.asarray(group, np.intp).reshape(-1),
    )


def _check_words(
    chemistry: NDArray[np.str_],
    economy: NDArray[np.str_],
    form: NDArray[np.str_],
    condition: NDArray[np.str_],
    application: NDArray[np.str_],
    vehicle_class: NDArray[np.str_],
) -> None:
    known = {
        "chemistry": (chemistry, reference.read("composition").meta.columns["chemistry"].values),
        "economy": (economy, tuple(each.code for each in reference.economies())),
        "form": (form, FORMS),
        "condition": (condition, CONDITIONS),
        "application": (
            application,
            tuple(row.text("application") for row in reference.read("value_applications")),
        ),
        "vehicle_class": (vehicle_class, VEHICLE_CLASSES),
    }
    for name, (given, allowed) in known.items():
        if wrong := sorted(set(np.unique(given).tolist()) - set(allowed)):
            raise InputError(
                f"There is no {name} {wrong[0]!r}.", name, f"Choose one of {', '.join(allowed)}."
            )


def _check_numbers(
    kwh: Array, mass: Array, black: NDArray[np.bool_], low: Array, soh: Array, high: Array, age: Array
) -> None:
    energy = kwh[~black]
    if not np.all((energy >= LEAST_KWH) & (energy <= MOST_KWH)):
        raise InputError(
            "Nameplate energy is missing or cannot be.", "kwh", f"Give {LEAST_KWH:g} to {MOST_KWH:g} kWh."
        )
    if not np.all(np.isnan(mass) | ((mass > 0) & (mass <= MOST_KG))) or np.any(np.isnan(mass[black])):
        raise InputError(
            "A mass is missing or cannot be.", "mass_kg", "Give kg above 0; black mass needs it."
        )
    tested = ~np.isnan(soh)
    fit = (low <= soh) & (soh <= high) & (low > 0) & (high <= HIGHEST_SOH)
    if not np.all(fit | ~tested):
        raise InputError(
            "A state of health or its range cannot be.",
            "soh",
            "Give fractions above 0, the low one first; leave all three out where nobody tested.",
        )
    if np.any(~tested & ~(np.isnan(low) & np.isnan(high))):
        raise InputError("A range of health stands without its middle.", "soh", "Give the middle too.")
    if not np.all(np.isnan(age) | ((age >= 0) & (age <= OLDEST))):
        raise InputError("An age cannot be.", "age", f"Give 0 to {OLDEST:g} years.")
