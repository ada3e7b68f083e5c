"""A trainer asks how long a battery lasts, compares places, mends a wrong choice, and prints."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visits
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.journey

SHORT = "/plan/lifetime?battery=NMC622&city=MNG&years=5"
KINDS = (
    SHORT,
    "/plan/lifetime?battery=lead_acid&duty=e_rickshaw&city=IND",
    "/plan/lifetime?battery=nmc_lto_10ah&duty=city_bus&city=IND&years=5",
    "/plan/lifetime?battery=foo&city=Atlantis",
)


@pytest.mark.parametrize("scripts", [True, False])
def test_another_city_is_chosen_in_the_form_and_stands_in_the_address(visit: Visits, scripts: bool) -> None:
    page = visit(scripts=scripts).open(SHORT)
    assert "Ulaanbaatar" in page.inner_text("main")
    page.select_option("#city", "THA/Bangkok")
    page.select_option("#threshold", "90")
    page.click("main form button")
    assert "city=THA/Bangkok" in page.url.replace("%2F", "/")
    assert "It falls to 90" in page.inner_text(".answer-line")
    assert page.locator("#second-life").count() == 1


def test_a_place_of_the_table_leads_on(visit: Visits) -> None:
    page = visit().open(SHORT)
    page.click("#ranking a:has-text('Suva')")
    assert "Suva, Fiji" in page.inner_text("main")


def test_a_wrong_choice_keeps_the_form_and_leads_to_the_field(visit: Visits) -> None:
    page = visit().open("/plan/lifetime?city=Atlantis")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "city"
    page.select_option("#city", "BTN/Thimphu")
    page.select_option("#years", "5")
    page.click("main form button")
    assert "Thimphu, Bhutan" in page.inner_text("main")


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_no_violation(visit: Visits, path: str) -> None:
    window = visit()
    page = window.open(path, settled=True)
    assert violations(page) == ""
    assert [told for told in window.complaints if "status of 4" not in told] == []


def test_axe_finds_no_violation_in_the_dark_and_on_a_phone(visit: Visits) -> None:
    assert violations(visit(dark=True).open(SHORT)) == ""
    assert violations(visit(width=390, height=844).open(SHORT)) == ""


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("width", [320, 360])
def test_nothing_overflows_on_a_narrow_screen(visit: Visits, path: str, width: int) -> None:
    page = visit(width=width, height=640).open(path)
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0


def test_print_shows_what_was_asked_and_hides_the_form(visit: Visits) -> None:
    page = visit().open(SHORT)
    page.emulate_media(media="print")
    assert not page.is_visible("#city")
    assert "Ulaanbaatar, Mongolia" in page.inner_text("main")
