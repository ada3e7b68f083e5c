"""The protocol sheet and the files that come back filled."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from kitaran.foundation.errors import InputError
from kitaran.registry.triage import grade, read_pulse_tests
from kitaran.registry.triage.columns import COLUMNS, VOLTAGE_COLUMNS
from kitaran.registry.triage.intake import blank_csv, blank_workbook, rows_of
from kitaran.registry.triage.limits import packaged_limits
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.sheet import facts, sheet

DAY = date(2026, 11, 22)
GIVEN = {"id": "B-1", "chemistry": "LFP", "q_nominal_ah": 100, "nominal_v": 51.2, "capacity_test_ah": 91.5}


def filled_workbook(given: dict[str, object], line: int = 2) -> bytes:
    book = load_workbook(io.BytesIO(blank_workbook()))
    for number, column in enumerate(COLUMNS, 1):
        book["tests"].cell(line, number, given.get(column.name))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_sheet_is_one_page_for_each_battery_and_the_same_bytes_again() -> None:
    made = sheet(["B-1", "", "แบตเตอรี่ 3"], DAY)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", made)) == 3
    assert made == sheet(["B-1", "", "แบตเตอรี่ 3"], DAY)


def test_the_sheet_asks_for_each_column_of_the_file() -> None:
    asked = facts([""], packaged_limits())
    lines = [line["name"] for part in ("label", "safety", "measured", "pulse") for line in asked[part]]
    pulses = [name for pulse in asked["pulses"] for name in pulse["names"]]
    assert sorted([*lines, "U1", *pulses]) == sorted(column.name for column in COLUMNS)
    assert pulses == list(VOLTAGE_COLUMNS[1:])


def test_no_sheet_or_too_many_are_refused() -> None:
    for count in (0, 501):
        with pytest.raises(InputError):
            sheet([""] * count, DAY)


def test_the_blank_workbook_comes_back_filled(tmp_path: Path) -> None:
    file = tmp_path / "tests.xlsx"
    file.write_bytes(filled_workbook(GIVEN | {"leaked": True}))
    tests = read_pulse_tests(file)
    assert (tests.id[0], tests.nominal_v[0], tests.seen[0, 1]) == ("B-1", 51.2, 1)
    assert grade(tests).grade.tolist() == ["quarantine"]


def test_the_blank_text_file_comes_back_filled_also_with_semicolons() -> None:
    heads = blank_csv().decode("utf-8-sig").strip()
    line = ",".join(str(GIVEN.get(name, "")) for name in heads.split(","))
    for text in (f"{heads}\r\n{line}", f"{heads}\n{line}".replace(",", ";")):
        tests = pulse_tests_of(rows_of(text.encode(), "tests"), "tests")
        assert grade(tests).health.soh[0] == pytest.approx(0.915)


def test_a_fault_names_the_line_of_the_file_also_after_empty_lines() -> None:
    content = filled_workbook(GIVEN | {"q_nominal_ah": "many"}, line=5)
    with pytest.raises(InputError, match="line 5, column q_nominal_ah"):
        pulse_tests_of(rows_of(content, "tests"), "tests")
    with pytest.raises(InputError, match="line 4, column swollen"):
        text = b"id,Q_NOMINAL_AH,capacity_test_ah,Swollen\n\nA,50,45,0\nB,50,45,0.5\n"
        pulse_tests_of(rows_of(text, "tests"), "tests")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"PK\x03\x04 and no more", "damaged"),
        (blank_csv(), "no battery"),
        (b"id,id,q_nominal_ah,capacity_test_ah\nA,A,5,4", "twice"),
    ],
)
def test_what_is_no_file_of_tests_is_refused_in_words(content: bytes, cause: str) -> None:
    with pytest.raises(InputError, match=cause):
        rows_of(content, "tests")


def test_a_battery_that_nobody_can_diagnose_is_unsafe() -> None:
    tests = pulse_tests_of([{**{k: str(v) for k, v in GIVEN.items()}, "undiagnosable": "1"}], "given")
    graded = grade(tests)
    assert graded.grade[0] == "quarantine"
    assert "Nobody can tell its state" in graded.reasons[0][0]


def test_cells_that_stand_apart_are_remarked() -> None:
    apart = {**{k: str(v) for k, v in GIVEN.items()}, "spread_mv": "180"}
    assert any("180 mV apart" in reason for reason in grade(pulse_tests_of([apart], "given")).reasons[0])


CELL = {"q_nominal_ah": "10", **dict.fromkeys(VOLTAGE_COLUMNS, "3.61")}


@pytest.mark.parametrize(
    ("separator", "line_end", "comma", "mark"),
    [(",", "\n", ".", ""), (";", "\r\n", ",", "\ufeff"), ("\t", "\n", ",", ""), (";", "\r", ".", "")],
)
def test_a_file_is_read_as_the_spreadsheets_of_all_countries_write_it(
    separator: str, line_end: str, comma: str, mark: str
) -> None:
    lines = [separator.join(CELL), separator.join(text.replace(".", comma) for text in CELL.values())]
    (row,) = rows_of((mark + line_end.join(lines) + line_end).encode(), "tests.csv")
    assert {name: row[name] for name in CELL} == CELL


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"id,U1\nA,3.6\n", "U2"),
        ((",".join(CELL) + "\n").encode(), "no battery"),
        ((",".join(CELL) + "\n" + ",".join(CELL.values())).encode("utf-16"), "UTF-8"),
        ((",".join(CELL) + "\n" + "9" * 200_000).encode(), "not CSV"),
        (b"\xff" * 10, "UTF-8"),
        (b"x" * 64_000_001, "64 MB"),
    ],
)
def test_a_file_that_is_none_of_tests_is_told_why(content: bytes, cause: str) -> None:
    with pytest.raises(InputError, match=cause):
        rows_of(content, "tests.csv")


def test_one_cell_far_away_does_not_make_every_row_as_long() -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "q_nominal_ah", 1
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError, match="reaches to column 16,384"):
        rows_of(out.getvalue(), "tests.xlsx")
