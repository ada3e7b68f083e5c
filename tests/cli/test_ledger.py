"""The record from the command line: sign, witness, bundle, verify, back up, restore, rebuild, move."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.registry.ledger.sample_noun import Keys, Party
from typer.testing import CliRunner

from kitaran.cli import db, ledger
from kitaran.foundation.database import connect, migrate
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import kinds
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.kinds import allow
from kitaran.registry.ledger.log import Ledger

from .conftest import Run
from .test_passport import begun

KITARAN = Path(sys.executable).with_name("kitaran")
MINISTRY = Party("ministry")


@pytest.fixture
def recorded(workspace: Workspace) -> Workspace:
    """A workspace with two events of pack-1, of the one kind that the ledger itself knows."""
    engine = connect(workspace.database)
    migrate(engine)
    log = Ledger(engine, kinds(), Keys(MINISTRY.key), allow)
    for seq in range(2):
        payload = {"seq": seq, "name": "owner_name", "reason": "retention has ended"}
        log.append(
            sign(MINISTRY.envelope("ledger.erased", items=["pack-1"], payload=payload), MINISTRY.private)
        )
    engine.dispose()
    return workspace


def run(app: Any, *arguments: object) -> Any:
    """What a command prints with --json; raises what it raises."""
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    if isinstance(result.exception, KitaranError):
        raise result.exception
    return {**json.loads(result.stdout), "exit": result.exit_code}


def test_from_events_to_a_bundle_that_verifies(recorded: Workspace, tmp_path: Path) -> None:
    there = ("--workspace", recorded.root)
    signed = run(ledger.app, "checkpoint", "--origin", "registry.example/log", *there)
    assert signed["size"] == 2
    whole = run(ledger.app, "verify", *there)
    assert (whole["intact"], whole["size"], whole["checkpoints"], whole["root"]) == (
        True,
        2,
        1,
        signed["root"],
    )
    out = tmp_path / "pack-1.json"
    made = run(ledger.app, "bundle", "pack-1", "--out", out, *there)
    assert made["names_also"] == []
    assert run(ledger.app, "verify", "--bundle", out, "--log-key", signed["log_key"])["exit"] == 0
    out.write_bytes(out.read_bytes().replace(b"retention", b"intention", 1))
    broken = run(ledger.app, "verify", "--bundle", out)
    assert (broken["exit"], broken["intact"]) == (3, False)
    assert broken["problems"][0]["event"].startswith("event-")


def test_a_cosignature_carried_by_hand(recorded: Workspace, tmp_path: Path) -> None:
    there = ("--workspace", recorded.root)
    request, line = tmp_path / "request.txt", tmp_path / "cosignature.txt"
    signed = run(ledger.app, "checkpoint", *there, "--request", request)
    witness = (
        "witness",
        "--name",
        "witness.example",
        "--key",
        tmp_path / "w.pem",
        "--memory",
        tmp_path / "memory",
    )
    answer = run(ledger.app, *witness, "--log-key", signed["log_key"], "--request", request)
    line.write_text(answer["cosignature"])
    key = ("--witness-key", answer["witness_key"])
    kept = run(ledger.app, "checkpoint", *there, "--cosignature", line, *key)
    assert kept["witnesses"] == [answer["witness_key"]]
    out = tmp_path / "pack-1.json"
    run(ledger.app, "bundle", "pack-1", "--out", out, *there)
    assert run(ledger.app, "verify", "--bundle", out, *key)["cosigned_by"] == ["witness.example"]
    line.write_text(answer["cosignature"].replace("witness.example", "other.example"))
    with pytest.raises(InputError):
        run(ledger.app, "checkpoint", *there, "--cosignature", line, *key)


def test_a_witness_is_another_process_and_answers_over_http(recorded: Workspace, tmp_path: Path) -> None:
    there = ("--workspace", recorded.root)
    signed = run(ledger.app, "checkpoint", *there)
    name = ("--name", "witness.example", "--key", str(tmp_path / "w.pem"))
    process = subprocess.Popen(
        [str(KITARAN), "ledger", "witness", *name, "--log-key", signed["log_key"], "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        key = process.stdout.readline().split()[-1]
        cosigned = run(ledger.app, "checkpoint", *there, "--witness", f"{url}={key}")
        assert cosigned["witnesses"] == [key]
    finally:
        process.terminate()
        process.wait(20)


def test_a_changed_log_is_named_with_exit_3(recorded: Workspace) -> None:
    from tests.registry.tampering import tamper

    engine = connect(recorded.database)
    tamper(engine, "UPDATE ledger_event SET leaf_hash = digest WHERE seq = 1")
    engine.dispose()
    found = run(ledger.app, "verify", "--workspace", recorded.root)
    assert found["exit"] == 3
    assert [problem["seq"] for problem in found["problems"]] == [1]


def test_a_bundle_before_the_first_checkpoint_is_refused(recorded: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="never signed"):
        run(ledger.app, "bundle", "pack-1", "--out", tmp_path / "b.json", "--workspace", recorded.root)


def test_an_empty_log_is_intact_and_has_nothing_to_sign(workspace: Workspace) -> None:
    assert run(ledger.app, "verify", "--workspace", workspace.root)["size"] == 0
    assert run(ledger.app, "checkpoint", "--workspace", workspace.root)["size"] == 0


@pytest.mark.parametrize("witness", ["http://127.0.0.1:1", "127.0.0.1=key", "http://127.0.0.1:1=nonsense"])
def test_a_witness_that_is_not_named_well_is_told(workspace: Workspace, witness: str) -> None:
    with pytest.raises(InputError):
        run(ledger.app, "checkpoint", "--workspace", workspace.root, "--witness", witness)


def test_the_verifier_is_printed_whole() -> None:
    from kitaran.registry.ledger import verifier

    printed = CliRunner().invoke(ledger.app, ["verifier"]).stdout
    assert printed == Path(verifier.__file__).read_text("utf-8")


def test_backup_restore_and_rebuild(recorded: Workspace, tmp_path: Path) -> None:
    there = ("--workspace", recorded.root)
    assert run(db.app, "migrate", *there)["revision"] is not None
    card = run(db.app, "backup", tmp_path / "b.zip", *there)
    back = run(db.app, "restore", tmp_path / "b.zip", "--workspace", tmp_path / "new")
    assert (back["size"], back["root"], back["continues"]) == (2, card["root"], True)
    assert run(db.app, "rebuild", "--workspace", tmp_path / "new")["events"] == 2
    assert run(ledger.app, "verify", "--workspace", tmp_path / "new")["root"] == card["root"]


def test_a_workspace_moves_to_postgresql_and_is_used_there(
    recorded: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ("--workspace", recorded.root)
    before = run(ledger.app, "verify", *there)
    address = request.getfixturevalue("postgres").database()
    moved = run(db.app, "to-postgres", address, *there)
    assert (moved["root"], moved["intact"]) == (before["root"], True)
    monkeypatch.setenv("KITARAN_DATABASE_URL", address)
    recorded.database.unlink()
    assert run(ledger.app, "checkpoint", *there)["root"] == before["root"]


def test_a_stranger_verifies_the_row_of_a_battery_that_was_imported_and_never_touched(
    kitaran: Run, tmp_path: Path
) -> None:
    """From the maker's file to the exit code of a program without Kitaran; the others stay out."""
    begun(kitaran, tmp_path)
    rows = "".join(f"pack-52,SN-{number},LABEL-{number}\n" for number in range(9))
    (tmp_path / "packs.csv").write_text("model,serial_number,codes\n" + rows, encoding="utf-8")
    assert kitaran("passport", "import", "packs.csv", "--ids", "ids.csv").code == 0
    lines = (tmp_path / "ids.csv").read_text("utf-8").splitlines()[1:]
    ids = [line.partition(",")[2] for line in lines]
    assert kitaran("ledger", "checkpoint").code == 0
    example = Path(__file__).parents[2] / "docs" / "examples" / "verify_bundle.py"

    def verified(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(example), str(tmp_path / name)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for asked, name in ((ids[4], "id.json"), ("LABEL-4", "code.json"), (f"battery/{ids[4]}", "item.json")):
        told = kitaran("ledger", "bundle", asked, "--out", name, "--json").json
        assert (told["rows_shown"], told["rows_withheld"]) == ([f"battery/{ids[4]}"], 0)
    content = (tmp_path / "id.json").read_bytes()
    assert content == (tmp_path / "code.json").read_bytes() == (tmp_path / "item.json").read_bytes()
    assert [number for number in range(9) if f"SN-{number}".encode() in content] == [4]
    assert [one for one in ids if one.encode() in content] == [ids[4]]
    done = verified("id.json")
    assert (done.returncode, "1 rows of imports" in done.stdout) == (0, True), done
    (tmp_path / "bent.json").write_bytes(content.replace(b"SN-4", b"SN-5"))
    broken = verified("bent.json")
    assert (broken.returncode, "Traceback" in broken.stderr) == (1, False), broken
    assert "is not in the import" in broken.stderr
    assert kitaran("ledger", "verify", "--bundle", "bent.json").code == 3

    said = kitaran("ledger", "bundle", ids[4], "--out", "closed.json", "--withhold-rows", "--json").json
    assert (said["rows_shown"], said["rows_withheld"]) == ([], 1)
    assert b"SN-4" not in (tmp_path / "closed.json").read_bytes()
    assert verified("closed.json").returncode == 0
    assert verified("absent.json").stderr.startswith("The file cannot be read")
