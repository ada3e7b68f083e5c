"""The joint state of vehicles and batteries, the rules of a step, and the step under way.

The state holds vehicles by cohort of the vehicle, cohort of the battery and system. A cohort is the step of
entry; cohorts from before the first step come first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.given import ByAge
from kitaran.planning.fleet.reuse import Match
from kitaran.planning.fleet.trade import Moves

Array = NDArray[np.float64]
Flows = dict[str, Array]

CAUSES = ("worn", "with_vehicle", "early", "accident", "surplus")
WORN, WITH_VEHICLE, EARLY, ACCIDENT, SURPLUS = range(len(CAUSES))


class Ends(StrEnum):
    """How vehicles and batteries end in one step.

    in_turn       : half of the vehicles scrapped in it go before its battery failures and half after them
    at_once       : both are drawn at once; a battery that fails with its vehicle is worn and not replaced
    battery_first : both are drawn at once; a vehicle whose battery fails is not scrapped in that step
    """

    IN_TURN = "in_turn"
    AT_ONCE = "at_once"
    BATTERY_FIRST = "battery_first"


_MET = {Ends.IN_TURN: 0.5, Ends.AT_ONCE: 0.0, Ends.BATTERY_FIRST: 1.0}
TOO_SHORT_LIVED = ("Batteries do not outlive one step.", "battery_survival", "Give a shorter step.")


@dataclass(frozen=True)
class Rules:
    """What happens in a step; S = 1 where all systems share a figure.

    vehicle, battery : (step, cohort, S) share of what is there before a step that survives it
    born        : steps after its own step in which a replacement begins to age: 0, or 1 where units enter at
                  the start of a step
    ends        : how vehicles and batteries end in one step
    replaced    : probability of replacement by vehicle age, or (cohort, age in steps, S)
    early, accident : hazards by vehicle age                                        [1/year]
    entry_part  : part of its first step that a vehicle lives through
    """

    earlier: int
    step: float
    of_step: NDArray[np.intp]
    share_of_interval: Array
    vehicle: Array
    battery: Array
    born: int
    ends: Ends
    entry_part: float
    replaced: ByAge | Array
    early: ByAge | None = None
    accident: ByAge | None = None
    asked: ByAge | None = None
    offered: ByAge | None = None
    match: Match | None = None
    export_share: ByAge | None = None
    export_count: ByAge | None = None
    import_count: ByAge | None = None
    routing: Moves | None = None
    conversion: Moves | None = None
    packs: Array | None = None
    ages: bool = False

    @property
    def met(self) -> float:
        """Part of the vehicles scrapped in a step that meets the failures of its battery first."""
        return _MET[self.ends]

    @property
    def drawn_together(self) -> bool:
        """Whether a battery can fail in the step in which its vehicle would be scrapped."""
        return self.ends is not Ends.IN_TURN

    @property
    def cohorts(self) -> int:
        return self.earlier + self.of_step.size

    def ages_at(self, step: int) -> NDArray[np.intp]:
        """Age in steps of each cohort that has entered by a step."""
        return np.arange(self.earlier + step, -1, -1)

    def replaced_at(self, step: int) -> Array:
        if isinstance(self.replaced, ByAge):
            return self.replaced.at(self.of_step[step], self.ages_at(step))
        cohort = np.arange(self.earlier + step + 1)
        chosen = np.minimum(np.maximum(cohort - self.earlier, 0), self.replaced.shape[0] - 1)
        return np.asarray(self.replaced[chosen, self.ages_at(step)])


@dataclass
class State:
    """Vehicles by (vehicle cohort, battery cohort, S), and batteries of swapping pools by (battery cohort,
    S)."""

    vehicles: Array
    spares: Array

    def copy(self) -> State:
        return State(self.vehicles.copy(), self.spares.copy())


@dataclass
class Step:
    """One step under way: what is active of the state, and the flows so far, each (S,) or by age."""

    rules: Rules
    index: int
    active: Array
    flows: Flows = field(default_factory=dict)

    @property
    def now(self) -> int:
        """Position of the cohort that enters in this step."""
        return self.rules.earlier + self.index

    @property
    def interval(self) -> int:
        return int(self.rules.of_step[self.index])
