"""axe finds nothing to object to, and nothing overflows at 320 pixels."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Visits

pytestmark = pytest.mark.journey

PAGES = (
    "/",
    "/?economy=FSM&quantity=retired_batteries&year=2050",
    "/plan",
    "/plan/THA",
    "/plan/THA/inputs",
    "/data",
    "/data/ev_sales?economy=THA&sort=year",
    "/data/sources",
    "/own-data",
    "/about",
    "/nowhere",
    "/?year=1900",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WINDOWS = {"desktop": {}, "phone": {"width": 390, "height": 844}, "dark": {"dark": True}}


@pytest.mark.parametrize("kind", WINDOWS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(visit: Visits, path: str, kind: str) -> None:
    window = visit(**WINDOWS[kind])  # type: ignore[arg-type]
    page = window.open(path)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_at_320_pixels(visit: Visits, path: str) -> None:
    page = visit(width=320, height=640).open(path)
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0


@pytest.mark.parametrize("path", PAGES[:-2])
def test_no_page_breaks_its_own_policy(visit: Visits, path: str) -> None:
    window = visit()
    window.open(path)
    assert window.complaints == []


def test_text_twice_as_large_still_fits(visit: Visits) -> None:
    page = visit(width=640, height=800).open("/plan/THA")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0
