"""The page of targets: who has which since when, and what one of them asks of a mass."""

from __future__ import annotations

import csv
import io
from html import unescape
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from kitaran.law.target_profiles import rows
from kitaran.law.targets import shortfall_kg, targets

INDIA = next(
    row for row in rows() if row.cc == "IN" and row.family == "material_recovery" and row.share == 0.9
)


def asked(site: TestClient, **given: str) -> dict[str, object]:
    found: dict[str, object] = site.get(f"/move/targets.json?{urlencode(given)}").json()
    return found


def test_a_count_is_that_of_the_law(site: TestClient) -> None:
    count = asked(site, target=INDIA.id, of_kg="1000", reached_kg="850")["count"]
    (target,) = targets("IN", "2027-01-01", "recovery of materials")
    assert isinstance(count, dict)
    assert count["required_kg"] == pytest.approx(900)
    assert count["shortfall_kg"] == pytest.approx(shortfall_kg(target, 850, 1000)) == pytest.approx(50)


def test_the_page_says_by_which_arithmetic_and_how_sure(site: TestClient) -> None:
    query = urlencode({"target": INDIA.id, "of_kg": "1000", "reached_kg": "850"})
    page = unescape(site.get(f"/move/targets?{query}").text)
    answer = page.partition('id="answer"')[2].partition("</section>")[0]
    for told in (
        "50 kg are missing",
        "dry weight of the batteries taken in",
        INDIA.instrument,
        "high confidence",
    ):
        assert told in answer


def test_a_target_that_is_met_is_said_to_be_met(site: TestClient) -> None:
    query = urlencode({"target": INDIA.id, "of_kg": "1000", "reached_kg": "900"})
    assert "The target is met" in site.get(f"/move/targets?{query}").text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"target": "nothing", "of_kg": "1"}, "target"),
        ({"target": INDIA.id, "of_kg": "much"}, "of_kg"),
        ({"target": INDIA.id, "of_kg": "-1"}, "of_kg"),
        ({"target": INDIA.id, "of_kg": "nan"}, "of_kg"),
        ({"target": INDIA.id, "of_kg": "inf"}, "of_kg"),
        ({"target": INDIA.id, "reached_kg": "1"}, "of_kg"),
        ({"target": INDIA.id, "of_kg": "1", "reached_kg": "2"}, "reached_kg"),
    ],
)
def test_a_mass_that_cannot_be_is_told_at_its_field(
    site: TestClient, given: dict[str, str], field: str
) -> None:
    page = site.get(f"/move/targets?{urlencode(given)}")
    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text


def test_every_row_stands_on_the_page_and_in_the_csv(site: TestClient) -> None:
    page = site.get("/move/targets").text
    listed = site.get("/move/targets.csv").content.decode("utf-8-sig")
    in_csv = {row["id"] for row in csv.DictReader(io.StringIO(listed))}
    assert in_csv == {row.id for row in rows()}
    assert [row.id for row in rows() if f'id="{row.id}"' not in page] == []


def test_a_filter_leaves_one_jurisdiction_or_family(site: TestClient) -> None:
    page = site.get("/move/targets?place=IN&family=recycled_content").text
    assert f'id="{INDIA.id}"' not in page
    assert "BWMR 2022 rule 4(14)" in page
    assert "Annex XII" not in page
    assert site.get("/move/targets?place=XX").status_code == 422


def test_gaps_against_the_front_runner_are_in_view(site: TestClient) -> None:
    page = site.get("/move/targets?place=IN").text
    assert "front-runner" in page
    assert "Gaps against the front-runner: Recycling efficiency" in " ".join(page.split())
