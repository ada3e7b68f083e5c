"""The registry decides by its workspace's own facts, says so in its events, and can decide so again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.law import decide
from kitaran.law.own_facts import COLUMNS
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.movement import lawbook, lawcase, service

from .conftest import World, later

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
WITHOUT: dict[str, Any] = {
    "activity": "recycle",
    "route": {"export": "THA", "destination": "KOR", "mode": "sea"},
    "goods": {"kind": "ev_pack", "chemistry": "NMC", "condition": "functional", "purpose": "direct_reuse"},
    "procedure": "none",
}


@pytest.fixture
def overrides(world: World, tmp_path: Path) -> Path:
    """The folder of own rows of the world's workspace."""
    return tmp_path / "work" / "overrides"


def own_fact(overrides: Path, name: str = "korea.csv") -> Path:
    """Korea lets no battery pack in, by a fact of its authority."""
    row = {
        "id": "kr-closed",
        "cc": "KR",
        "role": "import",
        "applies_to": "hazardous|other_waste|used",
        "effect": "bar",
        "valid_from": "2026-01-01",
        "known_from": "2026-01-01",
        "text": "No import of packs.",
        "cite": "Notice 7",
        "source": "Gazette 7",
        "seen": "primary",
        "confidence": "high",
        "entered_by": "Ministry",
    }
    (overrides / "law").mkdir(parents=True, exist_ok=True)
    path = overrides / "law" / name
    lines = [",".join(COLUMNS), ",".join(row.get(column, "") for column in COLUMNS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def case_now(world: World, number: str) -> Any:
    """The law's question about a notification, as the registry asks it."""
    with reading(world.registry.engine) as connection:
        found = world.exporter.notification(number)
        return lawcase.case_of(found, "2026-03-10", lawcase.preconsented(connection, found, now()))


def test_what_the_workspaces_own_facts_forbid_is_told_and_refused(world: World, overrides: Path) -> None:
    world.consented()
    assert world.korean.notification("n-1")["law"]["movement"] != "forbidden"
    own_fact(overrides)
    seen = world.korean.notification("n-1")["law"]
    assert seen["movement"] == "forbidden"
    assert "+own." in seen["facts_version"]
    alone = {**WITHOUT, "importer": world.recycler.id, "facility": "works-1"}
    told = {**world.announcement("m-1", "400", None), "alone": alone}
    del told["notification"]
    with pytest.raises(KitaranError, match="it does not move so"):
        world.exporter.say("announced", ["movement/m-1"], told)


def test_an_event_names_the_facts_by_which_it_was_recorded_and_they_decide_again(
    world: World, overrides: Path
) -> None:
    world.notifies()
    table = own_fact(overrides)
    versions = lawbook.read_by(world.registry.engine)
    world.notifies("n-2", law=versions)
    named = world.exporter.notification("n-2")["events"][0]["payload"]["law"]
    assert named["facts"].startswith("20")
    table.unlink()
    assert world.exporter.notification("n-2")["law"]["movement"] != "forbidden"
    then = lawbook.book_of(overrides, named)
    assert decide(case_now(world, "n-2"), then).movement == "forbidden"
    with pytest.raises(ConflictError, match="law book is another"):
        world.notifies("n-3", law=versions)
    (overrides / "law" / "kept" / f"{named['facts'].rpartition('.')[2]}.csv").unlink()
    with pytest.raises(InputError, match="not here any more"):
        lawbook.book_of(overrides, named)
    with pytest.raises(InputError, match="another version"):
        lawbook.book_of(overrides, {**named, "rules": "1999-01-01+abc"})


def test_a_click_names_the_facts_by_itself(world: World) -> None:
    hand = world.registry.hand
    payload = {"importer": world.recycler.id, "facility": "works-1", **WITHOUT}
    with pytest.raises(KitaranError):  # the node itself ships nothing
        service.notify(hand, payload)
    parted: dict[str, Any] = {}

    class Heard:
        ledger = hand.ledger

        def record(self, kind: str, items: Any, payload: Any, *_: Any, **__: Any) -> bytes:
            parted.update(kind=kind, law=payload["law"])
            return b"{}"

    service.notify(Heard(), payload)  # type: ignore[arg-type]
    assert parted["law"] == lawbook.read_by(hand.ledger.engine)


def test_a_wrong_row_of_own_facts_stops_the_decision_with_its_line(world: World, overrides: Path) -> None:
    world.notifies()
    path = own_fact(overrides)
    path.write_text(path.read_text(encoding="utf-8").replace(",KR,", ",XX,"), encoding="utf-8")
    with later(days=1), pytest.raises(InputError, match="no country code") as refused:
        world.exporter.notification("n-1")
    assert refused.value.faults[0].place == "korea.csv, line 2"
