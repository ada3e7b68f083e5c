"""Items: where one stands, its events, its custody and its lineage."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kitaran.api.shapes.ledger import Custody, Envelope
from kitaran.api.shapes.shape import Decimal, Hash, Instant, OpenShape, Seq, Shape, Signature, absent


class ItemStanding(Shape):
    """Where an item stands, as far as the caller may see its events."""

    item: str
    head: Annotated[Hash | None, Field(description="What the next event must expect.")]
    events: Annotated[int, Field(ge=0, description="None yet of a battery that was issued with many.")]
    first_seq: Seq | None
    last_seq: Seq | None


class ItemEvent(Shape):
    """An event of an item. Withheld: it names items of others, and only what proves it is told."""

    seq: Seq
    item_seq: Annotated[int, Field(ge=1, description="Place in the item's history.")]
    kind: str
    occurred_at: Instant
    recorded_at: Instant
    leaf_hash: Hash
    digest: Hash
    custody: Custody
    withheld: bool
    envelope: Envelope | None
    signature: Signature | None


class ItemEvents(Shape):
    """A page of events."""

    item: str
    events: list[ItemEvent]
    next: Annotated[Seq | None, Field(description="The `after` of the next page.")]


class Interval(Shape):
    """Who held or owned it, from when until when."""

    role: Literal["holder", "owner"]
    operator: str
    since: Instant
    until: Instant | None
    place: str | None
    facility: str | None = absent()


class Stay(Shape):
    """In what it was built in."""

    what: Literal["vehicle", "storage_system", "swap_pool"]
    host: str
    since: Instant
    until: Instant | None


class OfferedItem(Shape):
    """An item as it was offered."""

    item: str
    form: str
    count: int
    mass_kg: Decimal | None


class Claim(Shape):
    """What the receiver found otherwise, and what came of it."""

    item: str
    claimant: str
    against: str
    made_at: Instant
    answer_by: Instant
    outcome_at: Instant | None
    outcome_by: str | None
    mass_kg: Decimal | None
    count: int | None
    condition: str | None
    state: Literal["open", "overdue", "agreed", "disputed", "withdrawn"]


class Receipts(Shape):
    """The receipt of each side, as text."""

    giver: str
    receiver: str


class Handover(Shape):
    """An offer with its answer."""

    offer: str
    state: Literal["open", "expired", "accepted", "declined", "withdrawn"]
    giver: str
    giver_name: str | None
    receiver: str
    receiver_name: str | None
    passes: Literal["possession", "ownership", "both"]
    basis: str
    condition: str | None
    waste_code: str | None
    claim_days: int
    valid_until: Instant | None
    made_at: Instant
    place: str | None
    answered_at: Instant | None
    answer_place: str | None
    items: list[OfferedItem]
    heads: Annotated[dict[str, Hash | None], Field(description="What the answer to an open offer expects.")]
    claims: list[Claim]
    receipts: Receipts | None


class Late(Shape):
    """Of an event recorded without a network."""

    state: Literal["provisional", "effective", "conflicting", "forked"]
    reason: str | None


class CustodyEvent(Shape):
    """An event of custody with what it says of the item."""

    seq: Seq
    id: str
    kind: str
    at: Instant
    recorded_at: Instant
    by: str
    signed: Custody
    place: str | None
    other_items: int
    payload: dict[str, Any]
    late: Late | None


class ItemCustody(Shape):
    """Where an item stands and how it came there; what the caller may not know is null or left out."""

    item: str
    form: str | None
    status: Literal["held", "lost", "stolen", "inside", "closed"] | None
    holder: str | None
    owner: str | None
    basis: str | None
    count: int | None
    mass_kg: Decimal | None
    inside: str | None
    head: Hash | None
    last: Hash | None
    intervals: list[Interval]
    stays: list[Stay]
    handovers: list[Handover]
    events: list[CustodyEvent]


class Edge(Shape):
    """So many pieces and so much mass of a source went into a product."""

    source: str
    product: str
    seq: Seq
    act: Literal["split", "merged"]
    count: int
    mass_kg: Decimal
    at: Instant


class Lineage(Shape):
    """What an item was made of, and what became of it."""

    item: str
    up: list[Edge]
    down: list[Edge]


class Link(Shape):
    """One event of a device's chain."""

    number: int
    event: str
    state: Literal["provisional", "effective", "conflicting", "forked"]
    reason: str | None
    seq: Seq


class Chain(Shape):
    """What a device recorded without a network; missing: spans of numbers, first and last."""

    key_id: Hash
    links: list[Link]
    missing: list[tuple[int, int]]


class Offers(Shape):
    """The caller's own offers and its devices' chains."""

    made: list[Handover]
    received: list[Handover]
    late: list[Chain]


class TriageResult(OpenShape):
    """A recorded result, with what was measured and who doubts it."""

    result: str
    seq: Seq
    state: str
    reproducible: bool
    at: Instant
    by: str
    disputes: list[OpenShape]


class Triage(Shape):
    """What was found of a battery, as far as the caller may know."""

    battery: str
    current: str | None
    results: list[TriageResult]
    may_dispute: bool
    may_record: bool
