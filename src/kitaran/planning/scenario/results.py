"""What a run gives: quantiles of everything, samples of the headline, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario import chain_tables, lifetimes, observed_tables
from kitaran.planning.scenario.chain import Chain
from kitaran.planning.scenario.economy_result import (
    QUANTITIES,
    YEARS,
    ClassResult,
    EconomyResult,
    retired_measures,
)
from kitaran.planning.scenario.grades import (
    Parts,
    grade_of_measure,
    grade_of_sum,
    grades_of,
    parts_of,
    together,
)
from kitaran.planning.scenario.measures import Measures
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.scenario.people import FIRST_COHORT
from kitaran.planning.scenario.region_sums import Grades, RegionSums
from kitaran.planning.scenario.run_tables import run_tables
from kitaran.planning.scenario.tables import cycled, repeated
from kitaran.planning.scenario.verdict import JUDGED_YEAR, verdict
from kitaran.planning.uncertainty.quantiles import quantiles

Array = NDArray[np.float64]
REGION = "ASIA_PACIFIC"
_UNITS = list(QUANTITIES.values())
_Q, _Y = len(QUANTITIES), len(YEARS)


class Results:
    """Tables of a run. Economies are added in order; `close` adds the region's sums, which stand first
    in no file."""

    def __init__(self, samples: int, scores: Mapping[str, Array]) -> None:
        self._scores = scores
        self.tables = run_tables(samples)
        shape = (_Q, _Y, samples)
        self._flows = chain_tables.Flows(self.tables)
        self._sums = RegionSums(np.zeros(shape), np.zeros((_Q, _Y, len(CHEMISTRIES), samples)))
        self.headline: list[dict[str, object]] = []

    def add(self, result: EconomyResult, in_region: bool, found: Chain) -> None:
        """The rows of one economy; it joins the region's sums if it is part of them.

        found : what became of its batteries
        """
        self._flows.add(found, in_region)
        parts = parts_of(result)
        grades = headline_grades(result, parts)
        self._headline(result.economy, result.headline, grades)
        self._by_chemistry(result.economy, result.retired)
        for part in result.classes:
            self._by_class(result.economy, part.vehicle_class, part.over_chemistries)
            self._fleet(result.economy, part)
            self._adjustment(result.economy, part)
            if part.start is not None:
                observed_tables.add(self.tables, result.economy, part.start)
            lifetimes.add_class(self.tables, result.economy, part)
            chain_tables.add_condition(self.tables["retired_condition"], result.economy, part)
        flows = {part.vehicle_class: lifetimes.flows_of(part) for part in result.classes}
        self._lifetimes(result.economy, flows)
        self._inputs(result, parts)
        if in_region:
            self._sums.add(result, parts, grades)

    def close(self) -> None:
        sums = self._sums
        if not sums.parts:
            return
        grades = dict(zip(QUANTITIES, grades_of(together(sums.parts)), strict=True))
        grades |= {name: grade_of_sum(weighed) for name, weighed in sums.graded.items()}
        self._headline(REGION, {**retired_measures(sums.total), **sums.further}, grades)
        self._flows.close(REGION)
        self._by_chemistry(REGION, sums.by_chemistry)
        self._lifetimes(REGION, sums.lives)
        for vehicle_class, retired in sums.by_class.items():
            self._by_class(REGION, vehicle_class, retired)
            basis = np.array(
                ["observed" if year <= _LAST_COMMON_YEAR else "projected" for year in YEARS], dtype=object
            )
            for table, of_class in (("sales", sums.sold), ("stock", sums.in_use)):
                self._years(table, REGION, vehicle_class, of_class[vehicle_class], basis)

    def retired_by(self) -> dict[str, object]:
        """Share of what the region retires in the judged year that retires by an ageing model and by a table,
        by quantity, and the share of the models' time outside their tested range."""
        if not self._sums.lives:
            return {}
        whole = lifetimes.together(list(self._sums.lives.values()))
        return lifetimes.summary(whole, JUDGED_YEAR)

    def _lifetimes(self, economy: str, flows: Mapping[str, Mapping[str, Array | None]]) -> None:
        """By what batteries retired, and what the engine changes, for every class and for all together."""
        if flows:
            whole = lifetimes.together(list(flows.values()))
            for vehicle_class, each in {lifetimes.ALL_CLASSES: whole, **flows}.items():
                lifetimes.add_years(self.tables, economy, vehicle_class, each)

    def _headline(self, economy: str, measures: Measures, grades: Grades) -> None:
        total = np.stack([measure.value for measure in measures.values()])
        band = [part.reshape(-1) for part in quantiles(total)]
        years, names = cycled(YEARS, len(measures)), repeated(list(measures), _Y)
        units = repeated([measure.unit for measure in measures.values()], _Y)
        letters = np.concatenate([grades[name] for name in measures]).astype(object)
        rows = total.shape[0] * _Y
        self.tables["headline"].add(
            rows,
            economy=economy,
            year=years,
            quantity=names,
            unit=units,
            p10=band[0],
            p50=band[1],
            p90=band[2],
            grade=letters,
        )
        drawn = {f"s{number:04d}": total[..., number].reshape(-1) for number in range(total.shape[-1])}
        self.tables["headline_samples"].add(rows, economy=economy, year=years, quantity=names, **drawn)
        self.headline.extend(
            {
                "economy": economy,
                "year": int(year),
                "quantity": name,
                "unit": unit,
                "p10": float(low),
                "p50": float(middle),
                "p90": float(high),
                "grade": str(grade),
            }
            for year, name, unit, low, middle, high, grade in zip(
                years, names, units, *band, letters, strict=True
            )
        )

    def _by_class(self, economy: str, vehicle_class: str, retired: Array) -> None:
        p10, p50, p90 = (part.reshape(-1) for part in quantiles(retired))
        self.tables["by_class"].add(
            _Q * _Y,
            economy=economy,
            year=cycled(YEARS, _Q),
            vehicle_class=vehicle_class,
            quantity=repeated(list(QUANTITIES), _Y),
            unit=repeated(_UNITS, _Y),
            p10=p10,
            p50=p50,
            p90=p90,
        )

    def _by_chemistry(self, economy: str, retired: Array) -> None:
        for index, chemistry in enumerate(CHEMISTRIES):
            of_one = retired[:, :, index]
            if of_one.any():
                p10, p50, p90 = (part.reshape(-1) for part in quantiles(of_one))
                self.tables["by_chemistry"].add(
                    _Q * _Y,
                    economy=economy,
                    year=cycled(YEARS, _Q),
                    chemistry=chemistry,
                    quantity=repeated(list(QUANTITIES), _Y),
                    unit=repeated(_UNITS, _Y),
                    p10=p10,
                    p50=p50,
                    p90=p90,
                )

    def _fleet(self, economy: str, part: ClassResult) -> None:
        """Basis: observed where a count is published, estimated up to the last year with any figure,
        else projected."""
        for table, path, counted in (
            ("sales", part.sold, part.past.observed if not part.from_peers else frozenset()),
            ("stock", part.in_use, frozenset(part.history.in_use)),
        ):
            basis = [
                "observed" if y in counted else "estimated" if y <= part.last_year else "projected"
                for y in YEARS
            ]
            self._years(table, economy, part.vehicle_class, path, np.array(basis, dtype=object))

    def _years(
        self, table: str, economy: str, vehicle_class: str, path: Array, basis: NDArray[np.object_]
    ) -> None:
        p10, p50, p90 = quantiles(path)
        self.tables[table].add(
            _Y,
            economy=economy,
            year=YEARS,
            vehicle_class=vehicle_class,
            p10=p10,
            p50=p50,
            p90=p90,
            basis=basis,
        )

    def _adjustment(self, economy: str, part: ClassResult) -> None:
        shown = slice(FIRST_YEAR - FIRST_COHORT, None)
        published = np.array(
            [part.history.in_use[y].value if y in part.history.in_use else np.nan for y in YEARS.tolist()]
        )
        rows = np.flatnonzero(~np.isnan(published))
        modelled = quantiles(part.past.adjustment.modelled[shown])[1][rows]
        unrecorded = quantiles(part.past.adjustment.unrecorded[shown])[1][rows]
        self.tables["adjustment"].add(
            len(rows),
            economy=economy,
            vehicle_class=part.vehicle_class,
            year=YEARS[rows],
            published_stock=published[rows],
            modelled_stock=modelled,
            adjustment=unrecorded,
            gap=published[rows] - modelled,
        )

    def _inputs(self, result: EconomyResult, parts: Parts) -> None:
        entries = sorted(result.trail.inputs)
        names = self.tables["inputs"].types
        columns = {
            name: np.array([getattr(entry, name) for entry in entries], dtype=object) for name in names
        }
        self.tables["inputs"].add(len(entries), **columns)
        found = verdict(result, parts, self._scores)
        self.tables["grades"].add(
            1,
            economy=found.economy,
            grade=found.grade,
            weakest_role=found.weakest_role,
            weakest_grade=found.weakest_grade,
            improve=found.improve,
        )


_LAST_COMMON_YEAR = 2024


def headline_grades(result: EconomyResult, parts: Parts) -> dict[str, NDArray[np.str_]]:
    """Grade by year of every quantity of the headline of one economy."""
    retired = dict(zip(QUANTITIES, grades_of(parts), strict=True))
    further = {name: grade_of_measure(parts, measure) for name, measure in result.further.items()}
    return {**retired, **further}


def headline_arrays(measures: Measures) -> Mapping[str, dict[str, list[float]]]:
    """Headline of one economy by quantity: p10, p50 and p90 by year."""
    bands = {name: quantiles(measure.value) for name, measure in measures.items()}
    return {
        name: {"p10": low.tolist(), "p50": middle.tolist(), "p90": high.tolist()}
        for name, (low, middle, high) in bands.items()
    }
