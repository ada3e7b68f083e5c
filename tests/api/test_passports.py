"""Who reads what of a passport: every attribute for every audience on every way out, and no leak."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import tokens
from kitaran.registry.passport import audiences, service
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.view import FIELDS
from kitaran.web.app import create_app
from tests.registry.parties.conftest import Client, enrol
from tests.registry.passport.conftest import Cast, cast, issue, tell_all
from tests.registry.passport.made_up import needles, values_of

SAID = (
    values_of("model", "static")
    | values_of("item", "static")
    | values_of("item", "dynamic")
    | {"battery_status": "original"}
)
EVERYONE = {"public"}
SEES = {
    "nobody": EVERYONE,
    "stranger": EVERYONE,
    "rival": EVERYONE,
    "licensed": EVERYONE | {"legitimate_interest"},
    "authority": EVERYONE | {"authority"},
    "officer": EVERYONE | {"movement_authority"},
    "producer": EVERYONE | {"holder", "issuer"},
    "auditor": set(audiences.ALL),
    "administrator": set(audiences.ALL),
}
"""Who asks, and the audiences that this makes of it."""
FORMATS = ("batterypass", "catenax")
OF_THE_MODEL = {"rated", "alerts"}
"""What is reckoned from public figures, and recalls of the model."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Workspace.make(tmp_path_factory.mktemp("passports") / "work"))


@pytest.fixture(scope="module")
def api(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1/api/v1") as client:
        yield client


@pytest.fixture(scope="module")
def registry(app: FastAPI, api: TestClient) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture(scope="module")
def players(registry: Registry) -> Cast:
    return cast(registry)


@pytest.fixture(scope="module")
def battery(players: Cast) -> str:
    """A battery of the producer of which every attribute is told."""
    made = issue(players, players.producer, "pack-52")
    tell_all(players, made)
    return made


@pytest.fixture(scope="module")
def asking(registry: Registry, players: Cast) -> dict[str, dict[str, str]]:
    """Headers of everyone who asks."""
    clients: dict[str, Client] = {
        "stranger": players.stranger,
        "rival": players.rival,
        "licensed": players.licensed,
        "producer": players.producer,
        **{role: enrol(registry, f"The {role}", role) for role in ("authority", "officer", "auditor")},
        "administrator": enrol(registry, "The administrator", "administrator"),
    }
    headers = {name: {"Authorization": f"Bearer {one.token}"} for name, one in clients.items()}
    return {"nobody": {}, **headers}


def may_read(attribute: str, who: str) -> bool:
    return bool(attributes()[attribute].audiences & SEES[who])


@pytest.mark.parametrize("who", SEES)
def test_each_sees_the_attributes_of_its_audiences_and_no_other(
    api: TestClient, battery: str, asking: dict[str, dict[str, str]], who: str
) -> None:
    shown = api.get(f"passports/{battery}", headers=asking[who]).json()
    assert {name for name in SAID if name in shown["attributes"]} == {n for n in SAID if may_read(n, who)}
    allowed = {name for name, readers in FIELDS.items() if readers & SEES[who]}
    assert shown.keys() <= allowed | OF_THE_MODEL


@pytest.mark.parametrize("who", SEES)
def test_no_value_leaks_on_any_way_out(
    api: TestClient, battery: str, asking: dict[str, dict[str, str]], who: str
) -> None:
    """Every value stands in one attribute alone: where it is found, that attribute was shown."""
    own = values_of("item", "static")
    paths = [
        f"passports/{battery}",
        *(f"passports/{battery}/export?format={form}" for form in FORMATS),
        f"passports?serial_number={own['serial_number']}",
        "passports",
        "passports/models",
        f"passports/{battery}/export?format=none",
        f"passports/{battery}/nothing",
        f"passports/{battery}/versions",
        f"items/battery/{battery}",
        f"items/battery/{battery}/events",
    ]
    seen = "\n".join(api.get(path, headers=asking[who]).text for path in paths)
    hidden = {name for name in SAID if not may_read(name, who)} - {"battery_status"}
    unasked = {str(own["serial_number"])} if hidden & own.keys() else set()
    leaks = {(name, one) for name in hidden for one in needles(SAID[name]) - unasked if one in seen}
    assert leaks == set()


def test_a_needle_of_what_may_be_read_is_found(
    api: TestClient, battery: str, asking: dict[str, dict[str, str]]
) -> None:
    """The search above would find a leak: for the producer it finds nearly everything."""
    seen = api.get(f"passports/{battery}", headers=asking["producer"]).text
    found = {name for name in SAID if needles(SAID[name]) and all(n in seen for n in needles(SAID[name]))}
    assert len(found) > 110


def test_health_status_use_and_custody_are_never_public(api: TestClient, battery: str) -> None:
    shown = api.get(f"passports/{battery}").json()
    assert {attributes()[name].level for name in shown["attributes"]} - {"model"} == {"item"}
    of_the_item = {name for name in shown["attributes"] if attributes()[name].level == "item"}
    assert of_the_item == {"unique_identifier"}
    public = {"id", "origin", "valid", "model", "model_version", "attributes"}
    assert shown.keys() == public | OF_THE_MODEL


def test_an_export_names_what_its_format_requires_and_the_reader_does_not_get(
    api: TestClient, battery: str, asking: dict[str, dict[str, str]]
) -> None:
    """The same names whether the others are not told or not to be read."""
    for form in FORMATS:
        path = f"passports/{battery}/export?format={form}"
        assert "kitaran-missing" not in api.get(path, headers=asking["producer"]).headers
        told = api.get(path).headers["kitaran-missing"].split(", ")
        assert "battery_status" in told
        assert "mass_kg" not in told


@pytest.mark.parametrize("who", ["nobody", "stranger", "rival", "licensed", "authority", "officer"])
def test_a_lot_of_another_is_answered_like_what_is_not_there(
    api: TestClient, players: Cast, asking: dict[str, dict[str, str]], who: str
) -> None:
    lot = service.new_id()
    payload = {"battery": lot, "what": "black_mass", "mass_kg": "980", "chemistry": "unknown"}
    payload |= {"known_by": "unknown"}
    yard = enrol(players.registry, f"Yard {secrets.token_hex(3)}", "operator")
    service.append(players.hand(yard), "passport.taken_in", [item_of(lot)], payload)
    assert api.get(f"passports/{lot}", headers={"Authorization": f"Bearer {yard.token}"}).status_code == 200
    told, asked = [], []
    for one in (lot, service.new_id()):
        for path in (f"passports/{one}", f"passports/{one}/export?format=catenax"):
            with counted(players.registry) as queries:
                answer = api.get(path, headers=asking[who])
            told.append((answer.status_code, answer.text.replace(one, "ID").replace(path, "")))
            asked.append(len(queries))
    assert told[0] == told[2]
    assert told[1] == told[3]
    assert asked[0] == asked[2], "the time of an answer must not tell either: the same queries are asked"
    assert told[0][0] == 404


class counted:
    """The statements that the database is asked meanwhile."""

    def __init__(self, registry: Registry) -> None:
        self._engine = registry.engine
        self._seen: list[str] = []

    def _note(self, *told: Any) -> None:
        self._seen.append(str(told[2]))

    def __enter__(self) -> list[str]:
        sa.event.listen(self._engine, "before_cursor_execute", self._note)
        return self._seen

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self._engine, "before_cursor_execute", self._note)


