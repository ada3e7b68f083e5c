"""The sheet that says who stands behind the figures; it becomes their source."""

from __future__ import annotations

from kitaran.reference.own_data import cells
from kitaran.reference.own_data.cells import Unfit, is_empty
from kitaran.reference.own_data.faults import CellFault
from kitaran.reference.own_data.sheets import MAKINGS, WHO_FIELDS, WHO_SHEET, Field
from kitaran.reference.own_data.workbook import Opened


def read_who(opened: Opened, faults: list[CellFault]) -> dict[str, str]:
    """Answers by field, with `grade`; empty if a fault was added."""
    if WHO_SHEET not in opened.results.sheetnames:
        cause = f"The sheet {WHO_SHEET!r} is missing: figures need a source."
        faults.append(CellFault("file", "", cause, "Copy your rows into a fresh template."))
        return {}
    given = _answers(opened)
    answers: dict[str, str] = {}
    before = len(faults)
    for field in WHO_FIELDS:
        line, value = given.get(field.label, (0, None))
        try:
            answers[field.column] = _answer(field, value)
        except Unfit as unfit:
            faults.append(CellFault(WHO_SHEET, f"B{line}" if line else "", unfit.cause, unfit.remedy))
    if len(faults) > before:
        return {}
    return {**answers, "grade": MAKINGS[answers["made"]]}


def _answers(opened: Opened) -> dict[str, tuple[int, object]]:
    sheet = opened.results[WHO_SHEET]
    return {
        " ".join(str(sheet.cell(line, 1).value or "").casefold().rstrip(" *").split()): (
            line,
            sheet.cell(line, 2).value,
        )
        for line in range(1, min(sheet.max_row, 50) + 1)
    }


def _answer(field: Field, value: object) -> str:
    if is_empty(value):
        if field.required:
            raise Unfit(f"{field.label!r} is not filled in.", field.help)
        return ""
    if field.choices:
        return cells.choice(value, field)
    answer = cells.text(value)
    if field.column == "url" and not answer.startswith(("https://", "http://")):
        raise Unfit(f"{answer[:60]!r} is no web address.", "Begin it with https://, or leave it empty.")
    return answer
