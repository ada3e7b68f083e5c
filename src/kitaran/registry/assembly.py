"""The one place that knows every noun: what may be appended to the log of a workspace."""

from __future__ import annotations

from kitaran.registry.ledger import erasure
from kitaran.registry.ledger.kinds import Kinds


def kinds() -> Kinds:
    """Every kind of event that the nouns register."""
    known = Kinds()
    known.register([erasure.KIND])
    return known
