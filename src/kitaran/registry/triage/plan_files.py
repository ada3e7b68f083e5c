"""A plan of storage systems as a file, one battery a line: for the bench, and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from kitaran.foundation.errors import InputError

HEADS = (
    *("system", "string", "place", "battery", "chemistry", "nominal_ah", "nominal_v"),
    *("system_volts", "system_kwh", "usable_kwh", "soh_low", "value_usd", "singly_usd", "left_over_because"),
)
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def plan_file(told: Mapping[str, Any], name: str) -> bytes:
    """The plan of `plan_words.as_dict` as CSV or XLSX, told apart by the name. Raises InputError else."""
    forms = {"csv": plan_csv, "xlsx": plan_workbook}
    suffix = name.rpartition(".")[2].lower()
    if suffix not in forms:
        raise InputError(f"{name} is neither .csv nor .xlsx.", "--out", "Name it plan.xlsx.")
    return forms[suffix](told)


def plan_csv(told: Mapping[str, Any]) -> bytes:
    """Batteries of each system in the order of their strings, then what is left over and why."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    writer.writerows([_harmless(cell) for cell in line] for line in _lines(told))
    return out.getvalue().encode("utf-8-sig")


def plan_workbook(told: Mapping[str, Any]) -> bytes:
    """The same as a workbook; figures of a system stand on the line of its first battery only, so that a
    column can be summed.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "plan"
    sheet.append(HEADS)
    for line in _lines(told):
        sheet.append([_harmless(cell) for cell in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(HEADS, 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = max(10, len(name) + 2)
    sheet.column_dimensions["D"].width = 36
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _lines(told: Mapping[str, Any]) -> Iterator[list[Any]]:
    for system in told["systems"]:
        names = ("volts", "kwh", "usable_kwh", "soh_low", "value_usd", "singly_usd")
        figures = [system[name] for name in names]
        for string, batteries in enumerate(system["strings"], 1):
            for place, battery in enumerate(batteries, 1):
                kind = [system[name] for name in ("chemistry", "nominal_ah", "nominal_v")]
                first = string == place == 1
                of_system = figures if first else [None] * len(figures)
                yield [system["system"], string, place, battery, *kind, *of_system, None]
    for left in told["left_over"]:
        yield [None, None, None, left["id"], *[None] * (len(HEADS) - 5), left["reason"]]


def _harmless(cell: Any) -> Any:
    """A name that a spreadsheet would take for a formula is led by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
