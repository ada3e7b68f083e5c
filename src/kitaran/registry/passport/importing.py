"""A file of batteries becomes passports, all or nothing; what is wrong is told by row and column.

Each row names its `model`, which must be registered, and what is said of one battery; `codes` are what its
label says, with a semicolon between them. What is said of a model does not stand in the rows, and what was
measured comes as a reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import files, repository, values
from kitaran.registry.passport.attributes import Attribute, attributes, entered
from kitaran.registry.passport.names import SERIAL, Alias, aliases_of
from kitaran.registry.passport.service import Batch, issue_batch

MOST_ROWS: Final = 1_000_000
NEEDED: Final = ("model", "serial_number")
_NO_MODEL: Final = "There is no such model of this operator. Register it first: kitaran passport model."
_CODES: Final = replace(attributes()["serial_number"], name="codes", type="texts")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a cell. row : as the file counts, its heading being row 1"""

    row: int
    column: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass
class Checked:
    """Rows that can be issued, and what is wrong with the others.

    numbers : of the rows in the file; operator : who answers for all of them, None if that is not known
    """

    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    operator: str | None = None


def import_file(hand: Hand, path: Path, operator: str | None = None) -> tuple[Batch | None, list[RowError]]:
    """Issue a passport for each row of the file, or none of them and what is wrong.

    operator : who answers for them; by default whose models the rows name
    Raises InputError if the file cannot be read, NotAllowedError if the hand may not issue them.
    """
    return import_rows(hand, lambda: files.read(path), operator)


def import_rows(
    hand: Hand, rows: Callable[[], Iterator[tuple[int, files.Cells]]], operator: str | None = None
) -> tuple[Batch | None, list[RowError]]:
    """The same for rows that can be read again; each with its number."""
    checked = check(hand, rows(), operator)
    if checked.errors or checked.operator is None:
        return None, checked.errors
    try:
        return issue_batch(hand, checked.operator, checked.rows), []
    except ConflictError:
        again = check(hand, rows(), operator)
        if not again.errors:
            raise
        return None, again.errors


def check(hand: Hand, rows: Iterable[tuple[int, files.Cells]], operator: str | None) -> Checked:
    """Read every row and check it by itself, against the others and against the registry."""
    checked, names = Checked(operator=operator), dict[Alias, int]()
    try:
        _read_rows(rows, checked, names)
    except files.UnreadableRowError as error:
        checked.errors.append(RowError(error.row, "", f"{error.cause} {error.remedy}"))
    if not checked.rows and not checked.errors:
        checked.errors.append(RowError(1, "", "The file holds no battery."))
    _check_registry(hand, checked, names)
    checked.errors.sort(key=lambda one: (one.row, one.column))
    return checked


def _read_rows(rows: Iterable[tuple[int, files.Cells]], checked: Checked, names: dict[Alias, int]) -> None:
    known = entered("item", "static")
    for number, cells in rows:
        if len(checked.rows) >= MOST_ROWS:
            checked.errors.append(RowError(number, "", f"More than {MOST_ROWS} rows come at once."))
            return
        row = _row(cells, known)
        checked.errors += [RowError(number, *fault) for fault in _faults(row, known)]
        checked.errors += _names_twice(row, number, names)
        checked.rows.append(row)
        checked.numbers.append(number)


def _row(cells: files.Cells, known: Mapping[str, Attribute]) -> Row:
    row: Row = {}
    for name, text in cells.items():
        if name in known:
            row[name] = values.from_text(known[name], text)
        elif name == "codes":
            row[name] = values.from_text(_CODES, text)
        else:
            row[name] = text
    return row


def _faults(row: Row, known: Mapping[str, Attribute]) -> list[tuple[str, str]]:
    found = [(name, "It is missing.") for name in NEEDED if name not in row]
    for name in row.keys() - known.keys() - {"model", "codes"}:
        found.append((name, _misplaced(name)))
    told = {name: value for name, value in row.items() if name in known or name == "codes"}
    known = {**known, "codes": _CODES}
    found += [(one.place, f"{one.cause} {one.remedy}") for one in values.faults(told, known)]
    return found


def _misplaced(name: str) -> str:
    attribute = attributes().get(name)
    if attribute is None or attribute.filled != "entered":
        return f"There is no such column. Known are model, codes, {', '.join(entered('item', 'static'))}."
    if attribute.level == "model":
        return "It is said of the model, not of each battery: kitaran passport model."
    return "It is measured: record it as a reading."


def _names_twice(row: Row, number: int, names: dict[Alias, int]) -> list[RowError]:
    """Errors of codes that cannot be read, and of names that an earlier row has; new names are remembered."""
    try:
        found = aliases_of(row.get("model"), row.get("serial_number"), row.get("codes", ()))
    except InputError as error:
        return [RowError(number, "codes", f"{error.faults[0].cause} {error.faults[0].remedy}")]
    errors = []
    for name in found:
        first = names.setdefault(name, number)
        if first != number:
            errors.append(RowError(number, _column(name), f"Row {first} has the same."))
    return errors


def _check_registry(hand: Hand, checked: Checked, names: Mapping[Alias, int]) -> None:
    """Models that are not registered or another's, and names that are given away."""
    models = {str(row["model"]) for row in checked.rows if "model" in row}
    with reading(hand.ledger.engine) as connection:
        owners = repository.owners(connection, models) if models else {}
        if checked.operator is None and owners:
            checked.operator = owners.get(str(checked.rows[0].get("model")), min(owners.values()))
        for number, row in zip(checked.numbers, checked.rows, strict=True):
            if "model" in row and owners.get(row["model"], "") != checked.operator:
                checked.errors.append(RowError(number, "model", _NO_MODEL))
        for name in repository.taken(connection, list(names)):
            message = "A battery is known under it already."
            checked.errors.append(RowError(names[name], _column(name), message))


def _column(name: Alias) -> str:
    return "serial_number" if name[0] == SERIAL else "codes"