def test_a_list_holds_ones_own_and_search_finds_nothing_of_others(
    api: TestClient, battery: str, asking: dict[str, dict[str, str]]
) -> None:
    serial = values_of("item", "static")["serial_number"]
    for who, found in (("producer", [battery]), ("rival", []), ("licensed", []), ("stranger", [])):
        for query in ("", f"?serial_number={serial}"):
            answer = api.get(f"passports{query}", headers=asking[who]).json()["passports"]
            assert [one["id"] for one in answer] == found, who
    assert api.get("passports").status_code == 401
    assert api.get("passports?code=rubbish-code", headers=asking["producer"]).json()["passports"] == []


def test_the_versions_of_a_model_tell_what_changed_as_far_as_it_may_be_read(
    api: TestClient, players: Cast, asking: dict[str, dict[str, str]]
) -> None:
    maker = enrol(players.registry, "Another maker", "producer")
    made = issue(players, maker, "pack-53")
    changed = values_of("model", "static") | {"mass_kg": "299", "hours_to_open": "1.25"}
    service.register_model(players.hand(maker), maker.operator, "pack-53", changed)
    for who, seen in (("nobody", ["mass_kg"]), ("licensed", ["hours_to_open", "mass_kg"])):
        versions = api.get(f"passports/{made}/versions", headers=asking[who]).json()["versions"]
        assert [one["version"] for one in versions] == [1, 2]
        assert versions[1]["changed"] == seen


def test_several_audiences_read_what_each_of_them_may_and_a_narrow_token_less(
    api: TestClient, registry: Registry, battery: str
) -> None:
    """A ministry with a test bench: points 2 and 3 as authority, 2 and 4 by its licence; the set adds up."""
    office = enrol(registry, "Office with a bench", "authority", "officer")

    def sees(token: str) -> set[str]:
        answer = api.get(f"passports/{battery}", headers={"Authorization": f"Bearer {token}"})
        return set(answer.json()["attributes"]) & SAID.keys()

    def of(*audiences: str) -> set[str]:
        return {name for name in SAID if attributes()[name].audiences & {"public", *audiences}}

    assert sees(office.token) == of("authority", "movement_authority")
    licence = {"licence": f"licence-{secrets.token_hex(4)}", "number": "L-1", "authority": "DIW"}
    licence |= {"valid_from": "2020-01-01T00:00:00.000Z"}
    registry.enrolment.grant_licence(office.operator, {**licence, "activities": ["test"]})
    assert sees(office.token) == of("authority", "movement_authority", "legitimate_interest")
    with writing(registry.engine) as connection:
        narrow = tokens.make(connection, office.operator, roles=frozenset({"officer"}))
    assert sees(narrow) == of("movement_authority", "legitimate_interest")


def test_a_wrong_token_is_refused_and_not_taken_for_nobody(api: TestClient, battery: str) -> None:
    assert api.get(f"passports/{battery}", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_licence_that_has_ended_shows_no_interest_any_more(
    api: TestClient, registry: Registry, battery: str
) -> None:
    late = enrol(registry, "Late", "repurposer")
    licence = {
        "licence": f"licence-{secrets.token_hex(4)}",
        "number": "F-1",
        "authority": "Department of Works",
        "activities": ["repurpose"],
        "valid_from": "2020-01-01T00:00:00.000Z",
        "valid_until": "2021-01-01T00:00:00.000Z",
    }
    registry.enrolment.grant_licence(late.operator, licence)
    shown = api.get(f"passports/{battery}", headers={"Authorization": f"Bearer {late.token}"}).json()
    assert "readings" not in shown
    assert "remaining_capacity_ah" not in shown["attributes"]
