"""Reading a vehicle register: counted at the door, faults by row and column, nothing of one vehicle kept."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from kitaran.observatory.register_file import read_register
from kitaran.observatory.register_template import template
from kitaran.reference.own_data import UploadError

HEAD = "vehicle_class,powertrain,first_registered,count,chemistry,energy_kwh\n"


def read(text: str, observed: int | None = 2024) -> list[tuple[object, ...]]:
    cells = read_register(text.encode(), "THA", observed).cells
    return [(c.vehicle_class, c.powertrain, c.cohort, c.chemistry, c.count, c.energy_kwh) for c in cells]


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(UploadError) as caught:
        read(text)
    return [(fault.cell, fault.cause) for fault in caught.value.cell_faults]


def test_rows_of_one_kind_are_added_up_and_their_energy_is_weighed() -> None:
    rows = "car,BEV,2021,100,LFP,50\nCar,bev,2021,300,LFP,60\ncar,BEV,2021,40,,\n"
    assert read(HEAD + rows) == [
        ("car", "BEV", 2021, "LFP", 400, 57.5),
        ("car", "BEV", 2021, "any", 40, None),
    ]


def test_a_register_of_single_vehicles_is_counted_and_its_plates_are_not_read() -> None:
    text = (
        "plate;VIN;Vehicle class;Powertrain;First registration;Owner\n"
        "1กก 1234;1HGCM82633A004352;car;BEV;2019-05-03;Somchai\n"
        "2กข 5678;2HGCM82633A004353;car;BEV;2019-11-20;Malee\n"
    )
    register = read_register(text.encode(), "THA", 2024)
    assert [(c.cohort, c.count) for c in register.cells] == [(2019, 2)]
    assert register.not_read == ("plate", "VIN", "Owner")
    for secret in ("1234", "1HGCM82633A004352", "Somchai"):
        assert secret not in repr(register)


def test_years_before_the_model_begins_count_with_its_first() -> None:
    assert read(HEAD + "car,BEV,1998,3,,\ncar,BEV,2000,4,,\n") == [("car", "BEV", 2000, "any", 7, None)]


def test_every_fault_is_told_with_its_row_and_column() -> None:
    rows = "lorry,BEV,2021,1,,\ncar,HEV,2021,1,,\ncar,BEV,2025,1,,\ncar,BEV,2021,-4,,\ncar,BEV,2021,,,\n"
    rows += "car,BEV,2021,1,Li-ion,\ncar,BEV,2021,1,,51200\n"
    told = dict(faults(HEAD + rows))
    assert list(told) == ["A2", "B3", "C4", "D5", "D6", "E7", "F8"]
    assert "after the year of the register" in told["C4"]
    assert "missing" in told["D6"]


def test_a_row_of_another_economy_is_a_fault() -> None:
    assert faults("economy," + HEAD + "LAO,car,BEV,2021,1,,\n")[0][0] == "A2"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"\xff\xfe\x00", "no UTF-8"),
        (b"a,b\n1,2\n", "header is missing"),
        (b"vehicle_class,count\ncar,2\n", "powertrain, first registered is missing"),
        (HEAD.encode(), "no vehicle"),
    ],
)
def test_a_file_that_is_no_register_says_why(content: bytes, cause: str) -> None:
    with pytest.raises(UploadError) as caught:
        read_register(content, "THA")
    assert cause in caught.value.cell_faults[0].cause


def test_the_template_reads_back_once_it_is_filled() -> None:
    book = load_workbook(io.BytesIO(template()))
    sheet = book["vehicles"]
    for at, word in enumerate(("car", "BEV", 2020, 12, "NMC811", 60.0, "taxi"), start=2):
        sheet.cell(4, at, word)
    out = io.BytesIO()
    book.save(out)
    register = read_register(out.getvalue(), "THA")
    assert [(c.cohort, c.chemistry, c.count, c.energy_kwh) for c in register.cells] == [
        (2020, "NMC811", 12, 60.0)
    ]
    assert register.not_read == ()


def test_a_workbook_without_that_sheet_gives_its_first() -> None:
    book = Workbook()
    for row in (["class", "x"], ["vehicle class", "powertrain", "year", "count"], ["bus", "EV", 2018, 5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read_register(out.getvalue(), "THA").vehicles == 5


def test_one_cell_far_away_does_not_make_every_row_as_long() -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "vehicle class", 1
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UploadError, match="reaches to column 16,384"):
        read_register(out.getvalue(), "THA", 2024)
