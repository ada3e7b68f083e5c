"""People and income of every economy: what markets grow with and likeness is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.peers import Place
from kitaran.reference import FactTable, Row, economies, read

Array = NDArray[np.float64]

FIRST_COHORT = 2000
LAST_COHORT = 2050
COHORTS = np.arange(FIRST_COHORT, LAST_COHORT + 1, dtype=np.float64)
_INCOME_OF_NO_NEIGHBOUR = 5000.0


@dataclass(frozen=True)
class People:
    """Population and income, read from the table macro."""

    overrides: Path | None

    @cached_property
    def _macro(self) -> FactTable:
        return read("macro", self.overrides)

    @cached_property
    def _found(self) -> dict[str, Array]:
        return {}

    def population(self, code: str) -> Array:
        """(cohort,) persons; the projection is moved to meet the last counted year. Empty if nothing is
        known."""
        if code not in self._found:
            self._found[code] = self._population(code)
        return self._found[code]

    def _population(self, code: str) -> Array:
        counted, ahead = self.series(code, "population"), self.series(code, "population_projection")
        if counted and ahead:
            last = max(counted)
            meeting = counted[last] / np.interp(last, list(ahead), list(ahead.values()))
            counted |= {year: persons * meeting for year, persons in ahead.items() if year > last}
        known = counted or ahead
        years = sorted(known)
        return np.interp(COHORTS, years, [known[year] for year in years]) if years else np.zeros(0)

    def in_year(self, code: str, year: int) -> float:
        """Persons in a year; zero if nothing is known."""
        persons = self.population(code)
        return float(np.interp(year, COHORTS, persons)) if persons.size else 0.0

    def series(self, code: str, parameter: str) -> dict[int, float]:
        """Values of a parameter by year, ascending."""
        rows = self._macro.where(economy=code, parameter=parameter).resolve().rows
        return {row.year: row.central for row in sorted(rows, key=lambda row: row.year or 0) if row.year}

    def latest(self, code: str, parameter: str) -> Row | None:
        rows = self._macro.where(economy=code, parameter=parameter).resolve().rows
        return max(rows, key=lambda row: row.year or 0, default=None)

    def rows(self, code: str) -> tuple[Row, ...]:
        """The rows that a reader of the inputs is led to: latest population, its projection, latest
        income."""
        found = (self.latest(code, name) for name in ("population", "population_projection", "gdp_current"))
        return tuple(row for row in found if row is not None)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Subregion and income; where no income is known, the median of the subregion."""
        incomes = {item.code: self._income(item.code) for item in economies()}
        return {
            item.code: Place(
                item.code, item.subregion, incomes[item.code] or self._middle(item.subregion, incomes)
            )
            for item in economies()
        }

    def _income(self, code: str) -> float:
        row = self.latest(code, "gdp_current")
        persons = self.in_year(code, row.year) if row is not None and row.year else 0.0
        return row.central / persons if row is not None and persons else 0.0

    @staticmethod
    def _middle(subregion: str, incomes: dict[str, float]) -> float:
        known = [
            incomes[item.code] for item in economies() if item.subregion == subregion and incomes[item.code]
        ]
        return float(np.median(known)) if known else _INCOME_OF_NO_NEIGHBOUR
