"""Importing passports: processor time and memory of each step, beside the floor of the same rows in one run.

    python benchmarks/passport_import.py [ROWS]                                                    (100,000)

check   read a CSV and check every row by itself, against the others and against the registry
issue   one signed manifest, its rows, the passports and their names, on SQLite and on PostgreSQL
floor   SQLAlchemy's executemany of the same rows of passports and names into the same indexed tables

The ratio of floor to issue is what `tests/registry/passport/test_import_speed.py` holds.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import writing
from kitaran.foundation.settings import Settings, read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, open_whole
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import files, service
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.importing import check

T = TypeVar("T")
_AT_ONCE = 5_000


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its processor time in seconds."""
    began = time.process_time()
    return work(), time.process_time() - began


def begin(registry: Registry, model: str) -> Hand:
    """A producer with a key and a model."""
    key = make_key()
    operator = registry.enrolment.add(f"Acme {model}", ["producer"], public_bytes(key)).operator
    hand = Hand(registry.ledger, key, operator)
    told = {"model_name": "Pack", "category": "ev", "chemistry": "LFP"}
    service.register_model(hand, operator, model, told)
    return hand


def write_table(path: Path, model: str, rows: int) -> None:
    """A CSV in which each battery has a GS1 code on its label."""
    lines = [f"{model},M-{n},2026-10-31,B7,(01)09506000134352(21)M{n}" for n in range(rows)]
    path.write_text("\n".join(["model,serial_number,manufactured_on,batch_number,codes", *lines]) + "\n")


def floor(registry: Registry, rows: int) -> float:
    """Processor time of the same rows of passports and names without log, signature and checks."""
    batteries = [_battery(number) for number in range(rows)]
    names = [
        {"scheme": scheme, "value": f"{one['battery']} {scheme}", "battery": one["battery"]}
        for one in batteries
        for scheme in ("serial", "gs1")
    ]

    def insert() -> None:
        with writing(registry.engine) as connection:
            for start in range(0, rows, _AT_ONCE):
                connection.execute(sa.insert(t.battery), batteries[start : start + _AT_ONCE])
                both = slice(2 * start, 2 * (start + _AT_ONCE))
                connection.execute(sa.insert(t.alias), names[both])

    return timed(insert)[1]


def _battery(number: int) -> dict[str, Any]:
    return {
        "battery": service.new_id(),
        "operator": "floor",
        "model": "floor",
        "serial_number": f"F-{number}",
        "origin": "issued",
        "state": "in_force",
        "status": "original",
        "content": f'{{"manufactured_on":"2026-10-31","serial_number":"F-{number}"}}',
        "predecessor": None,
        "successor": None,
        "at": stamp(),
        "seq": 10**9,
    }


def measure(registry: Registry, folder: Path, rows: int) -> dict[str, float]:
    """Processor times [s] of the steps, memory that they added [MB], and the ratio of floor to issue."""
    path, hand = folder / "packs.csv", begin(registry, "pack-52")
    write_table(path, "pack-52", rows)
    before = _peak_mb()
    checked, check_s = timed(lambda: check(hand, files.read(path), hand.actor))
    assert not checked.errors
    _, issue_s = timed(lambda: service.issue_batch(hand, hand.actor, checked.rows))
    added = _peak_mb() - before
    floor_s = floor(registry, rows)
    return {
        "check_s": check_s,
        "issue_s": issue_s,
        "floor_s": floor_s,
        "ratio": floor_s / issue_s,
        "added_mb": added,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Registry, Path]]:
    with tempfile.TemporaryDirectory() as name:
        registry = open_whole(Workspace.make(Path(name) / "work"), settings)
        try:
            yield registry, Path(name)
        finally:
            registry.engine.dispose()


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with opened(read_settings(None)) as (registry, folder):
        _tell("SQLite", measure(registry, folder, rows))
    try:
        from tests.postgres import PostgresServer

        server = PostgresServer.start()
    except ImportError:
        print("PostgreSQL is not measured: its wheel is not installed.")
        return
    try:
        with opened(read_settings(None, database_url=server.database())) as (registry, folder):
            _tell("PostgreSQL", measure(registry, folder, rows))
    finally:
        server.stop()


def _tell(store: str, found: dict[str, float]) -> None:
    print(
        f"{store}: check {found['check_s']:.1f} s, issue {found['issue_s']:.1f} s, "
        f"floor {found['floor_s']:.1f} s, ratio {found['ratio']:.2f}, {found['added_mb']:.0f} MB more"
    )


if __name__ == "__main__":
    main()
