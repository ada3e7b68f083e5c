"""What is left of the consents to a notification: in time, in mass, in shipments. It is spent once.

Every movement that is not cancelled draws on each consent, from its announcement on, with the mass announced
and then with the mass that departed. What has left stays drawn, whatever becomes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.custody.amounts import kg, less, spelt, total
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.movement import clocks, lawcase, repository
from kitaran.registry.movement.clocks import Clock
from kitaran.registry.movement.records import Concerned, Movement, Notification

CONSENTED, OBJECTED, TAKEN_BACK = "consented", "objected", "withdrawn"
TACIT: Final = "tacit"
STANDS: Final = frozenset({CONSENTED, TACIT})


@dataclass(frozen=True, slots=True)
class Standing:
    """How an authority stands to a notification at a time.

    state : `awaited`, `acknowledged`, `consented`, `not_yet_valid`, `run_out`, `objected`, `withdrawn`,
            `tacit`, or `silent`: its time is over, and silence is not known to be consent
    acknowledge, decide : clocks, None where the law's tables name none
    """

    concerned: Concerned
    state: str
    acknowledge: Clock | None
    decide: Clock | None
    valid_from: str | None = None
    valid_until: str | None = None
    quantity_kg: Decimal | None = None
    shipments: int | None = None
    notice_days: int = 0

    @property
    def economy(self) -> str:
        return self.concerned.economy

    @property
    def stands(self) -> bool:
        return self.state in STANDS


def standings(connection: Connection, found: Notification, at: datetime) -> list[Standing]:
    """How each authority concerned stands, in the order of the route."""
    prior = lawcase.preconsented(connection, found.content, at)
    case = lawcase.case_of(found.content, stamp(at)[:10], prior)
    decided = lawcase.decision_of(connection, case).procedure
    here = lawcase.holding(case)
    rows = repository.concerned(connection, found.notification)
    return [_standing(found, one, decided, here, stamp(at)) for one in rows]


def _standing(found: Notification, one: Concerned, decided: str, here: frozenset[str], at: str) -> Standing:
    procedure = found.content["procedure"]
    first = clocks.find("acknowledge", procedure, one.role, here, found.submitted_at, at)
    since = found.submitted_at if procedure == "basel_pic" else one.acknowledged_at
    second = clocks.find("decide", procedure, one.role, here, since, at)
    if one.answer == CONSENTED:
        return _written(one, first, second, at)
    if one.answer is not None:
        return Standing(one, one.answer, first, second)
    if second is None or not second.ended:
        return Standing(one, "awaited" if one.acknowledged_at is None else "acknowledged", first, second)
    if second.silence == clocks.CONSENTS and second.sure and decided == procedure:
        return _tacit(found, one, here, first, second, at)
    return Standing(one, "silent", first, second)


def _written(one: Concerned, first: Clock | None, second: Clock | None, at: str) -> Standing:
    since, until, today = one.valid_from or "", one.valid_until or "", at[:10]
    state = "not_yet_valid" if today < since else "run_out" if today > until else CONSENTED
    notice = one.notice_days or 0
    limits = (since, until, one.quantity_kg, one.shipments, notice)
    return Standing(one, state, first, second, *limits)


def _tacit(
    found: Notification, one: Concerned, here: frozenset[str], first: Clock | None, second: Clock, at: str
) -> Standing:
    """Silence that the law counts as consent: for what was notified, as long as such a consent is good."""
    assert second.due is not None  # it has ended
    validity = clocks.find("validity", found.content["procedure"], one.role, here, second.due, at)
    if validity is None or validity.due is None:
        return Standing(one, "silent", first, second)
    quantity = min(found.quantity_kg, kg(found.content["quantity_kg"]))
    shipments = min(found.shipments, found.content["shipments"])
    state = TACIT if at[:10] <= validity.due else "run_out"
    return Standing(one, state, first, second, second.due, validity.due, quantity, shipments)


@dataclass(frozen=True, slots=True)
class Room:
    """What is left under a notification: the least that notification and consents leave.

    drawn_kg, shipments_drawn : by movements that are not cancelled
    """

    drawn_kg: Decimal
    shipments_drawn: int
    left_kg: Decimal
    shipments_left: int


def room(found: Notification, limits: Sequence[Standing], movements: Sequence[Movement]) -> Room:
    """What is left for a further movement. Nothing is, while one consent is wanting."""
    drawing = [one for one in movements if one.cancelled_at is None]
    drawn = total(one.mass_kg for one in drawing)
    most = min([found.quantity_kg, *(one.quantity_kg or Decimal(0) for one in limits)])
    count = min([found.shipments, *(one.shipments or 0 for one in limits)])
    left = max(less(most, drawn), Decimal(0))
    return Room(drawn, len(drawing), left, max(count - len(drawing), 0))


def check_room(
    connection: Connection,
    found: Notification,
    mass_kg: Decimal,
    departs: str,
    at: datetime,
    own: str | None = None,
    announced_at: str | None = None,
) -> None:
    """Raises NotAllowedError or ConflictError unless every consent stands and leaves room for this mass.

    departs : time of departure; own : the movement itself, which does not stand in its own way
    announced_at : given at departure, when the notice that a consent asks for must have passed
    """
    if found.withdrawn_at is not None:
        raise ConflictError(
            f"Notification {found.notification} was withdrawn at {found.withdrawn_at}.",
            "$.payload.notification",
            "Submit a new one.",
        )
    limits = standings(connection, found, at)
    for one in limits:
        _check_standing(one, departs, announced_at)
    if departs[:10] > found.last_departure or departs[:10] < found.content["first_departure"]:
        raise NotAllowedError(
            f"The notification is for departures from {found.content['first_departure']} until "
            f"{found.last_departure}.",
            "$.payload.departs",
            "Choose another day, or amend the notification.",
        )
    others = [o for o in repository.movements_under(connection, found.notification) if o.movement != own]
    left = room(found, limits, others)
    if left.shipments_left < 1:
        raise ConflictError(
            f"All shipments that were consented to are taken: {left.shipments_drawn}.",
            "$.payload.notification",
            "Ask for a new consent, or cancel a movement that does not depart.",
        )
    if mass_kg > left.left_kg:
        raise ConflictError(
            f"{spelt(left.left_kg)} kg are left of the consents, not {spelt(mass_kg)} kg.",
            "$.payload.mass_kg",
            "Move less, ask for a new consent, or cancel a movement that does not depart.",
        )


def _check_standing(one: Standing, departs: str, announced_at: str | None) -> None:
    if not one.stands and not (one.state == "not_yet_valid" and announced_at is None):
        raise NotAllowedError(
            f"The authority of {one.economy} has not consented: {one.state.replace('_', ' ')}.",
            "$.payload.notification",
            "Wait for its written consent, or ask it. Silence counts only where the law's table says so.",
        )
    if not (one.valid_from or "") <= departs[:10] <= (one.valid_until or ""):
        raise NotAllowedError(
            f"The consent of {one.economy} is good from {one.valid_from} until {one.valid_until}.",
            "$.payload.departs",
            "Depart within that time, or ask for a new consent.",
        )
    if announced_at is not None and one.notice_days:
        earliest = clocks.end(announced_at, one.notice_days, "days")
        if departs[:10] < earliest:
            raise NotAllowedError(
                f"{one.economy} asked for {one.notice_days} days of notice: not before {earliest}.",
                "$.occurred_at",
                "Depart later.",
            )
