"""A chart is a picture without scripts and alive with them, under the strict policy and in both colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visits

pytestmark = pytest.mark.journey


def test_charts_are_redrawn_under_the_policy_without_a_complaint(visit: Visits) -> None:
    window = visit()
    page = window.open("/plan/THA")
    for place in range(page.locator("[data-chart]").count()):
        chart = page.locator("[data-chart]").nth(place)
        chart.scroll_into_view_if_needed()
        expect(chart).to_have_attribute("data-width", re.compile(r"\d+"), timeout=15_000)
        expect(chart.locator("svg.marks")).to_be_visible()
    assert window.complaints == []


def test_a_chart_tells_the_figure_under_the_pointer(visit: Visits) -> None:
    page = visit().open("/plan/THA")
    chart = page.locator("#chart-retired [data-chart]")
    expect(chart).to_have_attribute("data-width", re.compile(r"\d+"), timeout=15_000)
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text(re.compile(r"20[0-9]{2}: "))


def test_without_scripts_the_picture_of_the_server_stands(visit: Visits) -> None:
    page = visit(scripts=False).open("/plan/THA")
    assert page.locator(".picture-wide svg").count() == page.locator("[data-chart]").count() == 6
    expect(page.locator("#chart-retired .picture-wide svg")).to_be_visible()
    expect(page.locator("#chart-retired .picture-narrow svg")).to_be_hidden()


def test_on_a_phone_the_narrow_picture_stands(visit: Visits) -> None:
    page = visit(width=390, scripts=False).open("/plan/THA")
    expect(page.locator("#chart-retired .picture-narrow svg")).to_be_visible()
    expect(page.locator("#chart-retired .picture-wide svg")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_lines_follow_dark_and_light(visit: Visits, scripts: bool) -> None:
    colours = []
    for dark in (False, True):
        page = visit(dark=dark, scripts=scripts).open("/plan/THA")
        if scripts:
            wanted = re.compile(r"\d+")
            expect(page.locator("#chart-retired [data-chart]")).to_have_attribute(
                "data-width", wanted, timeout=15_000
            )
        line = page.locator("#chart-retired .mark-line path:visible").first
        colours.append(line.evaluate("element => getComputedStyle(element).stroke"))
    assert colours == ["rgb(6, 68, 71)", "rgb(169, 227, 220)"]


def test_the_table_beside_a_chart_opens_by_keyboard(visit: Visits) -> None:
    page = visit().open("/plan/THA")
    page.locator("#chart-retired summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chart-retired table")).to_be_visible()
    expect(page.locator("#chart-retired tbody tr").first).to_contain_text("2010")


def test_a_chart_is_downloaded(visit: Visits) -> None:
    page = visit().open("/plan/THA")
    with page.expect_download() as waiting:
        page.locator("#chart-retired a", has_text="CSV").click()
    assert waiting.value.suggested_filename == "kitaran-THA-retired.csv"
