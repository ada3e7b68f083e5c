"""Entering events of the parties from a file: what YAML gives as the payload of an event, and its item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.foundation.errors import InputError
from kitaran.registry.parties.alerts import kinds as alerts
from kitaran.registry.parties.facilities import kinds as facilities
from kitaran.registry.parties.facilities import repository
from kitaran.registry.parties.facilities import tables as facility_tables
from kitaran.registry.parties.incidents import kinds as incidents
from kitaran.registry.parties.technicians import kinds as technicians
from kitaran.registry.parties.technicians import repository as certificates

_NOUNS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("incident", incidents.item_of),
    ("alert", alerts.item_of),
    ("technician", technicians.item_of),
    ("facility", facilities.item_of),
)
"""The field that names the item; an incident may happen at a facility, so that it comes first."""
KINDS: Final = tuple(
    kind.name.removeprefix("parties.")
    for noun in (facilities, technicians, incidents, alerts)
    for kind in noun.KINDS
)
"""Kinds of event that can be entered from a file, without their `parties.`."""
_FIGURES: Final = frozenset({"quantity", "limit", "latitude", "longitude"})
"""Fields of events that hold a decimal figure, beside those that end in `_kg`."""


def figure(name: str, value: Any) -> Any:
    """What stands in a field; a figure that happens to have no fraction as text, too. Counts stay numbers."""
    return str(value) if type(value) is int and (name in _FIGURES or name.endswith("_kg")) else value


def plain(value: Any) -> Any:
    """What YAML gave, as an event holds it: days and times in UTC, figures as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(figure(str(name), one)) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return stamp(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return stamp(datetime.combine(value, time(), UTC))
    return repr(value) if isinstance(value, float) else value


def item_of(connection: Connection, kind: str, payload: Mapping[str, Any]) -> str:
    """The item that an event is about. Raises InputError if the payload names none that is here."""
    for name, item in _NOUNS:
        if isinstance(payload.get(name), str):
            return item(payload[name])
    found = _behind(connection, payload)
    if found is None:
        raise InputError(
            "The file names neither facility, technician, incident nor alert that is here.",
            kind,
            "Look at the fields of this kind of event in the documentation.",
        )
    return found


def _behind(connection: Connection, payload: Mapping[str, Any]) -> str | None:
    """The item of a permit, pre-consent or certificate that ends."""
    for column in (facility_tables.permit.c.permit, facility_tables.preconsent.c.preconsent):
        if column.name in payload:
            facility = repository.facility_of(connection, column, str(payload[column.name]))
            return None if facility is None else facilities.item_of(facility)
    if "certificate" in payload:
        technician = certificates.technician_of(connection, str(payload["certificate"]))
        return None if technician is None else technicians.item_of(technician)
    return None
