"""Events of passports. A battery is the item `battery/ID`, a model `model/ID`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Admission, EventKind
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties import standing
from kitaran.registry.parties.kinds import NODE
from kitaran.registry.parties.schemas import Activity
from kitaran.registry.passport import projection as p
from kitaran.registry.passport import repository, schemas
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.attributes import entered, sealed_of_model
from kitaran.registry.passport.audiences import SHOWS_INTEREST, Hands, has_interest
from kitaran.registry.passport.names import aliases_of
from kitaran.registry.passport.repository import Battery
from kitaran.registry.passport.values import faults

ISSUERS: Final = frozenset({"producer", "producer_responsibility_organisation", "repurposer"})
"""Roles that register models and issue passports."""
HandsAt = Callable[[Connection, str, Battery | None, datetime], Hands]
"""Whose the battery of an id is now and was already at a time, as custody says, which stands above this noun;
of none (None) nobody's, after as much work.
"""


def item_of(battery: str) -> str:
    """The item under which the history of a battery stands."""
    return f"battery/{battery}"


def model_item(model: str) -> str:
    """The item under which the versions of a model stand."""
    return f"model/{model}"


# -- who may say it


def _registers(connection: Connection, event: Event, at: datetime) -> None:
    payload = event.payload
    standing.check_item(event, model_item(payload["model"]))
    _check_issuer(connection, event, at)
    known = repository.model(connection, payload["model"])
    if known is not None and known.operator != payload["operator"]:
        raise ConflictError("This id of a model is taken.", "$.payload.model", "Choose another id.")
    sealed = {name: one.value for name, one in event.disclosures.items()}
    if wrong := faults(sealed, entered("model", "static"), "$.disclosures."):
        raise InputError("Some sealed attributes have another form.", faults=wrong)


def _issues(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_item(event, item_of(event.payload["battery"]))
    _check_issuer(connection, event, at)
    _check_model(connection, event.payload["model"], event.payload["operator"])
    _check_unknown(connection, event.payload["battery"], "battery")
    _check_names(connection, event)


def _issues_batch(connection: Connection, event: Event, at: datetime) -> None:
    """The rows themselves are checked by `importing` before they are signed."""
    standing.check_item(event, f"batch/{event.payload['batch']}")
    _check_issuer(connection, event, at)


def _takes_reading(hands_at: HandsAt) -> Admission:
    """Who answers for the passport, who has or owns the battery and did when it was read, or has a licence to
    work on batteries. Who has passed it on writes nothing more.
    """

    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        found = _near(connection, event, at, hands_at, _reads)
        standing.check_item(event, item_of(found.id))
        _check_in_force(found)
        sealed = event.disclosures.get(schemas.READING)
        if sealed is None:
            raise InputError("The reading is missing.", "$.disclosures.reading", "Send it beside the event.")
        try:
            schemas.Reading.model_validate(sealed.value)
        except ValidationError as error:
            cause = "; ".join(one["msg"] for one in error.errors())
            raise InputError(f"The reading has another form: {cause}.", "$.disclosures.reading") from error

    return authorise


def _changes(hands_at: HandsAt, near: Near, *activities: Activity) -> Admission:
    """Who answers for the battery, and who is near it with a licence for one of these activities."""

    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        found = _near(connection, event, at, hands_at, near, frozenset(activities))
        standing.check_item(event, item_of(found.id))
        _check_in_force(found)

    return authorise


def _repurposes(hands_at: HandsAt) -> Admission:
    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        payload = event.payload
        found = _near(connection, event, at, hands_at, _works_on_its_own, frozenset({"repurpose"}))
        if event.items != [item_of(found.id), item_of(payload["successor"])]:
            raise NotAllowedError(
                "The event names other items.", "$.items", "Name the old and the new battery."
            )
        _check_in_force(found)
        _check_issuer(connection, event, at)
        _check_model(connection, payload["model"], payload["operator"])
        _check_unknown(connection, payload["successor"], "successor")
        _check_names(connection, event)

    return authorise


def _revokes(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_manages(connection, event, at)
    found = repository.battery(connection, event.payload["battery"])
    if found is None:
        raise standing.nobody("battery", "$.payload.battery")
    standing.check_item(event, item_of(found.id))
    _check_in_force(found)


def _takes_in(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_item(event, item_of(event.payload["battery"]))
    if event.actor == NODE:
        raise NotAllowedError("An operator takes a battery in.", "$.actor", "Say who has it now.")
    _check_unknown(connection, event.payload["battery"], "battery")
    _check_names(connection, event)


# -- shared checks


def _check_issuer(connection: Connection, event: Event, at: datetime) -> None:
    operator = event.payload["operator"]
    standing.check_speaks_for(connection, event, at, operator)
    if not parties.roles(connection, operator, at) & ISSUERS:
        raise NotAllowedError(
            f"{operator} is none who issues passports.",
            "$.payload.operator",
            f"It needs one of the roles {', '.join(sorted(ISSUERS))}.",
        )


def _check_model(connection: Connection, model: str, operator: str) -> None:
    found = repository.model(connection, model)
    if found is None or found.operator != operator:
        raise standing.nobody("model of this operator", "$.payload.model")


def _check_unknown(connection: Connection, battery: str, field: str) -> None:
    if repository.battery(connection, battery) is not None:
        raise ConflictError("This id is taken.", f"$.payload.{field}", "Make another one at random.")


def _check_names(connection: Connection, event: Event) -> None:
    payload = event.payload
    serial = payload.get("attributes", {}).get("serial_number")
    names = aliases_of(payload.get("model"), serial, payload.get("codes", []))
    if repository.taken(connection, names):
        raise ConflictError(
            "A battery is known under this serial number or code already.",
            "$.payload",
            "Look at the label again; a copied label is a sign of fraud.",
        )


Near = Callable[[bool, bool], bool]
"""Whether an actor is near enough to a battery: it has a licence for such work; it has or owns it and did."""


def _reads(licensed: bool, has_it: bool) -> bool:
    return licensed or has_it


def _works(licensed: bool, has_it: bool) -> bool:
    return licensed


def _works_on_its_own(licensed: bool, has_it: bool) -> bool:
    """A licence alone would let any yard end the passport of a battery that it never saw."""
    return licensed and has_it


def _near(
    connection: Connection,
    event: Event,
    at: datetime,
    hands_at: HandsAt,
    near: Near,
    activities: frozenset[Activity] = SHOWS_INTEREST,
) -> Battery:
    """The battery, if the actor answers for it, is near it with a licence for an activity, or manages
    parties.

    Of a battery without a passport who has it answers for it. Anybody else gets the same words whether there
    is such a battery or not.
    """
    found = repository.battery(connection, event.payload["battery"])
    licensed = has_interest(connection, event.actor, at, activities)
    manages = standing.manages(connection, event.actor, at)
    hands = hands_at(connection, event.payload["battery"], found, at)
    has_it = event.actor in hands.holders
    answers = event.actor == hands.issuer or (found is not None and found.origin == "taken_in" and has_it)
    if found is None or not (manages or answers or near(licensed, has_it)):
        raise standing.nobody("battery for you", "$.payload.battery")
    return found


def _check_in_force(found: Battery) -> None:
    if found.state != "in_force":
        raise ConflictError(
            f"The passport is {found.state}.", "$.payload.battery", "Nothing more is written in it."
        )


def _kind(
    name: str, schema: type[BaseModel], authorise: Admission, project: p.Project, **more: Any
) -> EventKind:
    return EventKind(f"passport.{name}", schema, authorise, project, t.PROJECTED, **more)


_WORK: Final = tuple(sorted(SHOWS_INTEREST))
_SEALED: Final = frozenset({schemas.READING})


def kinds(hands_at: HandsAt) -> tuple[EventKind, ...]:
    """Every kind of event of this noun."""

    def changes(name: str, project: p.Project, near: Near, *activities: Activity) -> EventKind:
        return _kind(name, schemas.Changed, _changes(hands_at, near, *activities), project)

    reads = _takes_reading(hands_at)
    return (
        _kind(
            "model_registered", schemas.ModelRegistered, _registers, p.keep_model, sealed=sealed_of_model()
        ),
        _kind("issued", schemas.Issued, _issues, p.keep_issued),
        _kind("batch_issued", schemas.BatchIssued, _issues_batch, p.keep_batch, bulk=True),
        _kind("reading_taken", schemas.ReadingTaken, reads, p.keep_step, moves_head=False, sealed=_SEALED),
        changes("repaired", p.keep_step, _works, *_WORK),
        changes("reused", p.set_status("reused"), _works_on_its_own, "test", "repurpose"),
        changes("remanufactured", p.set_status("remanufactured"), _works_on_its_own, "repurpose"),
        changes("became_waste", p.set_status("waste"), _works_on_its_own, *_WORK),
        _kind("repurposed", schemas.Repurposed, _repurposes(hands_at), p.keep_repurposed),
        changes("ceased", p.set_state("ceased"), _works_on_its_own, "recycle"),
        _kind("revoked", schemas.Changed, _revokes, p.set_state("revoked")),
        _kind("taken_in", schemas.TakenIn, _takes_in, p.keep_taken_in),
    )
