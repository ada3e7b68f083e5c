"""One server a workspace: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from kitaran.foundation.disk import explain, sweep
from kitaran.foundation.errors import WorkspaceError
from kitaran.foundation.workspace import Workspace

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> None:
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _try_lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True)
class Lock:
    """A held lock. `say` writes for others who holds it."""

    file: BinaryIO

    def say(self, words: str) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.file.write(words.encode())
        self.file.flush()


@contextmanager
def sole_server(workspace: Workspace) -> Iterator[Lock]:
    """Hold the workspace for one serving process, and sweep what a killed one left unfinished.

    Raises WorkspaceError if another process holds it, naming where that one serves.
    """
    try:
        file = os.fdopen(os.open(workspace.lock_file, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    except OSError as error:
        raise explain(error, workspace.lock_file) from error
    with file:
        try:
            _try_lock(file)
        except OSError as error:
            holder = file.read(200).decode(errors="replace").strip() or "another process"
            raise WorkspaceError(
                f"This workspace is in use: {holder}.",
                str(workspace.root),
                "Open that address, stop that process, or begin another workspace with --workspace.",
            ) from error
        for folder in (workspace.root, workspace.uploads, workspace.overrides, workspace.runs):
            sweep(folder)
        for run in workspace.runs.iterdir():
            sweep(run)
        lock = Lock(file)
        lock.say(f"process {os.getpid()}")
        yield lock
