"""Dossier, lists, corridors, reports, and the file that tells of a movement without the registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.kinds import EventKind, Payload
from kitaran.registry.ledger.verifier import verify
from kitaran.registry.movement import evidence, figures, preconsents, restrictions
from kitaran.registry.parties.repository import Operator
from kitaran.registry.store.opening import open_signer

from .conftest import BEGAN, Side, World, assert_rebuilt_the_same, enrol_in, later

HEADER = "list,date,kind,subject,value,reason\n"


def dossier(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["document"]: one for one in view["dossier"]}


def test_the_dossier_names_what_is_missing_and_who_can_give_it(world: World) -> None:
    world.consented()
    world.exporter.say("custody.begun", "battery/p1", {"mass_kg": "400"})
    world.announces(items=("battery/p1",))
    before = dossier(world.exporter.movement("m-1"))
    assert before["esm_contract"]["state"] == "missing"
    assert before["financial_guarantee"]["who"] == "insurer or bank of the exporter"
    told = {"document": "esm_contract", "fields": {"parties": "Exporter and Recycler"}}
    given = world.exporter.say("document_given", "notification/n-1", told)
    file = {"document": "packing_list", "digest": "b" * 64, "size": 2048, "media_type": "application/pdf"}
    world.exporter.say("document_given", "movement/m-1", file)
    after = dossier(world.exporter.movement("m-1"))
    assert (after["esm_contract"]["state"], after["packing_list"]["state"]) == ("given", "given")
    assert world.exporter.movement("m-1")["items_kg"] == "400"
    world.exporter.say("document_withdrawn", "notification/n-1", {"given": given, "reason": "superseded"})
    assert dossier(world.exporter.movement("m-1"))["esm_contract"]["state"] == "missing"
    assert_rebuilt_the_same(world.registry)


def test_a_document_is_one_of_the_laws_table_and_of_a_battery_that_travels(world: World) -> None:
    world.consented()
    world.announces()
    for told, cause in (
        ({"document": "love_letter", "fields": {"a": "b"}}, "no document love_letter"),
        ({"document": "test_records", "about": "battery/zz", "fields": {"a": "b"}}, "does not travel"),
        ({"document": "test_records"}, "neither a file nor a field"),
    ):
        with pytest.raises(KitaranError, match=cause):
            world.exporter.say("document_given", "movement/m-1", told)


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (
            "un-list,2026-01-05,sanctions,name,  RECYCLER ,asset freeze",
            "RECYCLER stands on list un-list of 2026-01-05",
        ),
        (
            "own,2025-11-30,export_control,economy,KOR,",
            "KOR stands on list own of 2025-11-30, export_control",
        ),
        ("own,2025-11-30,export_control,chemistry,NMC,", "chemistry NMC stands on list own"),
        ("own,2025-11-30,provenance,facility,works-1,", "facility works-1 stands on list own"),
    ],
)
def test_a_match_on_a_loaded_list_stops_and_names_list_and_date(
    world: World, tmp_path: Path, row: str, cause: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    with writing(world.registry.engine) as connection:
        restrictions.load(connection, restrictions.read(path))
    with pytest.raises(KitaranError, match=cause):
        world.notifies()
    with writing(world.registry.engine) as connection:
        for one in restrictions.lists(connection):
            assert restrictions.remove(connection, one["list"]) == 1
    world.notifies()


def test_a_list_that_came_after_the_consents_stops_the_departure(world: World, tmp_path: Path) -> None:
    world.consented()
    world.announces()
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "late,2026-03-03,sanctions,name,Recycler,\n", encoding="utf-8")
    with writing(world.registry.engine) as connection:
        restrictions.load(connection, restrictions.read(path))
    with later(days=18), pytest.raises(KitaranError, match="list late of 2026-03-03"):
        world.on_both("started", "m-1", {"mass_kg": "400"})


def test_a_list_of_another_form_is_refused_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(InputError, match="other columns"):
        restrictions.read(path)
    path.write_text(HEADER + "a,yesterday,sanctions,name,x,\na,2026-01-01,rumour,name,x,\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        restrictions.read(path)
    assert [fault.place[-6:] for fault in error.value.faults] == ["line 2", "line 3"]


def observer(world: World) -> Side:
    return enrol_in(world.registry, "Observer", "KOR", "observer")


def agree(world: World, watcher: Side, **changed: Any) -> None:
    agreement = {
        "name": "Black mass corridor",
        "authorities": [world.thai.id, world.korean.id],
        "facilities": ["works-1"],
        "observers": [watcher.id],
        "discloses": ["dates", "masses"],
        "valid_from": "2026-03-01",
        "valid_until": "2027-03-01",
    }
    world.thai.say("corridor_agreed", "corridor/c-1", {**agreement, **changed})


def corridor(world: World, who: Side | None) -> dict[str, Any]:
    with reading(world.registry.engine) as connection:
        caller = None if who is None else who.caller(connection)
        return figures.of_corridor(connection, "c-1", caller, now())


def test_a_corridor_runs_when_each_authority_has_joined_and_publishes_its_figures(world: World) -> None:
    watcher = observer(world)
    agree(world, watcher)
    with pytest.raises(KitaranError, match="does not run"):
        world.notifies(corridor="c-1")
    world.korean.say("corridor_joined", "corridor/c-1", {})
    with pytest.raises(KitaranError, match="has not joined"):
        world.notifies(corridor="c-1")
    world.recycler.say("corridor_joined", "corridor/c-1", {})
    world.notifies(corridor="c-1")
    with later(days=10):
        world.consents(world.thai, "THA")
    with later(days=16):
        world.consents(world.korean, "KOR")
        world.announces()
    with later(days=18):
        world.on_both("started", "m-1", {"mass_kg": "400"})
    world.receives(mass_kg="390")
    told = {"barrier": "No carrier takes class 9", "movement": "m-1"}
    met = world.recycler.say("barrier_met", "corridor/c-1", told)
    world.thai.say("barrier_lifted", "corridor/c-1", {"barrier": met, "how": "A ferry line agreed"})
    seen = corridor(world, watcher)
    figure = seen["figures"]
    assert (figure["days_to_consent"], figure["days_to_consent_median"]) == ([10, 16], 13.0)
    assert (figure["sent_kg"], figure["received_kg"], figure["lost_kg"]) == ("400", "390", "10")
    assert figure["lost_share"] == 0.025
    assert seen["barriers"][0]["how"] == "A ferry line agreed"
    assert_rebuilt_the_same(world.registry)


def test_observers_see_what_the_agreement_opens_and_others_nothing(world: World) -> None:
    watcher = observer(world)
    agree(world, watcher)
    for who in (world.korean, world.recycler):
        who.say("corridor_joined", "corridor/c-1", {})
    world.consented(corridor="c-1")
    world.departed()
    link = corridor(world, watcher)["chain"][0]
    assert link["mass_kg"] == "400"
    assert "parties" not in link
    assert "parties" in corridor(world, world.recycler)["chain"][0]
    world.recycler.say("corridor_left", "corridor/c-1", {"reason": "Too slow"})
    assert set(corridor(world, world.recycler)["opened"]) == {"dates", "masses"}, "who left, as an observer"
    with pytest.raises(NotFoundError):
        watcher.movement("m-1")
    for who in (None, enrol_in(world.registry, "Stranger", "KOR", "operator")):
        with pytest.raises(NotFoundError):
            corridor(world, who)


def test_a_pre_consented_facility_reports_its_period_beside_what_was_seen(world: World) -> None:
    given = {
        "facility": "works-1",
        "preconsent": "pre-1",
        "reference": "PC 7",
        "authority": "Ministry",
        "economy": "KOR",
        "waste_codes": ["A1181"],
        "valid_from": "2026-01-01T00:00:00.000Z",
        "valid_until": "2028-01-01T00:00:00.000Z",
    }
    world.registry.hand.record("parties.preconsent_given", "facility/works-1", given)
    world.consented()
    world.departed()
    world.receives()
    period = {"period_from": "2026-03-01", "period_until": "2026-03-31"}
    told = {"preconsent": "pre-1", **period, "received_kg": "410", "treated_kg": "100", "recovered_kg": "60"}
    with later(days=20), pytest.raises(KitaranError, match="not over"):
        world.recycler.say("preconsent_reported", "facility/works-1", told)
    with later(days=40):
        with pytest.raises(KitaranError, match="no such pre-consent of yours"):
            world.exporter.say("preconsent_reported", "facility/works-1", told)
        world.recycler.say("preconsent_reported", "facility/works-1", told)
        with pytest.raises(KitaranError, match="There is a report from 2026-03-01"):
            world.recycler.say("preconsent_reported", "facility/works-1", told)
    with reading(world.registry.engine) as connection:
        (report,) = preconsents.reports(connection, "pre-1")
    assert (report["received_kg"], report["seen_kg"]) == ("410", "400")


def test_who_reads_a_bundle(world: World) -> None:
    world.exporter.say("custody.begun", "battery/p1", {"mass_kg": "400"})
    world.consented()
    world.departed(items=("battery/p1",))
    with reading(world.registry.engine) as connection:
        whole = evidence.items_of(connection, "m-1", world.exporter.caller(connection))
        receiver = evidence.items_of(connection, "m-1", world.recycler.caller(connection))
        stranger = Operator("nobody", "Nobody", "THA", frozenset({"operator"}))
        with pytest.raises(NotFoundError):
            evidence.items_of(connection, "m-1", stranger)
    assert whole == ["movement/m-1", "notification/n-1", "battery/p1"]
    assert receiver == ["movement/m-1", "notification/n-1"]


def sealed(world: World, who: Side, workspace: Workspace) -> bytes:
    """The bundle of the movement for one of its sides, after a checkpoint."""
    signer = open_signer(world.registry.engine, workspace)
    signer.sign()
    with reading(world.registry.engine) as connection:
        items = evidence.items_of(connection, "m-1", who.caller(connection))
    return make_bundle(world.registry.engine, items, signer.key)


def test_the_bundle_verifies_alone_and_tells_the_officer_without_the_registry(
    world: World, tmp_path: Path
) -> None:
    world.consented()
    world.departed()
    with later(days=20):
        content = sealed(world, world.officer, Workspace.make(tmp_path / "signed"))
        here = world.officer.movement("m-1")
        assert verify(content).problems == []
        told = evidence.read(content, now())
    assert told["evidence"]["intact"]
    (there,) = told["movements"]
    for name in ("state", "mass_kg", "route", "goods", "procedure", "clocks", "next", "events"):
        assert there[name] == here[name], name
    assert there["law"]["card"] == here["law"]["card"] == "MAY MOVE"
    assert [(one["economy"], one["state"]) for one in there["consents"]] == [
        ("THA", "consented"),
        ("KOR", "consented"),
    ]


def test_a_changed_bundle_tells_nothing_of_the_movement(world: World, tmp_path: Path) -> None:
    world.consented()
    world.departed()
    content = sealed(world, world.officer, Workspace.make(tmp_path / "signed"))
    forged = content.replace(b'"mass_kg":"400"', b'"mass_kg":"900"')
    assert forged != content
    with later(days=20):
        told = evidence.read(forged, now())
    assert not told["evidence"]["intact"]
    assert told["movements"] == []
    with pytest.raises(InputError, match="too large"):
        evidence.read(b"x" * (evidence.MOST_BYTES + 1), BEGAN)


def test_the_registry_holds_what_its_own_events_are_and_names_the_rest(world: World) -> None:
    world.notifies(contract="C-7")
    world.consents(world.thai, "THA")
    world.consents(world.korean, "KOR")
    for name, mass in (("p1", {"mass_kg": "400"}), ("p2", {})):
        world.exporter.say("custody.begun", f"battery/{name}", mass)
    world.announces(items=("battery/p1", "battery/p2"))
    before = dossier(world.exporter.movement("m-1"))
    assert {name: one["state"] for name, one in before.items() if one["state"] != "missing"} == {
        "notification_document": "held",
        "movement_document": "held",
        "esm_contract": "held in part",
        "packing_list": "held in part",
        "dangerous_goods_note": "held in part",
        "receipt_certificate": "later",
    }
    assert before["esm_contract"]["held"] == {"number": "C-7"}
    assert before["esm_contract"]["who"] == "exporter"
    assert before["packing_list"]["lacking_for"] == ["battery/p2"]
    assert before["notification_document"]["who"] is None
    with later(days=18):
        world.on_both("started", "m-1", {"mass_kg": "400"})
    world.receives()
    with later(days=40):
        told = dossier(world.korean.movement("m-1"))["receipt_certificate"]
        assert (told["state"], told["held"]["received_kg"]) == ("held in part", "400")
        done = {"mass_kg": "400", "recovered_kg": "300", "completed": "2026-04-05"}
        world.recycler.say("completed", "movement/m-1", done)
        seen = world.korean.movement("m-1")
    assert dossier(seen)["receipt_certificate"]["state"] == "held"
    assert [one["number"] for one in seen["standing"]["permits"]]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format":1e999}', b'{"events":[{}]}'),
        b'{"format":"kitaran-bundle-2","items":[1],"events":[null],"rows":{},"checkpoint":{}}',
    ],
)
def test_what_is_no_bundle_is_said_to_be_broken(content: bytes) -> None:
    told = evidence.read(content, BEGAN)
    assert not told["evidence"]["intact"]
    assert told["movements"] == []


class Anything(Payload):
    """What a log of somebody's own takes."""

    model_config = ConfigDict(extra="allow")


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"alone": {}, "mass_kg": "x", "departs": 1, "arrives_by": []},
        {"notification": ["n-1"], "mass_kg": "400"},
        {"alone": {"importer": "a", "facility": "b", "route": {"export": "THA"}}, "mass_kg": "1"},
    ],
)
def test_what_somebody_signed_for_a_log_of_their_own_follows_no_procedure(
    world: World, tmp_path: Path, payload: dict[str, Any]
) -> None:
    kinds = world.registry.ledger.kinds
    kinds._known["movement.announced"] = EventKind("movement.announced", Anything)
    world.exporter.say("announced", "movement/m-1", payload)
    signer = open_signer(world.registry.engine, Workspace.make(tmp_path / "signed"))
    signer.sign()
    content = make_bundle(world.registry.engine, ["movement/m-1"], signer.key)
    assert verify(content).problems == []
    with pytest.raises(InputError, match=r"no movement|a procedure that went in order"):
        evidence.read(content, now())


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_a_row_stops_until_its_last_day_and_however_the_name_is_written(world: World, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = "un,2026-01-05,sanctions,name,The R\u00c9CYCLER Co.; Ltd,freeze,2026-03-04\n"
    path.write_text(HEADER.replace("reason", "reason,until") + rows, encoding="utf-8")
    with writing(world.registry.engine) as connection:
        restrictions.load(connection, restrictions.read(path))
        (told,) = restrictions.lists(connection)
    assert (told["date"], told["until"]) == ("2026-01-05", "2026-03-04")
    with later(days=2), pytest.raises(KitaranError, match="stands on list un of 2026-01-05"):
        world.notifies()
    with later(days=3):
        world.notifies()
    path.write_text(HEADER.replace("reason", "reason,until") + rows.replace("2026-03-04", "2025-03-04"))
    with pytest.raises(InputError, match="ends before its date"):
        restrictions.read(path)
