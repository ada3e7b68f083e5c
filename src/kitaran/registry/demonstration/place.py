"""Where a demonstration lies, and when it is shown.

It is a workspace of its own, `demonstration/` inside the workspace: its own database, keys, log and files.
What is real never meets it. It is shown in the place of an empty registry, to the person at this computer
alone, and no more once the real registry has its first event.

The mark names the key of the demonstration's own node: copied to another registry it opens nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger.signature import key_id, public_bytes, read_private

FOLDER: Final = "demonstration"
MARK: Final = "DEMONSTRATION"
_NODE: Final = Path("keys") / "node.pem"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A demonstration that lies here. people : ids of the accounts that open by one click"""

    workspace: Workspace
    people: tuple[str, ...]


def find(workspace: Workspace) -> Demonstration | None:
    """The demonstration of a workspace; None if there is none, or its mark is of another registry."""
    root = workspace.root / FOLDER
    try:
        told = orjson.loads((root / MARK).read_bytes())
        node, people = str(told["node"]), tuple(map(str, told["people"]))
        own = key_id(public_bytes(read_private(root / _NODE)))
    except (OSError, ValueError, KeyError, TypeError, KitaranError):
        return None
    return Demonstration(Workspace(root), people) if node == own else None


def shown(workspace: Workspace) -> Demonstration | None:
    """The demonstration, if it stands in nobody's way: the workspace's own registry holds no event."""
    return None if begun(workspace) else find(workspace)


def begun(workspace: Workspace) -> bool:
    """Whether the workspace's own registry holds an event, in its own database; what cannot be read, does."""
    if not workspace.database.exists():
        return False
    try:
        with closing(sqlite3.connect(workspace.database)) as connection:
            tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger_event'").fetchone()
            if tables is None:
                return False
            return connection.execute("SELECT 1 FROM ledger_event LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True


def expect(workspace: Workspace) -> None:
    """Note that a workspace gets a demonstration: its folder stands, and no mark is in it yet."""
    try:
        (workspace.root / FOLDER).mkdir(exist_ok=True)
    except OSError as error:
        raise explain(error, workspace.root) from error


def expected(workspace: Workspace) -> bool:
    """Whether a demonstration is to be made, or its making was broken off."""
    root = workspace.root / FOLDER
    return root.is_dir() and not (root / MARK).exists()


def decline(workspace: Workspace) -> None:
    """Expect none any longer; one that is made stays."""
    if expected(workspace):
        shutil.rmtree(workspace.root / FOLDER, ignore_errors=True)


def mark(workspace: Workspace, people: Iterable[str]) -> None:
    """Mark a workspace as a demonstration, at the end of its making: one without a mark is none."""
    node = key_id(public_bytes(read_private(workspace.root / _NODE)))
    write_whole(workspace.root / MARK, orjson.dumps({"node": node, "people": list(people)}))


def remove(workspace: Workspace) -> None:
    """Take the demonstration away, with all that was tried in it. Raises InputError if there is none."""
    found = find(workspace)
    if found is None:
        raise InputError(
            "There is no demonstration here.", str(workspace.root / FOLDER), "Nothing needs to be removed."
        )
    (found.workspace.root / MARK).unlink()
    shutil.rmtree(found.workspace.root)
