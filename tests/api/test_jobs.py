"""Jobs over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.api import jobs
from kitaran.api.access import ALONE
from kitaran.api.runs import Request
from kitaran.foundation.errors import NotFoundError
from kitaran.foundation.workspace import Workspace


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    app = FastAPI(lifespan=jobs.lifespan)
    app.state.serving = ALONE
    jobs.install(app, workspace)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A served application: its worker runs while the test does."""
    with TestClient(app) as client:
        yield client


def ended(client: TestClient, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while not (answer := client.get(f"/api/v1/jobs/{job_id}").json())["over"]:
        assert time.monotonic() < deadline, answer
        time.sleep(0.02)
    return dict(answer)


def test_a_run_of_an_unknown_scenario_fails_with_words_that_a_page_can_show(
    app: FastAPI, client: TestClient
) -> None:
    job = jobs.submit_run(app.state.jobs, Request("atlantis", samples=2))
    answer = ended(client, job.id)
    assert answer["state"] == "failed"
    assert "atlantis" in answer["title"]
    assert set(answer["faults"][0]) == {"cause", "place", "remedy"}
    assert answer["faults"][0]["cause"]


def test_the_list_holds_what_was_submitted(app: FastAPI, client: TestClient) -> None:
    job = jobs.submit_run(app.state.jobs, Request("atlantis"))
    assert [one["id"] for one in client.get("/api/v1/jobs").json()] == [job.id]


def test_an_unserved_application_keeps_the_job_until_it_is_served(app: FastAPI) -> None:
    job = jobs.submit_run(app.state.jobs, Request("atlantis"))
    client = TestClient(app)
    assert client.get(f"/api/v1/jobs/{job.id}").json()["state"] == "queued"
    with client:
        assert ended(client, job.id)["state"] == "failed"


def test_a_waiting_job_can_be_cancelled_over_http(app: FastAPI) -> None:
    job = jobs.submit_run(app.state.jobs, Request("atlantis"))
    assert TestClient(app).post(f"/api/v1/jobs/{job.id}/cancel").json()["state"] == "cancelled"


def test_an_unknown_job_is_not_found(app: FastAPI) -> None:
    with pytest.raises(NotFoundError):
        TestClient(app).get("/api/v1/jobs/nothing")
