"""The page Own data: a form that works without scripts, faults in their cells, a look before accepting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.api import own_effect
from kitaran.api.same_site import SameSite
from kitaran.foundation.workspace import Workspace
from kitaran.reference import own_data
from kitaran.web import create_app, page_paths
from tests.api.test_own_data import workbook

BANDS = {2030: (1.0, 2.0, 3.0), 2035: (4.0, 6.5, 9.0), 2040: (10.0, 15.0, 20.0)}


class Ids(HTMLParser):
    """The ids of a page and the places inside it that its links lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if (given.get("href") or "").startswith("#"):
            self.targets.append(str(given["href"])[1:])


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The forecast itself is tested with the API; here every economy has the same one."""
    monkeypatch.setattr(own_effect, "_run", lambda economy, overrides: BANDS)
    app = create_app(Workspace.make(tmp_path / "work"))
    yield app
    app.state.jobs.engine.dispose()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False)


def send(client: TestClient, content: bytes, name: str = "thailand.xlsx") -> str:
    """Send a sound workbook; the address of its preview."""
    answer = client.post("/own-data", files={"file": (name, content)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_the_door_is_in_the_menu_and_among_the_pages(client: TestClient, app: FastAPI) -> None:
    page = client.get("/own-data")
    assert page.status_code == 200
    assert 'href="/own-data" aria-current="page"' in page.text
    assert "/own-data" in page_paths(app.state.workspace)


def test_the_page_has_a_twin(client: TestClient) -> None:
    facts = client.get("/own-data.json").json()
    assert facts["accepted"] == []
    assert facts["limit_mb"] == own_data.MAX_BYTES / 1e6


def test_the_form_needs_no_script_and_only_sends_to_this_site(client: TestClient) -> None:
    page = client.get("/own-data")
    assert 'method="post" action="/own-data" enctype="multipart/form-data"' in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_the_template_is_offered(client: TestClient) -> None:
    answer = client.get("/own-data/template.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="kitaran-own-data.xlsx"'


def test_own_figures_stand_beside_those_in_use_with_their_effect(client: TestClient) -> None:
    address = send(client, workbook(number=77777))
    page = client.get(address).text
    assert "Department of Land Transport" in page
    assert "77\u202f777" in page
    assert "iea-gevo-2025" in page
    assert "6.50" in page
    assert "4.00 to 9.00" in page
    twin = client.get(f"{address}.json").json()
    assert twin["rows"][0]["figure"] == 77777
    assert [each["year"] for each in twin["effect"]] == [2030, 2035, 2040]


def test_nothing_changes_before_accepting(client: TestClient, app: FastAPI) -> None:
    client.get(send(client, workbook()))
    assert list(app.state.workspace.overrides.iterdir()) == []


def test_accepting_leads_to_the_run_and_the_list_says_whose_figures_are_in_use(client: TestClient) -> None:
    address = send(client, workbook())
    answer = client.post(f"{address}/accept")
    assert answer.status_code == 303
    assert re.fullmatch(r"/jobs/[0-9a-f-]+", answer.headers["location"])
    page = client.get("/own-data").text
    assert "Department of Land Transport" in page
    assert f'action="{address}/remove"' in page
    assert "These figures are in use" in client.get(address).text
    client.post(f"{address}/remove")
    assert "No own figures yet" in client.get("/own-data").text


def test_a_workbook_can_be_thrown_away(client: TestClient) -> None:
    address = send(client, workbook())
    assert client.post(f"{address}/discard").headers["location"] == "/own-data"
    assert client.get(address).status_code == 404


def test_each_fault_is_linked_to_its_cell(client: TestClient) -> None:
    answer = client.post("/own-data", files={"file": ("x.xlsx", workbook(number=-1, economy="Siam"))})
    assert answer.status_code == 422
    page = Ids(answer.text)
    faults = [target for target in page.targets if target.startswith("fault-")]
    assert len(faults) == 2
    assert set(faults) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "-1" in answer.text
    assert "B5.</span> <span>" in " ".join(answer.text.split())
    assert "is negative" in answer.text
    assert client.get("/own-data.json").json()["waiting"] == []


def test_a_figure_that_stands_twice_is_shown_with_its_row(client: TestClient) -> None:
    twice = workbook(second={"number": 5})
    answer = client.post("/own-data", files={"file": ("x.xlsx", twice)})
    assert "The same figure stands in row 5." in answer.text
    page = Ids(answer.text)
    assert [target for target in page.targets if target.startswith("fault-")] == ["fault-1"]
    assert "fault-1" in page.ids


def test_a_file_that_is_no_workbook_is_explained_on_the_page(client: TestClient) -> None:
    answer = client.post("/own-data", files={"file": ("x.xlsx", b"a,b\n1,2\n")})
    assert answer.status_code == 422
    assert "no XLSX workbook" in answer.text


def test_a_missing_file_is_explained_beside_the_field(client: TestClient) -> None:
    answer = client.post("/own-data", data={"file": ""})
    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_what_a_stranger_writes_is_text_on_the_page(client: TestClient) -> None:
    address = send(client, workbook(note="<script>alert(1)</script>"), name="<img src=x>.xlsx")
    page = client.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<img src=x>" not in page


def test_another_site_cannot_send_or_accept(app: FastAPI) -> None:
    client = TestClient(SameSite(app, ["testserver"]), follow_redirects=False)
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    sent = client.post("/own-data", files={"file": ("x.xlsx", workbook())}, headers=foreign)
    assert sent.status_code == 403
    address = send(client, workbook())
    assert client.post(f"{address}/accept", headers=foreign).status_code == 403
    assert own_data.accepted(app.state.workspace.overrides) == ()


def test_an_odd_figure_is_marked_in_words(client: TestClient) -> None:
    page = client.get(send(client, workbook(number=70_000_000))).text
    assert 'class="row-flagged"' in page
    assert "1 figure looks odd" in page
