"""Every attribute for every reader on every way out: each value stands in one place, and a leak shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.passport import audiences, service
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.kinds import item_of
from kitaran.web.app import create_app
from tests.registry.parties.conftest import Client, enrol
from tests.registry.passport.conftest import Cast, cast, issue, tell_all
from tests.registry.passport.made_up import GTIN, needles, values_of

SAID = (
    values_of("model", "static")
    | values_of("item", "static")
    | values_of("item", "dynamic")
    | {"battery_status": "original"}
)
CODE = f"(01){GTIN}(21)DX000123"
SEES: dict[str, set[str]] = {
    "nobody": set(),
    "stranger": set(),
    "rival": set(),
    "past_holder": set(),
    "licensed": {"legitimate_interest"},
    "authority": {"authority"},
    "officer": {"movement_authority"},
    "holder": {"holder"},
    "producer": {"issuer"},
    "auditor": set(audiences.ALL),
    "administrator": set(audiences.ALL),
}
"""Who asks, and which audiences that makes of it beside the public; the producer sold, the holder has it."""
OF_CUSTODY = {
    "place of the first sale": ("needle-first-place", {"past_holder", "producer", "holder"}),
    "condition of the second sale": ("needle-second-condition", {"past_holder", "holder"}),
    "host of the holder": ("needle-host-of-holder", {"holder"}),
}
"""What custody alone tells, and to whom beside those who read everything."""
READS_ALL = {"authority", "auditor", "administrator"}
OF_LOT = {"needle-lot-label", "needle-lot-condition", "98.7654"}
OF_PACK = {"needle-pack-label", "needle-pack-condition", "11.5678"}


@dataclass(frozen=True)
class Scene:
    """A battery of which all is told, sold twice; and a pack and a lot that the holder took in."""

    api: TestClient
    workspace: Workspace
    battery: str
    pack: str
    lot: str
    clients: dict[str, Client] = field(default_factory=dict)

    def headers(self, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.clients[who].token}"} if who != "nobody" else {}

    def text(self, who: str, path: str) -> str:
        return self.api.get(path, headers=self.headers(who)).text

    def command(self, who: str, *words: str) -> str:
        given = ["--public"] if who == "nobody" else ["--token", self.clients[who].token]
        told = CliRunner().invoke(
            build(), ["passport", *words, *given, "--workspace", str(self.workspace.root)]
        )
        return told.output + str(told.exception or "")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Workspace.make(tmp_path_factory.mktemp("matrix") / "work"))


@pytest.fixture(scope="module")
def scene(app: FastAPI) -> Iterator[Scene]:
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as api:
        registry: Registry = app.state.registry.whole()
        players = cast(registry)
        clients = {
            "stranger": players.stranger,
            "rival": players.rival,
            "licensed": players.licensed,
            "producer": players.producer,
            "past_holder": enrol(registry, "Past", "operator"),
            "holder": enrol(registry, "Present", "operator"),
            **{role: enrol(registry, f"The {role}", role) for role in ("authority", "officer", "auditor")},
            "administrator": enrol(registry, "The administrator", "administrator"),
        }
        battery = issue(players, players.producer, "pack-52", codes=[CODE])
        tell_all(players, battery)
        sell(players, clients, battery)
        pack = take_in(players, clients["holder"], "pack", "11.5678")
        lot = take_in(players, clients["holder"], "mixed_lot", "98.7654")
        yield Scene(api, app.state.workspace, battery, pack, lot, clients)


def sell(players: Cast, clients: dict[str, Client], battery: str) -> None:
    """From the producer to one who had it for a day, and on to the holder, who puts it into a store."""
    item = item_of(battery)
    terms = {"passes": "both", "basis": "sale", "claim_days": 7}
    hands = {name: players.hand(clients[name]) for name in ("producer", "past_holder", "holder")}
    to = clients["past_holder"].operator
    first = custody.offer(hands["producer"], [item], {"to": to, **terms}, "needle-first-place")
    custody.accept(hands["past_holder"], first["offer"])
    to = clients["holder"].operator
    told = {"to": to, **terms, "condition": "needle-second-condition"}
    second = custody.offer(hands["past_holder"], [item], told)
    custody.accept(hands["holder"], second["offer"])
    hands["holder"].record(
        "custody.installed", item, {"what": "storage_system", "host": "needle-host-of-holder"}
    )


def take_in(players: Cast, client: Client, what: str, mass_kg: str) -> str:
    made, name = service.new_id(), "pack" if what == "pack" else "lot"
    payload = {"battery": made, "what": what, "mass_kg": mass_kg, "chemistry": "unknown"}
    payload |= {
        "known_by": "unknown",
        "label": f"needle-{name}-label",
        "condition": f"needle-{name}-condition",
    }
    service.append(players.hand(client), "passport.taken_in", [item_of(made)], payload)
    return made


def ways_out(battery: str) -> tuple[str, ...]:
    """Every address that tells of one battery, or could."""
    passport, item = f"/api/v1/passports/{battery}", f"/api/v1/items/battery/{battery}"
    own = values_of("item", "static")
    return (
        f"/b/{battery}",
        f"/b/{battery}.json",
        f"/b/{battery}.json?place=IND",
        f"/b/{battery}/verify",
        f"/b/{battery}/verify.json",
        f"/b/{battery}/bundle",
        passport,
        f"{passport}?any=thing",
        f"{passport}/versions",
        f"{passport}/export?format=batterypass",
        f"{passport}/export?format=catenax",
        f"{passport}/export?format=none",
        f"{passport}/nothing",
        "/api/v1/passports",
        f"/api/v1/passports?serial_number={own['serial_number']}",
        f"/api/v1/passports?code={CODE}",
        f"/api/v1/passports?code={own['batch_number']}&limit=-1",
        "/api/v1/passports/models",
        item,
        f"{item}/events",
        f"{item}/custody",
        f"{item}/lineage",
        "/api/v1/custody/offers",
        "/api/v1/alerts",
    )


def may_read(attribute: str, who: str) -> bool:
    return bool(attributes()[attribute].audiences & ({"public"} | SEES[who]))


@pytest.mark.parametrize("who", SEES)
def test_no_value_leaks_to_a_reader_on_any_way_out(scene: Scene, who: str) -> None:
    hidden = {name for name in SAID if not may_read(name, who)} - {"battery_status"}
    leaks = []
    for path in ways_out(scene.battery):
        seen = scene.text(who, path)
        for name in hidden:
            leaks += [(path, name, one) for one in needles(SAID[name]) if one in seen and one not in path]
        for what, (needle, readers) in OF_CUSTODY.items():
            if needle in seen and who not in readers | READS_ALL:
                leaks.append((path, what, needle))
    if who in READS_ALL:  # who reads the events of every item finds there what is said of it in the open log
        leaks = [one for one in leaks if "/items/" not in one[0] and not one[0].endswith("/bundle")]
    assert leaks == []


@pytest.mark.parametrize("who", ["nobody", "past_holder", "licensed", "holder"])
def test_the_command_line_tells_a_token_no_more_than_the_api(scene: Scene, who: str) -> None:
    hidden = {name for name in SAID if not may_read(name, who)} - {"battery_status"}
    shown = scene.command(who, "show", scene.battery, "--json")
    exported = scene.command(who, "export", scene.battery, "--format", "batterypass")
    leaks = [name for name in hidden for one in needles(SAID[name]) if one in shown + exported]
    assert leaks == []
    assert set(json.loads(shown)["attributes"]) >= {n for n in SAID if may_read(n, who)} - {"battery_status"}
    assert "no such passport" in scene.command(who, "show", scene.lot) or who in {
        "holder",
        "auditor",
        "administrator",
    }


@pytest.mark.parametrize("who", SEES)
def test_each_reader_finds_what_it_may_read(scene: Scene, who: str) -> None:
    """The search above would find a leak: what may be read is found by the same needles."""
    for path in (f"/api/v1/passports/{scene.battery}", f"/b/{scene.battery}.json"):
        shown = scene.api.get(path, headers=scene.headers(who)).json()
        assert {n for n in SAID if n in shown["attributes"]} == {n for n in SAID if may_read(n, who)}
        text = json.dumps(shown, ensure_ascii=False)
        wanted = [one for name in SAID if may_read(name, who) for one in needles(SAID[name])]
        assert [one for one in wanted if one not in text] == []


def test_a_new_holder_reads_what_the_old_one_read_and_finds_it_in_its_list(scene: Scene) -> None:
    listed: dict[str, Any] = {
        who: [
            one["id"]
            for one in scene.api.get("/api/v1/passports", headers=scene.headers(who)).json()["passports"]
        ]
        for who in ("producer", "past_holder", "holder", "licensed")
    }
    assert scene.battery in listed["producer"], "who issued it answers for its passport still"
    assert scene.battery in listed["holder"]
    assert listed["past_holder"] == []
    assert listed["licensed"] == []
    readings = scene.api.get(f"/api/v1/passports/{scene.battery}", headers=scene.headers("holder")).json()
    assert readings["readings"]


@pytest.mark.parametrize("who", SEES)
def test_what_was_taken_in_is_known_to_who_has_it(scene: Scene, who: str) -> None:
    for made, needle in ((scene.pack, OF_PACK), (scene.lot, OF_LOT)):
        seen = "".join(scene.text(who, path) for path in ways_out(made) if made in path)
        found = {one for one in needle if one in seen}
        assert found == (needle if who in {"holder"} | READS_ALL else set()), made


@pytest.mark.parametrize("who", ["nobody", "past_holder", "licensed", "officer"])
def test_a_lot_of_another_is_told_as_what_is_not_there(scene: Scene, who: str) -> None:
    absent = service.new_id()
    for there, not_there in zip(ways_out(scene.lot), ways_out(absent), strict=True):
        answers = [scene.api.get(path, headers=scene.headers(who)) for path in (there, not_there)]
        assert answers[0].status_code == answers[1].status_code, there
        assert answers[0].text.replace(scene.lot, absent) == answers[1].text, there


def test_the_lists_of_readers_cover_every_audience() -> None:
    assert set().union(*SEES.values()) | {"public"} == set(audiences.ALL)
    assert {reader for one in attributes().values() for reader in one.audiences} <= set(audiences.ALL)
