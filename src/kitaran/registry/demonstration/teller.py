"""Telling an invented past: events of invented operators, signed and recorded as real ones are.

Times are days before the day of the making, so that the story is always recent; ids and figures are drawn
from a fixed seed. Keys are random, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson
import yaml

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import writing
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.signature import key_id, make_key, public_bytes
from kitaran.registry.movement import words
from kitaran.registry.parties.facilities.kinds import item_of as facility_item
from kitaran.registry.parties.hand import Hand
from kitaran.registry.parties.kinds import item_of as operator_item
from kitaran.registry.passport import service
from kitaran.registry.passport.attributes import sealed_of_model
from kitaran.registry.passport.kinds import item_of, model_item

SEED: Final = 7
BEGINS: Final = 1_600
"""Days before the making at which the story begins."""
SESSION: Final = "demonstration"
_CAST: Final = Path(__file__).with_name("cast.yaml")
_BANGKOK: Final = "Bangkok"


@lru_cache(maxsize=1)
def cast() -> Mapping[str, Any]:
    """Who and what there is."""
    found: Mapping[str, Any] = yaml.safe_load(_CAST.read_text(encoding="utf-8"))
    return found


def _authority_over(operator: str) -> Mapping[str, Any]:
    """The authority of the economy in which an operator stands."""
    known = cast()["operators"]
    economy = next(one["economy"] for one in known if one["id"] == operator)
    found: Mapping[str, Any] = next(
        one for one in known if one["economy"] == economy and "authority" in one["roles"]
    )
    return found


class Teller:
    """Speaks for every operator of the story. Raises as the log does."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.random = Random(SEED)
        self.hands: dict[str, Hand] = {}
        self._morning = now().replace(hour=0, minute=0, second=0, microsecond=0)

    def at(self, days_ago: float) -> str:
        """A time so many days before this one's midnight."""
        return stamp(self._at(days_ago))

    def day(self, days_ago: float) -> str:
        """A day so many days before this one."""
        return self._at(days_ago).date().isoformat()

    def _at(self, days_ago: float) -> datetime:
        return self._morning - timedelta(days=days_ago)

    # -- who there is

    def enter_all(self) -> None:
        """Operators with their keys, licences and facilities, and the models."""
        told = cast()
        for one in told["operators"]:
            self._enter(one)
        for operator, activities in told["licences"].items():
            self._license(operator, activities)
        for one in told["facilities"]:
            self._build(one)
        for model, one in told["models"].items():
            self._register(model, one["operator"], one["attributes"])

    def _enter(self, one: Mapping[str, Any]) -> None:
        operator, at = one["id"], self.at(BEGINS)
        node = self.registry.hand
        payload = {"operator": operator, **{name: one[name] for name in ("name", "economy", "roles")}}
        node.record("parties.operator_added", operator_item(operator), payload, occurred_at=at)
        key = make_key()
        public = public_bytes(key)
        with writing(self.registry.engine) as connection:
            self.registry.kept.keep(connection, key)
        kept = {
            "operator": operator,
            "key_id": key_id(public),
            "public_key": public.hex(),
            "custody": "custodial",
        }
        node.record("parties.key_added", operator_item(operator), kept, occurred_at=at)
        self.hands[operator] = Hand(self.registry.ledger, key, operator, SESSION)

    def _license(self, operator: str, activities: Sequence[str]) -> None:
        authority = _authority_over(operator)
        payload = {
            "operator": operator,
            "licence": f"licence-{operator}",
            "number": f"EX-{len(operator)}-{operator.removeprefix('example-')}",
            "authority": authority["name"],
            "activities": list(activities),
            "valid_from": self.at(BEGINS),
        }
        self._say(authority["id"], "parties.licence_granted", operator_item(operator), payload, BEGINS - 1)

    def _build(self, one: Mapping[str, Any]) -> None:
        item, authority = facility_item(one["facility"]), _authority_over(one["operator"])
        self._say(authority["id"], "parties.facility_registered", item, dict(one), BEGINS - 2)
        permit = {
            "facility": one["facility"],
            "permit": f"permit-{one['facility']}",
            "number": f"EXP-{one['facility'].removeprefix('example-')}",
            "authority": authority["name"],
            "activities": one["activities"],
            "valid_from": self.at(BEGINS - 2),
        }
        self._say(authority["id"], "parties.permit_granted", item, permit, BEGINS - 3)

    def _register(self, model: str, operator: str, told: Mapping[str, Any]) -> None:
        sealed = {name: value for name, value in told.items() if name in sealed_of_model()}
        shown = {name: value for name, value in told.items() if name not in sealed}
        payload = {"model": model, "operator": operator, "attributes": shown}
        self._append(operator, "passport.model_registered", [model_item(model)], payload, BEGINS - 4, sealed)

    # -- what becomes of batteries

    def issue(self, operator: str, model: str, serial: str, days_ago: int, mass_kg: str) -> str:
        """A passport, and custody in its maker's hand; the battery's id."""
        battery, made_on = self.new_id(), self._at(days_ago + 5).date().isoformat()
        told = {"serial_number": serial, "manufactured_on": made_on, "batch_number": f"EX{days_ago // 100}"}
        payload = {"battery": battery, "operator": operator, "model": model, "attributes": told}
        self._append(operator, "passport.issued", [item_of(battery)], payload, days_ago)
        self.begin(operator, battery, days_ago, mass_kg=mass_kg)
        return battery

    def begin(self, operator: str, battery: str, days_ago: float, **told: Any) -> None:
        """Custody of a battery begins in the hand of an operator."""
        self._say(operator, "custody.begun", item_of(battery), told, days_ago)

    def offer(
        self, giver: str, receiver: str, batteries: Sequence[str], days_ago: float, basis: str, **told: Any
    ) -> str:
        """An offer that stands; its id."""
        payload = {"to": receiver, "basis": basis, "claim_days": 14, **told}
        items = [item_of(one) for one in batteries]
        receipt = self._say(giver, "custody.offered", items, payload, days_ago, place=_BANGKOK)
        return str(receipt["id"])

    def accept(
        self, receiver: str, offer: str, batteries: Sequence[str], days_ago: float, facility: str
    ) -> None:
        """The answer to an offer that stands."""
        items = [item_of(one) for one in batteries]
        self._say(receiver, "custody.accepted", items, {"offer": offer, "facility": facility}, days_ago)

    def move(
        self, operator: str, act: str, items: Sequence[str], told: Mapping[str, Any], days_ago: float
    ) -> str:
        """An act of the shipment procedure, with its words beside it; the id of its event."""
        kind = f"movement.{act}"
        payload, sealed = words.parted(kind, told)
        receipt = self.hands[operator].record(kind, items, payload, sealed, self.at(days_ago))
        return str(orjson.loads(receipt)["id"])

    def hand_over(
        self,
        giver: str,
        receiver: str,
        batteries: Sequence[str],
        days_ago: float,
        basis: str,
        facility: str | None = None,
        **told: Any,
    ) -> None:
        """An offer that is accepted the next day."""
        offer = self.offer(giver, receiver, batteries, days_ago, basis, **told)
        payload = {"offer": offer, "facility": facility}
        items = [item_of(one) for one in batteries]
        self._say(receiver, "custody.accepted", items, payload, days_ago - 1, place=_BANGKOK)

    def install(self, operator: str, batteries: Sequence[str], days_ago: float, what: str, host: str) -> None:
        """Batteries go into a vehicle, a storage system or a swap pool."""
        items = [item_of(one) for one in batteries]
        self._say(operator, "custody.installed", items, {"what": what, "host": host}, days_ago)

    def take_out(self, operator: str, batteries: Sequence[str], days_ago: float, reason: str) -> None:
        """Batteries come out of where they were."""
        items = [item_of(one) for one in batteries]
        self._say(operator, "custody.removed", items, {"reason": reason}, days_ago)

    def read(self, operator: str, battery: str, days_ago: float, **told: Any) -> None:
        """A reading of a battery, as `passport.schemas.Reading` says."""
        payload, sealed = {"battery": battery}, {"reading": told}
        self._append(operator, "passport.reading_taken", [item_of(battery)], payload, days_ago, sealed)

    def change(self, operator: str, kind: str, battery: str, days_ago: float, account: str) -> None:
        """What befell a battery: repaired, became_waste, ceased, ..."""
        payload = {"battery": battery, "account": account}
        self._append(operator, f"passport.{kind}", [item_of(battery)], payload, days_ago)

    def repurpose(
        self, operator: str, battery: str, model: str, serial: str, days_ago: float, account: str, new: str
    ) -> str:
        """A new passport of this id, linked to the old one; the id."""
        payload = {
            "battery": battery,
            "successor": new,
            "operator": operator,
            "model": model,
            "attributes": {"serial_number": serial},
            "account": account,
        }
        items = [item_of(battery), item_of(new)]
        self._append(operator, "passport.repurposed", items, payload, days_ago)
        return new

    def take_in(self, operator: str, days_ago: float, **told: Any) -> str:
        """A battery or lot without a passport; its id."""
        battery = self.new_id()
        payload = {"battery": battery, **told}
        self._append(operator, "passport.taken_in", [item_of(battery)], payload, days_ago)
        return battery

    def split(self, operator: str, whole: str, parts: Sequence[Mapping[str, Any]], days_ago: float) -> None:
        """A whole is taken apart: parts as `custody.schemas.Part` says, at the operator's facility."""
        items = [item_of(whole), *(str(one["item"]) for one in parts)]
        payload = {"parts": [dict(one) for one in parts], "facility": "example-workshop"}
        self._say(operator, "custody.split", items, payload, days_ago)

    def merge(
        self, operator: str, result: Mapping[str, Any], takes: Sequence[Mapping[str, Any]], days_ago: float
    ) -> None:
        """Parts become a new whole."""
        items = [str(result["item"]), *(str(one["item"]) for one in takes)]
        payload = {
            "result": dict(result),
            "takes": [dict(one) for one in takes],
            "facility": "example-workshop",
        }
        self._say(operator, "custody.merged", items, payload, days_ago)

    def new_id(self) -> str:
        """An id of the form that passports have, from the seed."""
        digits = f"{self.random.getrandbits(128):032x}"
        return f"{digits[:12]}4{digits[13:16]}8{digits[17:]}"

    def _say(
        self,
        operator: str,
        kind: str,
        item: str | Sequence[str],
        payload: Mapping[str, Any],
        days_ago: float,
        place: str | None = None,
    ) -> Mapping[str, Any]:
        hand = self.hands[operator]
        told: Mapping[str, Any] = orjson.loads(
            hand.record(kind, item, payload, occurred_at=self.at(days_ago), place=place)
        )
        return told

    def _append(
        self,
        operator: str,
        kind: str,
        items: Sequence[str],
        payload: Mapping[str, Any],
        days_ago: float,
        sealed: Mapping[str, Any] | None = None,
    ) -> None:
        service.append(self.hands[operator], kind, items, payload, sealed, self.at(days_ago))
