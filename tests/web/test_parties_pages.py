"""Pages of facilities, incidents and alerts: what everyone reads, and what a click records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran.api import access
from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import accounts, sessions
from kitaran.web.app import create_app
from tests.registry.parties.conftest import enrol
from tests.registry.parties.test_alerts import GTIN, have, recall
from tests.registry.parties.test_facilities import found, permit
from tests.registry.parties.test_incidents import about


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Workspace.make(tmp_path / "work"))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=True) as made:
        yield made


@pytest.fixture
def registry(client: TestClient) -> Registry:
    opened: Registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
    return opened


def sign_in(client: TestClient, registry: Registry, name: str, *roles: str) -> str:
    """Sign a person of a new organisation in; the organisation's id."""
    operator = registry.enrolment.add(name, roles).operator
    with writing(registry.engine) as connection:
        person = accounts.add(connection, operator, f"{name} person", f"{name.lower()}@example.org")
        _session, secret = sessions.begin(connection, person.id, "link")
    client.cookies.set(access.cookie_name(False), secret)
    return operator


def post(client: TestClient, page: str, action: str, **fields: object) -> tuple[int, str]:
    """Send the form of a page with its token, as a browser does."""
    token = re.search(r'name="([a-z_]*token[a-z_]*)" value="([^"]+)"', client.get(page).text)
    hidden = {} if token is None else {token[1]: token[2]}
    answer = client.post(action, data={**hidden, **fields})
    return answer.status_code, answer.text


def test_everyone_reads_facilities_and_alerts_and_nobody_unknown_reads_incidents(
    client: TestClient, registry: Registry
) -> None:
    operator = registry.enrolment.add("Delta", ["recycler"]).operator
    found(registry, operator)
    registry.hand.record("parties.alert_issued", "alert/recall-1", recall())
    assert "Delta works" in client.get("/facilities").text
    assert "12000.5" in client.get("/facilities/delta-1").text
    assert client.get("/facilities/nowhere").status_code == 404
    assert "Do not charge it" in client.get("/alerts/recall-1").text
    assert "reach" not in client.get("/alerts/recall-1.json").json()
    for path in ("/incidents", "/incidents.json", "/technicians"):
        assert client.get(path, follow_redirects=False).status_code in (302, 303, 401), path


def test_an_administrator_registers_a_facility_and_its_permit(client: TestClient, registry: Registry) -> None:
    operator = sign_in(client, registry, "Office", "administrator")
    fields = {"operator": operator, "name": "Works", "economy": "tha", "activities": ["store", "recycle"]}
    status, text = post(client, "/facilities", "/facilities", **fields, latitude="200")
    assert status == 422
    assert 'id="latitude-fault"' in text
    status, text = post(client, "/facilities", "/facilities", **fields, waste_codes="A1181, Y49")
    assert status == 200, text
    [one] = client.get("/facilities.json").json()["facilities"]
    assert (one["activities"], one["waste_codes"]) == (["store", "recycle"], ["A1181", "Y49"])
    assert one["under_permit"] == []
    page = f"/facilities/{one['facility']}"
    permit = {"number": "F-1", "authority": "DIW", "activities": "recycle", "valid_from": "2020-01-01"}
    status, text = post(client, page, f"{page}/permits", **permit)
    assert status == 200, text
    assert client.get("/facilities.json").json()["facilities"][0]["under_permit"] == ["recycle"]


def test_a_recycler_registers_no_facility_by_a_click(client: TestClient, registry: Registry) -> None:
    operator = sign_in(client, registry, "Delta", "recycler")
    status, _ = post(client, "/incidents", "/facilities", operator=operator, name="X", economy="THA")
    assert status == 403


