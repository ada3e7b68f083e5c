"""What is to be projected: every input checked, with the systems on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.alive_after import OFFSET, AliveAfter, Timing
from kitaran.planning.fleet.given import ByAge, array_of, by_age, numbers
from kitaran.planning.fleet.grid import Grid
from kitaran.planning.fleet.joint_state import Ends
from kitaran.planning.fleet.kernels import Replacement, alive_after
from kitaran.planning.fleet.lives import Curve, Lives, LivesGiven, Table, lives_of
from kitaran.planning.fleet.reuse import Reuse
from kitaran.planning.fleet.trade import Moves, SecondHand

Array = NDArray[np.float64]

REPLACEMENT = {"always": 1.0, "none": 0.0}
_BEYOND_ANY_LIFE = np.array([1e3])


@dataclass(frozen=True)
class Plan:
    """Input of a projection. S is all systems on one axis, or 1 where they share a figure."""

    grid: Grid
    systems: tuple[int, ...]
    timing: Timing
    ends: Ends
    sold: Array
    adjusted: Array
    stock: Array | None
    packs: Array | None
    vehicle: Lives
    battery: Lives | None
    replaced: ByAge | Array
    early: ByAge | None
    accident: ByAge | None
    reuse: Reuse | None
    trade: SecondHand | None
    routing: Moves | None
    conversion: Moves | None
    initial: Array | None
    by_age: bool

    @property
    def count(self) -> int:
        """Number of systems."""
        return int(np.prod(self.systems, dtype=np.int64))

    @property
    def shape(self) -> tuple[int, int]:
        return self.grid.intervals, self.count

    @property
    def born(self) -> int:
        """Where units enter at the start of a step, what is put in at its end belongs to the next."""
        return int(self.timing is Timing.START)

    @property
    def initial_by_battery(self) -> bool:
        return self.initial is not None and self.initial.ndim == 2 + len(self.systems)

    @cached_property
    def needs_joint_state(self) -> bool:
        rules = (self.early, self.accident, self.trade, self.conversion, self.packs)
        if any(rule is not None for rule in rules) or self.by_age or np.any(self.adjusted < 0):
            return True
        if self.battery is None:
            return self.initial_by_battery
        by_calendar = not isinstance(self.replaced, ByAge) or self.replaced.values.shape[0] > 1
        waits = self.reuse is not None or self.initial is not None or self.stock is not None
        return waits or by_calendar or self.battery.by_cohort or self.ends is Ends.BATTERY_FIRST

    @property
    def per_year(self) -> int:
        """Steps in a year; figures by year of age need a whole number.

        Raises InputError if the step does not divide a year.
        """
        parts = 1.0 / self.grid.step
        if abs(parts - round(parts)) > 1e-6 or round(parts) < 1:
            raise InputError(
                f"Steps of {self.grid.step:g} years do not divide a year.",
                "step",
                "Give a step that divides a year: initial stock and counts of trade are by year of age.",
            )
        return round(parts)

    def alive(self, lives: Lives, by_step: bool) -> AliveAfter:
        """Share alive by steps, or by intervals."""
        grid = self.grid
        if not by_step:
            return AliveAfter(lives, grid.edges, np.arange(grid.intervals), self.timing)
        if isinstance(lives, Table) and grid.steps != grid.intervals:
            raise InputError(
                "A table by interval does not say what happens within an interval.",
                "Tabulated",
                "Give survival by age, or edges that are one step apart.",
            )
        edges = grid.edges[0] + grid.step * np.arange(grid.steps + 1)
        return AliveAfter(lives, edges, grid.of_step, self.timing)

    @property
    def entry_part(self) -> float:
        """Part of its first step that a vehicle lives through."""
        return OFFSET[self.timing]


def shape_of(sales: ArrayLike | None, stock: ArrayLike | None) -> tuple[int, tuple[int, ...]]:
    """Number of intervals, and shape of the systems."""
    if (sales is None) == (stock is None):
        raise InputError(
            "Either sales or a stock path is needed, not both.",
            "sales, stock",
            "Give one and leave the other.",
        )
    name, value = ("sales", sales) if sales is not None else ("stock", stock)
    assert value is not None
    given = numbers(name, value)
    if given.ndim < 1 or given.size == 0:
        raise InputError(
            f"{name} has the shape {given.shape}.",
            name,
            "Give (interval, *systems), with one interval at least.",
        )
    return given.shape[0], given.shape[1:]


def timing_of(timing: str) -> Timing:
    if timing not in tuple(Timing):
        raise InputError(f"There is no timing {timing!r}.", "timing", f"Give one of {', '.join(Timing)}.")
    return Timing(timing)


def ends_of(ends: str) -> Ends:
    if ends not in tuple(Ends):
        raise InputError(f"Ends cannot be {ends!r}.", "ends", f"Give one of {', '.join(Ends)}.")
    return Ends(ends)


def batteries_of(
    survival: LivesGiven | None,
    calendar: ArrayLike | None,
    intervals: int,
    systems: tuple[int, ...],
    ages: ArrayLike | None,
) -> Lives | None:
    """Lives of batteries; where calendar ageing is given apart, both must be survived."""
    if survival is None and calendar is None:
        return None
    if survival is None or calendar is None:
        name = "battery_survival" if calendar is None else "battery_calendar"
        value = survival if calendar is None else calendar
        assert value is not None
        return lives_of(name, value, intervals, systems, ages)
    own = lives_of("battery_survival", survival, intervals, systems, ages)
    other = lives_of("battery_calendar", calendar, intervals, systems, ages)
    if not (isinstance(own, Curve) and isinstance(other, Curve)):
        raise InputError(
            "A calendar life joins survival by age only.", "battery_calendar", "Give both as survival by age."
        )
    return own.times(other)


def replaced_of(
    rule: str | ArrayLike | Replacement,
    intervals: int,
    systems: tuple[int, ...],
    grid: Grid,
    vehicle: Lives,
    battery: Lives | None,
) -> ByAge | Array:
    """Probability that a failed battery is replaced: by vehicle age, or (cohort, age in steps, S)."""
    if isinstance(rule, str):
        if rule not in REPLACEMENT:
            raise InputError(
                f"There is no replacement rule {rule!r}.",
                "replacement",
                f"Give one of {', '.join(REPLACEMENT)}, a probability, or a Replacement.",
            )
        return by_age("replacement", REPLACEMENT[rule], intervals, systems, grid.step)
    if not isinstance(rule, Replacement):
        return by_age("replacement", rule, intervals, systems, grid.step, 1.0)
    share = array_of("replacement.worth_share", rule.worth_share, (), systems)
    probability = array_of("replacement.probability", rule.probability, (), systems, 0.0, 1.0)
    if battery is None:
        return ByAge(probability[None, None], grid.step)
    return _worth(share, probability, grid, vehicle, battery)


def _worth(share: Array, probability: Array, grid: Grid, vehicle: Lives, battery: Lives) -> Array:
    """probability while E[V - a | V > a] >= share E[B], then 0; once given up, always: (cohort, step, S).

    As `kernels.replaced_at` has it, for lives by cohort.
    """
    if isinstance(vehicle, Table) or isinstance(battery, Table):
        raise InputError(
            "A table by interval has no mean life.", "replacement", "Give survival by age, or a probability."
        )
    ages = grid.step * np.arange(grid.steps + 1, dtype=np.float64)
    rows = []
    for interval in range(grid.intervals if vehicle.by_cohort or battery.by_cohort else 1):
        whole = vehicle.lived(_BEYOND_ANY_LIFE, interval)
        lived = vehicle.lived(ages, interval)
        remaining = (whole - lived[:-1]) / np.maximum(alive_after(lived, grid.step), 1e-12)
        least = share * battery.lived(_BEYOND_ANY_LIFE, interval)
        given_up = np.logical_or.accumulate(remaining < least, axis=0)
        rows.append(np.where(given_up, 0.0, probability))
    return np.stack(np.broadcast_arrays(*rows)) if len(rows) > 1 else rows[0][None]


def reuse_of(share: ArrayLike | Reuse | None) -> Reuse | None:
    return share if share is None or isinstance(share, Reuse) else Reuse(asked=share)
