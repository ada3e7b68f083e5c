"""Facilities over HTTP: what each may do, under which permits, and what it gives off; for everyone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.facilities import repository, schemas
from kitaran.registry.parties.facilities.repository import Dated, Facility

_REPORT = {"limit": None, "method": None, "laboratory": None}
router = APIRouter(prefix="/api/v1/facilities", tags=["facilities"])


@router.get("")
def list_facilities(request: Request) -> dict[str, Any]:
    """Every facility as it stands now, with the activities that a permit or its operator's licence covers."""
    registry.anyone(request)
    with reading(registry.of(request).whole().engine) as connection:
        return facts_of_all(connection, now())


@router.get("/{facility}")
def look_at_facility(request: Request, facility: str) -> dict[str, Any]:
    """One facility with its permits, pre-consents and environmental reports."""
    registry.anyone(request)
    with reading(registry.of(request).whole().engine) as connection:
        return facts_of(connection, facility, now())


def facts_of_all(connection: Connection, at: datetime) -> dict[str, Any]:
    """What is public of every facility."""
    return {"facilities": [_facts(connection, one, at) for one in repository.facilities(connection, at)]}


def facts_of(connection: Connection, facility: str, at: datetime) -> dict[str, Any]:
    """What is public of one facility. Raises NotFoundError if there is none."""
    found = repository.facility(connection, facility, at)
    if found is None:
        raise NotFoundError("There is no such facility.", facility, "Look at the list of facilities.")
    return _facts(connection, found, at) | {
        "permits": [
            _dated(one, schemas.PermitGranted, at) for one in repository.permits(connection, facility)
        ],
        "preconsents": [
            _dated(one, schemas.PreconsentGiven, at) for one in repository.preconsents(connection, facility)
        ],
        "reports": [_REPORT | one for one in repository.releases(connection, facility)],
    }


def _facts(connection: Connection, one: Facility, at: datetime) -> dict[str, Any]:
    permits = repository.permits(connection, one.id)
    covered = {act for permit in permits if permit.valid_at(at) for act in permit.content["activities"]}
    return {
        **schemas.Description.model_validate(one.description).model_dump(),
        "operator": one.operator,
        "operator_name": one.operator_name,
        "opened_at": one.opened_at,
        "closed_at": one.closed_at,
        "open": one.open_at(at),
        "under_permit": sorted(covered & set(one.description["activities"])),
    }


def _dated(one: Dated, form: type[Payload], at: datetime) -> dict[str, Any]:
    whole = form.model_validate(one.content).model_dump()
    return {**whole, "valid_until": one.valid_until, "valid": one.valid_at(at)}
