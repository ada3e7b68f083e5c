"""`kitaran movement targets`: who has which target since when, and the arithmetic of each law."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kitaran.cli import movement
from kitaran.foundation.errors import KitaranError
from kitaran.law.target_profiles import FAMILIES, profiles, reaches_vehicles, rows


def targets(*arguments: str) -> str:
    result = CliRunner().invoke(movement.app, ["targets", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_all_jurisdictions_come_with_their_gaps_and_the_front_runner_has_none() -> None:
    found = json.loads(targets("--json"))
    gaps = {one["jurisdiction"]: one["gaps"] for one in found["jurisdictions"]}
    assert gaps[found["front_runner"]] == []
    assert "recycling_efficiency" in gaps["IN"]


def test_india_is_counted_by_dry_weight_and_the_union_element_by_element() -> None:
    india = json.loads(targets("in", "--json"))["targets"]
    union = json.loads(targets("EU", "--json"))["targets"]
    assert {row["basis"] for row in india if row["family"] == "material_recovery"} == {"dry weight"}
    assert {row["element"] for row in union if row["family"] == "material_recovery"} >= {"Li", "Co", "Ni"}


def test_words_name_the_article_and_how_sure_it_is() -> None:
    told = targets("IN")
    assert "BWMR 2022" in told
    assert "dry weight" in told
    assert "Not a determination by a competent authority." in told


def test_a_jurisdiction_that_nobody_looked_at_is_refused_with_the_known_ones() -> None:
    result = CliRunner().invoke(movement.app, ["targets", "XX"])
    assert isinstance(result.exception, KitaranError)
    assert "IN" in result.exception.faults[0].remedy


def test_each_number_in_law_has_its_arithmetic() -> None:
    numbers = [row for row in rows() if row.share is not None]
    assert numbers
    assert [row.id for row in numbers if row.formula() is None] == []
    assert [
        row.id for row in numbers if row.shortfall_kg(0, 100) != pytest.approx(row.required_kg(100))
    ] == []


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({row.id for row in rows()}) == len(rows())


@pytest.mark.parametrize(
    ("battery_class", "reaches"),
    [("EV", True), ("all", True), ("LMT", True), ("portable", False), ("listed EEE (not EV packs)", False)],
)
def test_a_target_for_other_things_never_counts_for_vehicle_batteries(
    battery_class: str, reaches: bool
) -> None:
    assert reaches_vehicles(battery_class) is reaches


def test_a_draft_is_no_target() -> None:
    drafts = [row for row in rows() if row.state("2026-01-01") == "draft"]
    assert drafts
    for row in drafts:
        has = next(one.has for one in profiles() if one.cc == row.cc)
        assert has.get(row.family) != row.valid_from


def test_gaps_are_families_of_the_table() -> None:
    assert {gap for one in profiles() for gap in one.gaps} <= set(FAMILIES)
