"""A registry with a producer, a licensed repurposer and a stranger, and a battery about which all is said."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import pytest

from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository, service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery
from tests.registry.parties.conftest import Client, enrol

from .made_up import values_of


@dataclass(frozen=True)
class Cast:
    """Who acts in a test."""

    registry: Registry
    producer: Client
    rival: Client
    licensed: Client
    stranger: Client

    def hand(self, client: Client) -> Hand:
        return Hand(self.registry.ledger, client.key, client.operator)

    def battery(self, one: str) -> Battery:
        with reading(self.registry.engine) as connection:
            found = repository.battery(connection, one)
        assert found is not None
        return found

    def change(self, client: Client, kind: str, battery: str, account: str = "Seen at the yard.") -> None:
        payload = {"battery": battery, "account": account}
        service.append(self.hand(client), f"passport.{kind}", [item_of(battery)], payload)

    def hand_over(self, giver: Client, receiver: Client, battery: str) -> None:
        """Sell a battery: offer and accept."""
        terms = {"to": receiver.operator, "basis": "sale", "claim_days": 14}
        offer = custody.offer(self.hand(giver), [item_of(battery)], terms)["offer"]
        custody.accept(self.hand(receiver), offer)

    def read(self, client: Client, battery: str, attribute: str, value: Any, **told: Any) -> None:
        reading_of = {"attribute": attribute, "value": value, "instrument": "Bench 4", "source": "measured"}
        service.append(
            self.hand(client),
            "passport.reading_taken",
            [item_of(battery)],
            {"battery": battery},
            {"reading": {**reading_of, **told}},
        )


def cast(registry: Registry) -> Cast:
    """Enrol everybody; the licensed one may test, repurpose and recycle."""
    players = Cast(
        registry,
        enrol(registry, "Acme Cells", "producer"),
        enrol(registry, "Rival Cells", "producer"),
        enrol(registry, "Second Life", "repurposer"),
        enrol(registry, "Curious", "operator"),
    )
    licence = {
        "licence": f"licence-{secrets.token_hex(4)}",
        "number": "F-105",
        "authority": "Department of Works",
        "activities": ["test", "repurpose"],
        "valid_from": "2020-01-01T00:00:00.000Z",
    }
    registry.enrolment.grant_licence(players.licensed.operator, licence)
    return players


@pytest.fixture
def players(registry: Registry) -> Cast:
    return cast(registry)


def issue(players: Cast, client: Client, model: str, **told: Any) -> str:
    """Register a model that says everything, and issue one battery of it; its id."""
    hand = players.hand(client)
    service.register_model(hand, client.operator, model, values_of("model", "static"))
    row = {"model": model, **values_of("item", "static"), **told}
    return service.issue_batch(hand, client.operator, [row]).batteries[0]


def tell_all(players: Cast, battery: str) -> None:
    """Take a reading of every attribute that can be read."""
    for name, value in values_of("item", "dynamic").items():
        players.read(players.producer, battery, name, value)
