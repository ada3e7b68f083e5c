"""Who decides on a proposal: the administrator of the installation, or an authority of the economy.

What is accepted becomes the national stock from which every forecast of the economy starts, for every reader.
Whoever may record batteries may propose; a producer or a recycler does not decide what its own trade is
planned with, nor the authority of one economy for another.
"""

from __future__ import annotations

from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties.repository import Operator


def may_decide(operator: Operator, economy: str) -> bool:
    """operator : whose roles are those of the person that asks"""
    if "administrator" in operator.roles:
        return True
    return "authority" in operator.roles and operator.economy == economy


def check_may_decide(operator: Operator, economy: str) -> None:
    """Raises NotAllowedError if somebody else decides for this economy."""
    if not may_decide(operator, economy):
        raise NotAllowedError(
            f"What the forecast of {economy} starts from is decided by an authority of {economy} or the "
            "administrator of this installation.",
            "proposal",
            "Send them the address of this proposal.",
        )
