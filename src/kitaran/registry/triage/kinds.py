"""Events of triage: a result, a doubt, and its end. Each names the item `battery/ID`.

A result names what it rests on: the salted digests of measurements and result in `sealed`, method and
version, digests of parameters and limits, instrument, facility and technician. Where this node has the same
method it makes the result again and refuses one that does not follow from its measurements.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.parties import standing as parties
from kitaran.registry.parties.licensed_acts import LicensedAct
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import tables as passport
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.schemas import READING, Reading
from kitaran.registry.triage import repository, schemas, standing
from kitaran.registry.triage import tables as t

_LICENSED: Final = LicensedAct("test", scope="diagnosis")


def _grades(connection: Connection, event: Event, at: datetime) -> None:
    payload = event.payload
    battery = payload["battery"]
    parties.check_item(event, item_of(battery))
    if not standing.may_record(connection, battery, event.actor, at):
        raise parties.nobody("battery for you", "$.payload.battery")
    if payload.get("facility") is not None:
        _LICENSED(connection, event, at)
    elif payload.get("technician") is not None:
        raise NotAllowedError(
            "A technician tests at a facility.", "$.payload.facility", "Name the facility, or neither."
        )
    _check_sealed(connection, event)
    if payload.get("facility") is None:
        _check_keeps_apart(connection, event, battery)
    if payload.get("supersedes") is not None:
        _check_superseded(connection, battery, payload["supersedes"], event.actor)


def _check_keeps_apart(connection: Connection, event: Event, battery: str) -> None:
    """Unsafe is final for whoever has no certified technician at a licensed facility."""
    from kitaran.registry.triage.safety import UNSAFE  # NumPy is loaded when a result comes

    standing_now = repository.current(connection, battery)
    found = None if standing_now is None else standing_now.told
    told = event.disclosures[schemas.RESULT].value
    if found is not None and found["safety"] == UNSAFE and told["safety"] != UNSAFE:
        raise NotAllowedError(
            "This battery was set apart as unsafe.",
            "$.payload.facility",
            "A certified technician at a facility that may test releases it: name both.",
        )


def _check_sealed(connection: Connection, event: Event) -> None:
    """Every result shows what was measured and what came of it, in the forms that are known."""
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
    _check_follows(connection, event, given)


def _check_follows(connection: Connection, event: Event, given: dict[str, Any]) -> None:
    """What this node can make again must come out the same: the result, and the reading of the passport, by
    which nobody else may write in it.
    """
    from kitaran.registry.triage import recording  # the models are loaded when a result comes

    payload, told = event.payload, given.get(READING)
    graded = recording.regraded(payload["method"], given[schemas.MEASUREMENTS]["cells"])
    if graded is not None and recording.result_of(graded) != given[schemas.RESULT]:
        raise InputError(
            "The result does not follow from the measurements by the method that is named.",
            "$.disclosures.result",
            "Grade the measurements again with this version.",
        )
    if told is None:
        return
    events = recording.events_of(connection, payload["battery"])
    if graded is None:
        follows = recording.may_follow(told, given[schemas.RESULT], events)
    else:
        follows = told == recording.reading_of(graded, payload["instrument"], events)
    if not follows:
        raise InputError(
            "The reading does not follow from the measurements.",
            "$.disclosures.reading",
            "Record it again with this version; other readings are events of the passport.",
        )


def _check_superseded(connection: Connection, battery: str, earlier: str, actor: str) -> None:
    """Who recorded the earlier result takes it back, and who has the battery; a licence alone does not."""
    found = repository.find(connection, earlier)
    may = found is not None and (found.by == actor or standing.answers_for(connection, battery, actor))
    if found is None or found.battery != battery or not may:
        raise parties.nobody("result of this battery", "$.payload.supersedes")
    if found.superseded_by is not None:
        raise ConflictError(
            "Another result took its place already.", "$.payload.supersedes", "Supersede the newest one."
        )


def _disputes(connection: Connection, event: Event, at: datetime) -> None:
    payload = event.payload
    parties.check_item(event, item_of(payload["battery"]))
    found = repository.find(connection, payload["result"])
    known = found is not None and found.battery == payload["battery"]
    if not (known and standing.may_dispute(connection, payload["battery"], event.actor, at)):
        raise parties.nobody("result for you", "$.payload.result")
    assert found is not None
    if found.state not in (repository.STANDS, repository.DISPUTED):
        raise ConflictError("This result counts no more.", "$.payload.result", "Look at the newest one.")
    if any(one.by == event.actor and one.outcome is None for one in found.disputes):
        raise ConflictError("You dispute it already.", "$.payload.result", "Wait for the answer.")


def _settles(connection: Connection, event: Event, at: datetime) -> None:
    payload = event.payload
    parties.check_item(event, item_of(payload["battery"]))
    found = repository.find_dispute(connection, payload["dispute"])
    of = None if found is None else repository.find(connection, found.result)
    if found is None or of is None or of.battery != payload["battery"]:
        raise parties.nobody("dispute for you", "$.payload.dispute")
    own = found.by == event.actor
    manages = parties.manages(connection, event.actor, at)
    if not (own or manages):
        raise parties.nobody("dispute for you", "$.payload.dispute")
    if found.outcome is not None:
        raise ConflictError("This dispute has ended.", "$.payload.dispute", "Raise another one.")
    if (payload["outcome"] == "withdrawn") != own:
        raise NotAllowedError(
            "Who raised a dispute withdraws it; an authority upholds or rejects it.",
            "$.payload.outcome",
            "Say what is yours to say.",
        )


# -- read models


def _keep_result(connection: Connection, recorded: Recorded) -> None:
    event, payload = recorded.event, recorded.event.payload
    earlier = payload.get("supersedes")
    told = {name: value for name, value in payload.items() if name not in ("battery", "supersedes")}
    row = {
        "result": event.id,
        "seq": recorded.seq,
        "digest": event.digest.hex(),
        "battery": payload["battery"],
        "by": event.actor,
        "at": event.envelope["occurred_at"],
        "content": canonical.encode(told).decode(),
        "supersedes": earlier,
        "superseded_by": None,
        "set_aside": False,
    }
    connection.execute(sa.insert(t.result), [row])
    if earlier is not None:
        change = sa.update(t.result).where(t.result.c.result == earlier)
        connection.execute(change.values(superseded_by=event.id))
        _end_disputes(connection, recorded, t.dispute.c.result == earlier, "superseded")
    _keep_reading(connection, recorded)


def _keep_reading(connection: Connection, recorded: Recorded) -> None:
    """The passport's dynamic data follow: the sealed reading of the event is one of its readings."""
    event = recorded.event
    battery = event.payload["battery"]
    found = passports.battery(connection, battery)
    if READING not in event.envelope.get("sealed", {}) or found is None or found.state != "in_force":
        return
    row = {
        "seq": recorded.seq,
        "battery": battery,
        "kind": "reading_taken",
        "at": event.envelope["occurred_at"],
        "by": event.actor,
        "content": canonical.encode({"triage": event.id}).decode(),
    }
    connection.execute(sa.insert(passport.step), [row])


