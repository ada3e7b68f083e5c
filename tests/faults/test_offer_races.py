"""Receivers who race for the same offers: each offer has exactly one answer."""

from __future__ import annotations

from collections import Counter
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import repository
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.ledger.verify import verify_log
from tests.registry.conftest import registry as registry  # a fixture
from tests.registry.custody.conftest import SALE, Yard, assert_rebuilt_the_same, digest_of
from tests.registry.parties.conftest import enrol


@pytest.mark.parametrize(("clients", "items"), [(8, 20), pytest.param(64, 200, marks=pytest.mark.slow)])
def test_of_many_answers_to_one_offer_exactly_one_counts(
    registry: Registry, clients: int, items: int
) -> None:
    """Half of the clients accept for the receiver, half withdraw for the giver."""
    giver = Yard(registry, enrol(registry, "Giver", "producer"))
    receiver = Yard(registry, enrol(registry, "Receiver", "operator"))
    names = [f"pack-{number}" for number in range(items)]
    begun = [giver.event("begun", [item], {"mass_kg": "1"}, expects={item: None}) for item in names]
    assert_taken(registry, begun)
    offers = [giver.event("offered", [item], {"to": receiver.id, **SALE}) for item in names]
    assert_taken(registry, offers)
    won: list[tuple[str, str]] = []
    start = Barrier(clients)

    def race(number: int) -> None:
        act, yard = (("accepted", receiver), ("withdrawn", giver))[number % 2]
        order = list(range(items))
        Random(number).shuffle(order)
        mine = [answer(yard, act, offers[place]) for place in order]
        start.wait()
        outcomes = registry.ledger.append_all([(one, None) for one in mine])
        for place, outcome in zip(order, outcomes, strict=True):
            if isinstance(outcome, bytes):
                won.append((names[place], act))
            else:
                assert isinstance(outcome, ConflictError), outcome

    threads = [Thread(target=race, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(item for item, _ in won) == dict.fromkeys(names, 1)
    with reading(registry.engine) as connection:
        found = repository.standings(connection, names)
    holder = {"accepted": receiver.id, "withdrawn": giver.id}
    assert {item: found[item].holder for item in names} == {item: holder[act] for item, act in won}
    assert verify_log(registry.engine).problems == []
    assert_rebuilt_the_same(registry)


def answer(yard: Yard, act: str, offer: dict[str, Any]) -> dict[str, Any]:
    """An answer that follows the offer and nothing else."""
    expects = dict.fromkeys(offer["items"], digest_of(offer))
    return yard.event(act, offer["items"], {"offer": offer["id"]}, expects=expects)


def assert_taken(registry: Registry, events: list[dict[str, Any]]) -> None:
    outcomes = registry.ledger.append_all([(event, None) for event in events])
    assert all(isinstance(outcome, bytes) for outcome in outcomes), outcomes
