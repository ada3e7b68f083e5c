"""Exports against the published schemas of Battery Pass 1.2 and of the Catena-X battery pass 6.0.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker
from tests.conformance.required_members import required_members
from tests.registry.passport.conftest import Cast, cast, issue, tell_all

from kitaran.foundation.database import reading
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.passport import audiences, service, view
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.battery_pass import ASPECTS
from kitaran.registry.passport.exports import FORMS, exported
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.missing import missing, required_paths

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


ALL = frozenset(audiences.ALL)


@pytest.fixture(scope="module")
def players(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    place = Workspace.make(tmp_path_factory.mktemp("published") / "work")
    registry = open_whole(place, read_settings(place.settings_file))
    yield cast(registry)
    registry.engine.dispose()


def read_by(players: Cast, battery: str, seen_by: frozenset[str] = ALL) -> dict[str, Any]:
    with reading(players.registry.engine) as connection:
        return view.facts(connection, players.battery(battery), seen_by)


@pytest.fixture(scope="module")
def facts(players: Cast) -> dict[str, Any]:
    """An invented battery of which everything is said, as somebody reads it who may read all."""
    battery = issue(players, players.producer, "pack-52")
    tell_all(players, battery)
    return read_by(players, battery)


@pytest.fixture(scope="module")
def sparse(players: Cast) -> dict[str, dict[str, Any]]:
    """Batteries of which little is said: each category, with a reading, public, repurposed, taken in."""
    hand, maker = players.hand(players.producer), players.producer.operator
    found = {}
    for category in attributes()["category"].choices:
        for chemistry in ("LFP", "lead_acid", "unknown"):
            model = f"{category}-{chemistry}".lower().replace("_", "-")
            said = {"model_name": model, "category": category, "chemistry": chemistry}
            service.register_model(hand, maker, model, said)
            battery = service.issue_batch(hand, maker, [{"model": model, "serial_number": "S-1"}]).batteries[
                0
            ]
            found[model] = read_by(players, battery)
    found["public"] = read_by(players, battery, frozenset({"public"}))
    players.read(players.producer, battery, "remaining_capacity_ah", "12")
    found["one reading"] = read_by(players, battery)
    players.hand_over(players.producer, players.licensed, battery)
    works, whose = players.hand(players.licensed), players.licensed.operator
    said = {"model_name": "Store 10", "category": "stationary", "chemistry": "LFP", "mass_kg": "10"}
    service.register_model(works, whose, "store-10", said)
    successor = service.new_id()
    new: dict[str, Any] = {
        "successor": successor,
        "operator": whose,
        "model": "store-10",
        "account": "Into a cabinet.",
    }
    new |= {"battery": battery, "attributes": {"serial_number": "R-1"}}
    service.append(works, "passport.repurposed", [item_of(battery), item_of(successor)], new)
    found |= {"repurposed": read_by(players, battery), "successor": read_by(players, successor)}
    taken_in = service.new_id()
    payload = {"battery": taken_in, "what": "pack", "mass_kg": "9", "chemistry": "unknown"}
    service.append(works, "passport.taken_in", [item_of(taken_in)], payload | {"known_by": "unknown"})
    return found | {"taken in": read_by(players, taken_in)}


def required_but_absent(schema: Any, document: Any) -> tuple[set[str], list[str]]:
    """Paths of required members that a validator misses, and what else it finds wrong."""
    absent, other = set(), []
    for one in Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(document):
        above = "".join("[]" if isinstance(step, int) else f".{step}" for step in one.path)
        if one.validator == "required":
            absent |= {f"{above}.{name}"[1:] for name in one.validator_value if name not in one.instance}
        else:
            other.append(f"{above}: {one.message[:100]}")
    return absent, other


def test_a_passport_that_says_little_exports_what_it_says_and_names_every_member_that_lacks(
    shared: Path, sparse: dict[str, dict[str, Any]]
) -> None:
    """Nothing is invented: what a validator misses is exactly what the export says to be missing."""
    catena = published(shared / CATENA / "BatteryPass-schema.json")
    schemas = {aspect: aspect_schema(shared, aspect) for aspect in ASPECTS}
    for which, told in sparse.items():
        document = exported(told, "catenax")
        absent, other = required_but_absent(catena, document)
        assert other == [], which
        assert {one["path"] for one in missing(document, "catenax")} == absent, which
        document = exported(told, "batterypass")
        named = {one["path"] for one in missing(document, "batterypass")}
        assert named & set(ASPECTS) == set(ASPECTS) - set(document), which
        for aspect, content in document.items():
            absent, other = required_but_absent(schemas[aspect], content)
            assert other == [], (which, aspect)
            below = {path.partition(".")[2] for path in named if path.startswith(f"{aspect}.")}
            assert below == absent, (which, aspect)


def test_what_is_said_in_full_lacks_nothing(facts: dict[str, Any]) -> None:
    for form in FORMS:
        assert missing(exported(facts, form), form) == []


def test_the_required_members_are_those_of_the_published_schemas(shared: Path) -> None:
    catena = published(shared / CATENA / "BatteryPass-schema.json")
    assert required_paths("catenax") == tuple(required_members(catena))
    paths = []
    for aspect in ASPECTS:
        paths += [aspect, *(f"{aspect}.{one}" for one in required_members(aspect_schema(shared, aspect)))]
    assert required_paths("batterypass") == tuple(paths)


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
