"""A finished run, read back: queries for pages, comparison and export."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.scenario.manifest import FORMAT, NAME

if TYPE_CHECKING:
    import duckdb


Record = dict[str, Any]
TABLES = (
    *("headline", "by_class", "by_chemistry", "headline_samples"),
    *("sales", "stock", "adjustment", "inputs", "grades"),
    *("battery_lives", "survival", "lifetime_basis", "lifetime_change"),
    *("routes", "stores", "material_fates", "retired_condition"),
    *("claims", "observed_stock"),
)


def read_run(folder: str | Path) -> Run:
    """The run in a folder; NotFoundError if there is none, InputError if a newer version wrote it."""
    path = Path(folder)
    if not (path / NAME).is_file():
        raise NotFoundError(
            "There is no finished run here.", str(path), "Run a scenario into this folder first."
        )
    made = Run(path)
    if made.manifest.get("format") != FORMAT:
        raise InputError(
            f"This run has the format {made.manifest.get('format')}, which this version cannot read.",
            str(path),
            "Update Kitaran, or run the scenario again.",
        )
    return made


@dataclass(frozen=True)
class Run:
    """Queries on one run. Each gives a list of records in a fixed order; an argument left out means all."""

    folder: Path

    @cached_property
    def manifest(self) -> Record:
        content: Record = json.loads((self.folder / NAME).read_text(encoding="utf-8"))
        return content

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        return duckdb.connect(config={"threads": 1})

    def headline(
        self, economy: str | None = None, year: int | None = None, quantity: str | None = None
    ) -> list[Record]:
        return self._rows(
            "headline", "economy, quantity, year", economy=economy, year=year, quantity=quantity
        )

    def by_class(
        self,
        economy: str | None = None,
        year: int | None = None,
        quantity: str | None = None,
        vehicle_class: str | None = None,
    ) -> list[Record]:
        return self._rows(
            "by_class",
            "economy, quantity, vehicle_class, year",
            economy=economy,
            year=year,
            quantity=quantity,
            vehicle_class=vehicle_class,
        )

    def by_chemistry(
        self,
        economy: str | None = None,
        year: int | None = None,
        quantity: str | None = None,
        chemistry: str | None = None,
    ) -> list[Record]:
        return self._rows(
            "by_chemistry",
            "economy, quantity, chemistry, year",
            economy=economy,
            year=year,
            quantity=quantity,
            chemistry=chemistry,
        )

    def sales(self, economy: str | None = None, vehicle_class: str | None = None) -> list[Record]:
        return self._rows(
            "sales", "economy, vehicle_class, year", economy=economy, vehicle_class=vehicle_class
        )

    def stock(self, economy: str | None = None, vehicle_class: str | None = None) -> list[Record]:
        return self._rows(
            "stock", "economy, vehicle_class, year", economy=economy, vehicle_class=vehicle_class
        )

    def adjustment(self, economy: str | None = None, vehicle_class: str | None = None) -> list[Record]:
        return self._rows(
            "adjustment", "economy, vehicle_class, year", economy=economy, vehicle_class=vehicle_class
        )

    def inputs(
        self, economy: str | None = None, vehicle_class: str | None = None, role: str | None = None
    ) -> list[Record]:
        """Rows of the fact tables that an economy's result rests on; those of all classes have an empty
        class."""
        return self._rows(
            "inputs",
            'economy, role, vehicle_class, "table", row_id',
            economy=economy,
            vehicle_class=vehicle_class,
            role=role,
        )

    def grades(self, economy: str | None = None) -> list[Record]:
        return self._rows("grades", "economy", economy=economy)

    def battery_lives(self, economy: str | None = None, vehicle_class: str | None = None) -> list[Record]:
        """How long batteries last here by class, use and chemistry, and what ends them; the commonest
        first."""
        return self._rows(
            "battery_lives",
            "economy, vehicle_class, share DESC, use, chemistry",
            economy=economy,
            vehicle_class=vehicle_class,
        )

    def survival(self, economy: str | None = None, vehicle_class: str | None = None) -> list[Record]:
        """Share of first batteries still in first life by age, and the state of health of those that
        retire."""
        return self._rows(
            "survival", "economy, vehicle_class, age", economy=economy, vehicle_class=vehicle_class
        )

    def lifetime_basis(
        self, economy: str | None = None, year: int | None = None, quantity: str | None = None
    ) -> list[Record]:
        """Share of what retires that retires by an ageing model and by a table."""
        return self._rows(
            "lifetime_basis",
            "economy, quantity, vehicle_class, year",
            economy=economy,
            year=year,
            quantity=quantity,
        )

    def lifetime_change(
        self, economy: str | None = None, year: int | None = None, quantity: str | None = None
    ) -> list[Record]:
        """Retired by the ageing engine and by the lifetime tables, side by side; none in a run by tables."""
        return self._rows(
            "lifetime_change",
            "economy, quantity, vehicle_class, year",
            economy=economy,
            year=year,
            quantity=quantity,
        )

    def claims(self) -> list[Record]:
        """Published claims beside the run's own figures, if its scenario asks for them; None where nothing
        of the run stands beside one."""
        return [
            {name: None if value != value else value for name, value in row.items()}
            for row in self._rows("claims", "number, part")
        ]

    def routes(
        self, economy: str | None = None, year: int | None = None, chemistry_group: str | None = None
    ) -> list[Record]:
        """Mass [t] from place to place after first life; what enters a place that holds nothing leaves it."""
        return self._rows(
            "routes",
            'economy, year, "from", "to", chemistry_group',
            economy=economy,
            year=year,
            chemistry_group=chemistry_group,
        )

    def stores(self, economy: str | None = None, year: int | None = None) -> list[Record]:
        """Energy [GWh], as new, that waits in stores or serves in second uses at year's end."""
        return self._rows("stores", "economy, year, place, chemistry_group", economy=economy, year=year)

    def material_fates(
        self, economy: str | None = None, year: int | None = None, element: str | None = None
    ) -> list[Record]:
        """What becomes of each element [t] that retires or is scrapped in a year."""
        return self._rows(
            "material_fates",
            "economy, element, fate, year",
            economy=economy,
            year=year,
            element=element,
        )

    def retired_condition(
        self, economy: str | None = None, vehicle_class: str | None = None, year: int | None = None
    ) -> list[Record]:
        """Mean energy, age and state of health of what retires, by class; no model, no health."""
        return self._rows(
            "retired_condition",
            "economy, vehicle_class, year",
            economy=economy,
            vehicle_class=vehicle_class,
            year=year,
        )

    def samples(self, economy: str, year: int, quantity: str) -> list[float]:
        """The samples of one headline figure."""
        rows = self._rows("headline_samples", "year", economy=economy, year=year, quantity=quantity)
        return (
            [value for name, value in rows[0].items() if name.startswith("s0") or name[1:].isdigit()]
            if rows
            else []
        )

    def economies(self) -> list[str]:
        """Codes in the run, the region's sum last."""
        found = self._query(f"SELECT DISTINCT economy FROM {self.file('headline')}")
        codes = sorted(row["economy"] for row in found)
        return [code for code in codes if len(code) == 3] + [code for code in codes if len(code) != 3]

    def has(self, table: str) -> bool:
        """Whether the run holds a table; an older run lacks those that came after it."""
        return (self.folder / f"{table}.parquet").is_file()

    def table(self, name: str) -> list[Record]:
        """A whole table of the run."""
        if name not in TABLES:
            raise NotFoundError(
                f"A run has no table {name!r}.", str(self.folder), f"Choose one of {', '.join(TABLES)}."
            )
        return self._query(f"SELECT * FROM {self.file(name)}")

    def _rows(self, table: str, order: str, **keys: str | int | None) -> list[Record]:
        if not self.has(table):
            return []
        given = {name: value for name, value in keys.items() if value is not None}
        where = " AND ".join(f'"{name}" = ?' for name in given) or "true"
        return self._query(
            f"SELECT * FROM {self.file(table)} WHERE {where} ORDER BY {order}", list(given.values())
        )

    def _query(self, sql: str, values: Iterable[str | int] = ()) -> list[Record]:
        cursor = self._connection.cursor()
        try:
            found = cursor.execute(sql, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        finally:
            cursor.close()

    def file(self, table: str) -> str:
        """A table as DuckDB reads it in SQL."""
        path = str(self.folder / f"{table}.parquet").replace("'", "''")
        return f"read_parquet('{path}')"

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if "_connection" in self.__dict__:
            self._connection.close()
