"""A served log asks the witnesses of its settings for a cosignature at each checkpoint."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.signature import make_key
from kitaran.registry.ledger.witness import Witness
from kitaran.registry.ledger.witness_http import make_server, read_witnesses
from kitaran.registry.store.opening import open_registry, open_signer
from kitaran.web.app import create_app


def test_a_served_log_is_cosigned_by_the_witness_of_its_settings(tmp_path: Path) -> None:
    workspace = Workspace.make(tmp_path / "work")
    engine = open_registry(workspace, read_settings(workspace.settings_file))
    log_key = open_signer(engine, workspace).key
    engine.dispose()
    witness = Witness("witness.example", make_key(), [log_key], tmp_path / "memory")
    door = make_server(witness, "127.0.0.1", 0)
    thread = Thread(target=door.serve_forever, daemon=True)
    thread.start()
    told = f"http://127.0.0.1:{door.server_address[1]}={witness.key}"
    workspace.settings_file.write_text(f'witnesses = "{told}"\n', encoding="utf-8")
    with TestClient(create_app(workspace), base_url="http://127.0.0.1") as client:
        registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
        registry.enrolment.add("Delta", ["recycler"])
        note = client.get("/api/v1/ledger/checkpoint").json()
        with reading(registry.engine) as connection:
            size = repository.size(connection)
            assert list(repository.cosignatures(connection, size)) == [str(witness.key)]
    assert "witness.example" in str(note)
    door.shutdown()
    door.server_close()


def test_a_witness_without_a_key_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "kitaran.toml"
    file.write_text('witnesses = "http://10.0.0.7:8475"\n', encoding="utf-8")
    with pytest.raises(InputError, match="setting witnesses"):
        read_settings(file)
    with pytest.raises(InputError):
        read_witnesses("http://10.0.0.7:8475=nonsense")
