"""Whatever is done to batteries, mass is never made, and each has one holder and one owner at each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.custody.conftest import Yard, assert_rebuilt_the_same
from tests.registry.parties.conftest import enrol
from tests.registry.parties.test_facilities import LONG_AGO, found, permit

from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, open_whole
from kitaran.registry.custody import tables as t

ITEMS = st.integers(0, 11)
YARDS = st.integers(0, 2)
GRAMS = st.integers(0, 12_000)
STEP = st.one_of(
    st.tuples(st.just("begin"), YARDS, ITEMS, GRAMS, st.integers(1, 4)),
    st.tuples(st.just("offer"), YARDS, ITEMS, YARDS, st.sampled_from(["possession", "ownership", "both"])),
    st.tuples(st.just("accept"), YARDS, st.integers(0, 3)),
    st.tuples(st.just("claim"), YARDS, st.integers(0, 3), GRAMS),
    st.tuples(st.just("agree"), YARDS, st.integers(0, 3)),
    st.tuples(st.just("decline"), YARDS, st.integers(0, 3)),
    st.tuples(
        st.just("split"), YARDS, ITEMS, st.lists(st.tuples(ITEMS, GRAMS), min_size=1, max_size=3), GRAMS
    ),
    st.tuples(st.just("merge"), YARDS, ITEMS, st.lists(ITEMS, min_size=1, max_size=2), GRAMS),
    st.tuples(st.just("lose"), YARDS, ITEMS),
    st.tuples(st.just("find"), YARDS, ITEMS),
)


class World:
    """Three yards in one registry, and the offers that were made."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.yards = [Yard(registry, enrol(registry, f"Yard {n}", "repurposer")) for n in range(3)]
        may = ["store", "dismantle", "repurpose"]
        for yard in self.yards:
            name = f"works-of-{yard.id}"[:60]
            found(registry, yard.id, facility=name, activities=may, capacities=[])
            permit(registry, facility=name, activities=may, valid_from=LONG_AGO)
        self.offers: list[tuple[str, str]] = []
        self.brought = Decimal(0)
        self.done = 0

    def take(self, step: tuple[Any, ...]) -> None:
        """Try one step; a refusal is an answer, too."""
        try:
            getattr(self, step[0])(self.yards[step[1]], *step[2:])
            self.done += 1
        except KitaranError:
            pass

    def begin(self, yard: Yard, item: int, grams: int, count: int) -> None:
        yard.begins(f"i-{item}", kg(grams), count=count, form="module")
        self.brought += Decimal(kg(grams))

    def offer(self, yard: Yard, item: int, to: int, passes: str) -> None:
        made = yard.offers(f"i-{item}", self.yards[to], passes=passes, basis="treatment")
        self.offers.append((made, f"i-{item}"))

    def accept(self, yard: Yard, which: int) -> None:
        offer, item = self._offer(which)
        yard.accepts(item, offer)

    def claim(self, yard: Yard, which: int, grams: int) -> None:
        offer, item = self._offer(which)
        yard.accepts(item, offer, claims=[{"item": item, "mass_kg": kg(grams)}])

    def agree(self, yard: Yard, which: int) -> None:
        offer, item = self._offer(which)
        before = total(self.registry)
        payload = {"offer": offer, "item": item, "outcome": "agreed"}
        yard.say("claim_answered", item, payload, expects={})
        self.brought += max(total(self.registry) - before, Decimal(0))  # weighed anew, by both sides

    def decline(self, yard: Yard, which: int) -> None:
        offer, item = self._offer(which)
        yard.say("declined", item, {"offer": offer})

    def split(self, yard: Yard, item: int, parts: list[tuple[int, int]], rest: int) -> None:
        told = [{"item": f"i-{one}", "form": "cell", "mass_kg": kg(grams)} for one, grams in parts]
        left = {"rest": {"count": 1, "mass_kg": kg(rest)}} if rest % 2 else {}
        items = [f"i-{item}", *(one["item"] for one in told)]
        yard.say("split", items, {"parts": told, "facility": self._facility(yard), **left})

    def merge(self, yard: Yard, result: int, sources: list[int], grams: int) -> None:
        takes = [self._all_of(f"i-{one}") for one in sources]
        made = {"item": f"i-{result}", "form": "module", "mass_kg": kg(grams)}
        items = [made["item"], *(one["item"] for one in takes)]
        yard.say("merged", items, {"result": made, "takes": takes, "facility": self._facility(yard)})

    def lose(self, yard: Yard, item: int) -> None:
        yard.say("lost", f"i-{item}", {"reason": "gone"})

    def find(self, yard: Yard, item: int) -> None:
        yard.say("found", f"i-{item}", {})

    def _offer(self, which: int) -> tuple[str, str]:
        return self.offers[-1 - which] if which < len(self.offers) else ("0" * 32, "i-0")

    def _facility(self, yard: Yard) -> str:
        return f"works-of-{yard.id}"[:60]

    def _all_of(self, item: str) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            row = connection.execute(sa.select(t.item).where(t.item.c.item == item)).first()
        if row is None:
            return {"item": item, "mass_kg": "1"}
        return {"item": item, "count": max(row._mapping["count"], 1), "mass_kg": row.mass_kg or "0"}


