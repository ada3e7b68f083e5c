"""Whatever is asked, answered, announced, cancelled and certified: no consent and no receipt is overdrawn."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.registry.movement.conftest import BEGAN, World, assert_rebuilt_the_same, world_of

from kitaran.foundation import clock
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.movement import repository

GRAMS = st.integers(1, 800_000)
WHO = st.sampled_from(["THA", "KOR"])
WHICH = st.integers(0, 5)


def kg(grams: int) -> str:
    return f"{grams // 1000}.{grams % 1000:03d}".rstrip("0").rstrip(".")


class Consents(RuleBasedStateMachine):
    """One notification between two authorities. The model keeps the consents by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.stopped = clock.replaced(lambda: BEGAN)
        self.stopped.__enter__()
        self.limits: dict[str, tuple[Decimal, int]] = {}
        self.drawn: dict[str, Decimal] = {}
        self.begun: set[str] = set()
        self.number = 0

    @initialize()
    def begin(self) -> None:
        place = Workspace.make(Path(self.folder.name) / "work")
        self.registry = open_whole(place, read_settings(place.settings_file))
        self.world: World = world_of(self.registry)
        self.world.notifies(first_departure="2026-03-01", shipments=4)
        self.notified = [Decimal(1000), 4]

    def teardown(self) -> None:
        if hasattr(self, "registry"):
            assert_rebuilt_the_same(self.registry)
            self.registry.engine.dispose()
        self.stopped.__exit__(None, None, None)
        self.folder.cleanup()

    def allowed(self, mass: Decimal, own: str | None = None) -> bool:
        """What the model says: both consents stand, and each leaves room."""
        drawn = {name: one for name, one in self.drawn.items() if name != own}
        limits = [*self.limits.values(), (self.notified[0], self.notified[1])]
        fits = all(sum(drawn.values()) + mass <= most and len(drawn) < count for most, count in limits)
        return len(self.limits) == 2 and fits

    def takes(self, expected: bool, act: Any, *args: Any) -> bool:
        """The registry takes what the model allows, and nothing else."""
        refusal: KitaranError | None = None
        try:
            act(*args)
        except KitaranError as error:
            refusal = error
        assert (refusal is None) == expected, refusal
        return expected

    @rule(economy=WHO, grams=GRAMS, count=st.integers(1, 5))
    def consent(self, economy: str, grams: int, count: int) -> None:
        self.world.consents(self.who(economy), economy, quantity_kg=kg(grams), shipments=count)
        self.limits[economy] = (Decimal(kg(grams)), count)

    @rule(economy=WHO)
    def withdraw_consent(self, economy: str) -> None:
        payload = {"economy": economy, "reason": "x"}
        acts = (self.who(economy).say, "consent_withdrawn", "notification/n-1", payload)
        if self.takes(economy in self.limits, *acts):
            del self.limits[economy]

    @rule(grams=GRAMS, count=st.integers(1, 6))
    def amend(self, grams: int, count: int) -> None:
        payload = {"quantity_kg": kg(grams), "shipments": count, "reason": "x"}
        self.world.exporter.say("amended", "notification/n-1", payload)
        self.notified = [Decimal(kg(grams)), count]

    @rule(grams=GRAMS)
    def announce(self, grams: int) -> None:
        self.number += 1
        name, mass = f"m-{self.number}", Decimal(kg(grams))
        payload = {
            "notification": "n-1",
            "mass_kg": kg(grams),
            "departs": "2026-03-02T08:00:00.000Z",
            "arrives_by": "2026-03-03T08:00:00.000Z",
        }
        items = [f"movement/{name}", "notification/n-1"]
        if self.takes(self.allowed(mass), self.world.exporter.say, "announced", items, payload):
            self.drawn[name] = mass

    @precondition(lambda self: self.drawn)
    @rule(which=WHICH, grams=GRAMS)
    def start(self, which: int, grams: int) -> None:
        name = sorted(self.drawn)[which % len(self.drawn)]
        mass = Decimal(kg(grams))
        expected = name not in self.begun and self.allowed(mass, name)
        if self.takes(expected, self.world.on_both, "started", name, {"mass_kg": kg(grams)}):
            self.begun.add(name)
            self.drawn[name] = mass

    @precondition(lambda self: self.drawn)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        name = sorted(self.drawn)[which % len(self.drawn)]
        if self.takes(name not in self.begun, self.world.on_both, "cancelled", name, {"reason": "x"}):
            del self.drawn[name]

    @precondition(lambda self: self.begun)
    @rule(which=WHICH, received=GRAMS, certified=GRAMS)
    def receive_and_certify(self, which: int, received: int, certified: int) -> None:
        item = f"movement/{sorted(self.begun)[which % len(self.begun)]}"
        for act, payload in (
            ("received", {"mass_kg": kg(received), "arrived": "2026-03-02T08:00:00.000Z"}),
            ("completed", {"mass_kg": kg(certified), "completed": "2026-03-02"}),
        ):
            with suppress(KitaranError):
                self.world.recycler.say(act, item, payload)

    def who(self, economy: str) -> Any:
        return {"THA": self.world.thai, "KOR": self.world.korean}[economy]

    @invariant()
    def nothing_is_overdrawn(self) -> None:
        if not hasattr(self, "registry"):
            return
        with reading(self.registry.engine) as connection:
            found = repository.movements_under(connection, "n-1")
        live = {one.movement: one.mass_kg for one in found if one.cancelled_at is None}
        assert live == self.drawn
        for one in found:
            assert (one.received_kg or Decimal(0)) <= one.mass_kg
            assert one.certified_kg <= (one.received_kg or Decimal(0))
            assert one.recovered_kg <= one.certified_kg


def size(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


class TestConsents(Consents.TestCase):  # type: ignore[name-defined, misc]
    settings = size(4, 12)


@pytest.mark.slow
class TestManyConsents(Consents.TestCase):  # type: ignore[name-defined, misc]
    settings = size(100, 40)
