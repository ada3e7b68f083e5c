"""Recording a result: who may, what it must show, and what it may change of what is on the record.

What this node can make again must come out the same. What it cannot is kept as told: it sets no better result
aside, gives the passport no capacity, releases nothing that is unsafe and raises no grade.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.parties import standing as parties
from kitaran.registry.parties.licensed_acts import LicensedAct
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.schemas import READING, Reading
from kitaran.registry.triage import counting, repository, schemas, standing

_LICENSED: Final = LicensedAct("test", scope="diagnosis")
_FACILITY: Final = "$.payload.facility"
_SUPERSEDES: Final = "$.payload.supersedes"
Sealed = dict[str, Any]


def grades(connection: Connection, event: Event, at: datetime, overrides: Path | None = None) -> None:
    """Authorise `triage.graded`. overrides : own limits of the workspace, whose results it makes again too"""
    payload = event.payload
    battery = payload["battery"]
    parties.check_item(event, item_of(battery))
    if not standing.may_record(connection, battery, event.actor, at):
        raise parties.nobody("battery for you", "$.payload.battery")
    if payload.get("facility") is not None:
        _LICENSED(connection, event, at)
    elif payload.get("technician") is not None:
        raise NotAllowedError(
            "A technician tests at a facility.", _FACILITY, "Name the facility, or neither."
        )
    given = _sealed(event)
    again = _follows(event, given, overrides)
    _check_reading(connection, event, given, again, overrides)
    _check_keeps_apart(connection, event, given, again, overrides)
    if payload.get("supersedes") is not None:
        _check_superseded(connection, event, given, again, overrides)


def _sealed(event: Event) -> Sealed:
    """What stands beside the event: every result shows what was measured and what came of it, in the forms
    that are known.
    """
    given = {name: one.value for name, one in event.disclosures.items()}
    for name, form in (*schemas.sealed_forms().items(), (READING, Reading)):
        if name == READING and name not in given:
            continue
        place = f"$.disclosures.{name}"
        if name not in given:
            raise InputError(f"The {name} is missing.", place, "Send it beside the event.")
        try:
            form.model_validate(given[name])
        except ValidationError as error:
            cause = "; ".join(one["msg"] for one in error.errors())
            raise InputError(f"The {name} has another form: {cause}.", place) from error
    return given


def _follows(event: Event, given: Sealed, overrides: Path | None) -> bool:
    """Whether the result can be made again here. Raises InputError if the method is known and gives another,
    and for measurements that it cannot read.
    """
    from kitaran.registry.triage import reproduction  # the models are loaded when a result comes

    named, cells = event.payload["method"], given[schemas.MEASUREMENTS]["cells"]
    if not reproduction.is_known(named, overrides):
        return reproduction.follows(named, cells, given[schemas.RESULT], overrides)
    graded = reproduction.regraded(named, cells, overrides)
    if reproduction.result_of(graded) != given[schemas.RESULT]:
        raise InputError(
            "The result does not follow from the measurements by the method that is named.",
            "$.disclosures.result",
            "Grade the measurements again with this version.",
        )
    return True


def _check_reading(
    connection: Connection, event: Event, given: Sealed, again: bool, overrides: Path | None
) -> None:
    """The reading of the passport, by which nobody else may write in it."""
    from kitaran.registry.triage import reproduction

    told, payload = given.get(READING), event.payload
    if told is None:
        return
    events = reproduction.events_of(connection, payload["battery"])
    if again:
        cells = given[schemas.MEASUREMENTS]["cells"]
        graded = reproduction.regraded(payload["method"], cells, overrides)
        follows = told == reproduction.reading_of(graded, payload["instrument"], events)
    else:
        follows = reproduction.may_follow(told, given[schemas.RESULT], events)
    if not follows:
        raise InputError(
            "The reading does not follow from the measurements.",
            "$.disclosures.reading",
            "Record it again with this version, or without a reading: others are events of the passport.",
        )


def _check_keeps_apart(
    connection: Connection, event: Event, given: Sealed, again: bool, overrides: Path | None
) -> None:
    """Unsafe is final for whoever has no certified technician at a licensed facility, and for what cannot be
    made again. A test of before the danger was seen releases nothing, so it may be told.
    """
    if counting.is_unsafe(given[schemas.RESULT]) or not _threatens(connection, event, overrides):
        return
    if event.payload.get("facility") is None:
        raise NotAllowedError(
            "This battery was set apart as unsafe.",
            _FACILITY,
            "A certified technician at a facility that may test releases it: name both.",
        )
    if not again:
        raise NotAllowedError(
            "This battery was set apart as unsafe, and this result cannot be made again here.",
            "$.payload.method",
            "Grade the measurements with this version.",
        )


def _threatens(connection: Connection, event: Event, overrides: Path | None) -> bool:
    """Whether the event would come in the place of a result by which the battery is set apart."""
    payload = event.payload
    now = counting.current(connection, payload["battery"], overrides)
    later = now is not None and event.envelope["occurred_at"] >= now.result.at
    if now is not None and later and counting.is_unsafe(now.result.told):
        return True
    earlier = payload.get("supersedes")
    found = None if earlier is None else repository.find(connection, earlier)
    return found is not None and counting.is_unsafe(found.told)


def _check_superseded(
    connection: Connection, event: Event, given: Sealed, again: bool, overrides: Path | None
) -> None:
    """Who recorded the earlier result takes it back, and who has the battery; a licence alone does not."""
    battery, actor = event.payload["battery"], event.actor
    found = repository.find(connection, event.payload["supersedes"])
    may = found is not None and (found.by == actor or standing.answers_for(connection, battery, actor))
    if found is None or found.battery != battery or not may:
        raise parties.nobody("result of this battery", _SUPERSEDES)
    if found.superseded_by is not None:
        raise ConflictError(
            "Another result took its place already.", _SUPERSEDES, "Supersede the newest one."
        )
    told = given[schemas.RESULT]
    if again or counting.is_unsafe(told):
        return
    if counting.counted(found, overrides).reproducible or counting.raises(told, found.told):
        raise NotAllowedError(
            "This result cannot be made again here: it sets aside none that can, and raises no grade.",
            _SUPERSEDES,
            "Grade the measurements with this version, or record it without taking another's place.",
        )
