"""Words of the procedure stand beside the log: read by its sides, erased at last, and every proof holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import kinds
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.ledger.times import read_time
from kitaran.registry.ledger.verifier import verify
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.movement import evidence, words
from kitaran.registry.movement.kinds import KINDS
from kitaran.registry.parties.privacy import values
from kitaran.registry.parties.privacy.erasing import erase
from kitaran.registry.store.opening import open_signer

from .conftest import World, assert_rebuilt_the_same, later

NAME = "Somchai Sample"


def speak(world: World) -> None:
    """A notification with its question, answer and conditions, and a movement with words at each step."""
    world.notifies(reason=f"Ask {NAME}", contract="C-7")
    asked = world.korean.say(
        "questioned", "notification/n-1", {"economy": "KOR", "question": f"Who is {NAME}?"}
    )
    told = {"question": asked, "answer": f"{NAME} drives."}
    world.exporter.say("answered", "notification/n-1", told)
    world.consents(world.thai, "THA")
    world.consents(world.korean, "KOR", conditions=[f"{NAME} calls before arrival", "Dry weather"])
    stated = {"document": "esm_contract", "fields": {"parties": f"{NAME} and others"}}
    world.exporter.say("document_given", "notification/n-1", stated)
    world.announces()
    with later(days=18):
        world.on_both("started", "m-1", {"mass_kg": "400", "conveyance": f"Truck of {NAME}"})
    with later(days=25):
        seen = {"economy": "KOR", "finding": "passed", "remarks": f"{NAME} opened it"}
        world.officer.say("border_checked", "movement/m-1", seen)


def spoken(view: dict[str, Any]) -> str:
    return str(view)


def test_words_are_told_to_sides_and_stand_nowhere_in_the_log(world: World) -> None:
    speak(world)
    with later(days=26):
        notified, moved = world.korean.notification("n-1"), world.officer.movement("m-1")
    assert (notified["reason"], notified["contract"]) == (f"Ask {NAME}", "C-7")
    assert orjson.dumps([notified, moved]), "in JSON's own types, a question too"
    (question,) = notified["questions"]
    assert (question["words"], question["answer"]) == (f"Who is {NAME}?", f"{NAME} drives.")
    assert notified["authorities"][1]["conditions"] == [f"{NAME} calls before arrival", "Dry weather"]
    assert moved["checks"][0]["remarks"] == f"{NAME} opened it"
    assert f"{NAME} and others" in spoken(moved["dossier"])
    with reading(world.registry.engine) as connection:
        entries = b"".join(row.entry for row in log.rows(connection, 0, log.size(connection)))
    assert NAME.encode() not in entries
    assert_rebuilt_the_same(world.registry)


def test_words_go_when_they_are_erased_and_every_proof_stays(world: World, tmp_path: Path) -> None:
    speak(world)
    with later(days=26):
        with reading(world.registry.engine) as connection:
            kept = values.of_person(connection, "somchai sample")
        assert len(kept) == 7
        assert erase(world.registry.hand, kept, "asked") == 7
        notified, moved = world.korean.notification("n-1"), world.officer.movement("m-1")
        signer = open_signer(world.registry.engine, Workspace.make(tmp_path / "signed"))
        signer.sign()
        with reading(world.registry.engine) as connection:
            items = evidence.items_of(connection, "m-1", world.officer.caller(connection))
        engine = world.registry.engine
        content = make_bundle(engine, items, signer.key, evidence.discloses(engine, items))
        there = evidence.read(content, now())
    assert NAME not in spoken(notified) + spoken(moved)
    assert notified["questions"][0]["words"] == notified["questions"][0]["answer"] == words.ERASED
    assert notified["authorities"][1]["conditions"] == [words.ERASED]
    assert verify_log(world.registry.engine).problems == []
    assert verify(content).problems == []
    assert there["movements"][0]["checks"][0]["remarks"] == words.ERASED
    assert_rebuilt_the_same(world.registry)


def test_a_bundle_opens_the_words_of_the_shipment_to_the_officer(world: World, tmp_path: Path) -> None:
    speak(world)
    with later(days=26):
        engine = world.registry.engine
        signer = open_signer(engine, Workspace.make(tmp_path / "signed"))
        signer.sign()
        items = ["movement/m-1", "notification/n-1"]
        told = evidence.read(make_bundle(engine, items, signer.key, evidence.discloses(engine, items)), now())
        bare = evidence.read(make_bundle(engine, items, signer.key), now())
    (seen,), (closed,) = told["movements"], bare["movements"]
    assert seen["checks"][0]["remarks"] == f"{NAME} opened it"
    assert seen["consents"][1]["conditions"][1] == "Dry weather"
    assert NAME not in spoken(closed)


def test_an_act_without_its_words_or_with_them_in_the_open_is_refused(world: World) -> None:
    world.notifies()
    told = {"economy": "KOR", "reason": "No capacity"}
    bare = world.korean.event("objected", ["notification/n-1"], told)
    with pytest.raises(InputError, match="Field required") as refused:
        world.registry.ledger.append(bare)
    assert refused.value.faults[0].place == "$.disclosures.words.reason"
    with pytest.raises(InputError, match="does not commit"):
        world.registry.ledger.append(bare, {"words": {"salt": "0" * 64, "value": {"reason": "No"}}})
    for kind in KINDS:
        if kind.name in words.FORMS:
            assert not set(words.FORMS[kind.name].model_fields) & set(kind.schema.model_fields), kind.name


def test_words_that_old_events_hold_in_their_payload_are_told_as_ever(world: World) -> None:
    """Events of before are followed, not judged again."""
    world.notifies()
    old = world.korean.event("acknowledged", ["notification/n-1"], {"economy": "KOR"})
    old["kind"] = "movement.questioned"
    old["payload"] = {"economy": "KOR", "question": "Which road?"}
    event = Event(old, "", b"", b"", read_time(old["occurred_at"], "$"), {})
    with writing(world.registry.engine) as connection:
        kinds().find(event.kind).project(connection, Recorded(event, 99, old["occurred_at"], {}))
    assert words.of(event) == {"question": "Which road?"}
    assert world.exporter.notification("n-1")["questions"][0]["words"] == "Which road?"
