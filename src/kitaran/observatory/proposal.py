"""A proposal of an initial stock: what is counted, whose it is, what it does, and what was decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from kitaran.foundation.errors import NotFoundError
from kitaran.observatory import joining
from kitaran.observatory.register import RegisterCell
from kitaran.reference.own_data import Upload
from kitaran.reference.row import Cell

PROPOSED, ACCEPTED, REJECTED, UNDONE = "proposed", "accepted", "rejected", "undone"
NOT_STATED: Final = "not stated"


@dataclass(frozen=True)
class Proposal:
    """What is proposed as the initial stock of an economy, and what was decided.

    observed : year at whose end the vehicles were in use
    registry : the registry's part, as it was told in its quarter
    by       : who proposed, and who decided; empty on a computer with one person
    """

    id: str
    economy: str
    observed: int
    title: str
    publisher: str
    licence: str
    cells: tuple[RegisterCell, ...]
    rows: int
    not_read: tuple[str, ...]
    registry: dict[str, Any]
    made_at: str
    by: str = ""
    state: str = PROPOSED
    decided_at: str = ""
    decided_by: str = ""
    effect: dict[str, Any] = field(default_factory=dict)

    @property
    def vehicles(self) -> int:
        """Vehicles that the register counts."""
        return sum(cell.count for cell in self.cells if cell.counted == "all")

    @property
    def registered(self) -> int:
        """Registered batteries that the registry tells of."""
        return sum(cell["count"] for cell in self.registry.get("cells", ()))

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({cell.vehicle_class for cell in self.cells}))

    @property
    def source(self) -> dict[str, Cell]:
        """The row of the table sources that names it in every result."""
        accepted = f"Accepted on {self.decided_at[:10]}." if self.decided_at else ""
        return {
            "source": f"own-register-{self.economy.lower()}-{self.id[:6]}",
            "title": self.title,
            "publisher": self.publisher,
            "kind": "own",
            "url": "",
            "licence": self.licence,
            "seen": "primary",
            "year": self.observed,
            "note": accepted,
        }

    @property
    def upload(self) -> Upload:
        """The proposal as own data."""
        made = joining.rows(self.cells, self.economy, self.observed, self.source)
        return Upload(self.id, self.title, self.source, made)

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self)
        return {
            **told,
            "vehicles": self.vehicles,
            "registered": self.registered,
            "classes": list(self.classes),
            "source": self.source["source"],
        }

    def summary(self) -> dict[str, Any]:
        """Without cells and effect."""
        return {
            name: value
            for name, value in self.as_dict().items()
            if name not in ("cells", "effect", "registry", "not_read")
        }


def not_found(proposal_id: str) -> NotFoundError:
    """What is said of a proposal that is not there, or not for the reader."""
    return NotFoundError(
        "There is no such proposal.", f"proposal {proposal_id[:40]}", "List them: kitaran observatory list."
    )


def id_of(economy: str, year: int, title: str, publisher: str, cells: Sequence[RegisterCell]) -> str:
    """First 12 digits of the SHA-256 of what is proposed: the same counts make the same proposal."""
    told = json.dumps([economy, year, title, publisher, [cell.as_dict() for cell in cells]], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
