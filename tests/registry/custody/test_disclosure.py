"""Who sees which part of a history; everybody else gets the words of an item that does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.assembly import Registry

from .conftest import Yard, standing


@pytest.fixture
def third(registry: Registry) -> Yard:
    from tests.registry.parties.conftest import enrol

    return Yard(registry, enrol(registry, "Third", "operator"))


def kinds(told: dict[str, Any]) -> list[str]:
    return [one["kind"].removeprefix("custody.") for one in told["events"]]


def test_a_past_holder_sees_its_own_time_and_nothing_later(
    maker: Yard, fleet: Yard, works: Yard, third: Yard
) -> None:
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker, passes="possession", basis="lease")
    fleet.say("installed", "pack-1", {"what": "vehicle", "host": "bus-7"})
    fleet.say("removed", "pack-1", {})
    works.takes_over("pack-1", fleet, passes="possession", basis="treatment")
    assert kinds(fleet.history("pack-1")) == [
        "offered",
        "accepted",
        "installed",
        "removed",
        "offered",
        "accepted",
    ]
    works.say("installed", "pack-1", {"what": "storage_system", "host": "bess-1"})
    told = fleet.history("pack-1")
    assert kinds(told)[-1] == "accepted"
    assert [one["host"] for one in told["stays"]] == ["bus-7"]
    assert (told["holder"], told["status"], told["head"]) == (None, None, None)
    assert kinds(works.history("pack-1")) == ["offered", "accepted", "installed"]
    assert len(kinds(maker.history("pack-1"))) == 8


def test_the_one_to_whom_it_was_offered_sees_the_offer_alone(maker: Yard, fleet: Yard, works: Yard) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", works)
    assert kinds(works.history("pack-1")) == ["offered"]
    [received] = works.offers_seen()["received"]
    assert (received["offer"], received["state"], list(received["heads"])) == (offer, "open", ["pack-1"])
    works.say("declined", "pack-1", {"offer": offer})
    fleet.takes_over("pack-1", maker)
    assert kinds(works.history("pack-1")) == ["offered", "declined"]
    assert works.offers_seen()["received"][0]["heads"] == {}


def test_strangers_get_the_same_answer_whether_there_is_such_an_item_or_not(
    maker: Yard, fleet: Yard, office: Yard
) -> None:
    maker.begins("pack-1")
    words = set()
    for item in ("pack-1", "pack-none", "operator/x", "\x00"):
        for ask in (fleet.history, fleet.lineage):
            with pytest.raises(NotFoundError) as refused:
                ask(item)
            words.add(str(refused.value).replace(item, "ITEM"))
    assert len(words) == 1
    assert kinds(office.history("pack-1")) == ["begun"]


def test_of_a_lot_the_later_owner_of_one_item_sees_that_item_only(
    maker: Yard, fleet: Yard, works: Yard
) -> None:
    maker.begins("a", "10")
    maker.begins("b", "10")
    offer = maker.offers(["a", "b"], fleet)
    fleet.accepts(["a", "b"], offer, claims=[{"item": "b", "mass_kg": "9"}])
    works.takes_over("a", fleet)
    told = str(works.history("a"))
    assert "'b'" not in told
    assert "'9'" not in told


def test_lineage_ends_where_the_reader_has_no_part(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard, third: Yard, office: Yard
) -> None:
    works.begins("pack-1", "100")
    parts = [{"item": f"m-{n}", "form": "module", "mass_kg": "30"} for n in (1, 2)]
    works.say("split", ["pack-1", "m-1", "m-2"], {"parts": parts, "facility": "works-1"})
    third.takes_over("m-1", works)
    third.begins("lot", "10", form="module", count=2)
    third.say(
        "split",
        ["lot", "lot-b"],
        {
            "parts": [{"item": "lot-b", "form": "module", "mass_kg": "5"}],
            "rest": {"count": 1, "mass_kg": "5"},
        },
    )
    takes = [{"item": "m-1", "mass_kg": "30"}, {"item": "lot-b", "mass_kg": "5"}]
    result = {"item": "lot-c", "form": "module", "count": 2, "mass_kg": "35"}
    third.say("merged", ["lot-c", "m-1", "lot-b"], {"result": result, "takes": takes})

    def products(yard: Yard, item: str) -> set[str]:
        return {one["product"] for one in yard.lineage(item)["down"]}

    assert products(works, "pack-1") == {"m-1", "m-2"}
    assert products(office, "pack-1") == {"m-1", "m-2", "lot-c"}
    fleet.takes_over("lot-c", third)
    up = {one["source"] for one in fleet.lineage("lot-c")["up"]}
    assert up == {"m-1", "lot-b", "lot", "pack-1"}
    assert standing(registry, "lot-c").owner == fleet.id
    with pytest.raises(NotFoundError):
        fleet.lineage("pack-1")
