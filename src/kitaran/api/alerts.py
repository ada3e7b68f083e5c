"""Recalls and safety alerts over HTTP: public; whom they concern is for their issuer and who reads all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import disclosure
from kitaran.registry.custody.repository import OFFLINE
from kitaran.registry.ledger import repository as log
from kitaran.registry.parties.alerts import finding, repository
from kitaran.registry.parties.alerts.repository import Alert
from kitaran.registry.parties.alerts.schemas import AlertIssued
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import recalls

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"])


@router.get("")
def list_alerts(request: Request) -> dict[str, Any]:
    """Every alert, those that hold first."""
    registry.anyone(request)
    with reading(registry.of(request).whole().engine) as connection:
        return {"alerts": [facts_of(one) for one in repository.alerts(connection)]}


@router.get("/{alert}")
def look_at_alert(request: Request, alert: str) -> dict[str, Any]:
    """One alert."""
    registry.anyone(request)
    with reading(registry.of(request).whole().engine) as connection:
        return facts_of(found(connection, alert))


@router.get("/{alert}/affected")
def affected(request: Request, alert: str) -> dict[str, Any]:
    """Batteries here that the alert concerns, who acted on them last, and who was told: for its issuer and
    for who reads everything.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return reach_of(connection, found(connection, alert), caller)


def found(connection: Connection, alert: str) -> Alert:
    """Raises NotFoundError if there is none."""
    one = repository.alert(connection, alert)
    if one is None:
        raise NotFoundError("There is no such alert.", alert, "Look at the list of alerts.")
    return one


def facts_of(one: Alert) -> dict[str, Any]:
    """What everyone may read."""
    shown = asdict(one)
    content = AlertIssued.model_validate(shown.pop("content")).model_dump()
    if one.withdrawal is not None:
        shown["withdrawal"] = {"superseded_by": None, **one.withdrawal}
    return {**content, **shown, "holds": one.withdrawn_at is None}


def sees_reach(one: Alert, caller: Operator) -> bool:
    """Whether the caller issued it or reads everything."""
    return caller.id == one.issued_by or disclosure.reads_all(caller)


def reach_of(connection: Connection, one: Alert, caller: Operator) -> dict[str, Any]:
    """Affected batteries, their holders as far as known, and notices. Raises NotFoundError for others.

    An issuer who does not read everything learns of batteries that it had or on which it has acted itself: an
    alert about the model of another opens nothing, nor does what a device recorded without a network. Who
    acted last is told to it where it may read that act; of batteries that went on to others it learns that
    they are `elsewhere`, and an authority tells their holders.
    """
    if not sees_reach(one, caller):
        raise NotFoundError("There is no such list for you.", one.id, "Ask the issuer of the alert.")
    items = finding.affected(connection, one.content["pattern"], recalls.FINDERS)
    if disclosure.reads_all(caller):
        holders = finding.last_actors(connection, items)
    else:
        had = disclosure.windows_of(connection, items, caller.id)
        openly = finding.acted_on(connection, items, caller.id, beside={OFFLINE})
        items = sorted({*had, *openly})
        holders = finding.last_actors(
            connection, [one for one in items if _sees_last(connection, one, caller)]
        )
    return {
        "alert": one.id,
        "items": items,
        "holders": holders,
        "elsewhere": sorted(set(items) - {item for held in holders.values() for item in held}),
        "notices": repository.notices(connection, one.id),
    }


def _sees_last(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the caller may know of the item's last event; rows of an import alone are its own."""
    seqs = log.seqs_of_items(connection, [item])
    return not seqs or disclosure.readable(connection, item, caller)[-1:] == seqs[-1:]
