"""Who may act on an item: its holder, its owner. Whoever is neither gets the words of an item that is not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kitaran.registry.custody import offers, repository
from kitaran.registry.custody.repository import Standing
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.parties.facilities import repository as facilities

OTHER_NOUNS: Final = (
    *("operator", "facility", "technician", "incident", "alert", "model", "batch"),
    *("notification", "movement", "corridor"),
)
"""First steps of the ids of items that are no batteries."""
NEWCOMER: Final = ("pack", 1)
"""Form and count of an item that came in with a passport and that custody has not met."""


def mine(connection: Connection, event: Event, item: str, *roles: str) -> Standing:
    """The item, of which the actor has all these roles (by default: any of them).

    An item that custody has not met belongs to who brought it in. Raises NotAllowedError otherwise, in the
    same words whether there is such an item or not; ConflictError if something happened to it later.
    """
    found = repository.standing(connection, item)
    if found is None:
        if _is_battery(item) and repository.brought_by(connection, item) == event.actor:
            return _newcomer(event, item)
        raise no_such_item()
    held = {name for name in (repository.HOLDER, repository.OWNER) if getattr(found, name) == event.actor}
    if not held or not set(roles) <= held:
        raise no_such_item()
    return in_order(event, found)


def in_order(event: Event, found: Standing) -> Standing:
    """Raises ConflictError if something happened to the item later than the event."""
    if event.envelope["occurred_at"] < found.last_at:
        raise ConflictError(
            f"Something happened to {found.item} at {found.last_at}, after this.",
            "$.occurred_at",
            "Set the clock of the device, or look at the item's history.",
        )
    return found


def at_hand(found: Standing) -> Standing:
    """Raises ConflictError if the item is lost, stolen, inside another or closed."""
    if found.status != "held":
        raise ConflictError(f"{found.item} is {found.status}.", "$.items", "Look at the item's history.")
    return found


def at_rest(connection: Connection, event: Event, found: Standing) -> Standing:
    """Raises ConflictError too if it is on offer, or in a host."""
    at_hand(found)
    if offers.running(connection, [found.item], event.envelope["occurred_at"]):
        raise ConflictError(f"{found.item} is on offer.", "$.items", "Withdraw the offer first.")
    if repository.installed(connection, found.item):
        raise ConflictError(f"{found.item} is installed.", "$.items", "Remove it first.")
    return found


def check_new(connection: Connection, items: Collection[str]) -> None:
    """Raises ConflictError if custody knows one of these ids, NotAllowedError if one is no battery's."""
    for item in sorted(items):
        if not _is_battery(item):
            raise NotAllowedError(f"{item} is the id of something else.", "$.items", "Choose another id.")
    if known := sorted(repository.standings(connection, items)):
        raise _taken(known[0])


def check_unclaimed(connection: Connection, event: Event, items: Collection[str]) -> None:
    """Raises ConflictError if another operator has brought in one of these items by other events."""
    for item in sorted(items):
        if repository.brought_by(connection, item) not in (None, event.actor):
            raise _taken(item)


def take_up(connection: Connection, recorded: Recorded, items: Collection[str]) -> None:
    """Let custody begin for the items that it has not met, in the hand of the actor."""
    known = repository.standings(connection, items)
    for item in sorted(set(items) - set(known)):
        form, count = NEWCOMER
        actor = recorded.event.actor
        repository.add(
            connection, recorded, item, form=form, count=count, mass_kg=None, holder=actor, owner=actor
        )


def no_such_item(place: str = "$.items") -> NotAllowedError:
    """The one answer about an item with which the actor has nothing to do, and about none."""
    return NotAllowedError(
        "There is no such item for you.", place, "Look at the id, or ask the one who holds it."
    )


def check_items(event: Event, items: list[str]) -> None:
    """Raises NotAllowedError unless the event is about these items, in this order."""
    if event.items != items:
        raise NotAllowedError(
            "The event names other items than its payload.", "$.items", "Name them in the same order."
        )


def nothing_to_ask(connection: Connection, event: Event, at: datetime) -> None:
    """Raises NotAllowedError for an event about no item."""
    if not event.items:
        raise NotAllowedError("The event names no item.", "$.items", "Name the items.")


def check_own_facility(connection: Connection, holder: str, facility_id: str, at: datetime) -> None:
    """Raises NotAllowedError unless the holder had this facility, open at that time.

    Whether it may store there is not asked: where a battery lies is a fact, and whoever looks at the stock
    must find it there.
    """
    found = facilities.facility(connection, facility_id, at)
    if found is None or found.operator != holder:
        raise NotAllowedError("There is no such facility of the holder.", "$.payload.facility", "Look at it.")
    if not found.open_at(at):
        raise NotAllowedError("The facility was not open then.", "$.payload.facility", "Name another.")


def _newcomer(event: Event, item: str) -> Standing:
    form, count = NEWCOMER
    return Standing(item, form, event.actor, event.actor, None, "held", count, None, None, "", -1, "")


def _is_battery(item: str) -> bool:
    return item.partition("/")[0] not in OTHER_NOUNS


def _taken(item: str) -> ConflictError:
    return ConflictError(f"The id {item} is taken.", "$.items", "Choose another id.")