def test_an_incident_is_reported_followed_up_and_closed_by_clicks(
    client: TestClient, registry: Registry
) -> None:
    sign_in(client, registry, "Delta", "recycler")
    fields = {"what": "fire", "account": "Smoke.\r\nWater.", "happened_at": "2026-01-31T08:00"}
    fields |= {"reporter_name": "Malee"}
    status, text = post(client, "/incidents", "/incidents", **fields, injured="some")
    assert status == 422
    status, text = post(client, "/incidents", "/incidents", **fields, subjects="nobody-knows-1")
    assert (status, 'id="subjects-fault"' in text, 'value="nobody-knows-1"' in text) == (422, True, True)
    pack, other = f"{7:032x}", f"{8:032x}"
    fields |= {"subjects": f"https://registry.example/b/{pack}", "item": f"battery/{other}"}
    status, text = post(client, "/incidents", "/incidents", **fields)
    assert status == 200, text
    assert "Malee" in text
    assert ">Delta</dd>" in text
    [one] = client.get("/incidents.json").json()["incidents"]
    assert [each["id"] for each in one["content"]["subjects"]] == [f"battery/{other}", f"battery/{pack}"]
    page = f"/incidents/{one['id']}"
    assert post(client, page, f"{page}/follow-up", step="contained", account="Cooled.")[0] == 200
    status, text = post(client, page, f"{page}/close", outcome="resolved", account="Crushed.")
    assert status == 200
    assert "Crushed." in text
    sign_in(client, registry, "Stranger", "recycler")
    assert client.get("/incidents.json").json()["incidents"] == []
    assert client.get(page).status_code == 404


def test_a_maker_issues_an_alert_and_sees_whom_it_concerns(client: TestClient, registry: Registry) -> None:
    sign_in(client, registry, "Maker", "producer")
    words = {"what": "recall", "title": "Cells", "hazard": "Fire.", "instruction": "Stop."}
    status, text = post(client, "/alerts", "/alerts", **words)
    assert status == 422
    assert "neither a GTIN nor a model" in text
    status, text = post(client, "/alerts", "/alerts", **words, gtin=GTIN)
    assert status == 200, text
    assert "Affected batteries" in text
    [one] = client.get("/alerts.json").json()["alerts"]
    page = f"/alerts/{one['alert']}"
    assert post(client, page, f"{page}/withdraw", reason="Mended.")[0] == 200
    assert not client.get("/alerts.json").json()["alerts"][0]["holds"]


def test_an_economy_is_told_by_its_name_and_offered_by_it(client: TestClient, registry: Registry) -> None:
    found(registry, registry.enrolment.add("Delta", ["recycler"]).operator)
    sign_in(client, registry, "Ministry", "authority")
    page = client.get("/facilities").text
    assert ">Thailand</td>" in page
    assert '<option value="KHM">Cambodia</option>' in page
    assert ">Thailand" in client.get("/facilities/delta-1").text


def test_the_api_gives_what_the_pages_show(client: TestClient, registry: Registry) -> None:
    operator = registry.enrolment.add("Delta", ["recycler"])
    found(registry, operator.operator)
    registry.hand.record("parties.alert_issued", "alert/recall-1", recall())
    assert client.get("/api/v1/facilities/delta-1").json() == client.get("/facilities/delta-1.json").json()
    assert client.get("/api/v1/alerts").json() == client.get("/alerts.json").json()
    bearing = {"Authorization": f"Bearer {operator.token}"}
    assert client.get("/api/v1/incidents", headers=bearing).json() == {"incidents": []}
    assert client.get("/api/v1/incidents").status_code == 401
    assert client.get("/api/v1/alerts/recall-1/affected", headers=bearing).status_code == 404


def test_an_alert_about_the_model_of_another_maker_opens_nothing(
    client: TestClient, registry: Registry
) -> None:
    first, second = enrol(registry, "First", "producer"), enrol(registry, "Second", "producer")
    have(registry, first, [("pack-1", {"gtin": GTIN})])
    for number, maker in enumerate((first, second)):
        name = f"recall-{number}"
        about(registry, maker, "alert_issued", recall(alert=name), f"alert/{name}")
        bearing = {"Authorization": f"Bearer {maker.token}"}
        reach = client.get(f"/api/v1/alerts/{name}/affected", headers=bearing).json()
        assert reach["items"] == (["pack-1"] if maker is first else [])
        assert list(reach["holders"]) == ([first.operator] if maker is first else [])


