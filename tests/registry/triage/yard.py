"""A yard with one battery that was taken in, and who acts there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage import recording, records
from kitaran.registry.triage.columns import SEEN
from tests.registry.parties.conftest import Client
from tests.registry.parties.test_facilities import LONG_AGO, certify, describe, permit

BATTERY = "0123456789ab4def8123456789abcdef"
LOOKED = dict.fromkeys(SEEN, "0")
GOOD = {"chemistry": "LFP", "q_nominal_ah": "100", "nominal_v": "51.2", "capacity_test_ah": "92", **LOOKED}
BENCH = "Bench 4, shunt of class 0.5"


@dataclass(frozen=True)
class Yard:
    """Who acts: the holder, who may receive, an authority and a stranger; the workspace's own rows."""

    registry: Registry
    holder: Client
    buyer: Client
    authority: Client
    stranger: Client
    overrides: Path

    def hand(self, client: Client) -> Hand:
        return Hand(self.registry.ledger, client.key, client.operator)

    def records(self, client: Client, cells: dict[str, str] | None = None, **more: Any) -> str:
        told = recording.record(self.hand(client), BATTERY, cells or GOOD, BENCH, **more)
        return str(told["receipt"]["id"])

    def seen(self, client: Client) -> dict[str, Any]:
        with reading(self.registry.engine) as connection:
            caller = parties.operator(connection, client.operator, now())
            assert caller is not None
            return records.of(connection, BATTERY, caller, now(), self.overrides)

    def readings(self) -> list[dict[str, Any]]:
        with reading(self.registry.engine) as connection:
            return passports.readings(connection, BATTERY)

    def offers(self, to: Client) -> None:
        payload = {"to": to.operator, "basis": "sale", "claim_days": 14, "passes": "both"}
        custody.offer(self.hand(self.holder), [item_of(BATTERY)], payload)


def at_a_facility(yard: Yard) -> dict[str, str]:
    operator = yard.holder.operator
    described = describe(activities=["test"], capacities=[]) | {"operator": operator}
    yard.registry.hand.record("parties.facility_registered", "facility/delta-1", described)
    permit(yard.registry, activities=["test"])
    certify(yard.registry, operator, scopes=["diagnosis"], valid_from=LONG_AGO)
    return {"facility": "delta-1", "technician": "tech-1"}
