"""Workbooks filled as an analyst would fill the template."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kitaran.reference.own_data import UploadError, read_upload, template
from kitaran.reference.own_data.faults import CellFault

WHO = {
    "publisher": "Department of Land Transport",
    "document title": "Vehicles registered 2024",
    "published on": "2025-03-31",
    "licence": "CC BY 4.0",
    "web address": "https://example.org/vehicles",
    "how made": "published by an official body",
}
FIRST_LINE = 5
REGISTRATION = {
    "economy": "THA",
    "vehicle class": "car",
    "powertrain": "BEV",
    "year": 2024,
    "measure": "registrations",
    "number": 70000,
}

Fill = Callable[..., bytes]


@pytest.fixture(scope="session")
def blank() -> bytes:
    return template()


@pytest.fixture
def fill(blank: bytes) -> Fill:
    """fill(registrations=[{label: value}, ...], who={...}, change=function of the workbook): XLSX bytes."""

    def make(
        who: Mapping[str, object] | None = None,
        change: Callable[[Workbook], None] | None = None,
        **rows: list[Mapping[str, object]],
    ) -> bytes:
        book = load_workbook(io.BytesIO(blank))
        put_who(book, {**WHO, **(who or {})})
        for sheet, lines in rows.items():
            for offset, line in enumerate(lines):
                put_row(book[sheet], FIRST_LINE + offset, line)
        if change is not None:
            change(book)
        return saved(book)

    return make


def put_who(book: Workbook, answers: Mapping[str, object]) -> None:
    sheet = book["who are you"]
    for line in range(1, sheet.max_row + 1):
        label = str(sheet.cell(line, 1).value).rstrip(" *")
        if label in answers:
            sheet.cell(line, 2, answers[label])


def put_row(sheet: Any, line: int, cells: Mapping[str, object]) -> None:
    at = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[2]}
    for label, value in cells.items():
        sheet.cell(line, at[label], value)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults_of(content: bytes) -> list[CellFault]:
    """What is wrong with a workbook; it must be something."""
    with pytest.raises(UploadError) as caught:
        read_upload(content, "figures.xlsx")
    assert all(fault.cause and fault.remedy for fault in caught.value.cell_faults)
    return list(caught.value.cell_faults)
