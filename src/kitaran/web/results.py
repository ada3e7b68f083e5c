"""The figures of one scenario run, as pages ask for them: rows of a year, of an economy, of a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.api.runs import StoredRun, StoredRuns
from kitaran.foundation.workspace import Workspace

if TYPE_CHECKING:
    from kitaran.planning.scenario import Run

REGION = "ASIA_PACIFIC"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Results:
    """A finished run. Each method reads what it needs; figures are p10, p50, p90 in the row's unit."""

    id: str
    folder: Path

    @cached_property
    def _run(self) -> Run:
        from kitaran.planning.scenario import read_run

        return read_run(self.folder)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What went into the run."""
        return self._run.manifest

    def of_year(self, quantity: str, year: int) -> dict[str, dict[str, Any]]:
        """The headline of every economy in one year, by economy."""
        return {row["economy"]: row for row in self._run.headline(quantity=quantity, year=year)}

    def headline(self, economy: str, quantity: str | None = None, year: int | None = None) -> Rows:
        """Headline rows of one economy in the order of quantity and year."""
        return self._run.headline(economy, year, quantity)

    def samples(self, economy: str, year: int, quantity: str) -> list[float]:
        """The samples of one headline figure; none where the run keeps none."""
        return self._run.samples(economy, year, quantity)

    def by_class(self, economy: str, quantity: str) -> Rows:
        """vehicle_class, year, p10, p50, p90, unit"""
        return self._run.by_class(economy, quantity=quantity)

    def by_chemistry(self, economy: str, quantity: str) -> Rows:
        """chemistry, year, p10, p50, p90, unit"""
        return self._run.by_chemistry(economy, quantity=quantity)

    def sales(self, economy: str) -> Rows:
        """vehicle_class, year, p10, p50, p90, basis: vehicles sold in a year"""
        return self._run.sales(economy)

    def stock(self, economy: str) -> Rows:
        """vehicle_class, year, p10, p50, p90, basis: vehicles in use"""
        return self._run.stock(economy)

    def adjustment(self, economy: str) -> Rows:
        """vehicle_class, year, published_stock, modelled_stock, adjustment, gap: where it does not close"""
        return self._run.adjustment(economy)

    def battery_lives(self, economy: str) -> Rows:
        """vehicle_class, use, chemistry, years to threshold with band, what ends them, models, outside"""
        return self._run.battery_lives(economy)

    def survival(self, economy: str) -> Rows:
        """vehicle_class, age, p10, p50, p90: first batteries in first life; tables_p50; soh_p10, p50, p90"""
        return self._run.survival(economy)

    def lifetime_basis(self, economy: str, year: int, quantity: str) -> Rows:
        """vehicle_class, by_model, by_table, outside_tested_range: shares of what retires"""
        return self._run.lifetime_basis(economy, year, quantity)

    def lifetime_change(self, economy: str | None, year: int, quantity: str) -> Rows:
        """vehicle_class, engine_p50, tables_p50, engine_mean, tables_mean; none in a run by tables"""
        return self._run.lifetime_change(economy, year, quantity)

    def inputs(self, economy: str) -> Rows:
        """vehicle_class, role, table, row_id, grade, proxy_for, note: the rows that the result rests on"""
        return self._run.inputs(economy)

    def routes(self, economy: str, year: int) -> Rows:
        """from, to, chemistry_group, p10, p50, p90: mass from place to place after first life [t]"""
        return self._run.routes(economy, year)

    def stores(self, economy: str, year: int) -> Rows:
        """place, chemistry_group, p10, p50, p90: energy that waits or serves at year's end [GWh]"""
        return self._run.stores(economy, year)

    def grade(self, economy: str) -> dict[str, Any] | None:
        """grade, weakest_role, weakest_grade, improve; None for the region's sum."""
        rows = self._run.grades(economy)
        return rows[0] if rows else None

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the run."""
        return tuple(sorted({row["year"] for row in self._run.headline(REGION)}))

    @cached_property
    def economies(self) -> tuple[str, ...]:
        """The economies that have results, the region's sum left out."""
        return tuple(code for code in self._run.economies() if code != REGION)


@lru_cache(maxsize=8)
def _opened(run_id: str, folder: Path, _made: int) -> Results:
    return Results(run_id, folder)


def opened(run: StoredRun) -> Results:
    """The figures of a stored run; opened once."""
    return _opened(run.id, run.folder, run.manifest_path.stat().st_mtime_ns)


def current(workspace: Workspace) -> Results | None:
    """The figures to show: those of the run made or chosen last; None before any run."""
    run = next(iter(StoredRuns(workspace).finished()), None)
    return opened(run) if run else None
