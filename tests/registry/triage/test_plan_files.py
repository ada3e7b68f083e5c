"""A plan of storage systems as a file for the bench."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from kitaran.foundation.errors import InputError
from kitaran.registry.triage.plan_files import HEADS, plan_file

SYSTEM = {"system": 1, "chemistry": "LFP", "nominal_ah": 100.0, "nominal_v": 25.6, "volts": 51.2}
SYSTEM |= {"kwh": 10.24, "usable_kwh": 8.9, "soh_low": 0.87, "value_usd": 900.0, "singly_usd": None}
PLAN = {
    "systems": [SYSTEM | {"strings": [["A", "B"], ["C", "=1+1"]]}],
    "left_over": [{"id": "D", "reason": "It is not safe."}],
}


def test_each_battery_has_a_line_with_its_place_and_the_systems_value_counts_once() -> None:
    lines = list(csv.DictReader(io.StringIO(plan_file(PLAN, "plan.csv").decode("utf-8-sig"))))
    assert [(line["string"], line["place"], line["battery"]) for line in lines] == [
        ("1", "1", "A"),
        ("1", "2", "B"),
        ("2", "1", "C"),
        ("2", "2", "'=1+1"),
        ("", "", "D"),
    ]
    assert [line["value_usd"] for line in lines] == ["900.0", "", "", "", ""]
    assert lines[-1]["left_over_because"] == "It is not safe."


def test_the_workbook_says_the_same() -> None:
    sheet = load_workbook(io.BytesIO(plan_file(PLAN, "plan.XLSX"))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert tuple(rows[0]) == HEADS
    assert rows[1][:4] == [1, 1, 1, "A"]
    assert sum(row[HEADS.index("usable_kwh")] or 0 for row in rows[1:]) == 8.9


def test_a_plan_of_another_form_is_refused() -> None:
    with pytest.raises(InputError, match=r"neither \.csv nor \.xlsx"):
        plan_file(PLAN, "plan.pdf")
