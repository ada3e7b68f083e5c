"""An error says what, where and what to do next, to people and to programs."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.web import create_app
from kitaran.web.headers import POLICY


def test_an_unknown_address_leads_back(site: TestClient) -> None:
    answer = site.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text
    assert "/nowhere" in answer.text
    assert 'href="/"' in answer.text


def test_a_program_gets_problem_json(site: TestClient) -> None:
    answer = site.get("/plan/XXX.json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= problem.keys()
    assert problem["faults"][0]["remedy"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/?year=1900", "Choose a year from 2010 to 2050."),
        ("/?year=soon", "soon"),
        ("/?quantity=beauty", "retired_energy"),
        ("/plan?quantity=beauty", "retired_energy"),
        ("/plan/THA?quantity=beauty", "retired_energy"),
        ("/plan/THA/inputs?quantity=", "retired_energy"),
        ("/plan/flows?year=soon", "is not a whole number"),
        ("/plan/THA?year=9999", "Choose a year from 2010 to 2050."),
    ],
)
def test_a_wrong_choice_says_what_can_be_chosen(site: TestClient, path: str, words: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("path", ["/broken", "/broken.json"])
def test_a_mistake_of_the_server_is_owned_and_numbered(made: object, path: str) -> None:
    app: FastAPI = create_app(made)  # type: ignore[arg-type]

    @app.get(path)
    def broken() -> None:
        raise RuntimeError("a secret of the server")

    answer = TestClient(app, raise_server_exceptions=False).get(path)
    app.state.jobs.engine.dispose()
    assert answer.status_code == 500
    assert "Nothing of yours is lost" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


def test_a_method_that_is_not_offered_is_refused(site: TestClient) -> None:
    assert site.put("/about").status_code == 405


def test_what_a_visitor_typed_comes_back_harmless(site: TestClient) -> None:
    answer = site.get("/plan/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
