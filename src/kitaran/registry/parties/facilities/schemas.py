"""What the events of facilities say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.quantities import Amount, Latitude, Longitude
from kitaran.registry.parties.schemas import Activity, Id, Time, Words

WasteCode = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9 .*-]{0,19}$")]
"""An entry of a list of wastes as the list writes it: `A1181`, `Y49`, `16 06 05`."""
Economy = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Reference = Annotated[str, Field(min_length=1, max_length=100)]


def _unique(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("something stands twice")
    return values


Activities = Annotated[list[Activity], Field(min_length=1), AfterValidator(_unique)]
WasteCodes = Annotated[list[WasteCode], Field(max_length=200), AfterValidator(_unique)]


class Capacity(Payload):
    """How much of one activity a facility can do in a year."""

    activity: Activity
    quantity: Amount
    unit: Literal["kg/year", "t/year"]


class Storage(Payload):
    """How much may lie there at once, and for how many days."""

    quantity: Amount
    unit: Literal["kg", "t"]
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class Description(Payload):
    """A facility as it is: what it may be used for, and where it stands (degrees, WGS 84)."""

    facility: Id
    name: Words
    economy: Economy
    address: Words | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    activities: Activities
    waste_codes: WasteCodes = Field(default=[])
    capacities: list[Capacity] = Field(default=[], max_length=50)
    storage: Storage | None = None


class FacilityRegistered(Description):
    """A facility of an operator, from the time of the event on."""

    operator: Id


class FacilityChanged(Description):
    """The facility is as described from the time of the event on; its operator stays."""


class FacilityClosed(Payload):
    """The facility is used no more from the time of the event on."""

    facility: Id
    reason: Words


class PermitGranted(Payload):
    """What an authority allows at this facility, from when until when.

    waste_codes : entries that the permit is limited to; none means that it names none
    """

    facility: Id
    permit: Id
    number: Reference
    authority: Words
    activities: Activities
    waste_codes: WasteCodes = Field(default=[])
    valid_from: Time
    valid_until: Time | None = None


class PermitEnded(Payload):
    """A permit ends at the time of the event, before its date."""

    permit: Id
    reason: Words


class PreconsentGiven(Payload):
    """A competent authority has consented beforehand to movements to this facility.

    economy : of the authority
    """

    facility: Id
    preconsent: Id
    reference: Reference
    authority: Words
    economy: Economy
    waste_codes: Annotated[WasteCodes, Field(min_length=1)]
    valid_from: Time
    valid_until: Time


class PreconsentEnded(Payload):
    """A pre-consent ends at the time of the event, before its date."""

    preconsent: Id
    reason: Words


class EnvironmentReported(Payload):
    """What a facility gave off or what was measured near it, over a period; for everyone to read.

    parameter : what was measured, `lead`, `fluoride`, `PM10`, `pH`
    unit      : of quantity and limit, `mg/m3`, `kg/year`
    limit     : what the permit allows, if it sets one
    """

    facility: Id
    medium: Literal["air", "water", "soil", "noise", "waste"]
    parameter: Annotated[str, Field(min_length=1, max_length=80)]
    quantity: Amount
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    limit: Amount | None = None
    period_from: Time
    period_until: Time
    method: Words | None = None
    laboratory: Words | None = None
