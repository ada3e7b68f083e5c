"""The life of a passport: model, issue, readings, change of use, end; and what is never overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.passport import audiences, repository, service, view
from kitaran.registry.passport.kinds import item_of
from tests.registry.parties.conftest import enrol
from tests.registry.parties.test_authority import erasure_by

from .conftest import Cast, issue, tell_all
from .made_up import values_of

ALL = frozenset(audiences.ALL)


def facts(players: Cast, battery: str, seen_by: frozenset[str] = ALL) -> dict[str, Any]:
    with reading(players.registry.engine) as connection:
        return view.facts(connection, players.battery(battery), seen_by)


def test_every_attribute_that_can_be_entered_comes_back_as_it_was_said(players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    tell_all(players, battery)
    shown = {name: one["value"] for name, one in facts(players, battery)["attributes"].items()}
    said = values_of("model", "static") | values_of("item", "static") | values_of("item", "dynamic")
    assert {name: shown[name] for name in said} == said
    assert shown.keys() - said.keys() == {"unique_identifier", "responsible_operator", "battery_status"}


def test_a_second_reading_stands_beside_the_first(players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.read(players.producer, battery, "remaining_capacity_ah", "140.5", error="1.5")
    players.read(players.licensed, battery, "remaining_capacity_ah", "120.0")
    seen = facts(players, battery)
    assert [one["value"] for one in seen["readings"]] == ["140.5", "120.0"]
    assert seen["attributes"]["remaining_capacity_ah"]["value"] == "120.0"
    assert seen["attributes"]["remaining_capacity_ah"]["by"] == players.licensed.operator
    assert seen["readings"][0]["error"] == "1.5"


def test_a_new_version_of_a_model_leaves_the_old_one_readable(players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    hand = players.hand(players.producer)
    changed = values_of("model", "static") | {"mass_kg": "299"}
    assert service.register_model(hand, players.producer.operator, "pack-52", changed) == 2
    assert facts(players, battery)["attributes"]["mass_kg"]["value"] == "299"
    with reading(players.registry.engine) as connection:
        versions = repository.versions(connection, "pack-52")
    assert [one.version for one in versions] == [1, 2]
    assert versions[0].content["mass_kg"] != "299"


@pytest.mark.parametrize(
    ("kind", "status"), [("repaired", "original"), ("reused", "reused"), ("became_waste", "waste")]
)
def test_what_happened_to_a_battery_changes_its_status(players: Cast, kind: str, status: str) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.change(players.producer, kind, battery)
    assert players.battery(battery).status == status
    assert facts(players, battery)["timeline"][-1]["kind"] == kind


def test_repurposing_opens_a_new_passport_linked_to_the_old_one(players: Cast) -> None:
    old, new = issue(players, players.producer, "pack-52"), service.new_id()
    players.hand_over(players.producer, players.licensed, old)
    hand, whose = players.hand(players.licensed), players.licensed.operator
    service.register_model(hand, whose, "store-10", values_of("model", "static"))
    payload = {
        "battery": old,
        "successor": new,
        "operator": whose,
        "model": "store-10",
        "attributes": {"serial_number": "R-1"},
        "account": "Into a cabinet of ten modules.",
    }
    service.append(hand, "passport.repurposed", [item_of(old), item_of(new)], payload)
    was, now = players.battery(old), players.battery(new)
    assert (was.state, was.successor) == ("repurposed", new)
    assert (now.state, now.status, now.predecessor, now.operator) == ("in_force", "repurposed", old, whose)
    with pytest.raises(ConflictError, match="is repurposed"):
        players.change(players.producer, "reused", old)


def test_what_was_recycled_leaves_a_tombstone_and_takes_nothing_more(players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.hand_over(players.producer, players.licensed, battery)
    with pytest.raises(NotAllowedError):
        players.change(players.licensed, "ceased", battery)  # its licence is not for recycling
    players.change(players.producer, "ceased", battery)
    assert facts(players, battery)["valid"] is False
    with pytest.raises(ConflictError, match="is ceased"):
        players.read(players.producer, battery, "full_cycles", "12")


def test_only_an_authority_revokes_and_says_why(players: Cast, registry: Registry) -> None:
    battery = issue(players, players.producer, "pack-52")
    with pytest.raises(NotAllowedError):
        players.change(players.producer, "revoked", battery)
    players.change(enrol(registry, "Ministry", "authority"), "revoked", battery, "Copied from another label.")
    assert players.battery(battery).state == "revoked"
    assert facts(players, battery)["timeline"][-1]["says"] == {"account": "Copied from another label."}


def test_a_stranger_gets_the_same_words_whether_the_battery_exists_or_not(players: Cast) -> None:
    battery = issue(players, players.producer, "pack-52")
    told = []
    for one in (battery, service.new_id()):
        with pytest.raises(KitaranError) as refusal:
            players.change(players.stranger, "became_waste", one)
        told.append(str(refusal.value).replace(one, "ID"))
    assert told[0] == told[1]


def test_a_producer_issues_nothing_of_anothers_model(players: Cast) -> None:
    issue(players, players.producer, "pack-52")
    payload = {
        "battery": service.new_id(),
        "operator": players.rival.operator,
        "model": "pack-52",
        "attributes": {"serial_number": "S-1"},
    }
    with pytest.raises(NotAllowedError, match="no such model"):
        hand = players.hand(players.rival)
        service.append(hand, "passport.issued", [item_of(payload["battery"])], payload)


def test_one_serial_number_of_a_model_is_given_once(players: Cast) -> None:
    issue(players, players.producer, "pack-52", serial_number="S-1")
    payload = {
        "battery": service.new_id(),
        "operator": players.producer.operator,
        "model": "pack-52",
        "attributes": {"serial_number": "S-1"},
    }
    with pytest.raises(ConflictError, match="known under this serial number"):
        hand = players.hand(players.producer)
        service.append(hand, "passport.issued", [item_of(payload["battery"])], payload)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("remaining_capacity_ah", 12),
        ("remaining_capacity_ah", "1e3"),
        ("capacity_fade_percent", "101"),
        ("mass_kg", "12"),
        ("battery_status", "waste"),
        ("no_such", "1"),
    ],
)
def test_a_reading_of_another_form_or_of_what_is_not_measured_is_refused(
    players: Cast, attribute: str, value: Any
) -> None:
    battery = issue(players, players.producer, "pack-52")
    with pytest.raises(InputError):
        players.read(players.producer, battery, attribute, value)


def test_what_is_restricted_stands_beside_the_log_and_not_in_it(players: Cast, registry: Registry) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.read(players.producer, battery, "remaining_capacity_ah", "123.456")
    with reading(registry.engine) as connection:
        entries = b"".join(row.entry for row in log.rows(connection, 0, log.size(connection)))
    assert b"needle-model_name" in entries
    assert b"123.456" not in entries
    assert b"needle-dismantling_tools" not in entries
    assert b"needle-test_reports" not in entries


def test_a_rebuild_from_the_log_gives_the_same_passports(players: Cast, registry: Registry) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.read(players.producer, battery, "full_cycles", "12")
    players.change(players.producer, "reused", battery)
    before = facts(players, battery)
    rebuild(registry.engine, registry.ledger.kinds)
    assert facts(players, battery) == before


# -- without a passport


def take_in(players: Cast, **told: Any) -> str:
    battery = service.new_id()
    payload = {"battery": battery, "what": "pack", "mass_kg": "11.5", "chemistry": "unknown"}
    payload |= {"known_by": "unknown", **told}
    service.append(players.hand(players.stranger), "passport.taken_in", [item_of(battery)], payload)
    return battery


def test_a_scooter_pack_without_a_legible_label_is_taken_in_and_its_history_starts_there(
    players: Cast,
) -> None:
    seen = facts(players, take_in(players, label="48 V, the rest is torn off", condition="dented"))
    assert (seen["origin"], seen["model"], seen["taken_in"]["mass_kg"]) == ("taken_in", None, "11.5")
    assert "chemistry" not in seen["attributes"]
    assert "battery_status" not in seen["attributes"]
    assert [one["kind"] for one in seen["timeline"]] == ["taken_in"]


def test_black_mass_is_taken_in_with_its_assay(players: Cast) -> None:
    assay = [{"item": "Ni", "percent": "21.5"}, {"item": "Co", "percent": "7.2"}]
    lot = take_in(
        players,
        what="black_mass",
        mass_kg="980",
        chemistry="NMC622",
        known_by="tested",
        moisture_percent="3.1",
        assay=assay,
    )
    assert facts(players, lot)["taken_in"]["assay"] == assay
    assert facts(players, lot)["attributes"]["chemistry"]["known_by"] == "tested"


@pytest.mark.parametrize(
    "told",
    [
        {"what": "lead_acid_lot", "chemistry": "LFP", "known_by": "label"},
        {"chemistry": "LFP"},
        {"chemistry": "plutonium", "known_by": "label"},
        {"assay": [{"item": "Ni", "percent": "21.5"}]},
        {
            "what": "black_mass",
            "assay": [{"item": "Ni", "percent": "60"}, {"item": "Co", "percent": "41"}],
        },
        {"mass_kg": "-1"},
    ],
)
def test_what_cannot_be_is_not_taken_in(players: Cast, told: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        take_in(players, **told)


def test_a_restricted_value_that_is_erased_is_gone_for_every_reader(
    players: Cast, registry: Registry
) -> None:
    battery = issue(players, players.producer, "pack-52")
    players.read(players.producer, battery, "remaining_capacity_ah", "123.456")
    with reading(registry.engine) as connection:
        model = repository.model(connection, "pack-52")
    assert model is not None
    read_in = facts(players, battery)["readings"][0]["seq"]
    for seq, name in ((read_in, "reading"), (model.seq, "dismantling_tools")):
        registry.ledger.append(erasure_by(players.producer, seq, (), name))
    left = facts(players, battery)
    assert "remaining_capacity_ah" not in left["attributes"]
    assert "dismantling_tools" not in left["attributes"]
    assert left["readings"] == []
    assert left["timeline"][-1]["kind"] == "reading_taken"


def test_a_nul_in_what_is_asked_for_finds_nothing_in_either_store(players: Cast, registry: Registry) -> None:
    issue(players, players.producer, "pack-52")
    with reading(registry.engine) as connection:
        assert repository.battery(connection, "\0") is None
        assert repository.batteries(connection, None, serial_number="\0") == []
        assert repository.batteries(connection, None, code=("gs1", "01/\0")) == []
