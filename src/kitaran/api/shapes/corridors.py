"""Corridors: the agreement, its figures, and what it opens of its chain of custody."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kitaran.api.shapes.law import Day
from kitaran.api.shapes.movements import Economy, Finding, State
from kitaran.api.shapes.shape import Decimal, Instant, Shape, absent

Opened = Literal["dates", "masses", "parties", "findings"]


class CorridorLine(Shape):
    """A corridor in a list."""

    corridor: str
    name: str
    valid_from: Day
    valid_until: Day
    runs: bool
    public: bool


class Corridors(Shape):
    """Corridors of which the caller may know, by number."""

    corridors: list[CorridorLine]


class Member(Shape):
    """An authority of the agreement, from when until when it takes part."""

    id: str
    name: str
    joined_at: Instant | None
    left_at: Instant | None


class CorridorFacility(Shape):
    """A facility of the agreement. joined: its keeper takes part"""

    id: str
    name: str | None
    economy: Economy | None
    joined: bool


class Figures(Shape):
    """Counts, days and losses; other masses where the corridor opens them."""

    notifications: int
    consents: int
    days_to_consent_median: float | None
    days_to_consent: list[int]
    objections: int
    movements: int
    received: int
    refused: int
    overdue: int
    lost_kg: Decimal | None
    lost_share: float | None
    sent_kg: Decimal | None
    received_kg: Decimal | None
    certified_kg: Decimal | None
    recovered_kg: Decimal | None


class Barrier(Shape):
    """What stood in the way, and how it was lifted."""

    barrier: str
    words: str
    met_at: Instant
    lifted_at: Instant | None
    how: str | None


class Party(Shape):
    """A side of a movement in the chain."""

    role: str
    name: str


class Found(Shape):
    """A finding at a border."""

    economy: Economy
    finding: Finding
    at: Instant


class ChainLink(Shape):
    """A movement of the chain of custody, with the parts that are opened to the reader."""

    movement: str
    state: State
    announced_at: Instant = absent()
    started_at: Instant | None = absent()
    arrived_at: Instant | None = absent()
    received_at: Instant | None = absent()
    completed_at: Instant | None = absent()
    failed_at: Instant | None = absent()
    mass_kg: Decimal = absent()
    received_kg: Decimal | None = absent()
    certified_kg: Decimal = absent()
    recovered_kg: Decimal = absent()
    parties: list[Party] = absent()
    findings: list[Found] = absent()


class Corridor(Shape):
    """A corridor as the caller may see it."""

    corridor: str
    name: str
    text: str | None
    valid_from: Day
    valid_until: Day
    runs: bool
    authorities: list[Member]
    facilities: list[CorridorFacility]
    observers: Annotated[int, Field(description="How many.")]
    discloses: list[Opened]
    public: bool
    opened: Annotated[list[Opened], Field(description="What it opens to the caller.")]
    figures: Figures
    barriers: list[Barrier]
    chain: list[ChainLink]
