"""Taking own figures into a workspace, saying whose they are, and taking them out again.

`overrides/uploads.json` holds every accepted upload with its rows. The override tables are made from it: rows
that a user wrote there by hand stay, and a later upload replaces the same figure of an earlier one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kitaran.foundation.clock import stamp
from kitaran.foundation.disk import explain
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.file_lock import held
from kitaran.reference.csv_rows import write_rows
from kitaran.reference.findings import refuse
from kitaran.reference.library import Library, packaged
from kitaran.reference.overrides import change, override_text, settle
from kitaran.reference.own_data.upload import Upload
from kitaran.reference.row import Cell

RECORD = "uploads.json"
_one_at_a_time = threading.Lock()

Cells = dict[str, Cell]


@dataclass(frozen=True)
class Accepted:
    """An upload that is in use. rows: fact-table cells by table."""

    id: str
    filename: str
    accepted_at: str
    source: Cells
    rows: dict[str, list[Cells]]

    @property
    def source_id(self) -> str:
        return str(self.source["source"])

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))

    def summary(self) -> dict[str, object]:
        """Whose, since when and how much, without the rows."""
        return {
            "id": self.id,
            "filename": self.filename,
            "accepted_at": self.accepted_at,
            "source": dict(self.source),
            "tables": {name: len(rows) for name, rows in self.rows.items()},
            "economies": list(self.economies),
            "rows": self.count,
        }

    @property
    def economies(self) -> tuple[str, ...]:
        found = {row["economy"] for rows in self.rows.values() for row in rows if row.get("economy")}
        return tuple(sorted(map(str, found)))


def accepted(overrides: Path) -> tuple[Accepted, ...]:
    """Uploads in use, in order of acceptance."""
    text = override_text(overrides, RECORD)
    if text is None:
        return ()
    try:
        return tuple(Accepted(**item) for item in json.loads(text))
    except (ValueError, TypeError) as error:
        raise InputError(
            "The record of accepted uploads cannot be read.",
            str(overrides / RECORD),
            "Restore the file from a copy; or remove it, and the rows of own sources stay as they are.",
        ) from error


def accept(overrides: Path, upload: Upload, library: Library | None = None) -> Accepted:
    """Lay the upload over the packaged figures: all of it or nothing. Accepting it twice changes nothing."""
    library = Library((library or packaged()).folder, overrides)
    new = Accepted(upload.id, upload.filename, stamp(), dict(upload.source), _rows_by_table(upload))
    with _alone(overrides):
        settle(overrides)
        before = accepted(overrides)
        for item in before:
            if item.id == upload.id:
                return item
        _put(library, overrides, before, (*before, new))
    return new


def remove(overrides: Path, upload_id: str, library: Library | None = None) -> Accepted:
    """Take an upload out again; figures that it replaced come back. NotFoundError if it is not in use."""
    library = Library((library or packaged()).folder, overrides)
    with _alone(overrides):
        settle(overrides)
        before = accepted(overrides)
        gone = next((item for item in before if item.id == upload_id), None)
        if gone is None:
            raise NotFoundError(
                "This upload is not in use.", upload_id, "List the uploads in use: kitaran data uploads."
            )
        _put(library, overrides, before, tuple(item for item in before if item is not gone))
    return gone


@contextmanager
def _alone(overrides: Path) -> Iterator[None]:
    """Nobody else changes what is accepted meanwhile, in this process or another."""
    with _one_at_a_time:
        try:
            overrides.parent.mkdir(parents=True, exist_ok=True)
            lock = overrides.with_name(f".{overrides.name}.lock").open("ab")
        except OSError as error:
            raise explain(error, overrides) from error
        with lock, held(lock):
            yield


def override_files(library: Library, upload: Upload) -> dict[str, str]:
    """The override files that the upload would make, laid over those that the library has."""
    before = accepted(library.overrides) if library.overrides else ()
    new = Accepted(upload.id, upload.filename, "", dict(upload.source), _rows_by_table(upload))
    files = _files(library, before, (*before, new))
    untouched = (
        {name: override_text(library.overrides, f"{name}.csv") for name in library.names}
        if (library.overrides)
        else {}
    )
    kept = {f"{name}.csv": text for name, text in untouched.items() if text is not None}
    return {name: text for name, text in {**kept, **files}.items() if text is not None}


def _put(library: Library, overrides: Path, before: Sequence[Accepted], after: Sequence[Accepted]) -> None:
    record = json.dumps([asdict(item) for item in after], ensure_ascii=False, indent=1)
    change(overrides, {**_files(library, before, after), RECORD: record})


def _files(library: Library, before: Sequence[Accepted], after: Sequence[Accepted]) -> dict[str, str | None]:
    """Text of each override table that the change touches; None where no row is left."""
    own = {item.source_id for item in (*before, *after)}
    touched = sorted({name for item in (*before, *after) for name in (*item.rows, "sources")})
    files: dict[str, str | None] = {}
    for name in touched:
        uploaded = _latest(library, name, after)
        rows = [*_by_hand(library, name, own), *uploaded]
        files[f"{name}.csv"] = write_rows(tuple(library.meta(name).columns), rows) if rows else None
    return files


def _by_hand(library: Library, name: str, own: set[str]) -> list[Mapping[str, Cell]]:
    parsed = library.parse_override(name)
    refuse(parsed.findings, f"The override of {name} cannot be read, so nothing can be added to it.")
    return [row for row in parsed.rows if row.source not in own]


def _latest(library: Library, name: str, uploads: Sequence[Accepted]) -> list[Cells]:
    """Rows of all uploads; of the same figure the latest."""
    if name == "sources":
        return [item.source for item in uploads]
    table = library.table(name)
    figures: dict[tuple[Cell, ...], Cells] = {}
    for item in uploads:
        for row in item.rows.get(name, []):
            figures.pop(table.figure(row), None)
            figures[table.figure(row)] = row
    return list(figures.values())


def _rows_by_table(upload: Upload) -> dict[str, list[Cells]]:
    rows: dict[str, list[Cells]] = {}
    for row in upload.rows:
        rows.setdefault(row.table, []).append(dict(row.cells))
    return rows
