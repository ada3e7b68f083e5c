"""A maker issues a thousand batteries; one is sold, used, removed, handed over, split, rebuilt, repurposed.

The maker works in the browser of a phone; what others record comes as their signed events.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from kitaran.web import create_app
from tests.journeys.conftest import START_WITHIN_S
from tests.journeys.test_accessibility import violations
from tests.registry.parties.test_facilities import found, permit
from tests.web.people import PASSWORD, operator_of, person

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}
MASS_KG = "372"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, str]]:
    """A registry with a maker who can sign in, and its address."""
    app = create_app(Workspace.make(tmp_path_factory.mktemp("makers") / "kitaran-data"))
    registry = app.state.registry.whole()
    person(registry, "Acme Cells", "Mira", "producer")
    person(registry, "Second Life", "Sena", "repurposer")
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_WITHIN_S)
    bound.close()


def firm(registry: Registry, name: str, role: str) -> Hand:
    """An operator that signs with a key of its own."""
    key = make_key()
    return Hand(registry.ledger, key, registry.enrolment.add(name, [role], public_bytes(key)).operator)


def of(registry: Registry, name: str) -> Hand:
    """A further key of an operator that has signed by clicks so far."""
    key, operator = make_key(), operator_of(registry, name)
    registry.enrolment.add_key(operator, public_bytes(key))
    return Hand(registry.ledger, key, operator)


def hand_over(giver: Hand, receiver: Hand, items: Sequence[str], basis: str) -> None:
    payload = {"to": receiver.actor, "basis": basis, "claim_days": 14}
    custody.accept(receiver, custody.offer(giver, items, payload)["offer"])


def fits(page: Page) -> None:
    """The page is accessible, and nothing overflows on this phone."""
    assert violations(page) == "", page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/producer")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/producer")


def test_a_thousand_are_issued_and_one_lives_on_under_a_new_passport(
    chromium: Browser, served: tuple[FastAPI, str], tmp_path: Path
) -> None:
    app, address = served
    registry: Registry = app.state.registry.whole()
    page = chromium.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    sign_in(page, address, "mira")
    fits(page)

    _register_a_model(page)
    _issue_a_thousand(page, tmp_path)
    page.goto(f"{address}/producer?find=S-00500")
    fits(page)
    page.get_by_role("link", name="S-00500").click()
    page.wait_for_url(f"{address}/b/*")
    battery = page.url.rpartition("/")[2]
    fits(page)

    new = _its_life(registry, battery)
    page.reload()
    page.get_by_text("no longer in force").first.wait_for()
    page.goto(f"{address}/producer")
    row = page.get_by_role("row", name="Pack 52")
    told = [cell.inner_text() for cell in row.get_by_role("cell").all()]
    assert told[1:] == ["1\u202f000", "999", "0", "0", "0", "1", "0", "0"]
    assert complaints == []

    other = chromium.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    sign_in(other, address, "sena")
    other.goto(f"{address}/producer?find=H-1")
    other.get_by_role("link", name="H-1").click()
    other.wait_for_url(f"{address}/b/{new}")
    fits(other)
    facts = other.request.get(f"{address}/b/{new}.json").json()
    assert facts["predecessor"] == battery
    up = other.request.get(f"{address}/api/v1/items/{item_of(new)}/lineage").json()["up"]
    assert len([one for one in up if one["act"] == "merge"]) == 2


def _register_a_model(page: Page) -> None:
    page.get_by_role("link", name="Register a model").click()
    fits(page)
    page.get_by_label("Id of the model").fill("pack-52")
    page.get_by_label("Model", exact=True).fill("Pack 52")
    page.get_by_label("Category").select_option("ev")
    page.get_by_label("Chemistry", exact=True).select_option("LFP")
    page.get_by_text("Size and basic figures").click()
    page.get_by_label("Weight kg").fill(MASS_KG)
    page.get_by_role("button", name="Register it").click()
    page.get_by_role("heading", level=1, name="Pack 52").wait_for()
    fits(page)


def _issue_a_thousand(page: Page, folder: Path) -> None:
    """First a file with a fault, then the mended one."""
    lines = [f"pack-52,S-{number:05}" for number in range(1_000)]
    page.get_by_role("link", name="Issue passports").click()
    for name, last in (("faulty.csv", "pack-52,S-00001"), ("packs.csv", lines[-1])):
        (folder / name).write_text("\n".join(["model,serial_number", *lines[:-1], last]) + "\n")
        page.get_by_label("Filled table").set_input_files(folder / name)
        page.get_by_role("button", name="Look at it").click()
        if name == "faulty.csv":
            page.get_by_role("heading", level=1, name="1 fault in the file").wait_for()
            assert page.locator("td.cell-wrong").inner_text().endswith("Row 3 has the same.")
            fits(page)
            page.get_by_role("link", name="Send the mended file").click()
    page.get_by_role("heading", level=1, name="1000 passports can be issued").wait_for()
    fits(page)
    page.get_by_role("button", name="Issue 1000 passports").click()
    page.get_by_role("heading", level=1, name="1000 passports issued").wait_for()
    fits(page)


def _its_life(registry: Registry, battery: str) -> str:
    """From the sale to the new passport, whose id comes back."""
    maker, workshop = of(registry, "Acme Cells"), of(registry, "Second Life")
    driver, yard = firm(registry, "Delta Motors", "operator"), firm(registry, "Echo Yard", "operator")
    found(registry, workshop.actor, facility="workshop", activities=["store", "dismantle", "repurpose"])
    permit(registry, facility="workshop", activities=["store", "dismantle", "repurpose"])
    licence = {"licence": "licence-1", "number": "F-7", "authority": "DIW", "activities": ["repurpose"]}
    valid = {"valid_from": "2020-01-01T00:00:00.000Z"}
    registry.enrolment.grant_licence(workshop.actor, licence | valid)
    pack = item_of(battery)
    custody.begin(maker, pack, {"form": "pack", "mass_kg": MASS_KG})
    hand_over(maker, driver, [pack], "sale")
    driver.record("custody.installed", pack, {"what": "vehicle", "host": "car-101"})
    told: dict[str, Any] = {"attribute": "remaining_capacity_ah", "value": "121.5", "instrument": "BMS"}
    beside = {"reading": {**told, "source": "management_system"}}
    service.append(maker, "passport.reading_taken", [pack], {"battery": battery}, beside)
    driver.record("custody.removed", pack, {"reason": "Vehicle scrapped"})
    hand_over(driver, yard, [pack], "sale")
    hand_over(yard, workshop, [pack], "sale")
    modules = [item_of(service.new_id()) for _ in range(3)]
    parts = [{"item": one, "form": "module", "mass_kg": "100"} for one in modules]
    split = {"parts": parts, "facility": "workshop"}
    workshop.record("custody.split", [pack, *modules], split)
    new = service.new_id()
    result = {"item": item_of(new), "form": "pack", "mass_kg": "195"}
    takes = [{"item": one, "mass_kg": "100"} for one in modules[:2]]
    merged = {"result": result, "takes": takes, "facility": "workshop"}
    workshop.record("custody.merged", [item_of(new), *modules[:2]], merged)
    model = {"model_name": "Home Store", "category": "stationary", "chemistry": "LFP"}
    service.register_model(workshop, workshop.actor, "home-1", model)
    repurposed = {
        "battery": battery,
        "successor": new,
        "operator": workshop.actor,
        "model": "home-1",
        "attributes": {"serial_number": "H-1"},
        "account": "Two of its three modules make a home store.",
    }
    service.append(workshop, "passport.repurposed", [pack, item_of(new)], repurposed)
    return new
