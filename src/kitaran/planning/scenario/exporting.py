"""The tables of a finished run as files of another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    pass
from kitaran.planning.scenario.reading import TABLES, read_run

Record = dict[str, Any]
EXPORTS = ("csv", "json", "parquet")


def export(folder: str | Path, format: str, out: str | Path | None = None) -> list[Path]:
    """Every table of a run as files of a format, beside the run or in `out`; returns the files written."""
    import duckdb

    from kitaran.foundation.disk import explain

    if format not in EXPORTS:
        raise InputError(
            f"{format!r} is no format of export.", "--format", f"Choose one of {', '.join(EXPORTS)}."
        )
    source = read_run(folder)
    target = Path(out) if out is not None else source.folder / format
    options = {"csv": "FORMAT csv, HEADER", "json": "FORMAT json, ARRAY true", "parquet": "FORMAT parquet"}[
        format
    ]
    written = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(config={"threads": 1}) as connection:
            for table in filter(source.has, TABLES):
                file = target / f"{table}.{format}"
                place = str(file).replace("'", "''")
                connection.execute(f"COPY (SELECT * FROM {source.file(table)}) TO '{place}' ({options})")
                written.append(file)
    except OSError as error:
        raise explain(error, target) from error
    return written
