"""Recorded triage over HTTP: what was found of one battery, and who doubts it.

What is said goes through `/events`: `triage.graded`, `triage.disputed`, `triage.settled`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.triage import records

router = APIRouter(prefix="/api/v1", tags=["triage"])
_PREFIX = "battery/"


@router.get("/items/{item:path}/triage")
def look_at_triage(request: Request, item: str) -> dict[str, Any]:
    """Results of a battery, with what was measured, by which method and instrument, and their disputes.

    Holder, owner, who answers for its passport, the receiver of an offer that stands, and who reads
    everything see them; who recorded or disputed a result sees that one. Anybody else gets the same answer
    whether the battery exists or not.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return records.of(connection, item.removeprefix(_PREFIX), caller, now(), _own(request))


def _own(request: Request) -> Path:
    """Own limits of the workspace, by which its own results are made again."""
    place: Path = request.app.state.workspace.overrides
    return place
