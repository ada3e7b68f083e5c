"""Who writes in a passport: readings by who answers for it, who has it and did then, a licensed service; what
became of a battery by who answers for it, and by who has it and a licence.
"""

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
from tests.registry.parties.test_facilities import LONG_AGO
from tests.registry.passport.conftest import Cast, cast, issue
from tests.registry.passport.made_up import values_of

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


def fate(players: Cast, client: Client, kind: str, battery: str, at: str | None = None) -> None:
    """What became of a battery, said for a time (by default now) by one who may issue passports, too."""
    told: dict[str, Any] = {"battery": battery, "account": "Seen."}
    items, hand = [item_of(battery)], players.hand(client)
    if kind == "repurposed":
        told |= {"successor": service.new_id(), "operator": client.operator, "model": "store-10"}
        told |= {"attributes": {"serial_number": f"R-{battery[:6]}"}}
        items.append(item_of(told["successor"]))
    service.append(hand, f"passport.{kind}", items, told, occurred_at=at)


FATES = ("reused", "remanufactured", "became_waste", "ceased", "repurposed")


def licensed_for_all(players: Cast) -> Client:
    """Another repurposer, licensed for everything, with a model of its own."""
    works = enrol(players.registry, "Works", "repurposer")
    licence = {"licence": "licence-9", "number": "F-9", "authority": "Works", "valid_from": LONG_AGO}
    activities = ["collect", "test", "dismantle", "repurpose", "recycle"]
    players.registry.enrolment.grant_licence(works.operator, {**licence, "activities": activities})
    service.register_model(players.hand(works), works.operator, "store-10", values_of("model", "static"))
    return works


def test_a_licence_alone_says_nothing_of_what_becomes_of_anothers_battery(players: Cast) -> None:
    works = licensed_for_all(players)
    battery = issue(players, players.producer, "pack-52")
    hands_over(players, item_of(battery), players.producer, players.stranger, SALE)
    told = {refused(lambda kind=kind: fate(players, works, kind, battery)) for kind in FATES}  # type: ignore[misc]
    told |= {refused(lambda: fate(players, works, "ceased", service.new_id()))}
    assert len(told) == 1, "the same words whether it is another's or not there"
    players.change(works, "repaired", battery)
    assert (players.battery(battery).state, players.battery(battery).status) == ("in_force", "original")


def test_who_passed_it_on_ends_it_neither_now_nor_for_its_own_time(players: Cast) -> None:
    works = licensed_for_all(players)
    battery = issue(players, players.producer, "pack-52")
    hands_over(players, item_of(battery), players.producer, works, SALE)
    had = hands_over(players, item_of(battery), works, players.licensed, SALE)
    for kind in FATES:
        for at in (None, had):
            refused(lambda kind=kind, at=at: fate(players, works, kind, battery, at))  # type: ignore[misc]
    refused(lambda: fate(players, players.licensed, "reused", battery, had))
    fate(players, players.licensed, "reused", battery)
    hands_over(players, item_of(battery), players.licensed, works, SALE)
    fate(players, works, "ceased", battery)
    assert players.battery(battery).state == "ceased"
