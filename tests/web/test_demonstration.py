"""A demonstration from outside: marked everywhere, opened by one click here, and by nobody anywhere else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from pypdf import PdfReader

from kitaran.api.access import ALONE, Serving
from kitaran.cli.site.serving import site
from kitaran.foundation.database import writing
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.demonstration import place
from kitaran.registry.demonstration.making import make
from kitaran.registry.demonstration.place import Demonstration
from kitaran.registry.parties import accounts
from kitaran.web import create_app, page_paths, twin_path
from kitaran.web.invented import HEADER
from tests.web.people import Browser, browser
from tests.web.synthetic_run import write_synthetic_run

ROOMS = {
    "Example Cell Works": "/producer",
    "Example Battery Yard": "/facility",
    "Example Second Life": "/facility",
    "Example Recycling": "/facility",
    "Example Customs Office": "/move",
    "Example Environment Authority": "/admin",
    "Example Audit Office": "/admin",
}
"""Where the work of each example begins."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a run and a demonstration."""
    workspace = Workspace.make(tmp_path_factory.mktemp("demonstration") / "work")
    write_synthetic_run(workspace.runs / "synthetic")
    make(workspace)
    return workspace


@pytest.fixture
def workspace(made: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(made.root, tmp_path / "work")
    return Workspace.open(tmp_path / "work")


@pytest.fixture
def shown(workspace: Workspace) -> Demonstration:
    found = place.shown(workspace)
    assert found is not None
    return found


@pytest.fixture
def app(workspace: Workspace, shown: Demonstration) -> Iterator[FastAPI]:
    served = create_app(workspace, replace(ALONE, invented=shown))
    yield served
    close(served)


def close(app: FastAPI) -> None:
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def people(visitor: Browser) -> dict[str, str]:
    """Account of each example on the page, by organisation."""
    told = visitor.get("/sign-in.json").json()["examples"]
    return {one["organisation"]: one["person"] for one in told}


def click(visitor: Browser, person: str, **fields: str) -> Response:
    return visitor.fill("/sign-in/example", "/sign-in", person=person, **fields)


def test_every_page_and_twin_says_that_the_registry_is_invented(app: FastAPI, made: Workspace) -> None:
    visitor = browser(app)
    some = {re.sub(r"[A-Z]{3}|data/\w+", "one", path): path for path in page_paths(made)}
    click(visitor, people(visitor)["Example Cell Works"])
    battery = visitor.get("/producer.json?find=EXC-1000").json()["found"][0]["id"]
    for path in (*some.values(), "/producer", "/producer/keys", "/facility", f"/b/{battery}", "/sign-in"):
        page, twin = visitor.get(path), visitor.get(twin_path(path))
        assert page.status_code == twin.status_code == 200, path
        assert '<aside class="invented"' in page.text, path
        assert "invented" in twin.json()["demonstration"], path
        assert page.headers[HEADER] == twin.headers[HEADER] == "invented"
    assert '<aside class="invented"' in visitor.get("/nowhere").text
    api = visitor.get(f"/api/v1/passports/{battery}")
    assert api.headers[HEADER] == "invented"
    assert "demonstration" not in api.json()


def test_one_click_signs_in_as_each_example_and_leads_to_its_room(app: FastAPI) -> None:
    for organisation, room in ROOMS.items():
        visitor = browser(app)
        answer = click(visitor, people(visitor)[organisation])
        assert answer.status_code == 303
        assert answer.headers["location"] == room
        assert visitor.get(room).status_code == 200
        assert visitor.get("/account.json").json()["organisation"] == organisation


def test_who_was_sent_to_sign_in_comes_back_and_to_no_other_site(app: FastAPI) -> None:
    visitor = browser(app)
    person = people(visitor)["Example Cell Works"]
    assert click(visitor, person, next="/producer/keys").headers["location"] == "/producer/keys"
    assert click(visitor, person, next="https://example.org/").headers["location"] == "/producer"


def said(answer: Response, last: str) -> str:
    """What stands on a page, without the last step of its address."""
    return answer.text.partition("<main")[2].partition("</main>")[0].replace(f"/sign-in/{last}", "")


# -- an attacker's view


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Server", "X-Real-IP", "True-Client-IP"]
)
def test_who_comes_through_a_proxy_on_this_computer_opens_no_role(app: FastAPI, header: str) -> None:
    here, through = browser(app), browser(app)
    person = people(here)["Example Cell Works"]
    through.headers[header] = "203.0.113.5"
    assert people(through) == {}
    answer = click(through, person)
    assert answer.status_code == 404
    assert "kitaran_session" not in through.cookies


def test_where_nothing_is_invented_there_is_no_such_page(workspace: Workspace, shown: Demonstration) -> None:
    for serving in (ALONE, Serving("http://127.0.0.1", alone=False), Serving(alone=False)):
        app = create_app(workspace, serving)
        visitor = browser(app)
        for person in shown.people:
            refused = click(visitor, person)
            nowhere = visitor.fill("/sign-in/nowhere", "/sign-in", person=person)
            assert refused.status_code == nowhere.status_code == 404
            assert said(refused, "example") == said(nowhere, "nowhere")
        assert visitor.get("/sign-in.json").json()["examples"] == []
        assert "invented" not in visitor.get("/sign-in").text
        assert HEADER not in visitor.get("/about").headers
        assert "demonstration" not in visitor.get("/about.json").json()
        close(app)


