"""A backup is one moment of the registry, whole; nobody goes on with an old one in silence."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image
from sqlalchemy import Engine

from kitaran.foundation.database import connect, reading
from kitaran.foundation.errors import EvidenceError, InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.errors import HaltedError
from kitaran.registry.ledger.last_signed import KEY
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.movement import files as documents
from kitaran.registry.passport import intake_photos
from kitaran.registry.store.backup import continues, restore, write_backup
from kitaran.registry.store.opening import last_signed, open_signer
from tests.registry.ledger.sample_noun import KINDS, Keys, Party, make_tables

MINISTRY = Party("ministry")


@pytest.fixture
def ledger(engine: Engine, workspace: Workspace) -> Ledger:
    """A log without read models of its own: the tables of a test are part of no migration."""
    from kitaran.registry.ledger.kinds import Kinds, allow

    kinds = Kinds()
    kinds.register([KINDS[1]])
    return Ledger(engine, kinds, Keys(MINISTRY.key), allow, signed_to=last_signed(workspace).size)


def fill(ledger: Ledger, count: int) -> None:
    ledger.append_all([(MINISTRY.measures("pack-1"), None) for _ in range(count)])


def root(engine: Engine) -> tuple[int, bytes]:
    findings = verify_log(engine)
    assert findings.problems == []
    return findings.size, findings.root


def test_a_backup_holds_the_log_and_the_workspaces_own_files_and_no_key(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 20)
    open_signer(ledger.engine, workspace, "registry.example/log").sign()
    (workspace.overrides / "ev_sales.csv").write_text("economy\n")
    (workspace.root / "retention.csv").write_text("value,retention_days,law\n")
    card = write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    restored = Workspace.make(tmp_path / "restored")
    assert restore(tmp_path / "backup.zip", restored) == card
    copy = connect(restored.database)
    assert root(copy) == root(ledger.engine) == (20, bytes.fromhex(card.root))
    assert (restored.overrides / "ev_sales.csv").read_text() == "economy\n"
    assert (restored.root / "retention.csv").read_text() == "value,retention_days,law\n"
    assert not (restored.root / KEY).exists()
    assert continues(card, restored)
    names = zipfile.ZipFile(tmp_path / "backup.zip").namelist()
    assert not [name for name in names if "keys" in name or name.endswith(".toml")]


def test_the_files_whose_digests_stand_in_the_log_come_back_with_it(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 1)
    letter = b"%PDF-1.7 the letter of an authority"
    digest = sha256(letter).hexdigest()
    documents.keep(workspace, digest, letter, "operator-1")
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    photo = intake_photos.keep(workspace, out.getvalue())
    write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    restored = Workspace.make(tmp_path / "restored")
    restore(tmp_path / "backup.zip", restored)
    assert documents.read(restored, digest, ["operator-1"]) == letter
    assert intake_photos.find(restored, photo) is not None


def test_another_operator_goes_on_from_a_backup_with_the_logs_key(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 5)
    open_signer(ledger.engine, workspace, "registry.example/log").sign()
    write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    restored = Workspace.make(tmp_path / "restored")
    restore(tmp_path / "backup.zip", restored)
    copy = connect(restored.database)
    with pytest.raises(InputError, match="key that is not here"):
        open_signer(copy, restored)
    (restored.root / "keys").mkdir()
    (restored.root / KEY).write_bytes((workspace.root / KEY).read_bytes())
    onward = Ledger(copy, ledger.kinds, Keys(MINISTRY.key), ledger._admit)
    fill(onward, 1)
    note = open_signer(copy, restored).sign()
    assert note is not None
    assert note.checkpoint.size == 6


def test_a_backup_that_is_not_there_is_named_itself_and_not_the_workspace(
    tmp_path: Path, workspace: Workspace
) -> None:
    with pytest.raises(InputError, match="no such file") as error:
        restore(tmp_path / "monday.zip", workspace)
    assert error.value.place == str(tmp_path / "monday.zip")


def test_a_damaged_key_of_a_signed_log_asks_for_the_logs_own_key_and_for_no_new_one(
    ledger: Ledger, workspace: Workspace
) -> None:
    fill(ledger, 1)
    open_signer(ledger.engine, workspace).sign()
    (workspace.root / KEY).write_bytes(b"garbage")
    with pytest.raises(InputError, match="key that cannot be read") as error:
        open_signer(ledger.engine, workspace)
    assert "own key" in error.value.remedy


def test_a_backup_is_one_moment_while_others_write(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 50)
    stop = Event()

    def write() -> None:
        while not stop.is_set():
            fill(ledger, 5)

    writer = Thread(target=write)
    writer.start()
    try:
        card = write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    finally:
        stop.set()
        writer.join()
    assert card.size >= 50
    restored = Workspace.make(tmp_path / "restored")
    restore(tmp_path / "backup.zip", restored)
    assert root(connect(restored.database)) == (card.size, bytes.fromhex(card.root))


def test_an_old_backup_takes_no_events_and_signs_no_forked_history(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 5)
    open_signer(ledger.engine, workspace).sign()
    old = write_backup(ledger.engine, workspace, tmp_path / "old.zip")
    fill(ledger, 5)
    open_signer(ledger.engine, workspace).sign()
    restore(tmp_path / "old.zip", workspace, replace=True)
    assert not continues(old, workspace)
    copy = connect(workspace.database)
    onward = Ledger(
        copy, ledger.kinds, Keys(MINISTRY.key), ledger._admit, signed_to=last_signed(workspace).size
    )
    with pytest.raises(HaltedError):
        onward.append(MINISTRY.measures("pack-1"))
    with pytest.raises(HaltedError, match="holds 5 events, the last signed checkpoint 10"):
        open_signer(copy, workspace).sign()


def test_a_restore_never_overwrites_events_unasked(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    fill(ledger, 3)
    write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    restored = Workspace.make(tmp_path / "restored")
    restore(tmp_path / "backup.zip", restored)
    with pytest.raises(InputError, match="holds events already"):
        restore(tmp_path / "backup.zip", restored)
    restore(tmp_path / "backup.zip", restored, replace=True)
    assert len(list(restored.root.glob("kitaran.db.replaced-*"))) == 1


def test_a_file_is_never_overwritten_by_a_backup(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "backup.zip").write_text("mine")
    with pytest.raises(InputError, match="already"):
        write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_text() == "mine"


@pytest.mark.parametrize("bend", ["database", "card", "path", "text"])
def test_a_backup_that_was_changed_is_not_put_back(
    ledger: Ledger, workspace: Workspace, tmp_path: Path, bend: str
) -> None:
    if ledger.engine.dialect.name != "sqlite":
        pytest.skip("the file is the same, whatever it was made from")
    fill(ledger, 3)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    write_backup(ledger.engine, workspace, good)
    with zipfile.ZipFile(good) as source:
        members = {name: source.read(name) for name in source.namelist()}
    card = json.loads(members["backup.json"])
    if bend == "database":
        members["kitaran.db"] = members["kitaran.db"].replace(b"pack-1", b"pack-7")
    if bend == "card":
        card["root"] = "00" * 32
    if bend == "path":
        members["overrides/../../evil"] = b"x"
        card["members"]["overrides/../../evil"] = "x"
    members["backup.json"] = json.dumps(card).encode()
    if bend == "text":
        bad.write_text("a letter")
    else:
        with zipfile.ZipFile(bad, "w") as target:
            for name, content in members.items():
                target.writestr(name, content)
    restored = Workspace.make(tmp_path / "restored")
    with pytest.raises((EvidenceError, InputError)):
        restore(bad, restored)
    assert not restored.database.exists()
    assert not (tmp_path / "evil").exists()


def test_a_damaged_log_is_not_backed_up_as_if_it_were_whole(
    ledger: Ledger, workspace: Workspace, tmp_path: Path
) -> None:
    from tests.registry.tampering import tamper

    make_tables(ledger.engine)
    fill(ledger, 3)
    tamper(ledger.engine, "UPDATE ledger_event SET leaf_hash = digest WHERE seq = 1")
    with pytest.raises(EvidenceError, match="seq 1"):
        write_backup(ledger.engine, workspace, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


def test_a_copy_in_another_store_has_the_same_root(sqlite: Engine, postgresql: Engine) -> None:
    from kitaran.foundation.errors import WorkspaceError
    from kitaran.registry.ledger.kinds import Kinds, allow
    from kitaran.registry.store.moving import move

    kinds = Kinds()
    kinds.register([KINDS[1]])
    ledger = Ledger(sqlite, kinds, Keys(MINISTRY.key), allow)
    fill(ledger, 300)
    found = move(sqlite, postgresql)
    assert (found.size, found.root) == root(sqlite) == root(postgresql)
    onward = Ledger(postgresql, kinds, Keys(MINISTRY.key), allow)
    fill(onward, 1)
    with reading(postgresql) as connection:
        assert repository.size(connection) == 301
    with pytest.raises(WorkspaceError, match="holds something already"):
        move(sqlite, postgresql)
