"""What a side of a shipment cannot gain by what it says of times, carriers, numbers and batteries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import writing
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.movement import restrictions

from .conftest import BEGAN, PLANNED, World, assert_rebuilt_the_same, enrol_in, later
from .test_procedure import refused

PRODUCT: dict[str, Any] = {
    "activity": "recycle",
    "route": {"export": "THA", "destination": "KOR"},
    "goods": {
        "kind": "ev_pack",
        "chemistry": "LFP",
        "condition": "functional",
        "diagnosable": True,
        "soh_pct": "92",
        "purpose": "direct_reuse",
    },
    "procedure": "none",
}


def alone(world: World, number: str, mass_kg: str = "10", **more: Any) -> dict[str, Any]:
    payload = world.announcement(number, mass_kg, None)
    del payload["notification"]
    planned = {**PRODUCT, "importer": world.recycler.id, "facility": "works-1"}
    return {**payload, "alone": planned, **more}


def test_notice_counts_from_when_the_authority_could_see_it(world: World) -> None:
    world.notifies()
    world.consents(world.thai, "THA")
    world.consents(world.korean, "KOR", notice_days=30)
    with later(days=60):
        earlier = stamp(BEGAN + timedelta(days=18))
        payload = world.announcement("m-1", "400")
        items = ["movement/m-1", "notification/n-1"]
        world.exporter.say("announced", items, payload, occurred_at=earlier)
        assert world.exporter.movement("m-1")["announced_at"] == stamp(BEGAN + timedelta(days=60))
    with later(days=62):
        refused("30 days of notice", world.on_both, "started", "m-1", {"mass_kg": "400"})
    assert_rebuilt_the_same(world.registry)


def test_no_clock_of_an_authority_runs_before_it_could_see_the_notification(world: World) -> None:
    with later(days=90):
        payload = {**PLANNED, "importer": world.recycler.id, "facility": "works-1"}
        world.exporter.say("notified", "notification/n-1", payload, occurred_at=stamp(BEGAN))
        seen = world.exporter.notification("n-1")
        assert seen["submitted_at"] == stamp(BEGAN + timedelta(days=90))
        assert {one["state"] for one in seen["authorities"]} == {"awaited"}


def test_a_carrier_beside_the_plan_slips_past_no_list(world: World) -> None:
    row = {"list": "own", "line": 2, "dated": "2026-01-01", "kind": "sanctions", "subject": "operator"}
    row |= {"value": world.carrier.id.casefold(), "as_written": world.carrier.id, "reason": None}
    with writing(world.registry.engine) as connection:
        restrictions.load(connection, [row])
    slipped = alone(world, "m-1", carriers=[world.carrier.id])
    refused("not planned as carrier", world.exporter.say, "announced", "movement/m-1", slipped)
    nobody = alone(world, "m-1", carriers=["nobody-at-all"])
    refused("not planned as carrier", world.exporter.say, "announced", "movement/m-1", nobody)
    named = alone(world, "m-1")
    named["alone"] = {**named["alone"], "carriers": [world.carrier.id]}
    refused("stands on list own", world.exporter.say, "announced", "movement/m-1", named)


def test_no_carrier_comes_in_behind_a_consent(world: World) -> None:
    world.notifies(carriers=[world.carrier.id])
    other = enrol_in(world.registry, "Other Line", "KOR", "operator")
    swapped = {"carriers": [world.carrier.id, other.id], "reason": "A cheaper line"}
    world.consents(world.thai, "THA")
    refused("THA consented to other carriers", world.exporter.say, "amended", "notification/n-1", swapped)
    world.thai.say("consent_withdrawn", "notification/n-1", {"economy": "THA", "reason": "To be given anew"})
    world.exporter.say("amended", "notification/n-1", swapped)
    world.consents(world.thai, "THA")
    fewer = {"carriers": [other.id], "reason": "One line is enough"}
    world.exporter.say("amended", "notification/n-1", fewer)
    assert world.exporter.notification("n-1")["carriers"] == [other.id]


def test_what_was_handed_to_a_stranger_does_not_depart(world: World) -> None:
    world.consented()
    stranger = enrol_in(world.registry, "Stranger", "THA", "operator")
    world.exporter.say("custody.begun", "battery/p1", {"mass_kg": "400"})
    world.announces(items=("battery/p1",))
    made = world.exporter.say(
        "custody.offered", "battery/p1", {"to": stranger.id, "basis": "sale", "claim_days": 14}
    )
    stranger.say("custody.accepted", "battery/p1", {"offer": made})
    with later(days=18):
        error = refused("no longer at hand", world.on_both, "started", "m-1", {"mass_kg": "400"})
    assert isinstance(error, ConflictError)
    world.on_both("cancelled", "m-1", {"reason": "sold"})


def test_a_probe_does_not_tell_which_numbers_others_use(world: World) -> None:
    world.notifies("n-1")
    stranger = enrol_in(world.registry, "Stranger", "VNM", "operator")
    wrong = {**PLANNED, "importer": stranger.id, "facility": "works-1"}
    there = refused(None, stranger.say, "notified", "notification/n-1", wrong)
    nowhere = refused(None, stranger.say, "notified", "notification/n-2", wrong)
    assert isinstance(there, NotAllowedError)
    assert str(there) == str(nowhere)


def test_days_at_the_end_of_the_calendar_are_no_fault_of_the_server(world: World) -> None:
    world.notifies(last_departure="9999-12-31")
    for who, economy in ((world.thai, "THA"), (world.korean, "KOR")):
        world.consents(who, economy, valid_until="9999-12-31")
    payload = world.announcement("m-1", "400")
    payload |= {"departs": "9999-12-31T00:00:00.000Z", "arrives_by": "9999-12-31T23:59:59.999Z"}
    world.exporter.say("announced", ["movement/m-1", "notification/n-1"], payload)
    assert world.exporter.movement("m-1")["state"] == "announced"
    assert world.exporter.notification("n-1")["state"] == "consented"


def test_what_has_departed_is_not_made_lighter_to_free_a_consent(world: World) -> None:
    world.consented()
    world.departed("m-1", "1000")
    with later(days=19):
        less = {"mass_kg": "1", "reason": "a slip of the pen"}
        error = refused("1000 kg departed by your word", world.on_both, "mass_corrected", "m-1", less)
        assert isinstance(error, ConflictError)
        assert world.exporter.notification("n-1")["quantity"]["left_kg"] == "0"
