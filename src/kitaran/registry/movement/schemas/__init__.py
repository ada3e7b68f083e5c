"""What the events of the shipment procedure say. Items stand in the envelope; masses in kg, days ISO 8601."""

from kitaran.registry.movement.schemas.answers import (
    Acknowledged,
    Answer,
    Answered,
    Consented,
    ConsentWithdrawn,
    Objected,
    OnPaper,
    Questioned,
)
from kitaran.registry.movement.schemas.corridors import (
    DISCLOSED,
    BarrierLifted,
    BarrierMet,
    CorridorAgreed,
    CorridorJoined,
    CorridorLeft,
    Disclosed,
    PreconsentReported,
)
from kitaran.registry.movement.schemas.documents import (
    DocumentGiven,
    DocumentWithdrawn,
)
from kitaran.registry.movement.schemas.forms import (
    Ground,
    Number,
    Procedure,
    day,
)
from kitaran.registry.movement.schemas.movements import (
    Announced,
    BorderChecked,
    Cancelled,
    Completed,
    Failed,
    MassCorrected,
    ReceiptRefused,
    Received,
    Started,
    TakenBack,
    Unnotified,
)
from kitaran.registry.movement.schemas.notifications import (
    Amended,
    Notified,
    Withdrawn,
)
from kitaran.registry.movement.schemas.planned import (
    Goods,
    LawRead,
    Planned,
    Route,
)

__all__ = [
    "DISCLOSED",
    "Acknowledged",
    "Amended",
    "Announced",
    "Answer",
    "Answered",
    "BarrierLifted",
    "BarrierMet",
    "BorderChecked",
    "Cancelled",
    "Completed",
    "ConsentWithdrawn",
    "Consented",
    "CorridorAgreed",
    "CorridorJoined",
    "CorridorLeft",
    "Disclosed",
    "DocumentGiven",
    "DocumentWithdrawn",
    "Failed",
    "Goods",
    "Ground",
    "LawRead",
    "MassCorrected",
    "Notified",
    "Number",
    "Objected",
    "OnPaper",
    "Planned",
    "PreconsentReported",
    "Procedure",
    "Questioned",
    "ReceiptRefused",
    "Received",
    "Route",
    "Started",
    "TakenBack",
    "Unnotified",
    "Withdrawn",
    "day",
]
