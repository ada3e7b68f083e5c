"""Files that somebody names: read whole, or refused in words that say what to do."""

from __future__ import annotations

from pathlib import Path

from kitaran.foundation.errors import InputError


def text_of(path: Path, remedy: str) -> str:
    """The text of a file, whether or not it begins with the mark that Windows writes.

    remedy : what to give instead, where it is no file of text
    Raises InputError.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("The file is not text in UTF-8.", str(path), remedy) from None
    except OSError as error:
        raise _refused(error, path, remedy) from None


def bytes_of(path: Path, remedy: str) -> bytes:
    """The bytes of a file. remedy : what to give instead of a folder. Raises InputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(error, path, remedy) from None


def _refused(error: OSError, path: Path, remedy: str) -> InputError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError("There is no such file.", str(path), "Look at its name and folder.")
    if isinstance(error, IsADirectoryError):
        return InputError("This is a folder, not a file.", str(path), remedy)
    if isinstance(error, PermissionError):
        return InputError("This user may not read the file.", str(path), "Ask its owner for the right to.")
    return InputError(f"The system refused: {error.strerror or error}.", str(path), remedy)
