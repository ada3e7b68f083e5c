"""`kitaran data`: what an analyst sees of the facts, and own figures by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kitaran.cli.data import app
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.reference import names

from .own_data.conftest import REGISTRATION, WHO, put_row, put_who, saved

Data = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """Run `kitaran data ...` in an empty folder; an error of Kitaran's is raised as it is."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.make(tmp_path / "kitaran-data")


@pytest.fixture
def workbook(tmp_path: Path, data: Data) -> str:
    """A template filled with one registration."""
    from openpyxl import load_workbook

    data("template", "own.xlsx")
    book = load_workbook(tmp_path / "own.xlsx")
    put_who(book, WHO)
    put_row(book["registrations"], 5, {**REGISTRATION, "number": 77777})
    (tmp_path / "filled.xlsx").write_bytes(saved(book))
    return "filled.xlsx"


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


def test_the_list_names_every_table(data: Data) -> None:
    assert [table["name"] for table in as_json(data("list", "--json"))["tables"]] == list(names())


def test_a_table_is_shown_by_economy_and_source(data: Data) -> None:
    shown = as_json(data("show", "ev_sales", "--economy", "tha", "--source", "iea-gevo-2025", "--json"))
    assert shown["rows"]
    assert {(row["economy"], row["source"]) for row in shown["rows"]} == {("THA", "iea-gevo-2025")}
    assert shown["table"]["rows"] > len(shown["rows"])


def test_words_and_json_speak_of_the_same_rows(data: Data) -> None:
    words = data("show", "economies", "--economy", "BTN").stdout
    assert "Bhutan" in words
    assert "1 of" in words


def test_a_table_that_does_not_exist_is_answered_with_those_that_do(data: Data) -> None:
    with pytest.raises(NotFoundError) as caught:
        data("show", "ev_sails")
    assert "ev_sales" in caught.value.remedy


def test_flags_alone_end_well_and_errors_do_not(data: Data, workspace: Workspace) -> None:
    sound = data("check", "ev_stock", "--json")
    assert sound.exit_code == 0
    assert as_json(sound)["flags"] > 0
    header = "economy,vehicle_class,powertrain,year,basis,value,unit,source,licence,grade\n"
    row = "ZZZ,car,BEV,2024,annual,5,vehicle,iea-gevo-2025,own,B\n"
    (workspace.overrides / "ev_sales.csv").write_text(header + row, encoding="utf-8")
    broken = data("check", "ev_sales", "--json")
    assert broken.exit_code == 1
    (error,) = [item for item in as_json(broken)["findings"] if item["level"] == "error"]
    assert (error["file"], error["line"], error["check"]) == ("overrides/ev_sales.csv", 2, "economy")


def test_a_workbook_changes_nothing_until_it_is_accepted(
    data: Data, workspace: Workspace, workbook: str
) -> None:
    looked = as_json(data("import", workbook, "--json"))
    assert looked["accepted"] is False
    assert looked["rows"][0]["figure"] == 77777
    assert list(workspace.overrides.iterdir()) == []
    accepted = as_json(data("import", workbook, "--accept", "--json"))
    assert accepted["accepted"] is True
    (difference,) = [
        item
        for item in as_json(data("diff", str(workspace.overrides), "--json"))["differences"]
        if item["row"].startswith("ev_sales/")
    ]
    assert difference["own"] == 77777
    assert difference["difference"] == 77777 - difference["packaged"]
    shown = as_json(data("show", "ev_sales", "--economy", "THA", "--json"))["rows"]
    assert [row["value"] for row in shown if row["own"]] == [77777]


def test_an_accepted_workbook_is_listed_and_taken_out_again(
    data: Data, workspace: Workspace, workbook: str
) -> None:
    data("import", workbook, "--accept")
    (upload,) = as_json(data("uploads", "--json"))["uploads"]
    assert upload["source"]["publisher"] == WHO["publisher"]
    assert WHO["publisher"] in data("uploads").stdout
    assert "Removed 1 rows" in data("remove", upload["id"]).stdout
    assert as_json(data("uploads", "--json"))["uploads"] == []


def test_an_existing_file_is_never_written_over(data: Data, tmp_path: Path) -> None:
    (tmp_path / "own.xlsx").write_bytes(b"mine")
    with pytest.raises(InputError, match="exists already"):
        data("template", "own.xlsx")
    assert (tmp_path / "own.xlsx").read_bytes() == b"mine"


def test_a_file_that_is_not_there_is_an_error_in_words(data: Data) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        data("import", "nowhere.xlsx")


def test_a_file_that_is_too_long_is_told_with_its_true_size(data: Data, tmp_path: Path) -> None:
    (tmp_path / "long.xlsx").write_bytes(b"PK" + bytes(5_000_000))
    with pytest.raises(InputError, match=r"5\.0 MB; the limit is 2 MB"):
        data("import", "long.xlsx")


def test_a_folder_that_is_not_there_is_an_error_in_words(data: Data) -> None:
    with pytest.raises(InputError, match="no such folder"):
        data("diff", "nowhere")
