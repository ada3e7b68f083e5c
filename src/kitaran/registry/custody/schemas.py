"""What the events of custody say. The place of each stands in its envelope, and so do its items."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, model_validator

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Id, Time, Words

Form = Literal["pack", "module", "cell", "other"]
"""From the largest to the smallest; `other` is what holds no cell: a housing, electronics, a material."""
FORMS: Final[tuple[Form, ...]] = get_args(Form)
Passes = Literal["possession", "ownership", "both"]
Basis = Literal[
    "sale",
    "lease",
    "battery_as_a_service",
    "swap",
    "loan",
    "return",
    "carriage",
    "storage",
    "treatment",
    "waste",
]
TREATMENT: Final = "treatment"
Host = Literal["vehicle", "storage_system", "swap_pool"]
Item = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$")]
EventId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{7,63}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Begun(Payload):
    """An item stands here from now on; who says so holds and owns it, unless an authority names another.

    count : pieces, more than one for a lot; mass_kg : of all of them; facility : of the holder, where it lies
    """

    form: Form = "pack"
    count: Count = 1
    mass_kg: Amount | None = None
    condition: Words | None = None
    holder: Id | None = None
    facility: Id | None = None


class Stored(Payload):
    """The items lie at this facility of their holder from the time of the event on."""

    facility: Id


class Offered(Payload):
    """The items of the event are offered to one receiver.

    passes     : possession from the holder, ownership from the owner, or both
    claim_days : within how many days after a claim the giver answers it
    waste_code : entry of a list of wastes, if they are handed over as waste
    """

    to: Id
    passes: Passes = "both"
    basis: Basis
    claim_days: Annotated[int, Field(ge=1, le=365)]
    valid_until: Time | None = None
    condition: Words | None = None
    waste_code: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9 .*-]{0,19}$")] | None = None


class Claim(Payload):
    """What the receiver finds other than it was offered."""

    item: Item
    mass_kg: Amount | None = None
    count: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    condition: Words | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Claim:
        if self.mass_kg is None and self.count is None and self.condition is None:
            raise ValueError("the claim names neither mass nor count nor condition")
        return self


class Accepted(Payload):
    """An offer is accepted, with claims or without; facility : where the receiver takes them in."""

    offer: EventId
    facility: Id | None = None
    claims: Annotated[list[Claim], Field(max_length=1_000)] = Field(default=[])


class Declined(Payload):
    """The receiver does not take it."""

    offer: EventId
    reason: Words | None = None


class Withdrawn(Payload):
    """The giver offers it no longer."""

    offer: EventId
    reason: Words | None = None


class ClaimAnswered(Payload):
    """The giver agrees or disputes, or the claimant withdraws; an authority settles by either."""

    offer: EventId
    item: Item
    outcome: Literal["agreed", "disputed", "withdrawn"]
    reason: Words | None = None


class Part(Payload):
    """A piece or lot that comes out: a new item, or one that went into the whole before."""

    item: Item
    form: Form
    count: Count = 1
    mass_kg: Amount


class Rest(Payload):
    """What stays of the whole after a partial split."""

    count: Count
    mass_kg: Amount


class Split(Payload):
    """The first item of the event is divided into the others. Without a rest it is closed."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=999)]
    rest: Rest | None = None
    facility: Id | None = None
    technician: Id | None = None
    waste_code: str | None = None


class Taken(Payload):
    """What goes into a new item: all of an item, or some pieces of a lot."""

    item: Item
    count: Count = 1
    mass_kg: Amount


class Merged(Payload):
    """The first item of the event is made of the others."""

    result: Part
    takes: Annotated[list[Taken], Field(min_length=1, max_length=999)]
    facility: Id | None = None
    technician: Id | None = None
    waste_code: str | None = None


class Installed(Payload):
    """The items are put into a host; id : the operator's own name of it, never a person's."""

    what: Host
    host: Id


class Removed(Payload):
    """The items are taken out of where they were."""

    reason: Words | None = None


class Missing(Payload):
    """The items are lost, or stolen."""

    reason: Words


class Found(Payload):
    """The items are there again."""

    reason: Words | None = None


class Corrected(Payload):
    """An earlier event of the item was wrong; it stays, and this is what holds.

    corrects : id of that event
    """

    corrects: EventId
    reason: Words
    mass_kg: Amount | None = None
    count: Count | None = None
    condition: Words | None = None
    place: Words | None = None


class Assigned(Payload):
    """An authority says who holds or owns: after a conflict, a seizure, an insolvency."""

    holder: Id | None = None
    owner: Id | None = None
    reason: Words

    @model_validator(mode="after")
    def _names_somebody(self) -> Assigned:
        if self.holder is None and self.owner is None:
            raise ValueError("neither holder nor owner is named")
        return self


class RecordedOffline(Payload):
    """What a device recorded without a network, as one link of the chain of its key.

    number   : place in the chain, from 1
    previous : digest of the event before it in the chain, null for the first
    act      : the kind of event that it would have been, and its payload
    seen     : for each item, the digest of the last custody event that the device knew, null for a new item
    """

    number: Annotated[int, Field(ge=1)]
    previous: Digest | None
    act: str
    payload: dict[str, Any]
    seen: dict[Item, Digest | None]
