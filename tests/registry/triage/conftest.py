"""The yard that tests of recorded triage work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.registry.assembly import Registry
from kitaran.registry.passport import service as passport_service
from kitaran.registry.passport.kinds import item_of
from tests.registry.parties.conftest import enrol
from tests.registry.triage.yard import BATTERY, Yard


@pytest.fixture
def yard(registry: Registry, tmp_path: Path) -> Yard:
    holder = enrol(registry, "Holder", "repurposer")
    made = Yard(
        registry,
        holder,
        enrol(registry, "Buyer", "operator"),
        enrol(registry, "Authority", "authority"),
        enrol(registry, "Stranger", "operator"),
        tmp_path / "work" / "overrides",
    )
    taken = {"battery": BATTERY, "what": "pack", "mass_kg": "44", "chemistry": "LFP", "known_by": "label"}
    passport_service.append(made.hand(holder), "passport.taken_in", [item_of(BATTERY)], taken)
    return made
