"""Batteries of one kind, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.lot import Kind, Lot


@dataclass(frozen=True)
class Part:
    """Batteries of one kind, (battery, 1) each."""

    kind: Kind
    kwh: Array
    mass_kg: Array
    soh_low: Array
    soh: Array
    soh_high: Array
    age: Array

    @classmethod
    def of(cls, kind: Kind, lot: Lot, at: NDArray[np.intp]) -> Part:
        def column(values: Array) -> Array:
            return values[at][:, None]

        return cls(
            kind,
            column(lot.kwh),
            column(lot.mass_kg),
            column(lot.soh_low),
            column(lot.soh),
            column(lot.soh_high),
            column(lot.age),
        )