def test_a_demonstration_is_served_to_nobody_but_the_person_at_this_computer(shown: Demonstration) -> None:
    for given in ({"alone": False}, {"public_url": "https://example.org"}):
        with pytest.raises(ValueError, match="alone"):
            Serving(invented=shown, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [{"lan": True}, {"host": "0.0.0.0"}, {"host": "192.168.1.9"}, {"public_url": "https://example.org"}],
)
def test_however_it_is_served_to_others_it_is_the_real_registry(
    workspace: Workspace, shown: Demonstration, given: dict[str, str | bool]
) -> None:
    settings = read_settings(workspace.settings_file, **given)
    app = site(workspace, settings, ("example.org",), shown)
    inner = app._app  # type: ignore[attr-defined]
    assert inner.state.serving.invented is None
    assert inner.state.registry.workspace == workspace
    assert not inner.state.registry.invented
    visitor = TestClient(app, base_url="http://127.0.0.1")
    assert HEADER not in visitor.get("/about").headers
    close(inner)


def test_only_the_accounts_of_the_mark_open_by_a_click(app: FastAPI) -> None:
    registry = app.state.registry.whole()
    with writing(registry.engine) as connection:
        other = accounts.add(connection, "example-cells", "Late (example)", "late")
    visitor = browser(app)
    for person in (other.id, "person-0000000000000000", "", "node"):
        assert click(visitor, person).status_code == 404
    assert visitor.get("/account", follow_redirects=False).status_code == 303


def test_a_click_from_another_computer_another_site_or_without_the_token_opens_nothing(
    workspace: Workspace, shown: Demonstration, app: FastAPI
) -> None:
    here = browser(app)
    person = people(here)["Example Environment Authority"]
    away = browser(app, address="192.0.2.7")
    assert click(away, person).status_code == 404
    assert here.post("/sign-in/example", data={"person": person}).status_code == 403
    guarded = site(workspace, None, (), shown)
    visitor = Browser(guarded, base_url="http://127.0.0.1", raise_server_exceptions=False)
    token = visitor.token_at("/sign-in")
    form = {"form_token": token, "person": person}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert visitor.post("/sign-in/example", data=form, headers=headers).status_code == 403
    assert visitor.get("/sign-in", headers={"host": "rebound.example"}).status_code == 403
    assert visitor.get("/account", follow_redirects=False).status_code == 303
    close(guarded._app)  # type: ignore[attr-defined]


def test_an_example_signs_in_with_no_password(app: FastAPI) -> None:
    for name in ("demonstration-producer", "demonstration-authority"):
        for password in ("", "demonstration", name):
            assert browser(app).sign_in(name, password).status_code == 403


def test_a_session_of_the_demonstration_is_none_in_the_real_registry(
    workspace: Workspace, shown: Demonstration, app: FastAPI
) -> None:
    visitor = browser(app)
    click(visitor, people(visitor)["Example Environment Authority"])
    real = create_app(workspace)
    other = browser(real)
    other.cookies.update(visitor.cookies)
    assert other.get("/account", follow_redirects=False).status_code == 303
    close(real)


def test_the_demonstration_stays_in_its_own_file_whatever_the_settings_name(
    workspace: Workspace, shown: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITARAN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/real")
    served = create_app(workspace, replace(ALONE, invented=shown))
    engine = served.state.registry.whole().engine
    assert Path(str(engine.url.database)) == shown.workspace.database
    close(served)


def test_the_example_authority_cannot_enter_a_real_organisation(app: FastAPI) -> None:
    visitor = browser(app)
    click(visitor, people(visitor)["Example Environment Authority"])
    for name, status in (("Ministry of Industry", {403, 422}), ("Example Depot", {303})):
        made = visitor.fill("/admin/operators", name=name, role="operator", economy="THA")
        assert made.status_code in status, made.text
    assert "Ministry of Industry" not in visitor.get("/admin/operators.json").text


def test_files_that_are_sent_in_it_stay_in_it(
    app: FastAPI, workspace: Workspace, shown: Demonstration
) -> None:
    assert app.state.issuing.folder == shown.workspace.uploads / "passports"
    assert list(workspace.uploads.iterdir()) == []


def test_an_example_officer_is_led_from_a_battery_to_its_shipment_and_to_nothing_closed(app: FastAPI) -> None:
    visitor = browser(app)
    click(visitor, people(visitor)["Example Customs Office"])
    packs = visitor.get("/movements/movement/EXAMPLE-M2.json").json()["items"]
    page = visitor.get(f"/b/{packs[0].removeprefix('battery/')}").text
    led = set(re.findall(r'href="(/(?:b|movements|triage)/[^"#]+)"', page))
    assert "/movements/movement/EXAMPLE-M2" in led
    assert {path: visitor.get(path).status_code for path in led} == dict.fromkeys(led, 200)


def test_a_paper_of_the_demonstration_says_on_each_page_that_it_is_invented(app: FastAPI) -> None:
    visitor = browser(app)
    click(visitor, people(visitor)["Example Battery Yard"])
    paper = visitor.get("/movements/movement/EXAMPLE-M2/papers/movement.pdf")
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages]
    assert len(pages) > 1
    assert all("DEMONSTRATION" in page for page in pages)
