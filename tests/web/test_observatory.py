"""The observatory: a register is sent, its effect is shown, a person decides, the plan says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.api.access import Serving
from kitaran.foundation.workspace import Workspace
from kitaran.observatory import effect
from kitaran.reference import own_data, read
from kitaran.web import create_app, page_paths
from kitaran.web.plan import _initial_stock
from kitaran.web.results import Results, current
from tests.web.page_text import PageText
from tests.web.people import browser, person

HERE = "/observatory"
REGISTER = "plate,vehicle class,powertrain,first registered,count,chemistry\n1AB,car,BEV,2021,300,LFP\n"
BAND = {"p10": 1.0, "p50": 2.0, "p90": 3.0}
EFFECT: dict[str, Any] = {
    "scenario": "asia-pacific",
    "samples": 200,
    "headline": [
        {
            "quantity": "retired_batteries",
            "unit": "count",
            "year": 2030,
            "before": BAND,
            "after": {"p10": 4.0, "p50": 5.0, "p90": 6.0},
        }
    ],
    "stock": [
        {
            "vehicle_class": "car",
            "cohort": 2021,
            "year": 2023,
            "modelled": 120.0,
            "counted": 300.0,
            "in_use": 300.0,
            "adjustment": 180.0,
        }
    ],
}


@pytest.fixture(autouse=True)
def _known_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forecast itself is tested with the proposals; here every register does the same."""
    monkeypatch.setattr(
        effect,
        "effect_of",
        lambda upload, economy, overrides, samples=200: {**EFFECT, "figures": effect.state_of(overrides)},
    )


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    made = create_app(Workspace.make(tmp_path / "work"))
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False)


def send(client: TestClient, text: str = REGISTER, **words: str) -> Any:
    told = {"economy": "THA", "observed": "2023", "title": "Vehicle register 2023", **words}
    return client.post(HERE, data=told, files={"file": ("register.csv", text.encode())})


def test_the_page_stands_among_the_pages_and_has_a_twin(client: TestClient, app: FastAPI) -> None:
    assert client.get(HERE).status_code == 200
    assert client.get(f"{HERE}.json").json() == {"proposals": []}
    assert HERE in page_paths(app.state.workspace)


def test_a_register_leads_to_a_proposal_that_shows_what_it_does(client: TestClient) -> None:
    answer = send(client)
    assert answer.status_code == 303
    address = answer.headers["location"]
    html = client.get(address).text
    for words in ("Vehicle register 2023", "300", "120", "+180", "1.00 to 3.00", "4.00 to 6.00", "plate"):
        assert words in html, words
    facts = client.get(f"{address}.json").json()
    assert facts["effect"]["headline"][0]["after"]["p50"] == 5.0
    assert facts["not_read"] == ["plate"]
    assert "1AB" not in json.dumps(facts)


def test_faults_stand_with_row_and_column_and_nothing_is_kept(client: TestClient) -> None:
    answer = send(client, REGISTER + "1AC,lorry,BEV,2021,3,\n1AD,car,BEV,2030,3,\n")
    assert answer.status_code == 422
    assert "row 3, column B" in answer.text
    assert "row 4, column D" in answer.text
    assert 'value="Vehicle register 2023"' in answer.text
    page = PageText(answer.text)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert client.get(f"{HERE}.json").json()["proposals"] == []


