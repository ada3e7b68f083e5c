"""A code on a label, typed or photographed, is told, and leads to the battery that the reader may know of."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.identity import qr
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from kitaran.web.app import create_app
from tests.registry.passport.conftest import Cast, cast, issue
from tests.registry.passport.made_up import GTIN

from .page_text import PageText

ELSEWHERE = "https://other.example/b/0b6f5d0e7a1c4b3d9e8f7a6b5c4d3e2f"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Workspace.make(tmp_path / "work"))
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture
def players(client: TestClient) -> Cast:
    opened: Registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
    return cast(opened)


def told(client: TestClient, code: str) -> dict[str, Any]:
    (one,) = client.get("/scan.json", params={"code": code}).json()["codes"]
    assert isinstance(one, dict)
    return one


def test_an_empty_form_asks_for_a_photo_or_a_code(client: TestClient) -> None:
    page = client.get("/scan")
    assert page.status_code == 200
    for words in ("Photo of the label", "Or type the code", 'capture="environment"', "not kept"):
        assert words in page.text
    assert client.get("/scan.json").json() == {"codes": []}


def test_a_gs1_code_says_its_parts_by_their_names(client: TestClient) -> None:
    page = client.get("/scan", params={"code": f"(01){GTIN}(21)DX1"}).text
    assert "(01) GTIN" in page
    assert "DX1" in page
    assert "knows no such battery" in page


def test_a_wrong_check_digit_is_told_with_its_place_and_remedy(client: TestClient) -> None:
    one = told(client, "(01)09506000134353(21)DX1")
    assert not one["valid"]
    assert "check digit" in one["errors"][0]["cause"]
    page = client.get("/scan", params={"code": "(01)09506000134353(21)DX1"}).text
    assert "check digit" in page
    assert "Look at the label again" in page


def test_a_registered_battery_is_found_by_its_gs1_code_and_by_the_address_on_its_label(
    client: TestClient, players: Cast
) -> None:
    battery = issue(players, players.producer, "pack-52", codes=[f"(01){GTIN}(21)DX77"])
    for code in (
        f"(01){GTIN}(21)DX77",
        f"https://id.gs1.org/01/{GTIN}/21/DX77",
        f"https://any.example/b/{battery}",
    ):
        assert told(client, code)["battery"] == battery
        assert f'href="/b/{battery}"' in client.get("/scan", params={"code": code}).text


def test_an_address_of_another_registry_is_no_fault(client: TestClient) -> None:
    assert told(client, ELSEWHERE)["battery"] is None
    page = client.get("/scan", params={"code": ELSEWHERE}).text
    assert "knows no such battery" in page
    assert "check digit" not in page


def test_a_mark_that_can_be_guessed_names_a_battery_to_its_holder_alone(
    client: TestClient, players: Cast
) -> None:
    battery = issue(players, players.producer, "pack-52", codes=["SHELF 7"])
    assert told(client, "SHELF 7")["battery"] is None
    client.headers["authorization"] = f"Bearer {players.stranger.token}"
    assert told(client, "SHELF 7")["battery"] is None
    client.headers["authorization"] = f"Bearer {players.producer.token}"
    assert told(client, "SHELF 7")["battery"] == battery


def test_what_is_only_here_for_its_holder_is_to_others_as_if_it_were_not(
    client: TestClient, players: Cast
) -> None:
    lot = service.new_id()
    payload = {"battery": lot, "what": "mixed_lot", "mass_kg": "312", "chemistry": "unknown"}
    payload |= {"known_by": "unknown"}
    service.append(players.hand(players.licensed), "passport.taken_in", [item_of(lot)], payload)
    hidden = client.get("/scan.json", params={"code": f"https://any.example/b/{lot}"}).json()["codes"][0]
    absent = told(client, ELSEWHERE)
    assert {**hidden, "text": ""} == {**absent, "text": ""}


def test_a_photo_is_read_and_every_code_in_it_told(client: TestClient, players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    photo = qr.png(f"https://any.example/b/{battery}")
    page = client.post("/scan", files={"photo": ("label.png", photo, "image/png")})
    assert page.status_code == 200
    assert f'href="/b/{battery}"' in page.text
    facts = client.post("/scan.json", files={"photo": ("label.png", photo, "image/png")}).json()
    assert [one["battery"] for one in facts["codes"]] == [battery]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no picture"), (b"not a picture", "no picture")],
    ids=["empty", "text"],
)
def test_what_is_no_photo_is_refused_beside_the_field(client: TestClient, content: bytes, words: str) -> None:
    page = client.post("/scan", files={"photo": ("a.png", content, "image/png")})
    assert page.status_code == 422
    assert words in page.text
    assert len(PageText(page.text).named("h1")) == 1
    assert client.post("/scan.json", files={"photo": ("a.png", content)}).status_code == 422


def test_a_photo_without_a_code_says_how_to_take_a_better_one(client: TestClient) -> None:
    blank = io.BytesIO()
    Image.new("L", (200, 200), 255).save(blank, "PNG")
    page = client.post("/scan", files={"photo": ("a.png", blank.getvalue(), "image/png")})
    assert page.status_code == 200
    assert "No code is seen" in page.text


def test_a_text_of_any_length_and_kind_is_answered(client: TestClient) -> None:
    for code in ("x" * 5_000, "https://[", "\x00", "]Q3", "ສູນ", json.dumps({"a": 1}), "(01)", "/b/x"):
        assert client.get("/scan", params={"code": code}).status_code == 200
