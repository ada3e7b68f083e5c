"""Which of several accepted proposals a run starts from: of each class the latest observation.

Of one year it is the one that was accepted last. An earlier one stays accepted and holds again once the later
one is taken out; while it does not hold, nothing of it is in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kitaran.observatory.proposal import ACCEPTED, Proposal


@dataclass(frozen=True)
class Standing:
    """How an accepted proposal stands.

    holds    : classes for which runs start from it
    replaced : of its other classes, the proposal that holds
    """

    holds: tuple[str, ...] = ()
    replaced: dict[str, str] = field(default_factory=dict)

    @property
    def in_use(self) -> bool:
        return bool(self.holds)

    def as_dict(self) -> dict[str, Any]:
        return {"holds": list(self.holds), "replaced": dict(self.replaced)}


def standings(proposals: Iterable[Proposal]) -> dict[str, Standing]:
    """The standing of each accepted proposal, by its id."""
    accepted = sorted((one for one in proposals if one.state == ACCEPTED), key=_order)
    last = {(one.economy, name): one.id for one in accepted for name in one.classes}
    return {one.id: _standing(one, last) for one in accepted}


def overruled(proposal: Proposal, proposals: Iterable[Proposal]) -> dict[str, str]:
    """Of a proposal that waits, the classes that it would not change, and the accepted one that does hold."""
    later = [
        one
        for one in proposals
        if one.state == ACCEPTED and one.economy == proposal.economy and one.observed > proposal.observed
    ]
    return {
        name: one.id for one in sorted(later, key=_order) for name in one.classes if name in proposal.classes
    }


def _order(proposal: Proposal) -> tuple[int, str, str]:
    return proposal.observed, proposal.decided_at, proposal.id


def _standing(proposal: Proposal, last: dict[tuple[str, str], str]) -> Standing:
    holding = {name: last[proposal.economy, name] for name in proposal.classes}
    return Standing(
        tuple(name for name, one in holding.items() if one == proposal.id),
        {name: one for name, one in holding.items() if one != proposal.id},
    )
