"""Papers of a shipment tell what the log tells, in the blocks where it is asked, and make up nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.registry.movement import papers

from .conftest import World, later

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


def blocks(paper: Paper) -> dict[str, Any]:
    """Entries by the number of their block."""
    return {
        block.block: shown
        for part in paper.parts
        if part.shape == "fields"
        for row in part.rows
        for block, shown in zip(part.blocks, row, strict=True)
    }


def shipped(world: World, items: tuple[str, ...]) -> None:
    world.notifies(contract="C-7", reason="No plant at home")
    world.thai.say("acknowledged", "notification/n-1", {"economy": "THA"})
    world.consents(world.thai, "THA")
    world.consents(world.korean, "KOR", conditions=["Upright"])
    for item in items:
        world.exporter.say("custody.begun", item, {"mass_kg": "40"})
    world.announces(items=items)
    with later(days=18):
        told = {"mass_kg": "399.5", "seal": "S-1", "conveyance": "MV Example"}
        world.on_both("started", "m-1", told)
    with later(days=25):
        checked = {"economy": "KOR", "finding": "passed", "seal": "S-1"}
        world.officer.say("border_checked", "movement/m-1", checked)
    world.receives(mass_kg="398")


def test_the_notification_shows_period_acknowledgement_consents_and_conditions(world: World) -> None:
    shipped(world, ())
    with later(days=40), reading(world.registry.engine) as connection:
        caller = world.korean.caller(connection)
        found = blocks(papers.of_notification(connection, "n-1", "notification", caller, now()))
    assert found["6"].value == "First departure: 2026-03-10\nLast departure: 2026-12-31"
    assert "Reason for export: No plant at home" in found["11"].value
    assert found["14"].value.endswith("notified as A1181")
    assert found["19"].value.startswith("THA: received, and acknowledged 2026-03-02 (Thai authority")
    assert "KOR: consent from 2026-03-02 until 2026-12-31; conditions: yes" in found["20"].value
    assert found["21"].value.startswith("KOR, conditions: Upright")
    assert found["20"].lacks == ("signature and stamp",)


def test_the_movement_document_shows_departure_border_receipt_and_completion(world: World) -> None:
    shipped(world, ())
    with later(days=39), reading(world.registry.engine) as connection:
        caller = world.korean.caller(connection)
        before = blocks(papers.of_movement(connection, "m-1", "movement", caller, now()))
    assert before["19"].value == ""
    with later(days=40):
        done = {"mass_kg": "398", "recovered_kg": "300", "completed": "2026-04-05"}
        world.recycler.say("completed", "movement/m-1", done)
        with reading(world.registry.engine) as connection:
            caller = world.korean.caller(connection)
            found = blocks(papers.of_movement(connection, "m-1", "movement", caller, now()))
    assert found["5"].value == "0.3995 t"
    assert found["6"].value.startswith("2026-03-20, 0.3995 t (Exporter")
    assert found["18"].value.startswith("Received 2026-03-29, accepted, 0.398 t (Recycler")
    assert found["19"].value.startswith("Completed 2026-04-05: 0.398 t treated, 0.3 t recovered")
    assert found["20"].value == found["22"].value == ""
    assert found["21"].value.startswith("KOR: passed 2026-03-27, seal S-1 (Korean customs")


def test_each_paper_is_printed_with_all_its_batteries(world: World) -> None:
    items = tuple(f"battery/p{number}" for number in range(9))
    shipped(world, items)
    with later(days=40), reading(world.registry.engine) as connection:
        caller = world.korean.caller(connection)
        made = papers.of_movement(connection, "m-1", "packing_list", caller, now())
    (listed,) = [part for part in made.parts if part.id == "items"]
    assert [row[2].value for row in listed.rows] == [f"p{number}" for number in range(9)]
    assert blocks(made)["5"].value.endswith("S-1")
    assert paper_pdf(made).startswith(b"%PDF")
