"""Recalls and safety alerts by battery model: whom they concern, who was told, and when they end."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import bulk
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.parties.alerts import finding, repository, tables

from .conftest import Client, enrol
from .test_incidents import about

GTIN = "09506000134352"  # the example of the GS1 General Specifications
ITEM = "alert/recall-1"


def recall(**changed: Any) -> dict[str, Any]:
    return {
        "alert": "recall-1",
        "what": "recall",
        "title": "Cells of March can short",
        "hazard": "Fire while charging.",
        "instruction": "Do not charge it. Keep it outside. Call the maker.",
        "pattern": {"gtin": GTIN, "batch_from": "B0310", "batch_until": "B0320"},
        **changed,
    }


@pytest.fixture
def maker(registry: Registry) -> Client:
    return enrol(registry, "Maker", "producer")


def issue(registry: Registry, actor: Client, **changed: Any) -> None:
    payload = recall(**changed)
    about(registry, actor, "alert_issued", payload, f"alert/{payload['alert']}")


def alerts(registry: Registry) -> dict[str, repository.Alert]:
    with reading(registry.engine) as connection:
        return {one.id: one for one in repository.alerts(connection)}


def test_producers_and_authorities_issue_alerts_and_no_other_does(registry: Registry, maker: Client) -> None:
    issue(registry, maker)
    issue(registry, enrol(registry, "Office", "authority"), alert="recall-2")
    with pytest.raises(NotAllowedError, match="neither producer nor authority"):
        issue(registry, enrol(registry, "Delta", "recycler"), alert="recall-3")
    assert alerts(registry)["recall-1"].issuer == "Maker"


def test_an_alert_that_is_superseded_names_its_successor_and_holds_no_more(
    registry: Registry, maker: Client
) -> None:
    issue(registry, maker)
    withdrawn = {"alert": "recall-1", "reason": "More batches.", "superseded_by": "recall-2"}
    with pytest.raises(NotAllowedError, match="does not hold"):
        about(registry, maker, "alert_withdrawn", withdrawn, ITEM)
    issue(registry, maker, alert="recall-2")
    about(registry, maker, "alert_withdrawn", withdrawn, ITEM)
    old = alerts(registry)["recall-1"]
    assert old.withdrawn_at is not None
    assert old.withdrawal is not None
    assert old.withdrawal["superseded_by"] == "recall-2"
    assert list(alerts(registry)) == ["recall-2", "recall-1"]
    with pytest.raises(ConflictError, match="withdrawn"):
        about(registry, maker, "alert_withdrawn", {"alert": "recall-1", "reason": "Again."}, ITEM)


def test_a_maker_withdraws_no_alert_of_another(registry: Registry, maker: Client) -> None:
    issue(registry, enrol(registry, "Office", "authority"))
    with pytest.raises(NotAllowedError, match="another operator"):
        about(registry, maker, "alert_withdrawn", {"alert": "recall-1", "reason": "No."}, ITEM)


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"batch_from": "1", "batch_until": "2"},
        {"gtin": "09506000134353"},
        {"gtin": "123"},
        {"model": "A", "batch_from": "1"},
        {"model": "A", "batch_from": "10", "batch_until": "9"},
        {"model": "A", "batch_from": "9", "batch_until": "1"},
    ],
)
def test_a_pattern_names_a_model_and_a_whole_range(
    registry: Registry, maker: Client, pattern: dict[str, str]
) -> None:
    with pytest.raises(InputError):
        issue(registry, maker, pattern=pattern)


class Imported(bulk.Manifest):
    """Rows of batteries."""


def have(registry: Registry, maker: Client, rows: list[tuple[str, dict[str, str]]]) -> None:
    """Batteries of a bulk import."""
    if "sample.imported" not in {kind.name for kind in registry.ledger.kinds}:
        registry.ledger.kinds.register([EventKind("sample.imported", Imported, moves_head=False, bulk=True)])
    prepared = bulk.prepare(rows)
    event = maker.event(
        "sample.imported", {"rows": prepared.count, "root": prepared.root.hex()}, None, items=[], expects={}
    )
    registry.ledger.append_import(event, prepared)


def matching(registry: Registry, **pattern: str) -> list[str]:
    with reading(registry.engine) as connection:
        return finding.affected(connection, pattern)


def test_imported_batteries_are_found_by_model_and_batch(registry: Registry, maker: Client) -> None:
    have(
        registry,
        maker,
        [
            ("pack-1", {"gtin": GTIN, "batch": "B0310"}),
            ("pack-2", {"gtin": GTIN, "batch": "B0321"}),
            ("pack-3", {"gtin": GTIN}),
            ("pack-4", {"gtin": "04012345123456", "batch": "B0315"}),
            ("pack-5", {"model": "LFP-52-A", "note": f'"gtin":"{GTIN}"'}),
        ],
    )
    in_range = matching(registry, gtin=GTIN, batch_from="B0310", batch_until="B0320")
    assert in_range == ["pack-1", "pack-3"], "an unknown batch counts as affected"
    assert matching(registry, gtin=GTIN) == ["pack-1", "pack-2", "pack-3"]
    assert matching(registry, model="LFP-52-A") == ["pack-5"]
    assert matching(registry, model="LFP-52") == []


def test_batteries_whose_id_holds_a_gs1_path_are_found(registry: Registry, maker: Client) -> None:
    item = f"01/{GTIN}/10/B0312/21/A7"
    registry.ledger.kinds.register([EventKind("sample.seen", Imported, moves_head=True)])
    payload = {"rows": 1, "root": "0" * 64}
    registry.ledger.append(maker.event("sample.seen", payload, None, items=[item], expects={item: None}))
    assert matching(registry, gtin=GTIN, batch_from="B0310", batch_until="B0320") == [item]
    assert matching(registry, gtin=GTIN, batch_from="B0313", batch_until="B0320") == []


def test_whoever_acted_last_on_an_affected_battery_is_named_as_holder(
    registry: Registry, maker: Client
) -> None:
    have(registry, maker, [("pack-1", {"gtin": GTIN})])
    with reading(registry.engine) as connection:
        assert finding.last_actors(connection, ["pack-1", "pack-9"]) == {maker.operator: ["pack-1"]}


def test_it_is_kept_who_was_told_when_and_how(registry: Registry, maker: Client) -> None:
    delta = enrol(registry, "Delta", "recycler")
    issue(registry, maker)
    told = {"operator": delta.operator, "at": stamp(), "how": "letter"}
    about(registry, maker, "holders_notified", {"alert": "recall-1", "holders": [told]}, ITEM)
    with reading(registry.engine) as connection:
        assert repository.notices(connection, "recall-1") == [{**told, "name": "Delta"}]
    ghost = {**told, "operator": "ghost"}
    with pytest.raises(NotAllowedError, match="no such operator"):
        about(registry, maker, "holders_notified", {"alert": "recall-1", "holders": [ghost]}, ITEM)


def test_read_models_of_the_alerts_are_rebuilt_to_the_same_bytes(registry: Registry, maker: Client) -> None:
    issue(registry, maker)
    told = {"operator": maker.operator, "at": stamp(), "how": "platform"}
    about(registry, maker, "holders_notified", {"alert": "recall-1", "holders": [told]}, ITEM)
    about(registry, maker, "alert_withdrawn", {"alert": "recall-1", "reason": "Done."}, ITEM)

    def rows() -> list[list[tuple[object, ...]]]:
        with reading(registry.engine) as connection:
            return [sorted(map(tuple, connection.execute(sa.select(t)).all())) for t in tables.PROJECTED]

    before = rows()
    assert all(before)
    rebuild(registry.engine, registry.ledger.kinds)
    assert rows() == before
