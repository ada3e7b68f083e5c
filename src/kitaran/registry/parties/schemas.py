"""What the events of the parties say."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.kinds import Custody, Payload
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties.roles import Role

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
_TURNS = re.compile("[\u2028-\u202e\u2066-\u2069]")
"""Line breaks and marks that turn the direction of writing: with them one name looks like another."""


def _time(text: str) -> str:
    try:
        read_time(text, "")
    except InputError as error:
        raise ValueError(error.cause) from None
    return text


def legible(text: str) -> str:
    if not text.strip() or text != text.strip():
        raise ValueError("the text is blank, or has blanks at an end")
    if _TURNS.search(text) or any(unicodedata.category(letter) == "Cc" for letter in text):
        raise ValueError("the text holds a control character")
    return text


Time = Annotated[str, AfterValidator(_time)]
Words = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(legible)]
Activity = Literal[
    "collect", "store", "carry", "swap", "test", "dismantle", "repurpose", "recycle", "dispose"
]


class OperatorAdded(Payload):
    """An organisation or firm that acts here, with the roles it begins with."""

    operator: Id
    name: Words
    economy: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    roles: Annotated[list[Role], Field(min_length=1)]


class RoleGiven(Payload):
    """A further role of an operator, from the time of the event on."""

    operator: Id
    role: Role


class RoleEnded(Payload):
    """A role ends at the time of the event."""

    operator: Id
    role: Role
    reason: Words


class KeyAdded(Payload):
    """A key with which an operator signs, and who keeps its private half.

    custody : `own` if the operator keeps it, `custodial` if the node does
    """

    operator: Id
    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    public_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    custody: Custody
    valid_until: Time | None = None


class KeyEnded(Payload):
    """A key signs nothing from the time of the event on: rotated, lost or stolen."""

    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    reason: Words


class LicenceGranted(Payload):
    """What an operator may do, after which authority's licence, from when until when."""

    operator: Id
    licence: Id
    number: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(legible)]
    authority: Words
    activities: Annotated[list[Activity], Field(min_length=1)]
    valid_from: Time
    valid_until: Time | None = None


class LicenceEnded(Payload):
    """A licence ends at the time of the event, before its date."""

    licence: Id
    reason: Words
