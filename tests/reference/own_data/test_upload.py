"""A filled workbook: every row a figure with its source, every fault in its cell, and nothing by halves."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kitaran.foundation import clock
from kitaran.reference.own_data import UploadError, cells, read_upload
from kitaran.reference.own_data.cells import Unfit

from .conftest import REGISTRATION, Fill, faults_of

STOCK = {
    "economy": "BGD",
    "vehicle class": "three_wheeler",
    "powertrain": "BEV",
    "year": 2024,
    "basis": "year_end",
    "low": 1_400_000,
    "high": 4_000_000,
    "note": "unregistered ones estimated",
}
TARGET = {
    "economy": "THA",
    "vehicle class": "car",
    "measure": "sales_share",
    "target year": 2035,
    "status": "policy",
    "target": "50 %",
}
PRICE = {
    "item": "lithium_carbonate",
    "basis": "ex works, Bangkok",
    "period": "2024-05",
    "price": 12.5,
    "unit": "USD/kg",
}


@pytest.fixture(autouse=True)
def _late_2026() -> Any:
    with clock.replaced(datetime(2026, 11, 21, tzinfo=UTC)):
        yield


def test_the_template_holds_no_figure_of_its_own(blank: bytes) -> None:
    """The example row is ignored, so what is missing is the source and a row."""
    causes = [fault.cause for fault in faults_of(blank)]
    assert "'publisher' is not filled in." in causes
    assert not [fault for fault in faults_of(blank) if fault.sheet in ("registrations", "stock")]


def test_the_template_names_every_economy_and_class_in_its_lists(blank: bytes) -> None:
    book = load_workbook(io.BytesIO(blank))
    words = {cell.value for column in book["lists"].columns for cell in column}
    assert {"THA", "BTN", "e_bike", "two_three_wheeler", "bus", "policy", "registrations"} <= words
    assert all(book[name].data_validations.dataValidation for name in ("registrations", "stock", "targets"))


def test_a_row_becomes_a_figure_with_its_source(fill: Fill) -> None:
    upload = read_upload(fill(registrations=[REGISTRATION]), "thailand.xlsx")
    (row,) = upload.rows
    assert (row.sheet, row.line, row.table) == ("registrations", 5, "ev_sales")
    assert dict(row.cells) == {
        "economy": "THA",
        "vehicle_class": "car",
        "powertrain": "BEV",
        "year": 2024,
        "basis": "annual",
        "months": 12,
        "measure": "registrations",
        "value": 70000.0,
        "unit": "vehicle",
        "source": upload.source_id,
        "licence": "CC BY 4.0",
        "grade": "B",
    }
    assert upload.source["publisher"] == "Department of Land Transport"
    assert upload.source["kind"] == "own"
    assert upload.source["year"] == 2025
    assert upload.source_id.startswith("own-department-of-land-transport-")


def test_all_four_sheets_are_read(fill: Fill) -> None:
    upload = read_upload(
        fill(registrations=[REGISTRATION], stock=[STOCK], targets=[TARGET], prices=[PRICE]), "all.xlsx"
    )
    assert upload.tables == ("ev_sales", "ev_stock", "ev_targets", "prices")
    assert upload.economies == ("BGD", "THA")
    stock, target, price = (row.cells for row in upload.rows[1:])
    assert (stock.get("value"), stock["low"], stock["high"]) == (None, 1_400_000.0, 4_000_000.0)
    assert (target["value"], target["unit"]) == (0.5, "fraction")
    assert (price["year"], price["unit"]) == (2024, "USD/kg")


@pytest.mark.parametrize(
    ("given", "grade"),
    [("measured or counted one by one", "A"), ("Reported or Estimated", "C"), ("our own assumption", "D")],
)
def test_how_the_figures_were_made_gives_their_grade(fill: Fill, given: str, grade: str) -> None:
    upload = read_upload(fill(registrations=[REGISTRATION], who={"how made": given}), "x.xlsx")
    assert upload.rows[0].cells["grade"] == grade


@pytest.mark.parametrize(
    ("change", "cell", "word"),
    [
        ({"economy": "Siam"}, "B5", "no economy"),
        ({"economy": None}, "B5", "economy is missing"),
        ({"vehicle class": "lorry"}, "C5", "not on the list"),
        ({"vehicle class": "all"}, "C5", "not on the list"),
        ({"powertrain": "HEV"}, "D5", "not on the list"),
        ({"year": 2026}, "E5", "not over"),
        ({"year": "2025/26"}, "E5", "2025/26"),
        ({"year": 2030}, "E5", "not over"),
        ({"year": 2567}, "E5", "Buddhist"),
        ({"year": "FY2024"}, "E5", "two different years"),
        ({"year": datetime(2024, 5, 1)}, "E5", "date"),
        ({"year": 24}, "E5", "no year"),
        ({"number": -5}, "G5", "negative"),
        ({"number": 12.5}, "G5", "whole number"),
        ({"number": "many"}, "G5", "no number"),
        ({"number": True}, "G5", "no number"),
        ({"number": None}, "A5", "no figure"),
        ({"number": 5e9}, "G5", "cannot be"),
        ({"low": 80000}, "H5", "not in order"),
        ({"note": "x" * 501}, "J5", "501 letters"),
        ({"number": "=G4*2"}, "G5", "without its result"),
        ({"number": "#REF!"}, "G5", "error"),
    ],
)
def test_a_fault_is_named_in_its_cell(fill: Fill, change: dict[str, object], cell: str, word: str) -> None:
    faults = faults_of(fill(registrations=[{**REGISTRATION, **change}]))
    assert [(fault.sheet, fault.cell) for fault in faults] == [("registrations", cell)]
    assert word in faults[0].cause


def test_one_fault_anywhere_and_no_row_is_taken(fill: Fill) -> None:
    rows = [REGISTRATION, {**REGISTRATION, "year": 2023, "number": -1}, {**REGISTRATION, "year": "x"}]
    faults = faults_of(fill(registrations=rows))
    assert [fault.cell for fault in faults] == ["G6", "E7"]


@pytest.mark.parametrize("missing", ["publisher", "document title", "published on", "licence", "how made"])
def test_figures_without_a_source_are_refused(fill: Fill, missing: str) -> None:
    (fault,) = faults_of(fill(registrations=[REGISTRATION], who={missing: ""}))
    assert (fault.sheet, fault.cause) == ("who are you", f"{missing!r} is not filled in.")


def test_a_web_address_must_be_one(fill: Fill) -> None:
    (fault,) = faults_of(fill(registrations=[REGISTRATION], who={"web address": "javascript:alert(1)"}))
    assert "no web address" in fault.cause


def test_merged_cells_are_refused(fill: Fill) -> None:
    def merge(book: Workbook) -> None:
        book["registrations"].merge_cells("B5:B6")

    (fault,) = faults_of(fill(registrations=[REGISTRATION], change=merge))
    assert (fault.cell, "B5:B6 are merged" in fault.cause) == ("B5", True)


def test_the_same_figure_twice_is_refused(fill: Fill) -> None:
    (fault,) = faults_of(fill(registrations=[REGISTRATION, REGISTRATION]))
    assert (fault.cell, fault.cause) == ("A6", "The same figure stands in row 5.")


def test_a_fiscal_year_and_the_year_in_which_it_begins_are_the_same_figure(fill: Fill) -> None:
    row = {**REGISTRATION, "economy": "IND"}
    (fault,) = faults_of(fill(registrations=[row, {**row, "year": "2024/25"}]))
    assert "same figure" in fault.cause


def test_unsplit_vehicles_beside_split_ones_are_refused(fill: Fill) -> None:
    (fault,) = faults_of(fill(registrations=[REGISTRATION, {**REGISTRATION, "powertrain": "EV"}]))
    assert "EV counts what BEV and PHEV count" in fault.cause


def test_a_fiscal_year_stands_under_the_year_in_which_it_begins_and_says_so(fill: Fill) -> None:
    row = {**REGISTRATION, "economy": "IND", "year": "FY 2023-24", "note": "Vahan"}
    cells = read_upload(fill(registrations=[row]), "india.xlsx").rows[0].cells
    assert (cells["year"], cells["basis"]) == (2023, "fiscal_year")
    note = str(cells["note"])
    assert note.startswith("Fiscal year 2023/24, from ")
    assert note.endswith(" 2023, stands under 2023; Vahan")


def test_a_formula_with_a_saved_result_is_taken(fill: Fill) -> None:
    """As a spreadsheet program saves it: <f> and <v> in one cell."""
    content = _with_result(fill(registrations=[{**REGISTRATION, "number": "=35000*2"}]), "35000*2", "70000")
    assert read_upload(content, "x.xlsx").rows[0].cells["value"] == 70000.0


def test_a_sheet_that_is_not_of_the_template_is_named_as_unread(fill: Fill) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("Sheet 2")["A1"] = "notes"

    assert read_upload(fill(registrations=[REGISTRATION], change=add), "x.xlsx").unread == ("Sheet 2",)


def test_a_column_that_is_not_of_the_template_is_refused(fill: Fill) -> None:
    def add(book: Workbook) -> None:
        book["registrations"]["K2"] = "colour"

    (fault,) = faults_of(fill(registrations=[REGISTRATION], change=add))
    assert (fault.cell, fault.cause) == ("K2", "Unknown column 'colour'.")


def test_a_missing_column_is_named(fill: Fill) -> None:
    def drop(book: Workbook) -> None:
        book["registrations"].delete_cols(4)

    (fault,) = faults_of(fill(registrations=[REGISTRATION], change=drop))
    assert fault.cause == "The column powertrain is missing."


def test_a_sheet_of_endless_empty_rows_is_refused(fill: Fill) -> None:
    def stretch(book: Workbook) -> None:
        book["registrations"].cell(9000, 2, " ")

    (fault,) = faults_of(fill(registrations=[REGISTRATION], change=stretch))
    assert "the limit is 5,000" in fault.cause


def test_an_empty_workbook_of_another_kind_is_refused() -> None:
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(UploadError) as caught:
        read_upload(out.getvalue(), "x.xlsx")
    assert any("none of the sheets" in fault.cause for fault in caught.value.cell_faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234,567", 1234567.0),
        ("1 234 567", 1234567.0),
        ("1\u00a0234", 1234.0),
        ("1\u202f234", 1234.0),
        ("1'234.5", 1234.5),
        ("12,34,567", None),
        ("1,23", None),
        ("1,234 567", None),
        ("0x10", None),
        ("nan", None),
    ],
)
def test_marks_between_thousands_are_understood_and_odd_ones_refused(
    text: str, expected: float | None
) -> None:
    if expected is None:
        with pytest.raises(Unfit):
            cells.number(text)
    else:
        assert cells.number(text) == expected


@given(st.integers(0, 10**9), st.sampled_from([",", " ", "\u00a0", "'"]))
def test_any_count_written_with_thousands_marks_reads_back(count: int, mark: str) -> None:
    assert cells.count(f"{count:,}".replace(",", mark)) == count


@given(st.text(max_size=30))
def test_no_text_makes_the_readers_of_cells_fail_otherwise_than_in_words(text: str) -> None:
    for read in (cells.number, cells.count, cells.share, cells.year, cells.period, cells.target_year):
        with suppress(Unfit):
            read(text)


def _with_result(content: bytes, formula: str, result: str) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            body = old.read(part).decode("utf-8", "surrogateescape")
            body = body.replace(f"<f>{formula}</f><v></v>", f"<f>{formula}</f><v>{result}</v>")
            body = body.replace(f"<f>{formula}</f><v />", f"<f>{formula}</f><v>{result}</v>")
            new.writestr(part.filename, body.encode("utf-8", "surrogateescape"))
    return out.getvalue()
