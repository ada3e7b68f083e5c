"""A registry with operators who hand batteries to each other, and what their own programs would send."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import history, lineage, repository
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.repository import Standing
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.parties import repository as parties
from tests.registry.parties.conftest import Client, enrol
from tests.registry.parties.test_facilities import LONG_AGO, found, permit

SALE: dict[str, Any] = {"basis": "sale", "claim_days": 14}


@dataclass(frozen=True)
class Yard:
    """An operator of a registry, with its own key."""

    registry: Registry
    client: Client

    @property
    def id(self) -> str:
        return self.client.operator

    def event(self, act: str, items: list[str], payload: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A signed event that follows the heads of its items."""
        if "expects" not in fields:
            with reading(self.registry.engine) as connection:
                heads = log.heads(connection, items)
            digests = {item: heads[item].digest if item in heads else None for item in items}
            fields["expects"] = {item: None if d is None else d.hex() for item, d in digests.items()}
        envelope = {
            "kind": f"custody.{act}",
            "id": secrets.token_hex(16),
            "actor": self.id,
            "items": items,
            "occurred_at": stamp(),
            "place": None,
            "payload": payload,
        }
        return sign({**envelope, **fields}, self.client.key)

    def say(self, act: str, items: list[str] | str, payload: dict[str, Any], **fields: Any) -> str:
        """Record an event and return its id."""
        named = [items] if isinstance(items, str) else items
        event = self.event(act, named, payload, **fields)
        self.registry.ledger.append(event)
        return str(event["id"])

    def begins(self, item: str, mass_kg: str | None = "100", **payload: Any) -> str:
        told = {"mass_kg": mass_kg, **payload} if mass_kg is not None else payload
        return self.say("begun", item, told)

    def offers(self, items: list[str] | str, to: Yard, **payload: Any) -> str:
        return self.say("offered", items, {"to": to.id, **SALE, **payload})

    def accepts(self, items: list[str] | str, offer: str, **payload: Any) -> str:
        return self.say("accepted", items, {"offer": offer, **payload})

    def takes_over(self, items: list[str] | str, giver: Yard, **payload: Any) -> None:
        self.accepts(items, giver.offers(items, self, **payload))

    def history(self, item: str) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            return history.of(connection, item, self._caller(connection))

    def lineage(self, item: str) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            return lineage.of(connection, item, self._caller(connection))

    def offers_seen(self) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            return history.offers_of(connection, self._caller(connection))

    def _caller(self, connection: sa.Connection) -> parties.Operator:
        caller = parties.operator(connection, self.id, now())
        assert caller is not None
        return caller


@pytest.fixture
def maker(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Maker", "producer"))


@pytest.fixture
def fleet(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Fleet", "operator"))


@pytest.fixture
def works(registry: Registry) -> Yard:
    """A repurposer with a facility where it may store, dismantle and repurpose."""
    opened = Yard(registry, enrol(registry, "Works", "repurposer"))
    may = ["store", "dismantle", "repurpose"]
    found(registry, opened.id, facility="works-1", activities=may, capacities=[])
    permit(registry, facility="works-1", activities=may, waste_codes=["A1181"], valid_from=LONG_AGO)
    return opened


@pytest.fixture
def office(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Office", "authority"))


def standing(registry: Registry, item: str) -> Standing:
    with reading(registry.engine) as connection:
        got = repository.standing(connection, item)
    assert got is not None, item
    return got


def read_models(registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every read model of custody."""
    with reading(registry.engine) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in t.PROJECTED
        }


def assert_rebuilt_the_same(registry: Registry) -> None:
    before = read_models(registry)
    rebuild(registry.engine, registry.ledger.kinds)
    assert read_models(registry) == before


def digest_of(event: dict[str, Any]) -> str:
    """The digest of a signed event, as a device computes it."""
    from hashlib import sha256

    return sha256(canonical.encode({k: v for k, v in event.items() if k != "signature"})).hexdigest()
