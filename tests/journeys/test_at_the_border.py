"""An officer with a phone: five questions, a card on one screen, a letter; and axe finds no fault."""

from __future__ import annotations

import time

import pytest

from tests.journeys.conftest import Visits
from tests.journeys.test_accessibility import violations
from tests.web.test_move import LAO, PROVEN

pytestmark = pytest.mark.journey

PAGES = (
    *("/move", LAO, PROVEN, LAO.replace("/move", "/move/letter")),
    *("/move/definitions/waste", "/move/policies", "/move/own-facts"),
    LAO.replace("/move", "/move/forms/notification"),
)


def test_a_first_answer_takes_under_a_minute_on_a_phone_and_fits_one_screen(visit: Visits) -> None:
    window = visit(width=390, height=844, scripts=False)
    start = time.monotonic()
    page = window.open("/move")
    answers = {"kind": "ev_pack", "chemistry": "NMC", "condition": "non_functional", "purpose": "recycling"}
    for name, value in {**answers, "from": "LA", "to": "KR", "over-1": "TH", "mode": "sea"}.items():
        page.select_option(f"#{name}", value)
    page.get_by_role("button", name="Show the answer").click()
    card = page.locator(".notice").first
    assert page.get_by_role("heading", level=1).inner_text() == "ASK THE AUTHORITY"
    assert time.monotonic() - start < 60
    box = card.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert "Not a determination by a competent authority." in card.inner_text()
    page.get_by_role("link", name="Letter to print").click()
    assert "Does Notice 829/PMO cover a vehicle battery pack" in page.locator("main").inner_text()


def test_papers_given_one_by_one_turn_the_card(visit: Visits) -> None:
    window = visit(width=390, height=844, scripts=False)
    page = window.open(PROVEN.replace("&evidence.test_records=true", ""))
    assert page.get_by_role("heading", level=1).inner_text() == "PAPERS MISSING"
    page.select_option("select[name='evidence.test_records']", "true")
    page.get_by_role("button", name="Decide again").click()
    assert page.get_by_role("heading", level=1).inner_text() == "MAY MOVE"


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_and_nothing_overflows_a_small_phone(visit: Visits, path: str) -> None:
    window = visit(width=320, height=640)
    page = window.open(path, settled=True)
    assert violations(page) == ""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0
    assert window.complaints == []
