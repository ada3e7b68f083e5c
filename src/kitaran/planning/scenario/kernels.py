"""Kernels of vehicles with batteries of one kind, each made once a run.

Two ways, never mixed within one use and chemistry: by the table `lifetimes`, or by the ageing engine, in each
reference climate that is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import Kernel, Life, Replacement, SurvivalCurve, vehicle_kernel
from kitaran.planning.fleet.survival import Family, survival
from kitaran.planning.lifetime.survival import without_event
from kitaran.planning.scenario.aged_kernel import QUARTERS, Vehicle, flows_in_climates
from kitaran.planning.scenario.ageing import Ageing
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.battery_life import BatteryLife
from kitaran.planning.scenario.life_changes import Change
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import Row

Array = NDArray[np.float64]


@dataclass(frozen=True)
class VehicleEnds:
    """Survival of vehicles by quarters of age: in all, and what accidents alone would leave."""

    curve: SurvivalCurve
    accident: Array
    years: int

    @cached_property
    def by_quarter(self) -> Vehicle:
        return Vehicle.of(self.curve, self.years)


@dataclass
class Kernels:
    """Kernels of kinds of vehicles, each made once a run: economies that share rows share kernels."""

    assumptions: Assumptions
    ageing: Ageing
    years: int
    _made: dict[tuple[object, ...], Kernel] = field(default_factory=dict)
    _aged: dict[tuple[object, ...], dict[int, Array]] = field(default_factory=dict)
    _vehicles: dict[tuple[object, ...], VehicleEnds] = field(default_factory=dict)

    @property
    def draws(self) -> Draws:
        return self.assumptions.draws

    @property
    def rule(self) -> Replacement:
        return Replacement(
            self.assumptions.sampled("replacement_worth_share"),
            self.assumptions.sampled("replacement_probability"),
        )

    def by_tables(self, vehicle: tuple[Row, Change], battery: tuple[Row, Change]) -> Kernel:
        """Kernel of a vehicle and its battery; each a row of lifetimes and what the scenario changes."""
        key = tuple((row.id, row.cells, change) for row, change in (vehicle, battery))
        if key not in self._made:
            self._made[key] = vehicle_kernel(self.life(*vehicle), self.life(*battery), self.rule, self.years)
        return self._made[key]

    def forget(self) -> None:
        """Give the memory of kernels and lives back, when no economy is left to forecast."""
        for kept in (self._made, self._aged, self._vehicles):
            kept.clear()
        self.ageing.forget()

    def life(self, row: Row, change: Change) -> Life:
        mean = self.draws.figure(row.id, row.value, row.low, row.high, grade=row.grade)
        factor, whole = change
        scaled = mean * (factor / row.central) if whole else mean * factor
        return Life(Family(row.text("family")), scaled, row.number("cv") or 0.0)

    def vehicle_ends(self, vehicle: tuple[Row, Change], accident: Row, limit: Row | None) -> VehicleEnds:
        """A vehicle that scrappage, accidents and, where there is one, the age that law sets take away."""
        row, change = vehicle
        key = (row.id, row.cells, change, accident.id, limit.id if limit else "")
        if key not in self._vehicles:
            grid = np.arange((self.years + 1) * QUARTERS + 1) / QUARTERS
            scrapped = self.life(row, change)
            met = without_event(grid, self.ageing.sampled(accident))
            alive = survival(scrapped.family, scrapped.mean, scrapped.cv, grid) * met
            if limit is not None:
                alive = alive * (grid < limit.central)[:, None]
            self._vehicles[key] = VehicleEnds(SurvivalCurve(grid, alive), met, self.years)
        return self._vehicles[key]

    def by_engine(
        self,
        key: tuple[object, ...],
        vehicle: VehicleEnds,
        battery: BatteryLife,
        stretch: float,
        mixed: Array,
    ) -> Kernel:
        """Kernel of a vehicle whose battery retires by the ageing engine, mixed over reference climates.

        key     : names vehicle, battery and stretch
        stretch : factor on the battery's ages
        mixed   : (place,) weights of the reference climates
        Kept are only the flows in each climate that is asked for: the stock is what they leave.
        """
        flows = self._aged.setdefault(key, {})
        asked = np.flatnonzero(mixed).tolist()
        missing = [place for place in asked if place not in flows]
        if missing:
            alive = np.stack([battery.alive_in(place) for place in missing])
            made = flows_in_climates(vehicle.by_quarter, alive, stretch, self.rule)
            flows.update(zip(missing, made.swapaxes(0, 1), strict=True))
        mixture = np.zeros((2, self.years, self.draws.samples))
        for place in asked:
            mixture += mixed[place] * flows[place]
        retired, installed = mixture
        return Kernel(retired, installed, 1.0 + np.cumsum(installed - retired, axis=0))
