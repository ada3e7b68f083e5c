"""The workbook's formulas, recomputed by a small reader of formulas, give what the model gives."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from kitaran import processes
from kitaran.foundation.errors import InputError
from kitaran.planning.processes import LEGACY, MENDED
from kitaran.planning.processes.workbook import workbook

FUNCTIONS: dict[str, Callable[..., float]] = {
    "MAX": max,
    "MIN": min,
    "IF": lambda asked, yes, no: yes if asked else no,
    "ROUNDUP": lambda value, _digits: float(math.ceil(value)),
}
CELL = re.compile(r"\b([A-Z]+[0-9]+)\b")


class Sheet:
    """A sheet whose cells are computed when asked; a value may be laid over a cell."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.known: dict[str, float] = {}
        self.labels = {
            str(row[0].value): row[1].coordinate for row in sheet.iter_rows(min_row=5) if row[0].value
        }

    def value(self, cell: str) -> float:
        if cell not in self.known:
            content = self.sheet[cell].value
            if isinstance(content, str):
                body = CELL.sub(lambda found: f"value('{found.group(1)}')", content.removeprefix("="))
                names = {**FUNCTIONS, "value": self.value, "__builtins__": {}}
                content = eval(body.replace("^", "**"), names)
            self.known[cell] = float(content)
        return self.known[cell]

    def of(self, label: str) -> float:
        return self.value(self.labels[label])


def sheets(content: bytes) -> list[Sheet]:
    return [Sheet(sheet) for sheet in load_workbook(io.BytesIO(content)).worksheets[1:]]


CASES = [
    (route, mix, location, slips)
    for route in processes.ROUTES
    for mix, location, slips in (
        ([("NMC622", "eol_cell", 10_000)], "THA", MENDED),
        ([("LFP", "eol_pack", 4_000), ("NMC811", "eol_pack", 6_000)], "IND", MENDED),
        ([("NCA", "black_mass", 3_000), ("LCO", "rejected_cells", 500)], "CHN", MENDED),
        ([("NMC111", "black_mass", 20_000)], "VNM", MENDED),
        ([("LFP", "eol_cell", 10_000)], "KOR", LEGACY),
    )
]


@pytest.mark.parametrize(("route", "mix", "location", "slips"), CASES)
def test_recomputed_formulas_equal_the_model(route: str, mix: Any, location: str, slips: Any) -> None:
    answer = processes.evaluate(
        processes.case(route, mix, location, battery="pack", slips=slips, published=slips == LEGACY)
    )
    (sheet,) = sheets(workbook([answer]))
    for label, wanted in (
        ("Cost of pre-processing and recovery", answer.cost_usd),
        ("Revenue", answer.revenue_usd),
        ("Greenhouse gases", answer.burdens.ghg_g),
        ("Transport", answer.transport.cost_usd),
        ("What is left", answer.margin_usd),
        ("Total capital", answer.recovery.cost.total_capital),  # the last plant of the sheet
        ("Fixed cost", answer.recovery.cost.fixed),
    ):
        assert sheet.of(label) == pytest.approx(float(wanted), rel=1e-9, abs=1e-9), label


@pytest.mark.parametrize("route", processes.ROUTES)
def test_a_changed_input_changes_the_workbook_as_it_changes_the_model(route: str) -> None:
    mix = [("NMC622", "eol_cell", 10_000)]
    plain = processes.evaluate(processes.case(route, mix, "IDN"))
    change = {"geo": {"wage_usd_per_h": 9.5}, "metal": {"Ni": 22.0}, "discount": 0.15}
    # The cathode maker pays for nickel too: its price is an input of the workbook and stands still.
    fixed = {"cathode_price": float(plain.cathode_price_usd)}
    moved = processes.evaluate(processes.case(route, mix, "IDN", changed={**change, **fixed}))
    (sheet,) = sheets(workbook([plain]))
    sheet.known |= {sheet.labels["wage usd per h"]: 9.5, sheet.labels["Discount rate"]: 0.15}
    sheet.known[next(row[1].coordinate for row in sheet.sheet.iter_rows() if row[0].value == "Ni")] = 22.0
    for label, wanted in (
        ("Cost of pre-processing and recovery", moved.cost_usd),
        ("Revenue", moved.revenue_usd),
    ):
        assert sheet.of(label) == pytest.approx(float(wanted), rel=1e-9), label


def test_newer_prices_recompute_too() -> None:
    mix = [("LFP", "eol_pack", 6_000), ("NMC622", "eol_pack", 4_000)]
    answer = processes.evaluate(processes.case("hydrometallurgical", mix, "THA", price_set="2025-26"))
    (sheet,) = sheets(workbook([answer]))
    assert sheet.of("What is left") == pytest.approx(float(answer.margin_usd), rel=1e-9)


def test_up_to_four_places_stand_side_by_side_with_their_sources() -> None:
    answers = [
        processes.cost("direct", "LFP", "eol_pack", 5000, place) for place in ("THA", "VNM", "IDN", "PHL")
    ]
    book = load_workbook(io.BytesIO(workbook(answers)))
    assert book.sheetnames == ["About", "THA direct", "VNM direct", "IDN direct", "PHL direct"]
    assert any("EverBatt" in str(row[0].value) for row in book["About"].iter_rows())


def test_a_curve_is_no_workbook() -> None:
    with pytest.raises(InputError, match="one scale"):
        workbook([processes.cost("direct", "LFP", "eol_pack", [1e3, 1e4], "THA")])
