"""The invented shipments: packs that go from the yard to a recycler in another economy, with consents."""

from __future__ import annotations

from typing import Any, Final

from kitaran.registry.demonstration.story import MAKER, MOTORS, YARD
from kitaran.registry.demonstration.teller import Teller
from kitaran.registry.movement import records
from kitaran.registry.passport.kinds import item_of

HERE: Final = "example-authority"
THERE: Final = "example-authority-korea"
CUSTOMS: Final = "example-customs"
RECEIVER: Final = "example-recycling-korea"
PLANT: Final = "example-plant-korea"
CONSENTED: Final = "EXAMPLE-N1"
PENDING: Final = "EXAMPLE-N2"
_PACK_KG: Final = 372


def shipments(teller: Teller) -> None:
    """One notification with consents, a movement completed and one under way; a notification that waits."""
    packs = _packs(teller)
    _notifies(teller, CONSENTED, 80, "3000", 3)
    _consents(teller)
    _completed(teller, "EXAMPLE-M1", packs[:2])
    _under_way(teller, "EXAMPLE-M2", packs[2:])
    _notifies(teller, PENDING, 4, "5000", 5)
    told = {"economy": "KOR", "number": "EX-KOR-22"}
    teller.move(THERE, "acknowledged", [records.notification_item(PENDING)], told, 2)


def _packs(teller: Teller) -> list[str]:
    """Three packs of scrapped cars, in the yard as waste."""
    made = [teller.issue(MAKER, "example-car-lfp", f"EXC-{1100 + number}", 900, "372") for number in range(3)]
    teller.hand_over(MAKER, MOTORS, made, 880, "sale")
    teller.hand_over(MOTORS, YARD, made, 95, "sale", facility="example-yard-north")
    for one in made:
        teller.change(YARD, "became_waste", one, 90, "Cells below 60 %; for recycling.")
    return made


def _notifies(teller: Teller, number: str, days_ago: float, quantity_kg: str, shipments: int) -> None:
    told: dict[str, Any] = {
        "importer": RECEIVER,
        "facility": PLANT,
        "activity": "recycle",
        "route": {"export": "THA", "destination": "KOR", "mode": "sea"},
        "goods": {
            "kind": "ev_pack",
            "chemistry": "LFP",
            "condition": "non_functional",
            "diagnosable": True,
            "soc_pct": "20",
            "purpose": "recycling",
            "waste_code": "A1181",
        },
        "procedure": "basel_pic",
        "quantity_kg": quantity_kg,
        "shipments": shipments,
        "first_departure": teller.day(days_ago - 10),
        "last_departure": teller.day(-120),
        "contract": f"Example contract {number}",
        "reason": "An invented shipment: no plant for these cells at home.",
    }
    teller.move(YARD, "notified", [records.notification_item(number)], told, days_ago)


def _consents(teller: Teller) -> None:
    item = [records.notification_item(CONSENTED)]
    for who, economy, days_ago in ((HERE, "THA", 78.0), (THERE, "KOR", 77.0)):
        teller.move(who, "acknowledged", item, {"economy": economy}, days_ago)
    asked = {"economy": "KOR", "question": "Which port, and how are the terminals covered?"}
    question = teller.move(THERE, "questioned", item, asked, 76)
    answer = {"question": question, "answer": "The example port; caps on each terminal, packs upright."}
    teller.move(YARD, "answered", item, answer, 75)
    span = {"valid_from": teller.day(74), "valid_until": teller.day(-120)}
    teller.move(HERE, "consented", item, {"economy": "THA", **span, "reference": "EX-THA-7"}, 73)
    conditions = ["State of charge of 30 % or less", "Packs upright, terminals covered"]
    told: dict[str, Any] = {"economy": "KOR", **span, "reference": "EX-KOR-19", "conditions": conditions}
    teller.move(THERE, "consented", item, told, 72)


def _announced(teller: Teller, number: str, packs: list[str], days_ago: float, departs: float) -> list[str]:
    """The items of events that draw on the consents."""
    both = [records.movement_item(number), records.notification_item(CONSENTED)]
    told = {
        "notification": CONSENTED,
        "mass_kg": str(_PACK_KG * len(packs)),
        "departs": teller.at(departs),
        "arrives_by": teller.at(departs - 15),
    }
    teller.move(YARD, "announced", [*both, *map(item_of, packs)], told, days_ago)
    return both


def _leaves(teller: Teller, both: list[str], packs: list[str], days_ago: float) -> None:
    told = {"mass_kg": str(_PACK_KG * len(packs)), "seal": "EX-4471", "conveyance": "MV Example"}
    teller.move(YARD, "started", both, told, days_ago)
    checked = {"economy": "THA", "finding": "passed", "seal": "EX-4471"}
    teller.move(CUSTOMS, "border_checked", both[:1], checked, days_ago - 0.5)


def _completed(teller: Teller, number: str, packs: list[str]) -> None:
    both = _announced(teller, number, packs, 68, 62)
    offer = teller.offer(YARD, RECEIVER, packs, 63, "treatment")
    _leaves(teller, both, packs, 62)
    teller.accept(RECEIVER, offer, packs, 51, PLANT)
    told = {"mass_kg": "742", "arrived": teller.at(51), "remarks": "Dry; seal whole."}
    teller.move(RECEIVER, "received", both[:1], told, 50.5)
    for one in packs:
        teller.change(RECEIVER, "ceased", one, 40, "Shredded; black mass EXK-1.")
    done = {"mass_kg": "742", "recovered_kg": "521", "completed": teller.day(38)}
    teller.move(RECEIVER, "completed", both[:1], {**done, "residues": "Fluff and slag to a landfill."}, 37)


def _under_way(teller: Teller, number: str, packs: list[str]) -> None:
    both = _announced(teller, number, packs, 12, 6)
    teller.offer(YARD, RECEIVER, packs, 7, "treatment")
    _leaves(teller, both, packs, 6)