def kg(grams: int) -> str:
    return f"{grams // 1000}.{grams % 1000:03}"


def total(registry: Registry) -> Decimal:
    """Mass of all that is there by itself: what is inside another is weighed with it."""
    with reading(registry.engine) as connection:
        query = sa.select(t.item.c.mass_kg).where(t.item.c.status.notin_(["inside", "closed"]))
        return sum((Decimal(one) for one in connection.execute(query).scalars() if one), Decimal(0))


@contextmanager
def world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        place = Workspace.make(Path(folder) / "work")
        registry = open_whole(place, read_settings(place.settings_file))
        try:
            yield World(registry)
        finally:
            registry.engine.dispose()


def assert_one_at_each_time(registry: Registry) -> None:
    """Intervals of a role follow each other; an item that is there has one that runs, with its holder."""
    with reading(registry.engine) as connection:
        items = {row.item: row for row in connection.execute(sa.select(t.item))}
        order = sa.select(t.interval).order_by(t.interval.c.item, t.interval.c.role, t.interval.c.seq)
        spans = list(connection.execute(order))
    for item, row in items.items():
        for role in ("holder", "owner"):
            mine = [one for one in spans if (one.item, one.role) == (item, role)]
            for before, after in pairwise(mine):
                assert before.until is not None
                assert before.until <= after.since
                assert before.until_seq <= after.seq
            running = [one.operator for one in mine if one.until_seq is None]
            there = row.status not in ("inside", "closed")
            assert running == ([getattr(row, role)] if there else [])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=15, max_size=60))
def test_mass_is_never_made_and_each_item_has_one_holder_and_one_owner(steps: list[tuple[Any, ...]]) -> None:
    with world() as tried:
        for step in steps:
            tried.take(step)
            assert total(tried.registry) <= tried.brought
        assert_one_at_each_time(tried.registry)
        assert_rebuilt_the_same(tried.registry)


def test_the_steps_that_are_drawn_do_happen() -> None:
    """Else the property above would hold for want of anything that is done."""
    steps: list[tuple[Any, ...]] = [
        ("begin", 0, 0, 10_000, 1),
        ("offer", 0, 0, 1, "both"),
        ("claim", 1, 0, 9_500),
        ("agree", 0, 0),
        ("split", 1, 0, [(1, 4_000), (2, 4_000)], 0),
        ("offer", 1, 1, 2, "possession"),
        ("accept", 2, 0),
        ("merge", 1, 3, [2], 3_900),
        ("lose", 1, 3),
        ("find", 1, 3),
        ("split", 1, 3, [(2, 3_000)], 0),
        ("offer", 1, 2, 0, "both"),
        ("decline", 0, 0),
    ]
    with world() as tried:
        for step in steps:
            tried.take(step)
        assert tried.done == len(steps)
        assert total(tried.registry) == Decimal("7.000")
        assert_one_at_each_time(tried.registry)
