"""A process that is killed while it writes has lost nothing that it acknowledged, and doubled nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kitaran.foundation.database import reading
from kitaran.registry.ledger import canonical, repository
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.receipt import make_receipt
from kitaran.registry.ledger.verify import verify_log
from tests.faults.conftest import open_store
from tests.faults.killed_writers import KEY, ORIGIN

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_no_acknowledged_event_is_lost_or_doubled_by_kills(address: str, full: bool, tmp_path: Path) -> None:
    rounds = 100 if full else 5
    command = [
        sys.executable,
        "-m",
        "tests.faults.killed_writers",
        address,
        str(tmp_path / "outside"),
        str(rounds),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    said = dict(line.split(b" ", 1) for line in ended.stdout.splitlines())
    assert {name.split(b"-")[0] for name in said} == {b"r%04d" % number for number in range(rounds)}

    engine = open_store(address)
    with reading(engine) as connection:
        rows = list(repository.rows(connection, 0, repository.size(connection)))
        assert [row.seq for row in rows] == list(range(len(rows)))
        kept = {row.event_id.encode(): row for row in rows}
        assert len(kept) == len(rows)
        assert said.keys() <= kept.keys()
        for name, receipt in said.items():
            envelope = canonical.loads(kept[name].entry)["envelope"]
            item_seqs = repository.item_seqs(connection, kept[name].seq, envelope["items"])
            assert make_receipt(kept[name], item_seqs) == receipt
    signer = Signer(engine, ORIGIN, KEY, LastSigned(tmp_path / "outside"))
    signer.sign()
    findings = verify_log(engine, signer.key, signer.last.read())
    engine.dispose()
    assert findings.problems == []
    assert findings.size == len(rows) >= len(said)
    assert findings.checkpoints >= 1
