"""What a projection gives, and the proof that nothing came from nowhere or was lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError, KitaranError
from kitaran.planning.fleet.joint_state import CAUSES
from kitaran.planning.fleet.stock import BALANCE_TOLERANCE

Array = NDArray[np.float64]

_NOTHING = 1e-300


@dataclass(frozen=True)
class Projection:
    """Vehicles and batteries by interval and system.

    Each field is (interval, *systems) unless said otherwise; stocks stand at the end of the interval, flows
    are sums over it. Vehicles are in [vehicle], batteries in [battery].

    edges                 : (interval + 1,) times that bound the intervals                        [year]
    sales                 : vehicles sold new, as given or as the stock path needs
    vehicles_at_start     : (*systems) in use before the first interval
    vehicles_in_use       : in use
    vehicles_scrapped     : scrapped by age
    vehicles_given_up     : given up because their battery failed and was not replaced
    vehicles_early        : retired early
    vehicles_accident     : lost in accidents
    vehicles_exported     : left for other systems or outside
    vehicles_imported     : arrived used, from other systems and from outside
    vehicles_converted_in, vehicles_converted_out : moved to and from another chemistry at a replacement
    vehicles_adjusted     : entered (above zero) or taken out (below) because published stock says so
    batteries_at_start    : (*systems) in use before the first interval, those of pools with them
    batteries_in_use      : in vehicles and in swapping pools
    batteries_spare       : of these, in pools
    batteries_placed      : new, with vehicles sold
    batteries_replaced_new    : new, put in where one failed
    batteries_replaced_reused : taken from scrapped vehicles and put in where one failed; never left first use
    batteries_spare_new   : new, for pools
    batteries_exported, batteries_imported, batteries_adjusted : within vehicles
    batteries_retired     : (cause, interval, *systems), causes as in `CAUSES`: worn (failed, whether or not
                            the vehicle went too), with_vehicle (working, vehicle scrapped), early (working,
                            vehicle retired early), accident, surplus (working, no longer needed in a pool)
    retired_by_age        : (cause, interval, age, *systems) the same by age of the battery, or None
    battery_age           : (age,) completed years at which each age class of it begins           [year]
    negative_sales        : sales below zero that a given stock path would need, not made
    gap                   : given or published stock less vehicles in use, NaN where none is published, or
                            None
    unmet_exports         : vehicles that were to be exported and were not there
    unmet_adjustment      : vehicles that were to be taken out and were not there
    vehicle_residual, battery_residual : what the balance leaves open, over the throughput of that interval
                                         [1]
    """

    edges: Array
    sales: Array
    vehicles_at_start: Array
    vehicles_in_use: Array
    vehicles_scrapped: Array
    vehicles_given_up: Array
    vehicles_early: Array
    vehicles_accident: Array
    vehicles_exported: Array
    vehicles_imported: Array
    vehicles_converted_in: Array
    vehicles_converted_out: Array
    vehicles_adjusted: Array
    batteries_at_start: Array
    batteries_in_use: Array
    batteries_spare: Array
    batteries_placed: Array
    batteries_replaced_new: Array
    batteries_replaced_reused: Array
    batteries_spare_new: Array
    batteries_exported: Array
    batteries_imported: Array
    batteries_adjusted: Array
    batteries_retired: Array
    retired_by_age: Array | None
    battery_age: Array
    negative_sales: Array
    gap: Array | None
    unmet_exports: Array
    unmet_adjustment: Array
    vehicle_residual: Array
    battery_residual: Array

    def retired(self, cause: str | None = None) -> Array:
        """Batteries retired by one cause, or by all: (interval, *systems) [battery]."""
        if cause is None:
            return np.asarray(self.batteries_retired.sum(axis=0))
        if cause not in CAUSES:
            raise InputError(f"There is no cause {cause!r}.", "cause", f"Ask for one of {', '.join(CAUSES)}.")
        return np.asarray(self.batteries_retired[CAUSES.index(cause)])


def residual(at_start: Array, entered: Array, left: Array, in_use: Array) -> Array:
    """What a balance leaves open, over throughput: (interval, S).

    (stock before + entered - left - stock after) / (stock before + entered), zero where nothing was there
    """
    throughput = entered.copy()
    throughput[0] += at_start
    throughput[1:] += in_use[:-1]
    open_ = throughput - left
    open_ -= in_use
    found = np.divide(open_, np.maximum(throughput, _NOTHING))
    if not (found.max(initial=0.0) <= BALANCE_TOLERANCE and found.min(initial=0.0) >= -BALANCE_TOLERANCE):
        # a stock that has all but gone holds no more than the rounding of what it was
        floor = 1e-12 * np.maximum.accumulate(throughput, axis=0)
        found = open_ / np.maximum(np.maximum(throughput, floor), _NOTHING)
    return np.asarray(found)


def assert_balanced(what: str, found: Array, systems: tuple[int, ...]) -> None:
    """Raise KitaranError, with interval and system, if a balance is open by more than 1e-9 of throughput."""
    if not (found.max(initial=0.0) <= BALANCE_TOLERANCE and found.min(initial=0.0) >= -BALANCE_TOLERANCE):
        wrong = ~(np.abs(found) <= BALANCE_TOLERANCE)
        interval, flat = np.argwhere(wrong)[0].tolist()
        system = tuple(int(i) for i in np.unravel_index(flat, systems)) if systems else ()
        raise KitaranError(
            f"The {what} do not balance: {found[interval, flat]:.1e} of the throughput is missing.",
            f"interval {interval}, system {system}",
            "This is an error of the program; please report it with the input.",
        )
