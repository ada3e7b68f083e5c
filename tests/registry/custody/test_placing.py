"""In vehicles, storage systems and swap pools; lost, stolen, found; put right by a new event."""

from __future__ import annotations

import pytest

from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError

from .conftest import Yard, assert_rebuilt_the_same, standing


def test_a_battery_goes_into_a_host_and_out_again_with_its_times(
    registry: Registry, fleet: Yard, works: Yard
) -> None:
    fleet.begins("pack-1")
    for what, host in (("vehicle", "bus-7"), ("swap_pool", "station-3"), ("storage_system", "bess-1")):
        fleet.say("installed", "pack-1", {"what": what, "host": host})
        with pytest.raises(ConflictError, match="is installed"):
            fleet.say("installed", "pack-1", {"what": what, "host": "another"})
        fleet.say("removed", "pack-1", {})
    with pytest.raises(ConflictError, match="in no host"):
        fleet.say("removed", "pack-1", {})
    stays = fleet.history("pack-1")["stays"]
    assert [one["host"] for one in stays] == ["bus-7", "station-3", "bess-1"]
    assert all(one["since"] <= one["until"] for one in stays)
    assert_rebuilt_the_same(registry)


def test_a_vehicle_is_named_so_that_no_person_is(fleet: Yard) -> None:
    fleet.begins("pack-1")
    with pytest.raises(NotAllowedError, match="tells of a person"):
        fleet.say("installed", "pack-1", {"what": "vehicle", "host": "1HGCM82633A004352"})


def test_what_is_lost_is_not_handed_over_until_it_is_found(
    registry: Registry, maker: Yard, fleet: Yard
) -> None:
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker, passes="possession", basis="lease")
    offer = fleet.offers("pack-1", maker, passes="possession", basis="return")
    maker.say("stolen", "pack-1", {"reason": "police report 12/2026"})
    with pytest.raises(ConflictError, match="pack-1 is stolen"):
        maker.accepts("pack-1", offer)
    fleet.say("found", "pack-1", {})
    maker.accepts("pack-1", offer)
    fleet.begins("pack-2")
    fleet.say("lost", "pack-2", {"reason": "not in the store at the count"})
    fleet.say("stolen", "pack-2", {"reason": "seen on a camera"})
    assert standing(registry, "pack-2").status == "stolen"
    assert_rebuilt_the_same(registry)


def test_a_mistake_is_put_right_by_a_new_event_and_the_old_one_stays(registry: Registry, fleet: Yard) -> None:
    begun = fleet.begins("pack-1", "10")
    fleet.say("corrected", "pack-1", {"corrects": begun, "reason": "typed wrong", "mass_kg": "100"})
    assert str(standing(registry, "pack-1").mass_kg) == "100"
    events = fleet.history("pack-1")["events"]
    assert [one["kind"] for one in events] == ["custody.begun", "custody.corrected"]
    assert events[0]["payload"]["mass_kg"] == "10"
    with pytest.raises(NotAllowedError, match="no such event of this item"):
        fleet.say("corrected", "pack-1", {"corrects": "0" * 32, "reason": "x"})
    assert_rebuilt_the_same(registry)


def test_no_correction_makes_more_of_what_was_divided(works: Yard) -> None:
    begun = works.begins("pack-1", "100")
    parts = [{"item": "m-1", "form": "module", "mass_kg": "30"}]
    cut = works.say("split", ["pack-1", "m-1"], {"parts": parts, "facility": "works-1"})
    for item, corrects, mass in (("pack-1", begun, "120"), ("m-1", cut, "31")):
        with pytest.raises((ConflictError, NotAllowedError)):
            works.say("corrected", item, {"corrects": corrects, "reason": "x", "mass_kg": mass})
    works.say("corrected", "m-1", {"corrects": cut, "reason": "weighed again", "mass_kg": "29.5"})


def test_only_an_authority_says_who_holds_without_the_two_sides(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard, office: Yard
) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet)
    told = {"holder": works.id, "reason": "seized"}
    with pytest.raises(NotAllowedError, match="neither administrator nor authority"):
        fleet.say("assigned", "pack-1", told)
    office.say("assigned", "pack-1", told)
    now = standing(registry, "pack-1")
    assert (now.holder, now.owner) == (works.id, maker.id)
    with pytest.raises(ConflictError, match="was withdrawn"):
        fleet.accepts("pack-1", offer)
    assert_rebuilt_the_same(registry)


def test_what_came_in_with_anothers_passport_begins_in_its_hand(
    registry: Registry, maker: Yard, fleet: Yard
) -> None:
    from kitaran.registry.ledger.kinds import EventKind, Payload

    class Entered(Payload):
        operator: str

    registry.ledger.kinds.register([EventKind("passport.entered_for_this_test", Entered)])
    registry.hand.record("passport.entered_for_this_test", "battery/b-1", {"operator": maker.id})
    with pytest.raises(ConflictError, match="is taken"):
        fleet.begins("battery/b-1")
    with pytest.raises(NotAllowedError, match="no such item for you"):
        fleet.offers("battery/b-1", maker)
    fleet.takes_over("battery/b-1", maker)
    now = standing(registry, "battery/b-1")
    assert (now.holder, now.form, now.count, now.mass_kg) == (fleet.id, "pack", 1, None)
    assert_rebuilt_the_same(registry)


def test_a_battery_of_a_bulk_import_is_handed_over_by_the_operator_of_its_passport(
    registry: Registry, maker: Yard, fleet: Yard
) -> None:
    from kitaran.registry.passport import service
    from tests.registry.passport.made_up import values_of

    service.register_model(registry.hand, maker.id, "pack-52", values_of("model", "static"))
    row = {"model": "pack-52", "serial_number": "DX-1"}
    [battery] = service.issue_batch(registry.hand, maker.id, [row]).batteries
    item = f"battery/{battery}"
    with pytest.raises(NotAllowedError, match="no such item for you"):
        fleet.offers(item, maker)
    fleet.takes_over(item, maker, passes="possession", basis="lease")
    now = standing(registry, item)
    assert (now.holder, now.owner) == (fleet.id, maker.id)
    assert_rebuilt_the_same(registry)
