"""Corridors, and reports of pre-consented facilities: what is published, and so names nobody."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from kitaran.registry.custody.schemas import EventId
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.movement.schemas.forms import Day, Number, Text
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Id, Words

Disclosed = Literal["dates", "masses", "parties", "findings"]
DISCLOSED: Final[tuple[Disclosed, ...]] = ("dates", "masses", "parties", "findings")


class PreconsentReported(Payload):
    """What a facility with a pre-consent took in and treated in a period."""

    preconsent: Id
    period_from: Day
    period_until: Day
    received_kg: Amount
    treated_kg: Amount
    recovered_kg: Amount
    remarks: Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.period_until < self.period_from:
            raise ValueError("the period ends before it begins")
        return self


class CorridorAgreed(Payload):
    """A pilot agreement: who stands in it, what is opened of its chain of custody, and to which observers."""

    name: Words
    authorities: Annotated[list[Id], Field(min_length=1, max_length=30)]
    facilities: Annotated[list[Id], Field(min_length=1, max_length=100)]
    observers: Annotated[list[Id], Field(max_length=50)] = Field(default=[])
    discloses: Annotated[list[Disclosed], Field(max_length=4)] = Field(default=[])
    public: bool = False
    valid_from: Day
    valid_until: Day
    text: Text | None = None


class CorridorJoined(Payload):
    """An authority that the agreement names, or who keeps a facility that it names, takes part in it."""


class CorridorLeft(Payload):
    """It takes part no longer; without one of its authorities the corridor does not run."""

    reason: Words


class BarrierMet(Payload):
    """What stood in the way of a movement in the corridor."""

    barrier: Text
    movement: Number | None = None


class BarrierLifted(Payload):
    """It stands there no longer."""

    barrier: EventId
    how: Text
