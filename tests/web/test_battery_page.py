"""The page behind the QR code: small, plain, public of the model alone, and more for who may read more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.passport import service
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.kinds import item_of
from kitaran.web.app import create_app
from tests.registry.parties.conftest import enrol
from tests.registry.passport.conftest import Cast, cast, issue, tell_all
from tests.registry.passport.made_up import GTIN, needles, values_of

from .page_text import PageText
from .test_parties_pages import sign_in

CSS = Path(__file__).parents[2] / "src" / "kitaran" / "web" / "static" / "kitaran.css"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Workspace.make(tmp_path / "work"))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=True) as made:
        yield made


@pytest.fixture
def registry(client: TestClient) -> Registry:
    opened: Registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def players(registry: Registry) -> Cast:
    return cast(registry)


def test_everyone_reads_what_it_is_what_it_can_do_and_how_to_return_it(
    client: TestClient, players: Cast
) -> None:
    battery = issue(players, players.producer, "pack-52")
    html = client.get(f"/b/{battery}").text
    for words in ("needle-model_name", "How to return it", "Do not open it", "/facilities"):
        assert words in html
    assert len(PageText(html).named("h1")) == 1


def test_the_page_holds_nothing_of_the_one_battery_for_a_stranger(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    tell_all(players, battery)
    players.change(players.producer, "became_waste", battery)
    said = values_of("model", "static") | values_of("item", "static") | values_of("item", "dynamic")
    hidden = [name for name in said if not attributes()[name].is_public]
    assert len(hidden) > 50
    for page in (client.get(f"/b/{battery}").text, client.get(f"/b/{battery}.json").text):
        assert [name for name in hidden for one in needles(said[name]) if one in page] == []
        for word in ("became_waste", "waste</dd>", players.producer.operator, "Second Life"):
            assert word not in page


def test_page_and_style_together_are_under_60_kb(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    page = client.get(f"/b/{battery}").content
    assert len(page) + CSS.stat().st_size < 60_000
    assert json.loads(client.get(f"/b/{battery}.json").content)["id"] == battery


def test_who_answers_for_it_sees_readings_with_their_error_and_what_happened(
    client: TestClient, registry: Registry
) -> None:
    players = cast(registry)
    whose = sign_in(client, registry, "Gamma", "producer")
    service.register_model(registry.hand, whose, "g-1", values_of("model", "static"))
    row = {"model": "g-1", **values_of("item", "static")}
    battery = service.issue_batch(registry.hand, whose, [row]).batteries[0]
    players.read(players.licensed, battery, "remaining_capacity_ah", "131.5", error="1.5")
    players.read(players.licensed, battery, "remaining_power_capability", [{"power_w": "1200"}])
    players.change(players.licensed, "repaired", battery, "From taxi to storage.")
    html = client.get(f"/b/{battery}").text
    for words in (
        "131.5 Ah",
        "± 1.5",
        "Bench 4",
        "From taxi to storage.",
        "It is not public",
        "All readings",
    ):
        assert words in html
    client.cookies.clear()
    assert "131.5" not in client.get(f"/b/{battery}").text


def test_a_revoked_passport_says_that_it_is_not_to_be_trusted(
    client: TestClient, players: Cast, registry: Registry
) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.change(enrol(registry, "Ministry", "authority"), "revoked", battery, "A copied label.")
    html = client.get(f"/b/{battery}").text
    assert "no longer in force" in html
    assert "A copied label." not in html


def test_a_pack_of_unknown_chemistry_is_to_be_treated_as_the_most_dangerous_kind(
    client: TestClient, players: Cast
) -> None:
    battery = service.new_id()
    payload = {"battery": battery, "what": "pack", "mass_kg": "11.57", "chemistry": "unknown"}
    payload |= {"known_by": "unknown", "condition": "swollen"}
    service.append(players.hand(players.stranger), "passport.taken_in", [item_of(battery)], payload)
    html = client.get(f"/b/{battery}").text
    assert "treat it as the most dangerous kind" in html
    assert "swollen" not in html.replace("if it is swollen", "")
    assert "11.57" not in html


def test_a_gs1_digital_link_leads_to_the_page(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52", codes=[f"(01){GTIN}(21)DX1"])
    answer = client.get(f"/01/{GTIN}/21/DX1")
    assert answer.url.path == f"/b/{battery}"
    assert client.get(f"/01/{GTIN}/21/DX2").status_code == 404


def test_a_gs1_digital_link_of_a_lot_leads_only_who_answers_for_it(
    client: TestClient, players: Cast, registry: Registry
) -> None:
    battery = service.new_id()
    payload = {"battery": battery, "what": "mixed_lot", "mass_kg": "11.57", "chemistry": "unknown"}
    payload |= {"known_by": "unknown", "codes": [f"(01){GTIN}(21)LOT-1"]}
    service.append(players.hand(players.licensed), "passport.taken_in", [item_of(battery)], payload)

    def asked(serial: str, **headers: str) -> tuple[int, str]:
        answer = client.get(f"/01/{GTIN}/21/{serial}", headers=headers, follow_redirects=False)
        return answer.status_code, answer.text.replace(serial, "") + answer.headers.get("location", "")

    stranger = {"authorization": f"Bearer {players.stranger.token}"}
    assert asked("LOT-1")[0] == 404
    assert asked("LOT-1") == asked("LOT-0")
    assert asked("LOT-1", **stranger) == asked("LOT-0", **stranger)
    whose = asked("LOT-1", authorization=f"Bearer {players.licensed.token}")
    assert whose == (302, f"/b/{battery}")


def test_what_is_not_there_is_not_found_as_page_and_as_json(client: TestClient) -> None:
    assert client.get("/b/nothing").status_code == 404
    assert client.get("/b/nothing.json").status_code == 404