def _keep_dispute(connection: Connection, recorded: Recorded) -> None:
    event, payload = recorded.event, recorded.event.payload
    row = {
        "dispute": event.id,
        "seq": recorded.seq,
        "result": payload["result"],
        "by": event.actor,
        "at": event.envelope["occurred_at"],
        "reason": payload["reason"],
        **dict.fromkeys(("outcome", "outcome_at", "outcome_by", "outcome_seq")),
    }
    connection.execute(sa.insert(t.dispute), [row])


def _settle(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    _end_disputes(connection, recorded, t.dispute.c.dispute == payload["dispute"], payload["outcome"])
    if payload["outcome"] == "upheld":
        of = sa.select(t.dispute.c.result).where(t.dispute.c.dispute == payload["dispute"]).scalar_subquery()
        connection.execute(sa.update(t.result).where(t.result.c.result == of).values(set_aside=True))


def _end_disputes(
    connection: Connection, recorded: Recorded, these: sa.ColumnElement[bool], outcome: str
) -> None:
    event = recorded.event
    ended = {
        "outcome": outcome,
        "outcome_at": event.envelope["occurred_at"],
        "outcome_by": event.actor,
        "outcome_seq": recorded.seq,
    }
    connection.execute(sa.update(t.dispute).where(these, t.dispute.c.outcome.is_(None)).values(**ended))


def _kind(name: str, schema: type, authorise: Any, project: Any, **more: Any) -> EventKind:
    return EventKind(f"triage.{name}", schema, authorise, project, moves_head=False, **more)


KINDS: Final = (
    _kind(
        "graded",
        schemas.Graded,
        _grades,
        _keep_result,
        tables=(*t.PROJECTED, passport.step),
        sealed=schemas.SEALED,
    ),
    _kind("disputed", schemas.Disputed, _disputes, _keep_dispute, tables=t.PROJECTED),
    _kind("settled", schemas.Settled, _settles, _settle, tables=t.PROJECTED),
)
