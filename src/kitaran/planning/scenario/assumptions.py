"""The assumptions of the method: rows of planning_assumptions with the scenario's changes, as samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.scenario.model import AssumptionChange, Scenario
from kitaran.planning.uncertainty.draws import Draws
from kitaran.planning.uncertainty.sampling import Sampler
from kitaran.reference import FactTable, Row, read

Array = NDArray[np.float64]

TABLE = "planning_assumptions"


class Assumptions:
    """Values and samples by name."""

    def __init__(self, scenario: Scenario, samples: int, seed: int, overrides: Path | None) -> None:
        self.rows: FactTable = read(TABLE, overrides).resolve()
        self._by_name: dict[str, Row] = {row.text("name"): row for row in self.rows}
        self._changes: dict[str, AssumptionChange] = {change.name: change for change in scenario.assumptions}
        factors = {grade: self.value(f"range_grade_{grade.lower()}") for grade in "ABCD"}
        self.draws = Draws(Sampler(samples, seed), factors)

    def row(self, name: str) -> Row:
        if name not in self._by_name:
            raise NotFoundError(f"There is no assumption {name!r}.", TABLE, "Add a row for it.")
        return self._by_name[name]

    def value(self, name: str) -> float:
        """The middle of an assumption that is not sampled."""
        return self._changes[name].value if name in self._changes else self.row(name).central

    def sampled(self, name: str) -> Array:
        """(sample,) draws; a row without a range is fixed, for it is an assumption and not an estimate."""
        value, low, high = self._range(name)
        if low is None and high is None:
            return self.draws.fixed(value)
        fraction = self.row(name).unit == "fraction"
        return self.draws.figure(f"{TABLE}/{name}", value, low, high, fraction=fraction)

    def deviation(self, name: str) -> float:
        """Standard deviation of an assumption whose range is read as P5 to P95 of a normal distribution."""
        value, low, high = self._range(name)
        return ((value if high is None else high) - (value if low is None else low)) / (
            2 * 1.6448536269514722
        )

    def _range(self, name: str) -> tuple[float, float | None, float | None]:
        if name in self._changes:
            change = self._changes[name]
            return change.value, change.low, change.high
        row = self.row(name)
        return row.central, row.low, row.high
