"""An act of custody: its form, what must hold for it, and what follows from it.

The same act comes in two ways: signed and sent at once, or recorded by a device and taken late. `check`
reads only what a rebuild has at the same place of the log, so that a late act finds the same answer again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel
from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Admission, Recorded, allow


def makes_nothing(event: Event) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Act:
    """One act.

    check : raises NotAllowedError, ConflictError or InputError if it may not be; reads, never writes
    apply : brings the read models up to date
    makes : the items that are new by it, or there again
    door  : what is asked besides when the event is recorded, and never again
    moves_head : whether its items' heads are compared, so that of two such acts one wins
    """

    name: str
    schema: type[BaseModel]
    check: Admission
    apply: Callable[[Connection, Recorded], None]
    makes: Callable[[Event], frozenset[str]] = makes_nothing
    door: Admission = allow
    moves_head: bool = True
