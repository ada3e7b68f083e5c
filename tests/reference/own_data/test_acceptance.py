"""Accepting own figures: beside the packaged ones first, then in their place, and out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitaran import reference
from kitaran.foundation.disk import write_whole
from kitaran.foundation.errors import InputError, NotFoundError, WorkspaceError
from kitaran.reference import overrides as override_folder
from kitaran.reference.own_data import Upload, accept, accepted, compare, read_upload, remove

from .conftest import REGISTRATION, Fill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "overrides"


@pytest.fixture
def thailand(fill: Fill) -> Upload:
    return read_upload(fill(registrations=[{**REGISTRATION, "number": 77777}]), "thailand.xlsx")


def _figure(folder: Path | None) -> reference.FactTable:
    return reference.read("ev_sales", folder).where(
        economy="THA", vehicle_class="car", powertrain="BEV", year=2024, basis=("annual", "fiscal_year")
    )


def test_the_figure_in_use_stands_beside_the_own_one(thailand: Upload) -> None:
    (compared,) = compare(thailand)
    packaged = _figure(None).resolve().rows[0]
    assert compared.present == packaged.central
    assert compared.difference == 77777 - packaged.central
    assert [row.id for row in compared.replaces] == [packaged.id]


def test_an_accepted_figure_takes_the_place_of_the_packaged_one_and_says_whose_it_is(
    folder: Path, thailand: Upload
) -> None:
    accept(folder, thailand)
    (row,) = _figure(folder).rows
    assert row.value == 77777.0
    assert row.id in reference.read("ev_sales", folder).overridden
    source = reference.read("sources", folder).where(source=row.source).rows[0]
    assert source.text("publisher") == "Department of Land Transport"
    assert source.text("kind") == "own"
    assert reference.check(["ev_sales", "sources"], folder) == reference.check(["ev_sales", "sources"])


def test_rows_that_count_the_same_vehicles_otherwise_are_named(fill: Fill) -> None:
    upload = read_upload(
        fill(
            registrations=[
                {**REGISTRATION, "vehicle class": "two_wheeler", "number": 20000},
                {**REGISTRATION, "economy": "BTN", "year": 2022, "number": 150},
                {**REGISTRATION, "economy": "BTN", "year": 2022, "powertrain": "PHEV", "number": 1},
            ]
        ),
        "own.xlsx",
    )
    named = [[row.text("vehicle_class") for row in item.overlap] for item in compare(upload)]
    assert named == [["two_three_wheeler"], ["all"], []]


def test_comparing_changes_nothing(folder: Path, thailand: Upload) -> None:
    compare(thailand, reference.library(folder))
    assert not folder.exists()


def test_accepting_twice_changes_nothing(folder: Path, thailand: Upload) -> None:
    first = accept(folder, thailand)
    assert accept(folder, thailand) == first
    assert len(accepted(folder)) == 1


def test_removing_brings_the_packaged_figure_back_and_leaves_no_row(folder: Path, thailand: Upload) -> None:
    before = _figure(folder).rows
    accept(folder, thailand)
    remove(folder, thailand.id)
    assert _figure(folder).rows == before
    assert accepted(folder) == ()
    assert sorted(file.name for file in folder.iterdir()) == ["uploads.json"]


def test_removing_what_is_not_in_use_is_an_error(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="not in use"):
        remove(folder, "0" * 12)


def test_a_later_upload_replaces_the_earlier_and_gives_way_to_it_when_removed(
    folder: Path, thailand: Upload, fill: Fill
) -> None:
    corrected = read_upload(fill(registrations=[{**REGISTRATION, "number": 88888}]), "corrected.xlsx")
    accept(folder, thailand)
    accept(folder, corrected)
    assert [row.value for row in _figure(folder)] == [88888.0]
    remove(folder, corrected.id)
    assert [row.value for row in _figure(folder)] == [77777.0]


def test_rows_written_by_hand_stay(folder: Path, thailand: Upload) -> None:
    folder.mkdir()
    by_hand = (
        "economy,vehicle_class,powertrain,year,basis,value,unit,source,licence,grade\n"
        "BTN,car,BEV,2024,annual,50,vehicle,iea-gevo-2025,own,D\n"
    )
    (folder / "ev_sales.csv").write_text(by_hand, encoding="utf-8")
    accept(folder, thailand)
    assert len(reference.read("ev_sales", folder).overridden) == 2
    remove(folder, thailand.id)
    (left,) = reference.read("ev_sales", folder).overridden
    assert left.startswith("ev_sales/BTN")


def test_a_broken_override_is_not_written_over(folder: Path, thailand: Upload) -> None:
    folder.mkdir()
    (folder / "ev_sales.csv").write_text("colour\nred\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        accept(folder, thailand)
    assert (folder / "ev_sales.csv").read_text(encoding="utf-8") == "colour\nred\n"


def test_an_own_unsplit_count_replaces_the_split_ones(folder: Path, fill: Fill) -> None:
    upload = read_upload(
        fill(registrations=[{**REGISTRATION, "powertrain": "EV", "number": 90000}]), "x.xlsx"
    )
    (compared,) = compare(upload)
    assert {row.text("powertrain") for row in compared.replaces} == {"BEV", "PHEV"}
    assert compared.present == sum(row.central for row in compared.replaces)
    accept(folder, upload)
    now = reference.read("ev_sales", folder).where(
        economy="THA", vehicle_class="car", year=2024, basis="annual"
    )
    assert [(row["powertrain"], row.value) for row in now] == [("EV", 90000.0)]


def test_an_own_fiscal_year_replaces_the_calendar_year(folder: Path, fill: Fill) -> None:
    row = {**REGISTRATION, "economy": "IND", "year": "2023/24"}
    accept(folder, read_upload(fill(registrations=[row]), "india.xlsx"))
    now = reference.read("ev_sales", folder).where(
        economy="IND", vehicle_class="car", powertrain="BEV", year=2023, basis=("annual", "fiscal_year")
    )
    assert [found.text("basis") for found in now] == ["fiscal_year"]


def test_an_own_target_replaces_what_was_only_announced(folder: Path, fill: Fill) -> None:
    """India's 30 % of cars by 2030 is packaged as announced."""
    row = {
        "economy": "IND",
        "vehicle class": "car",
        "measure": "sales_share",
        "target year": 2030,
        "status": "law",
        "target": "60 %",
    }
    accept(folder, read_upload(fill(targets=[row]), "x.xlsx"))
    now = reference.read("ev_targets", folder).where(
        economy="IND", vehicle_class="car", measure="sales_share", year=2030
    )
    assert [(found["status"], found.value) for found in now] == [("law", 0.6)]


