"""Recording triage by a click, and the page of a battery's results: who may, and what strangers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran.api.access import Serving
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties.clicks import kept_hand
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage.columns import SEEN
from kitaran.web.app import create_app
from tests.registry.parties.conftest import enrol
from tests.web.test_parties_pages import post, sign_in

BATTERY = "0123456789ab4def8123456789abcdef"
TEST = {"chemistry": "LFP", "q_nominal_ah": "100", "nominal_v": "51.2", "capacity_test_ah": "92"}
TEST |= dict.fromkeys(SEEN, "0")
PAGE = "/triage?" + "&".join(f"{name}={value}" for name, value in TEST.items())
RESULTS = f"/triage/results/{BATTERY}"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Workspace.make(tmp_path / "work"))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=True) as made:
        yield made


@pytest.fixture
def registry(client: TestClient) -> Registry:
    opened: Registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
    return opened


def keeper(client: TestClient, registry: Registry) -> str:
    """A signed-in person of an organisation that has the battery; the organisation's id."""
    operator = sign_in(client, registry, "Keeper", "repurposer")
    hand = kept_hand(registry.ledger, registry.kept, operator, operator, "command-line")
    payload = {"battery": BATTERY, "what": "pack", "mass_kg": "44", "chemistry": "LFP", "known_by": "label"}
    service.append(hand, "passport.taken_in", [item_of(BATTERY)], payload)
    return operator


def record(client: TestClient, **more: str) -> tuple[int, str]:
    fields = {**TEST, "place": "THA", "battery": BATTERY, "instrument": "Bench 4", **more}
    return post(client, "/triage", "/triage/record", **fields)


def test_without_signing_in_the_answer_is_told_and_nothing_is_recorded(client: TestClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "/triage/record" not in page.text
    answer = client.post("/triage/record", data=TEST, follow_redirects=False)
    assert answer.status_code in (302, 303, 401, 403)


def test_a_signed_in_keeper_records_what_it_sees_and_finds_it_again(
    client: TestClient, registry: Registry
) -> None:
    keeper(client, registry)
    status, page = record(client)
    assert status == 200, page
    assert "Fit for use as before" in page
    assert "Bench 4" in page
    assert "Full capacity test, Ah" in page
    assert "capacity_test_ah" not in page
    assert ">Keeper</dd>" in page
    facts = client.get(f"{RESULTS}.json").json()
    assert facts["results"][0]["told"]["soh"] == "0.9200"
    assert facts["may_dispute"]
    shown = client.get(f"/b/{BATTERY}.json").json()
    assert shown["attributes"]["remaining_capacity_ah"]["value"] == "92.000"
    (short,) = shown["triage"]["results"]
    assert short["result"] == shown["triage"]["current"]
    assert (short["state"], short["grade"]) == ("stands", "reuse")


def test_the_battery_leads_to_its_test_its_record_and_back(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    item = client.get(f"/b/{BATTERY}").text
    assert f'href="/triage?battery={BATTERY}"' in item
    assert f'href="{RESULTS}"' in item
    assert f'name="battery" value="{BATTERY}"' in client.get(f"/triage?battery={BATTERY}").text
    answer = client.get(f"{PAGE}&battery={BATTERY}").text
    assert re.search(rf'<input id="battery"[^>]* value="{BATTERY}"', answer)
    assert f'href="/triage?battery={BATTERY}"' in client.get(RESULTS).text
    assert "/triage/record" not in client.get("/triage?battery=%22%3E").text


def test_a_stranger_to_the_battery_is_led_to_no_test(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    sign_in(client, registry, "Stranger", "operator")
    page = client.get(f"/b/{BATTERY}")
    assert f"/triage?battery={BATTERY}" not in page.text
    assert RESULTS not in page.text


def test_a_dispute_is_raised_and_withdrawn_by_clicks(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    record(client)
    result = client.get(f"{RESULTS}.json").json()["results"][0]["result"]
    status, page = post(client, RESULTS, f"{RESULTS}/disputes", result=result, reason="The shunt was off.")
    assert status == 200, page
    assert "The shunt was off." in page
    [doubt] = client.get(f"{RESULTS}.json").json()["results"][0]["disputes"]
    fields = {"dispute": doubt["dispute"], "outcome": "withdrawn"}
    status, page = post(client, RESULTS, f"{RESULTS}/settled", **fields)
    assert status == 200
    assert client.get(f"{RESULTS}.json").json()["results"][0]["state"] == "stands"


def test_what_cannot_be_recorded_is_told_beside_its_field(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    wrong = {
        "battery": ("f" * 32, "not an id"),
        "instrument": ("",),
        "facility": ("nowhere",),
        "supersedes": ("none-such",),
    }
    for field, values in wrong.items():
        for value in values:
            status, page = record(client, **{field: value})
            assert 400 <= status < 500, (field, value)
            assert f'id="{field}-fault"' in page, (field, value)


def test_a_stranger_is_answered_like_for_a_battery_that_is_not_there(
    client: TestClient, registry: Registry
) -> None:
    keeper(client, registry)
    record(client)
    client.cookies.clear()
    sign_in(client, registry, "Stranger", "operator")
    known, unknown = client.get(RESULTS), client.get(f"/triage/results/{'f' * 32}")
    assert known.status_code == unknown.status_code == 404
    assert _bare(known.text, BATTERY) == _bare(unknown.text, "f" * 32)
    assert "92" not in client.get(f"{RESULTS}.json").text


def _bare(page: str, battery: str) -> str:
    """A page without the battery's id and without the token of its forms, which is new each time."""
    return re.sub(r'name="form_token" value="[0-9a-f]+"', "", page.replace(battery, "X"))


def test_programs_read_the_results_they_may(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    record(client)
    stranger = enrol(registry, "Program", "operator")
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {stranger.token}"}
    path = "/api/v1/items/battery/{}/triage"
    answers = [client.get(path.format(one), headers=headers) for one in (BATTERY, "f" * 32)]
    assert [one.status_code for one in answers] == [404, 404]
    assert client.get(path.format(BATTERY)).status_code == 401


def test_on_a_shared_server_a_file_is_graded_without_an_account_and_recording_asks_for_one(
    tmp_path: Path,
) -> None:
    app = create_app(Workspace.make(tmp_path / "work"), Serving(alone=False))
    content = b"id,chemistry,q_nominal_ah,capacity_test_ah\nA,LFP,100,92\n"
    with TestClient(app, base_url="http://127.0.0.1") as site:
        for address in ("/triage", "/triage.json"):
            answer = site.post(address, data={"place": "THA"}, files={"file": ("t.csv", content)})
            assert answer.status_code == 200, answer.text
        answer = site.post("/triage/record", data=TEST, follow_redirects=False)
        assert answer.status_code in (302, 303, 401, 403)


def test_the_stock_on_the_record_is_built_into_systems(client: TestClient, registry: Registry) -> None:
    keeper(client, registry)
    address = "/triage/build?stock=1&target_kwh=4&place=THA"
    assert "None of your batteries has a recorded test." in client.get(address).text
    record(client)
    plan = client.get(address.replace("build?", "build.json?")).json()["plan"]
    assert [each["batteries"] for each in plan["systems"]] == [[BATTERY]]
    assert plan["systems"][0]["usable_kwh"] == pytest.approx(100 * 51.2 / 1000 * 0.92 * 0.97, abs=1e-3)
    assert BATTERY in client.get(address).text
