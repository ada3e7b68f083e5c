"""The tables of a finished run as files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning import scenario
from kitaran.planning.scenario.reading import TABLES


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_every_table_is_exported(made: Path, tmp_path: Path, format: str) -> None:
    files = scenario.export(made, format, tmp_path / "out")
    always = [table for table in TABLES if table not in ("claims", "observed_stock")]
    assert [file.name for file in files] == [f"{table}.{format}" for table in always]
    with duckdb.connect() as connection:
        for file in files:
            counted = connection.execute(f"SELECT count(*) FROM '{file}'").fetchone()
            assert counted is not None
            assert counted[0] == len(scenario.read_run(made).table(file.stem))


def test_an_unknown_format_is_refused(made: Path) -> None:
    with pytest.raises(InputError, match="no format of export"):
        scenario.export(made, "xls")
