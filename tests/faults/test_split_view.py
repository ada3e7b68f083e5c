"""Two operators go on from one backup, each with the log's key: nobody is shown two histories."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger import verifier
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.errors import HaltedError
from kitaran.registry.ledger.kinds import Kinds, allow
from kitaran.registry.ledger.last_signed import KEY
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.signature import make_key
from kitaran.registry.ledger.witness import Witness
from kitaran.registry.ledger.witness_http import HttpWitness, make_server
from kitaran.registry.store.backup import restore, write_backup
from kitaran.registry.store.opening import last_signed, open_signer
from tests.faults.conftest import open_store
from tests.registry.ledger.sample_noun import KINDS, Keys, Party

MINISTRY = Party("ministry")


def test_of_two_writers_on_one_restored_backup_one_is_believed(tmp_path: Path) -> None:
    first = Workspace.make(tmp_path / "first")
    ledger = open_ledger(first)
    ledger.append(MINISTRY.measures("pack-1"))
    signer = open_signer(ledger.engine, first, "registry.example/log")
    signer.sign()
    write_backup(ledger.engine, first, tmp_path / "backup.zip")

    witness = Witness("witness.example", make_key(), [signer.key], tmp_path / "witness")
    server = make_server(witness, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        believed = [go_on(tmp_path, name, server.server_port, str(witness.key)) for name in ("left", "right")]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert believed == [True, False]


def open_ledger(workspace: Workspace) -> Ledger:
    from kitaran.foundation.database import migrate

    engine = open_store(str(workspace.database))
    migrate(engine)
    kinds = Kinds()
    kinds.register([KINDS[1]])
    return Ledger(engine, kinds, Keys(MINISTRY.key), allow, signed_to=last_signed(workspace).size)


def go_on(folder: Path, name: str, port: int, witness_key: str) -> bool:
    """Restore, append, sign; whether a reader who knows the witness believes what comes out of it."""
    workspace = Workspace.make(folder / name)
    restore(folder / "backup.zip", workspace)
    (workspace.root / "keys").mkdir()
    (workspace.root / KEY).write_bytes((folder / "first" / KEY).read_bytes())
    ledger = open_ledger(workspace)
    ledger.append(MINISTRY.measures("pack-1", soh="0.7", place=name))
    asked = HttpWitness(f"http://127.0.0.1:{port}", witness_key)
    signer = open_signer(ledger.engine, workspace, witnesses=[asked])
    try:
        signer.sign()
    except HaltedError:
        with pytest.raises(HaltedError):
            ledger.append(MINISTRY.measures("pack-1"))
    bundle = make_bundle(ledger.engine, ["pack-1"], signer.key)
    finding = verifier.verify(bundle, str(signer.key), [witness_key])
    return not finding.problems and finding.events == 2
