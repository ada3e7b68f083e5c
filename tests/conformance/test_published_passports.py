"""Exports against the published schemas of Battery Pass 1.2 and of the Catena-X battery pass 6.0.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker
from tests.registry.passport.conftest import cast, issue, tell_all

from kitaran.foundation.database import reading
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.passport import audiences, view
from kitaran.registry.passport.battery_pass import ASPECTS
from kitaran.registry.passport.exports import exported

pytestmark = pytest.mark.shared
CATENA = "vectors/catenax-battery-pass/io.catenax.battery.battery_pass/6.0.0/gen"


def published(path: Path) -> Any:
    """JSON of a published file: some are UTF-16 with a byte order mark."""
    content = path.read_bytes()
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return json.loads(content.decode("utf-16" if wide else "utf-8-sig"))


def faults(schema: Any, document: Any) -> list[str]:
    checker = Draft4Validator(schema, format_checker=FormatChecker())
    return [f"{'.'.join(map(str, one.path))}: {one.message[:120]}" for one in checker.iter_errors(document)]


def aspect_schema(shared: Path, aspect: str) -> Any:
    folder = shared / "vectors" / "batterypass-1.2" / f"io.BatteryPass.{aspect}" / "1.2.0" / "gen"
    return published(next(folder.glob("*-schema.json")))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An invented battery of which everything is said, as somebody reads it who may read all."""
    place = Workspace.make(tmp_path_factory.mktemp("published") / "work")
    registry = open_whole(place, read_settings(place.settings_file))
    players = cast(registry)
    battery = issue(players, players.producer, "pack-52")
    tell_all(players, battery)
    with reading(registry.engine) as connection:
        found = view.facts(connection, players.battery(battery), frozenset(audiences.ALL))
    registry.engine.dispose()
    return found


@pytest.mark.parametrize("aspect", ASPECTS)
def test_each_aspect_validates_against_battery_pass(shared: Path, facts: dict[str, Any], aspect: str) -> None:
    assert faults(aspect_schema(shared, aspect), exported(facts, "batterypass")[aspect]) == []


def test_the_document_validates_against_catena_x(shared: Path, facts: dict[str, Any]) -> None:
    schema = published(shared / CATENA / "BatteryPass-schema.json")
    assert faults(schema, exported(facts, "catenax")) == []


def test_the_published_sample_of_the_materials_fails_its_own_schema(shared: Path) -> None:
    """A CAS number there ends in a blank: a sample is no proof of conformance."""
    folder = shared / "vectors" / "batterypass-1.2" / "io.BatteryPass.MaterialComposition" / "1.2.0" / "gen"
    sample = published(next(folder.glob("*-payload.json")))
    found = faults(aspect_schema(shared, "MaterialComposition"), sample)
    assert len(found) == 1
    assert "7439-93-2 " in found[0]


def test_a_warranty_of_eight_years_is_left_out_because_the_format_holds_a_month_of_the_year(
    facts: dict[str, Any],
) -> None:
    told = facts["attributes"] | {"warranty_months": facts["attributes"]["warranty_months"] | {"value": 96}}
    made = exported(facts | {"attributes": told}, "batterypass")
    assert "warrentyPeriod" not in made["GeneralProductInformation"]
    assert exported(facts | {"attributes": told}, "catenax")["characteristics"]["warranty"] == {
        "lifeValue": 96,
        "lifeUnit": "unit:month",
    }
