"""Who writes a reading into a passport: who answers for it, who has it and did then, a licensed service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kitaran.foundation.clock import stamp
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.times import read_time
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from tests.registry.parties.conftest import Client, enrol
from tests.registry.passport.conftest import Cast, cast, issue

from .conftest import Yard, standing
from .test_dividing import merge, part, taken

SALE = {"passes": "both", "basis": "sale", "claim_days": 7}
LEASE = {"passes": "possession", "basis": "lease", "claim_days": 7}


@pytest.fixture
def players(registry: Registry) -> Cast:
    return cast(registry)


def hands_over(players: Cast, item: str, giver: Client, receiver: Client, terms: dict[str, Any]) -> str:
    """Offer and accept; the last millisecond in which the giver had it."""
    offer = custody.offer(players.hand(giver), [item], {"to": receiver.operator, **terms}, None)
    custody.accept(players.hand(receiver), offer["offer"])
    taken_over = read_time(standing(players.registry, item).last_at, "last_at")
    return stamp(taken_over - timedelta(milliseconds=1))


def reads(players: Cast, client: Client, battery: str, at: str | None = None) -> None:
    told = {"attribute": "full_cycles", "value": "12", "instrument": "BMS", "source": "device"}
    reading = {"reading": {**told, "source": "measured"}}
    hand = players.hand(client)
    service.append(
        hand, "passport.reading_taken", [item_of(battery)], {"battery": battery}, reading, occurred_at=at
    )


def refused(act: Callable[[], None]) -> str:
    with pytest.raises(NotAllowedError) as refusal:
        act()
    return str(refusal.value)


def test_a_reading_comes_from_who_answers_who_has_or_owns_it_and_a_licensed_service(players: Cast) -> None:
    first, lessee = (enrol(players.registry, name, "operator") for name in ("First", "Lessee"))
    battery = issue(players, players.producer, "pack-52")
    assert "no such battery for you" in refused(lambda: reads(players, first, battery))
    hands_over(players, item_of(battery), players.producer, first, SALE)
    reads(players, first, battery)
    hands_over(players, item_of(battery), first, lessee, LEASE)
    for client in (players.producer, players.licensed, first, lessee):
        reads(players, client, battery)
    for client in (players.stranger, players.rival):
        refused(lambda client=client: reads(players, client, battery))  # type: ignore[misc]


def test_who_sold_it_writes_nothing_more_and_the_buyer_nothing_of_before(players: Cast) -> None:
    first, second = (enrol(players.registry, name, "operator") for name in ("First", "Second"))
    battery = issue(players, players.producer, "pack-52")
    hands_over(players, item_of(battery), players.producer, first, SALE)
    while_held = stamp()
    before = hands_over(players, item_of(battery), first, second, SALE)
    reads(players, second, battery)
    told = [
        refused(lambda: reads(players, first, battery)),
        refused(lambda: reads(players, first, battery, while_held)),
        refused(lambda: reads(players, second, battery, before)),
        refused(lambda: reads(players, first, service.new_id())),
    ]
    assert len(set(told)) == 1, "the same words whether it is another's or not there"


def test_who_took_in_a_battery_without_passport_writes_until_it_passes_on(players: Cast) -> None:
    yard, works = (enrol(players.registry, name, "operator") for name in ("Yard", "Works"))
    battery = service.new_id()
    payload = {"battery": battery, "what": "pack", "mass_kg": "11", "chemistry": "unknown"}
    hand = players.hand(yard)
    service.append(hand, "passport.taken_in", [item_of(battery)], {**payload, "known_by": "unknown"})
    reads(players, yard, battery)
    players.change(yard, "became_waste", battery)
    hands_over(players, item_of(battery), yard, works, SALE)
    reads(players, works, battery)
    refused(lambda: reads(players, yard, battery))
    refused(lambda: players.change(yard, "ceased", battery))


def test_a_module_in_a_pack_is_read_by_who_has_the_pack(players: Cast, works: Yard) -> None:
    buyer, module = enrol(players.registry, "Buyer", "operator"), service.new_id()
    payload = {"battery": module, "what": "module", "mass_kg": "30", "chemistry": "unknown"}
    hand, item = players.hand(works.client), item_of(module)
    service.append(hand, "passport.taken_in", [item], {**payload, "known_by": "unknown"})
    works.begins(item, "30", form="module")
    merge(works, part("pack-9", "30", "pack"), [taken(item, "30")])
    hands_over(players, "pack-9", works.client, buyer, SALE)
    reads(players, buyer, module)
    works_reads = read_time(standing(players.registry, item).last_at, "last_at")
    for at in (None, stamp(works_reads)):
        refused(lambda at=at: reads(players, works.client, module, at))  # type: ignore[misc]
