"""A case under the law of its day, and the names in which rules are written.

The names are the keys of the vocabulary and the derived facts of the item and of the route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kitaran.law.consents import consent_of, licence_held
from kitaran.law.item_facts import ITEM_FACTS
from kitaran.law.route_facts import ROUTE_FACTS

if TYPE_CHECKING:
    from kitaran.law.book import Book, Law
    from kitaran.law.case import Case


class Situation:
    """A case under the law of its day. `value` looks a name up once and remembers it."""

    __slots__ = ("_known", "as_of", "book", "case", "facts", "law", "states")

    def __init__(self, case: Case, book: Book, law: Law) -> None:
        self.case: Case = case
        self.book: Book = book
        self.law: Law = law
        self.as_of: str = case.as_of
        self.facts: Mapping[str, Any] = case.facts
        self._known: dict[str, Any] = {}
        export, import_ = self.facts.get("route.export"), self.facts.get("route.import")
        listed = (export, *(self.facts.get("route.transit") or ()), import_)
        self.states: tuple[str, ...] = tuple(dict.fromkeys(cc for cc in listed if cc))

    def value(self, name: str) -> Any:
        """The value of a fact or derived name; None is unknown."""
        known = self._known
        if name in known:
            return known[name]
        derive = DERIVED.get(name)
        value = self.facts.get(name) if derive is None else derive(self)
        known[name] = value
        return value

    def settle(self, name: str, value: Any) -> None:
        """Record what an earlier stage concluded, for the stages after it."""
        self._known[name] = value

    def status(self, cc: str | None, field: str) -> str | None:
        """A dated fact of a State; of its Union where it has none of its own."""
        if cc is None:
            return None
        row = self.law.status.get((cc, field)) or self.law.status.get((self.book.unions.get(cc, ""), field))
        return row.value if row else None

    def position(self, cc: str) -> str | None:
        found: str | None = self.facts.get("positions", {}).get(cc)
        return found

    def consented(self, cc: str) -> bool:
        """Is a written consent of this State known, and good for this load on this day?"""
        return consent_of(self, cc).held

    def licensed(self, cc: str) -> bool:
        """Is a national import licence known to be held, and good for this load on this day?"""
        return licence_held(self, cc)


def _fact(name: str) -> Callable[[Situation], Any]:
    return lambda situation: situation.facts.get(name)


FACTS = (
    "item.kind",
    "item.chemistry",
    "item.condition",
    "item.repairable",
    "item.diagnosable",
    "item.critical",
    "item.scrap_type",
    "item.soh_pct",
    "item.soc_pct",
    "item.mass_kg",
    "item.energy_kwh",
    "item.presentation",
    "item.build",
    "item.prototype",
    "purpose",
    "route.export",
    "route.import",
    "route.transit",
    "route.mode",
    "evidence.protection",
    "hazard.annex_i",
    "hazard.annex_iii",
    "facility.preconsented",
    "facility.esm",
    "standard_met",
    "art11_agreement",
    "authority_disagreement",
)

SETTLED_BY_STAGES = (
    "waste.status",
    "waste.class",
    "waste.entries",
    "waste.basis",
    "measures.bar",
    "measures.open",
    "goods.un",
)

DERIVED: Mapping[str, Callable[[Situation], Any]] = {
    **{name: _fact(name) for name in FACTS},
    **{name: lambda situation: None for name in SETTLED_BY_STAGES},
    **ITEM_FACTS,
    **ROUTE_FACTS,
}
