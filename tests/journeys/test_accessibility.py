"""axe finds nothing to object to, and nothing overflows at 320 pixels."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Visits

pytestmark = pytest.mark.journey

WRONG = ("/nowhere", "/?year=1900")
PAGES = (
    "/",
    "/?economy=FSM&quantity=retired_batteries&year=2050",
    "/plan",
    "/plan/THA",
    "/plan/THA/inputs",
    "/data",
    "/data/ev_sales?economy=THA&sort=year",
    "/data/sources",
    "/plan/value?chem=NMC622&kwh=60&new=120",
    "/own-data",
    "/triage",
    "/triage?chemistry=LFP&q_nominal_ah=100&nominal_v=51.2&capacity_test_ah=92",
    "/triage?id=B-17&leaked=1",
    "/about",
    *WRONG,
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
RICHEST = ("/", "/plan/THA", "/data/ev_sales?economy=THA&sort=year")


def violations(page: Page) -> str:
    """What axe objects to, in words; empty if nothing."""
    results = Axe().run(page, options=RULES)
    return str(results.generate_report()) if results.violations_count else ""


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_and_the_console_no_fault(visit: Visits, path: str) -> None:
    window = visit()
    page = window.open(path, settled=True)
    assert violations(page) == ""
    assert [told for told in window.complaints if path not in WRONG or "status of 4" not in told] == []


@pytest.mark.parametrize("path", RICHEST)
def test_axe_finds_no_violation_in_the_dark(visit: Visits, path: str) -> None:
    assert violations(visit(dark=True).open(path)) == ""


@pytest.mark.parametrize("path", RICHEST)
def test_axe_finds_no_violation_on_a_phone(visit: Visits, path: str) -> None:
    assert violations(visit(width=390, height=844).open(path)) == ""


@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_at_320_pixels(visit: Visits, path: str) -> None:
    page = visit(width=320, height=640).open(path)
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0


def test_text_twice_as_large_still_fits(visit: Visits) -> None:
    page = visit(width=640, height=800).open("/plan/THA")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0


def test_the_rows_behind_a_number_can_be_read_on_a_phone(visit: Visits) -> None:
    page = visit(width=390, height=844).open("/plan/THA/inputs")
    narrowest = "Math.min(...[...document.querySelectorAll('.inputs tbody th')].map(th => th.offsetWidth))"
    assert page.evaluate(narrowest) > 150
