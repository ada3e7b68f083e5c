"""Own figures over HTTP: a program sends a workbook, reads what it does, accepts it, takes it out again."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from kitaran.api import own_data as api
from kitaran.api import own_effect
from kitaran.api.runs import Request
from kitaran.foundation.workspace import Workspace
from kitaran.reference import own_data, read
from kitaran.web import create_app
from tests.reference.own_data.conftest import REGISTRATION, WHO, put_row, put_who, saved

ADDRESS = "/api/v1/own-data"


def workbook(second: Mapping[str, object] | None = None, **registration: object) -> bytes:
    """A template with one registration of electric cars in Thailand in 2024, or two."""
    book = load_workbook(io.BytesIO(own_data.template()))
    put_who(book, WHO)
    put_row(book["registrations"], 5, {**REGISTRATION, **registration})
    if second is not None:
        put_row(book["registrations"], 6, {**REGISTRATION, **second})
    return saved(book)


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Workspace.make(tmp_path / "work"))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    yield TestClient(app)
    app.state.jobs.engine.dispose()


@pytest.fixture
def _quick_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_effect, "_run", lambda economy, overrides: {})


def send(client: TestClient, content: bytes, name: str = "thailand.xlsx") -> Any:
    return client.post(ADDRESS, files={"file": (name, content, api.XLSX)})


def test_the_template_is_a_workbook(client: TestClient) -> None:
    answer = client.get(f"{ADDRESS}/template.xlsx")
    assert answer.headers["content-type"] == api.XLSX
    assert "registrations" in load_workbook(io.BytesIO(answer.content)).sheetnames


def test_a_larger_fleet_today_means_more_retired_batteries_later(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The effect is that of the forecast itself, run for the economy with and without the upload."""
    monkeypatch.setattr(own_effect, "RunRequest", lambda: Request(samples=20))
    given = send(client, workbook(number=200_000)).json()["id"]
    preview = client.get(f"{ADDRESS}/{given}").json()
    assert preview["economies"] == ["THA"]
    assert preview["effect_not_worked_out_for"] == []
    assert [each["year"] for each in preview["effect"]] == [2030, 2035, 2040]
    for each in preview["effect"]:
        assert each["unit"] == "GWh"
        assert each["before"]["p10"] <= each["before"]["p50"] <= each["before"]["p90"]
        assert each["after"]["p50"] > each["before"]["p50"]


@pytest.mark.usefixtures("_quick_forecast")
def test_an_upload_goes_from_waiting_to_accepted_and_back(client: TestClient, app: FastAPI) -> None:
    given = send(client, workbook()).json()["id"]
    assert client.get(ADDRESS).json()["waiting"] == [{"id": given, "filename": "thailand.xlsx"}]
    accepted = client.post(f"{ADDRESS}/{given}/accept").json()
    assert accepted["job"]["kind"] == "scenario.run"
    overrides = app.state.workspace.overrides
    assert read("ev_sales", overrides).overridden
    overview = client.get(ADDRESS).json()
    assert [item["id"] for item in overview["accepted"]] == [given]
    assert overview["waiting"] == []
    assert client.delete(f"{ADDRESS}/{given}").status_code == 422
    client.post(f"{ADDRESS}/{given}/remove")
    assert read("ev_sales", overrides).overridden == ()
    assert client.delete(f"{ADDRESS}/{given}").status_code == 204
    assert client.get(ADDRESS).json() == {"accepted": [], "waiting": []}


def test_faults_come_as_problem_json_with_their_cells(client: TestClient) -> None:
    answer = send(client, workbook(number=-1, economy="Siam"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["place"] for fault in answer.json()["faults"]] == ["registrations!B5", "registrations!G5"]
    assert client.get(ADDRESS).json()["waiting"] == []


def test_a_file_above_the_limit_is_refused_unread(client: TestClient) -> None:
    answer = send(client, b"PK\x03\x04" + b"0" * (own_data.MAX_BYTES + api.FORM_BYTES))
    assert answer.status_code == 422
    assert "the limit is 2 MB" in answer.json()["detail"]


def test_a_body_without_a_stated_size_is_refused(client: TestClient) -> None:
    def body() -> Iterator[bytes]:
        yield b"--x\r\n"

    answer = client.post(ADDRESS, content=body(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 422
    assert "size" in answer.json()["detail"]


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    assert client.post(ADDRESS, data={"note": "no file"}).status_code == 422


@pytest.mark.parametrize("verb", ["", "/accept", "/remove"])
def test_an_upload_that_is_not_there_is_not_found(client: TestClient, verb: str) -> None:
    address = f"{ADDRESS}/000000000000{verb}"
    answer = client.post(address) if verb else client.get(address)
    assert answer.status_code == 404


def test_every_route_stands_in_the_description_of_the_api(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {f"{ADDRESS}", f"{ADDRESS}/{{upload_id}}", f"{ADDRESS}/{{upload_id}}/accept"} <= set(paths)
