"""Samples of the region's sums, added economy by economy while their results are at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario import lifetimes
from kitaran.planning.scenario.economy_result import EconomyResult
from kitaran.planning.scenario.grades import Parts, by_grade
from kitaran.planning.scenario.measures import Measure, summed

Array = NDArray[np.float64]
Grades = Mapping[str, NDArray[np.str_]]


@dataclass
class RegionSums:
    """Samples of the region's sums, filled economy by economy."""

    total: Array
    by_chemistry: Array
    further: dict[str, Measure] = field(default_factory=dict)
    graded: dict[str, Array] = field(default_factory=dict)
    by_class: dict[str, Array] = field(default_factory=dict)
    sold: dict[str, Array] = field(default_factory=dict)
    in_use: dict[str, Array] = field(default_factory=dict)
    parts: list[Parts] = field(default_factory=list)
    lives: dict[str, dict[str, Array | None]] = field(default_factory=dict)

    def add(self, result: EconomyResult, parts: Parts, grades: Grades) -> None:
        self.by_chemistry += result.retired
        self.further = summed(self.further, result.further)
        for name, measure in result.further.items():
            weighed = by_grade(grades[name], measure.amount)
            self.graded[name] = self.graded.get(name, 0.0) + weighed
        for part in result.classes:
            of_class = part.over_chemistries
            self.total += of_class
            for sums, more in ((self.by_class, of_class), (self.sold, part.sold), (self.in_use, part.in_use)):
                sums[part.vehicle_class] = sums.get(part.vehicle_class, 0.0) + more
            self.add_lives(part.vehicle_class, lifetimes.flows_of(part))
        self.parts.append(parts)

    def add_lives(self, vehicle_class: str, flows: dict[str, Array | None]) -> None:
        known = [flows, *([self.lives[vehicle_class]] if vehicle_class in self.lives else [])]
        self.lives[vehicle_class] = lifetimes.together(known)
