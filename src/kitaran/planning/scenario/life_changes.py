"""What a scenario changes of the lives of vehicles and batteries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import SurvivalCurve
from kitaran.planning.scenario.battery_life import AGES, BatteryLife
from kitaran.planning.scenario.model import LifeChange
from kitaran.reference import Row

Array = NDArray[np.float64]
Change = tuple[float, bool]  # factor on mean life, or the mean life itself with True

UNCHANGED = (1.0, False)


def life_change(
    changes: Sequence[LifeChange],
    economy: str,
    vehicle_class: str,
    use: str,
    component: str,
    battery_type: str,
) -> Change:
    """Factor on mean life, or the mean life itself with True; (1, False) if nothing fits."""
    for change in changes:
        fits = (
            change.component == component
            and economy in (change.economies or (economy,))
            and change.vehicle_class in (None, vehicle_class)
            and change.use in (None, use)
            and (component == "vehicle" or change.battery_type in (None, battery_type))
        )
        if fits:
            return change.value, change.unit == "year"
    return UNCHANGED


def table_years(row: Row, change: Change) -> float:
    """Mean life by the table lifetimes, with what the scenario changes [year]."""
    value, whole = change
    return value if whole else row.central * value


def stretch_of(change: Change, life: BatteryLife, mixed: Array) -> float:
    """Factor on a battery's ages that makes a scenario's change."""
    value, whole = change
    if not whole:
        return value
    alive = np.sum([share * life.alive_in(place) for place, share in enumerate(mixed) if share], axis=0)
    return value / float(SurvivalCurve(AGES, alive).mean.mean())


def stretched(alive: Array, stretch: float) -> Array:
    """Survival at AGES of lives whose ages are stretched."""
    at = np.minimum(AGES / stretch, AGES[-1])
    below = np.minimum(at.astype(int), AGES.size - 2)
    part = (at - below)[:, None]
    value: Array = alive[below] * (1 - part) + alive[below + 1] * part
    return value
