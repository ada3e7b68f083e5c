"""A library: all fact tables of one folder, with the overrides that a workspace lays over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.reference.csv_rows import Parsed, parse_rows
from kitaran.reference.fact_table import FactTable
from kitaran.reference.findings import refuse
from kitaran.reference.overrides import fingerprint, override_text
from kitaran.reference.row import Row
from kitaran.reference.sidecar import TableMeta, parse_sidecar


@dataclass(frozen=True)
class TableOrigin:
    """Library and table of a row; the flags are worked out when first asked for."""

    library: Library
    table: str
    file: str

    @cached_property
    def flags(self) -> Mapping[str, tuple[str, ...]]:
        """Causes of the flags by row id."""
        from kitaran.reference.checks import check_library

        causes: dict[str, tuple[str, ...]] = {}
        for finding in check_library(self.library, (self.table,)):
            if finding.level == "flag" and finding.row_id:
                causes[finding.row_id] = (*causes.get(finding.row_id, ()), finding.cause)
        return causes


@dataclass(frozen=True)
class Library:
    """Tables NAME.csv with NAME.yaml in `folder`; rows of `overrides`/NAME.csv replace those of the same key.

    Each file is read once in the life of a library.
    """

    folder: Traversable
    overrides: Path | None = None
    _tables: dict[str, FactTable] = field(default_factory=dict, compare=False, repr=False)
    _metas: dict[str, TableMeta] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        files = (item.name for item in self.folder.iterdir())
        return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))

    def meta(self, name: str) -> TableMeta:
        """The sidecar of a table; NotFoundError if there is no such table."""
        if name not in self.names:
            raise NotFoundError(
                f"There is no table {name!r}.", "reference tables", f"Choose one of {', '.join(self.names)}."
            )
        if name not in self._metas:
            text = (self.folder / f"{name}.yaml").read_text(encoding="utf-8")
            self._metas[name] = parse_sidecar(text, f"{name}.yaml")
        return self._metas[name]

    def parse(self, name: str) -> Parsed:
        """The rows in `folder` and what is wrong with the file, overrides apart."""
        meta = self.meta(name)
        try:
            text = (self.folder / f"{name}.csv").read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise InputError(
                "The sidecar has no table beside it.", f"{name}.csv", "Add the table, or remove the sidecar."
            ) from error
        return parse_rows(name, text, meta, TableOrigin(self, name, f"{name}.csv"))

    def parse_override(self, name: str) -> Parsed:
        """The rows of the workspace's own file; none if there is no such file."""
        text = override_text(self.overrides, f"{name}.csv") if self.overrides else None
        if text is None:
            return Parsed((), ())
        return parse_rows(name, text, self.meta(name), TableOrigin(self, name, f"overrides/{name}.csv"))

    @property
    def overridden(self) -> tuple[str, ...]:
        """Names of the tables over which the workspace lays rows of its own."""
        return tuple(name for name in self.names if self.parse_override(name).rows)

    def table(self, name: str) -> FactTable:
        """The table with the overrides laid over it; InputError names every cell that cannot be read."""
        if name not in self._tables:
            own = self.parse_override(name)
            refuse(own.findings, f"The override of {name} cannot be read.")
            self._tables[name] = overlay(self._plain(name), own.rows)
        return self._tables[name]

    def _plain(self, name: str) -> FactTable:
        if self.overrides is not None and self.folder == packaged().folder:
            return packaged().table(name)
        parsed = self.parse(name)
        refuse(parsed.findings, f"The table {name} cannot be read.")
        return FactTable(name, self.meta(name), parsed.rows)


def overlay(table: FactTable, own: tuple[Row, ...]) -> FactTable:
    """The table with `own` rows in place of all rows of the same figures; new ones are added at the end."""
    if not own:
        return table
    replaced = {figure for row in own for figure in table.replaced_by(row)}
    kept = tuple(row for row in table.rows if table.figure(row) not in replaced)
    return FactTable(table.name, table.meta, kept + own, tuple(row.id for row in own))


@cache
def packaged() -> Library:
    """The library inside the package, read once."""
    return Library(resources.files("kitaran.reference") / "tables")


def with_overrides(folder: Path) -> Library:
    """The packaged library with a workspace's rows over it; read again when one of its files has changed."""
    return _with_overrides(folder, fingerprint(folder))


@lru_cache(maxsize=8)
def _with_overrides(folder: Path, _state: tuple[tuple[str, int, int], ...]) -> Library:
    return Library(packaged().folder, folder)
