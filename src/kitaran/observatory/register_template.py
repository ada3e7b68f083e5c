"""The vehicle register to fill in: one row a kind of vehicle, help at each column, an ignored example."""

from __future__ import annotations

import io
from functools import lru_cache

from kitaran.observatory.register import fields
from kitaran.observatory.register_file import SHEET
from kitaran.reference.own_data.sheets import MARK

_WIDTH = 22


@lru_cache(maxsize=1)
def template() -> bytes:
    """The workbook as XLSX bytes; its header alone, saved as CSV, serves as well."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    for line, word in enumerate((MARK, "HELP", "EXAMPLE"), start=1):
        sheet.cell(line, 1, word)
    for at, field in enumerate(fields(), start=2):
        sheet.cell(1, at, field.label).font = Font(bold=True)
        told = sheet.cell(2, at, field.help)
        told.alignment = Alignment(wrap_text=True, vertical="top")
        told.font = sheet.cell(3, at, field.example).font = Font(italic=True, color="595959")
        letter = told.column_letter
        sheet.column_dimensions[letter].width = _WIDTH
        if field.choices:
            words = DataValidation("list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
            words.add(f"{letter}4:{letter}5000")
            sheet.add_data_validation(words)
    sheet.freeze_panes = "B4"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
