"""The figures of one scenario run, as pages ask for them: rows of a year, of an economy, of a class."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kitaran.api.runs import StoredRun, StoredRuns
from kitaran.foundation.workspace import Workspace

REGION = "ASIA_PACIFIC"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Results:
    """A finished run. Each method reads what it needs; figures are p10, p50, p90 in the row's unit."""

    id: str
    folder: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return content

    def of_year(self, quantity: str, year: int) -> dict[str, dict[str, Any]]:
        """The headline of every economy in one year, by economy."""
        rows = self._query("headline", {"quantity": quantity, "year": year})
        return {row["economy"]: row for row in rows}

    def headline(self, economy: str, quantity: str | None = None, year: int | None = None) -> Rows:
        """Headline rows of one economy in the order of quantity and year."""
        return self._query(
            "headline", {"economy": economy, "quantity": quantity, "year": year}, "quantity, year"
        )

    def by_class(self, economy: str, quantity: str) -> Rows:
        """year, vehicle_class, p10, p50, p90, unit"""
        return self._query("by_class", {"economy": economy, "quantity": quantity}, "year, vehicle_class")

    def by_chemistry(self, economy: str, quantity: str) -> Rows:
        """year, chemistry, p10, p50, p90, unit"""
        return self._query("by_chemistry", {"economy": economy, "quantity": quantity}, "year, chemistry")

    def sales(self, economy: str) -> Rows:
        """year, vehicle_class, p10, p50, p90, basis: vehicles sold in a year"""
        return self._query("sales", {"economy": economy}, "year, vehicle_class")

    def stock(self, economy: str) -> Rows:
        """year, vehicle_class, p10, p50, p90, basis: vehicles in use"""
        return self._query("stock", {"economy": economy}, "year, vehicle_class")

    def inputs(self, economy: str) -> Rows:
        """vehicle_class, role, table, row_id, grade, proxy_for, note: the rows that the result rests on"""
        return self._query("inputs", {"economy": economy})

    def grade(self, economy: str) -> dict[str, Any] | None:
        """grade, weakest_role, weakest_grade, improve"""
        rows = self._query("grades", {"economy": economy})
        return rows[0] if rows else None

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the run."""
        return tuple(row["year"] for row in self._query("headline", {}, "year", "DISTINCT year"))

    @cached_property
    def economies(self) -> tuple[str, ...]:
        """The economies that have results, the region's sum left out."""
        rows = self._query("headline", {}, "economy", "DISTINCT economy")
        return tuple(row["economy"] for row in rows if row["economy"] != REGION)

    def _query(self, name: str, keys: Mapping[str, Any], order: str = "", columns: str = "*") -> Rows:
        given = {column: value for column, value in keys.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in given) or "TRUE"
        ordered = f" ORDER BY {order}" if order else ""
        sql = f"SELECT {columns} FROM read_parquet(?) WHERE {where}{ordered}"
        cursor = _connection().cursor()
        found = cursor.execute(sql, [str(self.folder / f"{name}.parquet"), *given.values()])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@lru_cache(maxsize=1)
def _connection() -> Any:
    """One database in memory for reading Parquet; threads use cursors of it."""
    import duckdb

    return duckdb.connect(config={"threads": 2})


@lru_cache(maxsize=8)
def _opened(run_id: str, folder: Path) -> Results:
    return Results(run_id, folder)


def opened(run: StoredRun) -> Results:
    """The figures of a stored run; read once."""
    return _opened(run.id, run.folder)


def current(workspace: Workspace) -> Results | None:
    """The figures to show: those of the run made last; None before any run."""
    run = next(iter(StoredRuns(workspace).finished()), None)
    return opened(run) if run else None
