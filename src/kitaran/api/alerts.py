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
from kitaran.registry.parties.alerts import finding, repository
from kitaran.registry.parties.alerts.repository import Alert
from kitaran.registry.parties.alerts.schemas import AlertIssued
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL

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
    return caller.id == one.issued_by or bool(caller.roles & READS_ALL)


def reach_of(connection: Connection, one: Alert, caller: Operator) -> dict[str, Any]:
    """Affected batteries, their holders as far as known, and notices. Raises NotFoundError for others.

    An issuer who does not read everything learns of batteries that it had or on which it has acted itself: an
    alert about the model of another opens nothing, nor does what a device recorded without a network.
    """
    if not sees_reach(one, caller):
        raise NotFoundError("There is no such list for you.", one.id, "Ask the issuer of the alert.")
    items = finding.affected(connection, one.content["pattern"])
    if not caller.roles & READS_ALL:
        had = disclosure.windows_of(connection, items, caller.id)
        openly = finding.acted_on(connection, items, caller.id, beside={OFFLINE})
        items = sorted({*had, *openly})
    return {
        "alert": one.id,
        "items": items,
        "holders": finding.last_actors(connection, items),
        "notices": repository.notices(connection, one.id),
    }
