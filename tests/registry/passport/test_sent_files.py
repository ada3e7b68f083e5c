"""Files that wait, what their check tells, what was issued from them, and the workbook to fill."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.passport import files, issues, sent_files, service, template
from kitaran.registry.passport.checking import checked_file
from kitaran.registry.passport.importing import import_file
from kitaran.registry.passport.kinds import item_of

from .conftest import Cast, issue


class Told:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []
        self.done = 0

    def stage(self, name: str, total: int) -> None:
        self.stages.append((name, total))

    def advance(self, n: int = 1) -> None:
        self.done += n


def kept(folder: Path, text: str = "model,serial_number\n", name: str = "a.csv") -> sent_files.SentFile:
    return sent_files.keep(folder, io.BytesIO(text.encode()), name, "acme", "person-1", "session-1")


def test_a_file_is_found_by_its_senders_organisation_alone(tmp_path: Path) -> None:
    one = kept(tmp_path / "sent")
    assert sent_files.find(tmp_path / "sent", one.id, "acme") == one
    for folder, given, operator in (
        (tmp_path / "sent", one.id, "rival"),
        (tmp_path / "sent", "0" * 24, "acme"),
        (tmp_path / "sent", "../sent/" + one.id, "acme"),
        (tmp_path / "elsewhere", one.id, "acme"),
    ):
        with pytest.raises(NotFoundError, match="no such file for you"):
            sent_files.find(folder, given, operator)
    assert [found.id for found in sent_files.waiting(tmp_path / "sent", "acme")] == [one.id]
    assert sent_files.waiting(tmp_path / "sent", "rival") == []


def test_the_file_is_for_this_user_alone(tmp_path: Path) -> None:
    assert kept(tmp_path / "sent").path.stat().st_mode & 0o077 == 0


def test_of_two_who_accept_a_file_one_does(tmp_path: Path) -> None:
    one = kept(tmp_path / "sent")
    assert sent_files.claim(one)
    assert not sent_files.claim(one)
    sent_files.release(one)
    assert sent_files.claim(one)
    sent_files.discard(one)
    assert list((tmp_path / "sent").iterdir()) == []


@pytest.mark.parametrize(("name", "text"), [("a.exe", "model"), ("a.csv", ""), ("noname", "model")])
def test_what_no_reader_takes_is_not_kept(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError):
        kept(tmp_path / "sent", text, name)
    assert not list((tmp_path / "sent").glob("*"))


def test_what_waits_for_over_a_week_is_forgotten(tmp_path: Path) -> None:
    old = kept(tmp_path / "sent")
    then = time.time() - sent_files.KEPT_S - 10
    os.utime(old.path, (then, then))
    kept(tmp_path / "sent")
    assert not old.path.exists()


def test_a_check_shows_rows_with_faults_in_place(players: Cast, tmp_path: Path) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-0")
    path = tmp_path / "a.csv"
    path.write_text("model,serial_number,colour\npack-52,S-1,\npack-52,S-0,red\n", encoding="utf-8")
    hand, told = players.hand(players.producer), Told()
    found = checked_file(hand, path, players.producer.operator, told)
    assert found["rows"] == 2
    assert found["models"] == {"pack-52": 2}
    assert [(one["row"], one["column"]) for one in found["errors"]] == [(3, "colour"), (3, "serial_number")]
    assert found["shown"] == [
        {"row": 3, "cells": {"model": "pack-52", "serial_number": "S-0", "colour": "red"}}
    ]
    assert found["columns"] == ["model", "serial_number", "colour"]
    assert told.stages == [("Checking", 100)]
    assert told.done == 100


def test_a_check_without_faults_shows_the_first_rows_and_issues_nothing(
    players: Cast, tmp_path: Path
) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-0")
    path = tmp_path / "a.csv"
    lines = "".join(f"pack-52,N-{number}\n" for number in range(100))
    path.write_text(f"model,serial_number\n{lines}", encoding="utf-8")
    found = checked_file(players.hand(players.producer), path, players.producer.operator)
    assert found["error_count"] == 0
    assert [one["row"] for one in found["shown"]] == list(range(2, 22))
    with reading(players.registry.engine) as connection:
        assert issues.newest(connection, players.producer.operator)[0].count == 1


def test_an_issue_tells_its_batteries_in_the_order_of_the_rows(players: Cast, tmp_path: Path) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-0")
    path = tmp_path / "a.csv"
    path.write_text("model,serial_number,codes\npack-52,Z,mark-1;mark-2\npack-52,A,\n", encoding="utf-8")
    batch, _ = import_file(players.hand(players.producer), path, players.producer.operator)
    assert batch is not None
    with reading(players.registry.engine) as connection:
        newest, first = issues.newest(connection, players.producer.operator)
        rows = list(issues.rows(connection, newest))
        assert (newest.count, newest.models, first.count) == (2, ("pack-52",), 1)
        assert [(one["serial_number"], one["battery"]) for one in rows] == list(
            zip(("Z", "A"), batch.batteries, strict=True)
        )
        assert rows[0]["codes"] == ["mark-1", "mark-2"]
        assert issues.find(connection, players.rival.operator, newest.seq) is None
        assert issues.find(connection, players.producer.operator, newest.seq) == newest


def test_one_that_was_issued_alone_is_an_issue_too(players: Cast) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-0")
    new = service.new_id()
    payload = {
        "battery": new,
        "operator": players.producer.operator,
        "model": "pack-52",
        "attributes": {"serial_number": "S-1"},
        "codes": ["mark-1"],
    }
    service.append(players.hand(players.producer), "passport.issued", [item_of(new)], payload)
    with reading(players.registry.engine) as connection:
        newest = issues.newest(connection, players.producer.operator)[0]
        rows = list(issues.rows(connection, newest))
    assert [(one["battery"], one["serial_number"], one["codes"]) for one in rows] == [
        (new, "S-1", ["mark-1"])
    ]


def test_the_filled_template_is_read(players: Cast, tmp_path: Path) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-0")
    book = load_workbook(io.BytesIO(template.workbook(["pack-52"])))
    assert book.sheetnames == ["batteries", "columns", "models"]
    example = [meaning[3] for meaning in template.meanings()]
    book["batteries"].append(example)
    book.save(tmp_path / "filled.xlsx")
    _, errors = import_file(
        players.hand(players.producer), tmp_path / "filled.xlsx", players.producer.operator
    )
    assert errors == []


def test_one_cell_far_away_does_not_make_every_row_as_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, looked = Workbook(), list[object]()
    sheet = book.active
    sheet.append(["model", "serial_number"])
    for number in range(50):
        sheet.append(["delta-52", f"s-{number}"])
    sheet["XFD60"].font = Font(bold=True)
    book.save(tmp_path / "far.xlsx")
    written = files._written

    def counting(value: object) -> str:
        looked.append(value)
        return written(value)

    monkeypatch.setattr(files, "_written", counting)
    assert len(list(files.read(tmp_path / "far.xlsx"))) == 50
    assert len(looked) < 20_000
