"""A maker issues a thousand batteries; one is sold, used, removed, handed over, split, rebuilt, repurposed.

Everybody works in the browser of a phone: the maker, the fleet, the yard, the workshop.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from kitaran.foundation.workspace import Workspace
from kitaran.registry.passport.kinds import item_of
from kitaran.web import create_app
from tests.journeys.conftest import START_WITHIN_S
from tests.journeys.test_accessibility import violations
from tests.registry.parties.test_facilities import found, permit
from tests.web.people import PASSWORD, person

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}
MASS_KG = "372"
FATES = {"issued": 1_000, "in_stock": 999, "repurposed": 1}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, str]]:
    """A registry with a maker who can sign in, and its address."""
    app = create_app(Workspace.make(tmp_path_factory.mktemp("makers") / "kitaran-data"))
    registry = app.state.registry.whole()
    person(registry, "Acme Cells", "Mira", "producer")
    person(registry, "Delta Motors", "Dara", "operator")
    person(registry, "Echo Yard", "Edo", "operator")
    workshop = person(registry, "Second Life", "Sena", "repurposer").operator.id
    trades = ["store", "dismantle", "repurpose"]
    found(registry, workshop, facility="workshop", activities=trades)
    permit(registry, facility="workshop", activities=trades)
    licence = {"licence": "licence-1", "number": "F-7", "authority": "DIW", "activities": ["repurpose"]}
    registry.enrolment.grant_licence(workshop, {**licence, "valid_from": "2020-01-01T00:00:00.000Z"})
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_WITHIN_S)
    bound.close()


def fits(page: Page) -> None:
    """The page is accessible, and nothing overflows on this phone."""
    assert violations(page) == "", page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/handover")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/handover")


def test_a_thousand_are_issued_and_one_lives_on_under_a_new_passport(
    chromium: Browser, served: tuple[FastAPI, str], tmp_path: Path
) -> None:
    _app, address = served
    town = Town(chromium, address)
    page = town.phone("mira")
    page.goto(f"{address}/producer")
    fits(page)

    _register_a_model(page)
    _issue_a_thousand(page, tmp_path)
    page.goto(f"{address}/producer?find=S-00500")
    fits(page)
    page.get_by_role("link", name="S-00500").click()
    page.wait_for_url(f"{address}/b/*")
    battery = page.url.rpartition("/")[2]
    fits(page)

    new = _its_life(town, battery)
    page.goto(f"{address}/b/{battery}")
    page.get_by_text("no longer in force").first.wait_for()
    page.goto(f"{address}/producer")
    page.get_by_role("row", name="Pack 52").first.wait_for()
    totals = page.request.get(f"{address}/producer.json").json()["totals"]
    assert {name: count for name, count in totals.items() if count} == FATES
    assert [one for one in town.complaints if "422" not in one and "403" not in one] == []

    other = town.phone("sena")
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


class Town:
    """The people of the story, each with a telephone of its own."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self._chromium, self._address = chromium, address
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def phone(self, name: str) -> Page:
        """The telephone on which this person is signed in."""
        if name not in self._pages:
            page = self._chromium.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
            page.on("console", lambda told: self._hear(told.type, told.text))
            sign_in(page, self._address, name)
            self._pages[name] = page
        return self._pages[name]

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def begin(self, name: str, battery: str, act: str) -> Page:
        """From the battery's page, behind its code, to the form of one act."""
        page = self.phone(name)
        page.goto(f"{self._address}/b/{battery}")
        page.get_by_role("link", name="What can be done with it", exact=True).click()
        fits(page)
        page.get_by_role("link", name=act, exact=True).first.click()
        fits(page)
        return page

    def finish(self, page: Page, button: str, what: str) -> None:
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", level=1, name=f"Recorded: {what}").wait_for()
        fits(page)

    def hand_over(self, giver: str, receiver: str, firm: str, battery: str) -> None:
        """Offered on one telephone, accepted on the other, with a receipt."""
        page = self.begin(giver, battery, "Hand it over")
        page.get_by_label("Search by name").fill(firm[:5])
        page.get_by_role("button", name="Search").click()
        page.get_by_label(firm).check()
        page.get_by_role("button", name="Make the offer").click()
        page.get_by_role("heading", level=1, name=f"Offered to {firm}").wait_for()
        other = self.phone(receiver)
        other.goto(f"{self._address}/handover")
        fits(other)
        other.locator(f"a[href='{page.url.removeprefix(self._address)}']").click()
        other.get_by_role("button", name="Accept").click()
        other.get_by_role("heading", level=1, name="Receipt").wait_for()
        fits(other)


