"""The reader: typed frozen rows, arrays, selection, conflicting sources, overrides."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.reference.csv_rows import parse_rows, write_rows
from kitaran.reference.library import Library, TableOrigin
from kitaran.reference.row import Row
from kitaran.reference.sidecar import TableMeta, parse_sidecar

from .conftest import EV_SALES, SALES_HEADER, Build

TWO_SOURCES = """THA,car,BEV,2024,2025,100,90,,vehicle,iea-2025,CC BY 4.0,B,
THA,car,BEV,2024,2025,120,,130,vehicle,mirror,unknown,C,"rounded, press"
THA,bus,BEV,2024,2025,,5,7,vehicle,iea-2025,CC BY 4.0,B,
IND,car,BEV,2023,2025,80,,,vehicle,iea-2025,CC BY 4.0,B,
"""


def test_a_row_names_its_table_key_and_source(build: Build) -> None:
    row = build(TWO_SOURCES).table("ev_sales").rows[1]
    assert row.id == "ev_sales/THA.car.BEV.2024@mirror"
    assert (row.value, row.low, row.high, row.unit, row.grade) == (120.0, None, 130.0, "vehicle", "C")
    assert row["year"] == 2024
    assert row.note == "rounded, press"


def test_an_empty_cell_is_unknown_and_never_zero(build: Build) -> None:
    table = build(TWO_SOURCES).table("ev_sales")
    assert table.rows[2].value is None
    assert np.isnan(table.column("value")[2])
    assert table.rows[2].central == 6.0
    assert table.rows[2].span == (5.0, 7.0)


def test_a_row_cannot_be_changed(build: Build) -> None:
    table = build(TWO_SOURCES).table("ev_sales")
    with pytest.raises(AttributeError):
        table.rows[0].line = 7  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        table.column("value")[0] = 1.0


def test_columns_come_as_arrays_of_their_type(build: Build) -> None:
    table = build(TWO_SOURCES).table("ev_sales")
    assert table.column("year").dtype == np.int64
    assert table.column("value").dtype == np.float64
    assert list(table.column("economy")) == ["THA", "THA", "THA", "IND"]


def test_a_selection_takes_one_value_or_any_of_several(build: Build) -> None:
    table = build(TWO_SOURCES).table("ev_sales")
    assert [row.id for row in table.where(economy="IND")] == ["ev_sales/IND.car.BEV.2023@iea-2025"]
    assert len(table.where(economy=("IND", "THA"), vehicle_class="car")) == 3
    assert len(table.where(economy="BTN")) == 0
    with pytest.raises(InputError, match="no column 'klass'"):
        table.where(klass="car")


def test_conflicting_sources_become_the_best_grade_within_the_range_of_all(build: Build) -> None:
    resolved = build(TWO_SOURCES).table("ev_sales").resolve()
    assert resolved.rows[0].id == "ev_sales/THA.car.BEV.2024@iea-2025"
    assert len(resolved) == 3
    assert (resolved.rows[0].value, resolved.rows[0].low, resolved.rows[0].high) == (100.0, 90.0, 130.0)


def test_among_equal_grades_the_newest_edition_wins(build: Build) -> None:
    rows = (
        "THA,car,BEV,2024,2024,70,,,vehicle,ministry,CC BY 4.0,B,\n"
        "THA,car,BEV,2024,2025,90,,,vehicle,iea-2025,CC BY 4.0,B,\n"
    )
    assert build(rows).table("ev_sales").resolve().rows[0].value == 90.0


def test_every_cell_that_cannot_be_read_is_named_with_its_line(build: Build) -> None:
    rows = (
        'THA,car,BEV,2024,2025,"1,000",,,vehicle,iea-2025,CC BY 4.0,B,\n'
        "THA,car,BEV,x,,1,,,vehicle,m,c,B,\nTHA\n"
    )
    with pytest.raises(InputError) as caught:
        build(rows).table("ev_sales")
    assert [fault.place for fault in caught.value.faults] == [
        "ev_sales.csv line 2",
        "ev_sales.csv line 3",
        "ev_sales.csv line 4",
    ]
    assert "'1,000' in column value is no number" in caught.value.faults[0].cause


@pytest.mark.parametrize("word", ["nan", "inf", "-Infinity"])
def test_a_number_that_is_none_is_refused(build: Build, word: str) -> None:
    with pytest.raises(InputError, match="is no number"):
        build(f"THA,car,BEV,2024,,{word},,,vehicle,m,c,B,\n").table("ev_sales")


def test_an_unknown_column_and_a_missing_one_are_refused(build: Build) -> None:
    text = "economy,vehicle_class,powertrain,value,colour,unit,source,grade\n"
    with pytest.raises(InputError) as caught:
        build(ev_targets=(EV_SALES, text)).table("ev_targets")
    assert [fault.cause for fault in caught.value.faults] == [
        "Unknown column 'colour'.",
        "Column 'year' is missing.",
    ]


def test_a_table_that_does_not_exist_is_answered_with_those_that_do(build: Build) -> None:
    with pytest.raises(NotFoundError) as caught:
        build().table("ev_sails")
    assert "ev_sales" in caught.value.remedy


def test_a_sidecar_with_a_key_it_should_not_have_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        parse_sidecar("title: t\nabout: a\nlicence: l\nkeys: [x]\ncolumns: {}\ncolour: red\n", "x.yaml")
    assert any("colour" in fault.place for fault in caught.value.faults)


def test_an_override_replaces_every_row_of_its_key_and_is_named(build: Build, tmp_path: Path) -> None:
    own = tmp_path / "overrides"
    own.mkdir()
    (own / "ev_sales.csv").write_text(
        "economy,vehicle_class,powertrain,year,value,unit,source,licence,grade\n"
        "THA,car,BEV,2024,111,vehicle,ministry,own,A\n",
        encoding="utf-8",
    )
    table = build(TWO_SOURCES, overrides=own).table("ev_sales")
    assert [row.value for row in table.where(economy="THA", vehicle_class="car")] == [111.0]
    assert table.overridden == ("ev_sales/THA.car.BEV.2024@ministry",)
    assert table.where(economy="IND").overridden == ()
    assert len(table) == 3


def test_importing_the_package_reads_no_table() -> None:
    code = (
        "import sys, kitaran.reference as r; from kitaran.reference.library import packaged;"
        "assert packaged.cache_info().currsize == 0; assert 'kitaran.reference.checks' not in sys.modules"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(str.strip)
_figure = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=64)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_figure, _figure, _figure, _text, _text, st.integers(0, 2100)), max_size=8))
def test_what_is_written_is_read_back_to_the_same_cells(
    cells: list[tuple[float | None, float | None, float | None, str, str, int]],
) -> None:
    meta = TableMeta.model_validate(EV_SALES)
    rows = [
        {
            "economy": "THA",
            "vehicle_class": "car",
            "powertrain": "BEV",
            "year": year,
            "edition": edition,
            "value": value,
            "low": low,
            "high": high,
            "unit": "vehicle",
            "source": "ministry",
            "licence": "own",
            "grade": "A",
            "note": note,
        }
        for value, low, high, edition, note, year in cells
    ]
    text = write_rows(tuple(meta.columns), rows)
    origin = TableOrigin(Library(Path()), "ev_sales", "ev_sales.csv")
    parsed = parse_rows("ev_sales", text, meta, origin)
    assert parsed.findings == ()
    assert [dict(row) for row in parsed.rows] == rows


def test_the_header_of_the_examples_is_the_one_of_the_sidecar() -> None:
    assert set(SALES_HEADER.strip().split(",")) == set(TableMeta.model_validate(EV_SALES).columns)


def test_two_rows_with_equal_cells_are_equal(build: Build) -> None:
    first, second = build(TWO_SOURCES).table("ev_sales"), build(TWO_SOURCES).table("ev_sales")
    assert first.rows == second.rows
    assert isinstance(first.rows[0], Row)
    assert first.rows[0] != first.rows[1]
