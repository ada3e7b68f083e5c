"""Incidents over HTTP: for those who reported them, run the facility, or read everything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.parties.incidents import repository
from kitaran.registry.parties.incidents.repository import Incident
from kitaran.registry.parties.incidents.schemas import SEALED, IncidentReported
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL

_STEP = dict.fromkeys(("step", "account", "outcome", "cause", "reason"))
router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])


@router.get("")
def list_incidents(request: Request) -> dict[str, Any]:
    """Incidents that concern the caller, newest first; every one for who reads everything."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return {"incidents": facts_of_all(connection, caller)}


@router.get("/{incident}")
def look_at_incident(request: Request, incident: str) -> dict[str, Any]:
    """One incident with what was done about it."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return facts_of(connection, incident, caller)


def facts_of_all(connection: Connection, caller: Operator) -> list[dict[str, Any]]:
    """What the caller may read, without who told it."""
    operator = None if caller.roles & READS_ALL else caller.id
    return [_facts(one) for one in repository.incidents(connection, operator)]


def facts_of(connection: Connection, incident: str, caller: Operator) -> dict[str, Any]:
    """One incident with its steps, and who told it as far as it is kept.

    Raises NotFoundError if there is none for the caller: the same words whether it exists or not.
    """
    known = {one["id"] for one in facts_of_all(connection, caller)}
    found = repository.incident(connection, incident) if incident in known else None
    if found is None:
        raise NotFoundError("There is no such incident for you.", incident, "Look at the list of incidents.")
    told: dict[str, Any] = dict.fromkeys(sorted(SEALED))
    told |= {one.name: canonical.loads(one.content) for one in log.sealed(connection, [found.seq])}
    shown = told if caller.roles & READS_ALL or caller.id == found.reported_by else {}
    return {**_facts(found), **(shown or dict.fromkeys(sorted(SEALED)))}


def _facts(one: Incident) -> dict[str, Any]:
    steps = [_STEP | step for step in one.steps]
    content = IncidentReported.model_validate(one.content).model_dump()
    return asdict(one) | {"content": content, "steps": steps}
