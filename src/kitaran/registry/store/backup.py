"""One file from which another operator can continue, the keys apart.

A ZIP of `backup.json` (what it holds, with the SHA-256 of each member), `kitaran.db` (SQLite, whatever the
registry runs on), `overrides/`, `uploads/`, `documents/` (files of shipments) and `retention.csv` (how long
the law of the place keeps personal values). It is made while others write: it holds one moment. It holds no
private key, no setting and no finished run; restricted and personal values beside the log are in it, erased
ones are not.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from kitaran import __version__
from kitaran.foundation import clock
from kitaran.foundation.database import connect, connect_raw, migrate, reading, revision
from kitaran.foundation.disk import explain
from kitaran.foundation.errors import EvidenceError, InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.note import Note, read_note
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.parties.privacy.retention import FILE as RETENTION
from kitaran.registry.store.moving import move
from kitaran.registry.store.opening import last_signed

FORMAT: Final = 1
_CARD: Final = "backup.json"
_DATABASE: Final = "kitaran.db"
_FOLDERS: Final = ("overrides", "uploads", "documents")
_FILES: Final = (RETENTION,)


@dataclass(frozen=True)
class Backup:
    """What a backup holds. size, root : of its log; checkpoint : the newest signed note in it"""

    made_at: str
    size: int
    root: str
    checkpoint: str | None

    @property
    def note(self) -> Note | None:
        return None if self.checkpoint is None else read_note(self.checkpoint)


def write_backup(engine: Engine, workspace: Workspace, path: Path) -> Backup:
    """Back up the registry and the workspace's own files. An existing file is never overwritten.

    Raises InputError if there is a file already, EvidenceError if the log is not intact, WorkspaceError if
    the system refuses; nothing half-written stays.
    """
    if path.exists():
        raise InputError("There is a file already.", str(path), "Name another file for the backup.")
    part = path.with_name(f".part-{path.name}")
    try:
        with tempfile.TemporaryDirectory(prefix=".part-", dir=path.parent) as folder:
            database = Path(folder) / _DATABASE
            _copy_database(engine, database)
            card = _card(database)
            _write_zip(part, card, _members(database, workspace))
        part.replace(path)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        part.unlink(missing_ok=True)
    return card


def _copy_database(engine: Engine, path: Path) -> None:
    if engine.dialect.name == "sqlite":
        with connect_raw(engine) as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
        return
    copy = connect(path)
    move(engine, copy)
    with connect_raw(copy) as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    copy.dispose()


def _card(database: Path) -> Backup:
    engine = connect(database)
    try:
        findings = verify_log(engine, signatures=False)
        if findings.problems:
            raise EvidenceError(
                f"The log is not intact, and so is no backup: {findings.problems[0]}",
                str(database.name),
                "Run `kitaran ledger verify`.",
            )
        with reading(engine) as connection:
            last = repository.last_checkpoint(connection)
        with connect_raw(engine) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    finally:
        engine.dispose()
    return Backup(clock.stamp(), findings.size, findings.root.hex(), None if last is None else str(last.note))


def _members(database: Path, workspace: Workspace) -> dict[str, Path]:
    alone = (workspace.root / name for name in _FILES)
    members = {_DATABASE: database, **{file.name: file for file in alone if file.is_file()}}
    for folder in _FOLDERS:
        for file in sorted((workspace.root / folder).rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                members[file.relative_to(workspace.root).as_posix()] = file
    return members


def _write_zip(path: Path, card: Backup, members: dict[str, Path]) -> None:
    digests = {}
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, file in members.items():
            digests[name] = _digest(file)
            archive.write(file, name)
        content = {"format": FORMAT, "kitaran": __version__, **card.__dict__, "members": digests}
        archive.writestr(_CARD, json.dumps(content, indent=1, sort_keys=True))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def restore(path: Path, workspace: Workspace, replace: bool = False) -> Backup:
    """Put a backup into a workspace, once every byte of it is proved.

    replace : the workspace's database gives way; it is kept beside as `kitaran.db.replaced-TIME`

    What this node remembers of its last checkpoint stays: a backup older than it takes no events and signs
    nothing. Raises InputError (no backup, or a database is in the way), EvidenceError (damaged).
    """
    if not path.is_file():
        raise InputError("There is no such file.", str(path), "Name the backup's file.")
    _refuse_present(workspace, replace)
    try:
        with tempfile.TemporaryDirectory(prefix=".part-", dir=workspace.root) as folder:
            backup = _unpack(path, Path(folder))
            _prove(backup, Path(folder) / _DATABASE)
            _put(Path(folder), workspace)
    except OSError as error:
        raise explain(error, workspace.root) from error
    memory = last_signed(workspace)
    if memory.read() is None and backup.note is not None:
        memory.write(backup.note)
    return backup


def _refuse_present(workspace: Workspace, replace: bool) -> None:
    if replace or not workspace.database.exists():
        return
    engine = connect(workspace.database)
    try:
        with reading(engine) as connection:
            holds = revision(engine) is not None and repository.size(connection) > 0
    finally:
        engine.dispose()
    if holds:
        raise InputError(
            "The workspace holds events already.",
            str(workspace.database),
            "Name another --workspace, or put this one aside with --replace.",
        )


def _unpack(path: Path, folder: Path) -> Backup:
    try:
        with zipfile.ZipFile(path) as archive:
            card = json.loads(archive.read(_CARD))
            names = [name for name in archive.namelist() if name != _CARD]
            if (
                card["format"] != FORMAT
                or set(names) != set(card["members"])
                or not all(map(_is_ours, names))
            ):
                raise ValueError(f"it is not of format {FORMAT}")
            archive.extractall(folder, names)
            backup = Backup(**{name: card[name] for name in Backup.__dataclass_fields__})
            wrong = [name for name in names if _digest(folder / name) != card["members"][name]]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"This is not a backup of Kitaran: {error}.", str(path), "Name another file."
        ) from error
    if wrong:
        raise EvidenceError(f"{wrong[0]} in it was changed or damaged.", str(path), "Take another copy.")
    return backup


def _is_ours(name: str) -> bool:
    parts = Path(name).parts
    return name in (_DATABASE, *_FILES) or (parts[0] in _FOLDERS and ".." not in parts and "\\" not in name)


def _prove(backup: Backup, database: Path) -> None:
    engine = connect(database)
    try:
        migrate(engine)
        findings = verify_log(engine, last=backup.note, signatures=False)
    finally:
        engine.dispose()
    if findings.problems or (findings.size, findings.root.hex()) != (backup.size, backup.root):
        cause = str(findings.problems[0]) if findings.problems else "its root is another"
        raise EvidenceError(
            f"The log in it is not intact: {cause}.", str(database.name), "Take another copy."
        )


def _put(folder: Path, workspace: Workspace) -> None:
    if workspace.database.exists():
        stamp = clock.stamp().replace(":", "").replace(".", "")
        workspace.database.replace(workspace.database.with_name(f"kitaran.db.replaced-{stamp}"))
    for rest in ("-wal", "-shm"):
        Path(f"{workspace.database}{rest}").unlink(missing_ok=True)
    for name in _FOLDERS:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, workspace.root / name, dirs_exist_ok=True)
    for name in _FILES:
        if (folder / name).is_file():
            (folder / name).replace(workspace.root / name)
    (folder / _DATABASE).replace(workspace.database)


def continues(backup: Backup, workspace: Workspace) -> bool:
    """Whether the restored log may go on here: nothing newer was signed by this node."""
    return last_signed(workspace).size() <= backup.size
