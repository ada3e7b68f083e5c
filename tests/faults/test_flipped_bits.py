"""Every flipped bit of the log is found, and the event is named."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from kitaran.foundation.database import connect, connect_raw, migrate, reading, writing
from kitaran.foundation.errors import KitaranError
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.verify import verify_log, verify_moment
from tests.faults.conftest import open_store
from tests.registry.ledger.sample_noun import Party, sample_ledger
from tests.registry.tampering import tamper

MINISTRY = Party("ministry")
BYTES = ("entry", "leaf_hash", "digest")


def filled(address: str, count: int) -> Engine:
    engine = open_store(address)
    ledger = sample_ledger(engine, MINISTRY)
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        events = [(MINISTRY.measures("pack-1", id=far_apart(number)), None) for number in numbers]
        ledger.append_all(events)
    tamper(engine, "SELECT 1")
    return engine


def far_apart(number: int) -> str:
    """An id that no flipped bit turns into that of another event."""
    return sha256(b"%d" % number).hexdigest()[:20]


def flipped(content: bytes, bit: int) -> bytes:
    bent = bytearray(content)
    bent[bit // 8] ^= 1 << bit % 8
    return bytes(bent)


class _RolledBack(Exception):
    """Ends a transaction whose changes are not to stay."""


def flips(row: repository.Row, on_sqlite: bool) -> Iterator[tuple[str, Any]]:
    """Each column with each of its bits flipped, as far as the store can hold the result."""
    for column in BYTES:
        content = getattr(row, column)
        for bit in range(len(content) * 8):
            yield column, flipped(content, bit)
    for bit in range(len(row.event_id) * 8):
        name = flipped(row.event_id.encode(), bit)
        if on_sqlite or (name.isascii() and b"\x00" not in name):
            yield "event_id", name
    for bit in range(64):
        seq = row.seq ^ (1 << bit) if bit < 63 else row.seq - (1 << 63)
        yield "seq", seq


def change(connection: Connection, seq: int, column: str, value: Any) -> None:
    placed = ":value"
    if column == "event_id":
        sqlite = connection.dialect.name == "sqlite"
        placed, value = ("CAST(:value AS TEXT)", value) if sqlite else (":value", value.decode())
    statement = f"UPDATE ledger_event SET {column} = {placed} WHERE seq = :seq"
    connection.execute(text(statement), {"value": value, "seq": seq})


def test_every_flipped_bit_of_a_row_is_found_and_its_event_named(address: str, full: bool) -> None:
    engine = filled(address, 3)
    with reading(engine) as connection:
        row = repository.row(connection, 2)
        assert row is not None
        assert verify_moment(connection, signatures=False).problems == []
    every = list(flips(row, engine.dialect.name == "sqlite"))
    for column, value in every if full else every[::67]:
        if column == "seq" and 0 <= value < 2:
            continue  # two rows cannot bear one number: the store refuses
        with pytest.raises(_RolledBack), writing(engine) as connection:
            change(connection, 2, column, value)
            problems = verify_moment(connection, signatures=False).problems
            assert any(problem.seq == 2 for problem in problems), (column, value, problems)
            raise _RolledBack
    engine.dispose()


def test_one_flipped_bit_in_each_of_many_rows_is_found_in_all(address: str, full: bool) -> None:
    count = 1_000 if full else 50
    engine = filled(address, count + 20)
    random = Random(7)
    hurt = sorted(random.sample(range(count + 20), count))
    with reading(engine) as connection:
        rows = {row.seq: row for row in repository.rows(connection, 0, count + 20)}
    with writing(engine) as connection:
        for seq in hurt:
            column = random.choice(BYTES)
            content = getattr(rows[seq], column)
            change(connection, seq, column, flipped(content, random.randrange(len(content) * 8)))
    found = {
        problem.seq for problem in verify_log(engine, signatures=False).problems if problem.seq is not None
    }
    engine.dispose()
    assert found == set(hurt)


def test_a_flipped_bit_of_the_file_is_found_or_touches_nothing(tmp_path: Path, full: bool) -> None:
    """Where it falls on pages that hold nothing, the log reads the same; everywhere else it is told."""
    path = tmp_path / "kitaran.db"
    migrated = connect(path)
    migrate(migrated)
    migrated.dispose()
    engine = filled(str(path), 120)
    with connect_raw(engine) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sound = verify_log(engine)
    engine.dispose()
    content, random, told = path.read_bytes(), Random(11), 0
    for number in range(300 if full else 40):
        hurt = tmp_path / f"hurt-{number}.db"
        hurt.write_bytes(flipped(content, random.randrange(len(content) * 8)))
        engine = connect(hurt)
        try:
            found = verify_log(engine)
            told += bool(found.problems)
            assert found.problems or (found.size, found.root) == (sound.size, sound.root)
        except KitaranError:
            told += 1
        engine.dispose()
        for file in tmp_path.glob(f"hurt-{number}.db*"):
            file.unlink()
    assert told
