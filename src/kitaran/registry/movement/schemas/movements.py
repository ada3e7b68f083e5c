"""A movement: announced, under way, received, completed, failed. Its words stand beside the log."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kitaran.registry.custody.schemas import EventId
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.movement.schemas.forms import Day, Ground, Mass, Number, Uncontrolled
from kitaran.registry.movement.schemas.planned import LawRead, Planned
from kitaran.registry.parties.facilities.schemas import Economy
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Id, Time, Words


class Unnotified(Planned):
    """A movement that, as the exporter says, needs no consent."""

    procedure: Uncontrolled


class Announced(Payload):
    """A movement is planned, under a notification or without one; its batteries stand in the envelope.

    arrives_by : when it should have been received
    """

    notification: Number | None = None
    alone: Unnotified | None = None
    mass_kg: Mass
    departs: Time
    arrives_by: Time
    carriers: Annotated[list[Id], Field(max_length=20)] = Field(default=[])
    law: LawRead | None = None

    @model_validator(mode="after")
    def _one_ground(self) -> Self:
        if (self.notification is None) == (self.alone is None):
            raise ValueError("name either a notification or what moves without one")
        if self.arrives_by <= self.departs:
            raise ValueError("it arrives before it departs")
        return self


class Started(Payload):
    """It departs, with this mass. offer : the hand-over in custody, if there is one"""

    mass_kg: Mass
    seal: Words | None = None
    offer: EventId | None = None
    law: LawRead | None = None


class MassCorrected(Payload):
    """The mass at departure was another."""

    mass_kg: Mass


class Cancelled(Payload):
    """It does not depart; what it took of the consent is free again."""


class BorderChecked(Payload):
    """An officer's finding at the border. `held` keeps it there, `refused` sends it back."""

    economy: Economy
    finding: Literal["passed", "held", "refused"]
    seal: Words | None = None


class Received(Payload):
    """It has arrived, with this mass on the receiver's scale. arrived : when; facility : where"""

    mass_kg: Mass
    arrived: Time
    offer: EventId | None = None


class ReceiptRefused(Payload):
    """The receiver does not take it in."""


class Completed(Payload):
    """A certificate: so much of what was received was treated, and so much material was recovered.

    completed : the day on which it was done
    """

    mass_kg: Mass
    recovered_kg: Amount | None = None
    completed: Day

    @model_validator(mode="after")
    def _no_more_than_treated(self) -> Self:
        if self.recovered_kg is not None and float(self.recovered_kg) > float(self.mass_kg):
            raise ValueError("more was recovered than treated")
        return self


class Failed(Payload):
    """It cannot be completed as agreed, or was illegal traffic."""

    ground: Ground
    economy: Economy | None = None


class TakenBack(Payload):
    """It is back with the exporter, or elsewhere by agreement of the authorities."""

    mass_kg: Mass
    arrived: Time
