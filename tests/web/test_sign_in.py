"""At the door: the first administrator, signing in and out, links that work once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from kitaran.foundation import clock
from kitaran.foundation.clock import now
from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import one_time_links, sessions
from kitaran.web import create_app
from tests.web.people import PASSWORD, Browser, browser, person


@pytest.fixture
def app(workspace: Workspace) -> Iterator[FastAPI]:
    made = create_app(workspace)
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


@pytest.fixture
def registry(app: FastAPI) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture
def visitor(app: FastAPI) -> Browser:
    return browser(app)


FIRST = {
    "organisation": "Ministry of Environment",
    "name": "Amara",
    "sign_in_name": "amara@ministry.example",
    "password": PASSWORD,
    "again": PASSWORD,
}


def first_link(registry: Registry) -> str:
    with writing(registry.engine) as connection:
        return one_time_links.make(connection, "first")


def test_the_first_link_makes_an_administrator_and_works_once(registry: Registry, visitor: Browser) -> None:
    address = one_time_links.address("", first_link(registry))
    assert visitor.get(address).status_code == 200
    answer = visitor.fill("/sign-in/link", **FIRST)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    assert "Amara" in visitor.get("/").text
    again = browser(visitor.app)  # type: ignore[arg-type]
    again.get(address)
    assert again.get("/sign-in/link").status_code == 410
    assert again.fill("/sign-in/link", **FIRST).status_code in (403, 410)


def test_looking_at_a_link_does_not_use_it_up(registry: Registry, visitor: Browser) -> None:
    address = one_time_links.address("", first_link(registry))
    for _ in range(3):
        assert visitor.get(address).status_code == 200
        assert "code" not in str(visitor.get(address).url)


def test_a_link_ends_with_its_time_and_with_a_newer_one(registry: Registry, visitor: Browser) -> None:
    old, new = first_link(registry), first_link(registry)
    visitor.get(one_time_links.address("", old))
    assert visitor.get("/sign-in/link").status_code == 410
    visitor.get(one_time_links.address("", new))
    assert visitor.get("/sign-in/link").status_code == 200
    with clock.replaced(now() + timedelta(hours=25)):
        assert visitor.get("/sign-in/link").status_code == 410


def test_who_knows_the_password_gets_in_and_on_to_the_page(registry: Registry, visitor: Browser) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    answer = visitor.sign_in("SOMCHAI", next="/plan?year=2030")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plan?year=2030")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("kitaran_session="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_session_ends_by_leaving_by_idleness_and_by_age(registry: Registry, visitor: Browser) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    visitor.sign_in("somchai")
    began = now()
    assert visitor.get("/account.json").status_code == 200
    with clock.replaced(began + sessions.IDLE + timedelta(minutes=5)):
        assert visitor.get("/account.json").status_code == 401
    for hours in range(1, 12):
        with clock.replaced(began + timedelta(hours=hours)):
            assert visitor.get("/account.json").status_code == 200
    with clock.replaced(began + sessions.LONGEST + timedelta(seconds=1)):
        assert visitor.get("/account.json").status_code == 401
    secret = visitor.cookies["kitaran_session"]
    visitor.fill("/sign-out", at="/")
    visitor.cookies.set("kitaran_session", secret)
    assert visitor.get("/account.json").status_code == 401
