"""Exporters who race for what is left of a consent, receivers who certify at once: nothing is spent twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.movement import repository
from tests.registry.movement.conftest import World, assert_rebuilt_the_same, later, world_of
from tests.registry.movement.conftest import registry as registry  # a fixture
from tests.registry.movement.conftest import still as still  # a fixture

CLIENTS = [(6, 3), pytest.param(64, 6, marks=pytest.mark.slow)]


def racing(clients: int, work: Callable[[int], None]) -> None:
    """Let all of them begin at once, and wait for them."""
    start = Barrier(clients)

    def run(number: int) -> None:
        start.wait()
        work(number)

    threads = [Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("clients", "tries"), CLIENTS)
def test_racing_announcements_never_overdraw_a_consent(registry: Registry, clients: int, tries: int) -> None:
    """Each client follows whatever head it saw: in mass and in shipments the consent holds."""
    world = world_of(registry)
    world.notifies(quantity_kg="1000", shipments=clients)
    world.consents(world.thai, "THA")
    world.consents(world.korean, "KOR", shipments=clients - 1)
    refusals: list[KitaranError] = []

    def announce(number: int) -> None:
        masses = Random(number)
        for one in range(tries):
            try:
                world.announces(f"m-{number}-{one}", str(masses.randint(1, 2000 // clients)))
            except KitaranError as error:
                refusals.append(error)

    racing(clients, announce)
    assert all(isinstance(one, ConflictError) for one in refusals), refusals
    check_drawn(world, clients - 1)
    assert verify_log(registry.engine).problems == []
    assert_rebuilt_the_same(registry)


@pytest.mark.parametrize(("clients", "tries"), CLIENTS)
def test_events_that_follow_one_head_draw_once(registry: Registry, clients: int, tries: int) -> None:
    """All are signed for the head of the consent that all saw: of each round one is taken."""
    world = world_of(registry)
    world.consented(shipments=1000)
    for turn in range(tries):
        named = [[f"movement/m-{turn}-{one}", "notification/n-1"] for one in range(clients)]
        events = [
            world.exporter.event("announced", items, world.announcement(items[0], "1")) for items in named
        ]
        taken: list[bytes] = []

        def send(number: int, events: list[dict[str, Any]] = events, taken: list[bytes] = taken) -> None:
            with suppress(ConflictError):
                taken.append(registry.ledger.append(events[number]))

        racing(clients, send)
        assert len(taken) == 1
    assert check_drawn(world, 1000) == Decimal(tries)


def check_drawn(world: World, shipments: int) -> Decimal:
    """What is drawn, after it was seen to be no more than was consented to."""
    with reading(world.registry.engine) as connection:
        drawn = [one.mass_kg for one in repository.movements_under(connection, "n-1")]
    assert sum(drawn) <= Decimal(1000)
    assert 0 < len(drawn) <= shipments
    return sum(drawn, Decimal(0))


@pytest.mark.parametrize(("clients", "tries"), CLIENTS)
def test_racing_certificates_never_exceed_the_receipt(registry: Registry, clients: int, tries: int) -> None:
    world = world_of(registry)
    world.consented()
    world.departed(mass_kg="400")
    world.receives(mass_kg="390")
    with later(days=60):

        def certify(number: int) -> None:
            masses = Random(number)
            for _ in range(tries):
                payload = {"mass_kg": str(masses.randint(1, 1560 // clients)), "completed": "2026-04-20"}
                with suppress(ConflictError):
                    world.recycler.say("completed", "movement/m-1", payload)

        racing(clients, certify)
        with reading(registry.engine) as connection:
            found = repository.movement(connection, "m-1")
    assert found is not None
    assert Decimal(0) < found.certified_kg <= Decimal(390)
    assert_rebuilt_the_same(registry)
