"""The pages of the administration: who sees them, and what an administrator does there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.web import create_app, twin_path
from tests.web.page_text import PageText
from tests.web.people import PASSWORD, Browser, browser, person

PAGES = (
    "/admin",
    "/admin/operators",
    "/admin/people",
    "/admin/tokens",
    "/admin/sessions",
    "/admin/audit",
    "/admin/audit?of=record",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A site with a ministry, whose Amara administers, and a recycler's Somchai."""
    made = create_app(Workspace.make(tmp_path_factory.mktemp("administered") / "work"))
    registry = made.state.registry.whole()
    person(registry, "Ministry", "Amara", "administrator")
    person(registry, "Delta Recyclers", "Somchai", "recycler")
    person(registry, "Court of Audit", "Ines", "auditor")
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


@pytest.fixture(scope="module")
def registry(app: FastAPI) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture(scope="module")
def amara(app: FastAPI) -> Browser:
    made = browser(app)
    assert made.sign_in("amara").status_code == 303
    return made


@pytest.fixture(scope="module")
def somchai(app: FastAPI) -> Browser:
    made = browser(app)
    assert made.sign_in("somchai").status_code == 303
    return made


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_those_who_may_and_its_twin_too(
    app: FastAPI, amara: Browser, somchai: Browser, path: str
) -> None:
    stranger = browser(app)
    page = amara.get(path)
    assert page.status_code == 200, page.text
    assert len(PageText(page.text).named("h1")) == 1
    assert amara.get(twin_path(path)).json()
    assert somchai.get(path).status_code == somchai.get(twin_path(path)).status_code == 403
    away = stranger.get(path, follow_redirects=False)
    assert away.status_code == 303
    assert away.headers["location"].startswith("/sign-in?next=/admin")
    assert stranger.get(twin_path(path)).status_code == 401


def test_an_auditor_reads_all_of_it_and_changes_nothing(app: FastAPI) -> None:
    ines = browser(app)
    ines.sign_in("ines")
    for path in PAGES:
        page = ines.get(path)
        assert page.status_code == 200
        forms = re.findall(r'<form[^>]*action="([^"]*)"', page.text)
        assert set(forms) <= {"/preferences", "/admin/verify"}, path
    token = ines.token_at("/")
    for path in ("/admin/operators", "/admin/people", "/admin/tokens"):
        assert ines.post(path, data={"form_token": token, "name": "X"}).status_code == 403


def test_an_organisation_a_person_and_its_first_steps(
    app: FastAPI, registry: Registry, amara: Browser
) -> None:
    added = amara.fill("/admin/operators", name="Beta Carriers", economy="THA", role=["operator"])
    assert added.status_code == 303, added.text
    at = added.headers["location"]
    page = amara.get(at).text
    assert "Beta Carriers" in page
    assert "this installation, for its people" in page
    operator = at.rpartition("/")[2]
    made = amara.fill("/admin/people", operator=operator, name="Lek", sign_in_name="lek@beta.example")
    link = re.search(r"/sign-in/link\?code=([\w-]+)", made.text)
    assert link is not None
    assert made.headers["cache-control"] == "no-store"
    lek = browser(app)
    lek.get(link[0])
    assert lek.fill("/sign-in/link", password=PASSWORD, again=PASSWORD).status_code == 303
    assert lek.get("/account.json").json()["organisation"] == "Beta Carriers"


def test_what_an_administrator_clicks_names_the_session_and_is_custodial(
    registry: Registry, amara: Browser
) -> None:
    assert amara.fill("/admin/operators", name="Gamma", role=["producer"]).status_code == 303
    session = next(s["session"] for s in amara.get("/account.json").json()["sessions"] if s["this"])
    rows = amara.get("/admin/audit.json?of=record").json()["rows"]
    added = next(row for row in rows if row["kind"] == "parties.operator_added")
    assert added["session"] == session
    assert (added["organisation"], added["person"]) == ("Ministry", "Amara")


def test_a_licence_is_entered_and_ended(registry: Registry, amara: Browser) -> None:
    at = amara.fill("/admin/operators", name="Epsilon", role=["recycler"]).headers["location"]
    fields = {"number": "F-105", "authority": "Ministry", "activity": ["recycle"], "valid_from": "2026-01-01"}
    wrong = amara.fill(f"{at}/licences", at=at, **{**fields, "valid_from": "soon"})
    assert wrong.status_code == 422
    assert 'id="valid_from-fault"' in wrong.text
    assert amara.fill(f"{at}/licences", at=at, **fields).status_code == 303
    licence = amara.get(f"{at}.json").json()["licences"][0]
    assert licence["valid"]
    ended = amara.fill(f"{at}/licences/end", at=at, licence=licence["licence"], reason="withdrawn")
    assert ended.status_code == 303
    assert not amara.get(f"{at}.json").json()["licences"][0]["valid"]


def test_a_name_that_is_taken_is_told_beside_its_field(amara: Browser) -> None:
    answer = amara.fill("/admin/operators", name="delta  RECYCLERS", role=["recycler"])
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text


def test_the_last_administrator_stays(amara: Browser) -> None:
    me = amara.get("/account.json").json()
    at = f"/admin/people/{me['id']}"
    assert amara.fill(f"{at}/end", at=at).status_code == 422
    assert amara.fill(f"{at}/roles", at=at).status_code == 422
    home = f"/admin/operators/{me['operator']}"
    ended = amara.fill(f"{home}/roles", at=home, ended="administrator", reason="tired")
    assert ended.status_code == 422
    assert amara.get("/admin").status_code == 200


def test_an_ended_person_is_out_at_once(app: FastAPI, registry: Registry, amara: Browser) -> None:
    made = person(registry, "Delta Recyclers", "Nok", "recycler")
    nok = browser(app)
    nok.sign_in("nok")
    assert nok.get("/account").status_code == 200
    at = f"/admin/people/{made.id}"
    assert amara.fill(f"{at}/end", at=at).status_code == 303
    assert nok.get("/account.json").status_code == 401
    assert nok.sign_in("nok").status_code == 403


def test_the_record_is_verified_on_request(amara: Browser) -> None:
    assert amara.fill("/admin/verify", at="/admin").status_code == 303
    found = amara.get("/admin.json").json()["verified"]
    assert found["intact"]
    assert found["size"] == amara.get("/admin.json").json()["ledger"]["size"]


def test_the_trail_names_who_did_what(amara: Browser) -> None:
    rows = amara.get("/admin/audit.json").json()["rows"]
    assert {"signed_in", "person_added", "link_made", "link_used", "password_set"} <= {
        r["what"] for r in rows
    }
    added = next(row for row in rows if row["what"] == "person_added" and row["by_person"])
    assert added["by_person"] == "Amara"
