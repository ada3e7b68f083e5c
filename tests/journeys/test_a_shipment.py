"""A used pack is taken in, tested and sold, and crosses a border with every paper: seven people with phones.

A yard and an exporter, an importer abroad with its works, the authorities of both economies and an officer.
The clock of the site stands, and is put forward from act to act.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from kitaran.foundation import clock
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.triage.columns import SEEN
from kitaran.web import create_app
from tests.journeys.conftest import START_WITHIN_S
from tests.journeys.test_accessibility import violations
from tests.registry.movement.conftest import BEGAN
from tests.registry.parties.test_facilities import found, permit
from tests.web.people import PASSWORD, person

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}
SMALLEST_PX = 320
SIDES = (
    ("Example Yard", "Yuki", "operator", "THA"),
    ("Example Exporter", "Emma", "operator", "THA"),
    ("Example Works", "Wang", "recycler", "KOR"),
    ("Example Authority of Thailand", "Thida", "authority", "THA"),
    ("Example Authority of Korea", "Kim", "authority", "KOR"),
    ("Example Customs of Korea", "Chae", "officer", "KOR"),
)
MASS_KG = "372"


class Town:
    """A served registry whose clock stands at `moment` until it is put forward."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.moment = BEGAN

    def now(self) -> datetime:
        return self.moment

    def days_pass(self, days: float) -> None:
        self.moment = BEGAN + timedelta(days=days)


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everybody has an account; yard, store and works have their permits."""
    with ExitStack() as open_for_now:
        made = Town("")
        open_for_now.enter_context(clock.replaced(made.now))
        app = create_app(Workspace.make(tmp_path_factory.mktemp("shipment") / "kitaran-data"))
        _people(app.state.registry.whole())
        bound = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        made.address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        yield made
        server.should_exit = True
        thread.join(START_WITHIN_S)
        bound.close()


def _people(registry: Registry) -> None:
    may = {
        "Example Yard": ("example-yard-1", ["collect", "store"]),
        "Example Exporter": ("example-store-1", ["store"]),
        "Example Works": ("example-works-1", ["store", "recycle"]),
    }
    for organisation, name, role, economy in SIDES:
        registry.enrolment.add(organisation, [role], economy=economy)
        owner = person(registry, organisation, name, role).operator.id
        if organisation in may:
            facility, activities = may[organisation]
            words = {"name": f"{organisation}, gate 1", "economy": economy, "capacities": []}
            found(registry, owner, facility=facility, activities=activities, **words)
            permit(registry, facility=facility, activities=activities, waste_codes=["A1181"])


class Phones:
    """A phone for each person; every page is looked at when it is left or left to another."""

    def __init__(self, chromium: Browser, town: Town) -> None:
        self._chromium, self._town = chromium, town
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def of(self, name: str, path: str) -> Page:
        """The page as that person sees it, after signing in if it is asked for."""
        if name not in self._pages:
            phone = self._chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
            phone.on("console", self._hear)
            self._pages[name] = phone.new_page()
        page, wanted = self._pages[name], path if path.startswith("http") else self._town.address + path
        page.goto(wanted)
        if page.get_by_label("Password").count() == 0 and page.get_by_role("link", name="Sign in").count():
            page.get_by_role("link", name="Sign in").last.click()
        if page.get_by_label("Password").count():
            page.get_by_label("Name or e-mail").fill(name.casefold())
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(wanted)
        return page

    def _hear(self, told: object) -> None:
        if getattr(told, "type", "") == "error":
            self.complaints.append(str(getattr(told, "text", told)))

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture
def phones(chromium: Browser, town: Town) -> Iterator[Phones]:
    made = Phones(chromium, town)
    yield made
    made.close()


def look_at(page: Page) -> None:
    """The page is accessible, and nothing overflows, on the smallest phone neither."""
    assert violations(page) == "", page.url
    for width in (SMALLEST_PX, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)


def test_a_used_pack_goes_from_a_yard_to_works_abroad(phones: Phones, town: Town) -> None:
    battery = _take_in(phones)
    _test_and_grade(phones, battery)
    _sell(phones, "Yuki", "/facility/example-yard-1", "Emma", "Example Exporter")
    notification = _notify(phones)
    _consents(phones, notification)
    assert phones.complaints == []


def _take_in(phones: Phones) -> str:
    """A pack without a passport arrives at the yard; the number that it gets."""
    page = phones.of("Yuki", "/facility/example-yard-1/take-in")
    look_at(page)
    page.get_by_role("link", name="Battery pack").click()
    look_at(page)
    page.get_by_label("Weight, kg").fill(MASS_KG)
    page.get_by_label("Chemistry", exact=True).select_option("LFP")
    page.get_by_label("How it is known").select_option("label")
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", level=1, name="Taken in: Battery pack").wait_for()
    look_at(page)
    return page.url.rpartition("/")[2]


def _test_and_grade(phones: Phones, battery: str) -> None:
    """Inspected, its capacity measured, graded, recorded."""
    page = phones.of("Yuki", "/triage")
    look_at(page)
    for sign in SEEN:
        page.locator(f"#{sign}").select_option("0")
    page.get_by_label("Chemistry", exact=True).select_option("LFP")
    page.get_by_label("Capacity Ah").fill("100")
    page.get_by_label("Voltage; empty for one cell").fill("51.2")
    page.get_by_label("Full capacity test").fill("55")
    page.get_by_role("button", name="Show the answer", exact=True).click()
    look_at(page)
    page.get_by_label("Id of the battery").fill(battery)
    page.get_by_label("Measured with").fill("Bench 4")
    page.get_by_role("button", name="Sign and record").click()
    page.get_by_role("heading", level=1, name="Recorded triage").wait_for()
    page.get_by_text("stands", exact=True).wait_for()
    look_at(page)


def _sell(phones: Phones, giver: str, facility: str, receiver: str, organisation: str) -> None:
    """One makes an offer, the other accepts it on another phone."""
    page = phones.of(giver, f"{facility}/hand-over")
    page.get_by_label("Battery pack").check()
    page.get_by_label("Search by name").fill(organisation[:12])
    page.get_by_role("button", name="Search by name").click()
    look_at(page)
    page.get_by_label(organisation).check()
    page.get_by_label("On what basis").select_option("sale")
    page.get_by_role("button", name="Make the offer").click()
    page.get_by_text("Let the receiver open this").wait_for()
    look_at(page)
    other = phones.of(receiver, page.url)
    look_at(other)
    other.get_by_role("button", name="Accept").click()
    other.wait_for_url(f"{page.url}/receipt")
    look_at(other)


def _notify(phones: Phones) -> str:
    """The exporter asks for consent; the path of the notification."""
    page = phones.of("Emma", "/movements")
    look_at(page)
    page.get_by_role("link", name="New notification").click()
    look_at(page)
    page.get_by_label("Facility").select_option("example-works-1")
    for name, value in {
        "activity": "recycle",
        "mode": "sea",
        "kind": "ev_pack",
        "chemistry": "LFP",
        "condition": "non_functional",
        "purpose": "recycling",
        "procedure": "basel_pic",
    }.items():
        page.locator(f"#{name}").select_option(value)
    for name, value in {
        "export": "THA",
        "waste_code": "A1181",
        "quantity_kg": "1000",
        "shipments": "2",
        "first_departure": "2026-03-10",
        "last_departure": "2026-12-31",
        "contract": "C-2026-17",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Submit it").click()
    page.get_by_role("heading", level=1, name="Notification").wait_for()
    look_at(page)
    return page.url


def _consents(phones: Phones, notification: str) -> None:
    """Korea asks first; both acknowledge and consent."""
    page = phones.of("Kim", notification)
    look_at(page)
    page.get_by_text("Ask the exporter").first.click()
    page.get_by_label("What do you want to know?").fill("Which vessel?")
    page.get_by_role("button", name="Ask the exporter").click()
    page.get_by_text("not answered").wait_for()
    look_at(page)
    page = phones.of("Emma", notification)
    page.get_by_label("Which vessel?").fill("MV Example, voyage 12")
    page.get_by_role("button", name="Answer").click()
    page.get_by_text("MV Example, voyage 12").first.wait_for()
    for name in ("Thida", "Kim"):
        page = phones.of(name, notification)
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_text("acknowledged, not decided").wait_for()
        look_at(page)
        page.get_by_label("Days of notice before each departure").fill("3")
        page.get_by_role("button", name="Consent", exact=True).click()
        page.get_by_text("acknowledged, not decided").wait_for(state="hidden")
        look_at(page)
    page.get_by_text("1000 of 1000 kg left").wait_for()
