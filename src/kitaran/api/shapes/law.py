"""What the law says of a shipment: the decision with its reasons, questions and periods."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kitaran.api.shapes.shape import Shape

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-03-20"])]
Card = Literal[
    "MAY MOVE",
    "NEEDS CONSENT",
    "PAPERS MISSING",
    "MUST NOT",
    "DO NOT LOAD",
    "DOMESTIC RULES",
    "ASK THE AUTHORITY",
]


class Reason(Shape):
    """A row of the law behind a step."""

    stage: str
    rule: str
    text: str
    cite: str
    source: str
    seen: str
    confidence: str
    note: str


class Question(Shape):
    """What to ask, whom, and what answer would settle it."""

    authority: str
    country: str
    country_name: str
    body: str
    contact: str
    question: str
    settles: str
    decides: Annotated[bool, Field(description="The movement hangs on the answer.")]
    rule: str
    cite: str
    source: str
    seen: str
    confidence: str


class Body(Shape):
    """A competent authority."""

    country: str
    country_name: str
    authority: str
    body: str
    role: str
    contact: str
    source: str
    note: str


class Deadline(Shape):
    """A period of the law's table; `value` is text: some rows have none."""

    id: str
    regime: str
    step: str
    value: str
    unit: str
    counted_from: str
    who: str
    cite: str
    source: str
    seen: str
    confidence: str
    note: str


class Transport(Shape):
    """How it is carried."""

    un: str
    packing: str
    violations: list[str]


class DangerousGoods(Transport):
    """The entry of the dangerous goods list, and what it asks for."""

    proper_shipping_name: str
    hazard_class: Annotated[str, Field(alias="class")]
    label: str
    special_provisions: list[str]
    instructions: list[str]
    marks: list[str]
    approvals: list[str]
    documents: list[str]
    advice: list[str]
    not_decided: list[str]


class Law(Shape):
    """The decision on what is recorded. Not a determination by a competent authority."""

    card: Card
    status: str
    movement: str
    procedure: str
    missing: list[str]
    reasons: list[Reason]
    authorities: list[Body]
    deadlines: list[Deadline]
    transport: Transport
    dangerous_goods: DangerousGoods
    as_of: Day
    rules_version: str
    facts_version: Annotated[str, Field(description="Names each table of own facts by its digest.")]
    note: str
    questions: list[Question]
