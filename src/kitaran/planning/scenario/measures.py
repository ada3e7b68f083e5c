"""Quantities of the headline: an amount by year and sample, or the share of one amount in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """One quantity of one economy, or the sum of several.

    unit     : of `value`
    amount   : (year, sample)
    whole    : (year, sample) what the amount is a share of; None where it is no share
    like     : the retired quantity whose inputs it rests on beside its own
    rests_on : grade of each further input by its name
    """

    unit: str
    amount: Array
    whole: Array | None = None
    like: str = "retired_energy"
    rests_on: Mapping[str, str] | None = None

    @property
    def value(self) -> Array:
        """(year, sample); a share of nothing is zero."""
        if self.whole is None:
            return self.amount
        return np.divide(self.amount, self.whole, out=np.zeros_like(self.amount), where=self.whole != 0)

    def __add__(self, other: Measure) -> Measure:
        """The sum over places: numerators and denominators sample by sample, never a mean of shares."""
        whole = None if self.whole is None or other.whole is None else self.whole + other.whole
        return Measure(self.unit, self.amount + other.amount, whole, self.like)


Measures = Mapping[str, Measure]


def summed(one: Measures, other: Measures) -> dict[str, Measure]:
    """Sum by quantity; a quantity that only one of them has stands as it is."""
    total = dict(one)
    for name, measure in other.items():
        total[name] = total[name] + measure if name in total else measure
    return total
