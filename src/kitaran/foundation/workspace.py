"""The folder that holds a user's work: database, runs, overrides of facts, uploads.

kitaran-data/
  VERSION       format number of the folder, then who wrote it; written last, so a folder with it is whole
  kitaran.db    jobs and, later, the registry (SQLite)
  queue.db      tasks that wait for a worker
  runs/         one folder a finished scenario run
  overrides/    NAME.csv: the user's own rows in place of packaged facts
  uploads/      files as they were given
  keys/         the log's private key, and what else no backup may hold
  ledger/       the last signed checkpoint, kept outside the database
  kitaran.toml  settings (optional)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kitaran import __version__
from kitaran.foundation.disk import explain, unfinished, write_whole
from kitaran.foundation.errors import WorkspaceError

DEFAULT = Path("kitaran-data")
FORMAT = 1
_FOLDERS = ("runs", "overrides", "uploads")
_OWNER_ONLY = 0o700
_OURS = {*_FOLDERS, "VERSION", "kitaran.toml", "lock"}


@dataclass(frozen=True)
class Workspace:
    """Where things stand in the folder. `make` and `open` check it; the constructor does not."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "kitaran.db"

    @property
    def queue(self) -> Path:
        return self.root / "queue.db"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def overrides(self) -> Path:
        return self.root / "overrides"

    @property
    def uploads(self) -> Path:
        return self.root / "uploads"

    @property
    def settings_file(self) -> Path:
        return self.root / "kitaran.toml"

    @property
    def version_file(self) -> Path:
        return self.root / "VERSION"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """An existing workspace. Raises WorkspaceError if there is none or it is of a newer version."""
        workspace = cls(root.absolute())
        if not workspace.version_file.is_file():
            raise WorkspaceError(
                "There is no workspace here.",
                str(root),
                "Make one with `kitaran up`, or name it with --workspace.",
            )
        workspace._check_version()
        return workspace

    @classmethod
    def make(cls, root: Path) -> Workspace:
        """The workspace at `root`, made if it is not there; if it cannot be made, nothing of it stays.

        Raises WorkspaceError: newer version, not writable, disk full, or a folder that holds something else.
        """
        workspace = cls(root.absolute())
        if not workspace.version_file.exists():
            workspace._refuse_foreign_content()
            workspace._lay_out()
        workspace._check_version()
        workspace._check_writable()
        return workspace

    def _check_version(self) -> None:
        text = self.version_file.read_text(encoding="utf-8", errors="replace")
        first = text.split("\n", 1)[0].strip()
        if not (first.isascii() and first.isdigit() and len(first) < 10 and int(first) > 0):
            raise WorkspaceError(
                f"VERSION should begin with the number of a format but reads {first[:40]!r}.",
                str(self.version_file),
                "Restore the folder from a copy, or begin a new one with --workspace.",
            )
        if int(first) > FORMAT:
            raise WorkspaceError(
                f"This workspace has format {first}; Kitaran {__version__} knows formats up to {FORMAT}.",
                str(self.root),
                "Install the newer Kitaran that made it, or begin another workspace with --workspace.",
            )

    def _check_writable(self) -> None:
        probe = self.root / f".part-{os.getpid()}-probe"
        try:
            probe.write_bytes(b"kitaran")
            for name in _FOLDERS:
                (self.root / name).mkdir(exist_ok=True)
        except OSError as error:
            raise explain(error, self.root) from error
        finally:
            probe.unlink(missing_ok=True)

    def _refuse_foreign_content(self) -> None:
        if not self.root.is_dir():
            return
        foreign = [name for name in self._names() if name not in _OURS and not unfinished(name)]
        if foreign:
            raise WorkspaceError(
                f"This folder is not a workspace and holds other files ({', '.join(foreign[:3])}).",
                str(self.root),
                "Name an empty or new folder with --workspace.",
            )

    def _names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self.root.iterdir())
        except OSError as error:
            raise explain(error, self.root) from error

    def _lay_out(self) -> None:
        """Make folders, then VERSION. What this call made is taken away again if a step fails."""
        made: list[Path] = []
        try:
            for folder in (*self._missing_parents(), *(self.root / name for name in _FOLDERS)):
                if not folder.is_dir():
                    folder.mkdir(mode=_OWNER_ONLY if folder == self.root else 0o777)
                    made.append(folder)
            write_whole(self.version_file, f"{FORMAT}\nmade by Kitaran {__version__}\n".encode())
        except (OSError, WorkspaceError) as error:
            for folder in reversed(made):
                folder.rmdir()
            raise (explain(error, self.root) if isinstance(error, OSError) else error) from error

    def _missing_parents(self) -> list[Path]:
        chain = [self.root, *self.root.parents]
        return [folder for folder in reversed(chain) if not folder.exists()]
