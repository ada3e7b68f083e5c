"""Without room to write there is no receipt, and what was acknowledged before is whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from kitaran.foundation.database import connect, reading, writing
from kitaran.foundation.errors import WorkspaceError
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.verify import verify_log
from tests.faults.conftest import open_store
from tests.registry.ledger.sample_noun import Party, sample_ledger

ROOT = Path(__file__).resolve().parents[2]
MINISTRY = Party("ministry")

LIMITED = """
import json, resource, sys
from pathlib import Path
from kitaran.foundation.database import connect
from kitaran.foundation.errors import WorkspaceError
from tests.registry.ledger.sample_noun import Party, sample_ledger

ministry = Party("ministry")
ledger = sample_ledger(connect(Path(sys.argv[1])), ministry)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
said, refused = [], 0
for number in range(3000):
    outcomes = ledger.append_all([(ministry.measures("pack-1", place="x" * 150), None) for _ in range(8)])
    said += [json.loads(one) for one in outcomes if isinstance(one, bytes)]
    if any(isinstance(one, WorkspaceError) for one in outcomes):
        refused += 1
        if refused > 3:
            break
print(json.dumps({"said": said, "refused": refused}))
"""


def whole(engine: Engine, said: list[dict[str, object]]) -> None:
    """Every acknowledged event is there, and the log is intact."""
    with reading(engine) as connection:
        for receipt in said:
            row = repository.row(connection, int(str(receipt["seq"])))
            assert row is not None
            assert (row.event_id, row.leaf_hash.hex()) == (receipt["id"], receipt["leaf_hash"])
    assert verify_log(engine).problems == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on file size")
@pytest.mark.parametrize("room_bytes", [100_000, 233_333, 400_001])
def test_a_limit_on_file_size_gives_no_false_receipt(tmp_path: Path, room_bytes: int) -> None:
    from kitaran.foundation.database import migrate

    engine = connect(tmp_path / "kitaran.db")
    migrate(engine)
    engine.dispose()
    limit_bytes = (tmp_path / "kitaran.db").stat().st_size + room_bytes
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "kitaran.db"), str(limit_bytes)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["refused"] > 3
    assert told["said"]
    again = sample_ledger(connect(tmp_path / "kitaran.db"), MINISTRY)
    whole(again.engine, told["said"])
    told["said"].append(json.loads(again.append(MINISTRY.measures("pack-1", id="event-with-room"))))
    whole(again.engine, told["said"])


def test_a_full_disk_gives_no_false_receipt(address: str) -> None:
    engine = open_store(address)
    if engine.dialect.name != "sqlite":
        pytest.skip("the disk of a PostgreSQL server is not ours to fill")
    ledger = sample_ledger(engine, MINISTRY)
    said = [json.loads(ledger.append(MINISTRY.measures("pack-1")))]
    with reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def fill_the_disk(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", fill_the_disk)
    refused = 0
    for _ in range(60):
        outcome = ledger.append_all([(MINISTRY.measures("pack-1", place="x" * 190), None)])[0]
        if isinstance(outcome, bytes):
            said.append(json.loads(outcome))
        else:
            assert isinstance(outcome, WorkspaceError)
            assert "full" in outcome.cause
            refused += 1
    assert refused > 0
    event.remove(engine, "connect", fill_the_disk)
    engine.dispose()
    whole(engine, said)
    said.append(json.loads(ledger.append(MINISTRY.measures("pack-1"))))
    whole(engine, said)


def test_a_store_that_only_reads_gives_no_false_receipt(address: str) -> None:
    engine = open_store(address)
    ledger = sample_ledger(engine, MINISTRY)
    said = [json.loads(ledger.append(MINISTRY.measures("pack-1")))]
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    else:
        name = engine.url.database
        with writing(engine) as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    engine.dispose()
    with pytest.raises(WorkspaceError, match="cannot be written"):
        ledger.append(MINISTRY.measures("pack-1"))
    engine.dispose()
    fresh = open_store(address)
    whole(fresh, said)
    fresh.dispose()
