"""The journey of a shipment over HTTP, as two organisations and two authorities meet it, and its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.api.access import Serving
from kitaran.api.pace import Pace
from kitaran.api.registry import HEAVY
from kitaran.foundation.clock import stamp
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.verifier import verify
from kitaran.registry.movement import evidence
from kitaran.web.app import create_app
from tests.registry.custody.conftest import SALE
from tests.registry.movement.conftest import PLANNED, Side, World, enrol_in, later, world_of
from tests.registry.movement.conftest import still as still  # a fixture

from .test_registry import bearing


@pytest.fixture
def app(workspace: Workspace, still: None) -> FastAPI:
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
def world(registry: Registry) -> World:
    return world_of(registry)


def get(api: TestClient, who: Side, path: str) -> Any:
    answer = api.get(path, headers=bearing(who.client))
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(api: TestClient, who: Side, kind: str, items: list[str], payload: dict[str, Any]) -> str:
    event = who.event(kind, items, payload)
    answer = api.post("events", json=event, headers=bearing(who.client))
    assert answer.status_code == 201, answer.text
    return str(event["id"])


def test_offer_accept_dossier_consents_movement_border_receipt_completion_bundle(
    api: TestClient, world: World
) -> None:
    collector = enrol_in(world.registry, "Collector", "THA", "operator")
    pack, number = "battery/p1", "notification/n-1"
    post(api, collector, "custody.begun", [pack], {"mass_kg": "400"})
    offer = post(api, collector, "custody.offered", [pack], {"to": world.exporter.id, **SALE})
    post(api, world.exporter, "custody.accepted", [pack], {"offer": offer})
    world.notifies()
    contract = b"%PDF contract"
    digest = sha256(contract).hexdigest()
    given = {"document": "esm_contract", "digest": digest, "size": len(contract)}
    post(api, world.exporter, "document_given", [number], given)
    bearer = bearing(world.exporter.client)
    assert api.put(f"documents/{digest}", content=contract, headers=bearer).status_code == 204
    for who, economy in ((world.thai, "THA"), (world.korean, "KOR")):
        post(api, who, "acknowledged", [number], {"economy": economy})
        span = {"valid_from": "2026-03-02", "valid_until": "2026-12-31"}
        post(api, who, "consented", [number], {"economy": economy, **span})
    assert get(api, world.exporter, "notifications/n-1")["state"] == "consented"
    named = ["movement/m-1", number]
    post(api, world.exporter, "announced", [*named, pack], world.announcement("m-1", "400"))
    with later(days=18):
        out = post(api, world.exporter, "custody.offered", [pack], {"to": world.recycler.id, **SALE})
        post(api, world.exporter, "started", named, {"mass_kg": "400", "offer": out})
    with later(days=25):
        passed = {"economy": "KOR", "finding": "passed"}
        post(api, world.officer, "border_checked", ["movement/m-1"], passed)
    with later(days=27):
        post(api, world.recycler, "custody.accepted", [pack], {"offer": out})
        arrived = {"mass_kg": "400", "arrived": stamp(), "offer": out}
        post(api, world.recycler, "received", ["movement/m-1"], arrived)
    with later(days=60):
        done = {"mass_kg": "400", "recovered_kg": "300", "completed": "2026-04-20"}
        post(api, world.recycler, "completed", ["movement/m-1"], done)
        told = get(api, world.korean, "movements/m-1")
        bundle = api.get("movements/m-1/bundle", headers=bearing(world.recycler.client)).content
        read = api.post("movements/evidence", content=bundle).json()
    assert told["state"] == "completed"
    assert verify(bundle).problems == []
    assert read["evidence"]["intact"]
    assert read["movements"][0]["recovered_kg"] == "300"
    assert {one["document"] for one in told["dossier"] if one["state"] == "given"} == {"esm_contract"}


def test_who_has_nothing_to_do_with_it_learns_nothing(api: TestClient, world: World) -> None:
    world.consented()
    world.departed()
    stranger = enrol_in(world.registry, "Stranger", "VNM", "operator")
    for there, nowhere in (
        ("notifications/n-1", "notifications/n-9"),
        ("movements/m-1", "movements/m-9"),
        ("movements/m-1/bundle", "movements/m-9/bundle"),
        ("corridors/c-1", "corridors/c-9"),
    ):
        one, other = (api.get(path, headers=bearing(stranger.client)) for path in (there, nowhere))
        assert one.status_code == other.status_code == 404
        assert one.text.replace("-1", "-9") == other.text.replace("-1", "-9")
        assert api.get(there).status_code == 401
    assert get(api, stranger, "movements") == {"notifications": [], "movements": []}
    assert [one["movement"] for one in get(api, world.officer, "movements")["movements"]] == ["m-1"]


def test_the_file_of_a_document_is_kept_for_who_may_see_its_dossier(api: TestClient, world: World) -> None:
    world.notifies()
    content = b"contract"
    digest = sha256(content).hexdigest()
    mine, other = bearing(world.exporter.client), bearing(world.carrier.client)
    path = f"documents/{digest}"
    assert api.put(path, content=content, headers=mine).status_code == 404
    given = {"document": "esm_contract", "digest": digest, "size": len(content)}
    post(api, world.exporter, "document_given", ["notification/n-1"], given)
    assert api.get(path, headers=mine).status_code == 404
    assert api.put(path, content=b"another", headers=mine).status_code == 422
    assert api.put(path, content=content, headers=mine).status_code == 204
    assert api.put(path, content=content, headers=other).status_code == 404
    assert api.get(path, headers=other).status_code == 404
    assert api.get(path, headers=bearing(world.korean.client)).content == content


def test_corridors_are_told_to_who_takes_part(api: TestClient, world: World) -> None:
    agreement = {
        "name": "Corridor",
        "authorities": [world.thai.id, world.korean.id],
        "facilities": ["works-1"],
        "valid_from": "2026-03-01",
        "valid_until": "2027-03-01",
    }
    post(api, world.thai, "corridor_agreed", ["corridor/c-1"], agreement)
    assert get(api, world.recycler, "corridors")["corridors"] == [
        {
            "corridor": "c-1",
            "name": "Corridor",
            "valid_from": agreement["valid_from"],
            "valid_until": agreement["valid_until"],
            "runs": False,
            "public": False,
        }
    ]
    assert get(api, world.recycler, "corridors/c-1")["figures"]["movements"] == 0
    assert get(api, world.exporter, "corridors") == {"corridors": []}


def test_who_names_the_digest_of_anothers_file_does_not_come_to_read_it(
    api: TestClient, world: World
) -> None:
    content = b"secret contract"
    digest = sha256(content).hexdigest()
    path, given = f"documents/{digest}", {"document": "esm_contract", "digest": digest, "size": len(content)}
    world.notifies()
    post(api, world.exporter, "document_given", ["notification/n-1"], given)
    mine = bearing(world.exporter.client)
    assert api.put(path, content=content, headers=mine).status_code == 204
    thief = enrol_in(world.registry, "Thief", "THA", "operator")
    own = {**PLANNED, "importer": world.recycler.id, "facility": "works-1"}
    post(api, thief, "notified", ["notification/n-2"], own)
    nothing = api.get(path, headers=bearing(thief.client))
    post(api, thief, "document_given", ["notification/n-2"], given)
    named = api.get(path, headers=bearing(thief.client))
    assert named.status_code == nothing.status_code == 404
    assert named.content == nothing.content
    assert api.get(path, headers=mine).content == content


def test_a_network_server_reads_evidence_without_a_token_and_at_a_pace(workspace: Workspace) -> None:
    served = create_app(workspace, Serving(alone=False))
    served.state.registry.pace = Pace(at_once=2.5 * HEAVY, clock=lambda: 0.0)
    with TestClient(served, base_url="http://127.0.0.1/api/v1") as stranger:
        answers = [stranger.post("movements/evidence", content=b"{}") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert answers[0].json()["evidence"]["intact"] is False
        served.state.registry.pace = Pace(at_once=10 * HEAVY)
        promised = {"Content-Length": str(evidence.MOST_BYTES + 1)}
        assert stranger.post("movements/evidence", content=b"", headers=promised).status_code == 413
        pieces = (b"x" * 1_000_000 for _ in range(21))  # promises nothing
        assert stranger.post("movements/evidence", content=pieces).status_code == 413
