"""Files that are there whole or not at all, and what the system's refusals mean to a person."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kitaran.foundation.errors import WorkspaceError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
_UNFINISHED = ".part-"
_AT_WORK_S = 3600.0


def explain(error: OSError, place: Path) -> WorkspaceError:
    """The system's refusal to write at `place`, as cause and remedy."""
    if error.errno in _FULL:
        return WorkspaceError(
            "The disk is full, or a limit on file size is reached; nothing half-written was kept.",
            str(place),
            "Free some space (a whole-region run needs about 100 MB), or name a folder on another disk.",
        )
    if error.errno in _REFUSED:
        return WorkspaceError(
            "This folder cannot be written.",
            str(place),
            "Choose another folder with --workspace or --out, or ask its owner for the right to write.",
        )
    if error.errno in _IN_THE_WAY:
        return WorkspaceError(
            "A file stands where a folder is needed.",
            str(place),
            "Choose another folder, or move that file away.",
        )
    return WorkspaceError(
        f"The system refused: {error.strerror or error}.", str(place), "Choose another folder and try again."
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, also after a power cut.

    Raises WorkspaceError if the system refuses; the old file then still stands.
    """
    part = path.with_name(f"{_UNFINISHED}{os.getpid()}-{path.name}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise explain(error, path) from error


@contextmanager
def filled_folder(target: Path, last: str) -> Iterator[Path]:
    """A folder to write into, whose files move to `target` at a good end and vanish at a bad one.

    last : name of the file that moves last: where it stands, the rest of that making stands beside it

    Other files of `target` stay. Raises WorkspaceError if the system refuses.
    """
    made = [folder for folder in (target, *target.parents) if not folder.exists()]
    part: Path | None = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target))
        yield part
        _move_files(part, target, last)
        made = []
    except OSError as error:
        raise explain(error, target) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _move_files(part: Path, target: Path, last: str) -> None:
    (target / last).unlink(missing_ok=True)
    for file in sorted(part.iterdir(), key=lambda file: (file.name == last, file.name)):
        file.replace(target / file.name)


def unfinished(name: str) -> bool:
    """Whether a file of this name was left by a writer that was killed."""
    return name.startswith(_UNFINISHED)


def sweep(folder: Path) -> None:
    """Remove what a killed process left unfinished in `folder`: what nobody has written to for an hour."""
    for left in folder.iterdir() if folder.is_dir() else ():
        if not unfinished(left.name) or time.time() - left.stat().st_mtime < _AT_WORK_S:
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
