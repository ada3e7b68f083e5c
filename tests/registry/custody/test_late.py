"""What a device recorded without a network is taken late: provisional, effective, or kept as a conflict.

The device is a scripted client with a key of its own and a chain that it writes while it is offline.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest

from kitaran.foundation import clock
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.signature import key_id, make_key, public_bytes

from .conftest import SALE, Yard, assert_rebuilt_the_same, digest_of, standing


class Device:
    """A phone of an operator: what it has seen of items, and the links that it has signed."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self.key = make_key()
        self.links: list[dict[str, Any]] = []
        self.seen: dict[str, str | None] = {}
        public = public_bytes(self.key)
        yard.registry.enrolment.add_key(yard.id, public)
        self.id = key_id(public)

    def looks_at(self, *items: str) -> Device:
        """Read what the registry knows, while there is a network."""
        self.seen |= {item: standing(self.yard.registry, item).last_digest for item in items}
        return self

    def notes(self, act: str, items: list[str], payload: dict[str, Any], bent: Any = None) -> dict[str, Any]:
        """Sign the next link of the chain."""
        link = {
            "number": len(self.links) + 1,
            "previous": digest_of(self.links[-1]) if self.links else None,
            "act": f"custody.{act}",
            "payload": payload,
            "seen": {item: self.seen.get(item) for item in items},
        }
        envelope = {
            "kind": "custody.recorded_offline",
            "id": secrets.token_hex(16),
            "actor": self.yard.id,
            "items": items,
            "expects": {},
            "occurred_at": clock.stamp(),
            "place": "a yard without a network",
            "payload": link | (bent or {}),
        }
        event = sign(envelope, self.key)
        self.links.append(event)
        self.seen |= dict.fromkeys(items, digest_of(event))
        return event

    def sends(self, *links: dict[str, Any]) -> None:
        for outcome in self.yard.registry.ledger.append_all([(one, None) for one in links or self.links]):
            assert isinstance(outcome, bytes), outcome

    def states(self) -> list[str]:
        [chain] = [one for one in self.yard.offers_seen()["late"] if one["key_id"] == self.id]
        return [one["state"] for one in chain["links"]]

    def missing(self) -> list[list[int]]:
        [chain] = [one for one in self.yard.offers_seen()["late"] if one["key_id"] == self.id]
        return list(chain["missing"])


def test_a_chain_taken_late_counts_as_if_it_had_been_sent_at_once(
    registry: Registry, fleet: Yard, works: Yard
) -> None:
    device = Device(fleet)
    device.notes("begun", ["pack-1"], {"mass_kg": "100"})
    device.notes("installed", ["pack-1"], {"what": "vehicle", "host": "bus-7"})
    device.notes("removed", ["pack-1"], {})
    device.notes("offered", ["pack-1"], {"to": works.id, **SALE})
    device.sends()
    assert device.states() == ["effective"] * 4
    assert standing(registry, "pack-1").holder == fleet.id
    [stay] = fleet.history("pack-1")["stays"]
    assert stay["host"] == "bus-7"
    assert_rebuilt_the_same(registry)


def test_both_sides_of_a_hand_over_may_be_offline_and_come_in_either_order(
    registry: Registry, fleet: Yard, works: Yard
) -> None:
    for number, receiver_first in ((1, True), (2, False)):
        item = f"pack-{number}"
        fleet.begins(item)
        giver, receiver = Device(fleet).looks_at(item), Device(works)
        offered = giver.notes("offered", [item], {"to": works.id, **SALE})
        receiver.seen[item] = digest_of(offered)  # as the code on the giver's screen says
        receiver.notes("accepted", [item], {"offer": offered["id"]})
        first, second = (receiver, giver) if receiver_first else (giver, receiver)
        first.sends()
        if receiver_first:
            assert receiver.states() == ["provisional"]
            assert standing(registry, item).holder == fleet.id
        second.sends()
        assert (giver.states(), receiver.states()) == (["effective"], ["effective"])
        assert standing(registry, item).holder == works.id
    assert_rebuilt_the_same(registry)


def test_a_gap_in_the_chain_is_flagged_and_what_follows_waits(registry: Registry, fleet: Yard) -> None:
    device = Device(fleet)
    one = device.notes("begun", ["pack-1"], {})
    two = device.notes("installed", ["pack-1"], {"what": "vehicle", "host": "bus-7"})
    three = device.notes("removed", ["pack-1"], {})
    device.sends(one, three)
    assert (device.states(), device.missing()) == (["effective", "provisional"], [[2, 2]])
    device.sends(two)
    assert (device.states(), device.missing()) == (["effective"] * 3, [])
    assert_rebuilt_the_same(registry)


