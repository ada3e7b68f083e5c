"""Custody over HTTP, as the programs of two firms meet it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.web.app import create_app
from tests.registry.custody.conftest import SALE, Yard
from tests.registry.custody.test_late import Device
from tests.registry.parties.conftest import enrol
from tests.registry.parties.test_alerts import GTIN
from tests.registry.parties.test_alerts import issue as issue_alert

from .test_registry import bearing


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1/api/v1") as client:
        yield client


@pytest.fixture
def registry(app: FastAPI, api: TestClient) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture
def maker(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Maker", "producer"))


@pytest.fixture
def fleet(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Fleet", "operator"))


@pytest.fixture
def stranger(registry: Registry) -> Yard:
    return Yard(registry, enrol(registry, "Stranger", "operator"))


def get(api: TestClient, yard: Yard, path: str) -> Any:
    answer = api.get(path, headers=bearing(yard.client))
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(api: TestClient, yard: Yard, event: dict[str, Any]) -> Any:
    answer = api.post("events", json=event, headers=bearing(yard.client))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_battery_is_handed_over_with_what_the_addresses_tell_alone(
    api: TestClient, maker: Yard, fleet: Yard
) -> None:
    item = "battery/pack-1"
    post(api, maker, maker.event("begun", [item], {"mass_kg": "412.5"}, expects={item: None}))
    head = get(api, maker, f"items/{item}")["head"]
    post(api, maker, maker.event("offered", [item], {"to": fleet.id, **SALE}, expects={item: head}))
    [offer] = get(api, fleet, "custody/offers")["received"]
    accepted = fleet.event("accepted", [item], {"offer": offer["offer"]}, expects=offer["heads"])
    post(api, fleet, accepted)
    told = get(api, fleet, f"items/{item}/custody")
    assert (told["holder"], told["owner"], told["mass_kg"]) == (fleet.id, fleet.id, "412.5")
    assert told["head"] == get(api, fleet, f"items/{item}")["head"]
    assert told["handovers"][0]["receipts"]["receiver"].startswith("Receipt for Fleet")
    assert get(api, fleet, f"items/{item}/lineage") == {"item": item, "up": [], "down": []}


def test_the_same_offer_is_not_accepted_twice(api: TestClient, maker: Yard, fleet: Yard) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet)
    two = [fleet.event("accepted", ["pack-1"], {"offer": offer}) for _ in range(2)]
    answer = api.post("events", json=two, headers=bearing(fleet.client))
    [first, second] = answer.json()["results"]
    assert "receipt" in first
    assert second["error"]["status"] == 409


@pytest.mark.parametrize("tail", ["", "/events", "/custody", "/lineage"])
def test_a_stranger_gets_the_same_answer_for_an_item_that_does_not_exist(
    api: TestClient, maker: Yard, stranger: Yard, tail: str
) -> None:
    maker.begins("pack-1")
    Device(stranger).notes("installed", ["pack-1"], {"what": "vehicle", "host": "x"})
    late = Device(stranger)
    for item in ("pack-1", "pack-2"):
        late.notes("installed", [item], {"what": "vehicle", "host": "x"})
    late.sends()
    answers = [
        api.get(f"items/{item}{tail}", headers=bearing(stranger.client)) for item in ("pack-1", "pack-0")
    ]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text.replace("pack-1", "pack-0") == answers[1].text


def test_a_stranger_costs_the_same_work_whether_the_item_exists_or_not(
    api: TestClient, registry: Registry, maker: Yard, fleet: Yard, stranger: Yard
) -> None:
    """Else the time of the answer would tell that it exists."""
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker)
    asked: list[list[str]] = []
    get(api, stranger, "custody/offers")  # the first use of a token is noted, once a day
    for item in ("pack-0", "pack-1"):
        asked.append([])
        keep = partial(_keep, asked[-1])
        sa.event.listen(registry.engine, "before_cursor_execute", keep)
        for tail in ("", "/events", "/custody", "/lineage"):
            assert api.get(f"items/{item}{tail}", headers=bearing(stranger.client)).status_code == 404
        sa.event.remove(registry.engine, "before_cursor_execute", keep)
    assert asked[0]
    assert asked[0] == asked[1]


def test_a_late_link_about_an_item_tells_by_no_question_to_the_database_that_it_exists(
    api: TestClient, registry: Registry, maker: Yard, fleet: Yard, stranger: Yard
) -> None:
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker)
    late = Device(stranger)
    for item in ("pack-1", "pack-0"):
        late.notes("installed", [item], {"what": "vehicle", "host": "x"})
    late.sends()
    get(api, stranger, "custody/offers")  # the first use of a token is noted, once a day
    asked: list[list[str]] = []
    for item in ("pack-0", "pack-1"):
        asked.append([])
        keep = partial(_keep, asked[-1])
        sa.event.listen(registry.engine, "before_cursor_execute", keep)
        for tail in ("", "/events", "/custody", "/lineage"):
            assert api.get(f"items/{item}{tail}", headers=bearing(stranger.client)).status_code == 404
        sa.event.remove(registry.engine, "before_cursor_execute", keep)
    assert asked[0]
    assert asked[0] == asked[1]


def test_an_alert_tells_its_issuer_nothing_of_batteries_about_which_it_only_sent_late_links(
    api: TestClient, registry: Registry, maker: Yard, fleet: Yard
) -> None:
    # Anybody can send such a link about any id: it would tell who acts on the battery of another.
    rival = Yard(registry, enrol(registry, "Rival", "producer"))
    theirs, own = f"01/{GTIN}/21/S1", f"01/{GTIN}/21/S2"
    maker.begins(theirs)
    rival.begins(own)
    late = Device(rival)
    late.notes("installed", [theirs], {"what": "vehicle", "host": "x"})
    late.sends()
    fleet.takes_over(theirs, maker)
    issue_alert(registry, rival.client, alert="recall-2", pattern={"gtin": GTIN})
    told = get(api, rival, "alerts/recall-2/affected")
    assert told["items"] == [own]
    assert told["holders"] == {rival.id: [own]}


def _keep(kept: list[str], connection: object, cursor: object, statement: str, *_: object) -> None:
    kept.append(statement)


def test_a_late_link_opens_nothing_that_custody_does_not_know(
    api: TestClient, registry: Registry, stranger: Yard
) -> None:
    from kitaran.registry.ledger.kinds import EventKind, Payload

    class Entered(Payload):
        operator: str

    registry.ledger.kinds.register([EventKind("passport.entered_for_this_test", Entered)])
    registry.hand.record("passport.entered_for_this_test", "battery/b-1", {"operator": "x"})
    device = Device(stranger)
    device.notes("installed", ["battery/b-1"], {"what": "vehicle", "host": "x"})
    device.sends()
    for tail in ("", "/events", "/custody"):
        assert api.get(f"items/battery/b-1{tail}", headers=bearing(stranger.client)).status_code == 404


def test_the_events_of_a_battery_are_shown_for_the_time_in_which_one_had_it(
    api: TestClient, maker: Yard, fleet: Yard, stranger: Yard
) -> None:
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker, passes="possession", basis="lease")
    stranger.takes_over("pack-1", fleet, passes="possession", basis="loan")
    stranger.say("installed", "pack-1", {"what": "vehicle", "host": "bus-7"})

    def kinds(yard: Yard) -> list[str]:
        shown = get(api, yard, "items/pack-1/events")
        assert shown["next"] is None
        return [one["envelope"]["kind"].removeprefix("custody.") for one in shown["events"]]

    assert kinds(fleet) == ["offered", "accepted", "offered", "accepted"]
    assert kinds(stranger) == ["offered", "accepted", "installed"]
    assert get(api, fleet, "items/pack-1")["head"] is None
    assert get(api, stranger, "items/pack-1")["events"] == 3


def test_of_a_hand_over_of_several_the_later_owner_of_one_gets_its_proof_and_no_word_of_the_others(
    api: TestClient, registry: Registry, maker: Yard, fleet: Yard, stranger: Yard
) -> None:
    maker.begins("pack-1", condition="scratched")
    maker.begins("pack-2")
    fleet.takes_over(["pack-1", "pack-2"], maker)
    stranger.takes_over("pack-1", fleet)
    told = get(api, stranger, "items/pack-1/events")
    assert "pack-2" not in str(told)
    began, offered, accepted, *own = told["events"]
    assert began["envelope"]["payload"]["condition"] == "scratched", "an owner reads what was before"
    for one in (offered, accepted):
        assert (one["withheld"], one["envelope"], one["signature"]) == (True, None, None)
        assert one["kind"] in ("custody.offered", "custody.accepted")
    assert not any(one["withheld"] for one in own)
    assert [one["item_seq"] for one in told["events"]] == [1, 2, 3, 4, 5]
    size = api.get("ledger/checkpoint").json()["size"]
    proof = api.get("ledger/proof/inclusion", params={"seq": offered["seq"], "size": size}).json()
    assert proof["leaf_hash"] == offered["leaf_hash"]
    for side in (maker, fleet):
        events = get(api, side, "items/pack-1/events")["events"]
        assert not any(one["withheld"] for one in events), "who stood on a side has signed it or was asked"


def test_the_rest_of_a_lot_does_not_tell_its_owner_of_what_was_put_together_with_it(
    api: TestClient, maker: Yard, fleet: Yard
) -> None:
    maker.begins("lot-1", "10", form="module", count=2)
    maker.begins("lot-2", "10", form="module", count=2)
    takes = [{"item": item, "count": 1, "mass_kg": "5"} for item in ("lot-1", "lot-2")]
    result = {"item": "lot-3", "form": "module", "count": 2, "mass_kg": "10"}
    maker.say("merged", ["lot-3", "lot-1", "lot-2"], {"result": result, "takes": takes})
    fleet.takes_over("lot-1", maker)
    told = get(api, fleet, "items/lot-1/events")["events"]
    assert [one["withheld"] for one in told] == [False, True, False, False]
    assert "lot-2" not in str(told)
    whole = get(api, maker, "items/lot-1/events")["events"]
    assert not any(one["withheld"] for one in whole)


def test_a_maker_that_sold_its_batteries_recalls_them_without_learning_who_has_them_now(
    api: TestClient, registry: Registry, maker: Yard, fleet: Yard, stranger: Yard
) -> None:
    sold, kept = f"01/{GTIN}/21/S1", f"01/{GTIN}/21/S2"
    for item in (sold, kept):
        maker.begins(item)
    fleet.takes_over(sold, maker)
    issue_alert(registry, maker.client, alert="recall-3", pattern={"gtin": GTIN})
    told = get(api, maker, "alerts/recall-3/affected")
    assert told["holders"] == {fleet.id: [sold], maker.id: [kept]}, "it saw to whom it went"
    stranger.takes_over(sold, fleet)
    told = get(api, maker, "alerts/recall-3/affected")
    assert told["items"] == [sold, kept]
    assert (told["holders"], told["elsewhere"]) == ({maker.id: [kept]}, [sold])
    assert stranger.id not in str(told)
    office = Yard(registry, enrol(registry, "Office", "authority"))
    whole = get(api, office, "alerts/recall-3/affected")
    assert whole["holders"] == {stranger.id: [sold], maker.id: [kept]}
    assert whole["elsewhere"] == []


def test_what_happened_to_a_battery_is_read_by_who_answers_for_its_passport_and_who_said_it(
    api: TestClient, registry: Registry, fleet: Yard
) -> None:
    from tests.registry.passport.conftest import cast, issue

    players = cast(registry)
    made = issue(players, players.producer, "pack-52")
    item = f"battery/{made}"
    players.change(players.licensed, "repaired", made)

    def kinds(client: Any) -> list[str]:
        shown = get(api, Yard(registry, client), f"items/{item}/events")["events"]
        return [one["kind"] for one in shown]

    assert kinds(players.licensed) == kinds(players.producer) == ["passport.repaired"], "issued in an import"
    fleet.takes_over(item, Yard(registry, players.producer))
    players.change(players.licensed, "repaired", made)
    assert kinds(players.licensed) == ["passport.repaired"] * 2, "its own words alone"
    assert kinds(players.producer)[-1] == "custody.accepted", "what came after it went is not its own"
    assert kinds(fleet.client)[0] == "passport.repaired"
    assert kinds(fleet.client)[-1] == "passport.repaired"
    assert api.get(f"items/{item}/events", headers=bearing(players.stranger)).status_code == 404


def test_custody_is_asked_for_with_a_token(api: TestClient, registry: Registry) -> None:
    for path in ("custody/offers", "items/pack-1/custody", "items/pack-1/lineage"):
        assert api.get(path).status_code == 401


@pytest.mark.parametrize("item", ["battery/x/custody", "battery/x/lineage", "battery/x/triage"])
def test_no_item_takes_an_id_that_is_an_address_of_custody(api: TestClient, maker: Yard, item: str) -> None:
    event = maker.event("begun", [item], {}, expects={item: None})
    answer = api.post("events", json=event, headers=bearing(maker.client))
    assert answer.status_code == 403
    assert "could not be asked for by its address" in answer.text
