"""A shipment from one country to another: asked for, consented to, sent, checked, received, certified."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.errors import KitaranError, NotFoundError
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError

from .conftest import World, assert_rebuilt_the_same, enrol_in, later


def refused(cause: str | None, act: Any, *args: Any, **named: Any) -> KitaranError:
    with pytest.raises(KitaranError, match=cause) as error:
        act(*args, **named)
    return error.value


def test_a_shipment_runs_from_the_notification_to_the_certificate(world: World) -> None:
    world.exporter.say("custody.begun", "battery/p1", {"mass_kg": "400"})
    world.notifies()
    asked = world.korean.say("questioned", "notification/n-1", {"economy": "KOR", "question": "Which seal?"})
    assert world.exporter.notification("n-1")["next"][0]["what"] == "answer"
    world.exporter.say("answered", "notification/n-1", {"question": asked, "answer": "Bolt seal."})
    for who, economy in ((world.thai, "THA"), (world.korean, "KOR")):
        who.say("acknowledged", "notification/n-1", {"economy": economy})
        world.consents(who, economy)
    seen = world.exporter.notification("n-1")
    assert seen["state"] == "consented"
    assert seen["next"] == [
        {
            "who": "exporter",
            "economy": None,
            "what": "announce",
            "due": None,
            "late": False,
            "days_left": None,
        }
    ]
    world.departed(items=("battery/p1",))
    with later(days=25):
        world.officer.say(
            "border_checked", "movement/m-1", {"economy": "KOR", "finding": "passed", "seal": "7"}
        )
    world.receives(mass_kg="398.5")
    with later(days=60):
        world.recycler.say(
            "completed",
            "movement/m-1",
            {"mass_kg": "398.5", "recovered_kg": "280.25", "completed": "2026-04-30"},
        )
        done = world.exporter.movement("m-1")
    assert done["state"] == "completed"
    assert (done["received_kg"], done["difference_kg"], done["recovered_kg"]) == ("398.5", "1.5", "280.25")
    assert [one["kind"] for one in done["events"]] == [
        "announced",
        "started",
        "border_checked",
        "received",
        "completed",
    ]
    assert done["items"] == ["battery/p1"]
    assert_rebuilt_the_same(world.registry)


def test_nothing_is_announced_before_every_authority_has_consented(world: World) -> None:
    world.notifies()
    world.consents(world.thai, "THA")
    error = refused("authority of KOR has not consented: awaited", world.announces)
    assert isinstance(error, NotAllowedError)
    world.consents(world.korean, "KOR")
    world.announces()


def test_an_authority_answers_for_its_own_economy_only(world: World) -> None:
    world.notifies()
    refused("no authority of KOR", world.consents, world.thai, "KOR")
    refused("VNM is not on the route", world.consents, world.thai, "VNM")
    refused("no authority of THA", world.consents, world.exporter, "THA")
    refused("no authority of KOR", world.consents, world.officer, "KOR")


def test_the_letter_of_an_authority_that_is_not_here_is_entered_by_that_of_export(world: World) -> None:
    world.notifies(route={"export": "THA", "transit": ["SGP"], "destination": "KOR"})
    paper = {"digest": "a" * 64, "reference": "NEA 12", "dated": "2026-03-01"}
    refused("no authority of THA", world.consents, world.korean, "SGP", paper=paper)
    world.consents(world.thai, "SGP", paper=paper)
    seen = {one["economy"]: one for one in world.exporter.notification("n-1")["authorities"]}
    assert seen["SGP"]["state"] == "consented"
    assert seen["SGP"]["paper"]["reference"] == "NEA 12"
    enrol_in(world.registry, "Singapore", "SGP", "authority")
    refused("acts here itself", world.consents, world.thai, "SGP", paper=paper)


def test_an_objection_and_a_consent_taken_back_stop_what_has_not_started(world: World) -> None:
    world.consented()
    world.announces()
    world.korean.say(
        "consent_withdrawn", "notification/n-1", {"economy": "KOR", "reason": "Fire at the plant"}
    )
    with later(days=18):
        refused("KOR has not consented: withdrawn", world.on_both, "started", "m-1", {"mass_kg": "400"})
    assert world.exporter.notification("n-1")["state"] == "objected"
    world.consents(world.korean, "KOR")
    with later(days=18):
        world.on_both("started", "m-1", {"mass_kg": "400"})


def test_a_consent_is_drawn_down_in_mass_and_in_shipments_and_freed_by_cancelling(world: World) -> None:
    world.consented()
    world.announces("m-1", "600")
    error = refused("400 kg are left of the consents, not 400.001 kg", world.announces, "m-2", "400.001")
    assert isinstance(error, ConflictError)
    world.announces("m-2", "300")
    world.announces("m-3", "100")
    refused("All shipments that were consented to are taken: 3", world.announces, "m-4", "0.5")
    world.on_both("cancelled", "m-1", {"reason": "no ship"})
    world.announces("m-4", "600")
    left = world.exporter.notification("n-1")["quantity"]
    assert (left["drawn_kg"], left["left_kg"], left["shipments_left"]) == ("1000", "0", 0)
    assert_rebuilt_the_same(world.registry)


def test_what_departs_heavier_than_announced_needs_room(world: World) -> None:
    world.consented()
    world.announces("m-1", "600")
    world.announces("m-2", "390")
    with later(days=18):
        refused("610 kg are left", world.on_both, "started", "m-1", {"mass_kg": "610.1"})
        world.on_both("started", "m-1", {"mass_kg": "605"})
        refused("610 kg are left", world.on_both, "mass_corrected", "m-1", {"mass_kg": "611", "reason": "x"})
        world.on_both("mass_corrected", "m-1", {"mass_kg": "610", "reason": "weighed again"})
        assert world.exporter.notification("n-1")["quantity"]["left_kg"] == "0"


def test_the_narrowest_consent_holds(world: World) -> None:
    world.notifies()
    world.consents(world.thai, "THA", quantity_kg="500", shipments=1)
    world.consents(world.korean, "KOR", valid_until="2026-03-15", notice_days=30)
    refused("consent of KOR is good from 2026-03-02 until 2026-03-15", world.announces)
    world.consents(world.korean, "KOR", notice_days=30)
    refused("500 kg are left", world.announces, "m-1", "501")
    world.announces("m-1", "500")
    with later(days=18):
        refused(
            "30 days of notice: not before 2026-04-01", world.on_both, "started", "m-1", {"mass_kg": "500"}
        )
    with later(days=30):
        world.on_both("started", "m-1", {"mass_kg": "500"})


def test_an_amendment_widens_no_consent(world: World) -> None:
    world.consented()
    world.exporter.say("amended", "notification/n-1", {"quantity_kg": "5000", "reason": "more packs"})
    refused("1000 kg are left of the consents", world.announces, "m-1", "1001")
    for who, economy in ((world.thai, "THA"), (world.korean, "KOR")):
        world.consents(who, economy)
    world.announces("m-1", "1001")


def test_a_withdrawn_notification_carries_no_movement(world: World) -> None:
    world.consented()
    world.exporter.say("notification_withdrawn", "notification/n-1", {})
    refused("was withdrawn", world.announces)
    refused("was withdrawn", world.consents, world.thai, "THA")


def test_certificates_never_exceed_what_was_received(world: World) -> None:
    world.consented()
    world.departed(mass_kg="400")
    with later(days=27):
        refused("400 kg departed, not 401 kg", world.receives, "m-1", "401")
    world.receives("m-1", "399")

    def certify(mass: str) -> None:
        with later(days=60):
            payload = {"mass_kg": mass, "completed": "2026-04-20"}
            world.recycler.say("completed", "movement/m-1", payload)

    certify("300")
    error = refused("99 kg that were received are not certified yet", certify, "99.5")
    assert isinstance(error, ConflictError)
    certify("99")
    refused("0 kg that were received", certify, "0.001")


def test_what_a_border_holds_is_received_after_its_officer_let_it_pass(world: World) -> None:
    world.consented()
    world.departed()
    with later(days=20):
        world.officer.say("border_checked", "movement/m-1", {"economy": "KOR", "finding": "held"})
        received = {"mass_kg": "390", "arrived": "2026-03-20T08:00:00.000Z"}
        refused("officer of KOR holds it", world.recycler.say, "received", "movement/m-1", received)
        world.officer.say("border_checked", "movement/m-1", {"economy": "KOR", "finding": "passed"})
        world.recycler.say("received", "movement/m-1", received)
        assert world.exporter.movement("m-1")["state"] == "received"


def test_only_an_officer_of_an_economy_on_the_route_checks_at_the_border(world: World) -> None:
    world.consented()
    world.departed()
    passed = {"economy": "KOR", "finding": "passed"}
    with later(days=20):
        refused("no officer of KOR", world.recycler.say, "border_checked", "movement/m-1", passed)
        refused(
            "no officer of THA",
            world.officer.say,
            "border_checked",
            "movement/m-1",
            {**passed, "economy": "THA"},
        )
        world.officer.say(
            "border_checked", "movement/m-1", {**passed, "finding": "refused", "remarks": "leak"}
        )
        seen = world.exporter.movement("m-1")
    assert seen["state"] == "failed"
    assert seen["next"] == [
        {
            "who": "exporter",
            "economy": None,
            "what": "take_back",
            "due": "2026-06-20",
            "late": False,
            "days_left": 90,
        }
    ]
    assert seen["clocks"][0]["deadline"] == "DL-04"
    with later(days=112):
        assert world.exporter.movement("m-1")["next"][0]["late"]
        back = {"mass_kg": "400", "arrived": "2026-06-20T08:00:00.000Z"}
        world.exporter.say("taken_back", "movement/m-1", back)
        assert world.exporter.movement("m-1")["state"] == "taken_back"
    assert_rebuilt_the_same(world.registry)


def test_illegal_traffic_is_declared_by_an_authority_and_has_its_own_clock(world: World) -> None:
    world.consented()
    world.departed()
    told = {"ground": "illegal_exporter", "reason": "other goods"}
    with later(days=20):
        refused("an authority says", world.recycler.say, "failed", "movement/m-1", told)
        world.korean.say("failed", "movement/m-1", {**told, "economy": "KOR"})
        seen = world.exporter.movement("m-1")
    assert (seen["clocks"][0]["deadline"], seen["clocks"][0]["due"]) == ("DL-05", "2026-04-21")


def test_a_battery_travels_in_one_movement_and_its_holder_alone_sends_it(world: World) -> None:
    world.consented()
    world.exporter.say("custody.begun", "battery/p1", {"mass_kg": "200"})
    world.recycler.say("custody.begun", "battery/q1", {"mass_kg": "200"})
    refused("There is no such item for you", world.announces, "m-1", "200", ("battery/q1",))
    world.announces("m-1", "200", ("battery/p1",))
    refused("battery/p1 is in movement m-1", world.announces, "m-2", "200", ("battery/p1",))


def test_nothing_arrives_and_the_day_is_past(world: World) -> None:
    world.consented()
    world.departed()
    with later(days=40):
        seen = world.korean.movement("m-1")
    assert seen["overdue"]
    assert seen["next"][0]["late"]


def test_strangers_learn_nothing(world: World) -> None:
    world.consented()
    world.departed()
    stranger = enrol_in(world.registry, "Stranger", "THA", "operator")
    other = enrol_in(world.registry, "Customs elsewhere", "VNM", "officer")
    for who in (stranger, other):
        words = {str(refused(None, who.notification, number)) for number in ("n-1",)}
        none = str(refused(None, who.notification, "n-9")).replace("n-9", "n-1")
        assert words == {none}
        with pytest.raises(NotFoundError):
            who.movement("m-1")
    for who in (world.officer, world.recycler, world.thai):
        assert who.notification("n-1")["state"] == "consented"
    there = refused(None, stranger.say, "amended", "notification/n-1", {"reason": "x"})
    nowhere = refused(None, stranger.say, "amended", "notification/n-7", {"reason": "x"})
    assert str(there) == str(nowhere)


def test_what_the_law_controls_moves_under_no_other_word(world: World) -> None:
    alone = {
        **{name: PLAIN[name] for name in ("activity", "route", "goods")},
        "importer": world.recycler.id,
        "facility": "works-1",
        "procedure": "none",
    }
    payload = {**world.announcement("m-1", "10", None), "alone": alone}
    del payload["notification"]
    refused(
        "By the law as known here it does not move so",
        world.exporter.say,
        "announced",
        "movement/m-1",
        payload,
    )


PLAIN: dict[str, Any] = {
    "activity": "recycle",
    "route": {"export": "THA", "destination": "KOR"},
    "goods": {"kind": "ev_pack", "chemistry": "NMC", "condition": "non_functional", "purpose": "recycling"},
}
