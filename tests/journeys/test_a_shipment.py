"""A used pack is taken in, tested and sold, and crosses a border with every paper: seven people with phones.

A yard and an exporter, an importer abroad with its works, the authorities of both economies and an officer.
The clock of the site stands, and is put forward from act to act.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page

from kitaran.foundation import clock
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import verifier
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
CONTRACT: FilePayload = {
    "name": "contract.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7 contract C-2026-17",
}


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
    """A phone for each person; what their consoles complain about is kept."""

    def __init__(self, chromium: Browser, town: Town) -> None:
        self._chromium, self._town = chromium, town
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    @property
    def address(self) -> str:
        return self._town.address

    def of(self, name: str, path: str, signed_in: bool = True) -> Page:
        """The page as that person sees it, after signing in if it is asked for."""
        if name not in self._pages:
            phone = self._chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
            phone.on("console", self._hear)
            self._pages[name] = phone.new_page()
        page, wanted = self._pages[name], path if path.startswith("http") else self._town.address + path
        page.goto(wanted)
        if not signed_in:
            return page
        if page.get_by_label("Password").count() == 0 and page.get_by_role("link", name="Sign in").count():
            page.get_by_role("link", name="Sign in").last.click()
        if page.get_by_label("Password").count():
            page.get_by_label("Name or e-mail").fill(name.casefold())
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(wanted)
        return page

    def _hear(self, told: ConsoleMessage) -> None:
        """A refusal of what was typed is answered with its status, which the browser calls an error."""
        if told.type == "error" and not any(f"status of {code}" in told.text for code in (409, 422)):
            self.complaints.append(told.text)

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


def test_a_used_pack_goes_from_a_yard_to_works_abroad(phones: Phones, town: Town, tmp_path: Path) -> None:
    battery = _take_in(phones)
    _test_and_grade(phones, battery)
    offer = _offer(phones, "Yuki", "/facility/example-yard-1", "Example Exporter", "sale")
    _accept(phones, "Emma", offer)
    notification = _notify(phones)
    _amend(phones, notification)
    _give_documents(phones, notification)
    _consents(phones, notification)
    movement = _announce(phones, notification, battery)

    town.days_pass(18)
    offer = _offer(phones, "Emma", "/facility/example-store-1", "Example Works", "waste")
    _depart(phones, movement)
    town.days_pass(25)
    _check_at_the_border(phones, movement)
    town.days_pass(27)
    _accept(phones, "Wang", offer)
    _receive(phones, movement)
    town.days_pass(60)
    _complete(phones, movement)

    _everybody_reads_it(phones, notification, movement)
    bundle = _evidence(phones, movement)
    _verify_alone(bundle, tmp_path)
    assert phones.complaints == []


def _take_in(phones: Phones) -> str:
    """A pack without a passport arrives at the yard; the number that it gets."""
    page = phones.of("Yuki", "/facility/example-yard-1/take-in")
    look_at(page)
    with page.expect_navigation():
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
    with page.expect_navigation():
        page.get_by_role("button", name="Show the answer", exact=True).click()
    look_at(page)
    page.get_by_label("Which battery").fill(battery)
    page.get_by_label("Measured with").fill("Bench 4")
    page.get_by_role("button", name="Sign and record").click()
    page.get_by_role("heading", level=1, name="Recorded triage").wait_for()
    page.get_by_text("stands", exact=True).wait_for()
    look_at(page)


def _offer(phones: Phones, giver: str, facility: str, receiver: str, basis: str) -> str:
    """The pack is offered to an organisation; the address of the offer."""
    page = phones.of(giver, f"{facility}/hand-over")
    page.get_by_label("Battery pack").check()
    page.get_by_label("Search by name").fill(receiver)
    with page.expect_navigation():
        page.get_by_role("button", name="Search by name").click()
    look_at(page)
    page.get_by_label(receiver).check()
    page.get_by_label("On what basis").select_option(basis)
    if basis == "waste":
        page.get_by_label("Waste code").fill("A1181")
    page.get_by_role("button", name="Make the offer").click()
    page.get_by_text("Let the receiver open this").wait_for()
    look_at(page)
    return page.url


def _accept(phones: Phones, receiver: str, offer: str) -> None:
    """The receiver opens the code that it was shown, and takes it over."""
    page = phones.of(receiver, offer)
    look_at(page)
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(f"{offer}/receipt")
    look_at(page)


def _notify(phones: Phones) -> str:
    """The exporter asks for consent; the path of the notification."""
    page = phones.of("Emma", "/movements")
    look_at(page)
    with page.expect_navigation():
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
    page.wait_for_url("**/movements/notification/*")
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


def _amend(phones: Phones, notification: str) -> None:
    """The exporter changes the last departure, and nothing else is recorded as changed."""
    page = phones.of("Emma", notification)
    page.get_by_text("Change it").first.click()
    page.get_by_label("Last departure").fill("2026-11-30")
    page.locator("#amended-reason").fill("The works close in December")
    look_at(page)
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("last departure: 2026-11-30").wait_for()


def _give_documents(phones: Phones, notification: str) -> None:
    """The contract as a file, the guarantee by its number, one by mistake; who may see it reads the file."""
    page = phones.of("Emma", notification)
    page.get_by_text("Add a document").click()
    page.get_by_label("Which document").select_option("esm_contract")
    page.get_by_role("button", name="Add it to the dossier").click()
    page.get_by_text("There is neither a file nor a word.").first.wait_for()
    look_at(page)
    page.get_by_label("Its file").set_input_files(CONTRACT)
    page.get_by_role("button", name="Add it to the dossier").click()
    page.get_by_role("link", name="File", exact=True).wait_for()
    page.get_by_text("Add a document").click()
    page.get_by_label("Which document").select_option("financial_guarantee")
    page.get_by_label("Number, date or other words").fill("Policy 77/2026")
    page.get_by_role("button", name="Add it to the dossier").click()
    page.get_by_text("Policy 77/2026").wait_for()
    page.get_by_text("Add a document").click()
    page.get_by_label("Which document").select_option("packing_list")
    page.get_by_label("Number, date or other words").fill("of another load")
    page.get_by_role("button", name="Add it to the dossier").click()
    wrong = page.get_by_role("listitem").filter(has_text="of another load").filter(has_text="Packing list")
    wrong.get_by_text("Withdraw it").click()
    wrong.get_by_label("Why").fill("It is of another load")
    look_at(page)
    with page.expect_navigation():
        wrong.get_by_role("button", name="Withdraw the document").click()
    assert wrong.count() == 0
    look_at(page)
    page = phones.of("Kim", notification)
    file = page.get_by_role("link", name="File", exact=True).get_attribute("href")
    assert page.request.get(f"{phones.address}{file}").body() == CONTRACT["buffer"]


def _announce(phones: Phones, notification: str, battery: str) -> str:
    """The exporter announces the pack, before the first day on which it may go; the movement's address."""
    page = phones.of("Emma", notification)
    page.get_by_text("Announce a movement").first.wait_for()
    page.get_by_label("Mass [kg]", exact=True).fill(MASS_KG)
    page.get_by_label("Departs (UTC)").fill("2026-03-20T08:00")
    page.get_by_label("Arrives by (UTC)").fill("2026-03-30T08:00")
    page.locator(f'input[value="battery/{battery}"]').check()
    look_at(page)
    page.get_by_role("button", name="Announce a movement").click()
    page.get_by_role("heading", level=1, name="Movement").wait_for()
    look_at(page)
    return page.url