def _its_life(town: Town, battery: str) -> str:
    """From the sale to the new passport, whose id comes back; each act by a click of who does it."""
    town.hand_over("mira", "dara", "Delta Motors", battery)
    _in_use(town, battery)
    town.hand_over("dara", "edo", "Echo Yard", battery)
    town.hand_over("edo", "sena", "Second Life", battery)
    modules = _taken_apart(town, battery)
    new = _rebuilt(town, modules)
    _given_a_new_passport(town, battery, new)
    return new


def _in_use(town: Town, battery: str) -> None:
    page = town.begin("dara", battery, "Install it")
    page.get_by_label("Which one").fill("LMGAB1234H0000001")
    page.get_by_role("button", name="Record that it is installed").click()
    page.get_by_text("A vehicle identification number tells of a person.").first.wait_for()
    assert page.get_by_label("Which one").input_value() == "LMGAB1234H0000001"
    page.get_by_label("Which one").fill("car-101")
    town.finish(page, "Record that it is installed", "Installed")
    page = town.begin("dara", battery, "Enter a reading")
    page.get_by_label("Value").fill("121,5")
    town.finish(page, "Record the reading", "Reading taken")
    page = town.begin("dara", battery, "Remove it")
    page.get_by_label("Why").fill("Vehicle scrapped")
    town.finish(page, "Record that it is removed", "Removed")


def _taken_apart(town: Town, battery: str) -> list[str]:
    """Three modules of 100 kg; the balance is shown before, and the labels are printed after."""
    page = town.begin("sena", battery, "Take it apart")
    page.get_by_label("How many").first.fill("3")
    page.get_by_label("Each weighs, kg").first.fill("130")
    page.get_by_role("button", name="Reckon the balance").click()
    page.get_by_text("Too much by").wait_for()
    page.get_by_label("Each weighs, kg").first.fill("100")
    page.get_by_role("button", name="Reckon the balance").click()
    assert "72\u00a0kg" in page.locator("#balance").inner_text().replace(" ", "\u00a0")
    town.finish(page, "Record what came out", "Divided")
    sheet = page.request.get(f"{page.url}/labels.pdf")
    assert sheet.body().startswith(b"%PDF")
    links = page.locator("ul.stack a[href^='/b/']").all()
    return [str(one.get_attribute("href")).rpartition("/")[2] for one in links]


def _rebuilt(town: Town, modules: list[str]) -> str:
    """Two of the modules make a pack."""
    page = town.phone("sena")
    page.goto(f"{page.url.partition('/b/')[0]}/b/{modules[0]}")
    fits(page)
    page = town.begin("sena", modules[0], "Build a new one of it")
    page.locator(f"#item-{modules[1][-6:]}").check()
    page.get_by_label("The new one weighs, kg").fill("195")
    town.finish(page, "Record what was built", "Put together with others")
    [made] = page.locator("ul.stack a[href^='/b/']").all()
    return str(made.get_attribute("href")).rpartition("/")[2]


def _given_a_new_passport(town: Town, battery: str, new: str) -> None:
    """The workshop registers its model, and the new pack gets a passport that names the old one."""
    page = town.phone("sena")
    page.get_by_role("link", name="Give it a new passport").click()
    page.get_by_role("link", name="Register a model").click()
    page.get_by_label("Id of the model").fill("home-1")
    page.get_by_label("Model", exact=True).fill("Home Store")
    page.get_by_label("Category").select_option("stationary")
    page.get_by_label("Chemistry", exact=True).select_option("LFP")
    page.get_by_role("button", name="Register it").click()
    page.get_by_role("heading", level=1, name="Home Store").wait_for()
    page = town.begin("sena", battery, "Give it a new passport")
    page.locator(f"#successor-{new[-6:]}").check()
    page.get_by_label("Its serial number").fill("H-1")
    page.get_by_label("What was done, and why").fill("Two of its three modules make a home store.")
    town.finish(page, "Issue the new passport", "Repurposed under a new passport")
