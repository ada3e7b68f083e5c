"""A served workspace and a real browser; what the browser complains about is collected for each page."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, sync_playwright

from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from tests.web.synthetic_run import write_synthetic_run

START_WITHIN_S = 30
SENDS = """button => {
    const form = button.form;
    return Boolean(form) && form.method === "post" && button.type === "submit" && navigator.onLine
        && (form.noValidate || button.formNoValidate || form.checkValidity())
        && document.getElementById("no-network") !== null;
}"""
click_alone = Locator.click


def click(self: Locator, **given: Any) -> None:
    """Click, and where that sends a form wait for the page that answers.

    The driver waits by itself for what a click sends at once. Our forms first ask whether there is a network,
    so they are sent a moment after the click (`sending.js`). An answer that is a file leads to no page.
    """
    if not self.evaluate(SENDS):
        click_alone(self, **given)
        return
    try:
        with self.page.expect_navigation():
            click_alone(self, **given)
    except Error as error:
        if "ERR_ABORTED" not in error.message:
            raise


@pytest.fixture(autouse=True)
def _sent_forms_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Locator, "click", click)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a workspace with a made-up run is served."""
    workspace = Workspace.make(tmp_path_factory.mktemp("journeys") / "kitaran-data")
    write_synthetic_run(workspace.runs / "synthetic")
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_WITHIN_S)
    bound.close()


@pytest.fixture(scope="session")
def chromium(browser: Path) -> Iterator[Browser]:
    """The browser, started once."""
    sandbox = [] if os.getuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(browser), args=sandbox)
        yield started
        started.close()


@dataclass
class Visit:
    """A browser window at the site, and every complaint of its console."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, kind: str, text: str) -> None:
        """Keep what the console tells as an error."""
        if kind == "error":
            self.complaints.append(text)

    def open(self, path: str, settled: bool = False) -> Page:
        """Go to a page of the site; `settled` waits until nothing more is loaded."""
        self.page.goto(self.address + path, wait_until="networkidle" if settled else "load")
        return self.page


class Visits:
    """Makes windows of any kind and closes them when the test is over."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self._chromium = chromium
        self._address = address
        self._contexts: list[BrowserContext] = []

    def __call__(
        self, width: int = 1280, height: int = 800, dark: bool = False, scripts: bool = True
    ) -> Visit:
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        self._contexts.append(context)
        visit = Visit(context.new_page(), self._address)
        visit.page.on(
            "console", lambda told: visit.complaints.append(told.text) if told.type == "error" else None
        )
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visits]:
    """Opens windows: visit(), visit(width=390), visit(dark=True), visit(scripts=False)."""
    visits = Visits(chromium, address)
    yield visits
    visits.close()
