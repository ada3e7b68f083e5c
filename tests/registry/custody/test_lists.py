"""Hand-overs and claims page by page: what waits for whom, found by the other side or a battery's number."""

from __future__ import annotations

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import lists
from kitaran.registry.custody.lists import Listed

from .conftest import Yard


def listed(of: Yard, part: str, query: str = "", first: int = 0, most: int = 30) -> Listed:
    with reading(of.registry.engine) as connection:
        if part in lists.CLAIMS:
            return lists.of_claims(connection, of.id, part, stamp(), first, most)
        return lists.of_offers(connection, of.id, part, stamp(), query, first, most)


def test_hand_overs_stand_in_the_list_of_who_must_act_and_are_found(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard
) -> None:
    items = [f"battery/{number:032x}" for number in range(1, 5)]
    for item in items:
        maker.begins(item, mass_kg="12.5")
    maker.begins("battery/unweighed", mass_kg=None)
    open_to_fleet = [maker.offers(item, fleet) for item in items[:2]]
    both = maker.offers([items[2], "battery/unweighed"], works)
    taken = maker.offers(items[3], works)
    works.accepts(items[3], taken, claims=[{"item": items[3], "mass_kg": "11"}])

    waiting = listed(fleet, "to_answer", most=1)
    assert ([one["offer"] for one in waiting.lines], waiting.total) == ([open_to_fleet[1]], 2)
    older = listed(fleet, "to_answer", first=1, most=1).lines
    assert [(one["offer"], one["other"], one["mass_kg"]) for one in older] == [
        (open_to_fleet[0], "Maker", 12.5)
    ]
    assert listed(maker, "made").total == 3
    assert [one["offer"] for one in listed(maker, "done").lines] == [taken]
    assert [(one["items"], one["mass_kg"]) for one in listed(works, "to_answer").lines] == [(2, None)]

    assert {one["offer"] for one in listed(maker, "all", "wor").lines} == {both, taken}
    assert [one["offer"] for one in listed(maker, "all", items[3][-6:]).lines] == [taken]
    assert listed(maker, "all", "100%").total == 0
    assert listed(fleet, "all", "works").total == 0, "those of others are not found"

    [claim] = listed(maker, "claims_to_answer").lines
    assert (claim["other"], claim["mass_kg"], claim["state"], claim["mine"]) == ("Works", "11", "open", False)
    assert listed(works, "claims_made").total == 1
    maker.say("claim_answered", items[3], {"offer": taken, "item": items[3], "outcome": "agreed"})
    assert listed(maker, "claims_to_answer").total == listed(works, "claims_made").total == 0


def test_an_offer_that_ran_out_is_done(maker: Yard, fleet: Yard) -> None:
    maker.begins("battery/late")
    maker.offers("battery/late", fleet, valid_until="2999-01-01T00:00:00.000Z")
    assert listed(fleet, "to_answer").total == 1
    with reading(maker.registry.engine) as connection:
        late = lists.of_offers(connection, fleet.id, "done", "2999-01-02T00:00:00.000Z")
    assert [one["state"] for one in late.lines] == ["expired"]
