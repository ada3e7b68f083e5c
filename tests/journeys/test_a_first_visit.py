"""A person opens the site, reads a figure, and follows it to the row that it rests on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.web.synthetic_run import gwh

pytestmark = pytest.mark.journey
THAILAND = f"{gwh('THA', 2035):.3g}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_first_page_to_the_row_behind_a_figure(visit: Visits, scripts: bool) -> None:
    window = visit(scripts=scripts)
    page = window.open("/")
    expect(page.locator("h1")).to_contain_text(f"In 2035 about {THAILAND}")
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("svg.map")).to_be_in_viewport()
    page.get_by_role("link", name="Where this number comes from").click()
    expect(page.locator("h1")).to_have_text("Where the number for Thailand comes from")
    page.locator("table.inputs th a").first.click()
    expect(page.get_by_role("heading", name="All cells")).to_be_visible()
    page.locator("dd a[href^='/data/sources/']").first.click()
    expect(page.get_by_role("heading", name="What rests on it")).to_be_visible()
    assert window.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_another_economy_is_chosen_in_the_form(visit: Visits, scripts: bool) -> None:
    page = visit(scripts=scripts).open("/")
    page.get_by_label("Economy", exact=True).select_option(label="Viet Nam")
    page.get_by_label("Year").select_option("2040")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("h1")).to_contain_text(f"In 2040 about {gwh('VNM', 2040):.3g}")


def test_an_island_is_chosen_on_the_map(visit: Visits) -> None:
    page = visit().open("/")
    page.locator("svg.map a[aria-label^='Nauru']").click()
    expect(page.locator("h1")).to_contain_text("in Nauru")


def test_the_map_and_the_form_are_used_by_keyboard_alone(visit: Visits) -> None:
    page = visit().open("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
        if page.evaluate("document.activeElement.id") == "economy":
            break
    assert "Where this number comes from" in seen
    page.keyboard.type("Viet")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("in Viet Nam")


def test_the_keyboard_passes_the_map_by_a_link(visit: Visits) -> None:
    page = visit().open("/")
    skip = page.get_by_role("link", name=re.compile("Skip the map"))
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#ranking, .table-frame') !== null")


def test_focus_is_always_seen(visit: Visits) -> None:
    page = visit().open("/plan/THA")
    for _ in range(15):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle + ' ' + s.outlineWidth })()"
        )
        assert outline == "solid 3px", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_colours_are_chosen_by_hand(visit: Visits, scripts: bool) -> None:
    page = visit(scripts=scripts).open("/plan?year=2030")
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile(r"/plan\?year=2030$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(20, 24, 27)")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
