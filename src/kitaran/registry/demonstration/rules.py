"""What else holds in a demonstration: its registry is a file of its own, and everyone in it is an example."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kitaran.foundation.settings import Settings
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import admission

BEGINS_WITH: Final = "Example "
ALONE: Final = Settings.model_construct(database_url=None, witnesses=None)
"""Settings of the demonstration's registry, whatever the real one uses: its own file, no witness."""


def admit(connection: Connection, event: Event, at: datetime) -> None:
    """As everywhere; and no organisation is entered whose name does not say that it is an example.

    Raises NotAllowedError.
    """
    admission.admit(connection, event, at)
    if event.kind == "parties.operator_added" and not str(event.payload["name"]).startswith(BEGINS_WITH):
        raise NotAllowedError(
            "This registry is a demonstration: its organisations have names that begin with Example.",
            "$.payload.name",
            "For real organisations begin a registry of your own: kitaran up --empty.",
        )