def test_without_register_and_without_registered_batteries_there_is_nothing_to_propose(
    client: TestClient,
) -> None:
    answer = client.post(HERE, data={"economy": "THA"}, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "nothing to start from" in answer.text


def test_accepted_it_is_in_use_and_taken_out_nothing_of_it_is_left(client: TestClient, app: FastAPI) -> None:
    address = send(client).headers["location"]
    overrides = app.state.workspace.overrides
    answer = client.post(f"{address}/accept")
    assert answer.headers["location"].startswith("/jobs/")
    (row,) = read("observed_stock", overrides).rows
    assert (row.text("economy"), row.number("value"), row.text("chemistry")) == ("THA", 300.0, "LFP")
    assert "Accepted on" in client.get(address).text
    assert f'id="{row.text("source")}"' in client.get(HERE).text
    assert client.get("/own-data.json").json()["accepted"] == []
    assert client.post(f"{address}/undo").status_code == 303
    assert not list(overrides.glob("*.csv"))
    assert own_data.accepted(overrides) == ()


def test_a_rejected_one_moves_nothing(client: TestClient, app: FastAPI) -> None:
    address = send(client).headers["location"]
    assert client.post(f"{address}/reject").headers["location"] == HERE
    assert "Rejected" in client.get(HERE).text
    assert not list(app.state.workspace.overrides.glob("*.csv"))


def test_what_is_no_proposal_is_not_found(client: TestClient) -> None:
    for path in (f"{HERE}/000000000000", f"{HERE}/nothing", f"{HERE}/000000000000.json"):
        assert client.get(path).status_code == 404


def test_programs_do_the_same(client: TestClient) -> None:
    sent = client.post(
        "/api/v1/observatory",
        data={"economy": "tha", "observed": "2023"},
        files={"file": ("register.csv", REGISTER.encode())},
    )
    assert sent.status_code == 201
    address = f"/api/v1/observatory/{sent.json()['id']}"
    assert sent.json()["title"] == "register"
    assert client.get(address).json()["vehicles"] == 300
    assert client.post(f"{address}/undo").status_code == 422
    assert client.post(f"{address}/accept").json()["proposal"]["state"] == "accepted"
    assert client.post(f"{address}/reject").status_code == 422
    assert client.post(f"{address}/undo").json()["proposal"]["state"] == "undone"
    listed = client.get("/api/v1/observatory").json()["proposals"]
    assert [one["state"] for one in listed] == ["undone"]
    assert client.get("/api/v1/observatory/template.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(("observed", "cause"), [("20x4", "is no year"), ("1999", "is after the year")])
def test_a_year_that_does_not_fit_is_told(client: TestClient, observed: str, cause: str) -> None:
    answer = send(client, observed=observed)
    assert answer.status_code == 422
    assert cause in answer.text


def test_who_has_not_signed_in_sees_accepted_proposals_only_and_decides_nothing(
    client: TestClient, app: FastAPI
) -> None:
    address = send(client).headers["location"]
    app.state.serving = Serving(alone=False)
    assert client.get(f"{HERE}.json").json() == {"proposals": []}
    unknown = client.get(f"{HERE}/000000000000.json")
    hidden = client.get(f"{address}.json")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace(address[-12:], "000000000000") == unknown.text
    assert client.post(f"/api/v1{address}/accept").status_code == 401
    assert not list(app.state.workspace.overrides.glob("*.csv"))


def test_an_authority_of_the_economy_or_the_administrator_decides_and_nobody_else(
    client: TestClient, app: FastAPI
) -> None:
    address = send(client).headers["location"]
    registry = app.state.registry.whole()
    app.state.serving = Serving(alone=False)
    for name, economy, role in (
        ("mekong", "LAO", "authority"),
        ("siam", "THA", "recycler"),
        ("krung", "THA", "authority"),
        ("root", "THA", "administrator"),
    ):
        registry.enrolment.add(f"Example {name}", [role], economy=economy)
        person(registry, f"Example {name}", name, role)
    for name in ("mekong", "siam"):
        somebody = browser(app)
        somebody.sign_in(name)
        html = somebody.get(address).text
        assert "An authority of Thailand or the administrator of this installation decides." in html
        assert f"{address}/accept" not in html
        for act in ("accept", "reject", "undo"):
            assert somebody.fill(f"{address}/{act}", at=HERE).status_code == 403
            token = {"X-Form-Token": somebody.token_at(HERE)}
            assert somebody.post(f"/api/v1{address}/{act}", headers=token).status_code == 403
        assert somebody.fill("/observatory/000000000000/accept", at=HERE).status_code == 404
    told = registry.enrolment.add("Example program", ["authority"], economy="THA").token
    sent = {"Authorization": f"Bearer {told}"}
    assert client.post(f"/api/v1{address}/accept", headers=sent).status_code == 401
    assert own_data.accepted(app.state.workspace.overrides) == ()
    for name, act in (("krung", "accept"), ("root", "undo")):
        somebody = browser(app)
        somebody.sign_in(name)
        assert f"{address}/{act}" in somebody.get(address).text
        assert somebody.fill(f"{address}/{act}", at=address).status_code == 303


def test_a_register_that_a_later_one_replaced_is_not_said_to_be_in_use(client: TestClient) -> None:
    first = send(client).headers["location"]
    later = send(client, observed="2024", title="Vehicle register 2024").headers["location"]
    for one in (first, later):
        client.post(f"{one}/accept")
    rows = {row["id"]: row for row in client.get(f"{HERE}.json").json()["proposals"]}
    assert rows[first[-12:]]["replaced"] == {"car": later[-12:]}
    assert rows[later[-12:]]["holds"] == ["car"]
    assert "Replaced by a later one" in client.get(HERE).text
    html = client.get(first).text
    assert "Accepted, and replaced by a later one" in html
    assert f'href="{later}"' in html
    waits = send(client, observed="2022", title="Vehicle register 2022").headers["location"]
    assert "accepting this one changes nothing for" in client.get(waits).text


def test_the_effect_is_told_with_its_reason(client: TestClient) -> None:
    address = send(client).headers["location"]
    told = client.get(f"{address}.json").json()["in_words"]
    assert told["how"] == (
        "In 2030, 5.00 batteries retire with it, 2.00 without it: 3.00 more. "
        "Without the register, so much was thought unlikely (less than 1 in 10)."
    )
    assert told["why"] == [
        "Cars: 300 in use at the end of 2023, 120 in the model. More batteries are there to retire. "
        "They are as old as in the model, 2.0 years on average."
    ]
    assert told["how"] in client.get(address).text


def test_the_plan_says_what_a_run_starts_from(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "economy": "THA",
        "observed_at_end_of": 2023,
        "title": "Vehicle register 2023",
        "source": "own-register-tha-3f2a9c",
        "accepted_on": "2026-05-04",
    }
    plain = dict(current_manifest(site))
    monkeypatch.setattr(Results, "manifest", property(lambda self: {**plain, "initial_stock": [told]}))
    html = site.get("/plan/THA").text
    assert (
        "Thailand starts from the vehicles counted in Vehicle register 2023, in use at the end of 2023."
        in html
    )
    assert '<time datetime="2026-05-04">' in html
    assert 'href="/observatory#own-register-tha-3f2a9c"' in html
    assert _initial_stock(Results("", Path()), "ASIA_PACIFIC") == [{"name": "Thailand", **told}]
    assert _initial_stock(Results("", Path()), "LAO") == []


def current_manifest(site: TestClient) -> dict[str, Any]:
    found = current(site.app.state.workspace)  # type: ignore[attr-defined]
    assert found is not None
    return dict(found.manifest)
