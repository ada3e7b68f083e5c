"""From the one-time link to an organisation, a person and a token, in a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.parties import one_time_links
from kitaran.web import create_app
from tests.journeys.conftest import START_WITHIN_S
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.journey
PASSWORD = "nine purple lanterns drift"
LONG = "Ministry of Natural Resources, Environment and Climate Change of the Example Archipelago"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A fresh installation that is served, and the link for its first administrator."""
    app = create_app(Workspace.make(tmp_path_factory.mktemp("door") / "kitaran-data"))
    with writing(app.state.registry.whole().engine) as connection:
        secret = one_time_links.make(connection, "first")
    bound = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{bound.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield address, one_time_links.address(address, secret)
    server.should_exit = True
    thread.join(START_WITHIN_S)
    bound.close()


def look_at(page: Page) -> None:
    """The page is accessible, and nothing overflows on a small phone."""
    assert violations(page) == "", page.url
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_first_day_of_an_installation(chromium: Browser, begun: tuple[str, str]) -> None:
    address, link = begun
    context = chromium.new_context(color_scheme="dark", viewport={"width": 1280, "height": 800})
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.goto(f"{address}/admin")
    assert page.url.startswith(f"{address}/sign-in?next=/admin")
    look_at(page)

    page.goto(link)
    assert "code=" not in page.url
    look_at(page)
    page.get_by_label("Organisation").fill(LONG)
    page.get_by_label("Your name").fill("Amara Wickramasinghe")
    page.get_by_label("Name with which you will sign in").fill("amara@ministry.example")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/admin")

    page.get_by_role("button", name="Verify it now").click()
    page.get_by_text("Every event is as it was recorded").wait_for()
    page.goto(f"{address}/admin/operators")
    page.get_by_label("Name", exact=True).fill("Delta Recyclers")
    page.get_by_label("recycler").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", level=1, name="Delta Recyclers").wait_for()
    look_at(page)

    page.goto(f"{address}/admin/people")
    page.get_by_label("Organisation", exact=True).select_option(label="Delta Recyclers")
    page.get_by_label("Name", exact=True).fill("Somchai")
    page.get_by_label("Name with which the person signs in").fill("somchai")
    page.get_by_role("button", name="Add and make a link").click()
    invitation = page.locator("code.secret").inner_text()
    look_at(page)
    for path in ("", "/operators", "/people", "/tokens", "/sessions", "/audit", "/audit?of=record"):
        page.goto(f"{address}/admin{path}")
        look_at(page)
    page.goto(f"{address}/account")
    look_at(page)

    other = chromium.new_context().new_page()
    other.goto(invitation)
    other.get_by_label("New password").fill(PASSWORD)
    other.get_by_label("The same password again").fill("another thing entirely")
    other.keyboard.press("Enter")
    other.get_by_role("alert").wait_for()
    look_at(other)
    other.get_by_label("New password").fill(PASSWORD)
    other.get_by_label("The same password again").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(f"{address}/account")
    other.goto(f"{address}/account/tokens")
    look_at(other)
    other.get_by_role("button", name="Make it").click()
    assert other.locator("code.secret").inner_text().startswith("kitaran_")
    other.goto(f"{address}/admin")
    other.get_by_text("does not have a role").wait_for()

    page.goto(f"{address}/account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account")
    page.get_by_label("Name or e-mail").fill("Amara@Ministry.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/account")
    assert [told for told in complaints if "status of 4" not in told] == []