def _depart(phones: Phones, movement: str) -> None:
    page = phones.of("Emma", movement)
    page.get_by_label("Number of the seal").fill("SEAL-77")
    page.get_by_label("Ship, train or vehicle").fill("MV Example, voyage 12")
    look_at(page)
    page.get_by_role("button", name="It departs now").click()
    page.get_by_text("under way", exact=True).wait_for()
    look_at(page)


def _check_at_the_border(phones: Phones, movement: str) -> None:
    page = phones.of("Chae", "/movements")
    look_at(page)
    page.get_by_role("link", name="check it at the border").click()
    assert page.url == movement
    page.get_by_role("heading", name="MAY MOVE").wait_for()
    page.get_by_text("SEAL-77").first.wait_for()
    page.get_by_label("What you find").select_option("passed")
    page.get_by_label("Number of the seal that you find").fill("SEAL-77")
    look_at(page)
    page.get_by_role("button", name="Record the check").click()
    page.get_by_text("KOR: may pass").wait_for()
    look_at(page)


def _receive(phones: Phones, movement: str) -> None:
    """More than departed is refused beside its field; what stands on the scale is taken."""
    page = phones.of("Wang", movement)
    page.get_by_label("Arrived (UTC)").fill("2026-03-29T06:00")
    page.get_by_label("Mass on your scale [kg]").fill("373")
    page.get_by_role("button", name="Confirm the receipt").click()
    page.get_by_text("372 kg departed, not 373 kg").first.wait_for()
    look_at(page)
    page.get_by_label("Mass on your scale [kg]").fill("371.5")
    page.get_by_role("button", name="Confirm the receipt").click()
    page.get_by_text("received", exact=True).first.wait_for()
    look_at(page)


