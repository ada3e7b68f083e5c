"""What the events of alerts say."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from kitaran.registry.identity.check_digits import gs1_check_digit
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.schemas import Id, Time, Words, legible

_Part = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(legible)]
How = Literal["letter", "e_mail", "telephone", "in_person", "platform"]
HOW = get_args(How)


def _gtin(text: str) -> str:
    if gs1_check_digit(text[:-1]) != text[-1]:
        raise ValueError("the check digit of the GTIN is wrong")
    return text


class Pattern(Payload):
    """Which batteries: of a model, by its GTIN (14 digits) or the maker's model id, within a range of
    batches. Two batches are compared as text if they are of one length.
    """

    gtin: Annotated[str, Field(pattern=r"^[0-9]{14}$"), AfterValidator(_gtin)] | None = None
    model: _Part | None = None
    batch_from: _Part | None = None
    batch_until: _Part | None = None

    @model_validator(mode="after")
    def _names_a_model(self) -> Pattern:
        if self.gtin is None and self.model is None:
            raise ValueError("it names neither a GTIN nor a model")
        if (self.batch_from is None) != (self.batch_until is None):
            raise ValueError("a range of batches has a first and a last")
        first, last = self.batch_from or "", self.batch_until or ""
        if len(first) != len(last) or first > last:
            raise ValueError("first and last batch are of one length, the first not after the last")
        return self


class AlertIssued(Payload):
    """A recall, or an alert that calls nothing back. Public, whole.

    instruction : what whoever holds one should do, in plain words
    """

    alert: Id
    what: Literal["recall", "safety_alert"]
    title: Words
    hazard: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(legible)]
    instruction: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(legible)]
    pattern: Pattern
    reference: Annotated[str, Field(pattern=r"^https?://\S{1,300}$")] | None = None


class AlertWithdrawn(Payload):
    """It holds no more from the time of the event on. superseded_by : the alert that takes its place"""

    alert: Id
    reason: Words
    superseded_by: Id | None = None


class Notice(Payload):
    """An operator who holds affected batteries was told."""

    operator: Id
    at: Time
    how: How


class HoldersNotified(Payload):
    """Who was told of an alert, when and how."""

    alert: Id
    holders: Annotated[list[Notice], Field(min_length=1, max_length=1_000)]
