"""A registry with an exporter, a recycler abroad, two authorities and an officer, and a clock that stands."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation import clock
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.ledger.sealed import seal
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.movement import tables as t
from kitaran.registry.movement import view, words
from kitaran.registry.parties import repository as parties
from tests.registries import STORES, opened
from tests.registry.parties.conftest import Client
from tests.registry.parties.test_facilities import LONG_AGO, found, permit

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday."""
PLANNED: dict[str, Any] = {
    "activity": "recycle",
    "route": {"export": "THA", "destination": "KOR", "mode": "sea"},
    "goods": {
        "kind": "ev_pack",
        "chemistry": "NMC",
        "condition": "non_functional",
        "diagnosable": True,
        "soc_pct": "20",
        "purpose": "recycling",
        "waste_code": "A1181",
    },
    "procedure": "basel_pic",
    "quantity_kg": "1000",
    "shipments": 3,
    "first_departure": "2026-03-10",
    "last_departure": "2026-12-31",
}


@dataclass(frozen=True)
class Side:
    """An operator of a registry, with its own key."""

    registry: Registry
    client: Client

    @property
    def id(self) -> str:
        return self.client.operator

    def event(self, kind: str, items: list[str], payload: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A signed event that follows the heads of its items, without words."""
        return self.submission(kind, items, payload, **fields)[0]

    def submission(
        self, kind: str, items: list[str], payload: dict[str, Any], **fields: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A signed event, and its words beside it."""
        kind = kind if "." in kind else f"movement.{kind}"
        payload, spoken = words.parted(kind, payload)
        hashes, disclosures = seal(spoken)
        if hashes:
            fields["sealed"] = hashes
        if "expects" not in fields:
            with reading(self.registry.engine) as connection:
                heads = log.heads(connection, items)
            digests = {item: heads[item].digest if item in heads else None for item in items}
            fields["expects"] = {item: None if d is None else d.hex() for item, d in digests.items()}
        envelope = {
            "kind": kind,
            "id": secrets.token_hex(16),
            "actor": self.id,
            "items": items,
            "occurred_at": stamp(),
            "place": None,
            "payload": payload,
        }
        return sign({**envelope, **fields}, self.client.key), dict(disclosures)

    def say(self, kind: str, items: str | list[str], payload: dict[str, Any], **fields: Any) -> str:
        """Record an event and return its id."""
        named = [items] if isinstance(items, str) else items
        event, disclosures = self.submission(kind, named, payload, **fields)
        self.registry.ledger.append(event, disclosures)
        return str(event["id"])

    def caller(self, connection: sa.Connection) -> parties.Operator:
        found = parties.operator(connection, self.id, now())
        assert found is not None
        return found

    def notification(self, number: str) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            return view.of_notification(connection, number, self.caller(connection), now())

    def movement(self, number: str) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            return view.of_movement(connection, number, self.caller(connection), now())


@dataclass(frozen=True)
class World:
    """Who stands in a shipment from Thailand to Korea, and what each says in few words."""

    registry: Registry
    exporter: Side
    recycler: Side
    carrier: Side
    thai: Side
    korean: Side
    officer: Side

    def notifies(self, number: str = "n-1", **changed: Any) -> str:
        payload = {**PLANNED, "importer": self.recycler.id, "facility": "works-1", **changed}
        self.exporter.say("notified", f"notification/{number}", payload)
        return number

    def consents(self, who: Side, economy: str, number: str = "n-1", **changed: Any) -> None:
        span = {"valid_from": "2026-03-02", "valid_until": "2026-12-31"}
        who.say("consented", f"notification/{number}", {"economy": economy, **span, **changed})

    def consented(self, number: str = "n-1", **changed: Any) -> str:
        """A notification to which both authorities have consented."""
        self.notifies(number, **changed)
        self.consents(self.thai, "THA", number)
        self.consents(self.korean, "KOR", number)
        return number

    def announcement(self, number: str, mass_kg: str, under: str | None = "n-1") -> dict[str, Any]:
        begins = max(BEGAN + timedelta(days=18), now() + timedelta(days=1))
        span = {"departs": stamp(begins), "arrives_by": stamp(begins + timedelta(days=10))}
        return {"notification": under, "mass_kg": mass_kg, **span}

    def announces(
        self, number: str = "m-1", mass_kg: str = "400", items: tuple[str, ...] = (), under: str = "n-1"
    ) -> str:
        named = [f"movement/{number}", f"notification/{under}", *items]
        self.exporter.say("announced", named, self.announcement(number, mass_kg, under))
        return number

    def on_both(self, act: str, number: str, payload: dict[str, Any], under: str = "n-1") -> None:
        self.exporter.say(act, [f"movement/{number}", f"notification/{under}"], payload)

    def departed(self, number: str = "m-1", mass_kg: str = "400", items: tuple[str, ...] = ()) -> str:
        """A movement under way."""
        self.announces(number, mass_kg, items)
        with later(days=18):
            self.on_both("started", number, {"mass_kg": mass_kg})
        return number

    def receives(self, number: str = "m-1", mass_kg: str = "400", days: int = 27) -> None:
        with later(days=days):
            arrived = stamp(now() - timedelta(hours=2))
            payload = {"mass_kg": mass_kg, "arrived": arrived}
            self.recycler.say("received", f"movement/{number}", payload)


@contextmanager
def later(**spans: float) -> Iterator[None]:
    """So much later than the world began."""
    with clock.replaced(BEGAN + timedelta(**spans)):
        yield


@pytest.fixture
def still() -> Iterator[None]:
    """The clock stands at the time when the world began."""
    with clock.replaced(BEGAN):
        yield


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path, still: None) -> Iterator[Registry]:
    with opened(request, tmp_path) as made:
        yield made


def enrol_in(registry: Registry, name: str, economy: str, *roles: str) -> Side:
    key = make_key()
    added = registry.enrolment.add(name, roles, public_bytes(key), economy=economy)
    return Side(registry, Client(added.operator, key, added.token))


def world_of(registry: Registry) -> World:
    recycler = enrol_in(registry, "Recycler", "KOR", "recycler")
    may = ["store", "recycle"]
    found(registry, recycler.id, facility="works-1", economy="KOR", activities=may, capacities=[])
    permit(registry, facility="works-1", activities=may, waste_codes=["A1181"], valid_from=LONG_AGO)
    return World(
        registry,
        enrol_in(registry, "Exporter", "THA", "operator"),
        recycler,
        enrol_in(registry, "Carrier", "SGP", "operator"),
        enrol_in(registry, "Thai authority", "THA", "authority"),
        enrol_in(registry, "Korean authority", "KOR", "authority"),
        enrol_in(registry, "Korean customs", "KOR", "officer"),
    )


@pytest.fixture
def world(registry: Registry) -> World:
    return world_of(registry)


def read_models(registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every read model of the procedure."""
    with reading(registry.engine) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in t.PROJECTED
        }


def assert_rebuilt_the_same(registry: Registry) -> None:
    before = read_models(registry)
    rebuild(registry.engine, registry.ledger.kinds)
    assert read_models(registry) == before
