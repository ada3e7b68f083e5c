"""Facilities, incidents and alerts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from kitaran.api.shapes.shape import Instant, Seq, Shape
from kitaran.registry.parties.alerts.schemas import AlertIssued, Notice
from kitaran.registry.parties.facilities.schemas import (
    Description,
    EnvironmentReported,
    PermitGranted,
    PreconsentGiven,
)
from kitaran.registry.parties.incidents.schemas import IncidentReported, What


class Facility(Description):
    """A facility as it stands now. under_permit : activities that a permit covers"""

    operator: str
    operator_name: str
    opened_at: Instant
    closed_at: Instant | None
    open: bool
    under_permit: list[str]


class Facilities(Shape):
    """Every facility."""

    facilities: list[Facility]


class Permit(PermitGranted):
    """A permit, and whether it is valid now."""

    valid: bool


class Preconsent(PreconsentGiven):
    """A pre-consent, and whether it is valid now."""

    valid: bool


class Report(EnvironmentReported):
    """An environmental report."""

    reported_by: str
    seq: Seq


class FacilityInFull(Facility):
    """A facility with what was granted to it and what it reported."""

    permits: list[Permit]
    preconsents: list[Preconsent]
    reports: list[Report]


class IncidentStep(Shape):
    """What was done about an incident."""

    at: Instant
    by: str
    kind: str
    step: str | None
    account: str | None
    outcome: str | None
    cause: str | None
    reason: str | None


class Incident(Shape):
    """An incident as reported, with its steps."""

    id: str
    what: What
    reported_by: str
    facility: str | None
    happened_at: Instant
    reported_at: Instant
    closed_at: Instant | None
    content: IncidentReported
    seq: Seq
    steps: list[IncidentStep]


class Incidents(Shape):
    """Incidents that concern the caller."""

    incidents: list[Incident]


class IncidentInFull(Incident):
    """An incident with who told it, as far as the caller may know and as long as it is kept."""

    reporter_name: str | None
    reporter_phone: str | None


class Alert(AlertIssued):
    """A recall or safety alert."""

    id: str
    issued_by: str
    issuer: str
    issued_at: Instant
    withdrawn_at: Instant | None
    withdrawal: dict[str, Any] | None
    holds: bool


class Alerts(Shape):
    """Every alert."""

    alerts: list[Alert]


class NamedNotice(Notice):
    """Who was told of an alert."""

    name: str | None


class Reach(Shape):
    """Whom an alert concerns."""

    alert: str
    items: Annotated[list[str], Field(description="Affected batteries that the caller had or has.")]
    holders: Annotated[dict[str, list[str]], Field(description="Items by the operator that acted last.")]
    elsewhere: Annotated[list[str], Field(description="Items whose last act is not the caller's to read.")]
    notices: list[NamedNotice]
