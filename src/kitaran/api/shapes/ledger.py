"""Events as they are sent, their receipts, and the proofs of the log."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kitaran.api.shapes.shape import Fault, Hash, Instant, Seq, Shape, Signature, absent

Custody = Annotated[
    Literal["own", "custodial"],
    Field(description="Whether the actor keeps its key itself, or the installation keeps it for people."),
]


class Envelope(Shape):
    """What is signed: see *The record* for each field and for the signed bytes."""

    v: Literal[1]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$", examples=["custody.begun"])]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{7,63}$")]
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
    key_id: Hash
    items: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$")]] = Field(
        max_length=1_000
    )
    expects: dict[str, Hash | None]
    occurred_at: Instant
    place: Annotated[str, Field(max_length=200)] | None
    payload: dict[str, Any]
    session: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = absent()
    sealed: dict[str, Hash] = absent()


class SignedEnvelope(Envelope):
    """An event as it is sent."""

    signature: Signature


class Disclosure(Shape):
    """A value that is kept beside the log, with the salt of its commitment."""

    salt: Hash
    value: Any


class Submission(Shape):
    """An event with the sealed values that go beside it."""

    event: SignedEnvelope
    disclosures: dict[str, Disclosure] = absent()


class Receipt(Shape):
    """The event is durable at this place of the log."""

    id: str
    seq: Seq
    leaf_hash: Hash
    digest: Hash
    recorded_at: Instant
    items: Annotated[
        dict[str, int], Field(description="The place of the event in the history of each item, from 1.")
    ]
    custody: Custody


class Refusal(Shape):
    """Why one event of a batch was refused: the status that it would have got alone."""

    type: Literal["about:blank"]
    title: str
    status: int
    faults: list[Fault]


class Accepted(Shape):
    """One event of a batch was appended."""

    receipt: Receipt


class Refused(Shape):
    """One event of a batch was not appended."""

    error: Refusal


class Batch(Shape):
    """The outcome of each event of a batch, in the order in which they were sent."""

    results: list[Accepted | Refused]


class Checkpoint(Shape):
    """A signed note about the whole log."""

    origin: str
    size: Annotated[int, Field(ge=1)]
    root: Hash
    note: Annotated[str, Field(description="C2SP signed note with its cosignatures.")]
    witness_keys: list[str]
    signed_at: Instant
    log_key: str


class InclusionProof(Shape):
    """An event stands in the tree (RFC 6962, section 2.1.1); lowest node first."""

    seq: Seq
    size: int
    leaf_hash: Hash
    root: Hash
    proof: list[Hash]


class ConsistencyProof(Shape):
    """The later tree only adds to the earlier one (RFC 6962, section 2.1.2)."""

    earlier: Annotated[int, Field(alias="from")]
    later: Annotated[int, Field(alias="to")]
    root_from: Hash
    root_to: Hash
    proof: list[Hash]


class ParsedCode(Shape):
    """What a code on a label says."""

    valid: bool
    scheme: Literal["gs1_digital_link", "gs1_element_string", "gtin", "gbt_34014", "vin"] | None
    keys: dict[str, str]
    errors: list[Fault]
