"""What everyone reads of a passport comes ready made, and is never older than the database."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran.api.passports import public_facts
from kitaran.api.public_bodies import PublicBodies
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, open_whole
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from kitaran.web.app import create_app
from tests.registries import STORES, opened
from tests.registry.parties.conftest import enrol
from tests.registry.passport.conftest import Cast, cast, issue
from tests.registry.passport.made_up import GTIN, values_of

PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.make(tmp_path / "work")


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(create_app(workspace), base_url="http://127.0.0.1", headers=PLAIN) as made:
        yield made


@pytest.fixture
def elsewhere(client: TestClient, workspace: Workspace) -> Iterator[Registry]:
    """Another process with the same database."""
    client.get("/b/" + 32 * "0" + ".json")
    opened = open_whole(workspace, read_settings(workspace.settings_file))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def players(elsewhere: Registry) -> Cast:
    return cast(elsewhere)


def addresses(battery: str) -> tuple[str, str]:
    return f"/api/v1/passports/{battery}", f"/b/{battery}.json"


def test_what_is_ready_has_the_bytes_that_the_routes_give(client: TestClient, players: Cast) -> None:
    first = issue(players, players.producer, "pack-52")
    row = {"model": "pack-52", "serial_number": "another"}
    second = service.issue_batch(players.hand(players.producer), players.producer.operator, [row]).batteries[
        0
    ]
    for battery in (first, second, first):
        for address in addresses(battery):
            made_each_time = client.get(address + "?routes=")
            assert client.get(address).content == made_each_time.content
            assert battery in made_each_time.text


def test_a_packed_answer_unpacks_to_the_plain_one(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    for address in addresses(battery):
        with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
            packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed) == client.get(address).content
        assert len(packed) < 0.4 * len(client.get(address).content)


def test_a_new_version_is_read_at_once_whichever_process_wrote_it(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    for mass in ("311", "312"):
        told = values_of("model", "static") | {"mass_kg": mass}
        service.register_model(players.hand(players.producer), players.producer.operator, "pack-52", told)
        for address in addresses(battery):
            assert client.get(address).json()["attributes"]["mass_kg"]["value"] == mass


@pytest.mark.parametrize("how", ["revoked", "ceased"])
def test_the_end_of_a_passport_is_read_at_once_and_of_no_other(
    client: TestClient, players: Cast, how: str
) -> None:
    battery = issue(players, players.producer, "pack-52")
    row = {"model": "pack-52", "serial_number": "another"}
    other = service.issue_batch(players.hand(players.producer), players.producer.operator, [row]).batteries[0]
    assert client.get(f"/b/{battery}.json").json()["valid"] is True
    ministry = enrol(players.registry, "Ministry", "authority")
    players.change(ministry if how == "revoked" else players.producer, how, battery)
    assert client.get(f"/b/{battery}.json").json()["valid"] is False
    assert client.get(f"/b/{other}.json").json()["valid"] is True


def test_a_recall_is_read_at_once_and_so_is_its_end(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    assert client.get(f"/b/{battery}.json").json()["alerts"] == []
    recall(players.hand(players.producer), "recall-1")
    told = client.get(f"/b/{battery}.json").json()["alerts"]
    assert [one["title"] for one in told] == ["Cells swell"]
    assert told[0]["concerns_this_battery"] is None, "the batch of one battery is not public"
    withdrawn = {"alert": "recall-1", "reason": "Mended."}
    players.hand(players.producer).record("parties.alert_withdrawn", "alert/recall-1", withdrawn)
    assert client.get(f"/b/{battery}.json").json()["alerts"] == []


def test_the_alert_of_a_rival_is_not_put_on_the_page_of_anothers_model(
    client: TestClient, players: Cast
) -> None:
    battery = issue(players, players.producer, "pack-52")
    recall(players.hand(players.rival), "recall-1")
    assert client.get(f"/b/{battery}.json").json()["alerts"] == []


def recall(hand: Hand, alert: str) -> None:
    payload = {
        "alert": alert,
        "what": "recall",
        "title": "Cells swell",
        "hazard": "They may catch fire.",
        "instruction": "Park outside.",
        "pattern": {"gtin": GTIN, "batch_from": "B1", "batch_until": "B9"},
    }
    hand.record("parties.alert_issued", f"alert/{alert}", payload)


def test_a_known_reader_gets_what_is_its_own_and_not_what_is_ready(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    own = {"authorization": f"Bearer {players.producer.token}"}
    for address in addresses(battery):
        assert "timeline" not in client.get(address).json()
        assert "timeline" in client.get(address, headers=own).json()
        assert client.get(address, headers={"authorization": "Bearer none"}).status_code == 401


def test_a_lot_is_answered_like_what_is_not_there(client: TestClient, players: Cast) -> None:
    lot = service.new_id()
    payload = {"battery": lot, "what": "black_mass", "mass_kg": "980", "chemistry": "unknown"}
    payload |= {"known_by": "unknown"}
    service.append(players.hand(players.stranger), "passport.taken_in", [item_of(lot)], payload)
    absent = service.new_id()
    for there, not_there in zip(addresses(lot), addresses(absent), strict=True):
        answers = [client.get(one) for one in (there, not_there)]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].text.replace(lot, absent) == answers[1].text


def test_head_tells_the_size_and_sends_nothing(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    for address in addresses(battery):
        answer = client.head(address)
        assert answer.content == b""
        assert int(answer.headers["content-length"]) == len(client.get(address).content)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_both_stores_find_what_was_made_until_it_changes(registry: Registry) -> None:
    players = cast(registry)
    battery = issue(players, players.producer, "pack-52")
    bodies = PublicBodies(registry.engine)
    assert bodies.find(battery) is None, "nothing is made before it is asked for"
    made = bodies.make(battery, public_facts)
    assert made is not None
    assert bodies.find(battery) is made
    told = values_of("model", "static") | {"mass_kg": "311"}
    service.register_model(players.hand(players.producer), players.producer.operator, "pack-52", told)
    assert bodies.find(battery) is None
    assert bodies.make(service.new_id(), public_facts) is None
    bodies.close()


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    with opened(request, tmp_path) as made:
        yield made
