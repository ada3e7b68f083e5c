"""A notification: submitted, amended, withdrawn by the exporter. Its words stand beside the log."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.movement.schemas.forms import Count, Day, Mass, Procedure
from kitaran.registry.movement.schemas.planned import LawRead, Planned
from kitaran.registry.parties.schemas import Id


class Notified(Planned):
    """An exporter asks the authorities concerned for consent. quantity_kg, shipments : in all"""

    procedure: Procedure
    quantity_kg: Mass
    shipments: Count
    first_departure: Day
    last_departure: Day
    law: LawRead | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_departure < self.first_departure:
            raise ValueError("the last departure is before the first")
        return self


class Amended(Payload):
    """The notification is changed. What a consent covers stays as it was: more needs a new consent."""

    quantity_kg: Mass | None = None
    shipments: Count | None = None
    last_departure: Day | None = None
    carriers: Annotated[list[Id], Field(max_length=20)] | None = None


class Withdrawn(Payload):
    """The exporter withdraws the notification. Movements under way go on, none begins."""
