"""The description of the API against the API: what it says of each address is what the address answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.openapi import checks as of_openapi  # noqa: F401  (fills the registry of checks)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kitaran.api import description, examples
from kitaran.api.pace import Pace
from kitaran.api.shapes.ledger import SignedEnvelope
from kitaran.foundation import clock
from kitaran.foundation.clock import stamp
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.web.app import create_app
from tests.registry.custody.conftest import SALE, Yard
from tests.registry.custody.test_late import Device
from tests.registry.movement.conftest import world_of
from tests.registry.parties.conftest import Client, enrol
from tests.registry.parties.test_alerts import GTIN
from tests.registry.parties.test_alerts import issue as issue_alert
from tests.registry.parties.test_facilities import LONG_AGO, found, permit
from tests.registry.parties.test_incidents import about, fire
from tests.registry.passport.conftest import cast, issue, tell_all

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ITEM = f"01/{GTIN}/21/S1"


class Served:
    """A site with something behind every address, and who may ask for it."""

    def __init__(self, app: FastAPI, client: TestClient) -> None:
        self.client = client
        self.registry: Registry = app.state.registry.whole()
        app.state.registry.pace = Pace(at_once=10**9)
        players = cast(self.registry)
        self.maker = Yard(self.registry, players.producer)
        self.fleet = Yard(self.registry, enrol(self.registry, "Fleet", "operator"))
        self.office = enrol(self.registry, "Office", "authority")
        self.battery = issue(players, players.producer, "pack-52")
        tell_all(players, self.battery)
        players.change(players.producer, "reused", self.battery)
        self._hands_over()
        self._registers()
        self._ships()
        self.document = app.openapi()
        self.schema = schemathesis.openapi.from_dict(self.document)

    def _hands_over(self) -> None:
        for item in (ITEM, "pack-2", "lot-1"):
            self.maker.begins(item, condition="scratched", count=2 if item == "lot-1" else 1)
        offer = self.maker.offers([ITEM, "pack-2"], self.fleet, waste_code=None)
        self.fleet.accepts([ITEM, "pack-2"], offer, claims=[{"item": ITEM, "mass_kg": "99"}])
        self.fleet.say("installed", ITEM, {"what": "vehicle", "host": "bus-7"})
        parts = [{"item": "lot-2", "form": "pack", "mass_kg": "40"}]
        self.maker.say("split", ["lot-1", "lot-2"], {"parts": parts, "rest": {"count": 1, "mass_kg": "50"}})
        self.maker.say("offered", "lot-2", {"to": self.fleet.id, **SALE})
        late = Device(self.fleet)
        late.notes("removed", [ITEM], {})
        late.notes("removed", [ITEM], {})
        late.sends(late.links[1])

    def _registers(self) -> None:
        found(self.registry, self.fleet.id, facility="delta-1")
        permit(self.registry, facility="delta-1")
        given_to = {
            "facility": "delta-1",
            "preconsent": "preconsent-1",
            "reference": "TH/1",
            "authority": "PCD",
            "economy": "THA",
            "waste_codes": ["A1181"],
            "valid_from": LONG_AGO,
            "valid_until": "2040-01-01T00:00:00.000Z",
        }
        self.registry.hand.record("parties.preconsent_given", "facility/delta-1", given_to)
        report = {"facility": "delta-1", "medium": "air", "parameter": "lead", "quantity": "0.1"}
        report |= {"unit": "mg/m3", "period_from": LONG_AGO, "period_until": "2021-01-01T00:00:00.000Z"}
        self.registry.hand.record("parties.environment_reported", "facility/delta-1", report)
        about(self.registry, self.fleet.client, "incident_reported", fire(facility="delta-1"))
        step = {"incident": "fire-1", "step": "contained", "account": "Cooled."}
        about(self.registry, self.fleet.client, "incident_followed_up", step)
        issue_alert(self.registry, self.maker.client, alert="recall-1", pattern={"gtin": GTIN})

    def _ships(self) -> None:
        """A shipment in a corridor: one that arrived, and one to which an authority objects."""
        day = clock.now() - timedelta(days=40)
        with clock.replaced(day):
            self.world = world = world_of(self.registry)
        ends = (day + timedelta(days=300)).date().isoformat()
        span = {"valid_from": day.date().isoformat(), "valid_until": ends}
        with clock.replaced(day):
            agreement = {
                "name": "Corridor",
                "authorities": [world.thai.id],
                "facilities": ["works-1"],
                "discloses": ["dates", "masses", "parties", "findings"],
                **span,
            }
            world.thai.say("corridor_agreed", "corridor/c-1", agreement)
            world.recycler.say("corridor_joined", "corridor/c-1", {})
            first = (day + timedelta(days=2)).date().isoformat()
            planned = {"corridor": "c-1", "first_departure": first, "last_departure": ends, "contract": "C-1"}
            world.notifies("n-1", **planned)
            asked = {"economy": "KOR", "question": "Which road?"}
            question = world.korean.say("questioned", "notification/n-1", asked)
            told = {"question": question, "answer": "The coast."}
            world.exporter.say("answered", "notification/n-1", told)
            world.consents(world.thai, "THA", **span, conditions=["Dry"])
            world.consents(world.korean, "KOR", **span)
            stated = {"document": "esm_contract", "fields": {"number": "C-1"}}
            world.exporter.say("document_given", "notification/n-1", stated)
            world.exporter.say("custody.begun", "battery/shipped", {"mass_kg": "400"})
            departs = {
                "departs": stamp(day + timedelta(days=3)),
                "arrives_by": stamp(day + timedelta(days=9)),
            }
            announced = {"notification": "n-1", "mass_kg": "400", **departs}
            named = ["movement/m-1", "notification/n-1"]
            world.exporter.say("announced", [*named, "battery/shipped"], announced)
            world.notifies("n-2", **planned)
            world.korean.say("objected", "notification/n-2", {"economy": "KOR", "reason": "No capacity"})
        with clock.replaced(day + timedelta(days=3)):
            world.exporter.say("started", named, {"mass_kg": "400", "conveyance": "Truck 7"})
        with clock.replaced(day + timedelta(days=5)):
            seen = {"economy": "KOR", "finding": "passed", "remarks": "dry"}
            world.officer.say("border_checked", "movement/m-1", seen)
            met = world.recycler.say("barrier_met", "corridor/c-1", {"barrier": "No ferry"})
            world.thai.say("barrier_lifted", "corridor/c-1", {"barrier": met, "how": "A line agreed"})
        with clock.replaced(day + timedelta(days=6)):
            arrived = {"mass_kg": "399", "arrived": stamp()}
            world.recycler.say("received", "movement/m-1", arrived)

    def ask(self, case: schemathesis.Case, caller: Client | None = None) -> Any:
        """Send a case, and hold the answer to what the description says."""
        sent = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare()
        headers = {name: value for name, value in sent.headers.items() if name.lower() != "cookie"}
        if caller is not None:
            headers["Authorization"] = f"Bearer {caller.token}"
        url, body = str(sent.url), sent.body or b""
        answer = self.client.request(str(sent.method), url, content=body, headers=headers)
        case.validate_response(answer, checks=CHECKS)
        return answer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    app = create_app(Workspace.make(tmp_path_factory.mktemp("described") / "work"))
    yield Served(app, TestClient(app, raise_server_exceptions=False, follow_redirects=False))
    app.state.registry.close()
    app.state.jobs.engine.dispose()


ANSWERED = [
    ("/items/{item}", {"item": ITEM}, {}),
    ("/items/{item}/events", {"item": ITEM}, {}),
    ("/items/{item}/custody", {"item": ITEM}, {}),
    ("/items/{item}/lineage", {"item": "lot-1"}, {}),
    ("/custody/offers", {}, {}),
    ("/ledger/checkpoint", {}, {}),
    ("/ledger/proof/inclusion", {}, {"seq": 0, "size": 3}),
    ("/ledger/proof/consistency", {}, {"from": 1, "to": 3}),
    ("/identity/parse", {}, {"code": "(01)09521234543213(21)ABC"}),
    ("/identity/parse", {}, {"code": "(01)09521234543214"}),
    ("/facilities", {}, {}),
    ("/facilities/{facility}", {"facility": "delta-1"}, {}),
    ("/incidents", {}, {}),
    ("/incidents/{incident}", {"incident": "fire-1"}, {}),
    ("/alerts", {}, {}),
    ("/alerts/{alert}", {"alert": "recall-1"}, {}),
    ("/alerts/{alert}/affected", {"alert": "recall-1"}, {}),
    ("/passports", {}, {}),
    ("/passports/models", {}, {}),
    ("/jobs", {}, {}),
    ("/own-data", {}, {}),
]
"""Addresses that have something to tell: path, its parameters, the query."""


@pytest.mark.parametrize(("path", "names", "query"), ANSWERED)
def test_what_an_address_tells_has_the_form_that_is_described(
    served: Served, path: str, names: dict[str, str], query: dict[str, Any]
) -> None:
    operation = served.schema[f"/api/v1{path}"]["GET"]
    answered = 0
    for caller in (served.maker.client, served.fleet.client, served.office):
        case = operation.Case(path_parameters=names, query=query)
        answered += served.ask(case, caller).status_code == 200
    assert answered


@pytest.mark.parametrize("tail", ["", "/export", "/versions"])
def test_a_passport_has_the_form_that_is_described_for_each_reader(served: Served, tail: str) -> None:
    operation = served.schema["/api/v1/passports/{battery}" + tail]["GET"]
    for caller in (None, served.maker.client, served.fleet.client, served.office):
        case = operation.Case(path_parameters={"battery": served.battery})
        assert served.ask(case, caller).status_code == 200


def test_what_was_found_of_a_battery_has_the_form_that_is_described(served: Served) -> None:
    operation = served.schema["/api/v1/items/{item}/triage"]["GET"]
    case = operation.Case(path_parameters={"item": f"battery/{served.battery}"})
    assert served.ask(case, served.maker.client).status_code == 200


SHIPMENTS = [
    ("/movements", {}),
    ("/notifications/{number}", {"number": "n-1"}),
    ("/notifications/{number}", {"number": "n-2"}),
    ("/movements/{number}", {"number": "m-1"}),
    ("/corridors", {}),
    ("/corridors/{number}", {"number": "c-1"}),
]


@pytest.mark.parametrize(("path", "names"), SHIPMENTS)
def test_a_shipment_has_the_form_that_is_described_for_each_side(
    served: Served, path: str, names: dict[str, str]
) -> None:
    operation = served.schema[f"/api/v1{path}"]["GET"]
    sides = (served.world.exporter, served.world.recycler, served.world.thai)
    answers = [served.ask(operation.Case(path_parameters=names), side.client).status_code for side in sides]
    assert answers[1:] == [200, 200], "the exporter takes no part in the corridor"


def test_what_a_bundle_says_has_the_form_that_is_described(served: Served) -> None:
    bearer = {"Authorization": f"Bearer {served.world.officer.client.token}"}
    place = "http://127.0.0.1/api/v1/movements"
    bundle = served.client.get(f"{place}/m-1/bundle", headers=bearer).content
    answer = served.client.post(f"{place}/evidence", content=bundle)
    case = served.schema["/api/v1/movements/evidence"]["POST"].Case(body={}, media_type="application/json")
    case.validate_response(answer, checks=CHECKS)
    assert answer.json()["movements"][0]["consents"][0]["conditions"] == ["Dry"]


def test_receipts_of_one_event_and_of_many_have_the_form_that_is_described(served: Served) -> None:
    operation = served.schema["/api/v1/events"]["POST"]
    heads: dict[str, Any] = {"expects": {"pack-7": None}}
    one = served.maker.event("begun", ["pack-7"], {}, **heads)
    other = served.maker.event("begun", ["pack-7"], {}, **heads)
    for body, status in ((one, 201), ([one, other, {"x": 1}], 200), (other, 409), ({}, 403)):
        case = operation.Case(body=body, media_type="application/json")
        assert served.ask(case, served.maker.client).status_code == status


def test_the_example_of_an_event_has_the_form_that_is_described() -> None:
    SignedEnvelope.model_validate(examples.EVENT)


def test_every_operation_says_who_may_ask_and_its_answer(served: Served) -> None:
    for path, operations in served.document["paths"].items():
        for method, one in operations.items():
            where = f"{method} {path}"
            assert isinstance(one["security"], list), where
            told = description.OPERATIONS.get((method, path.removeprefix("/api/v1")))
            assert told is not None, f"{where}: give it a line in kitaran.api.description"
    schemes = served.document["components"]["securitySchemes"]
    used = {name for told in description.SECURITY.values() for one in told for name in one}
    assert set(schemes) == used


def test_who_says_nothing_is_answered_as_the_description_says(served: Served) -> None:
    for (method, path), told in description.OPERATIONS.items():
        if method != "get" or "{" in path:
            continue
        query = next((query for name, _, query in ANSWERED if name == path), {})
        case = served.schema[f"/api/v1{path}"]["GET"].Case(query=query)
        status = served.ask(case).status_code
        assert (status == 401) == (told.asks == "caller"), path


def drawn(examples_each: int) -> settings:
    """The same cases in each run."""
    return settings(
        max_examples=examples_each,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def try_all(served: Served, examples_each: int) -> int:
    """Ask every address for whatever its description allows, as a stranger and as an operator."""
    asked = 0
    for got in served.schema.get_all_operations():
        for mode in schemathesis.GenerationMode:

            @drawn(examples_each if mode is schemathesis.GenerationMode.POSITIVE else 1 + examples_each // 3)
            @given(case=got.ok().as_strategy(generation_mode=mode))
            def never_surprises(case: schemathesis.Case) -> None:
                nonlocal asked
                asked += 1
                served.ask(case, served.fleet.client if asked % 2 else None)

            try:
                never_surprises()
            except Unsatisfiable:
                assert mode is not schemathesis.GenerationMode.POSITIVE, "an address without parameters"
    return asked


def test_no_address_answers_otherwise_than_it_is_described(served: Served) -> None:
    assert try_all(served, 2) > 100


@pytest.mark.slow
def test_no_address_answers_otherwise_than_it_is_described_at_length(served: Served) -> None:
    assert try_all(served, 150) > 2_000
