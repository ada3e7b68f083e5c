"""Retired batteries of an economy taken apart by what makes them many, to set beside what is reported.

One step of the forecast is let in after the other, so that each term is what its step adds and the terms
add up: the same sales all ending after one life, then the lives of classes and uses, then batteries that fail
before their vehicle and are replaced, then the faults of first packs, then the weight of early packs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import Kernel, Life, Lives, Replacement, SurvivalCurve, vehicle_kernel
from kitaran.planning.fleet.stock import outflow
from kitaran.planning.fleet.survival import Family
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.materials.packs import mass_factor
from kitaran.planning.scenario.battery_life import AGES
from kitaran.planning.scenario.economy_result import ClassResult, EconomyResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.lives import Kind
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.reference import FactTable, read

Array = NDArray[np.float64]

CLASSES = ("car", "van", "bus", "truck")
ONE_LIFE, USES, FAILURES, FIRST_PACKS, WEIGHT = TERMS = (
    "one life for all",
    "lives of classes and uses",
    "batteries that fail before the vehicle",
    "faults of first packs",
    "weight of early packs",
)
_SHOWN = slice(FIRST_YEAR - FIRST_COHORT, None)
_T_PER_GWH_AND_KG_PER_KWH = 1e3
_KernelOf = Callable[[Kind], Kernel]


@dataclass(frozen=True)
class Decomposition:
    """Mass of lithium batteries of cars, vans, buses and trucks that retire in an economy.

    terms  : by name, in order; (year, sample) what each adds, years from 2010  [t]
    by_class : by class, (year, sample) their sum                              [t]
    energy : (year, sample) nameplate energy of what retires                   [GWh]
    vehicles : (year, sample) batteries that retire                            [count]
    """

    economy: str
    terms: Mapping[str, Array]
    by_class: Mapping[str, Array]
    energy: Array
    vehicles: Array

    @property
    def total(self) -> Array:
        """(year, sample) [t]"""
        whole: Array = np.sum(list(self.terms.values()), axis=0)
        return whole

    def in_year(self, year: int) -> dict[str, float]:
        """Mean over samples of each term in a year [t]; means add up, medians do not."""
        return {name: float(term[year - FIRST_YEAR].mean()) for name, term in self.terms.items()}


def decompose(forecast: Forecast, result: EconomyResult) -> Decomposition:
    """Take apart what retires in an economy of a forecast by the ageing engine."""
    parts = [part for part in result.classes if part.vehicle_class in CLASSES]
    by_class = {part.vehicle_class: _steps(forecast, part) for part in parts}
    steps = np.sum(list(by_class.values()), axis=0)
    added = np.diff(steps, axis=0, prepend=np.zeros_like(steps[:1]))
    counted = np.sum([part.counted[:, :, _lithium()].sum(axis=2) for part in parts], axis=0)
    return Decomposition(
        result.economy,
        dict(zip(TERMS, added, strict=True)),
        {name: of_class[-1] for name, of_class in by_class.items()},
        counted[1],
        counted[0],
    )


def reported(economy: str, overrides: Path | None = None) -> FactTable:
    """What is reported of an economy, every source for itself."""
    return read("reported_retirements", overrides).where(economy=economy)


def _steps(forecast: Forecast, part: ClassResult) -> Array:
    """Mass that retires when each step is let in after those before it, (step, year, sample) [t]."""
    later = {kind.members: kind for kind in part.carried.kinds if not kind.cohorts[0]}
    plain = _private_car(forecast)
    rule = forecast.kernels.rule
    kernels: tuple[_KernelOf, ...] = (
        lambda kind: plain,
        lambda kind: _by_vehicle_alone(kind, rule),
        lambda kind: later.get(kind.members, kind).kernel,
        lambda kind: kind.kernel,
    )
    steps = [_mass(part, kernel, by_year=False) for kernel in kernels]
    return np.stack([*steps, _mass(part, kernels[-1], by_year=True)])


def _mass(part: ClassResult, kernel_of: _KernelOf, by_year: bool) -> Array:
    """Mass of what retires, (year, sample) [t].

    by_year : weigh a battery as its year of sale does; else as `composition` does in every year
    """
    entered = part.past.sold + part.past.adjustment.unrecorded  # of the years before a run's first
    entered[_SHOWN] = part.sold
    total = np.zeros_like(entered)
    for kind in part.carried.kinds:
        if kind.battery_type != "lithium":
            continue
        _, energy = part.carried.batteries(kind, entered)
        per_kwh = part.content[list(kind.members), 0][None]
        if by_year:
            names = [CHEMISTRIES[member] for member in kind.members]
            per_kwh = (
                per_kwh
                * np.stack([mass_factor(name, part.vehicle_class, COHORTS) for name in names], axis=1)[
                    :, :, None
                ]
            )
        total += outflow((energy * per_kwh).sum(axis=1), kernel_of(kind).retired)
    mass: Array = total[_SHOWN] * _T_PER_GWH_AND_KG_PER_KWH
    return mass


def _private_car(forecast: Forecast) -> Kernel:
    """Every vehicle ends once, with its battery, after the life that global models give the battery of a
    private car: the row of lifetimes for ALL economies."""
    rows = read("lifetimes", forecast.region.overrides).where(
        region="ALL", vehicle_class="car", use="private", component="battery", battery_type="lithium"
    )
    (row,) = rows.resolve()
    samples = forecast.assume.draws.samples
    life = Life(Family(row.text("family")), np.full(samples, row.central), row.number("cv") or 0.0)
    return vehicle_kernel(life, _never(samples), forecast.kernels.rule, len(COHORTS), 4)


def _by_vehicle_alone(kind: Kind, rule: Replacement) -> Kernel:
    """Batteries that end with their vehicle only, mixed over uses."""
    kernels = []
    for use in kind.uses:
        ends: Lives = SurvivalCurve(AGES, use.vehicle)
        kernel = vehicle_kernel(ends, _never(use.share.size), rule, len(COHORTS), 4)
        kernels.append((kernel, use.share))
    names = ("retired", "installed", "in_use")
    return Kernel(*(np.sum([getattr(k, name) * share for k, share in kernels], axis=0) for name in names))


def _never(samples: int) -> SurvivalCurve:
    """Batteries that outlast every vehicle."""
    return SurvivalCurve(AGES, np.ones((AGES.size, samples)))


def _lithium() -> list[int]:
    return [index for index, name in enumerate(CHEMISTRIES) if name != "lead_acid"]
