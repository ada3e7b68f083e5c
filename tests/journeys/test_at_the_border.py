"""An officer with a phone: five questions, one card on one screen, a letter; an authority enters a fact."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visits
from tests.journeys.test_accessibility import violations
from tests.web.test_move import JAPAN, LAO, PACK, PROVEN

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740}
AIR = JAPAN.replace("sea", "air") + "&item.soc_pct=80"
CARDS = {
    "asks the authority": LAO,
    "papers missing": JAPAN,
    "may move": PROVEN,
    "do not load": AIR,
    "domestic": f"{PACK}&condition=damaged&purpose=recycling&from=TH&to=TH&over=none",
    "must not": f"{PACK}&condition=non_functional&purpose=disposal&from=JP&to=TH&over=none",
    "many papers": f"{PACK}&condition=repairable_defect&purpose=refurbish&from=BD&to=MY&over=IN&over=TH",
    "needs consent": f"{PACK}&condition=non_functional&purpose=recycling&from=NZ&to=JP&over=none",
}
PAGES = (
    *("/move", "/move?kind=zz&from=XX&weather=1", LAO, PROVEN, AIR, LAO.replace("/move", "/move/letter")),
    *("/move/definitions", "/move/definitions/waste", "/move/policies", "/move/policies?place=TH"),
    *("/move/rules", "/move/rules?place=TH", "/move/rules/TH-IMP-1", "/move/targets", "/move/own-facts"),
    "/move/targets?of_kg=x&reached_kg=5",
    *("/move/own-facts/enter?cc=TH&fact=import.used", "/move/own-facts/enter?cc=TH&fact=hazardous_groups"),
    "/move/own-facts/enter",
    *(
        LAO.replace("/move", f"/move/papers{name}")
        for name in ("", "/notification", "/packing_list", "/letter-1")
    ),
)
ANSWERS = {
    "kind": "ev_pack",
    "chemistry": "NMC",
    "condition": "non_functional",
    "purpose": "recycling",
    "from": "LA",
    "to": "KR",
    "over-1": "TH",
    "mode": "sea",
}
SECONDS_A_CHOICE = 4  # to read a question and choose; the pages must leave room for a person


def answer(page: Page) -> int:
    """Answer the five questions as an officer does; returns how often the screen was touched."""
    for name, value in ANSWERS.items():
        page.select_option(f"#{name}", value)
    page.get_by_role("button", name="Show the answer").click()
    return len(ANSWERS) + 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_first_answer_takes_under_a_minute_on_a_phone(visit: Visits, scripts: bool) -> None:
    start = time.monotonic()
    page = visit(**PHONE, scripts=scripts).open("/move")
    touches = answer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("ASK THE AUTHORITY")
    waited_s = time.monotonic() - start
    assert touches <= 9
    assert waited_s + touches * SECONDS_A_CHOICE < 60


@pytest.mark.parametrize("path", CARDS.values(), ids=CARDS.keys())
def test_the_card_fits_one_screen_of_a_phone(visit: Visits, path: str) -> None:
    page = visit(**PHONE, scripts=False).open(path)
    card = page.locator(".card")
    box = card.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
    expect(card).to_contain_text(re.compile(r"Rules of \d{4}-\d\d-\d\d\."))
    expect(card).to_contain_text("Not a determination by a competent authority.")


def test_from_the_card_to_the_letter_and_from_a_reason_to_its_rule(visit: Visits) -> None:
    page = visit(**PHONE, scripts=False).open(LAO)
    page.locator(".reasons a", has_text="LA-EXP-1").first.click()
    expect(page.locator("main")).to_contain_text("Notice 829/PMO")
    expect(page.locator("main")).to_contain_text("read at its source")
    page.go_back()
    page.get_by_role("link", name="Letter to print").click()
    expect(page.locator("main")).to_contain_text("Does Notice 829/PMO cover a vehicle battery pack")


def test_papers_given_one_by_one_turn_the_card(visit: Visits) -> None:
    page = visit(**PHONE, scripts=False).open(PROVEN.replace("&evidence.test_records=true", ""))
    expect(page.get_by_role("heading", level=1)).to_have_text("PAPERS MISSING")
    page.select_option("select[name='evidence.test_records']", "true")
    page.get_by_role("button", name="Decide again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("MAY MOVE")


def test_an_answer_that_was_left_out_is_asked_for_at_its_question(visit: Visits) -> None:
    page = visit(**PHONE, scripts=False).open("/move")
    page.select_option("#kind", "module")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#chemistry-fault")).to_be_visible()
    page.get_by_role("link", name=re.compile("Which chemistry")).click()
    expect(page.locator("#chemistry")).to_be_in_viewport()
    expect(page.locator("#kind")).to_have_value("module")


def test_an_authority_enters_a_fact_sees_what_changes_accepts_it_and_takes_it_back(visit: Visits) -> None:
    page = visit(**PHONE).open("/move/own-facts")
    page.select_option("#cc", "TH")
    page.select_option("#fact", "import.used")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="See what it changes").click()
    expect(page.locator("#cite-fault")).to_be_visible()
    page.get_by_label("Not barred", exact=True).check()
    page.get_by_label("In one sentence", exact=True).fill("Tested packs enter under list 5.3")
    page.get_by_label("In force from", exact=True).fill("2026-01-01")
    page.get_by_label("Law and article", exact=True).fill("Letter 12/2569")
    page.get_by_label("Where can it be read?", exact=True).fill("Letter to the importer")
    page.get_by_label("How was it read?", exact=True).select_option("primary")
    page.get_by_label("How sure is it?", exact=True).select_option("high")
    page.get_by_label("Who enters it?", exact=True).fill("DIW desk officer")
    page.locator("input[value='TH-IMP-3']").check()
    page.get_by_role("button", name="See what it changes").click()
    expect(page.get_by_role("link", name="tested used packs, direct reuse: Japan › Thailand")).to_be_visible()
    assert violations(page) == ""
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("heading", name="Accepted")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take it back: Thailand")).click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Decisions rest on the packaged tables alone.")


def test_a_target_is_counted_by_the_arithmetic_of_its_law(visit: Visits) -> None:
    page = visit(**PHONE, scripts=False).open("/move/targets")
    india = page.locator("#target optgroup[label='India'] option", has_text="recovery of materials").last
    page.select_option("#target", india.get_attribute("value"))
    page.fill("#of_kg", "1000")
    page.fill("#reached_kg", "850")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("50 kg are missing")
    expect(page.locator("#answer")).to_contain_text("dry weight")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_and_nothing_overflows_a_small_phone(visit: Visits, path: str) -> None:
    window = visit(width=320, height=640)
    page = window.open(path, settled=True)
    assert violations(page) == ""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0
    assert [told for told in window.complaints if "status of 422" not in told] == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_in_the_dark(visit: Visits, path: str) -> None:
    assert violations(visit(dark=True).open(path)) == ""
