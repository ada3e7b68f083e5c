"""Used electric vehicles that leave an economy: how many of which age, and to whom they are sent.

The exporter's cohorts are projected first; what leaves them is a share of each cohort, scaled to the counts
of `used_trade`. It is sent to partners by shares; the rest leaves the region or nobody tells where it went.
Means over the samples: in all of them a year has one part of used vehicles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import KitaranError
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.trade_kernels import leaving_by_age
from kitaran.reference import FactTable, Row, read

Array = NDArray[np.float64]

COUNTS, PARAMETERS, ROLE = "used_trade", "used_trade_parameters", "history"
OUTSIDE = "outside"
BALANCED = 1e-9


@dataclass(frozen=True)
class Outflow:
    """Used vehicles that leave one economy.

    vehicles : (year, age in years since sale), years as COHORTS, mean of the samples      [vehicle]
    energy   : (year,) mean nameplate energy of the battery of a vehicle that leaves        [kWh]
    share    : part of a cohort that ever leaves, were nothing scrapped
    leaving  : (age,) part of these that leaves at each age
    begins   : first year in which vehicles leave
    shares   : by partner and for OUTSIDE, (year,) each, sum 1
    counted_until : last year with a count
    rows     : what it rests on
    """

    economy: str
    vehicle_class: str
    vehicles: Array
    energy: Array
    share: float
    leaving: Array
    begins: int
    shares: Mapping[str, Array]
    counted_until: int
    rows: tuple[Row, ...]

    def to(self, partner: str) -> Array:
        """(year, age) vehicles that are sent to a partner, or outside."""
        sent: Array = self.vehicles * self.shares[partner][:, None]
        return sent


def exporters(overrides: Path | None = None) -> list[tuple[str, str]]:
    """Economies and classes whose used exports are projected: those with an age of export."""
    rows = read(PARAMETERS, overrides).where(parameter="age_mean")
    return sorted((row.text("economy"), row.text("vehicle_class")) for row in rows)


def outflow_of(
    economy: str, vehicle_class: str, carried: Technology, entered: Array, overrides: Path | None = None
) -> Outflow:
    """What leaves an economy used, scaled to what is counted.

    entered : (cohort, sample) vehicles
    share = counted / what would leave if all of a cohort did, over the years counted; at most 1
    """
    own = read(PARAMETERS, overrides).where(economy=economy, vehicle_class=vehicle_class).resolve()
    mean, spread, first = (_one(own, name) for name in ("age_mean", "age_sd", "first_year"))
    leaving = leaving_by_age(mean.central, spread.central, len(COHORTS))
    begins = int(first.central)
    willing = _by_year_and_age(_there(carried, entered) * leaving)
    willing[begins > COHORTS] = 0.0
    counted, rows = counted_exports(economy, vehicle_class, overrides)
    last = max(counted)
    share = min(counted[last] / max(float(willing[: last - FIRST_COHORT + 1].sum()), 1e-9), 1.0)
    partners, ends = own.where(parameter="share"), own.where(parameter="last_year")
    shares = {row.text("partner"): np.full(len(COHORTS), row.central) for row in partners}
    for row in ends:
        shares[row.text("partner")][row.central < COHORTS] = 0.0
    energy = sum(carried.vehicles(kind) * carried.energy[kind.battery_type] for kind in carried.kinds)
    return Outflow(
        economy,
        vehicle_class,
        share * willing,
        _mean_energy(willing, np.asarray(energy).mean(axis=1)),
        share,
        leaving,
        begins,
        {**shares, OUTSIDE: 1.0 - np.sum(list(shares.values()), axis=0)},
        last,
        (mean, spread, first, *partners.rows, *ends.rows, *rows),
    )


def counted_exports(
    economy: str, vehicle_class: str, overrides: Path | None = None
) -> tuple[dict[int, float], tuple[Row, ...]]:
    """Used electric vehicles sent to all partners up to a year, by that year, and the rows behind them.

    Plug-in hybrids join in the ratio of a year in which both are counted.
    """
    rows = read(COUNTS, overrides).where(
        exporter=economy, economy="WORLD", vehicle_class=vehicle_class, condition="used"
    )
    so_far = rows.where(basis="cumulative", powertrain="BEV")
    hybrids = rows.where(basis="annual", powertrain="PHEV")
    both = [
        (row.central / other.central, row, other)
        for row in hybrids
        for other in rows.where(basis="annual", powertrain="BEV", year=row["year"])
    ]
    ratio = float(np.mean([part for part, *_ in both])) if both else 0.0
    used = tuple(dict.fromkeys([*so_far.rows, *(row for _, *pair in both for row in pair)]))
    return {row.year or 0: row.central * (1 + ratio) for row in so_far}, used


def assert_balance(outflow: Outflow) -> None:
    """KitaranError if what arrives in all partners and outside is not what left."""
    arrived = np.sum([outflow.to(partner) for partner in outflow.shares], axis=0)
    broken = float(np.abs(arrived - outflow.vehicles).max()) / max(1.0, float(outflow.vehicles.max()))
    if not broken <= BALANCED:
        raise KitaranError(
            f"Used vehicles are lost between economies: a relative {broken:.1e}.",
            f"{PARAMETERS}, shares of {outflow.economy}",
            "Correct the shares so that none is above 1 in sum.",
        )


def _there(carried: Technology, entered: Array) -> Array:
    """Vehicles of each cohort in use so many years after their sale, (cohort, step), mean of the samples."""
    flows = [
        np.einsum("cs,ts->ct", entered * carried.vehicles(kind), kind.kernel.in_use) for kind in carried.kinds
    ]
    there: Array = np.sum(flows, axis=0) / entered.shape[1]
    return there


def _by_year_and_age(by_cohort: Array) -> Array:
    """(year, age) from (cohort, step): what a cohort does so many years after its year."""
    years = by_cohort.shape[0]
    moved = np.zeros((years, years))
    for cohort in range(years):
        for_years = np.arange(years - cohort)
        moved[cohort + for_years, for_years] = by_cohort[cohort, for_years]
    return moved


def _mean_energy(vehicles: Array, energy: Array) -> Array:
    """Mean energy of what leaves in each year, (year,), from that of new vehicles by year of sale [kWh]."""
    years = len(energy)
    of_sale = np.array([[energy[max(year - age, 0)] for age in range(years)] for year in range(years)])
    weights = np.maximum(vehicles, 1e-12)
    mean: Array = (weights * of_sale).sum(axis=1) / weights.sum(axis=1)
    return mean


def _one(table: FactTable, parameter: str) -> Row:
    (row,) = table.where(parameter=parameter)
    return row