def test_an_own_figure_a_thousand_times_too_large_is_flagged(fill: Fill) -> None:
    upload = read_upload(fill(registrations=[{**REGISTRATION, "number": 70_000_000}]), "x.xlsx")
    (compared,) = compare(upload)
    assert any("times larger" in flag for flag in compared.flags)


@pytest.mark.parametrize("kept", ["sources.csv", "ev_sales.csv", "uploads.json"])
def test_a_change_cut_short_is_whole_for_every_reader(
    folder: Path, thailand: Upload, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """The process ends before the first, second or third file is written."""
    write = write_whole

    def cut_short(path: Path, content: bytes) -> None:
        if path.name == kept:
            raise WorkspaceError("The disk is full.", str(path), "Free some space.")
        write(path, content)

    monkeypatch.setattr("kitaran.reference.overrides.write_whole", cut_short)
    accept(folder, thailand)
    assert (folder / "journal.json").is_file()
    assert [row.value for row in _figure(folder)] == [77777.0]
    assert [item.id for item in accepted(folder)] == [thailand.id]
    monkeypatch.undo()
    override_folder.settle(folder)
    assert sorted(file.name for file in folder.iterdir()) == ["ev_sales.csv", "sources.csv", "uploads.json"]
    assert [row.value for row in _figure(folder)] == [77777.0]


def test_a_disk_that_refuses_the_journal_changes_nothing(
    folder: Path, thailand: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise WorkspaceError("The disk is full.", str(path), "Free some space.")

    monkeypatch.setattr("kitaran.reference.overrides.write_whole", refuse)
    with pytest.raises(WorkspaceError):
        accept(folder, thailand)
    assert list(folder.iterdir()) == []


def test_the_record_of_uploads_says_who_and_when(folder: Path, thailand: Upload) -> None:
    accept(folder, thailand)
    (record,) = json.loads((folder / "uploads.json").read_text(encoding="utf-8"))
    assert record["filename"] == "thailand.xlsx"
    assert record["source"]["publisher"] == "Department of Land Transport"
    assert record["accepted_at"].endswith("Z")
