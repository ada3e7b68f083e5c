"""Public keys that have been looked up: for the question whether a signature fits, asked before the pen.

The id of a key is the SHA-256 of the key, so what an id names can never change, and remembering it is sound.
Whether the key may sign, and for whom, does change: that is asked of the database under the pen, every time.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine

from kitaran.foundation.database import reading
from kitaran.registry.ledger.kinds import KeyBook
from kitaran.registry.ledger.signature import key_id

MOST: Final = 10_000
"""Keys that are remembered; then it begins anew."""


class SeenKeys:
    """The memory of one log."""

    def __init__(self, book: KeyBook) -> None:
        self._book = book
        self._seen: dict[str, bytes] = {}

    def public_key(self, engine: Engine, name: str, unknown: set[str]) -> bytes | None:
        """The 32 bytes that the id names; None if no such key was ever registered here.

        unknown : ids that were asked for in vain with this batch; the next batch asks again, since a key may
                  have been registered
        """
        known = self._seen.get(name)
        if known is None and name not in unknown:
            known = self._look_up(engine, name)
            if known is None:
                unknown.add(name)
        return known

    def _look_up(self, engine: Engine, name: str) -> bytes | None:
        with reading(engine) as connection:
            found = self._book.find(connection, name)
        if found is None:
            return None
        if key_id(found.public_key) == name:
            if len(self._seen) >= MOST:
                self._seen = {}
            self._seen[name] = found.public_key
        return found.public_key
