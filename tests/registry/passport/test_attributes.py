"""The table of attributes: whole, and the same in the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitaran.registry.passport import audiences
from kitaran.registry.passport.attributes import attributes, entered, markdown_table
from kitaran.registry.passport.values import from_text

ROOT = Path(__file__).resolve().parents[3]


def test_the_documentation_holds_the_table_as_it_stands() -> None:
    assert (ROOT / "docs" / "passport.md").read_text(encoding="utf-8").endswith(markdown_table())


def test_every_attribute_names_readers_that_there_are() -> None:
    assert [n for n, one in attributes().items() if not one.audiences <= frozenset(audiences.ALL)] == []
    assert [n for n, one in attributes().items() if one.filled != "never" and not one.audiences] == []


def test_what_is_dynamic_is_never_public() -> None:
    assert [n for n, one in attributes().items() if one.nature == "dynamic" and one.is_public] == []


def test_point_four_is_not_for_authorities_nor_point_three_for_who_has_an_interest() -> None:
    by_point: dict[str, frozenset[str]] = {}
    for one in attributes().values():
        if one.annex_point.startswith("Annex XIII") and one.name != "battery_status":
            point = one.annex_point.removeprefix("Annex XIII ")[:1]
            by_point[point] = by_point.get(point, frozenset()) | one.audiences
    assert audiences.AUTHORITY not in by_point["4"]
    assert audiences.LEGITIMATE not in by_point["3"]
    assert by_point["1"] == frozenset(audiences.ALL)


@pytest.mark.shared
def test_every_data_point_of_the_guidance_has_an_attribute(shared: Path) -> None:
    path = shared / "vectors" / "batterypass-ready-gefeg" / "vocab" / "ec-guidance-datapoints.json"
    given = json.loads(path.read_text(encoding="utf-8"))["dataPoints"]
    assert len(given) == 71
    assert {one["name"] for one in given} <= {one.wording for one in attributes().values()}


def test_a_cell_of_a_file_is_read_as_its_attribute_wants_it() -> None:
    known = entered("model", "static")
    assert from_text(known["warranty_months"], "96") == 96
    assert from_text(known["extinguishing_agents"], "sand; water") == ["sand", "water"]
    assert from_text(known["modules_replaceable"], "Yes") is True
    assert from_text(known["mass_kg"], "12.50") == "12.50"
