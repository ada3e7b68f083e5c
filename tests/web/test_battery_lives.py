"""A page tells how the ageing models moved the headline, why, and on how tested ground they stand."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.web.battery_lives import change as battery_lives_change
from kitaran.web.battery_lives import pages as battery_lives
from kitaran.web.battery_lives import words as battery_lives_words
from kitaran.web.choices import Choice
from kitaran.web.results import Results, current
from tests.web.synthetic_run import gwh

THIN_SPACES = str.maketrans("\u00a0\u202f", "  ")
THAILAND = Choice("THA", 2035, "retired_energy")


@pytest.fixture(scope="module")
def results(made: Workspace) -> Results:
    found = current(made)
    assert found is not None
    return found


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).translate(THIN_SPACES).split())


def test_the_page_says_from_where_to_where_the_headline_moved_and_why(site: TestClient) -> None:
    page = words(site.get("/plan/THA?year=2035&quantity=retired_energy").text)
    value = gwh("THA", 2035)
    assert f"In 2035: {1.25 * value:.3g} GWh by lifetime tables, {value:.3g} GWh by the ageing models" in page
    assert "would last 14 years in this climate, where the table has a mean of 8.0" in page
    assert "the vehicle is gone after 10, so 60 % of them end with it" in page
    assert "80 % of this retires by an ageing model, 20 % by the lifetime tables." in page
    assert "75 % of the models' time lies outside the conditions of their tests." in page


def test_the_table_names_use_chemistry_years_band_models_and_tested_range(site: TestClient) -> None:
    page = words(site.get("/plan/THA").text)
    assert "Cars, private, LFP" in page
    assert "9.5 or more" in page
    assert "lfp_gr_250ah, lfp_gr_sony_3ah" in page
    assert "The climate is that of Bangkok" in page


def test_the_data_twin_has_the_same(site: TestClient) -> None:
    facts = site.get("/plan/THA.json?year=2035&quantity=retired_energy").json()
    change = facts["lifetime_change"]
    value = gwh("THA", 2035)
    assert change["by_ageing_models"] == pytest.approx(value)
    assert change["by_lifetime_tables"] == pytest.approx(1.25 * value)
    assert [move["change_of_mean"] for move in change["by_class"]] == pytest.approx([-0.125 * value] * 2)
    assert change["sentence"].startswith("In 2035")
    assert facts["battery_lives"][0]["threshold_years_p50"] == 18.0
    assert facts["charts"]["lives"]["rows"][0]["p50"] == 1.0


def test_the_parts_of_a_change_add_up_to_it(results: Results) -> None:
    found = battery_lives_change.change(results, THAILAND)
    assert found is not None
    assert sum(move["change_of_mean"] for move in found.by_class) == pytest.approx(
        found.engine - found.tables
    )


def test_the_region_names_the_economies_that_move_it_most(site: TestClient) -> None:
    facts = site.get("/plan.json?year=2035").json()
    assert facts["lifetime_change"]["by_economy"][0]["economy"] == "CHN"
    assert "Economies that move the sum most" in site.get("/plan?year=2035").text


def test_materials_tell_the_move_of_the_energy(results: Results) -> None:
    found = battery_lives_change.change(results, Choice("THA", 2035, "contained_li"))
    assert found is not None
    assert found.quantity == "retired_energy"


def test_an_older_run_that_did_not_compare_shows_nothing_of_it(results: Results, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(results.folder, older)
    for name in ("battery_lives", "survival", "lifetime_basis", "lifetime_change"):
        (older / f"{name}.parquet").unlink()
    found = Results("older", older)
    assert battery_lives_change.change(found, THAILAND) is None
    facts, shown = battery_lives.facts_and_words(found, THAILAND)
    assert facts["lifetime_change"] is None
    assert shown["life_rows"] == []


@pytest.mark.parametrize(("value", "told"), [(None, ""), (30.0, "over 30"), (4.44, "4.4"), (29.0, "29")])
def test_years_beyond_the_horizon_are_told_as_over(value: float | None, told: str) -> None:
    assert battery_lives_words.years(value) == told
