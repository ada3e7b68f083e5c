"""What the events of technicians say. Name and certificate number are sealed: beside the log, erasable."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.schemas import Id, Time, Words

Scope = Literal[
    "high_voltage", "diagnosis", "dismantling", "dangerous_goods", "fire_response", "recycling_plant"
]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
SEALED: Final = frozenset({"name", "certificate_number"})


def _unique(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("something stands twice")
    return values


class TechnicianCertified(Payload):
    """A person, known here by an id without a name, holds a certificate and works for an operator.

    Sealed beside it: `name`, `certificate_number`.
    """

    technician: Id
    operator: Id
    certificate: Id
    scopes: Annotated[list[Scope], Field(min_length=1), AfterValidator(_unique)]
    issuer: Words
    valid_from: Time
    valid_until: Time | None = None


class CertificateEnded(Payload):
    """A certificate counts no more from the time of the event on: withdrawn, or the person left."""

    certificate: Id
    reason: Literal["withdrawn", "left", "replaced", "entered_in_error"]
