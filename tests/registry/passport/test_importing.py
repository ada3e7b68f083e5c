"""Many passports from one file: all or nothing, and what is wrong in which cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.passport import repository
from kitaran.registry.passport.importing import RowError, import_file
from kitaran.registry.passport.service import Batch, issue_batch

from .conftest import Cast, issue


@pytest.fixture
def maker(players: Cast) -> Cast:
    """The producer's model and the rival's are registered; each has one battery, S-0."""
    issue(players, players.producer, "pack-52", serial_number="S-0")
    issue(players, players.rival, "rival-1", serial_number="S-0")
    return players


def imported(players: Cast, path: Path) -> tuple[Batch | None, list[RowError]]:
    return import_file(players.hand(players.producer), path, players.producer.operator)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def held(players: Cast) -> int:
    with reading(players.registry.engine) as connection:
        return len(repository.batteries(connection, players.producer.operator))


CSV = (
    "model,serial_number,manufactured_on,codes\n"
    "pack-52,S-1,2026-10-31,(01)09506000134352(21)S1\npack-52,S-2,,\n"
)


def test_csv_ndjson_and_xlsx_give_the_same_passports(maker: Cast, tmp_path: Path) -> None:
    rows = [["model", "serial_number"], ["pack-52", "4711"]]
    book = Workbook()
    book.worksheets[0].append(rows[0])
    book.worksheets[0].append(["pack-52", 4713])
    book.save(tmp_path / "c.xlsx")
    for path in (
        written(tmp_path / "a.csv", "\n".join(",".join(row) for row in rows)),
        written(tmp_path / "b.ndjson", json.dumps({"model": "pack-52", "serial_number": 4712}) + "\n"),
        tmp_path / "c.xlsx",
    ):
        batch, errors = imported(maker, path)
        assert errors == []
        assert batch is not None
    with reading(maker.registry.engine) as connection:
        found = repository.batteries(connection, maker.producer.operator)
    assert {one.serial_number for one in found} == {"S-0", "4711", "4712", "4713"}


def test_a_battery_is_found_by_the_code_on_its_label(maker: Cast, tmp_path: Path) -> None:
    batch, _ = imported(maker, written(tmp_path / "a.csv", CSV))
    assert batch is not None
    with reading(maker.registry.engine) as connection:
        found = repository.batteries(connection, None, code=("gs1", "01/09506000134352/21/S1"))
    assert [one.id for one in found] == [batch.batteries[0]]


def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_imported(maker: Cast, tmp_path: Path) -> None:
    table = (
        "model,serial_number,manufactured_on,mass_kg,remaining_capacity_ah,colour,codes\n"
        "pack-52,S-1,2026-10-31,,,,\n"
        "pack-52,S-1,,,,,\n"
        "pack-52,,2026-02-30,,,,\n"
        "rival-1,S-3,,,,,\n"
        "pack-52,S-4,,12,90,red,\n"
        "pack-52,S-0,,,,,(01)09506000134353(21)S1\n"
    )
    batch, errors = imported(maker, written(tmp_path / "a.csv", table))
    assert batch is None
    assert [(one.row, one.column) for one in errors] == [
        (3, "serial_number"),
        (4, "manufactured_on"),
        (4, "serial_number"),
        (5, "model"),
        (6, "colour"),
        (6, "mass_kg"),
        (6, "remaining_capacity_ah"),
        (7, "codes"),
    ]
    assert held(maker) == 1


def test_a_serial_number_that_is_given_away_is_told(maker: Cast, tmp_path: Path) -> None:
    batch, errors = imported(maker, written(tmp_path / "a.csv", "model,serial_number\npack-52,S-0\n"))
    assert batch is None
    assert [(one.row, one.column) for one in errors] == [(2, "serial_number")]


def test_a_rivals_model_is_answered_like_one_that_is_not_there(maker: Cast, tmp_path: Path) -> None:
    table = "model,serial_number\nrival-1,S-1\nno-such,S-1\n"
    _, errors = imported(maker, written(tmp_path / "a.csv", table))
    assert len({one.message for one in errors}) == 1
    assert [one.row for one in errors] == [2, 3]


@pytest.mark.parametrize(
    ("name", "text", "row"),
    [
        ("a.csv", "", 1),
        ("a.csv", "model,model\n", 1),
        ("a.csv", "model,serial_number\npack-52,S-1,more\n", 2),
        ("a.csv", 'model,serial_number\npack-52,S-1\npack-52,"S-2\n', 3),
        ("a.ndjson", "[1]\n", 1),
        ("a.ndjson", '{"model": "pack-52", "serial_number": "S-1"}\n{\n', 2),
    ],
)
def test_a_row_that_is_none_is_told_and_nothing_before_it_is_imported(
    maker: Cast, tmp_path: Path, name: str, text: str, row: int
) -> None:
    batch, errors = imported(maker, written(tmp_path / name, text))
    assert batch is None
    assert [one.row for one in errors] == [row]
    assert held(maker) == 1


@pytest.mark.parametrize(("name", "text"), [("a.xlsx", "no zip"), ("a.txt", "model")])
def test_a_file_that_is_none_is_refused(maker: Cast, tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError):
        imported(maker, written(tmp_path / name, text))


def test_a_heading_alone_holds_no_battery(maker: Cast, tmp_path: Path) -> None:
    _, errors = imported(maker, written(tmp_path / "a.csv", "model,serial_number\n"))
    assert [one.message for one in errors] == ["The file holds no battery."]


@pytest.mark.slow
def test_a_hundred_thousand_passports_come_under_one_signature(maker: Cast, tmp_path: Path) -> None:
    lines = [f"pack-52,M-{number},2026-10-31" for number in range(100_000)]
    path = written(tmp_path / "a.csv", "\n".join(["model,serial_number,manufactured_on", *lines]) + "\n")
    batch, errors = imported(maker, path)
    assert errors == []
    assert batch is not None
    assert len(set(batch.batteries)) == 100_000
    with reading(maker.registry.engine) as connection:
        assert len(log.seqs_of_items(connection, [f"batch/{batch.id}"])) == 1
        found = repository.batteries(connection, maker.producer.operator, serial_number="M-99999")
    assert [one.id for one in found] == [batch.batteries[-1]]


def test_a_serial_number_that_was_given_away_meanwhile_undoes_the_whole_batch(maker: Cast) -> None:
    rows = [{"model": "pack-52", "serial_number": one} for one in ("S-1", "S-0")]
    with pytest.raises(ConflictError, match="known under one of these"):
        issue_batch(maker.hand(maker.producer), maker.producer.operator, rows)
    assert held(maker) == 1
