"""A notification, an authority's word on it, and a movement, as they stand; the items of their histories."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def notification_item(number: str) -> str:
    """The item under which the history of a notification stands."""
    return f"notification/{number}"


def movement_item(number: str) -> str:
    """The item under which the history of a movement stands."""
    return f"movement/{number}"


def corridor_item(number: str) -> str:
    """The item under which the history of a corridor stands."""
    return f"corridor/{number}"


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as it stands. content : as it was submitted, with its amendments"""

    notification: str
    exporter: str
    importer: str
    facility: str
    corridor: str | None
    quantity_kg: Decimal
    shipments: int
    last_departure: str
    content: dict[str, Any]
    submitted_at: str
    withdrawn_at: str | None
    last_at: str

    @property
    def item(self) -> str:
        return notification_item(self.notification)


@dataclass(frozen=True, slots=True)
class Concerned:
    """What the authority of one economy has said of a notification. Limits are those of its consent."""

    notification: str
    economy: str
    role: str
    place: int
    acknowledged_at: str | None
    answer: str | None
    answered_at: str | None
    answered_by: str | None
    answer_seq: int | None
    valid_from: str | None
    valid_until: str | None
    quantity_kg: Decimal | None
    shipments: int | None
    notice_days: int | None
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as it stands. mass_kg : as announced, and from the start on as it departed"""

    movement: str
    notification: str | None
    serial: int | None
    exporter: str
    importer: str
    facility: str
    corridor: str | None
    content: dict[str, Any]
    announced_at: str
    departs: str
    arrives_by: str
    mass_kg: Decimal
    started_at: str | None
    cancelled_at: str | None
    arrived_at: str | None
    received_at: str | None
    received_kg: Decimal | None
    certified_kg: Decimal
    recovered_kg: Decimal
    completed_at: str | None
    failed_at: str | None
    ground: str | None
    taken_back_at: str | None
    last_at: str

    @property
    def item(self) -> str:
        return movement_item(self.movement)

    @property
    def state(self) -> str:
        """The last of its stages that it has reached."""
        stages = (
            ("cancelled", self.cancelled_at),
            ("taken_back", self.taken_back_at),
            ("failed", self.failed_at),
            ("completed", self.completed_at),
            ("received", self.received_at),
            ("under_way", self.started_at),
        )
        return next((name for name, at in stages if at is not None), "announced")

    @property
    def procedure(self) -> str:
        return str(self.content["procedure"])
