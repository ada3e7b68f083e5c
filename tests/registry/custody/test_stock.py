"""Stock of a yard: what lies where since when, and how near it comes to what the facility may store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading, writing
from kitaran.foundation.migrations.versions import v0009_where_it_lies
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import stock, waiting
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.intake import take_in
from kitaran.registry.custody.stock import Held
from kitaran.registry.custody.storage_limits import NEAR_DAYS, against
from kitaran.registry.parties.facilities.repository import Dated
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of

from .conftest import Yard
from .test_intake import LOT, PACK, hand_of

DAY = datetime(2026, 6, 30, 12, tzinfo=UTC)
LONG_AGO = "2020-01-01T00:00:00.000Z"


def in_hand(yard: Yard) -> dict[str, Held]:
    with reading(yard.registry.engine) as connection:
        return {one.item: one for one in stock.in_hand(connection, yard.id)}


def test_stock_knows_kind_chemistry_mass_place_and_since_when(registry: Registry, works: Yard) -> None:
    pack = take_in(hand_of(works), {**PACK, "codes": ["SCOOTER-77"]}, facility="works-1")
    lot = take_in(hand_of(works), LOT)
    held = in_hand(works)
    one, other = held[pack.item], held[lot.item]
    assert (one.kind, one.chemistry, one.facility) == ("pack", "unknown", "works-1")
    assert (one.names, one.battery, one.mass_kg) == (("SCOOTER-77",), pack.battery, Decimal("11.4"))
    assert (other.kind, other.chemistry, other.count, other.facility) == (
        "lead_acid_lot",
        "lead_acid",
        20,
        None,
    )


def test_what_was_split_or_moved_lies_where_the_event_says(registry: Registry, works: Yard) -> None:
    lot = take_in(hand_of(works), LOT, facility="works-1")
    part = {"item": f"{lot.item}-a", "form": "pack", "count": 5, "mass_kg": "75"}
    rest = {"count": 15, "mass_kg": "225"}
    told = {"parts": [part], "rest": rest, "facility": "works-1"}
    works.say("split", [lot.item, part["item"]], told)
    held = in_hand(works)
    assert (held[part["item"]].chemistry, held[part["item"]].facility) == ("lead_acid", "works-1")
    assert held[lot.item].mass_kg == Decimal(225)
    works.begins("pack-9")
    assert in_hand(works)["pack-9"].facility is None
    works.say("stored", "pack-9", {"facility": "works-1"})
    assert in_hand(works)["pack-9"].facility == "works-1"


def test_an_older_database_learns_from_the_log_where_things_lie(registry: Registry, works: Yard) -> None:
    lot = take_in(hand_of(works), LOT, facility="works-1").item
    with writing(registry.engine) as connection:
        connection.execute(sa.update(t.interval).values(facility=None))
        v0009_where_it_lies._fill(connection)
    assert in_hand(works)[lot].facility == "works-1"


def test_what_a_program_took_in_is_in_stock_before_custody_meets_it(works: Yard) -> None:
    battery = service.new_id()
    service.append(
        hand_of(works), "passport.taken_in", [item_of(battery)], {"battery": battery, **LOT, "count": 3}
    )
    assert (one := in_hand(works)[item_of(battery)]).count == 3
    assert one.mass_kg == Decimal(300)


def test_what_came_and_what_left_name_the_other_side_and_the_mass_then(
    registry: Registry, fleet: Yard, works: Yard
) -> None:
    pack = take_in(hand_of(fleet), PACK).item
    works.accepts(pack, fleet.offers(pack, works), facility="works-1")
    lot = take_in(hand_of(works), LOT, facility="works-1").item
    with reading(registry.engine) as connection:
        came = stock.arrivals(connection, works.id, LONG_AGO)
        left = stock.departures(connection, fleet.id, LONG_AGO)
        assert stock.arrivals(connection, works.id, stamp(now() + timedelta(days=1))) == []
    assert [(one.item, one.other) for one in came] == [(lot, None), (pack, fleet.id)]
    assert [(one.item, one.other, one.mass_kg) for one in left] == [(pack, works.id, Decimal("11.4"))]
    assert in_hand(fleet) == {}
    assert in_hand(works)[pack].facility == "works-1"


def test_what_waits_is_counted_for_both_sides(registry: Registry, fleet: Yard, works: Yard) -> None:
    first, second = (take_in(hand_of(fleet), PACK).item for _ in range(2))
    offer = fleet.offers(first, works)
    fleet.offers(second, works, valid_until=stamp(now() + timedelta(days=1)))

    def waits(yard: Yard, days: int = 0) -> list[int]:
        at = stamp(now() + timedelta(days=days))
        with reading(registry.engine) as connection:
            return list(waiting.counts(connection, yard.id, at).values())

    assert (waits(fleet), waits(works)) == ([0, 2, 0, 0], [2, 0, 0, 0])
    assert waits(works, days=2) == [1, 0, 0, 0]
    works.accepts(first, offer, claims=[{"item": first, "mass_kg": "10"}])
    assert (waits(fleet), waits(works, days=30)) == ([0, 1, 1, 0], [0, 0, 0, 1])
    told = {"offer": offer, "item": first, "outcome": "disputed"}
    fleet.say("claim_answered", first, told)
    assert waits(fleet) == [0, 1, 0, 0]


# -- limits


def held(item: str, mass_kg: str | None, days: int) -> Held:
    since = stamp(DAY - timedelta(days=days, hours=1))
    mass = None if mass_kg is None else Decimal(mass_kg)
    return Held(item, "pack", "unknown", "held", "me", 1, mass, since, "f", (), None, {})


def permit(until: str | None, *activities: str) -> Dated:
    return Dated("permit-1", "f", {"activities": list(activities)}, LONG_AGO, until)


@pytest.mark.parametrize(
    ("mass", "level"), [("799.9", "within"), ("800", "near"), ("1000", "near"), ("1000.1", "over")]
)
def test_a_yard_is_warned_before_it_is_full(mass: str, level: str) -> None:
    told = against([held("a", mass, 1)], {"quantity": "1", "unit": "t"}, [], DAY)
    assert (told.level, told.limit_kg) == (level, Decimal(1000))


@pytest.mark.parametrize(
    ("days", "left", "level"),
    [(0, 180, "within"), (165, 15, "within"), (166, NEAR_DAYS, "near"), (180, 0, "near"), (181, -1, "over")],
)
def test_a_yard_is_warned_before_something_lies_too_long(days: int, left: int, level: str) -> None:
    storage = {"quantity": "80", "unit": "kg", "days": 180}
    told = against([held("a", "1", days)], storage, [], DAY)
    [stay] = told.stays
    assert (stay.days, stay.left, stay.level, told.days_level) == (days, left, level, level)


def test_a_limit_that_nobody_entered_is_unknown_and_what_nobody_weighed_is_told() -> None:
    stock = [held("a", None, 400), held("b", "7", 1)]
    told = against(stock, None, [], DAY)
    assert (told.level, told.days_level, told.unweighed, told.mass_kg) == (
        "unknown",
        "unknown",
        1,
        Decimal(7),
    )
    assert [one.item for one in told.stays] == ["a", "b"]
    assert against(stock, {"quantity": "9", "unit": "t"}, [], DAY).days_level == "unknown"


@pytest.mark.parametrize(
    ("permits", "level"),
    [
        ([], "unknown"),
        ([permit(None, "recycle")], "unknown"),
        ([permit("2026-06-01T00:00:00.000Z", "store")], "unknown"),
        ([permit("2026-07-10T00:00:00.000Z", "store")], "near"),
        ([permit("2026-07-10T00:00:00.000Z", "store"), permit(None, "store")], "within"),
    ],
)
def test_a_permit_that_ends_soon_is_told(permits: list[Dated], level: str) -> None:
    told: Any = against([], None, permits, DAY)
    assert told.permit_level == level
