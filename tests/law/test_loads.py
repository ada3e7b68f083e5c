"""A load of several items is as good as its worst item, and the decision names it."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.errors import InputError
from kitaran.law import Case, decide, read_case
from kitaran.law.loads import MOVEMENT, STATUS
from tests.law.dossiers import random_dossiers

REUSE: dict[str, Any] = {
    "item": {"kind": "ev_pack", "chemistry": "NMC", "condition": "functional"},
    "purpose": "direct_reuse",
    "route": {"export": "JP", "import": "NZ", "transit": [], "mode": "sea"},
    "evidence": dict.fromkeys(
        ("invoice_contract", "test_records", "declaration", "protection", "transport_doc"), True
    ),
}


def load(*items: dict[str, Any], **facts: Any) -> Case:
    return read_case({"as_of": "2026-06-01", "facts": {**REUSE, **facts, "items": list(items)}})


def test_the_item_that_lacks_its_record_is_named() -> None:
    decision = decide(load({"id": "P-1"}, {"id": "P-2", "evidence": {"test_records": None}}))
    shown = decision.as_dict()
    assert {row["id"]: row["missing"] for row in shown["items"]} == {"P-1": [], "P-2": ["test_records"]}
    assert any(row["text"].startswith("P-2: Not shown yet") for row in shown["reasons"])
    (paper,) = (row for row in shown["documents"] if row["id"] == "test_records")
    assert (paper["state"], paper["items"]) == ("missing", ["P-2"])
    assert decision.card == "PAPERS MISSING"


def test_what_holds_for_every_item_is_told_once_and_without_names() -> None:
    shown = decide(load({"id": "P-1"}, {"id": "P-2"})).as_dict()
    (reason,) = (row for row in shown["reasons"] if row["rule"] == "W50")
    assert not reason["text"].startswith("P-")
    assert shown["movement"] == "permitted"


def test_items_without_a_name_are_counted() -> None:
    assert [row["id"] for row in decide(load({}, {})).items] == ["item 1", "item 2"]


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ("P-1", "case.facts.items"),
        ([], "case.facts.items"),
        (["P-1"], "case.facts.items[0]"),
        ([{"id": "A"}, {"id": "A"}], "case.facts.items"),
        ([{"colour": "red"}], "case.facts.items[0].colour"),
        ([{"item": {"kind": "brick"}}], "case.facts.items[0].item.kind"),
        ([{"purpose": "recycling"}], "case.facts.items[0].purpose"),
    ],
)
def test_a_wrong_item_is_named_by_its_path(items: Any, place: str) -> None:
    with pytest.raises(InputError) as error:
        read_case({"as_of": "2026-06-01", "facts": {**REUSE, "items": items}})
    assert place in [fault.place for fault in error.value.faults]


def test_a_load_of_one_item_is_decided_as_that_item() -> None:
    for case in random_dossiers(200, seed=11):
        alone = decide(case)
        listed = decide(Case(case.as_of, {**case.facts, "items": ({"id": "A", "facts": {}},)}))
        kept = ("status", "movement", "procedure", "basel_entry", "missing", "card", "decision_period")
        assert [getattr(listed, name) for name in kept] == [getattr(alone, name) for name in kept], case


def test_a_load_is_never_better_than_any_of_its_items() -> None:
    for case in random_dossiers(200, seed=12):
        items = ({"id": "A", "facts": {}}, {"id": "B", "facts": {"item.condition": "damaged"}})
        whole = decide(Case(case.as_of, {**case.facts, "items": items}))
        for row in whole.items:
            assert MOVEMENT.index(whole.movement) <= MOVEMENT.index(row["movement"]), case
            assert STATUS.index(whole.status) <= STATUS.index(row["status"]), case
            assert set(row["transport"]["violations"]) <= set(whole.transport.violations), case
