"""Acts at a facility: refused unless the facility, its permit and the technician covered them at that time.

A noun above registers such an act with the activity that it needs:

    EventKind("triage.opened", Opened, authorise=LicensedAct("dismantle", scope="high_voltage"))

The payload names the `facility`, the `technician` if the act needs one, and may name the `waste_code`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.kinds import Admission, allow
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties import standing
from kitaran.registry.parties.admission import require_licence
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.facilities.repository import Dated
from kitaran.registry.parties.schemas import Activity
from kitaran.registry.parties.technicians import repository as technicians
from kitaran.registry.parties.technicians.schemas import Scope


@dataclass(frozen=True)
class LicensedAct:
    """An authorisation: `activity` at the payload's facility, by a technician certified for `scope`.

    then : what else must hold
    """

    activity: Activity
    scope: Scope | None = None
    then: Admission = allow

    def __call__(self, connection: Connection, event: Event, at: datetime) -> None:
        payload = event.payload
        facility, code = payload.get("facility"), payload.get("waste_code")
        if not isinstance(facility, str):
            raise NotAllowedError(
                f"To {self.activity} needs a facility.", "$.payload.facility", "Name where it was done."
            )
        require_facility(connection, event.actor, facility, self.activity, at, code)
        if self.scope is not None:
            require_technician(connection, event.actor, payload.get("technician"), self.scope, at)
        self.then(connection, event, at)


def require_facility(
    connection: Connection,
    operator: str,
    facility_id: str,
    activity: Activity,
    at: datetime,
    waste_code: str | None = None,
) -> None:
    """Raises NotAllowedError unless the operator's facility was open for the activity at that time, under
    one of its permits or a licence of the operator that names the activity.

    The refusal names the permit or licence that came nearest.
    """
    place = "$.payload.facility"
    found = facilities.facility(connection, facility_id, at)
    if found is None or found.operator != operator:
        raise NotAllowedError(f"{operator} has no facility {facility_id}.", place, "Look at the id.")
    if not found.open_at(at):
        raise NotAllowedError(f"Facility {facility_id} was not open at {stamp(at)}.", place, "Use another.")
    if activity not in found.description["activities"]:
        raise NotAllowedError(
            f"Facility {facility_id} is not registered to {activity}.",
            place,
            "Have the activity entered first, or use another facility.",
        )
    permits = [one for one in facilities.permits(connection, facility_id) if activity in _activities(one)]
    covering = [one for one in permits if one.valid_at(at)]
    if not any(_covers(one, waste_code) for one in covering):
        _refuse(connection, operator, activity, at, permits, covering, waste_code)


def _refuse(
    connection: Connection,
    operator: str,
    activity: Activity,
    at: datetime,
    permits: list[Dated],
    covering: list[Dated],
    waste_code: str | None,
) -> None:
    """Refuse, unless a licence of the operator itself covers the activity: it is not bound to a place."""
    licences = parties.licences(connection, operator)
    if any(activity in one.activities and one.valid_at(at) for one in licences):
        return
    if covering:
        number, authority = covering[-1].content["number"], covering[-1].content["authority"]
        cause = f"Permit {number} ({authority}) to {activity} does not cover waste {waste_code}."
    elif permits:
        one = permits[standing.nearest([(p.valid_from, p.valid_until) for p in permits], stamp(at))]
        span = f"from {one.valid_from} until {one.valid_until or 'further notice'}"
        number, authority = one.content["number"], one.content["authority"]
        cause = f"Permit {number} ({authority}) to {activity} holds {span}, not at {stamp(at)}."
    else:
        require_licence(connection, operator, activity, at)
        return
    raise NotAllowedError(cause, "$.payload.facility", "Have the permit entered or renewed first.")


def require_technician(
    connection: Connection, operator: str, technician: object, scope: Scope, at: datetime
) -> None:
    """Raises NotAllowedError unless the technician held a certificate for `scope` at that time and worked
    for the operator. Names no person: the words go into logs.
    """
    place = "$.payload.technician"
    if not isinstance(technician, str):
        raise NotAllowedError(
            f"This act needs a technician certified for {scope}.", place, "Name the technician's id."
        )
    known = technicians.certificates(connection, operator, technician)
    held = [one for one in known if scope in one.scopes]
    if any(one.valid_at(at) for one in held):
        return
    if not held:
        cause = f"Technician {technician} of {operator} has no certificate for {scope}."
    else:
        one = held[standing.nearest([(h.valid_from, h.valid_until) for h in held], stamp(at))]
        span = f"from {one.valid_from} until {one.valid_until or 'further notice'}"
        cause = f"Certificate {one.id} ({one.issuer}) for {scope} holds {span}, not at {stamp(at)}."
    raise NotAllowedError(cause, place, "Let a certified technician do it, or have the certificate entered.")


def _activities(permit: Dated) -> list[str]:
    return list(permit.content["activities"])


def _covers(permit: Dated, waste_code: str | None) -> bool:
    codes = permit.content.get("waste_codes", [])
    return waste_code is None or not codes or waste_code in codes
