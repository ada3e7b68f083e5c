"""Unlabelled scooter packs and a lot of lead-acid arrive at a small yard and go to a recycler, by phone."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kitaran.foundation.workspace import Workspace
from kitaran.registry.identity import qr
from kitaran.web import create_app
from tests.journeys.conftest import START_WITHIN_S
from tests.journeys.test_accessibility import violations
from tests.registry.parties.test_facilities import found, permit
from tests.web.people import PASSWORD, person

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served registry with a small yard and a recycler, each with its facility and permit."""
    app = create_app(Workspace.make(tmp_path_factory.mktemp("town") / "kitaran-data"))
    registry = app.state.registry.whole()
    for operator, role, facility, activities in (
        ("Example Yard", "operator", "example-yard-1", ["collect", "store"]),
        ("Example Recycler", "recycler", "example-works-1", ["store", "recycle"]),
    ):
        owner = person(registry, operator, operator.rpartition(" ")[2], role).operator.id
        storage = {"quantity": "400", "unit": "kg", "days": 90}
        words = {"name": f"{operator}, Nonthaburi", "activities": activities, "capacities": []}
        found(registry, owner, facility=facility, storage=storage, **words)
        permit(registry, facility=facility, activities=activities, waste_codes=["A1160"])
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_WITHIN_S)
    bound.close()


def photo() -> bytes:
    """A picture as a phone would send it."""
    picture = Image.new("RGB", (1200, 900), (120, 110, 90))
    ImageDraw.Draw(picture).rectangle((300, 250, 900, 650), fill=(30, 60, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def look_at(page: Page) -> None:
    """The page is accessible, and nothing overflows on the phone."""
    assert violations(page) == "", page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def sign_in(page: Page, name: str, address: str) -> None:
    """From the page that asked for it back to that page."""
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def take_in_pack(page: Page, base: str, mass: str) -> str:
    """An unlabelled pack with its weight and a photo; the number that it gets."""
    page.goto(f"{base}/take-in")
    page.get_by_role("link", name="Battery pack").click()
    page.get_by_label("Weight, kg").fill(mass)
    page.get_by_label("Photo").set_input_files(
        {"name": "pack.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_label("From a crash").check()
    page.get_by_label("Voltage, V").fill("60")
    page.get_by_label("Capacity, Ah").fill("24")
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", level=1, name="Taken in: Battery pack").wait_for()
    return page.url.rpartition("/")[2]


def seen_code(page: Page) -> str:
    """What a camera reads from the code on the screen."""
    page.locator(".code-frame svg").scroll_into_view_if_needed()
    [code] = qr.read_photo(page.screenshot())
    return code.text


def test_unlabelled_scooter_packs_and_a_lot_of_lead_acid_arrive_at_a_small_yard(
    chromium: Browser, town: str
) -> None:
    phones: list[BrowserContext] = [
        chromium.new_context(viewport=PHONE, device_scale_factor=2) for _ in range(2)
    ]
    complaints: list[str] = []
    for phone in phones:
        phone.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    yard, base = phones[0].new_page(), f"{town}/facility/example-yard-1"
    yard.goto(f"{town}/facility")
    yard.get_by_role("link", name="Sign in").last.click()
    sign_in(yard, "yard", f"{town}/facility")
    look_at(yard)

    for mass in ("11.4", "12,1"):
        battery = take_in_pack(yard, base, mass)
    shown = yard.locator("figure img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    look_at(yard)
    label = yard.request.get(f"{base}/label/{battery}.pdf")
    assert (label.status, label.body()[:4]) == (200, b"%PDF")

    yard.goto(f"{base}/take-in/lead_acid_lot")
    look_at(yard)
    yard.get_by_label("Weight, kg").fill("300")
    yard.get_by_label("How many batteries").fill("20")
    phones[0].set_offline(True)
    yard.get_by_role("button", name="Take it in").click()
    yard.get_by_text("No network: nothing was sent.").wait_for()
    expect(yard.get_by_label("Weight, kg")).to_have_value("300")
    phones[0].set_offline(False)
    yard.get_by_role("button", name="Take it in").click()
    yard.get_by_role("heading", level=1, name="Taken in: Lot").wait_for()

    yard.goto(f"{town}/facility")
    yard.get_by_text("323.5 kg of 400 kg: 76.5 kg are left").wait_for()
    look_at(yard)
    yard.goto(f"{base}/stock")
    look_at(yard)

    yard.goto(f"{base}/hand-over")
    yard.get_by_label("Lot of lead-acid").check()
    yard.get_by_label("Search by name").fill("recyc")
    yard.get_by_role("button", name="Search by name").click()
    expect(yard.get_by_label("Lot of lead-acid")).to_be_checked()
    look_at(yard)
    yard.get_by_label("Example Recycler").check()
    yard.get_by_label("On what basis").select_option("waste")
    yard.get_by_label("Waste code").fill("A1160")
    yard.get_by_role("button", name="Make the offer").click()
    yard.get_by_text("Let the receiver open this").wait_for()
    look_at(yard)
    offered = seen_code(yard)
    assert offered == yard.url

    works = phones[1].new_page()
    works.goto(offered)
    sign_in(works, "recycler", offered)
    works.get_by_text("Something is other than offered").click()
    works.get_by_label("Weight found").fill("296.5")
    look_at(works)
    works.get_by_role("button", name="Accept").click()
    works.wait_for_url(f"{offered}/receipt")
    look_at(works)
    assert seen_code(works) == f"{offered}/receipt"

    yard.goto(f"{town}/handover")
    look_at(yard)
    yard.get_by_role("link", name="296.5 kg").click()
    look_at(yard)
    yard.get_by_role("button", name="Agree").click()
    yard.get_by_text("agreed", exact=True).wait_for()
    yard.get_by_role("link", name="Receipt").click()
    yard.get_by_text("handed over to Example Recycler").wait_for()
    expect(yard.get_by_text("signed with a key that this installation keeps")).to_have_count(2)
    works.goto(f"{town}/facility/example-works-1")
    works.get_by_text("296.5 kg", exact=True).first.wait_for()
    assert complaints == []
    for phone in phones:
        phone.close()
