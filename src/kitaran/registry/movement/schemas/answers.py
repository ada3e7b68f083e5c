"""What authorities answer to a notification, and the exporter to them. Their words stand beside the log."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kitaran.registry.custody.schemas import Digest, EventId
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.movement.schemas.forms import Count, Day, Mass
from kitaran.registry.parties.facilities.schemas import Economy
from kitaran.registry.parties.schemas import Words


class OnPaper(Payload):
    """The letter of an authority that does not act here. digest : SHA-256 of the file"""

    digest: Digest
    reference: Words
    dated: Day


class Answer(Payload):
    """An authority acts for its economy. paper : its letter, where the authority of export enters it."""

    economy: Economy
    paper: OnPaper | None = None


class Acknowledged(Answer):
    """The authority has the notification, complete. From here clocks of objection run."""

    number: Words | None = None


class Questioned(Answer):
    """The authority asks; the id of the event is that of the question."""


class Answered(Payload):
    """The exporter answers a question."""

    question: EventId


class Consented(Answer):
    """The authority consents. What is not limited here is limited by the notification as it stands now.

    notice_days : a movement starts at the earliest so many days after its announcement
    """

    valid_from: Day
    valid_until: Day
    quantity_kg: Mass | None = None
    shipments: Count | None = None
    notice_days: Annotated[int, Field(ge=0, le=90)] | None = None
    reference: Words | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("the consent ends before it begins")
        return self


class Objected(Answer):
    """The authority objects."""


class ConsentWithdrawn(Answer):
    """The authority takes its consent back, for movements that have not started."""
