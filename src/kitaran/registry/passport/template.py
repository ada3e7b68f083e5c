"""The workbook to fill in for a bulk issue: a sheet of batteries, and what each column means."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from kitaran.registry.passport.attributes import Attribute, entered

MOST_ROWS: Final = 10_000
"""Rows whose cells are prepared; more may be written below."""
COLUMNS: Final = ("model", "serial_number", "manufactured_on", "batch_number", "codes")
_OWN: Final = {
    "model": ("Id of the model, registered before", "yes", "pack-52"),
    "codes": (
        "Codes on the label (GS1, GB/T 34014, BPAN or the maker's own), a semicolon between two",
        "no",
        "(01)09506000134352(21)DX000123",
    ),
}
_EXAMPLES: Final = {"serial_number": "DX-000123", "manufactured_on": "2026-10-31", "batch_number": "B7"}


def columns() -> tuple[str, ...]:
    """Every column that a file of batteries may have, the needed ones first."""
    return (*COLUMNS, *(name for name in entered("item", "static") if name not in COLUMNS))


def meanings() -> list[tuple[str, str, str, str]]:
    """Column, what it means, whether it is needed, an example."""
    known = entered("item", "static")
    return [(name, *(_OWN.get(name) or _of_attribute(known[name]))) for name in columns()]


def _of_attribute(attribute: Attribute) -> tuple[str, str, str]:
    needed = "yes" if attribute.name == "serial_number" else "no"
    unit = f" [{attribute.unit}]" if attribute.unit else ""
    return (f"{attribute.label}{unit}: {attribute.wording}", needed, _EXAMPLES.get(attribute.name, ""))


def workbook(models: Sequence[str] = ()) -> bytes:
    """The empty workbook; the cells of `model` offer these models. Every cell is text: no zero is lost."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book, names = Workbook(), columns()
    sheet, guide, listed = book.active, book.create_sheet("columns"), book.create_sheet("models")
    sheet.title = "batteries"
    sheet.append(list(names))
    sheet.freeze_panes = "A2"
    guide.append(["column", "what it means", "needed", "example"])
    for row in meanings():
        guide.append(list(row))
    listed.append(["model"])
    for model in models:
        listed.append([model])
    for each in (sheet, guide, listed):
        for cell in each[1]:
            cell.font = Font(bold=True)
    for number in range(1, len(names) + 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width, column.number_format = 24, "@"
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 22, 90
    if models:
        offered = DataValidation("list", f"models!$A$2:$A${len(models) + 1}", allow_blank=True)
        offered.showErrorMessage = False
        sheet.add_data_validation(offered)
        offered.add(f"A2:A{MOST_ROWS + 1}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
