"""The pages of a shipment's whole procedure, in one registry: what waits for whom, and the rarer acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kitaran.api.pace import Pace
from kitaran.foundation import clock
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.web.app import create_app
from tests.registry.movement.conftest import BEGAN, later
from tests.web.test_movements import NEW, People, announced, consented, submitted


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """Both organisations, two authorities and an officer, a carrier, an observer; the clock stands."""
    with clock.replaced(BEGAN):
        app = create_app(Workspace.make(tmp_path_factory.mktemp("shipments") / "work"))
        app.state.registry.pace = Pace(at_once=10**9)
        with TestClient(app, base_url="http://127.0.0.1", follow_redirects=True) as client:
            registry: Registry = app.state.registry.whole()
            made = People(client, registry)
            made.enter("Carrier", "operator", "SGP")
            made.enter("Observer", "observer", "JPN")
            yield made


def tasks(people: People, who: str) -> list[tuple[str, str]]:
    """What waits for somebody: the act and the item."""
    people.be(who)
    return [(one["what"], one["item"]) for one in people.client.get("/movements.json").json()["tasks"]]


def item(path: str) -> str:
    return path.removeprefix("/movements/")


def test_what_waits_for_each_role_stands_first_and_nothing_that_it_cannot_do(people: People) -> None:
    page = submitted(people)
    assert tasks(people, "Exporter") == []
    assert ("acknowledge", item(page)) in tasks(people, "Korean authority")
    for who, may in (("Exporter", True), ("Korean authority", False), ("Korean customs", False)):
        people.be(who)
        assert ("New notification" in people.client.get("/movements").text) is may
        assert people.client.get("/movements/new").status_code == (200 if may else 403)
    people.be("Korean authority")
    found = people.client.get(f"/movements.json?q={page[-6:].upper()}").json()
    assert [one["notification"] for one in found["notifications"]] == [page.rpartition("/")[2]]
    assert people.client.get("/movements.json?q=nobody").json()["tasks"] == []
    text = people.client.get("/movements").text
    assert text.index("What waits for you") < text.index("<h2>Movements")
    assert "tables name no period; notified on 2026-03-02" in text


def test_an_officer_is_told_what_to_check_and_what_it_holds(people: People) -> None:
    page = announced(people, consented(people))
    with later(days=18):
        people.be("Exporter")
        people.post(page, "started", mass_kg="400", seal="77")
        assert tasks(people, "Korean customs") == [("check", item(page))]
        people.post(page, "border_checked", finding="held", remarks="Two packs leak")
        assert tasks(people, "Korean customs") == [("release", item(page))]
        text = people.client.get(page).text
        assert "HELD AT THE BORDER" in text
        assert "By its papers alone" in text
        people.be("Recycler")
        assert "Officer" in people.client.get(page).text
        assert tasks(people, "Recycler") == []
        people.be("Korean customs")
        people.post(page, "border_checked", finding="passed")
        assert tasks(people, "Recycler") == [("receive", item(page))]


def test_an_exporter_changes_its_notification_and_only_what_it_changes_is_recorded(people: People) -> None:
    page, carrier = submitted(people), people.ids["Carrier"]
    stands = {"quantity_kg": "1000", "shipments": "2", "last_departure": "2026-12-31"}
    status, text, _path = people.post(page, "amended", **stands, reason="nothing")
    assert (status, "Nothing is changed." in text) == (422, True)
    status, text, _path = people.post(page, "amended", **{**stands, "quantity_kg": "much"}, reason="more")
    assert status == 422
    assert 'id="amended-quantity_kg-fault"' in text
    assert "Write a number of kilograms" in text
    assert 'value="much"' in text
    changed = {**stands, "shipments": "3"}
    assert people.post(page, "amended", **changed, carriers=carrier, reason="Two trucks")[0] == 200
    told = people.client.get(f"{page}.json").json()
    assert (told["quantity"]["shipments"], told["carriers"]) == (3, [carrier])
    amended = next(one["payload"] for one in told["events"] if one["kind"] == "amended")
    assert amended == {"shipments": 3, "carriers": [carrier], "reason": "Two trucks"}


def test_a_mass_is_corrected_upwards_and_a_failure_is_taken_back(people: People) -> None:
    page = announced(people, consented(people))
    with later(days=18):
        people.be("Exporter")
        people.post(page, "started", mass_kg="400")
        status, text, _path = people.post(page, "mass_corrected", mass_kg="390", reason="scale")
        assert status == 409
        assert 'id="mass_corrected-mass_kg-fault"' in text
        assert people.post(page, "mass_corrected", mass_kg="410", reason="scale")[0] == 200
        people.be("Recycler")
        assert people.post(page, "failed", reason="Our line stands still")[0] == 200
        assert "TO BE TAKEN BACK" in people.client.get(page).text
        assert ("take_back", item(page)) in tasks(people, "Exporter")
    with later(days=30):
        people.be("Exporter")
        assert people.post(page, "taken_back", mass_kg="410", arrived="2026-03-30T08:00")[0] == 200
        assert people.client.get(f"{page}.json").json()["state"] == "taken_back"


def test_who_was_at_fault_as_importer_takes_charge_of_the_load_itself(people: People) -> None:
    page = announced(people, consented(people))
    with later(days=18):
        people.be("Exporter")
        people.post(page, "started", mass_kg="400")
        people.be("Korean authority")
        told = {"of": "KOR", "ground": "illegal_importer", "reason": "No permit for black mass"}
        assert people.post(page, "failed", **told)[0] == 200
        assert "It is back" not in people.client.get(page).text
        people.be("Exporter")
        assert people.post(page, "taken_back", mass_kg="400", arrived="2026-03-20T08:00")[0] == 422
    with later(days=25):
        people.be("Recycler")
        told = {"mass_kg": "400", "arrived": "2026-03-26T08:00", "remarks": "At works 2, by agreement"}
        assert people.post(page, "taken_back", **told)[0] == 200


def test_a_document_is_withdrawn_by_who_gave_it(people: People) -> None:
    page = submitted(people)
    dossier = page.replace("/movements/", "/movements/dossier/")
    assert people.post(dossier, "", form=page, document="esm_contract", said="wrong one")[0] == 200
    given = _given(people, page)
    people.be("Korean authority")
    assert "Withdraw it" not in people.client.get(page).text
    assert people.post(dossier, "withdraw", form=page, given=given, reason="not mine")[0] == 403
    people.be("Exporter")
    assert "Withdraw it" in people.client.get(page).text
    assert people.post(dossier, "withdraw", form=page, given=given)[0] == 422
    assert people.post(dossier, "withdraw", form=page, given=given, reason="The wrong one")[0] == 200
    assert _given(people, page) == ""


def _given(people: People, page: str) -> str:
    dossier = people.client.get(f"{page}.json").json()["dossier"]
    return "".join(row["given"] for one in dossier for row in one["given"])


def test_the_letter_of_an_authority_that_does_not_act_here_is_entered_with_its_file(people: People) -> None:
    people.be("Exporter")
    page = people.post("/movements/new", "", **{**NEW, "transit_1": "mys"})[2]
    assert item(page).startswith("notification/")
    assert ("acknowledge", item(page)) in tasks(people, "Thai authority")
    letter = {"of": "MYS", "paper_reference": "DOE 12/2026", "paper_dated": "2026-03-01"}
    status, text, _path = people.post(page, "acknowledged", **letter)
    assert status == 422
    assert 'id="acknowledged-MYS-file-fault"' in text
    assert 'value="DOE 12/2026"' in text
    assert people.post(page, "acknowledged", content=b"%PDF letter", **letter)[0] == 200
    [transit] = [one for one in _authorities(people, page) if one["economy"] == "MYS"]
    assert transit["acknowledged_at"] is not None
    people.be("Korean authority")
    assert people.post(page, "acknowledged", content=b"%PDF letter", **letter)[0] == 422


def _authorities(people: People, page: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = people.client.get(f"{page}.json").json()["authorities"]
    return found


def test_a_corridor_is_proposed_joined_watched_and_left(people: People) -> None:
    client = people.client
    people.be("Thai authority")
    form = {"name": "Packs to Korea", "valid_from": "2026-03-01", "valid_until": "2027-03-01"}
    status, text, _path = people.post("/movements/corridors/new", "", **form)
    assert status == 422
    assert 'id="facilities-fault"' in text
    assert 'value="Packs to Korea"' in text
    form |= {"authorities": people.ids["Korean authority"], "facilities": "works-1", "discloses": "dates"}
    form |= {"observers": people.ids["Observer"]}
    page = people.post("/movements/corridors/new", "", **form)[2]
    assert page.startswith("/movements/corridor/c-")
    for who in ("Korean authority", "Recycler"):
        assert ("join", item(page)) in tasks(people, who)
        assert people.post(page, "corridor_joined")[0] == 200
    assert client.get(f"{page}.json").json()["runs"] is True
    people.be("Exporter")
    number = page.rpartition("/")[2]
    assert client.get(page).status_code == 404
    assert people.post("/movements/new", "", **{**NEW, "corridor": number})[0] == 200
    people.be("Recycler")
    assert people.post(page, "barrier_met", barrier="No line takes class 9")[0] == 200
    barrier = client.get(f"{page}.json").json()["barriers"][0]["barrier"]
    assert people.post(page, "barrier_lifted", of=barrier, how="One line does")[0] == 200
    people.be("Observer")
    seen = client.get(f"{page}.json").json()
    assert (seen["opened"], seen["figures"]["notifications"]) == (["dates"], 1)
    assert (seen["figures"]["sent_kg"], seen["figures"]["lost_kg"]) == (None, None)
    assert "Join the corridor" not in client.get(page).text
    people.be("Korean authority")
    assert people.post(page, "corridor_left", reason="The pilot is over")[0] == 200
    assert client.get(f"{page}.json").json()["runs"] is False


def test_only_a_public_corridor_is_read_by_anybody(people: People) -> None:
    client = people.client
    found = {}
    for name, public in (("Open", "1"), ("Closed", "")):
        people.be("Thai authority")
        form = {"name": name, "valid_from": "2026-03-01", "valid_until": "2027-03-01"}
        told = {**form, "facilities": "works-1", "discloses": "dates", "public": public}
        found[name] = people.post("/movements/corridors/new", "", **told)[2]
    client.cookies.clear()
    assert [one["name"] for one in client.get("/movements/corridors.json").json()["corridors"]] == ["Open"]
    assert client.get(found["Open"]).status_code == 200
    assert client.get(found["Closed"]).status_code == 404
    for who in ("Recycler", "Korean customs"):
        people.be(who)
        assert client.get("/movements/corridors/new").status_code == 403


def test_a_pre_consented_facility_reports_its_periods(people: People) -> None:
    people.be("Korean authority")
    form = {"reference": "KOR-2025-004", "authority": "Ministry", "economy": "KOR", "waste_codes": "Y31"}
    span = {"valid_from": "2025-06-01", "valid_until": "2028-06-01"}
    assert people.post("/facilities/works-1/preconsents", "", **form, **span)[0] == 200
    people.be("Recycler")
    [mine] = people.client.get("/movements.json").json()["preconsents"]
    page = f"/movements/reports/{mine['preconsent']}"
    assert page in people.client.get("/movements").text
    people.be("Exporter")
    there, nowhere = (people.client.get(one).text for one in (page, "/movements/reports/none"))
    assert plain(there).replace(mine["preconsent"], "none") == plain(nowhere)
    people.be("Recycler")
    told = {"received_kg": "48000", "treated_kg": "41000", "recovered_kg": "30500"}
    status, text, _path = people.post(
        page, "preconsent_reported", period_from="2026-01-01", period_until="2026-12-31", **told
    )
    assert status == 403
    assert 'id="preconsent_reported-period_until-fault"' in text
    assert 'value="48000"' in text
    span = {"period_from": "2025-07-01", "period_until": "2025-12-31"}
    assert people.post(page, "preconsent_reported", **span, **told)[0] == 200
    people.be("Korean authority")
    seen = people.client.get(f"{page}.json").json()
    assert (seen["reports"][0]["received_kg"], seen["reports"][0]["seen_kg"]) == ("48000", "0")
    assert "Report a period" not in people.client.get(page).text


def plain(text: str) -> str:
    return re.sub(r'value="[0-9a-f]{128}"', "", text)


ALONE: dict[str, Any] = {
    **{name: NEW[name] for name in ("facility", "activity", "export", "mode", "kind", "chemistry")},
    "procedure": "none",
    "mass_kg": "40",
    "departs": "2026-03-20T08:00",
    "arrives_by": "2026-03-30T08:00",
}


def test_what_needs_no_consent_is_announced_alone_and_the_law_is_asked(people: People) -> None:
    page = "/movements/new-movement"
    people.be("Exporter")
    waste = {"condition": "non_functional", "purpose": "recycling", "waste_code": "A1181"}
    status, text, _path = people.post(page, "", **ALONE, **waste)
    assert status == 403
    assert 'id="procedure-fault"' in text
    assert 'value="A1181"' in text
    status, text, _path = people.post(page, "", **{**ALONE, "kind": ""}, **waste)
    assert 'id="kind-fault"' in text
    status, text, path = people.post(page, "", **ALONE, condition="functional", purpose="direct_reuse")
    assert status == 200, text
    assert people.client.get(f"{path}.json").json()["notification"] is None
    people.be("Korean customs")
    assert people.client.get(page).status_code == 403