def _complete(phones: Phones, movement: str) -> None:
    page = phones.of("Wang", movement)
    page.get_by_label("Mass treated [kg]").fill("371.5")
    page.get_by_label("Material recovered [kg]").fill("290")
    page.get_by_label("Day on which it was done").fill("2026-04-28")
    look_at(page)
    page.get_by_role("button", name="Give the certificate").click()
    page.get_by_text("completed", exact=True).first.wait_for()
    look_at(page)


def _everybody_reads_it(phones: Phones, notification: str, movement: str) -> None:
    """Both authorities see the end; what is left of their consents is less by one shipment."""
    for name in ("Thida", "Kim"):
        page = phones.of(name, movement)
        page.get_by_text("completed", exact=True).first.wait_for()
    look_at(page)
    page = phones.of("Emma", notification)
    page.get_by_text("628 of 1000 kg left").wait_for()
    page.get_by_text("1 of 2 shipments left").wait_for()
    look_at(page)
    for paper in ("movement", "notification", "packing_list"):
        answer = page.request.get(f"{movement}/papers/{paper}.pdf")
        assert (answer.status, answer.body()[:4]) == (200, b"%PDF")


def _evidence(phones: Phones, movement: str) -> bytes:
    """The file of evidence as the works download it, read on a phone that nobody signed in to."""
    page = phones.of("Wang", movement)
    with page.expect_download() as awaited:
        page.get_by_role("link", name="File of evidence", exact=True).click()
    content = Path(awaited.value.path()).read_bytes()
    page = phones.of("a passer-by", "/movements/evidence", signed_in=False)
    look_at(page)
    page.get_by_label("The file").set_input_files(
        {"name": "movement.json", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_role("button", name="Verify and read it").click()
    page.get_by_role("heading", name="INTACT").wait_for()
    page.get_by_text("290 kg").first.wait_for()
    look_at(page)
    return content


def _verify_alone(content: bytes, folder: Path) -> None:
    """The verifier as a file of its own, without the registry, says intact; of a changed file, broken."""
    own = folder / "verify_bundle.py"
    own.write_bytes(Path(verifier.__file__).read_bytes())
    for name, given, code in (
        ("whole.json", content, 0),
        ("changed.json", content.replace(b'"372"', b'"371"'), 3),
    ):
        assert (given == content) == (code == 0)
        (folder / name).write_bytes(given)
        told = subprocess.run(
            [sys.executable, "-I", own, folder / name], capture_output=True, text=True, check=False
        )
        assert told.returncode == code, told.stdout + told.stderr
