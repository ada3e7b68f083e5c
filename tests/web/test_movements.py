"""The pages of shipments: two organisations, two authorities and an officer click a shipment through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kitaran.api import access
from kitaran.api.pace import Pace
from kitaran.foundation import clock
from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import accounts, sessions
from kitaran.web.app import create_app
from tests.registry.movement.conftest import BEGAN, later
from tests.registry.parties.test_facilities import LONG_AGO, found, permit

NEW: dict[str, Any] = {
    "facility": "works-1",
    "activity": "recycle",
    "export": "tha",
    "mode": "sea",
    "kind": "ev_pack",
    "chemistry": "NMC",
    "condition": "non_functional",
    "purpose": "recycling",
    "waste_code": "A1181",
    "quantity_kg": "1000",
    "shipments": "2",
    "first_departure": "2026-03-10",
    "last_departure": "2026-12-31",
    "procedure": "basel_pic",
}


class People:
    """Organisations with one person each; `be` changes who looks at the site."""

    def __init__(self, client: TestClient, registry: Registry) -> None:
        self.client, self.registry = client, registry
        self.ids: dict[str, str] = {}
        self.people: dict[str, str] = {}
        for name, role, economy in (
            ("Exporter", "operator", "THA"),
            ("Recycler", "recycler", "KOR"),
            ("Thai authority", "authority", "THA"),
            ("Korean authority", "authority", "KOR"),
            ("Korean customs", "officer", "KOR"),
            ("Stranger", "operator", "VNM"),
        ):
            self.enter(name, role, economy)
        may = ["store", "recycle"]
        found(
            registry, self.ids["Recycler"], facility="works-1", economy="KOR", activities=may, capacities=[]
        )
        permit(registry, facility="works-1", activities=may, waste_codes=["A1181"], valid_from=LONG_AGO)

    def enter(self, name: str, role: str, economy: str) -> None:
        operator = self.registry.enrolment.add(name, [role], economy=economy).operator
        with writing(self.registry.engine) as connection:
            made = accounts.add(connection, operator, f"{name} person", f"{operator}@example.org")
        self.ids[name], self.people[name] = operator, made.id

    def be(self, name: str) -> None:
        with writing(self.registry.engine) as connection:
            _session, secret = sessions.begin(connection, self.people[name], "link")
        self.client.cookies.set(access.cookie_name(False), secret)

    def post(
        self, page: str, act: str, form: str = "", content: bytes = b"", **fields: Any
    ) -> tuple[int, str, str]:
        """Send a form as a browser does: status, page, address at the end.

        form : the page on which it stands, if it is another; content : of its file
        """
        token = re.search(r'name="(form_token)" value="([^"]+)"', self.client.get(form or page).text)
        hidden = {} if token is None else {token[1]: token[2]}
        files = {"file": ("letter.pdf", content, "application/pdf")} if content else None
        answer = self.client.post(f"{page}/{act}" if act else page, data={**hidden, **fields}, files=files)
        return answer.status_code, answer.text, answer.url.path


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """One registry for all; the clock stands at the time when it began."""
    with clock.replaced(BEGAN):
        app = create_app(Workspace.make(tmp_path_factory.mktemp("shipments") / "work"))
        app.state.registry.pace = Pace(at_once=10**9)
        with TestClient(app, base_url="http://127.0.0.1", follow_redirects=True) as client:
            yield People(client, app.state.registry.whole())


def submitted(people: People) -> str:
    people.be("Exporter")
    status, _text, path = people.post("/movements/new", "", **NEW)
    assert status == 200
    assert path.startswith("/movements/notification/n-")
    return path


def consented(people: People) -> str:
    page = submitted(people)
    for who in ("Thai authority", "Korean authority"):
        people.be(who)
        assert "Acknowledge" in people.client.get(page).text
        assert people.post(page, "acknowledged")[0] == 200
        span = {"valid_from": "2026-03-02", "valid_until": "2026-12-31"}
        status, text, _path = people.post(page, "consented", **span, quantity_kg="1000", shipments="2")
        assert status == 200, text
    return page


def announced(people: People, page: str) -> str:
    people.be("Exporter")
    span = {"departs": "2026-03-20T08:00", "arrives_by": "2026-03-30T08:00"}
    status, text, path = people.post(page, "announced", mass_kg="400", **span)
    assert status == 200, text
    assert path.startswith("/movements/movement/m-")
    return path


def test_a_shipment_is_clicked_through_by_its_sides(people: People) -> None:
    client = people.client
    page = announced(people, consented(people))
    with later(days=18):
        people.be("Exporter")
        assert people.post(page, "started", mass_kg="400", seal="77")[0] == 200
    with later(days=25):
        people.be("Korean customs")
        text = client.get(page).text
        assert "Record the check" in text
        assert "MAY MOVE" in text
        assert "documents are missing in the dossier" in text
        assert people.post(page, "border_checked", finding="passed", remarks="seal whole")[0] == 200
    with later(days=27):
        people.be("Recycler")
        status, text, _path = people.post(page, "received", mass_kg="401", arrived="2026-03-29T06:00")
        assert status == 409
        assert "400 kg departed, not 401 kg" in text
        assert people.post(page, "received", mass_kg="399", arrived="2026-03-29T06:00")[0] == 200
        told = {"mass_kg": "399", "recovered_kg": "300", "completed": "2026-03-29"}
        assert people.post(page, "completed", **told)[0] == 200
        told = client.get(f"{page}.json").json()
        assert (told["state"], told["recovered_kg"]) == ("completed", "300")
        listed = client.get("/movements").text
    assert page.rpartition("/")[2] in listed
    assert "600 of 1000 kg left" in listed


def test_who_stands_in_it_in_no_way_sees_what_does_not_exist(people: People) -> None:
    client = people.client
    page = submitted(people)
    people.be("Stranger")
    there, nowhere = client.get(page), client.get("/movements/notification/n-none")
    number = page.rpartition("/")[2]
    assert there.status_code == nowhere.status_code == 404
    assert plain(there.text).replace(number, "") == plain(nowhere.text).replace("n-none", "")
    assert "No notification touches you" in client.get("/movements").text
    client.cookies.clear()
    assert client.get(page, follow_redirects=False).status_code in (303, 401)


def plain(text: str) -> str:
    return re.sub(r'value="[0-9a-f]{128}"', "", text)


def test_an_act_that_is_not_open_is_refused_and_a_wrong_field_is_told_beside_it(people: People) -> None:
    page = submitted(people)
    assert people.post(page, "consented", valid_from="2026-03-02", valid_until="2026-12-31")[0] == 422
    people.be("Korean authority")
    people.post(page, "acknowledged")
    status, text, _path = people.post(page, "consented", valid_from="soon", valid_until="2026-12-31")
    assert status == 422
    assert 'id="consented-valid_from-fault"' in text
    people.be("Exporter")
    status, text, _path = people.post("/movements/new", "", **{**NEW, "quantity_kg": "much"})
    assert status == 422
    assert 'id="quantity_kg-fault"' in text
    for name in ("facility", "kind", "export"):
        status, text, _path = people.post("/movements/new", "", **{**NEW, name: ""})
        assert status in (403, 404, 422), text
        assert f'id="{name}-fault"' in text


def test_a_question_is_answered(people: People) -> None:
    page = submitted(people)
    people.be("Korean authority")
    people.post(page, "questioned", question="Which vessel?")
    people.be("Exporter")
    text = people.client.get(page).text
    assert "Which vessel?" in text
    question = re.search(r'name="of" value="([0-9a-f]+)"', text)
    assert question is not None
    assert people.post(page, "answered", of=question[1], answer="MV Example")[0] == 200
    assert "MV Example" in people.client.get(page).text


def test_consents_that_begin_later_are_told_as_such_and_a_movement_is_announced_before(
    people: People,
) -> None:
    page = submitted(people)
    for who in ("Thai authority", "Korean authority"):
        people.be(who)
        people.post(page, "acknowledged")
        span = {"valid_from": "2026-03-10", "valid_until": "2026-12-31"}
        text = people.post(page, "consented", **span, quantity_kg="1000", shipments="2")[1]
        assert "consented, not valid yet" in text
        assert "Withdraw the consent" in text
    assert "waits for authorities" not in text
    assert "wait for" not in text
    assert "1000 of 1000 kg left" in text
    assert people.client.get(f"{page}.json").json()["state"] == "not_yet_valid"
    assert announced(people, page)


def gives(people: People, page: str, content: bytes = b"", **fields: str) -> tuple[int, str]:
    """Send the form of a document, as a browser does."""
    token = re.search(r'name="(form_token)" value="([^"]+)"', people.client.get(page).text)
    hidden = {} if token is None else {token[1]: token[2]}
    files = {"file": ("contract.pdf", content, "application/pdf")}
    address = page.replace("/movements/", "/movements/dossier/")
    answer = people.client.post(address, data={**hidden, **fields}, files=files)
    return answer.status_code, answer.text


def test_a_side_adds_a_document_whose_file_the_authorities_read(people: People) -> None:
    page, content = submitted(people), b"%PDF contract"
    status, text = gives(people, page, content, document="esm_contract", said="C-17")
    assert status == 200, text
    assert "C-17" in text
    [row] = [one for one in people.client.get(f"{page}.json").json()["dossier"] if one["state"] == "given"]
    told = row["given"][0]
    assert (row["document"], told["media_type"], told["size"]) == ("esm_contract", "application/pdf", 13)
    people.be("Korean authority")
    assert people.client.get(f"/api/v1/documents/{told['digest']}").content == content
    assert "Add a document" not in people.client.get(page).text
    people.be("Stranger")
    assert people.client.get(f"/api/v1/documents/{told['digest']}").status_code == 404
    assert gives(people, page, content, document="esm_contract")[0] == 404


def test_what_is_wrong_with_a_document_is_told_beside_its_field(people: People) -> None:
    page = submitted(people)
    status, text = gives(people, page, document="esm_contract")
    assert status == 422
    assert 'id="file-fault"' in text
    status, text = gives(people, page, document="shopping_list", said="milk")
    assert status in (403, 422)
    assert 'id="document-fault"' in text
    people.be("Korean authority")
    status, text = gives(people, page, document="esm_contract", said="by somebody else")
    assert status == 403
    assert "by somebody else" not in people.client.get(page).text


def test_evidence_is_read_without_an_account(people: People) -> None:
    client = people.client
    page = announced(people, consented(people))
    with later(days=18):
        people.be("Exporter")
        people.post(page, "started", mass_kg="400")
        content = client.get(f"{page}/bundle.json").content
        client.cookies.clear()
        read = "/movements/evidence"
        token = re.search(r'name="(form_token)" value="([^"]+)"', client.get(read).text)
        hidden = {} if token is None else {token[1]: token[2]}
        told = client.post(read, data=hidden, files={"file": ("m.json", content)})
        broken = client.post(read, data=hidden, files={"file": ("m.json", content.replace(b"400", b"900"))})
    assert told.status_code == 200, told.text
    assert "INTACT" in told.text
    assert "400 kg" in told.text
    assert "BROKEN" in broken.text
    assert "900 kg" not in broken.text


@pytest.mark.parametrize("name", ["movement", "notification", "packing_list"])
def test_papers_are_filled_from_the_registry(people: People, name: str) -> None:
    page = announced(people, consented(people))
    answer = people.client.get(f"{page}/papers/{name}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert people.client.get(f"{page}/papers/none.pdf").status_code == 404
