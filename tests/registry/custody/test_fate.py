"""What became of the batteries that an operator issued: each counted once."""

from __future__ import annotations

import pytest

from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody.fate import CLASSES, fates
from kitaran.registry.passport import repository, service
from kitaran.registry.passport.kinds import item_of
from tests.registry.passport.conftest import Cast, cast, issue


@pytest.fixture
def players(registry: Registry) -> Cast:
    return cast(registry)


def counts(players: Cast, operator: str) -> dict[str, int]:
    """Sums over models and years."""
    with reading(players.registry.engine) as connection:
        found = fates(connection, operator)
    return {name: sum(one.counts[name] for one in found) for name in CLASSES}


def test_each_battery_stands_in_one_class_and_the_classes_sum_to_what_was_issued(players: Cast) -> None:
    made = [issue(players, players.producer, "pack-52", serial_number=f"S-{n}") for n in range(8)]
    for battery in made[1:6]:
        players.hand_over(players.producer, players.licensed, battery)
    players.hand_over(players.licensed, players.producer, made[2])
    players.change(players.licensed, "became_waste", made[3])
    hand = players.hand(players.licensed)
    service.register_model(
        hand,
        players.licensed.operator,
        "home-1",
        {"model_name": "Home", "category": "stationary", "chemistry": "LFP"},
    )
    new = service.new_id()
    told = {
        "battery": made[4],
        "successor": new,
        "operator": players.licensed.operator,
        "model": "home-1",
        "attributes": {"serial_number": "H-1"},
        "account": "Rebuilt.",
    }
    service.append(hand, "passport.repurposed", [item_of(made[4]), item_of(new)], told)
    players.change(players.producer, "ceased", made[6])
    payload = {"battery": made[7], "account": "A copy."}
    service.append(players.registry.hand, "passport.revoked", [item_of(made[7])], payload)
    expected = {
        "in_stock": 1,
        "in_use": 2,
        "returned": 1,
        "waste": 1,
        "repurposed": 1,
        "ceased": 1,
        "revoked": 1,
    }
    assert counts(players, players.producer.operator) == expected
    assert counts(players, players.licensed.operator) == dict.fromkeys(CLASSES, 0) | {"in_stock": 1}
    assert counts(players, players.rival.operator) == dict.fromkeys(CLASSES, 0)


def test_they_are_told_by_model_and_year_of_issue(players: Cast) -> None:
    for model in ("pack-52", "pack-60"):
        issue(players, players.producer, model, serial_number="S-1")
    with reading(players.registry.engine) as connection:
        found = fates(connection, players.producer.operator)
    assert [(one.model, one.issued) for one in found] == [("pack-52", 1), ("pack-60", 1)]
    assert {one.year for one in found} == {int(players.battery(_first(players)).at[:4])}


def _first(players: Cast) -> str:
    with reading(players.registry.engine) as connection:
        return repository.batteries(connection, players.producer.operator)[0].id
