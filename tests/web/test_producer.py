"""What a maker does in the browser: models, passports from a file, numbers, keys; a rival finds nothing."""

from __future__ import annotations

import io
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from openpyxl import load_workbook
from pypdf import PdfReader

from kitaran.api import issuing
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.job_records import Job
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.parties import passwords, repository
from kitaran.registry.passport import sent_files
from kitaran.registry.passport.attributes import entered, sealed_of_model
from kitaran.web import create_app
from kitaran.web.producer import model_form as form
from tests.registry.passport.made_up import values_of
from tests.web.conftest import LIGHT
from tests.web.page_text import PageText
from tests.web.people import Browser, browser, person

MODEL = {"model": "pack-52", "model_name": "Pack 52", "category": "ev", "chemistry": "LFP"}


@dataclass
class Maker:
    """A site with a maker, a rival and an observer who have signed in."""

    app: FastAPI
    maker: Browser
    rival: Browser
    observer: Browser

    def send(self, content: bytes, name: str = "packs.csv", path: str = "/producer/issue") -> Response:
        token = self.maker.token_at(path.removesuffix("/file") if "models" not in path else "/producer/keys")
        files = {"file": (name, content)}
        return self.maker.post(path, data={"form_token": token}, files=files, follow_redirects=False)

    def register(self, **told: str) -> Response:
        return self.maker.fill("/producer/models", "/producer/models/new", **{**MODEL, **told})


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which everybody has an account, to be copied."""
    place = Workspace.make(tmp_path_factory.mktemp("settled") / "work")
    registry = open_whole(place, read_settings(place.settings_file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: LIGHT)
        person(registry, "Acme Cells", "Mira", "producer")
        person(registry, "Rival Cells", "Rita", "producer")
        person(registry, "Onlookers", "Otto", "observer")
    registry.engine.dispose()
    return place


@pytest.fixture
def town(settled: Workspace, tmp_path: Path) -> Iterator[Maker]:
    shutil.copytree(settled.root, tmp_path / "work")
    app = create_app(Workspace.open(tmp_path / "work"))
    doors = [browser(app) for _ in range(3)]
    for door, name in zip(doors, ("mira", "rita", "otto"), strict=True):
        assert door.sign_in(name).status_code == 303
    yield Maker(app, *doors)
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def table(rows: int, start: int = 0) -> bytes:
    lines = [f"pack-52,S-{number}\n" for number in range(start, start + rows)]
    return ("model,serial_number\n" + "".join(lines)).encode()


def totals(town: Maker) -> dict[str, int]:
    found: dict[str, int] = town.maker.get("/producer.json").json()["totals"]
    return found


# -- models


def test_a_model_that_is_registered_in_the_form_says_what_was_filled_in(town: Maker) -> None:
    lists = {"hazardous_substances.0.name": "LiPF6", "hazardous_substances.0.cas_number": "21324-40-3"}
    made = town.register(mass_kg="310.5", fastener_types="M6; clip", **lists)
    assert made.headers["location"] == "/producer/models/pack-52"
    told = town.maker.get("/producer/models/pack-52.json").json()
    assert told["attributes"] == {
        "category": "ev",
        "model_name": "Pack 52",
        "mass_kg": "310.5",
        "chemistry": "LFP",
        "hazardous_substances": [{"name": "LiPF6", "cas_number": "21324-40-3"}],
        "fastener_types": ["M6", "clip"],
    }


def test_every_attribute_of_a_model_has_a_field_and_comes_back_from_it(town: Maker) -> None:
    values = values_of("model", "static")
    texts = form.texts_of(values)
    assert form.values_of(texts) == values
    assert form.wrong(values, "pack-52") == []
    page = town.maker.get("/producer/models/new").text
    names = {a["name"] for a in PageText(page).named("input") if "name" in a}
    names |= {a["name"] for a in PageText(page).named("select")}
    assert {name.partition(".")[0] for name in names} >= entered("model", "static").keys()


def test_the_next_version_begins_with_what_the_last_one_says_and_keeps_what_is_sealed(town: Maker) -> None:
    town.register(fastener_count="28")
    assert "fastener_count" in sealed_of_model()
    page = PageText(town.maker.get("/producer/models/new?of=pack-52").text)
    filled = {a["name"]: a.get("value") for a in page.named("input") if a.get("name")}
    assert filled["fastener_count"] == "28"
    town.register(fastener_count="30")
    told = town.maker.get("/producer/models/pack-52.json").json()
    assert told["attributes"]["fastener_count"] == 30
    assert [one["version"] for one in told["versions"]] == [2, 1]


def test_faults_of_a_model_stand_beside_their_fields_and_what_was_typed_stays(town: Maker) -> None:
    answer = town.register(model="pack 52", mass_kg="heavy", chemistry="")
    assert answer.status_code == 422
    page = PageText(answer.text)
    assert {a["id"] for a in page.named("p") if a.get("class") == "field-fault"} == {
        "model-fault",
        "chemistry-fault",
        "mass_kg-fault",
    }
    assert next(a for a in page.named("input") if a.get("name") == "mass_kg")["value"] == "heavy"
    assert len([a for a in page.named("details") if "open" in a]) == 1
    assert town.maker.get("/producer/models.json").json() == {"models": []}


def test_a_file_of_a_model_fills_the_form_and_registers_nothing(town: Maker) -> None:
    content = b"model: bus-1\nattributes: {model_name: Bus, category: ev, chemistry: LFP, mass_kg: 5.5}\n"
    page = PageText(town.send(content, "m.yaml", "/producer/models/file").text)
    filled = {a["name"]: a.get("value") for a in page.named("input") if a.get("name")}
    assert (filled["model"], filled["model_name"], filled["mass_kg"]) == ("bus-1", "Bus", "5.5")
    assert town.maker.get("/producer/models.json").json() == {"models": []}
    assert town.send(b"- 1", "m.yaml", "/producer/models/file").status_code == 422
    assert town.send(b"", "", "/producer/models/file").status_code == 422


# -- passports


def test_a_file_is_looked_at_then_accepted_then_taken_along(town: Maker) -> None:
    town.register()
    sent = town.send(table(30)).headers["location"]
    assert town.maker.get(f"{sent}.json").json()["rows"] == 30
    assert totals(town)["issued"] == 0
    done = town.maker.fill(f"{sent}/accept", sent)
    issue = done.headers["location"]
    assert totals(town) | {"issued": 30, "in_stock": 30} == totals(town)
    told = town.maker.get(f"{issue}.json").json()
    assert (told["count"], told["models"]) == (30, ["pack-52"])
    lines = town.maker.get(f"{issue}/batteries.csv").text.splitlines()
    assert len(lines) == 31
    number, model, serial, battery, link, _ = lines[1].split(",")
    assert (number, model, serial) == ("1", "pack-52", "S-0")
    assert link.endswith(f"/b/{battery}")
    assert town.maker.get(f"/b/{battery}").status_code == 200
    assert town.maker.get(sent).status_code == 404
    assert len(PdfReader(io.BytesIO(town.maker.get(f"{issue}/labels.pdf").content)).pages) == 2


def test_a_file_with_faults_shows_them_in_their_cells_and_cannot_be_accepted(town: Maker) -> None:
    town.register()
    sent = town.send(table(2) + b"pack-52,S-0\nnone,S-9\n").headers["location"]
    told = town.maker.get(f"{sent}.json").json()
    assert [(one["row"], one["column"]) for one in told["errors"]] == [(4, "serial_number"), (5, "model")]
    page = PageText(town.maker.get(sent).text)
    assert len([a for a in page.named("td") if a.get("class") == "cell-wrong"]) == 2
    assert "/accept" not in town.maker.get(sent).text
    refused = town.maker.fill(f"{sent}/accept", "/producer/keys")
    assert refused.status_code == 422
    assert totals(town)["issued"] == 0
    assert town.maker.get(f"{sent}/errors.csv").text.splitlines()[1] == "4,serial_number,Row 2 has the same."
    assert town.maker.fill(f"{sent}/discard", sent).status_code == 303
    assert town.maker.get(sent).status_code == 404


def test_what_was_given_away_between_look_and_acceptance_undoes_all_of_it(town: Maker) -> None:
    town.register()
    first, second = (town.send(table(5, start)).headers["location"] for start in (0, 4))
    town.maker.fill(f"{first}/accept", first)
    refused = town.maker.fill(f"{second}/accept", second)
    assert refused.status_code == 422
    assert totals(town)["issued"] == 5
    told = town.maker.get(f"{second}.json").json()
    assert [(one["row"], one["column"]) for one in told["errors"]] == [(2, "serial_number")]
    assert told["issuing"] is False


def test_a_file_is_accepted_once(town: Maker) -> None:
    town.register()
    sent = town.send(table(3)).headers["location"]
    folder = town.app.state.issuing.folder
    kept = next(one for one in folder.glob("*.json"))
    found = sent_files.find(folder, kept.stem, sent_files.waiting(folder, _operator(town))[0].operator)
    assert sent_files.claim(found)
    assert town.maker.fill(f"{sent}/accept", sent).status_code == 409
    assert totals(town)["issued"] == 0


def test_a_large_file_is_a_job_that_tells_neither_whose_nor_how_many(
    town: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "AT_ONCE_BYTES", 10)
    town.register()
    jobs = town.app.state.jobs
    check = town.send(table(300)).headers["location"]
    assert check.startswith("/jobs/")
    jobs.start()
    try:
        sent = _result(town, check)
        assert town.maker.get(f"{sent}.json").json()["rows"] == 300
        issue = _result(town, town.maker.fill(f"{sent}/accept", sent).headers["location"])
    finally:
        jobs.stop()
    assert town.maker.get(f"{issue}.json").json()["count"] == 300
    for job in town.rival.get("/api/v1/jobs").json():
        assert "300" not in str(
            {**job, "id": "", "result": "", "created_at": "", "started_at": "", "ended_at": ""}
        )
        assert "Acme" not in str(job)
        assert town.rival.get(job["result"]["href"]).status_code == 404


def test_the_template_offers_the_own_models(town: Maker) -> None:
    town.register()
    book = load_workbook(io.BytesIO(town.maker.get("/producer/issue/template.xlsx").content))
    assert [cell.value for cell in book["models"]["A"]] == ["model", "pack-52"]


@pytest.mark.parametrize(("content", "name"), [(b"", ""), (b"MZ", "a.exe"), (b"no zip", "a.xlsx")])
def test_a_file_that_is_none_is_refused_beside_its_field(town: Maker, content: bytes, name: str) -> None:
    answer = town.send(content, name)
    assert answer.status_code == 422
    assert 'id="file-fault"' in answer.text
    assert town.maker.get("/producer.json").json()["waiting"] == []


def test_a_cell_that_a_spreadsheet_would_compute_is_made_harmless(town: Maker) -> None:
    town.register()
    sent = town.send(b"model,serial_number\npack-52,=1+1\n").headers["location"]
    issue = town.maker.fill(f"{sent}/accept", sent).headers["location"]
    assert ", =1+1," in town.maker.get(f"{issue}/batteries.csv").text


# -- search, numbers


def test_a_battery_is_found_by_serial_number_code_and_id_by_its_maker_alone(town: Maker) -> None:
    town.register()
    content = b"model,serial_number,codes\npack-52,S-1,(01)09506000134352(21)S1\n"
    sent = town.send(content).headers["location"]
    town.maker.fill(f"{sent}/accept", sent)
    found = town.maker.get("/producer.json", params={"find": "S-1"}).json()["found"]
    for wanted in ("(01)09506000134352(21)S1", found[0]["id"]):
        assert town.maker.get("/producer.json", params={"find": wanted}).json()["found"] == found
        assert town.rival.get("/producer.json", params={"find": wanted}).json()["found"] == []
    assert town.rival.get("/producer.json", params={"find": "S-1"}).json()["found"] == []


# -- keys


def test_a_key_of_ones_own_is_added_for_a_time_and_ended(town: Maker) -> None:
    public = public_bytes(make_key()).hex()
    assert town.maker.fill("/producer/keys", public_key=public, days=90).status_code == 303
    own = next(one for one in keys(town.maker) if one["custody"] == "own")
    assert own["valid"]
    assert own["valid_until"] is not None
    ended = town.maker.fill("/producer/keys/end", "/producer/keys", key=own["key_id"], reason="lost")
    assert ended.status_code == 303
    assert not next(one for one in keys(town.maker) if one["custody"] == "own")["valid"]


def test_a_kept_key_is_replaced_and_passports_go_on(town: Maker) -> None:
    old = keys(town.maker)[0]["key_id"]
    town.maker.fill("/producer/keys/replace", "/producer/keys", key=old)
    now = {one["key_id"]: one["valid"] for one in keys(town.maker)}
    assert now[old] is False
    assert sum(now.values()) == 1
    assert town.register().status_code == 303


def test_nobody_ends_or_replaces_the_key_of_another(town: Maker) -> None:
    other = keys(town.maker)[0]["key_id"]
    for act in ("end", "replace"):
        answer = town.rival.fill(f"/producer/keys/{act}", "/producer/keys", key=other, reason="mine now")
        assert answer.status_code == 404
    assert keys(town.maker)[0]["valid"]


@pytest.mark.parametrize(
    "given", ["", "zz", "00" * 31, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_key_is_told_beside_the_field(town: Maker, given: str) -> None:
    answer = town.maker.fill("/producer/keys", public_key=given)
    assert answer.status_code == 422
    assert 'id="public_key-fault"' in answer.text


def keys(who: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.get("/producer/keys.json").json()["keys"]
    return found


# -- who may


def test_a_rival_finds_the_same_as_of_what_does_not_exist(town: Maker) -> None:
    town.register()
    sent = town.send(table(2)).headers["location"]
    issue = town.maker.fill(f"{sent}/accept", sent).headers["location"]
    waiting = town.send(table(1, 7)).headers["location"]
    pairs = {
        "/producer/models/pack-52": "/producer/models/pack-53",
        issue: "/producer/issued/999",
        f"{issue}/batteries.csv": "/producer/issued/999/batteries.csv",
        f"{issue}/labels.pdf": "/producer/issued/999/labels.pdf",
        waiting: "/producer/issue/" + "0" * 24,
        f"{waiting}/errors.csv": "/producer/issue/" + "0" * 24 + "/errors.csv",
    }
    for there, nowhere in pairs.items():
        assert _told(town.rival.get(there), there) == _told(town.rival.get(nowhere), nowhere)
        assert town.rival.get(there).status_code == 404
    for act in ("accept", "discard"):
        assert town.rival.fill(f"{waiting}/{act}", "/producer/keys").status_code == 404
    assert town.maker.get(waiting).status_code == 200


def test_who_issues_nothing_is_refused_and_who_is_nobody_signs_in_first(town: Maker) -> None:
    rooms = ("", "/models", "/models/new", "/models/x", "/issue", "/issue/x", "/issue/template.xlsx")
    for room in (*rooms, "/issued/1", "/keys"):
        assert town.observer.get(f"/producer{room}").status_code == 403
        away = browser(town.app).get(f"/producer{room}", follow_redirects=False)
        assert away.status_code == 303
        assert away.headers["location"].startswith("/sign-in")


def _told(answer: Response, path: str) -> str:
    """What an answer says on its page, without what was asked for."""
    asked = path.split("/")[3]
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(rf"\b{re.escape(asked)}\b", "ASKED", main)


def _operator(town: Maker) -> str:
    with reading(town.app.state.registry.whole().engine) as connection:
        return next(one.id for one in repository.operators(connection, now()) if one.name == "Acme Cells")


def _result(town: Maker, job: str) -> str:
    """Where a finished job leads."""
    found = _over(town, job)
    assert found.state.value == "done", found.faults
    return str((found.result or {})["href"])


def _over(town: Maker, job: str) -> Job:
    """The job when it is over; waits as long as it runs."""
    jobs, name = town.app.state.jobs, job.rpartition("/")[2]
    pause = threading.Event()
    for _ in range(3_000):
        found: Job = jobs.get(name)
        if found.state.over:
            return found
        pause.wait(0.02)
    raise AssertionError("the job did not end")


def test_a_job_that_could_not_read_its_file_leads_back_to_sending_one(
    town: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "AT_ONCE_BYTES", 1)
    job = town.send(b"no spreadsheet", "a.xlsx").headers["location"]
    jobs = town.app.state.jobs
    jobs.start()
    try:
        assert _over(town, job).state.value == "failed"
    finally:
        jobs.stop()
    assert 'href="/producer/issue"' in town.maker.get(job).text
    assert town.maker.get("/producer.json").json()["waiting"] == []