def test_what_reached_the_record_first_stays_and_the_late_one_is_kept_beside_it(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard
) -> None:
    maker.begins("pack-1")
    device = Device(maker).looks_at("pack-1")
    device.notes("offered", ["pack-1"], {"to": works.id, **SALE})
    device.notes("withdrawn", ["pack-1"], {"offer": device.links[0]["id"]})
    fleet.takes_over("pack-1", maker)
    device.sends(device.links[0])
    assert device.states() == ["conflicting"]
    assert standing(registry, "pack-1").holder == fleet.id
    device.sends(device.links[1])
    assert device.states() == ["conflicting", "provisional"]
    with_conflict = [one for one in fleet.history("pack-1")["events"] if one["late"] is not None]
    assert [(one["kind"], one["late"]["state"]) for one in with_conflict] == [
        ("custody.offered", "conflicting"),
        ("custody.withdrawn", "provisional"),
    ]
    assert_rebuilt_the_same(registry)


def test_a_device_that_signs_two_links_under_one_number_is_caught(registry: Registry, fleet: Yard) -> None:
    device = Device(fleet)
    device.notes("begun", ["pack-1"], {})
    device.links.clear()
    twin = device.notes("begun", ["pack-2"], {})
    device.links.clear()
    device.seen.clear()
    first = device.notes("begun", ["pack-3"], {})
    device.sends(first, twin)
    assert device.states() == ["effective", "forked"]
    device.notes("installed", ["pack-3"], {"what": "vehicle", "host": "b"}, {"previous": "0" * 64})
    device.sends(device.links[-1])
    assert device.states() == ["effective", "forked", "forked"]
    right = device.links.pop() and device.notes("removed", ["pack-3"], {})
    device.sends(right)
    assert device.states() == ["effective", "forked", "forked", "conflicting"]
    assert_rebuilt_the_same(registry)


def test_an_acceptance_counts_if_the_offer_stood_when_it_happened(
    registry: Registry, maker: Yard, fleet: Yard
) -> None:
    maker.begins("pack-1")
    until = clock.stamp(clock.now() + timedelta(hours=1))
    offer = maker.offers("pack-1", fleet, valid_until=until)
    in_time, late = Device(fleet).looks_at("pack-1"), Device(fleet).looks_at("pack-1")
    in_time.notes("accepted", ["pack-1"], {"offer": offer})
    with clock.replaced(clock.now() + timedelta(hours=2)):
        late.notes("accepted", ["pack-1"], {"offer": offer})
        late.sends()
        in_time.sends()
    assert (late.states(), in_time.states()) == (["conflicting"], ["effective"])
    assert standing(registry, "pack-1").holder == fleet.id


def test_a_stranger_who_sends_a_late_link_about_an_item_learns_nothing_of_it(
    registry: Registry, maker: Yard, works: Yard
) -> None:
    maker.begins("pack-1")
    reasons = []
    for item in ("pack-1", "pack-none"):
        device = Device(works)
        device.notes("installed", [item], {"what": "vehicle", "host": "x"})
        device.sends()
        [chain] = [one for one in works.offers_seen()["late"] if one["key_id"] == device.id]
        assert chain["links"][0]["state"] == "conflicting"
        reasons.append(chain["links"][0]["reason"].replace(item, "ITEM"))
        with pytest.raises(Exception, match="no such item for you"):
            works.history(item)
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "custody.recorded_offline"},
        {"act": "parties.role_given"},
        {"payload": {"what": "moon", "host": "x"}},
        {"seen": {}},
        {"number": 0},
    ],
)
def test_a_link_that_cannot_be_read_is_refused(
    registry: Registry, fleet: Yard, fields: dict[str, Any]
) -> None:
    from kitaran.foundation.errors import InputError

    device = Device(fleet)
    event = device.notes("installed", ["pack-1"], {"what": "vehicle", "host": "x"}, fields)
    with pytest.raises(InputError):
        registry.ledger.append(event)


def test_a_device_whose_key_has_ended_is_not_believed_any_more(registry: Registry, fleet: Yard) -> None:
    device = Device(fleet)
    event = device.notes("begun", ["pack-1"], {})
    registry.enrolment.end_key(fleet.id, device.id, "stolen")
    with pytest.raises(NotAllowedError, match="key was not valid"):
        registry.ledger.append(event)
