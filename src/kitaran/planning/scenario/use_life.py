"""First lives of the batteries of one use and chemistry in one economy, by age.

Worked out when they are looked at: a forecast needs kernels only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import Life
from kitaran.planning.fleet.survival import survival
from kitaran.planning.scenario.aged_kernel import QUARTERS
from kitaran.planning.scenario.battery_life import AGES, BatteryLife
from kitaran.planning.scenario.kernels import VehicleEnds
from kitaran.planning.scenario.life_changes import stretched

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ByTables:
    """Lives by the table `lifetimes`: nothing is known of what ends the battery, nor of its health."""

    battery_life: Life
    vehicle_life: Life

    @cached_property
    def battery(self) -> Array:
        return _alive(self.battery_life)

    @cached_property
    def vehicle(self) -> Array:
        return _alive(self.vehicle_life)

    @property
    def ended(self) -> Mapping[str, Array]:
        return {}

    @property
    def healthy(self) -> Array | None:
        return None


@dataclass(frozen=True)
class ByAgeing:
    """Lives by the ageing engine.

    mixed   : (place,) weights of the reference climates
    stretch : factor on the battery's ages
    """

    life: BatteryLife
    mixed: Array
    stretch: float
    ends: VehicleEnds

    @cached_property
    def ended(self) -> Mapping[str, Array]:
        alone = {"wear": self.life.worn.mixed(self.mixed), **self.life.other}
        if self.stretch != 1.0:
            alone = {name: stretched(alive, self.stretch) for name, alive in alone.items()}
        return {**alone, "accident": self.ends.accident[_YEARLY]}

    @cached_property
    def battery(self) -> Array:
        own = [alive for cause, alive in self.ended.items() if cause != "accident"]
        alive: Array = np.prod(own, axis=0)
        return alive

    @property
    def vehicle(self) -> Array:
        return self.ends.curve.alive[_YEARLY]

    @cached_property
    def healthy(self) -> Array | None:
        return self.life.worn.healthy_mixed(self.mixed)


@dataclass(frozen=True)
class UseLife:
    """First batteries of one use and chemistries in one economy, by age (AGES) and sample.

    share   : (sample,) part of the class that has this use
    first   : their lives, by the ageing engine or by tables
    outside : share of time outside the tested range of the models
    table_years : mean life of the battery by the table lifetimes [year]
    places  : in whose climate they live, the largest first; none by tables
    """

    use: str
    chemistry: str
    share: Array
    first: ByAgeing | ByTables
    outside: float
    table_years: float
    places: tuple[str, ...] = ()

    @property
    def by_model(self) -> bool:
        return self.life is not None

    @property
    def life(self) -> BatteryLife | None:
        return self.first.life if isinstance(self.first, ByAgeing) else None

    @property
    def battery(self) -> Array:
        """(age, sample) share of batteries that have not failed."""
        return self.first.battery

    @property
    def vehicle(self) -> Array:
        """(age, sample) share of vehicles still in use."""
        return self.first.vehicle

    @property
    def ended(self) -> Mapping[str, Array]:
        """By cause (wear, age, fault, accident), (age, sample) share that it alone would leave; empty by
        tables."""
        return self.first.ended

    @property
    def healthy(self) -> Array | None:
        """(age, limit, few) share of the batteries above the threshold whose state of health is above each of
        SOH_LIMITS, mixed over climates; None by tables."""
        return self.first.healthy


_YEARLY = slice(0, AGES.size * QUARTERS, QUARTERS)


def _alive(life: Life) -> Array:
    """Share alive at AGES by a table, (age, sample)."""
    return survival(life.family, life.mean, life.cv, AGES)
