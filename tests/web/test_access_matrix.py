"""Every attribute for every reader on every way out: each value stands in one place, and a leak shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine
from typer.testing import CliRunner

from kitaran.api.pace import Pace
from kitaran.cli import build
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.ledger.verifier import verify
from kitaran.registry.passport import audiences, service
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.kinds import item_of
from kitaran.web.app import create_app
from tests.registry.parties.conftest import Client, enrol
from tests.registry.passport.conftest import Cast, cast, tell_all
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
NEIGHBOUR = "needle-serial-of-the-neighbour"
"""Serial number of another battery of the same import, which the producer has still."""
READS_ALL = {"authority", "auditor", "administrator"}
OF_LOT = {"needle-lot-label", "needle-lot-condition", "98.7654"}
OF_PACK = {"needle-pack-label", "needle-pack-condition", "11.5678"}


@dataclass(frozen=True)
class Scene:
    """A battery of which all is told, sold twice; and a pack and a lot that the holder took in."""

    api: TestClient
    workspace: Workspace
    battery: str
    neighbour: str
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


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    place = Workspace.make(tmp_path_factory.mktemp("matrix") / "work")
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres").migrated()
        place.settings_file.write_text(f'database_url = "{address}"\n')
    made = create_app(place)
    made.state.registry.pace = Pace(at_once=10**9)
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


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
        neighbour, battery = imported(players)
        tell_all(players, battery)
        sell(players, clients, battery)
        pack = take_in(players, clients["holder"], "pack", "11.5678")
        lot = take_in(players, clients["holder"], "mixed_lot", "98.7654")
        yield Scene(api, app.state.workspace, battery, neighbour, pack, lot, clients)


def imported(players: Cast) -> tuple[str, ...]:
    """A battery of which all is said, issued under one signature behind a neighbour."""
    hand, maker = players.hand(players.producer), players.producer.operator
    service.register_model(hand, maker, "pack-52", values_of("model", "static"))
    row = {"model": "pack-52", **values_of("item", "static"), "codes": [CODE]}
    beside = {"model": "pack-52", "serial_number": NEIGHBOUR}
    return service.issue_batch(hand, maker, [beside, row]).batteries


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
    own, code = values_of("item", "static"), quote(CODE)
    acts = ("acts", "acts.json", "acts/reading", "acts/hand-over", "acts/ceased")
    return (
        f"/01/{GTIN}/21/DX000123",
        f"/scan?code={code}",
        f"/scan.json?code={code}",
        f"/scan.json?code={battery}",
        f"/api/v1/identity/parse?code={code}",
        f"/triage/results/{battery}",
        f"/triage/results/{battery}.json",
        *(f"/b/{battery}/{act}" for act in acts),
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
        f"{item}/triage",
        "/api/v1/items/model/pack-52",
        "/api/v1/items/model/pack-52/events",
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
        if NEIGHBOUR in seen and who not in {"producer"} | READS_ALL:
            leaks.append((path, "serial number of the neighbour", NEIGHBOUR))
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


@pytest.mark.parametrize("who", SEES)
def test_a_battery_issued_with_many_stands_without_an_event_for_who_answers_for_it(
    scene: Scene, who: str
) -> None:
    item = f"/api/v1/items/battery/{scene.neighbour}"
    told = [scene.api.get(path, headers=scene.headers(who)) for path in (item, f"{item}/events")]
    if who not in {"producer"} | READS_ALL:
        assert {one.status_code for one in told} <= {401, 404}
        return
    assert [one.status_code for one in told] == [200, 200]
    assert (told[0].json()["head"], told[0].json()["events"], told[1].json()["events"]) == (None, 0, [])


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


@pytest.mark.parametrize("who", SEES)
def test_a_bundle_holds_the_batterys_own_row_of_its_import_for_who_has_it(scene: Scene, who: str) -> None:
    """The neighbour has no event of its own; the battery was sold and sold again."""
    readers = {scene.neighbour: {"producer"}, scene.battery: {"holder"}}
    for battery, owners in readers.items():
        answer = scene.api.get(f"/b/{battery}/bundle", headers=scene.headers(who))
        if who not in owners | READS_ALL:
            assert answer.status_code == 404, (who, battery)
            continue
        bundle = answer.json()
        assert verify(answer.content).problems == []
        [row] = bundle["rows"]
        if who == "authority":  # of the codes on a label it reads none, so of the row its hash
            assert "leaf" in row or battery == scene.neighbour
        else:
            assert row["row"]["item"] == item_of(battery)
        serials = {NEIGHBOUR, values_of("item", "static")["serial_number"]}
        shown = {one for one in serials if one in answer.text}
        assert len(shown) == ("row" in row), (who, battery)


UNPACKED = {"accept-encoding": "identity"}
"""The length of a packed page depends on the digits of the id in it."""


def whole(answer: Response, named: str) -> tuple[Any, ...]:
    """All that an answer tells: status, every header, every byte; the id that was asked for left out."""
    headers = sorted((name, value.replace(named, "ID")) for name, value in answer.headers.items())
    return answer.status_code, headers, answer.content.replace(named.encode(), b"ID")


@pytest.mark.parametrize("who", ["nobody", "past_holder", "licensed", "officer"])
def test_a_lot_of_another_is_told_as_what_is_not_there_after_the_same_questions(
    scene: Scene, app: FastAPI, who: str
) -> None:
    engine = app.state.registry.whole().engine
    absent = service.new_id()
    for there, not_there in zip(ways_out(scene.lot), ways_out(absent), strict=True):
        told = []
        for path, named in ((there, scene.lot), (not_there, absent)):
            with asked(engine) as statements:
                headers = scene.headers(who) | UNPACKED
                answer = scene.api.get(path, headers=headers, follow_redirects=False)
            told.append((*whole(answer, named), statements))
        assert told[0] == told[1], there


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    statements: list[str] = []

    def note(*told: Any) -> None:
        statements.append(str(told[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def acts_upon(item: str, battery: str) -> list[tuple[str, dict[str, Any]]]:
    """What somebody could try to say of a battery."""
    account = {"battery": battery, "account": "I try."}
    return [
        ("passport.reading_taken", {"battery": battery}),
        *(
            (f"passport.{kind}", account)
            for kind in ("repaired", "reused", "became_waste", "ceased", "revoked")
        ),
        ("custody.offered", {"to": "nobody-00000000", "basis": "sale", "claim_days": 7}),
        ("custody.installed", {"what": "vehicle", "host": "bus-1"}),
        ("custody.lost", {"reason": "I try."}),
        ("custody.stored", {"facility": "yard-1"}),
        ("custody.corrected", {"event": "0" * 32, "reason": "I try.", "condition": "fine"}),
    ]


@pytest.mark.parametrize("who", ["stranger", "past_holder"])
def test_what_a_stranger_says_of_a_battery_is_refused_in_the_same_bytes_whether_it_is_there(
    scene: Scene, who: str
) -> None:
    client, absent = scene.clients[who], service.new_id()
    for kind, payload in acts_upon(item_of(scene.lot), scene.lot):
        told = []
        for battery in (scene.lot, absent):
            named = {**payload, "battery": battery} if "battery" in payload else payload
            item = item_of(battery)
            moved = {} if kind == "passport.reading_taken" else {"expects": {item: None}}
            event = client.event(kind, named, None, **{"items": [item], "expects": {}, **moved})
            answer = scene.api.post("/api/v1/events", json=event, headers=scene.headers(who))
            told.append(whole(answer, battery))
        assert told[0] == told[1], kind
        assert told[0][0] in (403, 422), (kind, told[0])


def test_the_lists_of_readers_cover_every_audience() -> None:
    assert set().union(*SEES.values()) | {"public"} == set(audiences.ALL)
    assert {reader for one in attributes().values() for reader in one.audiences} <= set(audiences.ALL)
