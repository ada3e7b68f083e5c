"""Batteries in vehicles, asked of the registry: the same answer on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kitaran.foundation.database import reading
from kitaran.observatory.registered import Registered, in_vehicles
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import service
from tests.registries import STORES, opened
from tests.registry.custody.conftest import Yard
from tests.registry.parties.conftest import Client


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    with opened(request, tmp_path) as made:
        yield made


def yard(registry: Registry, name: str, economy: str, *roles: str) -> Yard:
    key = make_key()
    added = registry.enrolment.add(name, roles, public_bytes(key), economy)
    return Yard(registry, Client(added.operator, key, added.token))


def issue(registry: Registry, maker: Yard, model: dict[str, Any], made_on: str, serials: int) -> list[str]:
    hand = Hand(registry.ledger, maker.client.key, maker.id)
    service.register_model(hand, maker.id, model["model_name"], model)
    rows = [
        {
            "model": model["model_name"],
            "serial_number": f"{model['model_name']}-{n}",
            "manufactured_on": made_on,
        }
        for n in range(serials)
    ]
    return list(service.issue_batch(hand, maker.id, rows).batteries)


def found(registry: Registry, economy: str) -> list[Registered]:
    with reading(registry.engine) as connection:
        return in_vehicles(connection, economy)


def test_a_battery_counts_where_its_holder_is_and_only_while_it_is_in_a_vehicle(registry: Registry) -> None:
    maker = yard(registry, "Example Maker", "THA", "producer")
    fleet = yard(registry, "Example Fleet", "LAO", "operator")
    car = {"category": "ev", "chemistry": "LFP", "model_name": "car-60", "rated_energy_kwh": "60"}
    bike = {"category": "lmt", "chemistry": "NMC811", "model_name": "bike-3", "rated_energy_kwh": "3"}
    store = {"category": "stationary", "chemistry": "LFP", "model_name": "home", "rated_energy_kwh": "10"}
    cars = [f"battery/{one}" for one in issue(registry, maker, car, "2022-03-01", 4)]
    bikes = [f"battery/{one}" for one in issue(registry, maker, bike, "2023-07-01", 1)]
    homes = [f"battery/{one}" for one in issue(registry, maker, store, "2023-07-01", 1)]
    assert found(registry, "LAO") == []
    for item in (*cars, *bikes, *homes):
        fleet.takes_over(item, maker, passes="possession", basis="lease")
        fleet.say("installed", item, {"what": "vehicle", "host": f"vehicle-{item[-6:]}"})
    fleet.say("removed", cars[0], {})
    fleet.say("stolen", cars[1], {"reason": "Taken from the yard."})
    hand = Hand(registry.ledger, maker.client.key, maker.id)
    one = cars[2].removeprefix("battery/")
    service.append(hand, "passport.ceased", [cars[2]], {"battery": one, "account": "Recycled."})
    got = found(registry, "LAO")
    assert sorted((r.vehicle_class, r.cohort, r.chemistry, r.energy_kwh, r.holder) for r in got) == [
        ("car", 2022, "LFP", 60.0, fleet.id),
        ("two_wheeler", 2023, "NMC811", 3.0, fleet.id),
    ]
    assert found(registry, "THA") == []
