"""What the events of incidents say. Who told it, by name and telephone, is sealed beside the log."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.quantities import Amount, Latitude, Longitude
from kitaran.registry.parties.schemas import Id, Time, Words, legible

What = Literal["fire", "theft", "leak", "accident", "lost"]
WHAT: Final[tuple[What, ...]] = get_args(What)
Step = Literal["contained", "authority_notified", "investigated", "cleaned_up", "corrected", "noted"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
SEALED: Final = frozenset({"reporter_name", "reporter_phone"})
Account = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(legible)]
_People = Annotated[int, Field(ge=0, le=1_000_000)]


class Subject(Payload):
    """What it happened to: an item or lot by its id here, or a battery model by its name or number."""

    what: Literal["item", "lot", "model"]
    id: Annotated[str, Field(min_length=1, max_length=128)]


class Harm(Payload):
    """People harmed, as far as known, and what else: damage, smoke, soil, water."""

    dead: _People = 0
    injured: _People = 0
    evacuated: _People = 0
    other: Words | None = None


class IncidentReported(Payload):
    """Something went wrong.

    facility : where, if at one; place and coordinates (degrees, WGS 84) else
    mass_kg  : of batteries concerned
    Sealed beside it: `reporter_name`, `reporter_phone`. The words name nobody.
    """

    incident: Id
    what: What
    happened_at: Time
    account: Account
    facility: Id | None = None
    place: Words | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    subjects: list[Subject] = Field(default=[], max_length=1_000)
    mass_kg: Amount | None = None
    harm: Harm = Harm()


class IncidentFollowedUp(Payload):
    """What was done about it."""

    incident: Id
    step: Step
    account: Account


class IncidentClosed(Payload):
    """Nothing more is to be done. cause : what was found, or that it was not found"""

    incident: Id
    outcome: Literal["resolved", "recovered", "not_recovered", "unfounded"]
    cause: Account


class IncidentReopened(Payload):
    """There is more to be done after all."""

    incident: Id
    reason: Account