def test_an_authority_changes_a_facility_enters_its_pre_consent_and_closes_it(
    client: TestClient, registry: Registry
) -> None:
    operator = registry.enrolment.add("Delta", ["recycler"]).operator
    found(registry, operator)
    permit(registry)
    sign_in(client, registry, "Ministry", "authority")
    page = "/facilities/delta-1"
    kept = client.get(f"{page}.json").json()
    shown = client.get(f"{page}/change").text
    assert 'name="capacity_dismantle" type="text" value="12000.5"' in shown
    fields = {"name": "Delta works", "economy": "tha", "activities": ["store", "dismantle"]}
    fields |= {"waste_codes": "a1181, Y49", "latitude": "13.7563", "longitude": "100.5018"}
    fields |= {"capacity_dismantle": "12000.5", "unit_dismantle": "t/year"}
    fields |= {"storage": "80", "storage_unit": "t", "storage_days": "180"}
    assert post(client, f"{page}/change", f"{page}/change", **fields)[0] == 200
    assert client.get(f"{page}.json").json() == kept, "the form sent as it stands changes nothing"
    assert post(client, f"{page}/change", f"{page}/change", **fields | {"storage_days": "90"})[0] == 200
    assert client.get(f"{page}.json").json()["storage"]["days"] == 90
    status, text = post(client, f"{page}/change", f"{page}/change", **fields | {"storage_days": "many"})
    assert (status, "valid integer" in text) == (422, True)
    consent = {"reference": "TH/PC/1", "authority": "PCD", "economy": "tha", "waste_codes": "A1181"}
    consent |= {"valid_from": "2026-01-01", "valid_until": "2040-01-01"}
    status, text = post(client, f"{page}/preconsents", f"{page}/preconsents", **consent)
    assert status == 200, text
    assert "TH/PC/1" in text
    facts = client.get(f"{page}.json").json()
    for what in ("preconsent", "permit"):
        [one] = facts[f"{what}s"]
        sent = {"what": what, "id": one[what], "reason": "Given back."}
        assert post(client, page, f"{page}/end", **sent)[0] == 200
        assert not client.get(f"{page}.json").json()[f"{what}s"][0]["valid"]
    assert (
        post(client, f"{page}/change", f"{page}/end", what="facility", id="delta-1", reason="Sold.")[0] == 200
    )
    assert client.get(f"{page}.json").json()["open"] is False


def test_an_operator_changes_nothing_of_its_own_facility(client: TestClient, registry: Registry) -> None:
    found(registry, sign_in(client, registry, "Delta", "recycler"))
    for path in ("change", "preconsents", "end"):
        token = "/facilities/delta-1"
        status, _ = post(client, token, f"/facilities/delta-1/{path}", what="facility", reason="Mine.")
        assert status == 403
    assert client.get("/facilities/delta-1/change").status_code == 403
    assert client.get("/facilities/delta-1.json").json()["open"] is True


def test_an_authority_enters_a_certificate_and_ends_it(client: TestClient, registry: Registry) -> None:
    operator = registry.enrolment.add("Delta", ["recycler"]).operator
    sign_in(client, registry, "Ministry", "authority")
    fields = {"operator": operator, "name": "Malee", "issuer": "Skills council", "valid_from": "2026-01-01"}
    status, text = post(client, "/technicians", "/technicians", **fields)
    assert status == 422
    assert 'id="scopes-high_voltage"' in text
    fields |= {"scopes": ["high_voltage", "dismantling"], "certificate_number": "HV-7"}
    status, text = post(client, "/technicians", "/technicians", **fields)
    assert status == 200, text
    assert "Malee" in text
    assert "HV-7" in text
    [one] = client.get("/technicians.json").json()["certificates"]
    assert (one["operator_name"], one["valid"]) == ("Delta", True)
    sent = {"certificate": one["id"], "technician": one["technician"], "reason": "left"}
    assert post(client, "/technicians", "/technicians/end", **sent)[0] == 200
    assert client.get("/technicians.json").json()["certificates"][0]["valid"] is False
    sign_in(client, registry, "Echo", "recycler")
    assert client.get("/technicians.json").json() == {"certificates": []}
    assert post(client, "/account", "/technicians/end", **sent)[0] == 403
