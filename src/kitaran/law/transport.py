"""Stage 4: dangerous goods. What it is and how it travels decide, never whether it is waste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kitaran.law.reasons import reason
from kitaran.law.records import Rule
from kitaran.law.situation import Situation


@dataclass(slots=True)
class Transport:
    """UN number and name, packing, what forbids loading, marks and papers; with reasons."""

    un: str = "undetermined"
    packing: str = "undetermined"
    violations: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)
    undecided: tuple[Rule, ...] = ()

    @property
    def stop_undecided(self) -> bool:
        """Might it be forbidden to load, were more known?"""
        return any(rule.step == "violation" for rule in self.undecided)


def find_transport(situation: Situation) -> Transport:
    """The dangerous-goods side of a case."""
    found = Transport()
    named = next(_holding(situation, "un", found))
    found.un = named.then["un"]
    situation.settle("goods.un", found.un)
    packed = next(_holding(situation, "packing", found))
    found.packing = packed.then["packing"]
    violations = tuple(_holding(situation, "violation", found))
    notes = tuple(_holding(situation, "note", found))
    found.violations = tuple(sorted({rule.then["violation"] for rule in violations}))
    found.reasons = [reason("transport", rule) for rule in (named, packed, *violations, *notes)]
    found.details = _details(named, packed, notes, found)
    return found


def _holding(situation: Situation, step: str, found: Transport) -> Iterator[Rule]:
    """The rules of a step that hold, in order; those that cannot be decided are kept as questions."""
    for rule in situation.law.steps[step]:
        if rule.goods and found.un not in rule.goods:
            continue
        truth = rule.condition(situation.value)
        if truth:
            yield rule
        elif truth is None and (step == "violation" or rule.then.get("provision") == "SP376"):
            found.undecided += (rule,)


def _details(named: Rule, packed: Rule, notes: tuple[Rule, ...], found: Transport) -> dict[str, Any]:
    def told(key: str) -> list[str]:
        return [rule.then[key] for rule in (packed, *notes) if key in rule.then]

    return {
        "un": found.un,
        "proper_shipping_name": named.then["name"],
        "class": named.then["class"],
        "label": named.then["label"],
        "packing": found.packing,
        "special_provisions": told("provision"),
        "instructions": told("instruction"),
        "marks": told("mark"),
        "approvals": told("approval"),
        "documents": told("document"),
        "advice": told("advice"),
        "violations": list(found.violations),
        "not_decided": [rule.then.get("violation", rule.then.get("packing")) for rule in found.undecided],
    }
