"""Wait for a file that one process at a time may hold; the system lets go of it when its holder ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def held(file: BinaryIO) -> Iterator[None]:
    """Hold the lock on an open file until it is closed; waits for another holder."""
    _lock(file)
    yield
