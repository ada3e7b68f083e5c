"""The files in a workspace's folder `overrides`, and the journal that lets several of them change at once.

A change is written whole into the journal, then file by file, then the journal goes. Whoever reads while the
journal stands reads from it, so a change that was cut short is complete or not there, never half.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError, WorkspaceError

JOURNAL = "journal.json"


def override_text(folder: Path, name: str) -> str | None:
    """Text of one file, None if there is none. InputError if it is not UTF-8."""
    pending = _pending(folder)
    if name in pending:
        return pending[name]
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not UTF-8 text.", str(folder / name), "Save it as CSV UTF-8."
        ) from error


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file: equal as long as none has changed."""
    try:
        files = [(file.name, file.stat()) for file in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


def change(folder: Path, files: Mapping[str, str | None]) -> None:
    """Give files a new text, or remove those whose text is None: all of them or none.

    Raises WorkspaceError if nothing could be written; then nothing has changed.
    """
    settle(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from error
    write_whole(folder / JOURNAL, json.dumps(dict(files), ensure_ascii=False).encode())
    with suppress(WorkspaceError):  # the change stands in the journal; the next one who comes finishes it
        settle(folder)


def settle(folder: Path) -> None:
    """Finish a change that was cut short."""
    pending = _pending(folder)
    if not pending:
        return
    for name, text in pending.items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
        else:
            write_whole(folder / name, text.encode())
    (folder / JOURNAL).unlink(missing_ok=True)


def _pending(folder: Path) -> dict[str, str | None]:
    try:
        found: dict[str, str | None] = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return found
