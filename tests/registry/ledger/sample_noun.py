"""A noun made up for tests: packs change hands, are measured, and have owners with names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from kitaran.foundation import clock
from kitaran.registry.ledger.envelope import Event, sign
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Kinds, Payload, Recorded, SigningKey, allow
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.signature import key_id, public_bytes

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOLDER = sa.Table(
    "sample_holder",
    sa.MetaData(),
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
)


class Handed(Payload):
    """to: the new holder."""

    to: str


class Measured(Payload):
    """soh: decimal string."""

    soh: str


def hold(connection: Connection, recorded: Recorded) -> None:
    for item in recorded.event.items:
        connection.execute(sa.delete(HOLDER).where(HOLDER.c.item == item))
        connection.execute(sa.insert(HOLDER).values(item=item, holder=recorded.event.payload["to"]))


def not_to_nobody(connection: Connection, event: Event, at: datetime) -> None:
    if event.payload["to"] == "nobody":
        raise NotAllowedError("Nobody can hold a pack.", "$.payload.to", "Name a holder.")


KINDS = (
    EventKind(
        "sample.handed",
        Handed,
        authorise=not_to_nobody,
        project=hold,
        tables=(HOLDER,),
        sealed=frozenset({"owner_name"}),
    ),
    EventKind("sample.measured", Measured, moves_head=False),
)


class Keys:
    """A key book in memory."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = {key.key_id: key for key in keys}

    def find(self, connection: Connection, key_id: str) -> SigningKey | None:
        return self.keys.get(key_id)


class Party:
    """An operator with a key of its own."""

    _numbers = itertools.count(1)

    def __init__(self, name: str, seed: int = 1, custody: Any = "own") -> None:
        self.name = name
        self.private = Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))
        public = public_bytes(self.private)
        self.key = SigningKey(key_id(public), name, public, custody, LONG_AGO)

    def envelope(self, kind: str, **fields: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "id": f"event-{next(self._numbers):08}",
            "actor": self.name,
            "items": [],
            "expects": {},
            "occurred_at": clock.stamp(),
            "place": None,
            "payload": {},
            **fields,
        }

    def hands(
        self, item: str, to: str = "recycler", head: str | None = None, **fields: Any
    ) -> dict[str, Any]:
        """A signed event that hands `item` over, following `head`."""
        fields = {"items": [item], "expects": {item: head}, "payload": {"to": to}, **fields}
        return sign(self.envelope("sample.handed", **fields), self.private)

    def measures(self, item: str, soh: str = "0.81", **fields: Any) -> dict[str, Any]:
        fields = {"items": [item], "payload": {"soh": soh}, **fields}
        return sign(self.envelope("sample.measured", **fields), self.private)


def make_tables(engine: Engine) -> None:
    HOLDER.metadata.create_all(engine, checkfirst=True)


def sample_kinds() -> Kinds:
    kinds = Kinds()
    kinds.register(KINDS)
    return kinds


def sample_ledger(engine: Engine, *parties: Party, **options: Any) -> Ledger:
    make_tables(engine)
    keys = Keys(*(party.key for party in parties))
    return Ledger(engine, sample_kinds(), keys, options.pop("admit", allow), **options)


def holders(connection: Connection) -> Mapping[str, str]:
    return {row.item: row.holder for row in connection.execute(sa.select(HOLDER))}
