"""Hand-over has two sides: an offer, and one answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitaran.foundation import clock
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError

from .conftest import SALE, Yard, assert_rebuilt_the_same, standing


def test_a_battery_is_its_holders_until_the_other_side_accepts(
    registry: Registry, maker: Yard, fleet: Yard
) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet)
    assert standing(registry, "pack-1").holder == maker.id
    fleet.accepts("pack-1", offer)
    now = standing(registry, "pack-1")
    assert (now.holder, now.owner) == (fleet.id, fleet.id)
    assert_rebuilt_the_same(registry)


def test_an_offer_is_answered_once(maker: Yard, fleet: Yard) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet)
    fleet.say("declined", "pack-1", {"offer": offer, "reason": "not ordered"})
    for act in ("accepted", "declined"):
        with pytest.raises(ConflictError, match="was declined"):
            fleet.say(act, "pack-1", {"offer": offer})
    with pytest.raises(ConflictError, match="was declined"):
        maker.say("withdrawn", "pack-1", {"offer": offer})


def test_what_was_withdrawn_can_be_offered_to_another(maker: Yard, fleet: Yard, works: Yard) -> None:
    maker.begins("pack-1")
    first = maker.offers("pack-1", fleet)
    with pytest.raises(ConflictError, match="an offer already"):
        maker.offers("pack-1", works)
    maker.say("withdrawn", "pack-1", {"offer": first})
    works.accepts("pack-1", maker.offers("pack-1", works))


def test_an_offer_that_ran_out_is_accepted_by_nobody_and_stands_in_the_way_of_none(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard
) -> None:
    maker.begins("pack-1")
    until = clock.stamp(clock.now() + timedelta(hours=1))
    offer = maker.offers("pack-1", fleet, valid_until=until)
    with clock.replaced(clock.now() + timedelta(hours=2)):
        assert fleet.offers_seen()["received"][0]["state"] == "expired"
        with pytest.raises(ConflictError, match="ran out"):
            fleet.accepts("pack-1", offer)
        works.accepts("pack-1", maker.offers("pack-1", works))
    assert standing(registry, "pack-1").holder == works.id


def test_nobody_offers_accepts_or_withdraws_what_is_anothers_and_all_get_the_same_words(
    maker: Yard, fleet: Yard, works: Yard
) -> None:
    maker.begins("pack-1")
    words = []
    for item in ("pack-1", "pack-none"):
        with pytest.raises(NotAllowedError) as refused:
            works.say("offered", item, {"to": fleet.id, **SALE}, expects={item: None})
        words.append(str(refused.value))
    assert words[0] == words[1]
    offer = maker.offers("pack-1", fleet)
    for act, name in (("accepted", offer), ("withdrawn", offer), ("accepted", "0" * 32)):
        with pytest.raises(NotAllowedError, match="no such offer for you"):
            works.say(act, "pack-1", {"offer": name}, expects={"pack-1": None})


def test_possession_and_ownership_go_different_ways(
    registry: Registry, maker: Yard, fleet: Yard, works: Yard
) -> None:
    maker.begins("pack-1")
    fleet.takes_over("pack-1", maker, passes="possession", basis="battery_as_a_service")
    now = standing(registry, "pack-1")
    assert (now.holder, now.owner) == (fleet.id, maker.id)
    with pytest.raises(NotAllowedError):
        fleet.offers("pack-1", works)
    with pytest.raises(NotAllowedError):
        maker.offers("pack-1", works, passes="possession")
    works.takes_over("pack-1", maker, passes="ownership")
    now = standing(registry, "pack-1")
    assert (now.holder, now.owner) == (fleet.id, works.id)
    maker.takes_over("pack-1", fleet, passes="possession", basis="return")
    assert standing(registry, "pack-1").holder == maker.id
    assert_rebuilt_the_same(registry)


def test_place_and_time_of_both_sides_stand_on_both_receipts(maker: Yard, fleet: Yard) -> None:
    maker.begins("pack-1", "412.5")
    offer = maker.say("offered", "pack-1", {"to": fleet.id, **SALE, "condition": "unopened"}, place="Rayong")
    fleet.say("accepted", "pack-1", {"offer": offer}, place="Bangkok")
    [one] = fleet.history("pack-1")["handovers"]
    for side, name in (("giver", "Maker"), ("receiver", "Fleet")):
        text = one["receipts"][side]
        assert text.startswith(f"Receipt for {name}")
        for fact in (
            "in Rayong",
            "in Bangkok",
            "pack-1: pack, count 1, 412.5 kg",
            "unopened",
            one["made_at"],
        ):
            assert fact in text


def test_a_lot_is_handed_over_whole(registry: Registry, maker: Yard, fleet: Yard) -> None:
    for item in ("a", "b"):
        maker.begins(item)
    offer = maker.offers(["a", "b"], fleet)
    with pytest.raises(NotAllowedError, match="not the items of the offer"):
        fleet.accepts(["a"], offer)
    fleet.accepts(["b", "a"], offer)
    assert {standing(registry, item).holder for item in ("a", "b")} == {fleet.id}


def test_waste_is_taken_in_only_where_it_may_be_stored(maker: Yard, fleet: Yard, works: Yard) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet, waste_code="A1181", basis="waste")
    with pytest.raises(NotAllowedError, match="at a facility that may store it"):
        fleet.accepts("pack-1", offer)
    with pytest.raises(NotAllowedError, match="has no facility works-1"):
        fleet.accepts("pack-1", offer, facility="works-1")
    fleet.say("declined", "pack-1", {"offer": offer})
    wrong = maker.offers("pack-1", works, waste_code="Y49", basis="waste")
    with pytest.raises(NotAllowedError, match=r"F-105/2569 .* does not cover waste Y49"):
        works.accepts("pack-1", wrong, facility="works-1")
    maker.say("withdrawn", "pack-1", {"offer": wrong})
    right = maker.offers("pack-1", works, waste_code="A1181", basis="waste")
    works.accepts("pack-1", right, facility="works-1")


def test_an_acceptance_dated_before_its_offer_is_refused(maker: Yard, fleet: Yard) -> None:
    maker.begins("pack-1")
    offer = maker.offers("pack-1", fleet)
    early = clock.stamp(clock.now() - timedelta(minutes=5))
    with pytest.raises((ConflictError, NotAllowedError)):
        fleet.say("accepted", "pack-1", {"offer": offer}, occurred_at=early)


# -- claims


@pytest.fixture
def claimed(maker: Yard, fleet: Yard) -> str:
    maker.begins("lot-1", "500", count=20)
    offer = maker.offers("lot-1", fleet)
    claims = [{"item": "lot-1", "mass_kg": "480", "count": 19, "condition": "one swollen"}]
    fleet.accepts("lot-1", offer, claims=claims)
    return offer


def answer(yard: Yard, offer: str, outcome: str) -> None:
    yard.say("claim_answered", "lot-1", {"offer": offer, "item": "lot-1", "outcome": outcome}, expects={})


def state(yard: Yard) -> str:
    [claim] = yard.history("lot-1")["handovers"][0]["claims"]
    return str(claim["state"])


def test_a_claim_that_is_agreed_sets_mass_and_count(
    registry: Registry, maker: Yard, fleet: Yard, claimed: str
) -> None:
    assert state(fleet) == "open"
    answer(maker, claimed, "agreed")
    now = standing(registry, "lot-1")
    assert (str(now.mass_kg), now.count, state(fleet)) == ("480", 19, "agreed")
    with pytest.raises(ConflictError, match="is agreed"):
        answer(maker, claimed, "disputed")
    assert_rebuilt_the_same(registry)


def test_a_disputed_claim_changes_nothing_until_it_is_settled(
    registry: Registry, maker: Yard, fleet: Yard, office: Yard, claimed: str
) -> None:
    answer(maker, claimed, "disputed")
    assert (state(maker), standing(registry, "lot-1").count) == ("disputed", 20)
    answer(office, claimed, "agreed")
    assert (state(maker), standing(registry, "lot-1").count) == ("agreed", 19)


def test_each_side_gives_only_its_own_answer(maker: Yard, fleet: Yard, works: Yard, claimed: str) -> None:
    for yard, outcome in ((fleet, "agreed"), (maker, "withdrawn"), (works, "disputed")):
        with pytest.raises(NotAllowedError, match="no such claim for you"):
            answer(yard, claimed, outcome)
    answer(fleet, claimed, "withdrawn")
    assert state(fleet) == "withdrawn"


def test_a_clock_that_runs_out_agrees_to_nothing(registry: Registry, fleet: Yard, claimed: str) -> None:
    with clock.replaced(clock.now() + timedelta(days=15)):
        assert state(fleet) == "overdue"
    assert standing(registry, "lot-1").count == 20


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([{"item": "lot-1", "count": 20}], "what was offered"),
        ([{"item": "lot-2", "count": 2}], "was not offered"),
        ([{"item": "lot-1", "count": 2}, {"item": "lot-1", "mass_kg": "1"}], "claimed twice"),
    ],
)
def test_a_claim_says_what_differs_from_the_offer(
    maker: Yard, fleet: Yard, claims: list[dict[str, object]], words: str
) -> None:
    maker.begins("lot-1", "500", count=20)
    offer = maker.offers("lot-1", fleet)
    with pytest.raises(NotAllowedError, match=words):
        fleet.accepts("lot-1", offer, claims=claims)
