"""A worksheet of named lines: each a label, a value or a live formula, a unit, and a note.

Formulas name other lines in braces: `={throughput} * 1000`. A line may be named once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

INPUT = PatternFill("solid", fgColor="E3F0EE")
BOLD = Font(bold=True)
WIDTHS = (46, 18, 14, 70)
HEADS = ("Line", "Value", "Unit", "Note")
REFERENCE = re.compile(r"\{([^{}]+)\}")


class Lines:
    """Lines of one worksheet, written from the top."""

    def __init__(self, sheet: Worksheet, title: str) -> None:
        self.sheet = sheet
        self.cells: dict[str, str] = {}
        sheet.append([title])
        sheet["A1"].font = Font(bold=True, size=14)
        sheet.append(["Shaded cells are inputs: change them, and everything below is computed anew."])
        sheet.append([])
        sheet.append(list(HEADS))
        for column, width in enumerate(WIDTHS, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
            sheet.cell(4, column).font = BOLD
        sheet.freeze_panes = "A5"

    def heading(self, words: str) -> None:
        """A blank line and a heading."""
        self.sheet.append([])
        self.sheet.append([words])
        self.sheet.cell(self.sheet.max_row, 1).font = BOLD

    def given(self, name: str, label: str, value: float, unit: str, note: str = "") -> str:
        """An input. Returns its reference for formulas."""
        self._line(name, label, float(value), unit, note)
        self.sheet.cell(self.sheet.max_row, 2).fill = INPUT
        return f"{{{name}}}"

    def formula(self, name: str, label: str, formula: str, unit: str, note: str = "") -> str:
        """A live formula over lines named before. Returns its reference."""
        self._line(name, label, "=" + REFERENCE.sub(self._address, formula), unit, note)
        return f"{{{name}}}"

    def _address(self, found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in self.cells:
            raise InputError(f"No line {name!r} stands before.", self.sheet.title, "Name a line above.")
        return self.cells[name]

    def _line(self, name: str, label: str, value: float | str, unit: str, note: str) -> None:
        if name in self.cells:
            raise InputError(f"The line {name!r} stands twice.", self.sheet.title, "Name each line once.")
        self.sheet.append([label, value, unit, note])
        self.cells[name] = f"B{self.sheet.max_row}"


def added(terms: list[str]) -> str:
    """Terms of a sum; nought if there are none."""
    return " + ".join(terms) or "0"


def number(value: float) -> str:
    """A number inside a formula, in full."""
    return repr(float(value)) if value >= 0 else f"({float(value)!r})"
