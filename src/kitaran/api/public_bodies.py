"""What everyone reads of a passport as JSON, kept ready: it is that of the model, beside the battery's id.

A body is kept by all that it follows from: the model, its version, whether the passport is in force, and how
many alerts were issued and withdrawn. These come from the read that finds the battery, so that no answer is
older than the database, whichever process wrote to it.
"""

from __future__ import annotations

import secrets
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError

MOST_KEPT: Final = 1_000
"""Bodies in memory, of so many versions of models; the oldest are forgotten first."""
Key = tuple[str, int, bool, int, int]
"""Model, version, whether the passport is in force, alerts, withdrawn alerts."""
Facts = Callable[[Connection, str], dict[str, Any]]
"""What everyone reads of a battery; raises NotFoundError if there is none."""
_QUERY: Final = (
    "SELECT b.model, m.version, b.state = 'in_force', (SELECT count(*) FROM party_alert),"
    " (SELECT count(withdrawn_at) FROM party_alert)"
    " FROM passport_battery b JOIN passport_model m ON m.model = b.model"
    " WHERE b.battery = :battery AND b.origin = 'issued' ORDER BY m.version DESC LIMIT 1"
)
_GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_RAW_DEFLATE: Final = -15


class Body:
    """A JSON text in which the battery's id stands at some places, plain and packed.

    Each part between the ids is packed by itself (a full flush forgets what came before), so that an id goes
    between them as a stored block and only the checksum is new.
    """

    def __init__(self, facts: dict[str, Any], option: int = 0) -> None:
        mark = secrets.token_hex(16)
        self._parts = orjson.dumps(_with_id(facts, mark), option=option).split(mark.encode())
        packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
        ends = [zlib.Z_FULL_FLUSH] * (len(self._parts) - 1) + [zlib.Z_FINISH]
        self._packed = [
            packer.compress(part) + packer.flush(end) for part, end in zip(self._parts, ends, strict=True)
        ]

    def plain(self, battery: str) -> bytes:
        """The text with this id."""
        return battery.encode().join(self._parts)

    def packed(self, battery: str) -> bytes:
        """The same in gzip's form (RFC 1952)."""
        own, text = battery.encode(), self.plain(battery)
        size = len(own)
        stored = b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + own
        check = zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
        return _GZIP_HEAD + stored.join(self._packed) + check


@dataclass(frozen=True, slots=True)
class Bodies:
    """The two forms: of the API, and of the page's twin with its lines indented."""

    api: Body
    twin: Body


class PublicBodies:
    """The bodies of one database. `find` is for the thread that answers, `make` for another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[Key, Bodies] = {}
        self._door = Lock()
        self.quick = engine.dialect.name == "sqlite"
        """Whether a look-up is a matter of microseconds, and may be done where requests are answered."""
        self._driver: Any = None

    def find(self, battery: str) -> Bodies | None:
        """What is kept ready for the battery; None if it must be made, or cannot be."""
        key = self._look_up(battery)
        return None if key is None else self._kept.get(key)

    def _look_up(self, battery: str) -> Key | None:
        """On SQLite by a connection of its own, outside any transaction: each look-up sees
        what was committed.
        """
        if not self.quick:
            with reading(self._engine) as connection:
                return _key(connection, battery)
        with self._door:
            try:
                if self._driver is None:
                    pooled = self._engine.raw_connection()
                    self._driver = pooled.dbapi_connection
                    pooled.detach()
                rows = self._driver.execute(_QUERY, {"battery": battery}).fetchall()
            except sqlite3.Error:  # `make` meets it again and says it in words
                return None
        return _as_key(rows[0]) if rows else None

    def make(self, battery: str, facts: Facts) -> Bodies | None:
        """The bodies for the battery, which are kept from now on; None if everyone may read nothing of it
        here: what has no model has its answer made each time.
        """
        with reading(self._engine) as connection:
            key = _key(connection, battery)
            try:
                told = {} if key is None else facts(connection, battery)
            except NotFoundError:
                key = None
        if key is None:
            return None
        made = Bodies(Body(told), Body(told, orjson.OPT_INDENT_2))
        with self._door:
            self._kept[key] = made
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return made

    def close(self) -> None:
        """Let go of the database."""
        with self._door:
            if self._driver is not None:
                self._driver.close()
                self._driver = None


def _key(connection: Connection, battery: str) -> Key | None:
    row = connection.execute(sa.text(_QUERY), {"battery": battery}).first()
    return None if row is None else _as_key(row)


def _as_key(row: Any) -> Key:
    model, version, in_force, alerts, withdrawn = row
    return model, version, bool(in_force), alerts, withdrawn


def _with_id(facts: dict[str, Any], battery: str) -> dict[str, Any]:
    """The facts under another id, where the id stands: nothing else of one battery is public."""
    attributes = facts["attributes"]
    named = {**attributes["unique_identifier"], "value": battery}
    return {**facts, "id": battery, "attributes": {**attributes, "unique_identifier": named}}
